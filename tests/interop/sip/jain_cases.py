"""Flows of JAIN SIP's model, with Debian's JAIN SIP on the other side."""

from cases import case, expect
from jain import Jain
from world import host

transports = ("udp", "tcp")
offer = r"v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n"
presence = r'<?xml version="1.0"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:jain@example.com"/>\n'


@case("JAIN SIP asks user_agent_server for its options, {0}", *transports)
def options(run, transport):
    server, jain = run.ours.server(), Jain(run.world)
    run.capture(server.port)
    jain.say(f"send OPTIONS {server.uri(transport=transport)}")
    jain.expect("^< 200 OPTIONS")


@case("JAIN SIP calls user_agent_server, changes the session, and hangs up, {0}", *transports)
def call(run, transport):
    server, jain = run.ours.server(), Jain(run.world)
    run.capture(server.port)
    jain.say(f"body {offer}", f"send INVITE {server.uri('bob', transport)}")
    jain.expect("^< 180 INVITE", "^< 200 INVITE")
    jain.say(f"body {offer}", "again INVITE")
    jain.expect("^< 200 INVITE")
    jain.say("again BYE")
    jain.expect("^< 200 BYE")
    server.line("^the call has ended")


@case("JAIN SIP gives up its call through back_to_back_user_agent")
def cancel(run):
    callee, caller = Jain(run.world, "callee"), Jain(run.world, "caller")
    between = run.ours.between(callee.uri())
    run.capture(between.port)
    caller.say(f"body {offer}", f"send INVITE {between.uri('bob')}")
    caller.expect("^< 180 INVITE")
    caller.say("cancel")
    caller.expect("^< 200 CANCEL", "^< 487 INVITE")
    callee.expect("^> INVITE", "^> CANCEL")


@case("JAIN SIP calls JAIN SIP through back_to_back_user_agent")
def through_b2bua(run):
    callee, caller = Jain(run.world, "callee"), Jain(run.world, "caller")
    between = run.ours.between(callee.uri("tcp"))
    run.capture(between.port)
    caller.say(f"body {offer}", f"send INVITE {between.uri('bob')}")
    callee.expect("^> INVITE")
    callee.say("final 200")
    caller.expect("^< 200 INVITE")
    callee.expect("^> ACK")
    callee.say("again BYE")
    caller.expect("^> BYE")
    callee.expect("^< 200 BYE")


@case("user_agent_client calls JAIN SIP, {0}", *transports)
def is_called(run, transport):
    jain = Jain(run.world)
    run.capture(to=[jain.port])
    # JAIN SIP ignores an ACK that comes while it still sends the 200, and then sends that again: so
    # the call lasts long enough for a second ACK.
    client = run.ours.client(jain.uri(transport), 2)
    jain.expect("^> INVITE")
    jain.say("final 200")
    jain.expect("^> ACK", "^> BYE")
    expect(client.wait(), 0, "exit code of user_agent_client")


@case("JAIN SIP refuses the call of user_agent_client")
def refuses(run):
    jain = Jain(run.world)
    run.capture(to=[jain.port])
    jain.say("refuse 486")
    client = run.ours.client(jain.uri())
    jain.expect("^> INVITE")
    client.line("^486 ")
    expect(client.wait(), 1, "exit code of user_agent_client")


@case("user_agent_client gives up its call before JAIN SIP answers")
def is_given_up(run):
    jain = Jain(run.world)
    run.capture(to=[jain.port])
    client = run.ours.client(jain.uri())
    client.line("^180 ")
    expect(client.end(), 1, "exit code of user_agent_client")
    jain.expect("^> INVITE", "^> CANCEL")


@case("JAIN SIP registers at registrar and goes again, {0}", *transports)
def registers(run, transport):
    registrar, jain = run.ours.registrar(), Jain(run.world)
    run.capture(registrar.port)
    to = registrar.uri(transport=transport)
    jain.say(f"send REGISTER {to} Expires: 600")
    jain.expect("^< 200 REGISTER")
    jain.say(f"send REGISTER {to} Expires: 5")
    jain.expect("^< 423 REGISTER")
    jain.say(f"send REGISTER {to} Expires: 0")
    jain.expect("^< 200 REGISTER")


@case("JAIN SIP subscribes at registrar, {0}", *transports)
def subscribes(run, transport):
    registrar, jain = run.ours.registrar(), Jain(run.world)
    run.capture(registrar.port)
    bob = registrar.uri("bob", transport)
    jain.say(f"send SUBSCRIBE {bob} Event: presence|Expires: 600|Accept: application/pidf+xml")
    jain.expect("^< 200 SUBSCRIBE|^> NOTIFY", "^< 200 SUBSCRIBE|^> NOTIFY")
    run.ours.server(f"sip:bob@{host}:{registrar.port}")
    jain.expect("^> NOTIFY.*")
    jain.program.line("<basic>open</basic>")


@case("presence_watcher subscribes to JAIN SIP, {0}", *transports)
def is_watched(run, transport):
    jain = Jain(run.world)
    run.capture(to=[jain.port])
    watcher = run.ours.watcher(jain.uri(transport))
    jain.expect("^> SUBSCRIBE")
    jain.say(f"body {presence}", "notify active")
    jain.expect("^< 200 NOTIFY")
    watcher.line("^active")
    watcher.line('entity="sip:jain@example.com"')
    # The watcher answers and goes. Its 200 is not waited for: of what comes over TCP just before the
    # end, JAIN SIP loses what it has not parsed by then.
    jain.say("notify terminated")
    watcher.line("^terminated")
    expect(watcher.wait(), 0, "exit code of presence_watcher")


@case("JAIN SIP calls JAIN SIP through stateful_proxy, which stays in the dialog, {0}", *transports)
def through_proxy(run, transport):
    proxy = run.ours.proxy()
    callee, caller = Jain(run.world, "callee"), Jain(run.world, "caller")
    run.capture(proxy.port)
    callee.say(f"send REGISTER {proxy.uri(transport=transport)} Expires: 600")
    callee.expect("^< 200 REGISTER")
    caller.say(f"body {offer}", f"send INVITE {proxy.uri('jain', transport)}")
    caller.expect("^< 180 INVITE")
    callee.expect("^> INVITE")
    callee.say("final 200")
    caller.expect("^< 200 INVITE")
    callee.expect("^> ACK")
    callee.say("again BYE")
    caller.expect("^> BYE")
    callee.expect("^< 200 BYE")


@case("JAIN SIP sends a method that user_agent_server does not know")
def unknown_method(run):
    server, jain = run.ours.server(), Jain(run.world)
    run.capture(server.port)
    jain.say(f"send WINK {server.uri('bob')}")
    jain.expect("^< (405|501) WINK")
