"""Kamailio as the proxy between us and them: it stays in the dialog (Record-Route), keeps the
bindings itself, or is the edge that puts itself into the Path."""

import phones
from baresip import Baresip
from cases import case, expect
from kamailio import Kamailio
from linphone import Linphone
from world import host

transports = ("udp", "tcp")


@case("baresip calls user_agent_server, both registered at Kamailio, {0}", *transports)
def calls(run, transport):
    kamailio = Kamailio(run.world)
    bob = f"sip:bob@{host}:{kamailio.port}"
    run.capture(to=[kamailio.port])
    server = run.ours.server(bob)
    phones.calls(Baresip(run.world, "alice", kamailio.port, transport), bob, server)
    expect(server.end(), 0, "exit code of user_agent_server")


@case("user_agent_client calls linphone through Kamailio, {0}", *transports)
def is_called(run, transport):
    kamailio = Kamailio(run.world)
    run.capture(to=[kamailio.port])
    bob = Linphone(run.world, "bob", kamailio.port, transport)
    phones.is_called(run, bob, kamailio.uri("bob", transport))


@case("presence_watcher subscribes to baresip through Kamailio, {0}", *transports)
def is_watched(run, transport):
    kamailio = Kamailio(run.world)
    bob = Baresip(run.world, "bob", kamailio.port)
    run.capture(to=[kamailio.port])
    phones.is_watched(run, bob, kamailio.uri("bob", transport))


@case("user_agent_client calls user_agent_server through Kamailio, twenty times, {0}", *transports)
def ours_both(run, transport):
    kamailio = Kamailio(run.world)
    run.capture(to=[kamailio.port])
    run.ours.server(f"sip:bob@{host}:{kamailio.port}")
    client = run.ours.client(kamailio.uri("bob", transport), 0, 20)
    expect(client.wait(), 0, "exit code of user_agent_client")


@case("user_agent_server registers by way of a second Kamailio, and is called by its Path, {0}", *transports)
def path(run, transport):
    registrar = Kamailio(run.world)
    edge = Kamailio(run.world, registrar.port)
    run.capture(to=[edge.port])
    server = run.ours.server(f"sip:bob@{host}:{edge.port}")
    alice = Baresip(run.world, "alice", registrar.port, transport)
    phones.calls(alice, f"sip:bob@{host}:{registrar.port}", server)
    edge.program.line("the Path led here: INVITE")


@case("user_agent_client calls baresip by its Path, {0}", *transports)
def path_to_them(run, transport):
    registrar = Kamailio(run.world)
    edge = Kamailio(run.world, registrar.port)
    run.capture(to=[registrar.port])
    bob = Baresip(run.world, "bob", edge.port, transport)
    phones.is_called(run, bob, registrar.uri("bob", transport))
    edge.program.line("the Path led here: INVITE")
