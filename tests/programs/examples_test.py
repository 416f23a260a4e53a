#!/usr/bin/python3
"""The programs of examples/ against each other: who calls, answers, registers, forwards, watches.

  examples_test.py --examples FOLDER

Everything is on loopback, at ports that were free. Prints a line a case and `N passed, N failed`;
ends with 0 when all passed.
"""

import argparse
import contextlib
import pathlib
import re
import select
import signal
import socket
import subprocess
import sys
import time

from checks import Checks, Failure

patience = 60  # seconds; only what has failed takes that long


class Program:
    """One of the examples while it runs, and what it has said."""

    def __init__(self, world, name, *arguments):
        self.name = name
        self.said = ""
        self.process = subprocess.Popen([world.folder / name, *map(str, arguments)],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        world.ends.callback(self.kill)
        self.address = self.hear(r"listening on (127\.0\.0\.1:\d+)")[1]
        self.port = int(self.address.rpartition(":")[2])

    def hear(self, pattern, after=0):
        """Waits for a line."""
        deadline = time.monotonic() + patience
        while not (found := re.compile(pattern).search(self.said, after)):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise Failure(f"{self.name} did not say {pattern!r}, but {self.said!r}")
            chunk = self.process.stdout.read1().decode()
            if not chunk:
                raise Failure(f"{self.name} ended without {pattern!r}: {self.said!r}")
            self.said += chunk
        return found

    def signal(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def end(self, wanted=0):
        """Waits for its end, and returns all that it said."""
        self.said += self.process.communicate(timeout=patience)[0].decode()
        if self.process.returncode != wanted:
            raise Failure(f"{self.name} ended with {self.process.returncode}: {self.said!r}")
        return self.said

    def stop(self):
        self.signal()
        return self.end()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class Peer:
    """A UDP socket that sends and expects SIP, word by word."""

    def __init__(self, world):
        self.socket = world.ends.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(patience)
        self.port = self.socket.getsockname()[1]
        self.sequence = 0

    def send(self, port, method, uri, *headers, call_id=None, sequence=None, to_tag=None):
        self.sequence += 1
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{self.port}.{self.sequence}",
            "Max-Forwards: 70", "From: <sip:test@127.0.0.1>;tag=1",
            f"To: <{uri}>" + (f";tag={to_tag}" if to_tag else ""),
            f"Call-ID: {call_id or self.port}", f"CSeq: {sequence or self.sequence} {method}",
            *headers, "Content-Length: 0",
        ]  # fmt: skip
        self.socket.sendto(("\r\n".join(lines) + "\r\n\r\n").encode(), ("127.0.0.1", port))

    def ask(self, port, method, uri, *headers, sequence=None, **more):
        """Sends a request, and returns the first response to it."""
        self.send(port, method, uri, *headers, sequence=sequence, **more)
        while True:
            response = self.receive()[0]
            ours = f"CSeq: {sequence or self.sequence} {method}\r" in response
            if ours and not response.startswith("SIP/2.0 100"):
                return response

    def receive(self, start=""):
        """The next message that begins so, and where it came from."""
        while True:
            data, source = self.socket.recvfrom(65536)
            if data.decode().startswith(start):
                return data.decode(), source

    def answer(self, request, source, status, *headers):
        copied = [line for line in request.split("\r\n")
                  if re.match(r"(Via|From|To|Call-ID|CSeq|Record-Route):", line)]  # fmt: skip
        copied = [line + ";tag=2" if re.match(r"To:(?!.*;tag=)", line) else line for line in copied]
        lines = [f"SIP/2.0 {status}", *copied, *headers, "Content-Length: 0"]
        self.socket.sendto(("\r\n".join(lines) + "\r\n\r\n").encode(), source)


class World:
    def __init__(self, folder, ends):
        self.folder = folder
        self.ends = ends

    def start(self, name, *arguments):
        return Program(self, name, *arguments)

    def call(self, uri, *more, wanted=0):
        return self.start("user_agent_client", uri, *more).end(wanted)


def expect(said, *patterns):
    for pattern in patterns:
        if not re.search(pattern, said):
            raise Failure(f"no {pattern!r} in {said!r}")


def call_directly(world):
    """A call over UDP and one over TCP are answered and end."""
    server = world.start("user_agent_server")
    for transport in ("udp", "tcp"):
        heard = len(server.said)
        expect(world.call(f"sip:bob@{server.address};transport={transport}", 0), "180 Ringing", "200 OK")
        server.hear(r"a call from <sip:alice@[^$]*the call has ended", heard)
    server.stop()


def call_often(world):
    """Calls follow one another."""
    server = world.start("user_agent_server")
    said = world.call(f"sip:bob@{server.address}", 0, 30)
    if said.count("180 Ringing") != 30 or said.count("200 OK") != 60:  # the INVITE, and the BYE
        raise Failure(said)
    server.stop()


def call_nobody(world):
    """Where nobody listens, and what is no URI, is told with the reason."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as silent:
        silent.bind(("127.0.0.1", 0))
        uri = f"sip:bob@127.0.0.1:{silent.getsockname()[1]};transport=tcp"
        expect(world.call(uri, wanted=1), "nobody there could be reached: Connection refused")
    expect(world.call("mailto:bob@example.com", wanted=1), "the URI is none that can be sent to")


def hang_up(world):
    """SIGINT in a call hangs up; before it is answered, it gives the call up."""
    server = world.start("user_agent_server")
    caller = world.start("user_agent_client", f"sip:bob@{server.address}", 3600)
    caller.hear("200 OK")
    caller.signal(signal.SIGINT)
    caller.end()
    server.hear("the call has ended")
    server.stop()
    peer = Peer(world)
    caller = world.start("user_agent_client", f"sip:bob@127.0.0.1:{peer.port}")
    invite, source = peer.receive("INVITE")
    peer.answer(invite, source, "180 Ringing", f"Contact: <sip:127.0.0.1:{peer.port}>")
    caller.hear("180 Ringing")
    caller.signal(signal.SIGINT)
    cancel, _ = peer.receive("CANCEL")
    peer.answer(cancel, source, "200 OK")
    peer.answer(invite, source, "487 Request Terminated")
    expect(caller.end(1), "487 Request Terminated")


def be_hung_up(world):
    """The callee may hang up as well."""
    peer = Peer(world)
    caller = world.start("user_agent_client", f"sip:bob@127.0.0.1:{peer.port}", 3600)
    invite, source = peer.receive("INVITE")
    expect(invite, "Content-Type: application/sdp", r"\r\n\r\nv=0")
    peer.answer(invite, source, "200 OK", f"Contact: <sip:127.0.0.1:{peer.port}>")
    peer.receive("ACK")
    call_id = re.search(r"Call-ID: (\S+)", invite)[1]
    own = re.search(r"From: (.*)\r", invite)[1]
    bye = (f"BYE sip:alice@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{peer.port};branch=z9hG4bKbye\r\n"
           f"Max-Forwards: 70\r\nFrom: <sip:bob@127.0.0.1:{peer.port}>;tag=2\r\nTo: {own}\r\n"
           f"Call-ID: {call_id}\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n")  # fmt: skip
    peer.socket.sendto(bye.encode(), source)
    peer.receive("SIP/2.0 200")
    caller.end()


def register(world):
    """The registrar keeps to RFC 3261 §10.3, in what it takes as in what it refuses."""
    registrar = world.start("registrar")
    peer = Peer(world)
    bob = f"sip:bob@{registrar.address}"

    def ask(*headers, uri=bob, method="REGISTER", **more):
        return peer.ask(registrar.port, method, uri, *headers, **more)

    expect(ask("Contact: <sip:bob@192.0.2.1>;q=0.5", "Expires: 600"), "^SIP/2.0 200",
           r"Contact: <sip:bob@192.0.2.1>;q=0.5;expires=(600|599)")  # fmt: skip
    expect(ask("Contact: <sip:bob@192.0.2.2>;expires=100000"), "^SIP/2.0 200",
           r"192.0.2.1>", r"192.0.2.2>;expires=7200")  # fmt: skip
    expect(ask(), "^SIP/2.0 200", "192.0.2.1", "192.0.2.2")
    expect(ask("Contact: <sip:test@192.0.2.9>", method="INVITE"), "^SIP/2.0 302", "Contact: <sip:bob@192.0.2.1>")
    expect(ask("Contact: <sip:bob@192.0.2.3>;expires=59"), "^SIP/2.0 423", "Min-Expires: 60")
    for refused, *headers in (
        ("400", "Contact: *"),
        ("400", "Contact: *, <sip:bob@192.0.2.1>", "Expires: 0"),
        ("400", "Contact: <sip:bob@192.0.2.1"),
        ("400", "Contact: <sip:bob@192.0.2.1>", "Path: <sip:192.0.2.9"),
        ("403", "Contact: <sip:bob@192.0.2.1>", "Path: " + ", ".join(11 * ["<sip:192.0.2.9;lr>"])),
        ("403", "Contact: " + ", ".join(f"<sip:bob@192.0.2.{n}>" for n in range(1, 12))),
        ("420", "Contact: <sip:bob@192.0.2.1>", "Require: gruu"),
    ):
        expect(ask(*headers), f"^SIP/2.0 {refused}")
    expect(ask("Contact: <sip:bob@192.0.2.2>", sequence=101), "^SIP/2.0 200")
    for sequence, status in ((100, 500), (102, 200)):  # overtaken, and in order
        expect(ask("Contact: <sip:bob@192.0.2.2>", sequence=sequence), f"^SIP/2.0 {status}")
    path = "Path: <sip:192.0.2.8;lr>, <sip:192.0.2.9;lr>"  # RFC 3327 §5.3: it is repeated
    expect(ask("Contact: <sip:bob@192.0.2.2>", path, sequence=103), "^SIP/2.0 200",
           r"Path: <sip:192.0.2.8;lr>\r\nPath: <sip:192.0.2.9;lr>\r")  # fmt: skip
    expect(ask("Contact: <sip:a@192.0.2.2>", uri=f"sip:{registrar.address}"), "^SIP/2.0 404")
    expect(ask("Contact: <sip:bob@192.0.2.1>;expires=0"), "^SIP/2.0 200", "192.0.2.2")
    after = ask("Contact: *", "Expires: 0", sequence=104)
    if not after.startswith("SIP/2.0 200") or "Contact" in after:
        raise Failure(after)
    expect(ask("Contact: <sip:test@192.0.2.9>", method="INVITE"), "^SIP/2.0 404")
    registrar.stop()


def call_through_proxy(world):
    """A proxy finds the callee at the registrar of its domain, and stays in the call."""
    proxy = world.start("stateful_proxy")
    bob = f"sip:bob@{proxy.address}"
    expect(world.call(bob, wanted=1), "404 Not Found")
    server = world.start("user_agent_server", 0, bob)
    server.hear("registered")
    for transport in ("udp", "tcp"):
        heard, passed = len(server.said), len(proxy.said)
        expect(world.call(f"{bob};transport={transport}", 0), "180 Ringing", "200 OK")
        server.hear(r"a call from [^$]*the call has ended", heard)
        proxy.hear("BYE sip:", passed)  # for it has put itself into Record-Route
    expect(world.call(f"sip:{server.address}", 0), "200 OK")  # without it
    server.stop()
    expect(world.call(bob, wanted=1), "404 Not Found")
    # Further on, to a server of another domain.
    other = world.start("user_agent_server")
    peer = Peer(world)
    expect(peer.ask(proxy.port, "OPTIONS", f"sip:carol@{other.address}"), "^SIP/2.0 200")
    route = f"Route: <sip:{proxy.address};lr>"
    expect(peer.ask(proxy.port, "OPTIONS", f"sip:carol@{other.address}", route), "^SIP/2.0 200")
    # An ACK to where the INVITE went, and not to the Contact of who answered, arrives as well.
    expect(peer.ask(proxy.port, "REGISTER", bob, f"Contact: <sip:bob@127.0.0.1:{peer.port}>"),
           "^SIP/2.0 200")
    peer.send(proxy.port, "ACK", bob)
    expect(peer.receive("ACK")[0], f"^ACK sip:bob@127.0.0.1:{peer.port} ")
    proxy.stop()


def follow_path(world):
    """RFC 3327 §5.4: who registered through other proxies is called through them."""
    proxy = world.start("stateful_proxy")
    edge = Peer(world)
    bob = f"sip:bob@{proxy.address}"
    hops = [f"<sip:127.0.0.1:{edge.port};lr>", "<sip:192.0.2.9;lr>"]
    for contact, path in (("sip:bob@192.0.2.1", hops), ("sip:bob@192.0.2.2", hops[:1])):
        expect(edge.ask(proxy.port, "REGISTER", bob, f"Contact: <{contact}>", "Expires: 600",
                        "Path: " + ", ".join(path)), "^SIP/2.0 200")  # fmt: skip
        caller = world.start("user_agent_client", bob, 0)
        request, source = edge.receive(f"INVITE {contact} ")
        expect(request, "\r\n".join(f"Route: {hop}" for hop in path))
        edge.answer(request, source, "486 Busy Here")
        caller.end(1)
        edge.ask(proxy.port, "REGISTER", bob, "Contact: *", "Expires: 0")
    proxy.stop()


def fork(world):
    """A proxy asks all places where a user is; the first to answer has the call."""
    proxy = world.start("stateful_proxy")
    bob = f"sip:bob@{proxy.address}"
    silent = Peer(world)
    expect(silent.ask(proxy.port, "REGISTER", bob, f"Contact: <sip:bob@127.0.0.1:{silent.port}>"),
           "^SIP/2.0 200")  # fmt: skip
    server = world.start("user_agent_server", 0, bob)
    server.hear("registered")
    caller = world.start("user_agent_client", bob, 0)
    invite, source = silent.receive("INVITE")
    silent.answer(invite, source, "180 Ringing", f"Contact: <sip:127.0.0.1:{silent.port}>")
    expect(caller.end(), "200 OK")
    cancel, source = silent.receive("CANCEL")
    silent.answer(cancel, source, "200 OK")
    silent.answer(invite, source, "487 Request Terminated")
    silent.receive("ACK")
    proxy.stop()


def watch(world):
    """A watcher sees somebody come and go, and says at its end that it wants no more."""
    registrar = world.start("registrar")
    bob = f"sip:bob@{registrar.address}"
    watcher = world.start("presence_watcher", bob)
    watcher.hear(r"active\n.*<basic>closed</basic>")
    server = world.start("user_agent_server", 0, bob)
    watcher.hear(r"active\n.*<basic>open</basic>")
    heard = len(watcher.said)
    server.stop()
    watcher.hear(r"active\n.*<basic>closed</basic>", heard)
    heard = len(watcher.said)
    expect(watcher.stop()[heard:], r"terminated\n.*<basic>closed</basic>")
    registrar.stop()


def watch_on(world):
    """Who refreshes its subscription goes on hearing of the same user."""
    registrar = world.start("registrar")
    bob = f"sip:bob@{registrar.address}"
    peer = Peer(world)
    contact = f"Contact: <sip:127.0.0.1:{peer.port}>"
    first = peer.ask(registrar.port, "SUBSCRIBE", bob, "Event: presence", contact)
    tag = re.search(r"\r\nTo: [^\r]*;tag=([^\r;]+)", first)[1]
    target = re.search(r"\r\nContact: <([^>]+)>", first)[1]
    heard, source = peer.receive("NOTIFY")
    peer.answer(heard, source, "200 OK")
    expect(peer.ask(registrar.port, "SUBSCRIBE", target, "Event: presence", contact, to_tag=tag),
           "^SIP/2.0 200")  # fmt: skip
    expect(peer.receive("NOTIFY")[0], f'entity="{re.escape(bob)}"')


def watch_nobody(world):
    """Who does not tell what is going on cannot be watched."""
    server = world.start("user_agent_server")
    expect(world.start("presence_watcher", f"sip:bob@{server.address}").end(1), "405 Method Not Allowed")
    registrar = world.start("registrar")
    peer = Peer(world)
    expect(peer.ask(registrar.port, "SUBSCRIBE", f"sip:bob@{registrar.address}", "Event: dialog",
                    f"Contact: <sip:127.0.0.1:{peer.port}>"), "^SIP/2.0 489")  # fmt: skip


def call_back_to_back(world):
    """Two calls are one, whoever ends it."""
    server = world.start("user_agent_server")
    between = world.start("back_to_back_user_agent", 0, f"sip:bob@{server.address};transport=tcp")
    expect(world.call(f"sip:anybody@{between.address}", 0, 3), "180 Ringing", "200 OK")
    server.hear("(a call from [^$]*){3}")
    server.hear("(the call has ended[^$]*){3}")
    server.stop()
    expect(world.call(f"sip:anybody@{between.address}", wanted=1), "480 Temporarily Unavailable")
    between.stop()
    peer = Peer(world)
    between = world.start("back_to_back_user_agent", 0, f"sip:bob@127.0.0.1:{peer.port}")
    caller = world.start("user_agent_client", f"sip:anybody@{between.address}")
    invite, source = peer.receive("INVITE")
    expect(invite, "Max-Forwards: 69", r"\r\n\r\nv=0")
    peer.answer(invite, source, "486 Busy Here")
    peer.receive("ACK")
    expect(caller.end(1), "486 Busy Here")
    caller = world.start("user_agent_client", f"sip:anybody@{between.address}")
    invite, source = peer.receive("INVITE")
    peer.answer(invite, source, "180 Ringing", f"Contact: <sip:127.0.0.1:{peer.port}>")
    caller.hear("180 Ringing")
    caller.signal(signal.SIGINT)
    peer.answer(peer.receive("CANCEL")[0], source, "200 OK")
    peer.answer(invite, source, "487 Request Terminated")
    peer.receive("ACK")
    caller.end(1)
    between.stop()


def use(world):
    """Each says how it is used, refuses a port that is taken, and ends on SIGINT and SIGTERM."""
    for name, least in (("user_agent_client", 1), ("user_agent_server", 0), ("registrar", 0),
                        ("stateful_proxy", 0), ("presence_watcher", 1),
                        ("back_to_back_user_agent", 2)):  # fmt: skip
        for wrong in (["--help"], ["x"] * 9, ["x"] * (least - 1)):
            if len(wrong) == least == 0:
                continue
            done = subprocess.run([world.folder / name, *wrong], capture_output=True, text=True,
                                  timeout=patience, check=False)  # fmt: skip
            if done.returncode != 2 or not done.stderr.startswith(f"usage: {name} "):
                raise Failure(f"{name} {wrong}: {done}")
        if name in ("user_agent_client", "presence_watcher"):
            continue
        more = ["sip:127.0.0.1:9"] if least == 2 else []
        for number in (signal.SIGINT, signal.SIGTERM):
            running = world.start(name, 0, *more)
            other = subprocess.run([world.folder / name, str(running.port), *more], capture_output=True,
                                   text=True, timeout=patience, check=False)  # fmt: skip
            if other.returncode != 1 or "Address already in use" not in other.stderr:
                raise Failure(f"{name} at a port that is taken: {other}")
            running.signal(number)
            running.end()


cases = (call_directly, call_often, call_nobody, hang_up, be_hung_up, register, call_through_proxy,
         follow_path, fork,
         watch, watch_on, watch_nobody, call_back_to_back, use)  # fmt: skip


def play(case, folder):
    with contextlib.ExitStack() as ends:
        case(World(folder, ends))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", required=True, type=pathlib.Path)
    parser.add_argument("cases", nargs="*", help="names of cases; without any, all")
    given = parser.parse_args()
    checks = Checks()
    for case in cases:
        if given.cases and case.__name__ not in given.cases:
            continue
        checks.case(case.__doc__, play, case, given.examples)
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())
