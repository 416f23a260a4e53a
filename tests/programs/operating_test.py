#!/usr/bin/python3
"""Every command of docs/operating.md, in its order, against a server of its own.

The page is for root on a machine with systemd. Here its folders are in a temporary one, owners stay as
they are, and what systemctl does is done to a kithd of ours; cmake is left out. Prints a line a
heading and `N passed, N failed`; ends with 0 when all passed.
"""

import pathlib
import re
import shlex
import ssl
import subprocess

from programs_test import check, domain, main, patience

page = pathlib.Path(__file__).resolve().parents[2] / "docs" / "operating.md"


def commands():
    """(heading, its commands) of the page."""
    parts = re.split(r"^## (.*)\n", page.read_text(), flags=re.MULTILINE)
    for heading, text in zip(parts[1::2], parts[2::2]):
        text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        yield heading, re.findall(r"^    (\S.*)$", text, re.MULTILINE)


def certificate(world, days):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", str(days), "-subj", "/CN=lcs.example.com", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", world.folder / "privkey.pem", "-out", world.folder / "fullchain.pem"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip


def a_server_is_in_service(world):
    world.config = world.folder / "etc/kith/kith.toml"
    world.data = world.folder / "var/lib/kith"
    world.config.parent.mkdir(parents=True)
    bin_folder = world.folder / "bin"
    bin_folder.mkdir()
    for name in ("kithd", "kithctl"):
        shim = bin_folder / name
        program = getattr(world.options, name)
        shim.write_text(f'#!/bin/sh\nexec {shlex.quote(program)} --config {world.config} "$@"\n')
        shim.chmod(0o755)
    certificate(world, 60)
    for source, name in (("fullchain", "certificate"), ("privkey", "key")):
        (world.config.parent / f"{name}.pem").write_bytes(
            (world.folder / f"{source}.pem").read_bytes())
    world.kithctl("init", "--domain", domain, "--host", "lcs.example.com", "--data", str(world.data),
                  "--control", str(world.control), "--listen", "127.0.0.1:0", "--listen",
                  "tls:127.0.0.1:0", "--certificate", str(world.config.parent / "certificate.pem"),
                  "--key", str(world.config.parent / "key.pem"))
    world.kithctl("user", "add", f"alice@{domain}", "--password-stdin", given="secret\n")
    world.server = world.start()


def systemctl(world, verb, *names):
    if verb == "daemon-reload" or names[-1] != "kithd":
        return
    if verb == "stop":
        running = world.server.process.poll() is None
        check(not running or world.server.end() == 0, "kithd did not end in order")
    elif verb == "start":
        check(world.server.process.poll() is not None, "kithd runs already")
        world.server = world.start()
    elif verb == "reload":
        port = world.server.listeners()["tls"]
        before = ssl.get_server_certificate(("127.0.0.1", port), timeout=patience)
        world.server.process.send_signal(1)
        world.server.wait("event=certificate_reloaded")
        after = ssl.get_server_certificate(("127.0.0.1", port), timeout=patience)
        check(before != after, "the certificate is the one before")
    else:
        check(False, f"what does systemctl {verb} do here?")


def run(world, line):
    words = shlex.split(line)
    if words[0] == "systemctl":
        return systemctl(world, *[each for each in words[1:] if not each.startswith("--")])
    if words[0] == "cmake":
        return None
    if words[0] == "journalctl":
        return check(world.server.wait("event=ready"), "the log is empty")
    here = re.sub(r"(?<!\S)(?=/(?:var|etc)/)", str(world.folder), line)
    here = re.sub(r"-o \w+ -g \w+ ", "", here)
    done = subprocess.run(
        ["bash", "-ec", here], cwd=world.folder, capture_output=True, text=True, timeout=60,
        env=world.environment() | {"PATH": f"{world.folder / 'bin'}:/usr/bin:/bin"}, check=False,
    )  # fmt: skip
    check(done.returncode == 0, f"{line}: {done.returncode}: {done.stdout}{done.stderr}")
    return None


def case_of(heading, lines):
    def case(world):
        if heading == "Certificates":
            certificate(world, 90)
        if heading == "Another machine":
            return move(world, lines)
        for line in lines:
            run(world, line)
        check(len(world.json("user", "list")["users"]) == 1, "alice is lost")

    case.__name__ = heading.lower().replace(" ", "_")
    return case


def move(world, lines):
    """The new machine has nothing but what the page says to bring."""
    there = next(at for at, line in enumerate(lines) if line.startswith("install -d"))
    for line in lines[:there]:
        run(world, line)
    world.data.rename(world.folder / "old")
    for line in lines[there:]:
        run(world, line)
    check(len(world.json("user", "list")["users"]) == 1, "alice did not move")


def every_heading_has_commands(_world):
    told = dict(commands())
    check(len(told) >= 6 and all(told.values()), f"the page is not as it is read here: {told}")


if __name__ == "__main__":
    cases = [case_of(heading, lines) for heading, lines in commands()]
    raise SystemExit(main([every_heading_has_commands, a_server_is_in_service, *cases], __doc__))
