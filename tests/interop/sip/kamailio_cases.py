"""Kamailio as the proxy between us and them: it stays in the dialog (Record-Route), keeps the
bindings itself, or is the edge that puts itself into the Path."""

from baresip import Baresip
from cases import case, expect
from kamailio import Kamailio
from linphone import Linphone
from world import host

transports = ("udp", "tcp")


@case("baresip calls user_agent_server, both registered at Kamailio", *transports)
def calls(run, transport):
    kamailio = Kamailio(run.world)
    bob = f"sip:bob@{host}:{kamailio.port}"
    run.capture(to=[kamailio.port])
    server = run.ours.server(bob)
    alice = Baresip(run.world, "alice", kamailio.port, transport, register=True)
    alice.registered()
    alice.do("dial", bob)
    alice.event("CALL_ESTABLISHED")
    alice.do("hangup")
    alice.event("CALL_CLOSED")
    server.line("^the call has ended")
    expect(server.end(), 0, "exit code of user_agent_server")


@case("user_agent_client calls linphone through Kamailio", *transports)
def is_called(run, transport):
    kamailio = Kamailio(run.world)
    run.capture(to=[kamailio.port])
    bob = Linphone(run.world, "bob", kamailio.port, transport)
    bob.registered()
    client = run.ours.client(f"sip:bob@{host}:{kamailio.port};transport={transport}", 1)
    bob.state("IncomingReceived")
    bob.do("answer")
    expect(client.wait(), 0, "exit code of user_agent_client")
    bob.state("Released")


@case("presence_watcher subscribes to baresip through Kamailio", *transports)
def is_watched(run, transport):
    kamailio = Kamailio(run.world)
    bob = Baresip(run.world, "bob", kamailio.port, "udp", register=True)
    bob.registered()
    run.capture(to=[kamailio.port])
    watcher = run.ours.watcher(f"sip:bob@{host}:{kamailio.port};transport={transport}")
    watcher.line("^active")
    since = watcher.now()
    bob.do("presence_online")
    watcher.line("<basic>open</basic>", since)
    expect(watcher.end(), 0, "exit code of presence_watcher")


@case("user_agent_client calls user_agent_server through Kamailio, twenty times", *transports)
def ours_both(run, transport):
    kamailio = Kamailio(run.world)
    bob = f"sip:bob@{host}:{kamailio.port}"
    run.capture(to=[kamailio.port])
    run.ours.server(bob)
    client = run.ours.client(f"{bob};transport={transport}", 0, 20)
    expect(client.wait(), 0, "exit code of user_agent_client")


@case("user_agent_server registers by way of a second Kamailio, and is called by its Path", *transports)
def path(run, transport):
    registrar = Kamailio(run.world)
    edge = Kamailio(run.world, registrar.port)
    run.capture(to=[edge.port])
    server = run.ours.server(f"sip:bob@{host}:{edge.port}")
    alice = Baresip(run.world, "alice", registrar.port, transport, register=True)
    alice.registered()
    alice.do("dial", f"sip:bob@{host}:{registrar.port}")
    alice.event("CALL_ESTABLISHED")
    edge.program.line("the Path led here: INVITE")
    alice.do("hangup")
    alice.event("CALL_CLOSED")
    server.line("^the call has ended")


@case("user_agent_client calls baresip by its Path", *transports)
def path_to_them(run, transport):
    registrar = Kamailio(run.world)
    edge = Kamailio(run.world, registrar.port)
    run.capture(to=[registrar.port])
    bob = Baresip(run.world, "bob", edge.port, transport, register=True)
    bob.registered()
    client = run.ours.client(f"sip:bob@{host}:{registrar.port};transport={transport}", 1)
    bob.event("CALL_INCOMING")
    bob.do("accept")
    bob.event("CALL_ESTABLISHED")
    edge.program.line("the Path led here: INVITE")
    expect(client.wait(), 0, "exit code of user_agent_client")
    bob.event("CALL_CLOSED")
