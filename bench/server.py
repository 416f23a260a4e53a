"""A kithd of one's own in one folder, for benchmarks and tests that need the whole program."""

import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import time

domain = "example.com"
host = "server.example.com"


class Failure(Exception):
    """Says in one sentence what went wrong."""


def program(folder, name):
    """The path of a program that was built; a build tree has them in bin/."""
    path = pathlib.Path(folder) / name
    if not path.exists():
        raise Failure(f"{path} is missing; build it: cmake --build --preset release")
    return str(path)


class Kithd:
    """The server in `folder`, made of programs in `bin_folder`. Listens on a free TCP port."""

    def __init__(self, folder, bin_folder, keytab=None, level="info"):
        self.folder = pathlib.Path(folder)
        self.bin_folder = pathlib.Path(bin_folder)
        self.database = self.folder / "kith.db"
        self.log = self.folder / "kithd.log"
        self.config = self.folder / "kith.toml"
        self.ready_file = self.folder / "ready"
        self.port = None
        self.process = None
        self.folder.mkdir(parents=True, exist_ok=True)
        kerberos = f'kerberos = true\nkeytab = "{keytab}"\n' if keytab else ""
        self.config.write_text(
            f'[server]\nhost = "{host}"\ndomains = ["{domain}"]\n'
            f'listen = ["tcp:127.0.0.1:0"]\nshards = 2\n'
            f'[storage]\ndatabase = "{self.database}"\n'
            f'[admin]\nsocket = "{self.folder}/kithctl.sock"\n'
            f'[auth]\n{kerberos}digest = true\ndigest_realm = "{domain}"\n'
            f'[log]\nlevel = "{level}"\n',
            encoding="utf-8",
        )

    def prepare(self, users, contacts):
        """Makes the database with its users, u0 and so on, who have that many contacts each."""
        subprocess.run(
            [program(self.bin_folder, "prepare"), self.database]
            + ["--users", str(users), "--contacts", str(contacts), "--domain", domain],
            check=True,
        )

    def start(self, env=None, patience=20):
        """Returns when it is ready, as it would tell systemd."""
        notify_path = self.folder / "notify.sock"
        notify_path.unlink(missing_ok=True)
        self.ready_file.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(str(notify_path))
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(
                    [program(self.bin_folder, "kithd"), "--config", self.config]
                    + ["--ready-file", self.ready_file],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env={**os.environ, **(env or {}), "NOTIFY_SOCKET": str(notify_path)},
                )
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline and self.process.poll() is None:
                if select.select([notify], [], [], 0.1)[0] and b"READY=1" in notify.recv(4096):
                    self.port = int(self.ready_file.read_text(encoding="utf-8").rpartition(":")[2])
                    return
        self.kill()
        raise Failure(f"kithd does not start; the end of its log:\n{self.last_words()}")

    def last_words(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self):
        """Ends it in order; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure("kithd does not end") from None

    def ctl(self, *arguments):
        """What kithctl answers, as JSON: status says 1 for a server that is not well."""
        done = subprocess.run(
            [program(self.bin_folder, "kithctl"), "--config", self.config, "--json", *arguments],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise Failure(f"kithctl {' '.join(arguments)}: {done.stderr or done.stdout}") from None

    def cpu_seconds(self):
        """That the process has used, in user and kernel mode."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8")
        user, system = fields.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
