#!/usr/bin/env python3
"""kith call: against kith itself, and against a peer that refuses, rings, forks and answers too late.

  kith_call_test.py --kith PATH [CHECK…]

Needs nothing but loopback; ends with a line "N passed, N failed" and exit code 0 or 1.
"""

import re
import signal
import sys

import kith_trace
from kith_peer import ALICE, PASSWORD, Peer, challenge, line_of, main

OFFER = ("v=0\r\no=alice 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
         "m=audio 4000 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\nm=video 4002 RTP/AVP 31\r\n")
ANSWER = OFFER.replace("alice", "bob")


def check_calls(world, checks):
    offer, answer = world.file("offer.sdp", OFFER), world.file("answer.sdp", ANSWER)
    for transport in ("udp", "tcp"):
        callee = world.start("call", "--listen", "--local", "127.0.0.1:0", "--transport", transport,
                             "--answer", answer, "--save", "offered", "--count", "1", "--json")
        place = line_of(callee)
        done = world.run("call", f"sip:bob@{place['listening']}", "--transport", transport,
                         "--offer", offer, "--duration", "0.05", "--save", "answered", "--trace")
        other = world.end(callee)
        checks.ends(f"a call over {transport}", done, 0, "calling sip:bob@127.0.0.1",
                    f"established with {place['listening']} over {transport.upper()}",
                    "ended: hung up")
        checks.ends("and its callee", other, 0, '"state":"established"', "the peer hung up")
        checks.that("what each says reaches the other",
                    (world.folder / "offered").read_bytes().decode() == OFFER and
                    (world.folder / "answered").read_bytes().decode() == ANSWER, other)
        drawn = world.run("ladder", "-", stdin=done.stderr.encode())
        flow = re.findall(r"(INVITE|ACK|BYE) \d|(\d00) \w+, (\d \w+)", drawn.stdout)
        checks.that("a ladder shows it", drawn.returncode == 0 and ["".join(one) for one in flow] ==
                    ["INVITE", "2001 INVITE", "ACK", "BYE", "2002 BYE"], drawn)
    check_other_calls(world, checks, offer)


def call_kith(world, listening, calling, ending=None):
    """Both ends; `ending` is sent to the caller once it is established."""
    callee = world.start("call", "--listen", "--local", "127.0.0.1:0", "--transport", "udp",
                         "--count", "1", "--json", *listening)
    place = line_of(callee)["listening"]
    caller = world.start("call", f"sip:bob@{place}", "--json", *calling)
    while ending and line_of(caller)["state"] != "established":
        continue
    if ending:
        caller.send_signal(ending)
    return world.end(caller), world.end(callee)


def check_other_calls(world, checks, offer):
    done, other = call_kith(world, [], ["--offer", offer, "--save", "declined"], signal.SIGINT)
    checks.ends("a signal hangs up", done, 0, '"why":"hung up"')
    declined = (world.folder / "declined").read_bytes().decode()
    checks.that("without an answer every stream is refused", re.findall("m=.*", declined) ==
                ["m=audio 0 RTP/AVP 0 8\r", "m=video 0 RTP/AVP 31\r"], declined)
    done, other = call_kith(world, ["--offer", offer, "--duration", "0.05"], ["--trace"])
    checks.ends("the callee hangs up", done, 0, "the peer hung up")
    acks = [one[5] for one in kith_trace.read(done.stderr) if one[5].startswith(b"ACK")]
    checks.that("an offer in the 200 is answered in the ACK", len(acks) == 1 and
                b"m=video 0 RTP/AVP 31" in acks[0], done)
    done, other = call_kith(world, ["--status", "486"], [])
    checks.ends("a busy callee", done, 1, "486")
    checks.ends("has answered", other, 0, '"status":486')
    done, other = call_kith(world, ["--ring", "0.05"], ["--duration", "0.05"])
    checks.ends("it rings", done, 0, '"status":180', '"state":"established"')
    done, other = call_kith(world, ["--ring", "60"], ["--timeout", "1"])
    checks.ends("nobody takes the call", done, 1, '"status":180', "nobody took the call within 1 s")
    checks.ends("and it is cancelled", other, 0, '"why":"cancelled"')
    done, other = call_kith(world, [], ["--header", "Require: timer"])
    checks.ends("an extension is insisted on", done, 1, "420")
    for transport in ("udp", "tcp"):
        callee = world.start("call", "--listen", "--local", "127.0.0.1:0", "--transport", transport,
                             "--json")
        place = line_of(callee)["listening"]
        done = world.run("options", f"sip:{place}", "--transport", transport)
        checks.ends(f"OPTIONS over {transport}", done, 0, "Allow: INVITE, ACK",
                    f"over {transport.upper()}")
        done = world.run("subscribe", f"sip:{place}", "--transport", transport)
        checks.ends("what is not served", done, 1, "405")
        callee.send_signal(signal.SIGTERM)
        checks.ends("a signal ends the waiting", world.end(callee), 0)


def check_scripted_calls(world, checks):
    with Peer(lambda message, _: [] if message.method == "ACK" else
              message.response("603 Decline")) as peer:
        checks.ends("declined", world.run("call", peer.uri), 1, "603 Decline")
        checks.that("and acknowledged", peer.wait(lambda one: one.method == "ACK") is not None)

    def rings(message, _):
        if message.method == "CANCEL":
            invite = peer.wait(lambda one: one.method == "INVITE")
            return [message.response("200 OK"), invite.response("487 Request Terminated")]
        return message.response("180 Ringing") if message.method == "INVITE" else []

    with Peer(rings) as peer:
        process = world.start("call", peer.uri, "--json")
        while line_of(process)["state"] != "proceeding":
            continue
        process.send_signal(signal.SIGINT)
        checks.ends("a signal cancels", world.end(process), 1, "stopped by a signal")
        checks.that("with CANCEL", peer.wait(lambda one: one.method == "CANCEL") is not None)

    def late(message, _):
        """Takes the call when it was cancelled already."""
        contact = f"Contact: <{peer.uri}>"
        if message.method == "CANCEL":
            invite = peer.wait(lambda one: one.method == "INVITE")
            return [message.response("200 OK"), invite.response("200 OK", contact)]
        if message.method == "INVITE":
            return message.response("180 Ringing")
        return [] if message.method == "ACK" else message.response("200 OK")

    with Peer(late) as peer:
        done = world.run("call", peer.uri, "--timeout", "1")
        checks.ends("taken too late", done, 1, "established", "hung up")
        checks.that("is hung up", [one.method for one in peer.heard] ==
                    ["INVITE", "CANCEL", "ACK", "BYE"], [one.first for one in peer.heard])

    def forks(message, _):
        contact = f"Contact: <{peer.uri}>"
        if message.method == "INVITE":
            return [message.response("200 OK", contact, tag="one"),
                    message.response("200 OK", contact, tag="two")]
        return [] if message.method == "ACK" else message.response("200 OK")

    with Peer(forks) as peer:
        done = world.run("call", peer.uri, "--duration", "0.2")
        byes = {re.search("tag=(.*)", one["To"])[1] for one in peer.heard if one.method == "BYE"}
        checks.that("each fork is hung up", done.returncode == 0 and byes == {"one", "two"}, done)
    with Peer(challenge(407)) as peer:
        done = world.run("call", peer.uri, "--user", ALICE, "--duration", "0.05", password=PASSWORD)
        checks.ends("a proxy that asks who calls", done, 0, "ended: hung up")
        bye = peer.wait(lambda one: one.method == "BYE")
        checks.that("gets credentials in BYE, too", "Proxy-Authorization" in bye.wire.decode(),
                    bye.wire)


if __name__ == "__main__":
    sys.exit(main([check_calls, check_scripted_calls]))
