#!/usr/bin/python3
"""A private Kerberos realm in one folder: its KDC listens on loopback only, on a free port.

Nothing outside the folder is read or written: no /etc/krb5.conf, no system service, no default
credential cache, keytab or replay cache. Whoever is to live in the realm gets KRB5_CONFIG from
`kdc.py env DIR`.

Needs Debian's krb5-kdc, krb5-admin-server and krb5-user. Exit codes: 0 done, 1 it failed,
2 wrong usage.
"""

import argparse
import contextlib
import os
import pathlib
import re
import select
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time

default_realm = "KITH.EXAMPLE"
default_enctypes = "aes256-cts-hmac-sha1-96,aes128-cts-hmac-sha1-96"
# What clients and servers of the realm accept. Wider than what principals get by default, so that
# one realm can have a service with an AES key and another one with an RC4 key.
permitted_enctypes = (
    "aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96 "
    "aes256-cts-hmac-sha384-192 aes128-cts-hmac-sha256-128 rc4-hmac"
)
programs = {
    "krb5kdc": "krb5-kdc",
    "kdb5_util": "krb5-kdc",
    "kadmin.local": "krb5-admin-server",
    "kinit": "krb5-user",
    "kvno": "krb5-user",
}


class Failure(Exception):
    """Says in one sentence what went wrong and, where it is known, what to do about it."""


def program(name):
    """The path of a Kerberos program; the administrator's ones are not always in PATH."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        raise Failure(f"{name} is not installed: apt-get install {programs[name]}")
    return path


def run(command, env, stdin=""):
    """Runs a Kerberos program to its end and returns its output."""
    done = subprocess.run(
        [program(command[0]), *command[1:]],
        env={**os.environ, **env, "LC_ALL": "C"},
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        last_line = re.split(r"\n|\": ", done.stdout.strip())[-1]  # before it: prompts
        raise Failure(f"{command[0]} {' '.join(command[1:])}: {last_line}")
    return done.stdout


def free_port():
    """A loopback port that is free for both TCP and UDP at this moment."""
    for _ in range(50):  # the system gives another one each time
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port = tcp.getsockname()[1]
            with contextlib.suppress(OSError):
                udp.bind(("127.0.0.1", port))
                return port
    raise Failure("no port of 127.0.0.1 is free for both TCP and UDP")


class Realm:
    """The realm that lives in one folder; one that is there already is used as it stands."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.pid_file = self.folder / "krb5kdc.pid"
        self.env = {
            "KRB5_CONFIG": str(self.folder / "krb5.conf"),
            "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf"),
        }

    def start(self, realm=default_realm, enctypes=default_enctypes):
        """Makes the realm if the folder has none, starts its KDC, returns when it answers."""
        for name in programs:
            program(name)
        if self.pid() is not None:
            raise Failure(f"{self.folder}: its KDC runs already, process {self.pid()}")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if (self.folder / "principal").exists() and self.name() != realm:
            raise Failure(f"{self.folder}: holds realm {self.name()}, not {realm}")
        for _ in range(3):  # somebody may take the port between our look and the KDC's bind
            self.write_files(realm, enctypes, free_port())
            if not (self.folder / "principal").exists():
                password = secrets.token_hex(16)
                run(["kdb5_util", "create", "-s", "-r", realm], self.env, f"{password}\n" * 2)
            if self.start_process():
                return
        raise Failure(f"krb5kdc does not start: {self.last_words()}")

    def stop(self):
        """Ends the KDC that start() started; does nothing when it has ended already."""
        pid = self.pid()
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                descriptor = os.pidfd_open(pid)
                try:
                    for number in (signal.SIGTERM, signal.SIGKILL):
                        signal.pidfd_send_signal(descriptor, number)
                        if select.select([descriptor], [], [], 5)[0]:
                            break
                finally:
                    os.close(descriptor)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0)
        self.pid_file.unlink(missing_ok=True)

    def principal(self, name, password=None):
        """Makes a principal; without a password it has a random key, for a keytab."""
        if password is None:
            self.administer("add_principal", "-randkey", name)
        else:
            self.administer("add_principal", name, stdin=f"{password}\n" * 2)

    def keytab(self, name, file, enctype=None):
        """Writes new keys of a principal to a keytab file, and makes the principal if need be.

        With an enctype the principal has that key only, so a service's session keys are of it too.
        """
        if name not in self.principals():
            self.principal(name)
        wanted = ["-e", f"{full_enctype(enctype)}:normal"] if enctype else []
        self.administer("ktadd", "-k", str(pathlib.Path(file).resolve()), *wanted, name)
        if enctype:  # else the KDC hands out AES session keys, whatever the service's own key is
            self.administer("setstr", name, "session_enctypes", full_enctype(enctype))

    def ticket(self, name, cache, password=None, keytab=None, life=None):
        """Gets a ticket for a principal into a credential cache file, as a user's kinit does."""
        command = ["kinit", "-c", f"FILE:{pathlib.Path(cache).resolve()}"]
        command += ["-l", life] if life else []
        if keytab is not None:
            run([*command, "-k", "-t", str(pathlib.Path(keytab).resolve()), name], self.env)
        else:
            run([*command, name], self.env, f"{password}\n")

    def principals(self):
        """The names of the realm's principals, without the realm."""
        listed = self.administer("list_principals").splitlines()
        return {line.rpartition("@")[0] for line in listed if "@" in line}

    def administer(self, *command, stdin=""):
        if not (self.folder / "principal").exists():
            raise Failure(f"{self.folder}: no realm here yet; run: kdc.py start {self.folder}")
        output = run(["kadmin.local", "-r", self.name(), *command], self.env, stdin)
        # Some refusals end with code 0 all the same.
        refusal = re.search(r"^(\S+: .* while .*|kadmin\.local: .*)$", output, re.MULTILINE)
        if refusal:
            raise Failure(refusal.group(1))
        return output

    def name(self):
        return self.setting(r"default_realm = (\S+)")

    def port(self):
        return int(self.setting(r"kdc = 127\.0\.0\.1:(\d+)"))

    def setting(self, pattern):
        try:
            text = (self.folder / "krb5.conf").read_text()
        except OSError as error:
            raise Failure(f"{self.folder}: no realm here: {error.strerror}") from error
        return re.search(pattern, text).group(1)

    def pid(self):
        """The process of the KDC, or None. A number that another program has by now is not it."""
        try:
            pid = int(self.pid_file.read_text())
            command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if str(self.pid_file).encode() in command else None

    def start_process(self):
        """True when the KDC answers; False when it ended, usually over its port."""
        with open(self.folder / "krb5kdc.out", "ab") as output:
            process = subprocess.Popen(
                [program("krb5kdc"), "-n", "-r", self.name(), "-P", str(self.pid_file)],
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
            )
        self.pid_file.write_text(f"{process.pid}\n")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port()), timeout=1).close()
                return True
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        if process.poll() is None:
            process.kill()
            process.wait()
            raise Failure(f"krb5kdc does not answer on 127.0.0.1:{self.port()} after 20 s")
        self.pid_file.unlink(missing_ok=True)
        return False

    def last_words(self):
        lines = []
        for name in ("krb5kdc.out", "krb5kdc.log"):
            with contextlib.suppress(OSError):
                lines += (self.folder / name).read_text().splitlines()
        return lines[-1] if lines else "it says nothing"

    def write_files(self, realm, enctypes, port):
        here = self.folder
        keys = " ".join(f"{full_enctype(name)}:normal" for name in enctypes.split(","))
        # allow_rc4 is of MIT 1.21, and of Debian's 1.20 since a security update: without it no KDC
        # hands out an RC4 session key.
        (here / "krb5.conf").write_text(f"""\
[libdefaults]
  default_realm = {realm}
  dns_lookup_realm = false
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
  rdns = false
  qualify_shortname = ""
  allow_weak_crypto = true
  allow_rc4 = true
  permitted_enctypes = {permitted_enctypes}
  default_ccache_name = FILE:{here}/krb5cc
  default_keytab_name = FILE:{here}/krb5.keytab
  default_client_keytab_name = FILE:{here}/client.keytab
  default_rcache_name = file2:{here}/replay_cache

[realms]
  {realm} = {{
    kdc = 127.0.0.1:{port}
  }}

[logging]
  kdc = FILE:{here}/krb5kdc.log
  admin_server = FILE:{here}/kadmin.log
  default = FILE:{here}/krb5.log
""")
        (here / "kdc.conf").write_text(f"""\
[kdcdefaults]
  kdc_listen = 127.0.0.1:{port}
  kdc_tcp_listen = 127.0.0.1:{port}

[realms]
  {realm} = {{
    database_name = {here}/principal
    key_stash_file = {here}/master_key
    acl_file = {here}/kadm5.acl
    kdc_listen = 127.0.0.1:{port}
    kdc_tcp_listen = 127.0.0.1:{port}
    supported_enctypes = {keys}
    max_life = 10h 0m 0s
    max_renewable_life = 7d 0h 0m 0s
  }}
""")


def full_enctype(name):
    """The name that both MIT's files and its programs understand."""
    known = permitted_enctypes.split()
    for full in known:
        if name == full or name == full.removesuffix("-hmac-sha1-96"):
            return full
    if name in ("rc4", "arcfour-hmac"):
        return "rc4-hmac"
    raise Failure(f"unknown enctype {name}; known: {', '.join(known)}")


def arguments():
    parser = argparse.ArgumentParser(description="A private Kerberos realm in one folder.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, text):
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("folder", metavar="DIR")
        return sub

    start = command("start", "make the realm if need be and start its KDC")
    start.add_argument("--realm", default=default_realm)
    start.add_argument("--enctypes", default=default_enctypes, help="of new principals, by comma")
    principal = command("principal", "add a principal")
    principal.add_argument("name")
    principal.add_argument("--password", help="without it: a random key")
    keytab = command("keytab", "write new keys of a principal to a keytab; make it if need be")
    keytab.add_argument("principal")
    keytab.add_argument("file")
    keytab.add_argument("--enctype", help="its only key, such as aes256-cts or rc4-hmac")
    ticket = command("ticket", "get a ticket; the password is read from stdin")
    ticket.add_argument("name")
    ticket.add_argument("cache", metavar="CCACHE")
    ticket.add_argument("--keytab", help="take the key from here instead of a password")
    ticket.add_argument("--life", help="such as 5m")
    env = command("env", "print the variables that put a program into the realm")
    env.add_argument("--ccache", help="print KRB5CCNAME for this credential cache, too")
    command("stop", "end the KDC")
    return parser.parse_args()


def main():
    given = arguments()
    realm = Realm(given.folder)
    if given.command == "start":
        realm.start(given.realm, given.enctypes)
        print(f"{realm.name()} on 127.0.0.1:{realm.port()}, process {realm.pid()}")
    elif given.command == "principal":
        realm.principal(given.name, given.password)
    elif given.command == "keytab":
        realm.keytab(given.principal, given.file, given.enctype)
    elif given.command == "ticket":
        password = None if given.keytab else sys.stdin.readline().rstrip("\n")
        realm.ticket(given.name, given.cache, password, given.keytab, given.life)
    elif given.command == "env":
        realm.name()  # refuses a folder without a realm
        if given.ccache:
            realm.env["KRB5CCNAME"] = f"FILE:{pathlib.Path(given.ccache).resolve()}"
        for name, value in realm.env.items():
            print(f"export {name}={shlex.quote(value)}")
    elif given.command == "stop":
        realm.stop()


if __name__ == "__main__":
    try:
        main()
    except (Failure, subprocess.TimeoutExpired) as failure:
        print(f"kdc.py: {failure}", file=sys.stderr)
        sys.exit(1)
