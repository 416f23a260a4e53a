"""sipsak asks for options, registers, counts hops and sends random bytes."""

from cases import case, expect
from sipsak import sipsak
from world import host


@case("sipsak asks user_agent_server for its options, {0}", "udp", "tcp")
def asks_options(run, transport):
    server = run.ours.server()
    run.capture(server.port)
    code, lines = sipsak(run.world, "options", server.port, transport=transport)
    expect(code, 0, "exit code of sipsak")
    expect(any("SIP/2.0 200" in line for line in lines), True, "sipsak saw a 200")


@case("sipsak registers at registrar and goes again")
def registers(run):
    registrar = run.ours.registrar()
    run.capture(registrar.port)
    there = ["-U", "-C", f"sip:sipsak@{host}:9"]
    expect(sipsak(run.world, "register", registrar.port, *there, "-x", "600")[0], 0, "registering")
    expect(sipsak(run.world, "found", registrar.port, "-d")[0], 1, "being sent to another place")
    expect(sipsak(run.world, "remove", registrar.port, *there, "-x", "0")[0], 0, "going")
    expect(sipsak(run.world, "gone", registrar.port, "-d")[0], 1, "being sent nowhere")


@case("sipsak counts the hops through stateful_proxy to user_agent_server")
def traces(run):
    proxy = run.ours.proxy()
    run.ours.server(f"sip:bob@{host}:{proxy.port}")
    run.capture(proxy.port)
    code, lines = sipsak(run.world, "trace", proxy.port, "-T", user="bob")
    expect(code, 0, "exit code of sipsak")
    hops = [line for line in lines if line.startswith("0: ")]
    expect([line.split("SIP/2.0 ")[-1][:3] for line in hops], ["483", "200"], "answers to 0 and 1 hops")


@case("sipsak's requests with random bytes do not disturb user_agent_server")
def random_bytes(run):
    server = run.ours.server()
    run.capture(server.port)
    sipsak(run.world, "random", server.port, "-R", "-t", "40")
    expect(sipsak(run.world, "after", server.port)[0], 0, "exit code of sipsak afterwards")
