#!/usr/bin/env python3
"""The commands of kith that talk to a peer: against kith itself, and against a peer of this file that
refuses, challenges and never answers.

  kith_talk_test.py --kith PATH

Needs nothing but loopback; ends with a line "N passed, N failed" and exit code 0 or 1.
"""

import argparse
import hashlib
import json
import os
import pathlib
import re
import select
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

import kith_trace

PASSWORD = "open sesame"
ALICE = "alice@example.com"
OFFER = ("v=0\r\no=alice 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
         "m=audio 4000 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\nm=video 4002 RTP/AVP 31\r\n")
ANSWER = OFFER.replace("alice", "bob")


class Message:
    """What the peer received."""

    def __init__(self, wire):
        head, _, self.body = wire.decode().partition("\r\n\r\n")
        self.wire = wire
        self.first, *lines = head.split("\r\n")
        self.headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines]
        self.method = self.first.split()[0]

    def all(self, name):
        return [value for one, value in self.headers if one.lower() == name.lower()]

    def __getitem__(self, name):
        return (self.all(name) or [""])[0]

    def response(self, status, *more, body="", tag="peer"):
        to = self["To"] if "tag=" in self["To"] else f"{self['To']};tag={tag}"
        lines = [f"SIP/2.0 {status}", *(f"Via: {via}" for via in self.all("Via")),
                 f"From: {self['From']}", f"To: {to}", f"Call-ID: {self['Call-ID']}",
                 f"CSeq: {self['CSeq']}", *more, f"Content-Length: {len(body)}"]
        return "\r\n".join(lines) + "\r\n\r\n" + body


class Peer:
    """A UDP socket that answers as `script` says: a function of a Message and how many came before,
    that gives what to send."""

    def __init__(self, script):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.uri = f"sip:bob@127.0.0.1:{self.port}"
        self.heard = []
        self.script = script
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            wire, sender = self.socket.recvfrom(65536)
            if not wire:
                return
            message = Message(wire)
            answers = self.script(message, len(self.heard)) or []
            with self.changed:
                self.heard.append(message)
                self.changed.notify_all()
            for answer in [answers] if isinstance(answers, str) else answers:
                self.socket.sendto(answer.encode(), sender)

    def wait(self, what, seconds=30):
        """The first message of which that is true."""
        with self.changed:
            self.changed.wait_for(lambda: any(map(what, self.heard)), seconds)
            return next(filter(what, self.heard), None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.sendto(b"", ("127.0.0.1", self.port))
        self.thread.join()
        self.socket.close()


def challenge(status, password=PASSWORD, qop='qop="auth", '):
    """Answers 200 to who knows the password, else `status` with a challenge."""
    header, credentials = {401: ("WWW-Authenticate", "Authorization"),
                           407: ("Proxy-Authenticate", "Proxy-Authorization")}[status]

    def script(message, _):
        if message.method == "ACK":
            return []
        given = dict(re.findall(r'(\w+)="?([^",]*)"?', message[credentials]))

        def md5(*parts):
            return hashlib.md5(":".join(parts).encode()).hexdigest()

        expected = given and md5(
            md5(given["username"], "lab", password), given["nonce"], given.get("nc", ""),
            given.get("cnonce", ""), given.get("qop", ""), md5(message.method, given["uri"]))
        if given and given["response"] == expected and given["username"] == ALICE:
            return message.response("200 OK", "Contact: <sip:127.0.0.1>")
        return message.response(f"{status} Who are you",
                                f'{header}: Digest realm="lab", {qop}nonce="n1", algorithm=MD5')

    return script


class World:
    def __init__(self, kith, folder):
        self.kith = str(pathlib.Path(kith).resolve())
        self.folder = pathlib.Path(folder)
        self.environment = {key: value for key, value in os.environ.items()
                            if not key.startswith("KITH_")}

    def start(self, *arguments, password=None):
        environment = {**self.environment, **({"KITH_PASSWORD": password} if password else {})}
        return subprocess.Popen([self.kith, *map(str, arguments)], cwd=self.folder, env=environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def run(self, *arguments, stdin=b"", password=None):
        environment = {**self.environment, **({"KITH_PASSWORD": password} if password else {})}
        done = subprocess.run([self.kith, *map(str, arguments)], input=stdin, cwd=self.folder,
                              env=environment, capture_output=True, timeout=120)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        return done

    def end(self, process, seconds=60):
        """What a process that was started has said when it is over."""
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode,
                                           getattr(process, "read", "") + out.decode(),
                                           err.decode())

    def file(self, name, content):
        (self.folder / name).write_text(content, newline="")
        return self.folder / name


def line_of(process, seconds=60):
    """The next line of its standard output, as an object."""
    line = b""
    deadline = time.monotonic() + seconds
    descriptor = process.stdout.fileno()
    while not line.endswith(b"\n"):
        if not select.select([descriptor], [], [], max(0, deadline - time.monotonic()))[0]:
            raise ValueError(f"no line came: {line}")
        byte = os.read(descriptor, 1)
        if not byte:
            raise ValueError(f"it ended: {process.stderr.read()}")
        line += byte
    process.read = getattr(process, "read", "") + line.decode()
    return json.loads(line)


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def that(self, what, holds, evidence=None):
        if holds:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAILED: {what}")
        if isinstance(evidence, subprocess.CompletedProcess):
            print(f"  exit code {evidence.returncode}\n  out: {evidence.stdout[:2000]}\n"
                  f"  err: {evidence.stderr[:3000]}")
        elif evidence is not None:
            print(f"  {str(evidence)[:3000]}")

    def ends(self, what, done, code, *words):
        """With this exit code, and these words somewhere."""
        self.that(f"{what}: exit code {code}", done.returncode == code, done)
        for word in words:
            self.that(f"{what}: says {word!r}", word in done.stdout + done.stderr, done)


def yes(message, _):
    if message.method == "ACK":
        return []
    return message.response("200 OK", "Allow: INVITE, BYE", "Server: Peer/1")


def closed_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def check_options(world, checks):
    with Peer(yes) as peer:
        done = world.run("options", peer.uri)
        checks.ends("options", done, 0, f"200 OK from 127.0.0.1:{peer.port} over UDP in ",
                    "Allow: INVITE, BYE", "Server: Peer/1")
        checks.that("one request", len(peer.heard) == 1 and
                    peer.heard[0].first == f"OPTIONS {peer.uri} SIP/2.0" and
                    peer.heard[0]["From"].startswith("<sip:anonymous@anonymous.invalid>;tag="))
        done = world.run("options", peer.uri, "--json", "--user", ALICE)
        told = json.loads(done.stdout)
        checks.that("in JSON", (told["status"], told["reason"], told["transport"], told["Allow"]) ==
                    (200, "OK", "UDP", "INVITE, BYE") and told["milliseconds"] > 0, done)
        checks.that("the user is in From", f"<sip:{ALICE}>" in peer.heard[1]["From"])
        done = world.run("options", "--count", "3", "--interval", "0.01", peer.uri)
        checks.ends("three times", done, 0, "3 sent, 3 answered; ")
        checks.that("three lines", done.stdout.count("200 OK from") == 3, done)
        done = world.run("options", peer.uri[4:], "--from", "carol@example.com", "--header",
                         "Subject: one", "--header", "Subject: two")
        heard = peer.heard[-1]
        checks.that("a URI without its scheme, From, headers", done.returncode == 0 and
                    heard.first == f"OPTIONS {peer.uri} SIP/2.0" and heard.all("Subject") ==
                    ["one", "two"] and "<sip:carol@example.com>" in heard["From"], heard.wire)
        done = world.run("options", "sip:bob@example.com", "--proxy", f"127.0.0.1:{peer.port}")
        heard = peer.heard[-1]
        checks.that("a proxy is asked first", done.returncode == 0 and
                    heard.first == "OPTIONS sip:bob@example.com SIP/2.0" and
                    heard["Route"] == f"<sip:127.0.0.1:{peer.port};lr>", heard.wire)


def check_refusals(world, checks):
    with Peer(lambda message, _: message.response("404 Not Found")) as peer:
        for what, arguments in [("options", []), ("message", ["hello"]), ("subscribe", []),
                                ("call", []), ("register", [])]:
            target = f"sip:bob@127.0.0.1:{peer.port}"
            checks.ends(f"{what} refused", world.run(what, target, *arguments), 1, "404 Not Found")
    with Peer(lambda *_: []) as peer:
        for what, arguments in [("options", []), ("message", ["hello"]), ("subscribe", []),
                                ("call", []), ("register", [])]:
            done = world.run(what, peer.uri, *arguments, "--timeout", "1", "--json")
            checks.ends(f"{what} not answered", done, 3, "no answer within 1 s; --timeout")
            checks.that(f"{what}: the error in JSON",
                        "no answer" in json.loads(done.stdout.splitlines()[-1])["error"], done)
    for what in ("options", "call", "register", "subscribe"):
        done = world.run(what, f"sip:bob@127.0.0.1:{closed_port()}", "--transport", "tcp")
        checks.ends(f"{what}: nobody there", done, 3, "Connection refused")
    checks.ends("no such host", world.run("options", "sip:bob@no.such.host.invalid"), 3)
    done = world.run("options", "--count", "2", "--interval", "0", "--timeout", "1",
                     f"sip:127.0.0.1:{closed_port()}")
    checks.ends("the worst of several counts", done, 3, "2 sent, 0 answered")


def check_usage(world, checks):
    response = world.file("response.sip", "SIP/2.0 200 OK\r\n\r\n")
    two = world.file("two.sip", "OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n" * 2)
    junk = world.file("junk.sip", "hello\r\n")
    for what, word, arguments in [
            ("no URI", "uri", ["options"]),
            ("one that is none", "bob@[", ["options", "sip:bob@["]),
            ("another scheme", "http://", ["options", "http://example.com"]),
            ("a proxy that is none", "--proxy", ["options", "sip:127.0.0.1", "--proxy", "::"]),
            ("a From that is none", "--from", ["options", "sip:127.0.0.1", "--from", "a b"]),
            ("an address that is none", "--local",
             ["options", "sip:127.0.0.1", "--local", "localhost:1:2"]),
            ("an address that is not ours", "cannot listen",
             ["options", "sip:127.0.0.1", "--local", "192.0.2.1:5060"]),
            ("a header that is none", "--header",
             ["options", "sip:127.0.0.1", "--header", "no colon"]),
            ("a header without a name", "--header",
             ["options", "sip:127.0.0.1", "--header", "a b: c"]),
            ("a count of none", "--count", ["options", "sip:127.0.0.1", "--count", "0"]),
            ("a transport that is none", "--transport",
             ["options", "sip:127.0.0.1", "--transport", "sctp"]),
            ("a password file that is not there", "--password-file: nowhere",
             ["options", "sip:127.0.0.1", "--password-file", "nowhere"]),
            ("two passwords", "--password-stdin",
             ["options", "sip:127.0.0.1", "--password-file", "x", "--password-stdin"]),
            ("no file", "file", ["send"]),
            ("a file that is not there", "No such file", ["send", "nowhere.sip"]),
            ("a response", "a request is sent", ["send", response]),
            ("two requests", "2 messages; one is sent", ["send", two]),
            ("no message", "kith lint", ["send", junk]),
            ("text and a file", "--body", ["message", "sip:127.0.0.1", "x", "--body", junk]),
            ("a body that is not there", "No such file",
             ["message", "sip:127.0.0.1", "--body", "nowhere"]),
            ("nobody to be registered", "kith register sip:alice", ["register"]),
            ("once and a fetch", "--once", ["register", ALICE, "--once", "--fetch"]),
            ("nobody to be called", "kith call --listen", ["call"]),
            ("listening and calling", "--listen", ["call", "--listen", "sip:127.0.0.1"]),
            ("an offer that is not there", "No such file",
             ["call", "sip:127.0.0.1", "--offer", "nowhere.sdp"]),
            ("a ring without listening", "--ring", ["call", "sip:127.0.0.1", "--ring", "1"]),
            ("an authority that is not there", "--ca",
             ["options", "sips:127.0.0.1", "--ca", "nowhere.pem"]),
    ]:
        checks.ends(what, world.run(*arguments), 2, word)
    for command in ("options", "send", "message", "register", "subscribe", "call"):
        done = world.run(command, "--help")
        checks.ends(f"{command} --help", done, 0, f"Examples:\n  kith {command} ",
                    "Exit status: 0", "--proxy")


def check_challenges(world, checks):
    for status in (401, 407):
        with Peer(challenge(status)) as peer:
            done = world.run("options", peer.uri, "--user", ALICE, "--trace", password=PASSWORD)
            checks.ends(f"{status} is answered", done, 0, "200 OK")
            checks.that("with a number of its own", [one["CSeq"] for one in peer.heard] ==
                        ["1 OPTIONS", "2 OPTIONS"], peer.heard[-1].wire)
            checks.that("the password is nowhere", PASSWORD not in done.stdout + done.stderr, done)
            done = world.run("options", peer.uri)
            checks.ends(f"{status} without a password", done, 1, f"{status} Who are you",
                        'realm "lab"', "--password-file")
            done = world.run("options", peer.uri, "--user", ALICE, password="guess")
            checks.ends(f"{status} with a wrong one", done, 1, "refused the user name or the password")
    secret = world.file("secret", PASSWORD + "\nnot this line\n")
    with Peer(challenge(401)) as peer:
        done = world.run("message", peer.uri, "hello", "--user", ALICE, "--password-file", secret)
        checks.ends("a password from a file", done, 0, "200 OK")
        done = world.run("options", "--count", "3", "--interval", "0", peer.uri, "--login", ALICE,
                         "--password-stdin", stdin=PASSWORD.encode() + b"\n")
        checks.ends("or from standard input", done, 0, "3 sent, 3 answered")
        given = [one["Authorization"] for one in peer.heard[2:]]
        checks.that("credentials are used again", [bool(one) for one in given] ==
                    [False, True, True, True] and "nc=00000003" in given[3], given)
        done = world.run("register", f"sip:{ALICE}", "--proxy", f"127.0.0.1:{peer.port}", "--fetch",
                         "--user", ALICE, password=PASSWORD)
        checks.ends("register --fetch", done, 0, "Contact: <sip:127.0.0.1>")


def check_message_and_send(world, checks):
    with Peer(yes) as peer:
        done = world.run("message", peer.uri, "grüße")
        heard = peer.heard[-1]
        checks.that("a text", done.returncode == 0 and heard.body == "grüße" and
                    heard["Content-Type"] == "text/plain", heard.wire)
        done = world.run("message", peer.uri, "--body", "-", "--type", "text/html", stdin=b"<p>\n")
        checks.that("a body", peer.heard[-1].body == "<p>\n" and
                    peer.heard[-1]["Content-Type"] == "text/html", done)
        request = world.file("info.sip", f"INFO {peer.uri} SIP/2.0\r\nVia: SIP/2.0/UDP old\r\n"
                             "Call-ID: given\r\nCSeq: 7 INFO\r\nX-More: yes\r\n\r\n")
        done = world.run("send", request)
        heard = peer.heard[-1]
        checks.ends("send", done, 0, "200 OK")
        checks.that("what was there stays, what is missing is added", heard["Call-ID"] == "given" and
                    heard["CSeq"] == "7 INFO" and heard["X-More"] == "yes" and
                    heard["Max-Forwards"] == "70" and "tag=" in heard["From"] and
                    len(heard.all("Via")) == 1 and "old" not in heard["Via"], heard.wire)
        ack = f"ACK {peer.uri} SIP/2.0\r\nCSeq: 1 ACK\r\n\r\n"
        done = world.run("send", "-", stdin=ack.encode())
        checks.ends("an ACK", done, 0, "no answer")
        checks.that("arrives", peer.wait(lambda one: one.method == "ACK") is not None)

    def call(message, _):
        if message.method == "ACK":
            return []
        return message.response("200 OK", f"Contact: <sip:bob@127.0.0.1:{peer.port}>")

    with Peer(call) as peer:
        done = world.run("send", "-", stdin=f"INVITE {peer.uri} SIP/2.0\r\n\r\n".encode())
        checks.ends("a call that is made is hung up", done, 0, "acknowledged and hung up")
        checks.that("in its order", [one.method for one in peer.heard] == ["INVITE", "ACK", "BYE"],
                    [one.first for one in peer.heard])


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
    done, other = call_kith(world, [], ["--header", "Require: 100rel"])
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


def serve_tls(listener, context):
    """Answers the first request of each connection, if there is one."""
    while True:
        plain, _ = listener.accept()
        try:
            with context.wrap_socket(plain, server_side=True) as stream:
                stream.settimeout(20)
                wire = b""
                while b"\r\n\r\n" not in wire:
                    chunk = stream.recv(65536)
                    if not chunk:
                        break
                    wire += chunk
                if not wire:
                    return
                stream.sendall(Message(wire).response("200 OK").encode())
                stream.recv(65536)
        except OSError:  # the certificate was not believed
            plain.close()


def check_tls(world, checks):
    key, certificate = world.folder / "key.pem", world.folder / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "60", "-subj", "/CN=peer",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = threading.Thread(target=serve_tls, args=(listener, context), daemon=True)
        server.start()
        for arguments in ([f"sips:127.0.0.1:{port}"],
                          [f"sip:127.0.0.1:{port}", "--transport", "tls"],
                          [f"sip:127.0.0.1:{port};transport=tls"]):
            done = world.run("options", *arguments, "--ca", certificate, "--trace")
            checks.ends(f"options {' '.join(arguments)}", done, 0, "over TLS")
            checks.that("what is traced is what was said inside",
                        [one[2] for one in kith_trace.read(done.stderr)] == ["TLS", "TLS"], done)
            done = world.run("options", *arguments)
            checks.ends("a certificate that nobody vouches for", done, 3, "certificate")
        done = world.run("subscribe", f"sips:127.0.0.1:{port}", "--ca", certificate, "--trace",
                         "--expires", "0", "--timeout", "1")
        checks.ends("a notifier that does not notify", done, 3, "no NOTIFY came",
                    "Contact: <sips:kith@127.0.0.1:")
        quit_context = ssl.create_default_context(cafile=certificate)
        with socket.create_connection(("127.0.0.1", port)) as plain:
            quit_context.wrap_socket(plain, server_hostname="127.0.0.1").close()
        server.join(20)


def check_trace(world, checks):
    """A trace has what the peer received, and what it sent."""
    with Peer(yes) as peer:
        done = world.run("message", peer.uri, "two\nlines \x1b[31m", "--trace")
        read = kith_trace.read(done.stderr)
        checks.that("two messages", [one[0] for one in read] == [">>>", "<<<"] and
                    [one[2] for one in read] == ["UDP", "UDP"], done)
        checks.that("as they were on the wire", read[0][5] == peer.heard[0].wire, read)
        checks.that("from here to there and back", read[0][4] == f"127.0.0.1:{peer.port}" ==
                    read[1][3] and read[0][3] == read[1][4], read)
        checks.that("nothing that a terminal would obey", "\x1b" not in done.stderr, done)
    lossy = {"dropped": 0}

    def drops_first(message, count):
        if count == 0:
            lossy["dropped"] += 1
            return []
        return message.response("200 OK")

    with Peer(drops_first) as peer:
        done = world.run("options", peer.uri, "--trace")
        drawn = world.run("ladder", stdin=done.stderr.encode())
        checks.that("what was sent again is seen", done.returncode == 0 and
                    "OPTIONS 1 (again)" in drawn.stdout, drawn)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kith", required=True)
    parser.add_argument("checks", nargs="*", help="only these")
    told = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        world = World(told.kith, folder)
        for check in (check_options, check_refusals, check_usage, check_challenges,
                      check_message_and_send, check_register, check_subscribe, check_calls,
                      check_scripted_calls, check_tls, check_trace):
            if told.checks and check.__name__ not in told.checks:
                continue
            try:
                check(world, checks)
            except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError,
                    subprocess.TimeoutExpired) as error:
                checks.that(f"{check.__name__}: {error!r}", False)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
