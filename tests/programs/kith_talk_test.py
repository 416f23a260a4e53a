#!/usr/bin/env python3
"""kith options, send and message, and what all commands share that talk to a peer: against a peer
that refuses, challenges and never answers.

  kith_talk_test.py --kith PATH [CHECK…]

Needs nothing but loopback; ends with a line "N passed, N failed" and exit code 0 or 1.
"""

import json
import socket
import ssl
import subprocess
import sys
import threading

import kith_trace
from kith_peer import ALICE, PASSWORD, Message, Peer, challenge, main, yes


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


def told(done):
    """The objects that it printed, one a line; how long something took is left out."""
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    for one in objects:
        if "milliseconds" in one:
            one["quick"] = 0 < one.pop("milliseconds") < 60_000
    return objects


def check_json(world, checks):
    """kith send and kith message say in one object what answered, and what did not."""
    def answers(message, _):
        if message.method == "MESSAGE":
            return message.response("202 Accepted")
        if message.method == "PUBLISH":
            return message.response("486 Busy \"here\"")
        return message.response("200 OK", "Allow: INFO", "Allow: BYE", body='a "b"\r\n')

    def told_of(status, reason, **more):
        return [{"status": status, "reason": reason, "from": f"127.0.0.1:{peer.port}",
                 "transport": "UDP", "quick": True, **more}]

    with Peer(answers) as peer:
        request = world.file("info.sip", f"INFO {peer.uri} SIP/2.0\r\nCSeq: 7 INFO\r\n\r\n")
        done = world.run("send", request, "--json")
        checks.that("send --json: what answered, its body as it came", done.returncode == 0 and
                    told(done) == told_of(200, "OK", Allow="INFO, BYE", body='a "b"\r\n'), done)
        checks.that("what was sent", peer.heard[-1]["CSeq"] == "7 INFO", peer.heard[-1].wire)
        publish = f"PUBLISH {peer.uri} SIP/2.0\r\n\r\n"
        done = world.run("send", "-", "--json", stdin=publish.encode())
        checks.that("send --json: what refused", done.returncode == 1 and
                    told(done) == told_of(486, 'Busy "here"'), done)
        ack = f"ACK {peer.uri} SIP/2.0\r\n\r\n"
        done = world.run("send", "-", "--json", stdin=ack.encode())
        checks.that("send --json: what has no answer", done.returncode == 0 and
                    told(done) == [{"sent": "ACK", "to": f"127.0.0.1:{peer.port}"}], done)
        # RFC 3428: it has no Contact, and 202 is as good as 200.
        done = world.run("message", peer.uri, "Lunch?", "--json", "--user", ALICE)
        heard = peer.heard[-1]
        checks.that("message --json: it was taken", done.returncode == 0 and
                    told(done) == told_of(202, "Accepted"), done)
        checks.that("message --json: what was sent", heard.first == f"MESSAGE {peer.uri} SIP/2.0" and
                    heard.body == "Lunch?" and heard["Content-Type"] == "text/plain" and
                    heard["From"].startswith(f"<sip:{ALICE}>;tag=") and
                    "tag=" not in heard["To"] and heard["CSeq"] == "1 MESSAGE" and
                    not heard.all("Contact"), heard.wire)
        checks.that("one for each", [one.method for one in peer.heard] ==
                    ["INFO", "PUBLISH", "ACK", "MESSAGE"], peer.heard)


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


def check_trace_of_each(world, checks):
    """kith send and kith register show each message as it was on the wire, in its order."""
    def shown(done):
        read = kith_trace.read(done.stderr)
        here, there = read[0][3], f"127.0.0.1:{peer.port}"
        checks.that("each from here to there, or back", all(
            one[2:5] == (("UDP", here, there) if one[0] == ">>>" else ("UDP", there, here))
            for one in read) and not read[0][6], read)
        return [(one[0], one[5]) for one in read]

    def slowly(message, _):
        return [message.response("100 Trying"), message.response("200 OK", "X: yes", body="hi")]

    with Peer(slowly) as peer:
        info = f"INFO {peer.uri} SIP/2.0\r\n\r\n"
        done = world.run("send", "-", "--trace", stdin=info.encode())
        asked = peer.heard[0]
        checks.that("send --trace: the request, and all that came for it", done.returncode == 0 and
                    shown(done) == [(">>>", asked.wire)] + [
                        ("<<<", one.encode()) for one in slowly(asked, 0)], done)
        checks.that("the answer is told as without", done.stdout.startswith("200 OK from "), done)

    who = challenge(401)

    def registrar(message, count):
        answer = who(message, count)
        return answer.replace("<sip:127.0.0.1>", f"{message['Contact']};expires=600")

    with Peer(registrar) as peer:
        done = world.run("register", f"sip:{ALICE}", "--proxy", f"127.0.0.1:{peer.port}", "--once",
                         "--trace", "--user", ALICE, password=PASSWORD)
        checks.ends("register --trace", done, 0, "600")
        first, second = peer.heard
        checks.that("the challenge and what answers it", shown(done) == [
            (">>>", first.wire), ("<<<", registrar(first, 0).encode()),
            (">>>", second.wire), ("<<<", registrar(second, 1).encode())], done)
        checks.that("in the trace's own words", "| REGISTER sip:example.com SIP/2.0\n" in
                    done.stderr and '  | WWW-Authenticate: Digest realm="lab"' in done.stderr and
                    '  | Authorization: Digest username="alice@example.com"' in done.stderr, done)
        checks.that("the password is nowhere", PASSWORD not in done.stdout + done.stderr, done)


if __name__ == "__main__":
    sys.exit(main([check_options, check_refusals, check_usage, check_challenges,
                   check_message_and_send, check_json, check_tls, check_trace,
                   check_trace_of_each]))
