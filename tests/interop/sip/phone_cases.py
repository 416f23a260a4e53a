"""baresip and linphone register, call, are called, send and get a MESSAGE, subscribe."""

import phones
from baresip import Baresip
from cases import case, expect
from phones import telephones
from world import host

transports = ("udp", "tcp")


@case("{0} registers at stateful_proxy and calls user_agent_server, {1}", *telephones)
def calls(run, telephone, transport):
    proxy = run.ours.proxy()
    bob = f"sip:bob@{host}:{proxy.port}"
    server = run.ours.server(bob)
    run.capture(proxy.port, server.port)
    phones.calls(telephone(run.world, "alice", proxy.port, transport), bob, server)


@case("user_agent_client calls {0} through stateful_proxy, {1}", *telephones)
def is_called(run, telephone, transport):
    proxy = run.ours.proxy()
    run.capture(proxy.port)
    bob = telephone(run.world, "bob", proxy.port, transport)
    phones.is_called(run, bob, proxy.uri("bob", transport))


@case("{0} calls a baresip through back_to_back_user_agent, {1}", *telephones)
def through_b2bua(run, telephone, transport):
    bob = Baresip(run.world, "bob")
    between = run.ours.between(f"sip:bob@{host}:{bob.port}")
    run.capture(between.port)
    alice = telephone(run.world, "alice", run.ours.proxy().port, transport)
    alice.dial(f"sip:anybody@{host}:{between.port}")
    bob.rings()
    bob.answer()
    alice.established()
    since = bob.program.now()
    bob.do("hold")  # a change of the session, which the example refuses: the call goes on as it was
    bob.program.line("^SIP/2.0 488 ", since)
    bob.hang_up()
    alice.ended()
    bob.ended()


@case("{0} and a baresip send each other a MESSAGE through stateful_proxy, {1}", *telephones)
def message(run, telephone, transport):
    proxy = run.ours.proxy()
    run.capture(proxy.port)
    at = f"{host}:{proxy.port}"
    alice = telephone(run.world, "alice", proxy.port, transport, [f"sip:bob@{at}"])
    bob = Baresip(run.world, "bob", proxy.port, "udp", [f"sip:alice@{at}"])
    alice.message("are you there")
    bob.reads("are you there")
    bob.message("where else")
    alice.reads("where else")


@case("{0} subscribes at registrar and sees who comes and goes, {1}", *telephones)
def subscribes(run, telephone, transport):
    registrar = run.ours.registrar()
    run.capture(registrar.port)
    bob = f"sip:bob@{host}:{registrar.port}"
    alice = telephone(run.world, "alice", registrar.port, transport, [bob], watch=True)
    alice.sees("closed")
    server = run.ours.server(bob)
    alice.sees("open")
    expect(server.end(), 0, "exit code of user_agent_server")
    alice.sees("closed")


@case("presence_watcher subscribes to baresip through stateful_proxy, {0}", *transports)
def is_watched(run, transport):
    proxy = run.ours.proxy()
    run.capture(proxy.port)
    bob = Baresip(run.world, "bob", proxy.port, transport)
    phones.is_watched(run, bob, proxy.uri("bob", transport))


def not_answered(run):
    """A baresip, registered at stateful_proxy, that user_agent_client calls and that rings."""
    proxy = run.ours.proxy()
    run.capture(proxy.port)
    bob = Baresip(run.world, "bob", proxy.port)
    client = run.ours.client(proxy.uri("bob"), 1)
    bob.rings()
    return bob, client


@case("baresip refuses the call of user_agent_client")
def refuses(run):
    bob, client = not_answered(run)
    bob.hang_up()
    client.line("^4[0-9][0-9] |^6[0-9][0-9] ")
    expect(client.wait(), 1, "exit code of user_agent_client")


@case("user_agent_client gives up the call before baresip answers")
def is_given_up(run):
    bob, client = not_answered(run)
    client.line("^180 ")
    expect(client.end(), 1, "exit code of user_agent_client")
    bob.ended()
