"""baresip registers, calls, is called, sends a MESSAGE, subscribes and is subscribed to."""

from baresip import Baresip
from cases import case, expect
from world import host

transports = ("udp", "tcp")


@case("baresip registers at stateful_proxy and calls user_agent_server", *transports)
def calls(run, transport):
    proxy = run.ours.proxy()
    server = run.ours.server(f"sip:bob@{host}:{proxy.port}")
    run.capture(proxy.port, server.port)
    alice = Baresip(run.world, "alice", proxy.port, transport, register=True)
    alice.registered()
    alice.do("dial", f"sip:bob@{host}:{proxy.port}")
    alice.event("CALL_ESTABLISHED")
    server.line("^a call from ")
    alice.do("hangup")
    alice.event("CALL_CLOSED")
    server.line("^the call has ended")


@case("user_agent_client calls baresip through stateful_proxy", *transports)
def is_called(run, transport):
    proxy = run.ours.proxy()
    bob = Baresip(run.world, "bob", proxy.port, transport, register=True)
    run.capture(proxy.port)
    bob.registered()
    client = run.ours.client(f"sip:bob@{host}:{proxy.port};transport={transport}", 1)
    bob.event("CALL_INCOMING")
    bob.do("accept")
    bob.event("CALL_ESTABLISHED")
    expect(client.wait(), 0, "exit code of user_agent_client")
    bob.event("CALL_CLOSED")


@case("baresip refuses the call of user_agent_client")
def refuses(run):
    proxy = run.ours.proxy()
    bob = Baresip(run.world, "bob", proxy.port, register=True)
    run.capture(proxy.port)
    bob.registered()
    client = run.ours.client(f"sip:bob@{host}:{proxy.port}", 1)
    bob.event("CALL_INCOMING")
    bob.do("hangup")
    client.line("^4[0-9][0-9] |^6[0-9][0-9] ")
    expect(client.wait(), 1, "exit code of user_agent_client")


@case("user_agent_client gives up the call before baresip answers")
def is_given_up(run):
    proxy = run.ours.proxy()
    bob = Baresip(run.world, "bob", proxy.port, register=True)
    run.capture(proxy.port)
    bob.registered()
    client = run.ours.client(f"sip:bob@{host}:{proxy.port}", 1)
    bob.event("CALL_INCOMING")
    client.line("^180 ")
    expect(client.end(), 1, "exit code of user_agent_client")
    bob.event("CALL_CLOSED")


@case("two baresips call each other through back_to_back_user_agent")
def through_b2bua(run):
    bob = Baresip(run.world, "bob")
    between = run.ours.between(f"sip:bob@{host}:{bob.port}")
    alice = Baresip(run.world, "alice")
    run.capture(between.port)
    alice.do("dial", f"sip:anybody@{host}:{between.port}")
    bob.event("CALL_INCOMING")
    bob.do("accept")
    alice.event("CALL_ESTABLISHED")
    since = bob.program.now()
    bob.do("hold")  # a change of the session, which the example refuses: the call goes on as it was
    bob.program.line("^SIP/2.0 488 ", since)
    bob.do("hangup")
    alice.event("CALL_CLOSED")
    bob.event("CALL_CLOSED")


@case("two baresips send each other a MESSAGE through stateful_proxy", *transports)
def message(run, transport):
    proxy = run.ours.proxy()
    run.capture(proxy.port)
    at = f"{host}:{proxy.port}"
    alice = Baresip(run.world, "alice", proxy.port, transport, True, [f"sip:bob@{at}"])
    bob = Baresip(run.world, "bob", proxy.port, "udp", True, [f"sip:alice@{at}"])
    alice.registered()
    bob.registered()
    alice.message("are you there")
    bob.program.line("are you there")
    bob.message("where else")
    alice.program.line("where else")


@case("baresip subscribes at registrar and sees who comes and goes", *transports)
def subscribes(run, transport):
    registrar = run.ours.registrar()
    run.capture(registrar.port)
    bob = f"sip:bob@{host}:{registrar.port}"
    alice = Baresip(run.world, "alice", registrar.port, transport, True, [bob], watch=True)
    alice.registered()
    alice.shows("Offline")
    server = run.ours.server(bob)
    alice.shows("Online")
    expect(server.end(), 0, "exit code of user_agent_server")
    alice.shows("Offline")


@case("presence_watcher subscribes to baresip through stateful_proxy", *transports)
def is_watched(run, transport):
    proxy = run.ours.proxy()
    bob = Baresip(run.world, "bob", proxy.port, transport, register=True)
    bob.registered()
    run.capture(proxy.port)
    watcher = run.ours.watcher(f"sip:bob@{host}:{proxy.port};transport={transport}")
    watcher.line("^active")
    since = watcher.now()
    bob.do("presence_online")
    watcher.line("<basic>open</basic>", since)
    bob.do("presence_offline")
    watcher.line("<basic>closed</basic>", since)
    expect(watcher.end(), 0, "exit code of presence_watcher")
