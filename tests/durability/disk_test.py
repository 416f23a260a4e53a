#!/usr/bin/python3
"""A disk that is full, or read-only: 503, a log line and a status that say so, and no restart.

    disk_test.py --bin build/release/bin --broken-disk build/release/lib/libbroken_disk.so

Also: a second kithd on one database is refused. The last line is `N passed, N failed`; exit code 1
when anything failed, 2 for wrong usage.
"""

import argparse
import asyncio
import contextlib
import errno
import pathlib
import random
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent.parent / "bench"))
sys.path.insert(0, str(here))
import server  # noqa: E402
from devices import Crowd, User  # noqa: E402
from kill_test import fault  # noqa: E402
from lists import List  # noqa: E402

users = 8


class Checks:
    passed = 0
    failed = 0

    def check(self, what, is_so, detail=""):
        self.passed += bool(is_so)
        self.failed += not is_so
        print(f"{'passed' if is_so else 'FAILED'}  {what}{'' if is_so else f': {detail}'}")


def names():
    return [f"u{number}@{server.domain}" for number in range(users)]


def work(kithd, signed_in=lambda: None):
    """Users who change their lists for a moment; `signed_in` is called before the first change."""

    async def load():
        await crowd.sign_in()
        signed_in()
        try:
            await crowd.work(0.4, 1)
        finally:
            crowd.close()

    lists = [(name, List.ask(kithd, name)) for name in names()]
    crowd = Crowd(
        kithd.port,
        [User(name, server.domain, before, random.Random(name)) for name, before in lists],
        1,
    )
    asyncio.run(load())
    return crowd


class BrokenDisk:
    """One kithd, through one fault of its disk and out again."""

    def __init__(self, given, folder, name, number, cause):
        self.given = given
        self.folder = folder
        self.name = name
        self.number = number
        self.cause = cause
        self.flag = folder / "broken"
        self.kithd = server.Kithd(folder / "kithd", given.bin)

    def run(self, checks):
        self.kithd.prepare(users, 0)
        env = {
            "KITH_BROKEN_DISK": str(self.flag),
            "LD_PRELOAD": str(self.given.broken_disk.resolve()),
            "ASAN_OPTIONS": "verify_asan_link_order=0",
        }
        self.kithd.start(env)
        try:
            self.live_through(checks)
        finally:
            self.kithd.kill()

    def live_through(self, checks):
        kithd, name = self.kithd, self.name
        before = work(kithd).answers()
        checks.check(f"{name}: before, all is stored", set(before) == {200}, before)
        lists = {user: List.ask(kithd, user) for user in names()}

        broken = work(kithd, lambda: self.flag.write_text(str(int(self.number)), encoding="utf-8"))
        answers = broken.answers()
        checks.check(f"{name}: every change is answered 503", set(answers) == {503}, answers)
        status = kithd.ctl("status")
        store = status["store"]
        checks.check(f"{name}: kithctl status is not well", not status["well"], status)
        checks.check(f"{name}: its cause is {self.cause}", store["cause"] == self.cause, store)
        log = kithd.log.read_text(encoding="utf-8")
        checks.check(f"{name}: the log says so", store["sentence"] and store["sentence"] in log, kithd.last_words())
        for user, was in lists.items():
            found = List.ask(kithd, user)
            checks.check(f"{name}: the list of {user} is what it was", found == was, found.difference(was))

        self.flag.unlink()
        status = kithd.ctl("status")
        checks.check(f"{name}: with room again, kithctl status is well at once", status["well"], status)
        after = work(kithd)
        checks.check(f"{name}: with room again, all is stored", set(after.answers()) == {200}, after.answers())
        checks.check(f"{name}: kithctl status is well again", kithd.ctl("status")["well"], kithd.ctl("status"))
        kithd.kill()
        kithd.start()
        faults = [
            f"{user.name}: {why}"
            for user in after.users
            if (why := fault(lists[user.name], user.steps, List.ask(kithd, user.name)))
        ]
        checks.check(f"{name}: and there after a kill", not faults, faults)


def second_server(given, folder, checks):
    first = server.Kithd(folder / "first", given.bin)
    second = server.Kithd(folder / "second", given.bin)
    config = second.config.read_text(encoding="utf-8")
    second.config.write_text(
        config.replace(str(second.database), str(first.database)), encoding="utf-8"
    )
    first.start()
    try:
        with contextlib.suppress(server.Failure):
            second.start()
        log = second.log.read_text(encoding="utf-8")
        checks.check("a second kithd on one database is refused", second.process.poll(), log)
        checks.check("and says that it is in use", "in use" in log, log)
    finally:
        first.kill()
        second.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path, help="folder of the programs")
    parser.add_argument("--broken-disk", required=True, type=pathlib.Path, help="to be preloaded")
    given = parser.parse_args()
    checks = Checks()
    for name, number, cause in [
        ("full disk", errno.ENOSPC, "disk_full"),
        ("read-only disk", errno.EROFS, "read_only"),
    ]:
        with tempfile.TemporaryDirectory(prefix="kith-disk-") as folder:
            BrokenDisk(given, pathlib.Path(folder), name, number, cause).run(checks)
    with tempfile.TemporaryDirectory(prefix="kith-disk-") as folder:
        second_server(given, pathlib.Path(folder), checks)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return checks.failed == 0


if __name__ == "__main__":
    try:
        sys.exit(0 if main() else 1)
    except (server.Failure, OSError, ValueError, subprocess.SubprocessError) as failure:
        print(f"disk_test: {failure}")
        print("0 passed, 1 failed")
        sys.exit(1)
