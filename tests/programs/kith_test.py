#!/usr/bin/env python3
"""The programs together: a server of kithd, set up with kithctl, used with kith by Digest.

  kith_test.py --kithd PATH --kithctl PATH --kith PATH

Needs nothing but loopback; ends with a line "N passed, N failed" and exit code 0 or 1.
"""

import argparse
import json
import os
import pathlib
import selectors
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from checks import Checks

USER = "alice@example.com"
PASSWORD = "through the looking-glass"
BOB = "sip:bob@example.com"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class World:
    """A server in a folder of its own, and the ways to run a client."""

    def __init__(self, programs, folder):
        self.programs = programs
        self.folder = pathlib.Path(folder)
        self.config = self.folder / "kith.toml"
        self.port = free_port()
        self.server = None

    def kithctl(self, *arguments, stdin=""):
        return subprocess.run([self.programs.kithctl, "--config", self.config, *arguments],
                              input=stdin, text=True, capture_output=True, timeout=60)

    def set_up(self):
        made = self.kithctl("init", "--domain", "example.com", "--listen", f"127.0.0.1:{self.port}",
                            "--data", str(self.folder / "data"),
                            "--control", str(self.folder / "kithctl.sock"))
        if made.returncode != 0:
            raise RuntimeError("kithctl init: " + made.stdout + made.stderr)
        made = self.kithctl("user", "add", USER, "--password-stdin", stdin=PASSWORD + "\n")
        if made.returncode != 0:
            raise RuntimeError("kithctl user add: " + made.stdout + made.stderr)
        self.start()

    def start(self):
        log = open(self.folder / "kithd.log", "ab")
        self.server = subprocess.Popen([self.programs.kithd, "--config", self.config],
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.server.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)  # Waits: for another process to listen.
        raise RuntimeError("kithd does not listen:\n" + (self.folder / "kithd.log").read_text())

    def stop(self, how):
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(how)
            self.server.wait(30)

    def command(self, *arguments, device="a", server=None):
        return [self.programs.kith, "--server", server or f"127.0.0.1:{self.port}",
                "--user", USER, "--device", device, *arguments]

    def kith(self, *arguments, password=PASSWORD, **where):
        environment = {key: value for key, value in os.environ.items() if key != "KITH_PASSWORD"}
        if password is not None:
            environment["KITH_PASSWORD"] = password
        return subprocess.run(self.command(*arguments, **where), stdin=subprocess.DEVNULL,
                              env=environment, text=True, capture_output=True, timeout=60)

    def watch(self, *arguments, after=(), device="w"):
        return subprocess.Popen(self.command(*arguments, "watch", "contacts", *after,
                                             device=device),
                                env={**os.environ, "KITH_PASSWORD": PASSWORD},
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)


def lines_of(process, count, seconds=20):
    """That many lines of a process's standard output, or fewer if time is up."""
    found, rest = [], b""
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        deadline = time.monotonic() + seconds
        while len(found) < count and ready.select(max(0, deadline - time.monotonic())):
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                break
            *whole, rest = (rest + chunk).split(b"\n")
            found += [line.decode() for line in whole]
    return found


def check_list_commands(world, checks):
    done = world.kith("login")
    checks.that("login says who", done.returncode == 0 and USER in done.stdout, done)
    done = world.kith("--json", "login")
    checks.that("login in JSON", done.returncode == 0 and
                json.loads(done.stdout)["scheme"] == "Digest", done)
    for arguments, what in [
            (["groups", "add", "Lab"], "a group is made"),
            (["contacts", "add", BOB, "--name", "Bob"], "a contact is added"),
            (["contacts", "move", BOB, "--group", "Lab"], "it is moved"),
            (["contacts", "rename", BOB, "Robert"], "it is renamed"),
            (["groups", "rename", "Lab", "Work"], "the group is renamed"),
    ]:
        done = world.kith(*arguments)
        checks.that(what, done.returncode == 0 and done.stdout.startswith("done"), done)
    done = world.kith("--json", "contacts", "list", device="b")
    held = json.loads(done.stdout) if done.returncode == 0 else {}
    checks.that("another device reads the list", [
        (contact["uri"], contact["name"]) for contact in held.get("contacts", [])
    ] == [(BOB, "Robert")], done)
    checks.that("in its group", "Work" in [group["name"] for group in held.get("groups", [])], done)
    done = world.kith("contacts", "list")
    checks.that("and as text", BOB in done.stdout and "Robert" in done.stdout, done)
    done = world.kith("groups", "list")
    checks.that("the groups as text", "Work" in done.stdout, done)


def check_watch(world, checks):
    watcher = world.watch("--json")
    first = lines_of(watcher, 1)
    checks.that("the watcher prints the list", len(first) == 1 and BOB in first[0])
    done = world.kith("contacts", "add", "carol@example.com", device="b")
    checks.that("another device adds", done.returncode == 0, done)
    change = lines_of(watcher, 1)
    checks.that("the watcher hears of it", len(change) == 1 and
                json.loads(change[0])["changes"][0]["addedContact"]["uri"] ==
                "sip:carol@example.com")
    watcher.send_signal(signal.SIGINT)
    checks.that("the watcher ends in order", watcher.wait(20) == 0)

    counted = world.watch(after=["--count", "1"], device="c")
    lines_of(counted, 1)
    world.kith("contacts", "remove", "sip:carol@example.com", device="b")
    checks.that("--count 1 ends after one change", counted.wait(20) == 0)


def check_trace(world, checks):
    done = world.kith("--trace", "contacts", "list")
    checks.that("the trace shows what was sent and received",
                ">>>" in done.stderr and "<<<" in done.stderr and
                "REGISTER sip:example.com SIP/2.0" in done.stderr, done)
    checks.that("the password is nowhere", PASSWORD not in done.stderr + done.stdout, done)


def check_refusals(world, checks):
    for what, code, word, arguments, options in [
            ("a wrong password", 1, "password", ["login"], {"password": "guess"}),
            ("no password", 2, "--password-stdin", ["login"], {"password": None}),
            ("nobody listens", 3, "kithd", ["login"], {"server": f"127.0.0.1:{free_port()}"}),
            ("an unknown host", 3, "--server", ["login"], {"server": "no.such.host.invalid"}),
            ("a bad address", 2, "address", ["contacts", "add", "sip:nobody"], {}),
            ("a contact twice", 1, "already", ["contacts", "add", BOB], {}),
            ("one that is not there", 1, "not on the list",
             ["contacts", "remove", "sip:dan@example.com"], {}),
            ("an unknown group", 1, "groups add",
             ["contacts", "move", BOB, "--group", "Nowhere"], {}),
    ]:
        done = world.kith(*arguments, **options)
        checks.that(f"{what}: exit code {code}", done.returncode == code, done)
        checks.that(f"{what}: says {word!r}", word in done.stderr, done)


def check_groups(world, checks):
    """Groups are told by what is shown, or by their numbers; what is neither is refused."""
    for what, code, word, arguments in [
            ("group 1 stays", 1, "always stays", ["groups", "remove", "#1"]),
            ("and so does its name", 1, "keeps its name", ["groups", "rename", "#1", "Lab"]),
            ("a second group of one name", 1, "already, #2", ["groups", "add", "Work"]),
            ("one called as group 1 is shown", 1, "already, #1", ["groups", "add", "(no group)"]),
            ("one called as a number", 2, "number of a group", ["groups", "add", "#9"]),
            ("one without a name", 2, "needs a name", ["groups", "add", " "]),
            ("a rename to a number", 2, "number of a group", ["groups", "rename", "Work", "#9"]),
            ("a number that is none", 1, "`kith groups list` shows them\n",
             ["contacts", "move", BOB, "--group", "#7"]),
            ("a name for a shell", 1, "`kith groups add 'Bob'\\''s'`",
             ["contacts", "move", BOB, "--group", "Bob's"]),
            ("(no group) is one", 0, "", ["contacts", "move", BOB, "--group", "(no group)"]),
            ("and so is #2", 0, "", ["contacts", "move", BOB, "--group", "#2"]),
            ("a rename to the same name", 0, "", ["groups", "rename", "Work", "Work"]),
    ]:
        before = time.monotonic()
        done = world.kith(*arguments)
        checks.that(f"{what}: exit code {code}", done.returncode == code, done)
        checks.that(f"{what}: says {word!r}", word in done.stderr, done)
        checks.that(f"{what}: at once", time.monotonic() - before < 20, done)
    held = json.loads(world.kith("contacts", "list", "--json").stdout)
    checks.that("nothing else was changed", held["groups"][1:] == [{"id": 2, "name": "Work"}] and
                [one["groups"] for one in held["contacts"]] == [[2]])


def check_usage(world, checks):
    for what, word, arguments in [
            ("no command", "kith: a command is needed; the commands are login, contacts, groups", []),
            ("no such command", "kith: there is no command frob; the commands are login", ["frob"]),
            ("no such command of contacts",
             "kith contacts: there is no command ad; the commands are list, add",
             ["contacts", "ad"]),
            ("an option and no command", "kith: there is no option --confg", ["--confg", "x"]),
            ("too much, in its order", "kith groups list: unknown: x, --confg\n", ["groups", "list", "x", "--confg"]),
            ("a count of none", "not in range 1 to 1000000\n", ["watch", "contacts", "--count", "0"]),
    ]:
        done = world.kith(*arguments)
        checks.that(f"{what}: exit code 2", done.returncode == 2, done)
        checks.that(f"{what}: says {word!r}", word in done.stderr, done)
    for port in ("99999", "65536", "0", "abc", "5060x", ""):
        done = world.kith("login", server=f"127.0.0.1:{port}", password=None)
        checks.that(f"port {port!r} is refused before a password is asked for",
                    done.returncode == 2 and "1 to 65535" in done.stderr, done)
    for server in ("[::1", "[::1]5060", ":5060"):
        done = world.kith("login", server=server)
        checks.that(f"{server} is refused", done.returncode == 2 and server in done.stderr, done)
    done = world.kith("contacts", "list", "--json", "--timeout", "20")
    checks.that("options after the command", done.returncode == 0 and json.loads(done.stdout), done)
    done = world.kith("groups", "add", "--help")
    checks.that("the help of a command has an example of it, and no other",
                "kith groups add Lab\n" in done.stdout and "#2" not in done.stdout and
                "lint" not in done.stdout and "--password-stdin" in done.stdout, done)


def check_sign_in(world, checks):
    """Whoever is not signed in has nobody to take leave of."""
    before = time.monotonic()
    done = world.kith("login", password="guess")
    checks.that("a wrong password is refused at once", done.returncode == 1 and
                time.monotonic() - before < 5.5, done)
    done = world.kith("login", "--kerberos")
    checks.that("without Kerberos there: what to leave out", done.returncode == 1 and
                "only Digest; leave out --kerberos" in done.stderr, done)


def check_scripts(_, checks):
    """What stands around the programs in a clone says what it takes."""
    scripts = pathlib.Path(__file__).resolve().parent.parent.parent / "scripts"
    for arguments, code, word in [
            (["run", "--help"], 0, "--once"), (["install", "-h"], 0, "Groups: build, run"),
            (["test", "--help"], 0, "--preset"), (["run", "--frob"], 2, "--frob"),
            (["install"], 1, "usage"), (["install", "frob"], 1, "unknown group frob"),
            (["run", "--once", "--bin", "/nonexistent"], 2, "no program kithd"),
    ]:
        done = subprocess.run([scripts / arguments[0], *arguments[1:]], stdin=subprocess.DEVNULL,
                              text=True, capture_output=True, timeout=60)
        checks.that(f"scripts/{' '.join(arguments)}: {code}, {word!r}", done.returncode == code and
                    word in done.stdout + done.stderr and "== a Kerberos" not in done.stdout, done)


def check_restart(world, checks):
    watcher = world.watch()
    lines_of(watcher, 1)
    world.stop(signal.SIGKILL)
    checks.that("a watcher whose server is gone ends with 3", watcher.wait(20) == 3 and
                b"connection" in watcher.stderr.read())
    with sqlite3.connect(world.folder / "data/kith.db") as database:  # as other clients make them
        database.execute("INSERT INTO groups SELECT user, 3, name, external_uri FROM groups "
                         "WHERE name = 'Work'")
    database.close()
    world.start()
    done = world.kith("groups", "remove", "Work")
    checks.that("of two groups of one name none is guessed", done.returncode == 1 and
                "2 groups are called Work; give the number of one of them: '#2', '#3'" in
                done.stderr, done)
    done = world.kith("groups", "remove", "#3")
    checks.that("a number is enough", done.returncode == 0, done)
    done = world.kith("groups", "remove", "Work")
    checks.that("and then so is the name", done.returncode == 0, done)
    done = world.kith("contacts", "list")
    checks.that("the list is there after a kill", BOB in done.stdout, done)
    done = world.kith("contacts", "remove", BOB)
    checks.that("and can be changed", done.returncode == 0, done)
    done = world.kith("--transport", "udp", "contacts", "list")
    checks.that("over UDP, too", done.returncode == 0 and "0 contacts" in done.stdout, done)


def main():
    parser = argparse.ArgumentParser()
    for program in ("kithd", "kithctl", "kith"):
        parser.add_argument("--" + program, required=True)
    programs = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        world = World(programs, folder)
        try:
            world.set_up()
            checks.run([check_list_commands, check_watch, check_trace, check_refusals, check_groups,
                        check_usage, check_sign_in, check_scripts, check_restart], world)
        except RuntimeError as error:
            checks.that(str(error), False)
        finally:
            world.stop(signal.SIGTERM)
            if checks.failed:
                log = world.folder / "kithd.log"
                print("-- the server's log:\n" + (log.read_text()[-3000:] if log.exists() else ""))
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())
