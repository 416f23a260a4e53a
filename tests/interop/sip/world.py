"""Programs that run beside each other on loopback, and what they say: started here, waited for by
their own lines, ended when their world ends. All ports are free ones, all files in one folder."""

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import threading
import time

host = "127.0.0.1"
warning = 0x600000  # tshark's severities from there on are warnings and errors
of_tcp = r"(Connection|TCP|Previous|This frame|D-SACK|Duplicate)[^,]*"  # what it says of segments
patience = 20  # seconds until something that should happen counts as missing
handed_out, handing_out = set(), threading.Lock()  # ports


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
    """A port that is free, with as many after it, for both TCP and UDP; nobody here gets it twice."""
    for _ in range(50):  # the system gives another one each time
        with handing_out, contextlib.ExitStack() as held, contextlib.suppress(OSError):
            first = 0
            for offset in range(together):
                tcp = held.enter_context(socket.socket())
                tcp.bind((host, first and first + offset))
                first = first or tcp.getsockname()[1]
                udp = held.enter_context(socket.socket(type=socket.SOCK_DGRAM))
                udp.bind((host, first + offset))
            wanted = range(first, first + together)
            if handed_out.isdisjoint(wanted):
                handed_out.update(wanted)
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

    def ask_to_end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)

    def end(self, seconds=5):
        """Its exit code, after it was asked to end or has ended by itself."""
        if self.process.poll() is None:
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)  # a session that we made
                self.process.wait()
        return self.process.returncode


class Capture:
    """What goes over loopback from ports of ours, and to some of others: kept, judged by tshark."""

    def __init__(self, folder, ours, to):
        self.ours, self.to = sorted(ours), sorted(to)
        self.ports, self.file = self.ours + self.to, folder / "wire.pcapng"
        self.mark = socket.socket(type=socket.SOCK_DGRAM)  # to itself: nobody else is bothered
        self.mark.bind((host, 0))
        self.mark_port = self.mark.getsockname()[1]
        wanted = " or ".join(f"port {port}" for port in [*self.ports, self.mark_port])
        self.capture = Program(
            folder, "capture",
            [program("dumpcap", "tshark"), "-i", "lo", "-f", wanted, "-B", "64", "-w", str(self.file)],
        )  # fmt: skip
        self.capture.line("File:")
        wait_until(self.sees, "dumpcap does not capture on lo")

    def sees(self):
        """Whether a datagram of ours is in the file by now: so is all that was sent before it."""
        wanted = secrets.token_bytes(16)
        self.mark.sendto(wanted, (host, self.mark_port))
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

    def ask_to_end(self):
        self.capture.ask_to_end(signal.SIGINT)

    def end(self):
        self.capture.end()
        self.mark.close()

    def complete(self):
        """Ends it when all that was sent up to now is in the file."""
        wait_until(self.sees, "the capture has no end")
        self.ask_to_end()
        self.end()

    def tshark(self, *words):
        decode = [f"-d{kind}.port=={port},sip" for port in self.ports for kind in ("tcp", "udp")]
        done = subprocess.run(
            # The sessions of ten thousand calls all name one address and port of ours: it need not
            # look through them for each.
            [program("tshark", "tshark"), "-n", "-r", str(self.file), *decode,
             "-o", "sdp.establish_conversation:FALSE", *words],
            # Whose HOME it is has no say in what is malformed.
            env={**os.environ, "HOME": str(self.file.parent), "XDG_CONFIG_HOME": str(self.file.parent)},
            capture_output=True, text=True, timeout=1500, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise Missing(f"tshark: {done.stderr.strip().splitlines()[-1]}")
        return done.stdout.splitlines()

    def sent(self):
        """The display filter for messages that we sent."""
        ends = [("src", port) for port in self.ours] + [("dst", port) for port in self.to]
        from_us = (f"{kind}.{end}port == {port}" for end, port in ends for kind in ("tcp", "udp"))
        return f"sip and ({' or '.join(from_us)})"

    def malformed(self):
        """How many messages we sent, and what tshark minds about them: a line each."""
        rows = self.tshark(
            "-Y", self.sent(), "-T", "fields", "-e", "frame.number", "-e", "sip.CSeq.method",
            "-e", "_ws.malformed", "-e", "_ws.expert.severity", "-e", "_ws.expert.message",
        )  # fmt: skip
        count, minded = 0, []
        for row in rows:
            number, methods, broken, severities, said = row.split("\t")
            count += methods.count(",") + 1  # of TCP, a frame has several messages
            warned = any(int(one) >= warning for one in severities.split(",") if one)
            if broken or warned and not re.fullmatch(of_tcp, said):
                minded.append(f"frame {number}: {said}")
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

    def capture(self, ours, to=()):
        started = Capture(self.folder, ours, to)
        self.running.append(started)
        return started

    def end(self):
        """All are told before one is waited for: some take their time to say goodbye."""
        for one in reversed(self.running):
            one.ask_to_end()
        while self.running:
            self.running.pop().end()
