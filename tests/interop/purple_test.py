#!/usr/bin/python3
"""Debian's pidgin-sipe against kithd: signed in with Kerberos, changing contacts and groups.

Prints a line a case and `N passed, N failed`; ends with 0 when all passed. Everything lives in a
temporary folder and on free ports of the loopback; the folder is kept when a case failed.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "kdc"))
import kdc  # noqa: E402  (beside this file, not installed)

domain = "example.com"
host = "lcs.example.com"
user = f"alice@{domain}"
patience = 15  # seconds until something that should happen counts as missing


# ---- What the command lines of kithd and kithctl look like is known here and nowhere else.


def start_server(world, first_time):
    """Starts kithd and returns its process when it accepts connections."""
    if first_time:
        world.kithctl(
            "init", "--domain", domain, "--listen", f"127.0.0.1:{world.port}",
            "--keytab", str(world.keytab), "--data", str(world.folder / "data"),
            "--control", str(world.folder / "kithctl.sock"),
        )  # fmt: skip
        world.kithctl("user", "add", user, "--principal", f"alice@{world.realm.name()}")
    process = world.spawn([world.options.kithd, "--config", str(world.config)], "kithd")
    wait_until(lambda: accepts(world.port), f"kithd does not listen on 127.0.0.1:{world.port}")
    return process


def server_list(world):
    """The user's list as `kithctl contacts` tells it, as a View."""
    told = json.loads(world.kithctl("--json", "contacts", user))
    names = {group["id"]: shown_name(group["name"]) for group in told["groups"]}
    contacts = set()
    for contact in told["contacts"]:
        for group in contact["groups"]:
            contacts.add((with_scheme(contact["uri"]), contact["name"], names[group]))
    return View(frozenset(names.values()), frozenset(contacts))


# ---- Lists


@dataclasses.dataclass(frozen=True)
class View:
    """A contact list as somebody sees it: group names, and (uri, name, group) a membership."""

    groups: frozenset
    contacts: frozenset

    def __str__(self):
        return f"groups {sorted(self.groups)}, contacts {sorted(self.contacts)}"


def shown_name(group):
    return "Other Contacts" if group == "~" else group


def with_scheme(uri):
    return uri if uri.startswith("sip:") else f"sip:{uri}"


def view(groups, *contacts):
    """view("Friends Work", "bob Bob Friends") in words, as the cases say it."""
    memberships = []
    for contact in contacts:
        name, shown, *within = contact.split()
        memberships += [(f"sip:{name}@{domain}", shown, group) for group in within]
    return View(frozenset([*groups.split(), "Other Contacts"]), frozenset(memberships))


# ---- Waiting


class Missing(Exception):
    """Something did not happen, or did not happen in time."""


def wait_until(ready, what, seconds=patience):
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise Missing(f"{what} after {seconds} s")
        time.sleep(0.02)  # Waits: between two looks at another program.


def next_second():
    """Returns when the wall clock's second changes: the client draws its ids from it."""
    now = int(time.time())
    while int(time.time()) == now:
        time.sleep(0.005)  # Waits: for the clock itself.


def accepts(port):
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def end(process, number=signal.SIGTERM):
    """Ends a process that we started, and waits for it."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# ---- One device of the user


class Device:
    """A purple_client of its own: own folder, own host name, own credential cache."""

    def __init__(self, world, name):
        self.world, self.name = world, name
        self.folder = world.folder / name
        self.folder.mkdir()
        self.debug_log = self.folder / "debug.log"
        self.events = []
        self.changed = threading.Condition()
        ticket = self.folder / "ticket"
        world.realm.ticket("alice", ticket, world.password)
        self.process = world.spawn(
            [world.options.purple, "--server", f"127.0.0.1:{world.port}", "--transport", "tcp",
             "--user", user, "--auth", "krb5", "--hostname", f"{name}-pc",
             "--dir", str(self.folder / "purple"), "--debug-log", str(self.debug_log)],
            name, KRB5CCNAME=f"FILE:{ticket}", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        threading.Thread(target=self.read, daemon=True).start()
        self.wait("ready")

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.events.append(json.loads(line))
                self.changed.notify_all()
        with self.changed:
            self.events.append({"event": "ended"})
            self.changed.notify_all()

    def wait(self, event, since=0, **fields):
        """The first such event at or after position `since`; an error of the client ends it."""
        wanted = {"event": event, **fields}
        deadline = time.monotonic() + patience
        with self.changed:
            while True:
                for position in range(since, len(self.events)):
                    told = self.events[position]
                    if wanted.items() <= told.items():
                        return told
                    if told["event"] in ("connection-error", "ended", "failed"):
                        raise Missing(f"{self.name}: {told} while waiting for {wanted}")
                if not self.changed.wait(deadline - time.monotonic()):
                    told = self.events[since:]
                    raise Missing(f"{self.name}: no {wanted}; since then: {told}")

    def do(self, *words):
        """Gives a command and returns when the client has done its own part."""
        since = len(self.events)
        try:
            self.process.stdin.write(shlex.join(words) + "\n")
            self.process.stdin.flush()
        except OSError as error:
            raise Missing(f"{self.name}: cannot be told to {words[0]}: {error}") from error
        self.wait("done", since, command=words[0])
        return since

    def start_signing_in(self):
        return self.do("login")

    def sign_in(self):
        self.wait("connected", self.start_signing_in())

    def sign_out(self):
        self.wait("disconnected", self.do("logout"))
        self.do("quit")
        self.process.wait(patience)

    def list(self):
        told = self.wait("list", self.do("list"))
        contacts = frozenset((b["uri"], b["alias"], b["group"]) for b in told["buddies"])
        return View(frozenset(told["groups"]), contacts)

    def call_id(self):
        """The Call-ID of its REGISTER requests, from its own log."""
        found = re.search(r"^Call-ID: (\S+)", self.debug_log.read_text(errors="replace"), re.M)
        return found.group(1) if found else None

    def errors(self):
        """What its log calls an error, without what a machine without a desktop brings about."""
        known = r"(dbus|plugins|network|certificate\S*|nss|gstreamer): "
        lines = self.debug_log.read_text(errors="replace").splitlines()
        return [
            line
            for line in lines
            if re.match(r"(error|fatal) ", line) and not re.match(rf"\w+ {known}", line)
        ]


# ---- The world of one run: a realm, a server, a capture of its port


class World:
    def __init__(self, options, folder, enctype):
        self.options, self.folder = options, folder
        self.password = "Passw0rd!a"
        self.port = free_port()
        self.config = folder / "kith.toml"
        self.keytab = folder / "kith.keytab"
        self.capture_file = folder / "wire.pcapng"
        self.realm = kdc.Realm(folder / "realm")
        self.enctype = enctype
        self.started = []
        self.devices = []

    def start(self):
        self.folder.mkdir()
        self.realm.start()
        self.realm.principal("alice", self.password)
        self.realm.keytab(f"sip/{host}", self.keytab, self.enctype)
        self.capture = self.start_capture()
        self.server = start_server(self, first_time=True)

    def environment(self, **more):
        return {**os.environ, **self.realm.env, "KRB5_KTNAME": f"FILE:{self.keytab}", **more}

    def spawn(self, command, name, stdin=subprocess.DEVNULL, stdout=None, **variables):
        """Starts a process; what it writes is kept in the folder."""
        with open(self.folder / f"{name}.log", "ab") as log:
            process = subprocess.Popen(
                command, env=self.environment(**variables), stdin=stdin,
                stdout=stdout or log, stderr=log, text=True,
            )  # fmt: skip
        self.started.append(process)
        return process

    def kithctl(self, *words):
        done = subprocess.run(
            [self.options.kithctl, "--config", str(self.config), *words],
            env=self.environment(), capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise Missing(f"kithctl {shlex.join(words)} ended with {done.returncode}: {said}")
        return done.stdout

    def device(self, name):
        device = Device(self, name)
        self.devices.append(device)
        return device

    def expect(self, wanted, *devices):
        """The server and each device come to show exactly this list."""
        for name, look in [("kithctl", lambda: server_list(self))] + [
            (device.name, device.list) for device in devices
        ]:
            seen = look()
            deadline = time.monotonic() + patience
            while seen != wanted:
                if time.monotonic() > deadline:
                    raise Missing(f"{name} shows {seen}; wanted {wanted}")
                time.sleep(0.05)  # Waits: between two looks at another program.
                seen = look()

    def kill_and_restart(self):
        end(self.server, signal.SIGKILL)
        self.server = start_server(self, first_time=False)

    def start_capture(self):
        process = self.spawn(
            ["tshark", "-i", "lo", "-f", f"tcp port {self.port}", "-w", str(self.capture_file)],
            "capture",
        )
        log = self.folder / "capture.log"

        def ready():
            if process.poll() is not None:
                raise Missing(f"tshark cannot capture: {log.read_text().strip()}")
            return "File:" in log.read_text()

        wait_until(ready, "tshark does not start to capture")
        return process

    def end_capture(self):
        """Ends it when it has seen a last connection of ours: all before that is in the file."""
        with socket.socket() as marker:
            marker.bind(("127.0.0.1", 0))
            with contextlib.suppress(OSError):
                marker.connect(("127.0.0.1", self.port))
            ports = struct.pack(">HH", marker.getsockname()[1], self.port)
        with contextlib.suppress(Missing):
            wait_until(lambda: ports in self.capture_file.read_bytes(), "no end of the capture")
        end(self.capture, signal.SIGINT)

    def tshark(self, display_filter, *fields):
        """The frames of the capture that match: a line each."""
        done = subprocess.run(
            ["tshark", "-r", str(self.capture_file), "-d", f"tcp.port=={self.port},sip",
             "-o", "tcp.reassemble_out_of_order:TRUE", "-Y", display_filter, "-T", "fields",
             *(f"-e{field}" for field in fields)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise Missing(f"tshark: {done.stderr.strip()}")
        return done.stdout.splitlines()

    def close(self):
        for process in reversed(self.started):
            end(process)
        self.realm.stop()


# ---- The cases, in order; each goes on where the one before it stopped.


def two_devices_sign_in(world):
    world.phone = world.device("phone")
    world.phone.sign_in()
    next_second()
    world.laptop = world.device("laptop")
    world.laptop.sign_in()
    world.expect(view(""), world.phone, world.laptop)


def a_contact_in_a_new_group(world):
    world.phone.do("add", f"bob@{domain}", "Friends", "Bob")
    world.expect(view("Friends", "bob Bob Friends"), world.phone, world.laptop)


def a_contact_in_a_group_that_exists(world):
    world.laptop.do("add", f"carol@{domain}", "Friends", "Carol")
    wanted = view("Friends", "bob Bob Friends", "carol Carol Friends")
    world.expect(wanted, world.phone, world.laptop)


def a_contact_renamed(world):
    world.phone.do("alias", f"bob@{domain}", "Bobby")
    wanted = view("Friends", "bob Bobby Friends", "carol Carol Friends")
    world.expect(wanted, world.phone, world.laptop)


def a_contact_moved(world):
    world.laptop.do("move", f"bob@{domain}", "Work&Play")
    wanted = view("Friends Work&Play", "bob Bobby Work&Play", "carol Carol Friends")
    world.expect(wanted, world.phone, world.laptop)


def a_contact_in_two_groups(world):
    world.phone.do("copy", f"bob@{domain}", "Friends")
    wanted = view("Friends Work&Play", "bob Bobby Work&Play Friends", "carol Carol Friends")
    world.expect(wanted, world.phone, world.laptop)


def a_group_renamed(world):
    world.laptop.do("rename-group", "Work&Play", "Büro<1>")
    wanted = view("Friends Büro<1>", "bob Bobby Büro<1> Friends", "carol Carol Friends")
    world.expect(wanted, world.phone, world.laptop)


def a_contact_removed_from_one_of_its_groups(world):
    world.phone.do("remove", f"bob@{domain}", "Friends")
    wanted = view("Friends Büro<1>", "bob Bobby Büro<1>", "carol Carol Friends")
    world.expect(wanted, world.phone, world.laptop)


def a_contact_removed(world):
    world.laptop.do("remove", f"carol@{domain}")
    world.expect(view("Friends Büro<1>", "bob Bobby Büro<1>"), world.phone, world.laptop)


def a_group_removed_with_its_contacts(world):
    world.phone.do("remove-group", "Büro<1>")
    world.expect(view("Friends"), world.phone, world.laptop)


def changes_without_waiting_for_answers(world):
    for name in ("dave", "erin", "frank"):
        world.phone.do("add", f"{name}@{domain}", "Friends", name.title())
    world.phone.do("alias", f"dave@{domain}", "David")
    world.phone.do("remove", f"erin@{domain}")
    wanted = view("Friends", "dave David Friends", "frank Frank Friends")
    world.expect(wanted, world.phone, world.laptop)


def two_devices_sign_in_within_a_second(world):
    """They then share Call-IDs, tags and branches; their own logs say whether they did."""
    for attempt in range(5):
        next_second()
        pair = [world.device(f"{name}-{attempt}") for name in ("tablet", "desktop")]
        for device, since in [(device, device.start_signing_in()) for device in pair]:
            device.wait("connected", since)
        if pair[0].call_id() is not None and pair[0].call_id() == pair[1].call_id():
            break
        for device in pair:
            device.sign_out()
    else:
        raise Missing("the two clients never started within one second")
    everyone = [world.phone, world.laptop, *pair]
    world.expect(view("Friends", "dave David Friends", "frank Frank Friends"), *everyone)
    pair[0].do("alias", f"frank@{domain}", "Franz")
    world.expect(view("Friends", "dave David Friends", "frank Franz Friends"), *everyone)
    pair[1].do("move", f"dave@{domain}", "Team")
    world.expect(view("Friends Team", "dave David Team", "frank Franz Friends"), *everyone)
    # Each client that hears of the new name answers with a modifyGroup of its own, with the
    # deltaNum that it has just learned: of three of them at most one can be in step.
    pair[0].do("rename-group", "Team", "Crew")
    world.expect(view("Friends Crew", "dave David Crew", "frank Franz Friends"), *everyone)
    for device in pair:
        device.sign_out()


def a_device_that_stays_hears_on_after_others_left(world):
    world.laptop.sign_out()
    world.phone.do("add", f"grace@{domain}", "Crew", "Grace")
    wanted = view("Friends Crew", "dave David Crew", "frank Franz Friends", "grace Grace Crew")
    world.expect(wanted, world.phone)
    world.phone.sign_out()


def the_list_outlives_a_killed_server(world):
    wanted = view("Friends Crew", "dave David Crew", "frank Franz Friends", "grace Grace Crew")
    world.kill_and_restart()
    world.expect(wanted)
    next_second()
    world.phone = world.device("phone-again")  # a new folder: what it shows came from the server
    world.phone.sign_in()
    world.expect(wanted, world.phone)


def a_change_seen_just_before_the_kill_is_kept(world):
    world.phone.do("add", f"heidi@{domain}", "Crew", "Heidi")
    wanted = view(
        "Friends Crew", "dave David Crew", "frank Franz Friends", "grace Grace Crew",
        "heidi Heidi Crew",
    )  # fmt: skip
    world.expect(wanted, world.phone)
    end(world.phone.process, signal.SIGKILL)
    world.kill_and_restart()
    world.expect(wanted)
    next_second()
    world.laptop = world.device("laptop-again")
    world.laptop.sign_in()
    world.expect(wanted, world.laptop)
    world.laptop.sign_out()


def the_clients_log_no_error(world):
    for device in world.devices:
        if device.errors():
            raise Missing(f"{device.name}: {device.errors()[:3]}")


def tshark_finds_nothing_malformed(world):
    world.end_capture()
    from_server = f"tcp.srcport=={world.port}"
    kinds = set(world.tshark(f"{from_server} && sip", "sip.Status-Code", "sip.Method"))
    if not {"200\t", "401\t"} <= kinds or not kinds & {"\tBENOTIFY", "\tNOTIFY"}:
        raise Missing(f"the capture has not the whole conversation: {sorted(kinds)}")
    fields = ("frame.number", "_ws.expert.message")
    bad = world.tshark(f"{from_server} && _ws.malformed", *fields)
    bad += world.tshark(f"{from_server} && sip && _ws.expert.severity >= 0x800000", *fields)
    # More than the two or four bytes of a keep-alive, not one part of a longer message, and not
    # sent again by a hurried TCP.
    ours = "tcp.len > 4 && !tcp.reassembled_in && !tcp.analysis.retransmission"
    bad += world.tshark(f"{from_server} && {ours} && !sip", *fields)
    if bad:
        raise Missing(f"{world.capture_file}: {bad[:5]}")


story = [
    two_devices_sign_in,
    a_contact_in_a_new_group,
    a_contact_in_a_group_that_exists,
    a_contact_renamed,
    a_contact_moved,
    a_contact_in_two_groups,
    a_group_renamed,
    a_contact_removed_from_one_of_its_groups,
    a_contact_removed,
    a_group_removed_with_its_contacts,
    changes_without_waiting_for_answers,
    two_devices_sign_in_within_a_second,
    a_device_that_stays_hears_on_after_others_left,
    the_list_outlives_a_killed_server,
    a_change_seen_just_before_the_kill_is_kept,
]
afterwards = [the_clients_log_no_error, tshark_finds_nothing_malformed]


def outcome(case, world):
    """None when all went well, else why not."""
    try:
        case(world)
        return None
    except (Missing, kdc.Failure, subprocess.TimeoutExpired) as failure:
        return str(failure)
    except Exception:  # what we did not think of is a failed case, too, and not the end of the run
        return traceback.format_exc()


def run_story(options, enctype, folder):
    """Runs all cases with a service key of this type; returns (passed, failed)."""
    counts = [0, 0]

    def report(case, failure):
        counts[failure is not None] += 1
        name = f"{enctype}: {case.__name__.replace('_', ' ')}"
        print(f"pass  {name}" if failure is None else f"FAIL  {name}: {failure}", flush=True)

    world = World(options, folder, enctype)
    try:
        failure = outcome(World.start, world)
        if failure is not None:
            print(f"{enctype}: the server and its realm do not start: {failure}")
        for case in story:
            if failure is None:
                failure = outcome(case, world)
                report(case, failure)
            else:
                report(case, "not reached")
        for case in afterwards:
            report(case, outcome(case, world))
    finally:
        world.close()
    return counts


def missing_programs(options):
    packages = {"tshark": "tshark", "krb5kdc": "krb5-kdc", "kinit": "krb5-user"}
    for name, package in packages.items():
        if shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None:
            yield f"{name} is not installed: apt-get install {package}"
    for path in (options.kithd, options.kithctl, options.purple):
        if not os.access(path, os.X_OK):
            yield f"{path} is not a program (purple_client needs libpurple-dev and pidgin-sipe)"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("kithd", "kithctl", "purple"):
        parser.add_argument(f"--{name}", required=True, type=os.path.abspath, metavar="BIN")
    parser.add_argument("--enctypes", default="aes256-cts,rc4-hmac", help="of the service's key")
    parser.add_argument("--keep", action="store_true", help="keep the folder in any case")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what we started ends with us, too

    counts = [0, 0]
    problems = list(missing_programs(options))
    for problem in problems:
        print(f"FAIL  {problem}")
        counts[1] += 1
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kith-interop-"))
    if not problems:
        for enctype in options.enctypes.split(","):
            passed, failed = run_story(options, enctype, folder / enctype)
            counts = [counts[0] + passed, counts[1] + failed]
    if counts[1] == 0 and not options.keep:
        shutil.rmtree(folder)
    else:
        print(f"logs, capture and server data: {folder}")
    print(f"{counts[0]} passed, {counts[1]} failed")
    return 0 if counts[1] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
