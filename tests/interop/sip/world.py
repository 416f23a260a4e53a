"""Programs that run beside each other on loopback, and what they say: started here, waited for by
their own lines, ended when their world ends. All ports are free ones, all files in one folder."""

import contextlib
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time

host = "127.0.0.1"
patience = 20  # seconds until something that should happen counts as missing


class Missing(Exception):
    """Something did not happen, or did not happen in time."""


def wait_until(ready, what, seconds=patience):
    """What ready() gives as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := ready()):
        if time.monotonic() > deadline:
            raise Missing(f"{what} after {seconds} s")
        time.sleep(0.01)  # Waits: between two looks at another program.
    return found


def free_port(together=1):
    """A port that is free, with as many after it, for both TCP and UDP at this moment."""
    for _ in range(50):  # the system gives another one each time
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            first = 0
            for offset in range(together):
                tcp = held.enter_context(socket.socket())
                tcp.bind((host, first and first + offset))
                first = first or tcp.getsockname()[1]
                udp = held.enter_context(socket.socket(type=socket.SOCK_DGRAM))
                udp.bind((host, first + offset))
            return first
    raise Missing(f"no {together} ports of {host} are free for both TCP and UDP")


def listens(port, transport):
    """Whether somebody has bound the port of loopback; seen from outside, so nobody is disturbed."""
    wanted = {"udp": ("07",), "tcp": ("0A",)}[transport]
    with open(f"/proc/net/{transport}", encoding="ascii") as table:
        rows = [line.split() for line in table][1:]
    return any(row[1].endswith(f":{port:04X}") and row[3] in wanted for row in rows)


def program(name, package):
    """The path of a program; the administrator's ones are not always in PATH."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        raise Missing(f"{name} is not installed: apt-get install {package}")
    return path


class Program:
    """A process that we started; its lines, as they come, are in its log, too."""

    def __init__(self, folder, name, command, cwd=None, **variables):
        self.name, self.lines, self.changed = name, [], threading.Condition()
        self.log = folder / f"{name}.log"
        self.process = subprocess.Popen(
            command, cwd=cwd or folder, env={**os.environ, "LC_ALL": "C.UTF-8", **variables},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        with open(self.log, "w", encoding="utf-8") as log:
            for line in self.process.stdout:
                log.write(line)
                log.flush()
                with self.changed:
                    self.lines.append(line.rstrip())
                    self.changed.notify_all()
        with self.changed:
            self.lines.append(None)  # nothing comes after it
            self.changed.notify_all()

    def now(self):
        """The position behind all that was said so far."""
        return len(self.lines)

    def find(self, pattern, since=0, seconds=patience):
        """Waits for a line that the pattern is found in, at or after position `since`: its position
        and what was found."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while True:
                for position, line in enumerate(self.lines[since:], since):
                    found = line is not None and re.search(pattern, line)
                    if found:
                        return position, found
                ended = bool(self.lines) and self.lines[-1] is None
                if ended or not self.changed.wait(deadline - time.monotonic()):
                    last = " | ".join(line for line in self.lines[-6:] if line)
                    how = "has ended" if ended else f"has not in {seconds} s"
                    raise Missing(f"{self.name} should say {pattern!r} but {how}; its last: {last}")

    def line(self, pattern, since=0, seconds=patience):
        return self.find(pattern, since, seconds)[1]

    def say(self, text):
        """Gives it a line of standard input, and says where its answer will begin."""
        since = self.now()
        try:
            self.process.stdin.write(text + "\n")
            self.process.stdin.flush()
        except OSError as error:
            raise Missing(f"{self.name} cannot be told {text!r}: {error}") from error
        return since

    def wait(self, seconds=patience):
        """Its exit code, when it has ended by itself."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise Missing(f"{self.name} has not ended after {seconds} s") from error
        self.reader.join(5)
        return code

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)  # a session that we made
                self.process.wait()
        return self.process.returncode


class Capture:
    """What goes over loopback from and to some ports, kept, and judged by tshark."""

    def __init__(self, folder, ports):
        self.ports, self.file = sorted(ports), folder / "wire.pcapng"
        wanted = " or ".join(f"port {port}" for port in self.ports)
        self.capture = Program(
            folder, "capture",
            [program("tshark", "tshark"), "-i", "lo", "-f", wanted, "-B", "64", "-w", str(self.file)],
        )  # fmt: skip
        self.capture.line("File:|Capturing on")
        wait_until(self.sees, "tshark does not capture on lo")

    def sees(self):
        """Whether a datagram of ours is in the file by now: so is all that was sent before it."""
        with socket.socket(type=socket.SOCK_DGRAM) as marker:
            marker.bind((host, 0))
            marker.sendto(b"\r\n\r\n", (host, self.ports[0]))
            wanted = struct.pack(">HH", marker.getsockname()[1], self.ports[0])
            deadline = time.monotonic() + 2
            while time.monotonic() < deadline:
                with contextlib.suppress(OSError):
                    if wanted in self.tail():
                        return True
                time.sleep(0.02)  # Waits: between two looks at another program.
        return False

    def tail(self):
        with open(self.file, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - (1 << 20)))
            return file.read()

    def end(self):
        if self.capture.process.poll() is None:
            wait_until(self.sees, "the capture has no end")
            self.capture.end(signal.SIGINT)

    def tshark(self, *words):
        decode = [f"-d{kind}.port=={port},sip" for port in self.ports for kind in ("tcp", "udp")]
        done = subprocess.run(
            [program("tshark", "tshark"), "-n", "-r", str(self.file), *decode, *words],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise Missing(f"tshark: {done.stderr.strip().splitlines()[-1]}")
        return done.stdout.splitlines()

    def messages(self, display_filter="sip"):
        """Sender's port, and start line or method, of each message that matches."""
        fields = ("udp.srcport", "tcp.srcport", "sip.Request-Line", "sip.Status-Line")
        rows = self.tshark(
            "-Y", display_filter, "-T", "fields", *(f"-e{field}" for field in fields)
        )
        for row in rows:
            udp, tcp, request, status = row.split("\t")
            yield int(udp or tcp), request or status

    def malformed(self, not_from=()):
        """What tshark minds about messages, other than about those of the peers at these ports."""
        ours = " and ".join(
            ["sip", *(f"not (udp.srcport == {port} or tcp.srcport == {port})" for port in not_from)]
        )
        said = self.tshark("-Y", f"({ours}) and (_ws.malformed or _ws.expert.severity >= 6291456)",
                           "-T", "fields", "-eframe.number", "-e_ws.expert.message")  # fmt: skip
        minded = [line for line in said if not re.search(r"\t(Connection|TCP|Previous|This frame)", line)]
        count = sum(1 for _ in self.messages(ours))
        return count, minded


class World:
    """One folder and what runs in it; what it started it ends, the last first."""

    def __init__(self, folder):
        self.folder, self.running = folder, []

    def run(self, name, command, cwd=None, **variables):
        started = Program(self.folder, name, [str(word) for word in command], cwd, **variables)
        self.running.append(started)
        return started

    def once(self, name, command, seconds=patience):
        """Runs it to its end: (exit code, its lines)."""
        started = self.run(name, command)
        return started.wait(seconds), [line for line in started.lines if line is not None]

    def capture(self, *ports):
        started = Capture(self.folder, ports)
        self.running.append(started)
        return started

    def end(self):
        while self.running:
            self.running.pop().end()
