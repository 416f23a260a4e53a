#!/usr/bin/python3
"""kithd and kithctl as whoever runs a server meets them.

Prints a line a case and `N passed, N failed`; ends with 0 when all passed. Everything lives in a
temporary folder and on free ports of the loopback; the folder is kept when a case failed.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop" / "kdc"))
import kdc  # noqa: E402  (not installed)
from checks import Checks, Failure  # noqa: E402

domain = "example.com"
host = "lcs.example.com"
alice = f"alice@{domain}"
patience = 30  # seconds until something that should happen counts as missing


def check(condition, what):
    if not condition:
        raise Failure(what)


def contains(text, *parts):
    for part in parts:
        check(part in text, f"no {part!r} in {text!r}")


class Server:
    """A kithd of ours: its log lines, and what they say."""

    def __init__(self, world, *more):
        self.process = subprocess.Popen(
            [world.options.kithd, "--config", str(world.config), *more],
            env=world.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        world.servers.append(self)
        self.lines = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.lines.append("")  # the end
            self.changed.notify_all()

    def wait(self, *parts):
        """The first line with all of these."""
        deadline = time.monotonic() + patience
        position = 0
        with self.changed:
            while True:
                for line in self.lines[position:]:
                    position += 1
                    if all(part in line for part in parts):
                        return line
                    check(line, f"kithd ended before it said {parts}: {self.lines}")
                left = deadline - time.monotonic()
                check(left > 0, f"kithd never said {parts}: {self.lines}")
                self.changed.wait(left)

    def listeners(self):
        """transport -> port, as the log says."""
        line = self.wait("event=ready")
        told = next(word for word in line.split() if word.startswith("listen="))
        listeners = told.removeprefix("listen=").strip('"').split(",")
        return {each.split(":")[0]: int(each.rsplit(":", 1)[1]) for each in listeners}

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.ended()

    def ended(self):
        code = self.process.wait(patience)
        self.reader.join(patience)
        self.process.stderr.close()
        return code


class World:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.config = folder / "kith.toml"
        self.data = folder / "data"
        self.control = folder / "kithctl.sock"
        self.server = None
        self.servers = []
        self.realm = None

    def environment(self):
        extra = self.realm.env if self.realm else {"KRB5_CONFIG": "/dev/null"}
        return {**os.environ, **extra, "NOTIFY_SOCKET": ""}

    def run(self, program, *words, given=None, config=None):
        return subprocess.run(
            [program, "--config", str(config or self.config), *words], env=self.environment(),
            input=given or "", capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def kithctl(self, *words, code=0, given=None, config=None):
        """What it printed, whether to say something or to refuse."""
        done = self.run(self.options.kithctl, *words, given=given, config=config)
        said = done.stdout + done.stderr
        check(done.returncode == code, f"kithctl {words} ended with {done.returncode}: {said}")
        return said

    def kithd(self, *words, code=0, config=None):
        """A start that is meant to be refused, or a look."""
        done = self.run(self.options.kithd, *words, config=config)
        said = done.stdout + done.stderr
        check(done.returncode == code, f"kithd {words} ended with {done.returncode}: {said}")
        return said

    def json(self, *words, code=0):
        return json.loads(self.kithctl("--json", *words, code=code))

    def start(self):
        server = Server(self)
        server.wait("event=ready")
        return server

    def close(self):
        for server in self.servers:
            with contextlib.suppress(ProcessLookupError):
                server.process.kill()
            server.process.wait()
        if self.realm:
            self.realm.stop()


# ---- The cases, in order; each goes on where the one before it stopped.


def help_teaches_with_examples(world):
    for words in ([], ["init"], ["user", "add"], ["backup"], ["drain"]):
        said = world.kithctl(*words, "--help")
        contains(said, "kithctl")
        check(not words or "Example:" in said, f"no example in the help of {words}")
    contains(world.kithd("--help"), "kithctl init", "SIGTERM")
    contains(world.kithd("--version"), "kithd ")
    contains(world.kithctl("--version"), "kithctl ")


def wrong_usage_ends_with_2(world):
    world.kithctl(code=2)
    contains(world.kithctl("sing", code=2), 'kithctl has no command "sing"', "init, user", "drain")
    contains(world.kithctl("user", "ad", code=2), 'kithctl user has no command "ad"', "add, list")
    contains(world.kithctl("user", code=2), "kithctl user needs one of", "passwd")
    contains(world.kithctl("status", "x", "--confg", code=2), "does not know x, --confg")
    world.kithctl("user", "add", code=2)
    world.kithctl("init", code=2)
    contains(world.kithd("x", "--sing", code=2), "does not know x, --sing")
    contains(world.kithd("--json", code=2), "--check")


def init_writes_nothing_that_does_not_work(world):
    init = ["init", "--domain", domain, "--data", str(world.folder / "wrong")]
    contains(world.kithctl(*init, "--listen", "nonsense", code=2), "--listen")
    contains(world.kithctl(*init, "--listen", "tls:127.0.0.1:0", code=2), "--certificate and --key")
    junk = world.folder / "junk.pem"
    junk.write_text("junk")
    contains(world.kithctl(*init, "--certificate", str(junk), code=2), "name both")
    pair = ["--certificate", str(junk), "--key", str(junk)]
    contains(world.kithctl(*init, *pair, code=1), str(junk))
    for wrong in ("a b", "a..b", "ex/ample.com"):
        contains(world.kithctl("init", "--domain", wrong, code=2), "server.domains", wrong)
        contains(world.kithctl(*init, "--host", wrong, code=2), "server.host", wrong)
    check(not world.config.exists(), "somebody wrote a configuration")
    check(not (world.folder / "wrong").exists(), "somebody made a folder")


def without_a_configuration_the_remedy_is_named(world):
    contains(world.kithd(code=2), str(world.config), "kithctl", "init")
    contains(world.kithctl("status", code=2), "kithctl", "init")
    check(not world.config.exists(), "somebody wrote a configuration")
    said = world.kithd(code=2, config=pathlib.Path("/dev/null/kith.toml"))
    contains(said, "kithd: /dev/null/kith.toml", "Not a directory")
    check("init" not in said, f"init is no remedy: {said}")


def init_writes_and_says_what_to_publish(world):
    said = world.kithctl(
        "init", "--domain", domain, "--host", host, "--listen", "127.0.0.1:0",
        "--data", str(world.data), "--control", str(world.control),
    )  # fmt: skip
    contains(said, str(world.config), "user add", "doctor", "kithd --config")
    check((world.data / "kith.db").exists(), "no database")
    check(stat.S_IMODE(world.config.stat().st_mode) == 0o640, "the file is for everybody")
    other = world.folder / "other.toml"
    said = world.kithctl(
        "init", "--domain", domain, "--host", host, "--data", str(world.folder / "other"),
        config=other,
    )  # fmt: skip
    contains(said, f"_sipinternal._tcp.{domain}. 3600 IN SRV 0 0 5060 {host}.")
    contains(said, f"_sip._tcp.{domain}. 3600 IN SRV 0 0 5060 {host}.")
    check("_sip._tls" not in said, "TLS is announced without a certificate")
    check("no full name" not in said, said)
    said = world.kithctl(
        "init", "--force", "--domain", domain, "--host", "vm", "--data",
        str(world.folder / "other"), config=other,
    )  # fmt: skip
    contains(said, "kept ", "vm is no full name", f"--host vm.{domain}")


def init_gives_the_database_to_the_owner_of_its_folder(world):
    if os.geteuid() != 0:
        return  # nobody else can give files away
    data = world.folder / "given"
    data.mkdir()
    os.chown(data, 65534, 65534)
    config = world.folder / "given.toml"
    world.kithctl("init", "--domain", domain, "--host", host, "--data", str(data), config=config)
    owners = {path.name: path.stat().st_uid for path in data.iterdir()}
    check(set(owners.values()) == {65534} and "kith.db" in owners, owners)
    check(config.stat().st_gid == 65534, "the server cannot read its configuration")


def init_does_not_write_over_a_configuration(world):
    before = world.config.read_text()
    contains(world.kithctl("init", "--domain", "other.example", code=1), "exists", "--force")
    check(world.config.read_text() == before, "it was written over")


def the_configuration_is_shown_with_comments(world):
    said = world.kithctl("config", "show")
    contains(said, "# Domains whose", f"domains = ['{domain}']", f"host = '{host}'")
    check(said.strip() == world.config.read_text().strip(), "init wrote something else")


def users_are_added_without_a_server(world):
    world.kithctl("user", "add", alice, "--principal", "alice@KITH.EXAMPLE", "--name", "Alice")
    world.kithctl("user", "add", f"bob@{domain}", "--password-stdin", given="secret\n")
    contains(world.kithctl("user", "add", alice, "--principal", "a@B", code=1), "exists")
    taken = world.kithctl(
        "user", "add", f"eve@{domain}", "--principal", "alice@KITH.EXAMPLE", code=1
    )
    contains(taken, f"alice@KITH.EXAMPLE belongs to {alice}")
    said = world.kithctl("user", "add", f"carol@{domain}", code=2)
    contains(said, "--password-stdin", "--principal")
    said = world.kithctl("user", "passwd", f"bob@{domain}", code=2)
    contains(said, "--password-stdin")
    check("--principal" not in said, said)
    contains(world.kithctl("user", "add", "x@y.example", "--principal", "a@B", code=1), "y.example")
    told = world.json("user", "list")["users"]
    check([u["user"] for u in told] == [alice, f"bob@{domain}"], told)
    check(told[0]["principals"] == ["alice@KITH.EXAMPLE"] and told[1]["password"], told)


def a_look_finds_everything_in_order(world):
    said = world.kithd("--check")
    contains(said, "ok      configuration", "ok      database", "2 users")
    said = world.kithctl("doctor")
    contains(said, "ok      port", "ok      disk", "note    server", f"kithd --config {world.config}")
    contains(said, "note    accounts", f"1 user, as {alice}, cannot sign in: auth.kerberos is false")


def status_without_a_server_is_no(world):
    contains(world.kithctl("status", code=1), "no kithd answers", "start it: kithd --config")
    contains(world.kithctl("drain", code=1), "no kithd answers")


def the_server_says_where_it_listens(world):
    ready = world.folder / "ready"
    world.server = Server(world, "--ready-file", str(ready))
    ports = world.server.listeners()
    check(set(ports) == {"udp", "tcp"} and all(ports.values()), ports)
    socket.create_connection(("127.0.0.1", ports["tcp"]), timeout=patience).close()
    contains(ready.read_text(), f"tcp:127.0.0.1:{ports['tcp']}\n")
    check(stat.S_IMODE(world.control.stat().st_mode) == 0o600, "the socket is for everybody")


def status_tells_how_it_is(world):
    said = world.kithctl("status")
    contains(said, "listening", "2 users", "commits")
    told = world.json("status")
    check(told["running"] and told["well"] and told["store"]["writable"], told)
    check(told["server"]["network"]["overflows"] == 0, told)
    check(f"tcp:127.0.0.1:{world.server.listeners()['tcp']}" in told["server"]["listeners"], told)


def a_list_is_shown(world):
    told = world.json("contacts", alice)
    check(told["version"] == 1 and told["contacts"] == [], told)
    check(told["groups"] == [{"id": 1, "name": "~", "external_uri": ""}], told)
    contains(world.kithctl("contacts", f"nobody@{domain}", code=1), "there is no user")
    contains(world.kithctl("contacts", "nonsense", code=2), "alice@example.com")


def accounts_change_while_the_server_runs(world):
    carol = f"carol@{domain}"
    world.kithctl("user", "add", carol, "--password-stdin", given="secret\n")
    world.kithctl("user", "passwd", carol, "--password-stdin", given="another\n")
    world.kithctl("user", "principal", "add", carol, "carol@KITH.EXAMPLE", "c@KITH.EXAMPLE")
    world.kithctl("user", "principal", "remove", carol, "c@KITH.EXAMPLE")
    contains(world.kithctl("user", "principal", "add", carol, "carol", code=2), "with its realm")
    contains(world.kithctl("user", "principal", "remove", carol, code=2), "PRINCIPAL")
    check(world.json("user", "devices", carol) == {"user": carol, "devices": []}, "devices")
    world.kithctl("user", "disable", carol)
    told = {u["user"]: u for u in world.json("user", "list")["users"]}
    check(told[carol]["enabled"] is False, told)
    check(told[carol]["principals"] == ["carol@KITH.EXAMPLE"], told)
    world.kithctl("user", "remove", carol)
    contains(world.kithctl("user", "remove", carol, code=1), "there is no user")
    check("secret" not in "".join(world.server.lines), "a password is in the log")


def a_look_while_the_server_runs(world):
    contains(world.kithd("--check"), "open in the running server")
    contains(world.kithctl("doctor"), "ok      server", "ok      integrity")


def a_second_server_on_the_database_is_refused(world):
    contains(world.kithd(code=3), "in use", "stop that server first")


def a_port_in_use_is_refused(world):
    other = world.folder / "other.toml"
    port = world.server.listeners()["tcp"]
    world.kithctl(
        "init", "--force", "--domain", domain, "--host", host, "--listen", f"tcp:127.0.0.1:{port}",
        "--data", str(world.folder / "other"), "--control", str(world.folder / "other.sock"),
        config=other,
    )  # fmt: skip
    contains(world.kithd(code=3, config=other), f"127.0.0.1:{port}", "in use")
    contains(world.kithctl("doctor", code=1, config=other), "failed  port")


def a_second_server_on_the_socket_is_refused(world):
    other = world.folder / "other.toml"
    world.kithctl(
        "init", "--force", "--domain", domain, "--host", host, "--listen", "127.0.0.1:0",
        "--data", str(world.folder / "other"), "--control", str(world.control), config=other,
    )  # fmt: skip
    contains(world.kithd(code=3, config=other), "another kithd answers on")
    said = world.kithd("--check", config=other)
    contains(said, "ok      database", str(world.folder / "other"), "0 users", "note    socket")
    contains(said, f"has another database open ({world.data / 'kith.db'})")
    text = other.read_text()
    other.write_text(text.replace(str(world.folder / "other"), "/proc/x"))
    contains(world.kithd("--check", code=1, config=other), "failed  database", "/proc/x")
    contains(world.kithctl("doctor", code=1, config=other), "failed  database")
    other.write_text(text)
    world.kithctl("status")


def a_backup_is_made_while_the_server_runs(world):
    world.backup = world.folder / "backup.db"
    contains(world.kithctl("backup", str(world.backup)), "2 users")
    contains(world.kithctl("backup", str(world.backup), code=1), "exists")
    contains(world.kithctl("restore", str(world.backup), code=1), "kithd is running")
    left = sorted(path.name for path in world.data.iterdir() if "backup" in path.name)
    check(not left, f"left behind: {left}")


def sighup_keeps_the_server_running(world):
    world.server.process.send_signal(signal.SIGHUP)
    world.server.wait("event=nothing_reloaded")
    world.kithctl("status")


def sigterm_ends_it_in_order(world):
    check(world.server.end() == 0, f"it ended with {world.server.process.returncode}")
    world.server.wait("event=stopped")
    check(not world.control.exists(), "the socket was left")


def sigkill_loses_nothing(world):
    server = world.start()
    world.kithctl("user", "add", f"dave@{domain}", "--principal", "dave@KITH.EXAMPLE")
    server.end(signal.SIGKILL)
    check(world.control.exists(), "a kill leaves the socket; this case is for nothing")
    contains(world.kithctl("status", code=1), "no kithd answers")
    world.server = world.start()
    check(len(world.json("user", "list")["users"]) == 3, "dave is lost")


def drain_ends_it(world):
    contains(world.kithctl("drain"), "ended")
    check(world.server.process.poll() is not None, "drain returned before the process was gone")
    check(world.server.ended() == 0, f"it ended with {world.server.process.returncode}")


def a_backup_is_restored(world):
    contains(world.kithctl("restore", str(world.backup)), "2 users", "what was there is")
    kept = [path for path in world.data.iterdir() if path.name.startswith("kith.db.before-")]
    check(len(kept) == 1, f"the database that was there is not kept: {kept}")
    contains(world.kithctl("restore", str(kept[0])), "3 users")
    contains(world.kithctl("restore", str(world.backup)), "2 users")
    check(len(world.json("user", "list")["users"]) == 2, "dave is still there")
    damaged = world.folder / "damaged.db"
    damaged.write_bytes(world.backup.read_bytes()[:5000])
    world.kithctl("restore", str(damaged), code=3)
    world.kithctl("restore", str(world.folder / "none.db"), code=3)
    check(len(world.json("user", "list")["users"]) == 2, "a refused restore changed something")


def every_problem_of_a_configuration_is_named(world):
    wrong = world.folder / "wrong.toml"
    wrong.write_text(
        f'[server]\ndomains = ["{domain}"]\nlisen = []\n[auth]\nkerberos = 1\n'
        f'[storage]\ndatabase = "{world.folder}/none/kith.db"\n'
    )
    for said in (world.kithd(code=2, config=wrong), world.kithd("--check", code=1, config=wrong)):
        contains(said, "wrong.toml:3: unknown key server.lisen; did you mean server.listen?")
        contains(said, "wrong.toml:5: auth.kerberos must be true or false")
    wrong.write_text(f'[server]\ndomains = ["{domain}"]\nlisten = ["tcp:1"]\n')
    contains(world.kithd(code=2, config=wrong), "server.listen", "tcp:192.0.2.1:5060")


def a_database_that_cannot_be_used_is_refused(world):
    other = world.folder / "other.toml"
    text = world.config.read_text().replace(str(world.data), str(world.folder / "nowhere"))
    other.write_text(text)
    contains(world.kithd(code=3, config=other), str(world.folder / "nowhere"))
    contains(world.kithd("--check", code=1, config=other), "failed  database", "make it")
    (world.folder / "nowhere").mkdir()
    (world.folder / "nowhere" / "kith.db").write_text("This is no database. " * 50)
    world.kithd(code=3, config=other)
    contains(world.kithd("--check", code=1, config=other), "failed  database")


def kerberos_needs_a_keytab_of_the_service(world):
    world.realm = kdc.Realm(world.folder / "realm")
    world.realm.start()
    keytab, wrong = world.folder / "kith.keytab", world.folder / "wrong.keytab"
    world.realm.keytab(f"sip/{host}", keytab)
    world.realm.keytab("http/www.example.com", wrong)
    other = world.folder / "kerberos.toml"
    init = ["init", "--domain", domain, "--listen", "127.0.0.1:0", "--data",
            str(world.folder / "kerberos"), "--control", str(world.folder / "kerberos.sock")]  # fmt: skip
    contains(world.kithctl(*init, "--keytab", str(wrong), code=1, config=other), "sip/")
    said = world.kithctl(*init, "--keytab", str(keytab), config=other)
    contains(said, "--principal alice@KITH.EXAMPLE")
    contains(other.read_text(), f"host = '{host}'", "kerberos = true")
    contains(world.kithd("--check", config=other), "ok      keytab", f"sip/{host}@KITH.EXAMPLE")
    keytab.rename(world.folder / "away.keytab")
    for said in (
        world.kithd(code=3, config=other),
        world.kithd("--check", code=1, config=other),
        world.kithctl("doctor", code=1, config=other),
    ):
        contains(said, str(keytab), "ktadd")
    shutil.copy(wrong, keytab)
    contains(world.kithctl("doctor", code=1, config=other), "http/www.example.com", f"sip/{host}")


def a_certificate_is_looked_at(world):
    certificate, key = world.folder / "c.pem", world.folder / "k.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "3", "-subj", f"/CN={host}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    other = world.folder / "tls.toml"
    world.kithctl(
        "init", "--domain", domain, "--host", host, "--listen", "tls:127.0.0.1:0",
        "--certificate", str(certificate), "--key", str(key),
        "--data", str(world.folder / "tls"), "--control", str(world.folder / "tls.sock"),
        config=other,
    )  # fmt: skip
    contains(world.kithctl("doctor", config=other), "note    certificate", "ends in 2 d")
    key.write_text("no key")
    contains(world.kithd(code=3, config=other), str(key))
    contains(world.kithd("--check", code=1, config=other), "failed  certificate", str(key))


story = [
    help_teaches_with_examples,
    wrong_usage_ends_with_2,
    init_writes_nothing_that_does_not_work,
    without_a_configuration_the_remedy_is_named,
    init_writes_and_says_what_to_publish,
    init_does_not_write_over_a_configuration,
    init_gives_the_database_to_the_owner_of_its_folder,
    the_configuration_is_shown_with_comments,
    users_are_added_without_a_server,
    a_look_finds_everything_in_order,
    status_without_a_server_is_no,
    the_server_says_where_it_listens,
    status_tells_how_it_is,
    a_list_is_shown,
    accounts_change_while_the_server_runs,
    a_look_while_the_server_runs,
    a_second_server_on_the_database_is_refused,
    a_port_in_use_is_refused,
    a_second_server_on_the_socket_is_refused,
    a_backup_is_made_while_the_server_runs,
    sighup_keeps_the_server_running,
    sigterm_ends_it_in_order,
    sigkill_loses_nothing,
    drain_ends_it,
    a_backup_is_restored,
    every_problem_of_a_configuration_is_named,
    a_database_that_cannot_be_used_is_refused,
    kerberos_needs_a_keytab_of_the_service,
    a_certificate_is_looked_at,
]


def main(story, description):
    """The cases one after another in a World of their own; the exit code."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    for program in ("kithd", "kithctl", "kith"):
        parser.add_argument("--" + program, required=True, type=os.path.abspath)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kith-programs-"))
    world = World(options, folder)
    checks = Checks()
    try:
        for case in story:
            checks.case(case.__name__.replace("_", " "), case, world)
    finally:
        world.close()
    if checks.failed:
        print(f"kept: {folder}")
    else:
        shutil.rmtree(folder)
    return checks.close()


if __name__ == "__main__":
    sys.exit(main(story, __doc__))
