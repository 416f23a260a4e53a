#!/usr/bin/env python3
"""What the commands of kith do to be certain: flows that are pinged.

  kith_reliable_test.py --kith PATH

Needs nothing but loopback; ends with a line "N passed, N failed" and exit code 0 or 1.
"""

import argparse
import socket
import subprocess
import sys
import tempfile
import threading
import time

from kith_talk_test import Checks, Message, World


class Registrar:
    """Takes one connection after the other, answers REGISTER as told, and the first `pongs` pings."""

    def __init__(self, *headers, pongs=0):
        self.headers, self.pongs = headers, pongs
        self.heard, self.pings, self.ended_at = [], [], None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        with self.listener.accept()[0] as peer:
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


def register(world, registrar, *arguments, seconds, instance=()):
    process = world.start("register", "sip:alice@example.com", "--proxy",
                          f"127.0.0.1:{registrar.port};transport=tcp", "--duration", str(seconds),
                          *instance, *arguments)
    return world.end(process)


def check_pings(world, checks):
    outbound = ["--instance", "urn:uuid:00000000-0000-1000-8000-000A95A0E128"]
    with Registrar("Flow-Timer: 1", pongs=99) as kept, \
            Registrar("Flow-Timer: 1", pongs=1) as dead, Registrar() as silent:
        results = {}
        threads = [threading.Thread(target=lambda name=name, one=one, seconds=seconds, more=more:
                                    results.update({name: register(world, one, *more,
                                                                   seconds=seconds)}))
                   for name, one, seconds, more in (("kept", kept, 3.3, outbound),
                                                    ("dead", dead, 15, []),
                                                    ("silent", silent, 3.3, []))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    checks.ends("a flow that is pinged", results["kept"], 0, "registered", "removed")
    gaps = [after - before for before, after in zip(kept.pings, kept.pings[1:])]
    checks.that("RFC 5626 §4.4: within the second that Flow-Timer says, each time",
                len(kept.pings) >= 2 and all(0.7 < gap < 1.6 for gap in gaps), kept.pings)
    contact = kept.heard[0]["Contact"]
    checks.that("RFC 5626 §4.2.1: the instance is named, with the flow",
                "reg-id=1" in contact and f'+sip.instance="<{outbound[1]}>"' in contact and
                "outbound" in kept.heard[0]["Supported"], contact)
    checks.that("that is one connection, and nothing but a refresh and the end",
                [one["Expires"] for one in kept.heard] == ["3600", "0"], kept.heard)
    checks.ends("a flow that is dead", results["dead"], 0, "not registered: the connection is dead")
    checks.that("RFC 5626 §4.4.1: given up 10 s after the ping that had no pong",
                len(dead.pings) == 2 and 9.5 < dead.ended_at - dead.pings[1] < 13,
                [dead.pings, dead.ended_at])
    checks.that("a registrar that says nothing of it is not pinged", silent.pings == [],
                silent.pings)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kith", required=True)
    told = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        world = World(told.kith, folder)
        for check in (check_pings,):
            try:
                check(world, checks)
            except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError,
                    subprocess.TimeoutExpired) as error:
                checks.that(f"{check.__name__}: {error!r}", False)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
