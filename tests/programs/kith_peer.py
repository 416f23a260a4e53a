"""For the commands of kith that talk to a peer: kith itself, a peer that says what a test wants it to
say, and what tests of both have in common."""

import argparse
import hashlib
import json
import os
import pathlib
import re
import select
import socket
import subprocess
import tempfile
import threading
import time

from checks import Checks

PASSWORD = "open sesame"
ALICE = "alice@example.com"


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


def yes(message, _):
    if message.method == "ACK":
        return []
    return message.response("200 OK", "Allow: INVITE, BYE", "Server: Peer/1")


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


def main(functions):
    """Runs these, or those that the command line names; the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kith", required=True)
    parser.add_argument("checks", nargs="*", help="only these")
    told = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        checks.run([one for one in functions if not told.checks or one.__name__ in told.checks],
                   World(told.kith, folder))
    return checks.close()
