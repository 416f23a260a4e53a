"""SIPp's built-in scenarios against the examples, over UDP and TCP: no call may fail."""

import secrets
import socket

from cases import case, expect
from sipp import Sipp
from world import host, patience

transports = ("udp", "tcp")


def register(aor, port, contact):
    """Registers a contact, which SIPp's built-in scenarios do not."""
    with socket.socket(type=socket.SOCK_DGRAM) as by:
        by.settimeout(patience)
        by.connect((host, port))
        name = secrets.token_hex(8)
        by.send(f"""\
REGISTER sip:{host}:{port} SIP/2.0
Via: SIP/2.0/UDP {host}:{by.getsockname()[1]};branch=z9hG4bK{name}
Max-Forwards: 70
From: <{aor}>;tag={name}
To: <{aor}>
Call-ID: {name}
CSeq: 1 REGISTER
Contact: <{contact}>
Content-Length: 0

""".replace("\n", "\r\n").encode())
        expect(by.recv(65536).split(b"\r\n")[0], b"SIP/2.0 200 OK", "answer to REGISTER")


def all_answered(callee):
    counted = "calls (acknowledged, hung up, disturbed) that SIPp answered"
    expect(callee.answered(), (callee.calls, callee.calls, 0), counted)


def all_made(caller):
    expect(caller.made(), (caller.calls, 0), "calls (successful, failed) that SIPp made")


@case("SIPp calls user_agent_server, {0}", *transports)
def calls_server(run, transport):
    server = run.ours.server()
    run.capture(server.port)
    all_made(Sipp(run.world, "uac", transport, run.calls, f"{host}:{server.port}"))


@case("user_agent_client calls SIPp, {0}", *transports)
def client_calls(run, transport):
    callee = Sipp(run.world, "uas", transport, run.calls)
    run.capture(to=[callee.port])
    client = run.ours.client(f"sip:service@{host}:{callee.port};transport={transport}", 0, run.calls)
    expect(client.program.wait(600), 0, "exit code of user_agent_client")
    all_answered(callee)


@case("SIPp calls SIPp through back_to_back_user_agent, {0}", *transports)
def through_b2bua(run, transport):
    callee = Sipp(run.world, "uas", transport, run.calls)
    between = run.ours.between(f"sip:service@{host}:{callee.port};transport={transport}")
    run.capture(between.port, to=[callee.port])
    all_made(Sipp(run.world, "uac", transport, run.calls, f"{host}:{between.port}"))
    all_answered(callee)


@case("SIPp calls SIPp through stateful_proxy, {0}", "udp to udp", "tcp to tcp", "tcp to udp")
def through_proxy(run, transports):
    from_caller, to_callee = transports.split(" to ")
    callee = Sipp(run.world, "uas", to_callee, run.calls)
    proxy = run.ours.proxy()
    there = f"sip:service@{host}:{callee.port};transport={to_callee}"
    run.capture(proxy.port, to=[callee.port])
    register(f"sip:service@{host}:{proxy.port}", proxy.port, there)
    all_made(Sipp(run.world, "uac", from_caller, run.calls, f"{host}:{proxy.port}"))
    all_answered(callee)
