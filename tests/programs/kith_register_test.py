#!/usr/bin/env python3
"""kith register and kith subscribe, against a peer that refuses, challenges and notifies.

  kith_register_test.py --kith PATH [CHECK…]

Needs nothing but loopback; ends with a line "N passed, N failed" and exit code 0 or 1.
"""

import json
import re
import signal
import sys

from kith_peer import ALICE, PASSWORD, Peer, challenge, line_of, main


def registrar(message, _):
    contacts = [f"Contact: {one};expires={message['Expires'] or 60}"
                for one in message.all("Contact") if message["Expires"] != "0"]
    return message.response("200 OK", *contacts)


def check_register(world, checks):
    with Peer(registrar) as peer:
        where = ["--proxy", f"127.0.0.1:{peer.port}"]
        process = world.start("register", ALICE, *where, "--expires", "600", "--json")
        told = line_of(process)
        checks.that("registered", told["state"] == "registered" and 590 <= told["expires"] <= 600 and
                    told["aor"] == f"sip:{ALICE}", told)
        process.send_signal(signal.SIGINT)
        checks.ends("a signal removes it", world.end(process), 0, '"state":"removed"')
        first, last = peer.heard
        checks.that("by the same call", first["Call-ID"] == last["Call-ID"] and
                    last["CSeq"] == "2 REGISTER" and first.first == "REGISTER sip:example.com SIP/2.0"
                    and first["To"] == f"<sip:{ALICE}>", last.wire)
        checks.that("with an end", "expires=0" in last["Contact"] or last["Expires"] == "0",
                    last.wire)
        done = world.run("register", ALICE, *where, "--duration", "0.05")
        checks.ends("for a while", done, 0, "registered sip:alice@example.com for ", "removed")
        count = len(peer.heard)
        done = world.run("register", *where, "--once", "--user", ALICE, "--contact",
                         "sip:alice@192.0.2.1")
        checks.ends("--once", done, 0, "registered")
        checks.that("one request, with that contact", len(peer.heard) == count + 1 and
                    "<sip:alice@192.0.2.1>" in peer.heard[-1]["Contact"], peer.heard[-1].wire)
        done = world.run("register", ALICE, *where, "--remove-all")
        checks.that("--remove-all", done.returncode == 0 and peer.heard[-1]["Contact"] == "*" and
                    peer.heard[-1]["Expires"] == "0", peer.heard[-1].wire)
        done = world.run("register", ALICE, "--registrar", peer.uri.replace("bob@", ""), "--once")
        checks.that("a registrar elsewhere", done.returncode == 0 and peer.heard[-1].first ==
                    f"REGISTER sip:127.0.0.1:{peer.port} SIP/2.0", peer.heard[-1].wire)

    def brief(message, _):
        wished = re.search(r"expires=(\d+)", message["Contact"] + ";expires=" + message["Expires"])
        if int(wished[1]) < 900 and int(wished[1]) > 0:
            return message.response("423 Interval Too Brief", "Min-Expires: 900")
        return registrar(message, 0)

    with Peer(brief) as peer:
        done = world.run("register", ALICE, "--proxy", f"127.0.0.1:{peer.port}", "--once",
                         "--expires", "60")
        checks.ends("423 is obeyed", done, 0, "registered")
    with Peer(challenge(401)) as peer:
        where = ["--proxy", f"127.0.0.1:{peer.port}", "--once", "--contact", "sip:127.0.0.1"]
        checks.ends("a challenge", world.run("register", *where, "--user", ALICE,
                                             password=PASSWORD), 0, "registered")
        checks.ends("that nobody answers", world.run("register", ALICE, *where), 1,
                    "--password-file")
        checks.ends("that is answered wrongly", world.run("register", *where, "--user", ALICE,
                                                          password="guess"), 1, "credentials")
    with Peer(lambda message, _: message.response("503 Service Unavailable")) as peer:
        done = world.run("register", ALICE, "--proxy", f"127.0.0.1:{peer.port}")
        checks.ends("refused for the time being", done, 1, "503 Service Unavailable")


class Notifier:
    """Answers SUBSCRIBE, with a NOTIFY behind it."""

    def __init__(self, state="active;expires=600", ending="terminated;reason=timeout"):
        self.state, self.ending = state, ending
        self.count = 0

    def __call__(self, message, _):
        if message.method != "SUBSCRIBE":
            return []
        self.count += 1
        over = message["Expires"] == "0"
        uri = re.search(r"<(.*?)>", message["Contact"])[1]
        lines = [f"NOTIFY {uri} SIP/2.0", "Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK"
                 f"{message['Call-ID']}{self.count}", "Max-Forwards: 70",
                 f"From: {message['To'].split(';')[0]};tag=peer", f"To: {message['From']}",
                 f"Call-ID: {message['Call-ID']}", f"CSeq: {self.count} NOTIFY",
                 f"Contact: <{self.uri}>", f"Event: {message['Event']}",
                 f"Subscription-State: {self.ending if over else self.state}",
                 "Content-Type: text/plain", "Content-Length: 7"]
        return [message.response("200 OK", f"Contact: <{self.uri}>",
                                 f"Expires: {message['Expires']}"),
                "\r\n".join(lines) + "\r\n\r\nhello\r\n"]


def subscribe(world, notifier, *arguments, ending=None):
    with Peer(notifier) as peer:
        notifier.uri = peer.uri
        process = world.start("subscribe", peer.uri, *arguments)
        if ending:
            peer.wait(lambda one: one.method == "SIP/2.0")
            process.send_signal(ending)
        return world.end(process), peer.heard


def check_subscribe(world, checks):
    done, heard = subscribe(world, Notifier(), "--json", "--event", "dialog", "--accept", "a/b",
                            ending=signal.SIGINT)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    checks.that("a subscription and its end", done.returncode == 0 and [
        one.get("state") or one["notify"] for one in told] == ["subscribed", "active", "terminated"],
                done)
    checks.that("with what was notified", told[1] == {
        "notify": "active", "event": "dialog", "type": "text/plain", "body": "hello\r\n"}, done)
    first, last = [one for one in heard if one.method == "SUBSCRIBE"]
    checks.that("both of one dialog", first["Call-ID"] == last["Call-ID"] and
                "tag=peer" in last["To"] and last["Expires"] == "0" and first["Accept"] == "a/b" and
                last["Event"] == first["Event"] == "dialog", last.wire)
    checks.that("NOTIFY is answered", sum(one.first == "SIP/2.0 200 OK" for one in heard) == 2,
                [one.first for one in heard])
    done, heard = subscribe(world, Notifier(), "--count", "1")
    checks.ends("--count", done, 0, "subscribed to presence for 3600 s\nNOTIFY: active; text/plain, "
                "7 bytes\n  hello\n", "NOTIFY: terminated, timeout")
    done, heard = subscribe(world, Notifier(), "--expires", "0")
    checks.ends("asked once", done, 0, "NOTIFY: terminated")
    checks.that("is asked once", sum(one.method == "SUBSCRIBE" for one in heard) == 1)
    done, heard = subscribe(world, Notifier(), "--duration", "0.05")
    checks.ends("for a while", done, 0, "NOTIFY: terminated")
    done, heard = subscribe(world, Notifier(state="terminated;reason=rejected"))
    checks.ends("ended by the notifier", done, 1, "ended the subscription: rejected")
    done, heard = subscribe(world, Notifier(), "--expires", "1", "--count", "3")
    checks.that("it is refreshed", done.returncode == 0 and
                [one["Expires"] for one in heard if one.method == "SUBSCRIBE"] ==
                ["1", "1", "1", "0"], done)
    with Peer(lambda message, _: message.response("489 Bad Event")) as peer:
        checks.ends("refused", world.run("subscribe", peer.uri), 1, "489 Bad Event")


if __name__ == "__main__":
    sys.exit(main([check_register, check_subscribe]))
