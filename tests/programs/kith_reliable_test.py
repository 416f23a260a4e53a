#!/usr/bin/env python3
"""What the commands of kith do to be certain: provisional responses that are acknowledged, calls over
TLS, and flows that are pinged.

  kith_reliable_test.py --kith PATH

Needs nothing but loopback; ends with a line "N passed, N failed" and exit code 0 or 1.
"""

import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

import kith_trace
from kith_call_test import ANSWER, OFFER, call_kith
from kith_peer import Message, Peer, line_of, main


def methods_of(done):
    """What a trace shows, a word for each message: the method, or the status and what it answers."""
    messages = [one[5].decode() for one in kith_trace.read(done.stderr)]
    return [re.sub(r"^SIP/2.0 (\d+).*?CSeq: \d+ (\w+).*", r"\1 \2", one, flags=re.S)
            if one.startswith("SIP/2.0") else one.split()[0] for one in messages]


def body_of(done, start):
    """Of the first message that begins so."""
    wires = [one[5] for one in kith_trace.read(done.stderr) if one[5].startswith(start)]
    return wires[0].partition(b"\r\n\r\n")[2].decode() if wires else None


def check_reliable_calls(world, checks):
    offer, answer = world.file("reliable_offer.sdp", OFFER), world.file("reliable.sdp", ANSWER)
    insists = ["--header", "Require: 100rel", "--trace", "--duration", "0.05"]
    done, other = call_kith(world, ["--ring", "0.2", "--answer", answer],
                            [*insists, "--offer", offer])
    checks.ends("RFC 3262 §3: who requires it has a 180 that is acknowledged", done, 0,
                '"status":180,"reason":"Ringing","reliable":true', '"state":"established"')
    checks.ends("and the callee knows", other, 0, '"status":180,"reliable":true')
    said = methods_of(done)
    checks.that("RFC 3262 §4: a PRACK for it, and its 200", said[:1] == ["INVITE"] and
                said.count("PRACK") == said.count("200 PRACK") == 1 and
                said.index("PRACK") < said.index("200 INVITE") < said.index("ACK"), said)
    checks.that("the answer is in the 200", body_of(done, b"SIP/2.0 180") == "" and
                ANSWER in [one[5].partition(b"\r\n\r\n")[2].decode()
                           for one in kith_trace.read(done.stderr)], done)
    done, other = call_kith(world, ["--ring", "0.2", "--offer", offer, "--save", "early"],
                            [*insists, "--answer", answer])
    checks.ends("a call without an offer", done, 0, '"state":"established"')
    checks.that("RFC 3262 §5: the 180 offers, the PRACK answers, and that is all",
                [body_of(done, start) for start in (b"SIP/2.0 180", b"PRACK", b"ACK")] ==
                [OFFER, ANSWER, ""] and
                (world.folder / "early").read_bytes().decode() == ANSWER, done)
    done, other = call_kith(world, ["--ring", "0.05"], ["--duration", "0.05", "--trace"])
    checks.ends("who only supports it has a 180 like any other", done, 0,
                '"status":180,"reason":"Ringing","reliable":false')
    checks.that("without a PRACK", "PRACK" not in methods_of(done) and
                b"Supported: 100rel" in kith_trace.read(done.stderr)[0][5], done)
    done, other = call_kith(world, ["--ring", "0.05"], ["--header", "Require: 100rel, timer",
                                                        "--trace"])
    checks.ends("RFC 3261 §8.2.2.3: only what is not known is refused", done, 1, "420")
    checks.that("and named", b"\r\nUnsupported: timer\r\n" in b"".join(
        one[5] for one in kith_trace.read(done.stderr)), done)


class Callee:
    """Answers an INVITE with these provisional responses, each the next after the PRACK of the one
    before, and then with 200."""

    def __init__(self, *numbers, repeats=1):
        self.numbers, self.repeats = list(numbers), repeats
        self.invite = None

    def progress(self):
        number = self.numbers.pop(0)
        return [self.invite.response("183 Session Progress", "Contact: <sip:bob@127.0.0.1:9>",
                                     "Require: 100rel", f"RSeq: {number}")] * self.repeats

    def __call__(self, message, _):
        if message.method == "INVITE":
            self.invite = message
            self.contact = f"Contact: <{self.uri}>"
            return [one.replace("sip:bob@127.0.0.1:9", self.uri) for one in self.progress()]
        if message.method == "PRACK":
            rest = [one.replace("sip:bob@127.0.0.1:9", self.uri) for one in self.progress()] \
                if self.numbers else [self.invite.response("200 OK", self.contact)]
            return [message.response("200 OK"), *rest]
        return message.response("200 OK") if message.method == "BYE" else []


def check_reliable_peer(world, checks):
    def call(script):
        with Peer(script) as peer:
            script.uri = peer.uri
            done = world.run("call", peer.uri, "--duration", "0.05", "--timeout", "3")
            return done, [one["RAck"] for one in peer.heard if one.method == "PRACK"]

    done, acknowledged = call(Callee(7, 8, repeats=2))
    checks.ends("a peer that wants each 183 acknowledged", done, 0, "reliably", "established")
    checks.that("RFC 3262 §7.2: RAck repeats RSeq and CSeq, once for each",
                acknowledged == ["7 1 INVITE", "8 1 INVITE"], acknowledged)
    done, acknowledged = call(Callee(7, 9))
    checks.ends("RFC 3262 §4: one is missing", done, 1, "nobody took the call")
    checks.that("and what comes after it is not acknowledged", acknowledged == ["7 1 INVITE"],
                acknowledged)


def make_certificate(world):
    key, certificate = world.folder / "callee_key.pem", world.folder / "callee.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "60", "-subj", "/CN=callee",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True, timeout=60)
    return certificate, key


def check_tls_calls(world, checks):
    certificate, key = make_certificate(world)
    shown = ["--certificate", certificate, "--key", key]
    callee = world.start("call", "--listen", "--local", "127.0.0.1:0", *shown, "--count", "2",
                         "--json")
    places = {one["transport"]: one["listening"] for one in (line_of(callee) for _ in range(3))}
    ports = {name: int(place.rpartition(":")[2]) for name, place in places.items()}
    checks.that("TLS is listened to besides the others", set(places) == {"UDP", "TCP", "TLS"},
                places)
    checks.that("each at a port of its own", ports.get("TLS") != ports.get("TCP"), places)
    done = world.run("call", f"sip:{places['TLS']};transport=tls", "--ca", certificate,
                     "--duration", "0.05", "--trace")
    checks.ends("a call over TLS", done, 0, "established", "hung up")
    checks.that("all of it", {one[2] for one in kith_trace.read(done.stderr)} == {"TLS"}, done)
    done = world.run("call", f"sip:{places['TLS']};transport=tls", "--timeout", "5")
    checks.ends("a certificate that nobody vouches for", done, 3, "certificate")
    done = world.run("call", f"sip:{places['TCP']};transport=tcp", "--duration", "0.05")
    checks.ends("one over TCP, to the same callee", done, 0, "established")
    checks.ends("who was called", world.end(callee), 0, '"transport":"TLS"', '"transport":"TCP"',
                '"why":"the peer hung up"')
    callee = world.start("call", "--listen", "--local", "127.0.0.1:0", "--transport", "tls", *shown,
                         "--json")
    place = line_of(callee)
    checks.that("TLS alone", place.get("transport") == "TLS", place)
    callee.send_signal(signal.SIGINT)
    checks.that("and nothing else", world.end(callee).stdout.count("listening") == 1, place)
    for what, word, arguments in (
            ("TLS without a certificate", "--certificate", ["--transport", "tls"]),
            ("a certificate without its key", "--key", shown[:2]),
            ("a key without its certificate", "--certificate", shown[2:]),
            ("a key that is none", "callee.pem", [*shown[:2], "--key", certificate]),
            ("a file that is not there", "nowhere.pem",
             ["--certificate", "nowhere.pem", "--key", key])):
        checks.ends(what, world.run("call", "--listen", *arguments), 2, word)
    checks.ends("a caller does not listen", world.run("call", "sip:127.0.0.1", *shown), 2, "--listen")


class Registrar:
    """Takes one connection after the other, answers REGISTER as told, and the first `pongs` pings."""

    def __init__(self, *headers, pongs=0, tls=None):
        self.headers, self.pongs, self.tls = headers, pongs, tls
        self.heard, self.pings, self.ended_at = [], [], None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        plain = self.listener.accept()[0]
        with self.tls.wrap_socket(plain, server_side=True) if self.tls else plain as peer:
            self.certificate = peer.getpeercert(binary_form=True) if self.tls else None
            buffer = b""
            while chunk := peer.recv(65536):
                buffer += chunk
                while b"\r\n\r\n" in buffer:
                    head, _, buffer = buffer.partition(b"\r\n\r\n")
                    self.take(peer, head)
        self.ended_at = time.monotonic()

    def take(self, peer, head):
        if not head:
            self.pings.append(time.monotonic())
            if len(self.pings) <= self.pongs:
                peer.sendall(b"\r\n")
            return
        message = Message(head + b"\r\n\r\n")
        self.heard.append(message)
        peer.sendall(message.response("200 OK", f"Contact: {message['Contact']};expires=600",
                                      *self.headers).encode())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.thread.join(30)
        self.listener.close()


def register(world, registrar, *arguments, seconds):
    transport = "tls" if registrar.tls else "tcp"
    process = world.start("register", "sip:alice@example.com", "--proxy",
                          f"127.0.0.1:{registrar.port};transport={transport}", "--duration",
                          str(seconds), *arguments)
    return world.end(process)


def check_alias(world, checks):
    certificate, key = make_certificate(world)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations(certificate)
    shown = ["--certificate", certificate, "--key", key]
    for what, arguments, offered in (("with a certificate", shown, True),
                                     ("that is told not to", [*shown, "--no-alias"], False),
                                     ("without a certificate", [], False)):
        with Registrar(tls=context) as registrar:
            done = register(world, registrar, "--ca", certificate, *arguments, seconds=0.05)
        checks.ends(f"a registration over TLS {what}", done, 0, "registered", "removed")
        checks.that("RFC 5923 §8.1: offers its connection, or does not",
                    [";alias" in one["Via"] for one in registrar.heard] == [offered] * 2,
                    registrar.heard[0].wire)
        checks.that("shows what it has", (registrar.certificate is not None) == bool(arguments),
                    arguments)


def check_pings(world, checks):
    outbound = ["--instance", "urn:uuid:00000000-0000-1000-8000-000A95A0E128"]
    with Registrar("Flow-Timer: 1", pongs=99) as kept, \
            Registrar("Flow-Timer: 1", pongs=1) as dead, Registrar() as silent:
        results = {}
        threads = [threading.Thread(target=lambda name=name, one=one, seconds=seconds, more=more:
                                    results.update({name: register(world, one, *more,
                                                                   seconds=seconds)}))
                   for name, one, seconds, more in (("kept", kept, 3.3, outbound),
                                                    ("dead", dead, 20, []),
                                                    ("silent", silent, 3.3, []))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    checks.ends("a flow that is pinged", results["kept"], 0, "registered", "removed")
    gaps = [after - before for before, after in zip(kept.pings, kept.pings[1:])]
    checks.that("RFC 5626 §4.4: about each second, as Flow-Timer says",
                len(kept.pings) >= 2 and all(0.7 < gap for gap in gaps), kept.pings)
    contact = kept.heard[0]["Contact"]
    checks.that("RFC 5626 §4.2.1: the instance is named, with the flow",
                "reg-id=1" in contact and f'+sip.instance="<{outbound[1]}>"' in contact and
                "outbound" in kept.heard[0]["Supported"], contact)
    checks.that("that is one connection, and nothing but a refresh and the end",
                [one["Expires"] for one in kept.heard] == ["3600", "0"], kept.heard)
    checks.ends("a flow that is dead", results["dead"], 3, "not registered: the connection is dead",
                "the registrar could not be told that we leave")
    checks.that("RFC 5626 §4.4.1: given up 10 s after the ping that had no pong",
                len(dead.pings) == 2 and 9.5 < dead.ended_at - dead.pings[1] < 19,
                [dead.pings, dead.ended_at])
    checks.that("a registrar that says nothing of it is not pinged", silent.pings == [],
                silent.pings)


if __name__ == "__main__":
    sys.exit(main([check_reliable_calls, check_reliable_peer, check_tls_calls, check_alias,
                   check_pings]))
