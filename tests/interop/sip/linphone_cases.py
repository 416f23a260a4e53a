"""linphone registers, calls, is called, sends and gets a MESSAGE, subscribes."""

from baresip import Baresip
from cases import case, expect
from linphone import Linphone
from world import host

transports = ("udp", "tcp")


@case("linphone registers at stateful_proxy and calls user_agent_server", *transports)
def calls(run, transport):
    proxy = run.ours.proxy()
    server = run.ours.server(f"sip:bob@{host}:{proxy.port}")
    run.capture(proxy.port, server.port)
    alice = Linphone(run.world, "alice", proxy.port, transport)
    alice.registered()
    alice.do(f"call sip:bob@{host}:{proxy.port}")
    alice.state("PausedByRemote")  # the example's session is inactive
    server.line("^a call from ")
    alice.do("terminate")
    alice.state("Released")
    server.line("^the call has ended")


@case("user_agent_client calls linphone through stateful_proxy", *transports)
def is_called(run, transport):
    proxy = run.ours.proxy()
    run.capture(proxy.port)
    bob = Linphone(run.world, "bob", proxy.port, transport)
    bob.registered()
    client = run.ours.client(f"sip:bob@{host}:{proxy.port};transport={transport}", 1)
    bob.state("IncomingReceived")
    bob.do("answer")
    expect(client.wait(), 0, "exit code of user_agent_client")
    bob.state("Released")


@case("linphone and baresip call each other through back_to_back_user_agent")
def through_b2bua(run):
    bob = Baresip(run.world, "bob")
    between = run.ours.between(f"sip:bob@{host}:{bob.port}")
    proxy = run.ours.proxy()  # linphone needs a place to register at
    run.capture(between.port)
    alice = Linphone(run.world, "alice", proxy.port)
    alice.registered()
    alice.do(f"call sip:anybody@{host}:{between.port}")
    bob.event("CALL_INCOMING")
    bob.do("accept")
    alice.state("StreamsRunning")
    bob.do("hangup")
    alice.state("Released")


@case("linphone and baresip send each other a MESSAGE through stateful_proxy", *transports)
def message(run, transport):
    proxy = run.ours.proxy()
    run.capture(proxy.port)
    at = f"{host}:{proxy.port}"
    alice = Linphone(run.world, "alice", proxy.port, transport)
    bob = Baresip(run.world, "bob", proxy.port, "udp", True, [f"sip:alice@{at}"])
    alice.registered()
    bob.registered()
    alice.do(f"message sip:bob@{at} are you there")
    bob.program.line("are you there")
    alice.program.line("State: LinphoneChatMessageStateDelivered")
    bob.message("where else")
    alice.logged("where else")


@case("linphone subscribes at registrar and sees who comes", *transports)
def subscribes(run, transport):
    registrar = run.ours.registrar()
    run.capture(registrar.port)
    bob = f"sip:bob@{host}:{registrar.port}"
    alice = Linphone(run.world, "alice", registrar.port, transport, [bob])
    alice.registered()
    alice.logged("<basic>closed</basic>")
    run.ours.server(bob)
    alice.logged("<basic>open</basic>")
