"""SIPp's built-in scenarios against the examples, over UDP and TCP: no call may fail."""

from cases import case, expect
from sipp import Sipp
from world import host

transports = ("udp", "tcp")


def none_failed(caller, callee=None):
    """All calls of a caller succeeded, and the callee has seen as many, and none fail."""
    expect(caller.made(), (caller.calls, 0), "calls (successful, failed) that SIPp made")
    if callee:
        expect(callee.answered(), (caller.calls, 0), "calls (hung up, disturbed) that SIPp answered")


@case("SIPp calls user_agent_server", *transports)
def calls_server(run, transport):
    server = run.ours.server()
    run.capture(server.port)
    none_failed(Sipp(run.world, "uac", transport, run.calls, f"{host}:{server.port}"))


@case("user_agent_client calls SIPp", *transports)
def client_calls(run, transport):
    callee = Sipp(run.world, "uas", transport, run.calls)
    run.capture(to=[callee.port])
    client = run.ours.client(f"sip:service@{host}:{callee.port};transport={transport}", 0, run.calls)
    expect(client.program.wait(600), 0, "exit code of user_agent_client")
    expect(callee.answered(), (run.calls, 0), "calls (hung up, disturbed) that SIPp answered")


@case("SIPp calls SIPp through back_to_back_user_agent", *transports)
def through_b2bua(run, transport):
    callee = Sipp(run.world, "uas", transport, run.calls)
    between = run.ours.between(f"sip:service@{host}:{callee.port};transport={transport}")
    run.capture(between.port, to=[callee.port])
    none_failed(Sipp(run.world, "uac", transport, run.calls, f"{host}:{between.port}"), callee)


@case("SIPp calls SIPp through stateful_proxy", *transports)
def through_proxy(run, transport):
    # The URI that SIPp asks for names no transport: the proxy goes there by UDP.
    callee = Sipp(run.world, "uas", "udp", run.calls)
    proxy = run.ours.proxy()
    run.capture(proxy.port, to=[callee.port])
    caller = Sipp(run.world, "uac", transport, run.calls, f"{host}:{callee.port}", via=proxy.port)
    none_failed(caller, callee)
