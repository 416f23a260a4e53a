#!/usr/bin/python3
"""The ways to reach kithd, and what --json prints: TLS, IPv6, other programs' locks.

  network_test.py --kithd PATH --kithctl PATH --kith PATH

Prints a line a case and `N passed, N failed`; ends with 0 when all passed. Everything lives in a
temporary folder and on free ports of the loopback.
"""

import json
import os
import selectors
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import programs_test as programs
from programs_test import alice, check, contains, domain, host

password = "through the looking-glass"
bob = f"sip:bob@{domain}"


def make_certificate(folder, name):
    """A certificate that vouches for itself, for this machine's loopback."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "60", "-subj", f"/CN={name}", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return certificate, key


def command(world, server, *words):
    return [world.options.kith, "--server", server, "--user", alice, *words]


def kith(world, server, *words, code=0):
    done = subprocess.run(
        command(world, server, *words), env={**world.environment(), "KITH_PASSWORD": password},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    check(done.returncode == code, f"kith {words} ended with {done.returncode}: {said}")
    return said


class Watcher:
    """`kith watch contacts`, line by line."""

    def __init__(self, world, server, *words):
        self.process = subprocess.Popen(
            command(world, server, "--json", *words, "--device", "w", "watch", "contacts"),
            env={**world.environment(), "KITH_PASSWORD": password}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        world.servers.append(Ended(self.process))
        self.rest = b""

    def line(self):
        deadline = time.monotonic() + programs.patience
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            while b"\n" not in self.rest:
                left = deadline - time.monotonic()
                check(left > 0 and ready.select(left), "the watcher says nothing")
                chunk = os.read(self.process.stdout.fileno(), 65536)
                check(chunk, "the watcher has ended")
                self.rest += chunk
        line, self.rest = self.rest.split(b"\n", 1)
        return json.loads(line)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(programs.patience)
        self.process.stdout.close()
        return code


class Ended:
    """A process that the World ends with its servers if it is still there."""

    def __init__(self, process):
        self.process = process


def init(world, *listen, more=()):
    words = [word for each in listen for word in ("--listen", each)]
    return world.kithctl(
        "--json", "init", "--force", "--domain", domain, "--host", host, *words, *more,
        "--data", str(world.data), "--control", str(world.control),
    )  # fmt: skip


# ---- The cases, in order; each goes on where the one before it stopped.


def init_announces_tls_where_there_is_a_certificate(world):
    world.certificate, world.key = make_certificate(world.folder, "first")
    other = world.folder / "other.toml"
    told = json.loads(world.kithctl(
        "--json", "init", "--domain", domain, "--host", host, "--certificate",
        str(world.certificate), "--key", str(world.key), "--data", str(world.folder / "other"),
        config=other,
    ))  # fmt: skip
    check(told["dns"] == [
        f"{name}.{domain}. 3600 IN SRV 0 0 {port} {host}."
        for name, port in (("_sipinternaltls._tcp", 5061), ("_sipinternal._tcp", 5060),
                           ("_sip._tls", 5061), ("_sip._tcp", 5060), ("_sip._udp", 5060))
    ], told)  # fmt: skip


def tls_is_spoken_to_whoever_believes_the_certificate(world):
    told = json.loads(init(world, "127.0.0.1:0", "tls:127.0.0.1:0", more=[
        "--certificate", str(world.certificate), "--key", str(world.key)]))  # fmt: skip
    check(told["host"] == host and told["config"] == str(world.config), told)
    world.kithctl("user", "add", alice, "--password-stdin", given=password + "\n")
    world.server = world.start()
    ports = world.server.listeners()
    world.tls, world.tcp = f"127.0.0.1:{ports['tls']}", f"127.0.0.1:{ports['tcp']}"
    world.by_tls = ["--transport", "tls", "--ca", str(world.certificate)]
    contains(kith(world, world.tls, *world.by_tls, "login"), "signed in as")


def a_certificate_of_somebody_else_is_refused(world):
    wrong, _ = make_certificate(world.folder, "wrong")
    said = kith(world, world.tls, "--transport", "tls", "--ca", str(wrong), "login", code=3)
    contains(said, "is not believed", "does not vouch for it")
    said = kith(world, world.tls, "--transport", "tls", "login", code=3)
    contains(said, "is not believed", "--ca")


def sighup_brings_a_new_certificate_and_cuts_nobody_off(world):
    watcher = Watcher(world, world.tls, *world.by_tls)
    check(watcher.line()["contacts"] == [], "the list is not empty")
    second, key = make_certificate(world.folder, "second")
    first = world.certificate.read_bytes()
    world.certificate.write_bytes(second.read_bytes())
    world.key.write_bytes(key.read_bytes())
    world.server.process.send_signal(signal.SIGHUP)
    world.server.wait("event=certificate_reloaded")
    by_second = ["--transport", "tls", "--ca", str(second)]
    kith(world, world.tls, *by_second, "contacts", "add", bob, "--name", "Bob")
    (world.folder / "first-again.pem").write_bytes(first)
    by_first = ["--transport", "tls", "--ca", str(world.folder / "first-again.pem")]
    contains(kith(world, world.tls, *by_first, "login", code=3), "is not believed")
    check(watcher.line()["changes"][0]["addedContact"]["uri"] == bob, "another change")
    world.key.write_text("no key")
    world.server.process.send_signal(signal.SIGHUP)
    contains(world.server.wait("event=certificate_not_reloaded"), "stays in use")
    kith(world, world.tls, *by_second, "contacts", "remove", bob)
    check(watcher.line()["changes"][0]["deletedContact"] == bob, "another change")
    check(watcher.end() == 0, "the watcher did not end in order")
    world.key.write_bytes(key.read_bytes())


def every_change_is_told_in_json(world):
    def told(*words):
        return json.loads(kith(world, world.tcp, "--json", *words))

    check(told("groups", "add", "Lab")["group"] == 2, "another group")
    check(told("groups", "add", "Old")["group"] == 3, "another group")
    for words in (
        ("contacts", "add", bob, "--name", "Bob"),
        ("contacts", "move", bob, "--group", "Lab", "--group", "Old"),
        ("contacts", "rename", bob, "Robert"),
        ("groups", "rename", "Lab", "Work"),
        ("groups", "remove", "Old"),
    ):
        answer = told(*words)
        check(answer["done"] and answer["already"] is False, f"{words}: {answer}")
    held = told("contacts", "list")
    check([group["name"] for group in held["groups"]] == ["~", "Work"], held)
    check([(each["name"], each["groups"]) for each in held["contacts"]] == [("Robert", [2])], held)
    check("done" in told("contacts", "remove", bob), "it was not removed")
    said = kith(world, world.tcp, "--json", "groups", "remove", "Old", code=1)
    contains(json.loads(said.splitlines()[0])["error"], "no group Old")


def an_operation_that_lost_a_race_is_repeated_and_says_so(world):
    """Between this device's look at the list and its change, another one is quicker: what stands
    between it and the server holds its request back until that has happened."""
    with socket.create_server(("127.0.0.1", 0)) as between:
        client = subprocess.Popen(
            command(world, f"127.0.0.1:{between.getsockname()[1]}", "--json", "contacts", "add",
                    bob),
            env={**world.environment(), "KITH_PASSWORD": password}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        world.servers.append(Ended(client))
        between.settimeout(programs.patience)
        near, _ = between.accept()
        host_name, port = world.tcp.split(":")
        far = socket.create_connection((host_name, int(port)), programs.patience)
        quicker = False
        with near, far, selectors.DefaultSelector() as ready:
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            while ready.get_map():
                events = ready.select(programs.patience)
                check(events, "nothing is said any more")
                for key, _ in events:
                    chunk = key.fileobj.recv(65536)
                    if not quicker and key.fileobj is near and b"SERVICE sip:" in chunk:
                        kith(world, world.tcp, "--device", "q", "contacts", "add", f"q@{domain}")
                        quicker = True
                    if chunk:
                        key.data.sendall(chunk)
                    else:
                        ready.unregister(key.fileobj)
                        key.data.shutdown(socket.SHUT_WR)
    out, err = client.communicate(timeout=programs.patience)
    check(client.returncode == 0 and quicker, f"{out}{err}")
    contains(err, "another device was quicker", f"add {bob}")
    check(json.loads(out)["repeated"] == 1, out)
    for uri in (bob, f"sip:q@{domain}"):
        check(json.loads(kith(world, world.tcp, "--json", "contacts", "remove", uri))["repeated"]
              == 0, uri)  # fmt: skip


def every_command_of_kithctl_answers_in_json(world):
    carol = f"carol@{domain}"

    def done(*words, **more):
        answer = json.loads(world.kithctl("--json", *words, **more))
        check("error" not in answer and answer, f"{words}: {answer}")
        return answer

    done("user", "add", carol, "--password-stdin", given="secret\n")
    done("user", "passwd", carol, "--password-stdin", given="another\n")
    done("user", "disable", carol)
    done("user", "enable", carol)
    done("user", "remove", carol)
    refused = json.loads(world.kithctl("--json", "user", "remove", carol, code=1))
    contains(refused["error"], "no user")
    contains(done("config", "show")["toml"], f"domains = ['{domain}']")
    checks = done("doctor")
    check(checks["well"] and "certificate" in [c["check"] for c in checks["checks"]], checks)
    found = json.loads(world.kithd("--check", "--json"))
    check(found["well"] and "database" in [c["check"] for c in found["checks"]], found)
    status = done("status")
    check(status["well"] and status["troubles"] == [], status)
    check(done("backup", str(world.folder / "b.db"))["counts"]["accounts"] == 1, "another count")
    contains(done("drain")["done"], "finished")
    check(world.server.ended() == 0, f"it ended with {world.server.process.returncode}")
    check(done("restore", str(world.folder / "b.db"))["counts"]["accounts"] == 1, "another count")


def ipv6_is_spoken(world):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError as error:
        raise programs.Failure(f"this machine has no ::1, so IPv6 is not tested: {error}") from error
    init(world, "[::1]:0")
    world.server = world.start()
    ports = world.server.listeners()
    for transport in ("tcp", "udp"):
        server = f"[::1]:{ports[transport]}"
        contains(kith(world, server, "--transport", transport, "login"), "signed in as")
        kith(world, server, "--transport", transport, "contacts", "add", f"{transport}@{domain}")
    contains(world.kithctl("contacts", alice), f"tcp@{domain}", f"udp@{domain}")
    contains(world.kithctl("status"), f"tcp:[::1]:{ports['tcp']}")
    check(world.server.end() == 0, "kithd did not end in order")


def a_database_that_another_program_holds_is_refused(world):
    with sqlite3.connect(world.data / "kith.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        contains(world.kithd(code=3), str(world.data / "kith.db"), "in use by another program",
                 "end that one first")  # fmt: skip
        contains(world.kithd("--check", code=1), "failed  database", "in use by another program")
        other.execute("ROLLBACK")
    other.close()
    world.kithd("--check")


story = [
    init_announces_tls_where_there_is_a_certificate,
    tls_is_spoken_to_whoever_believes_the_certificate,
    a_certificate_of_somebody_else_is_refused,
    sighup_brings_a_new_certificate_and_cuts_nobody_off,
    every_change_is_told_in_json,
    an_operation_that_lost_a_race_is_repeated_and_says_so,
    every_command_of_kithctl_answers_in_json,
    ipv6_is_spoken,
    a_database_that_another_program_holds_is_refused,
]


if __name__ == "__main__":
    sys.exit(programs.main(story, __doc__))
