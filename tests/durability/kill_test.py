#!/usr/bin/python3
"""Nothing acknowledged is ever lost: kithd is killed with SIGKILL while many devices change lists.

Two devices of each user add, change and delete contacts and groups at once. After each kill the
server is started again, and each list must be, in every field, what it was before, then every
operation that was answered 200, then some of those that were in flight, in order, none left out.

    kill_test.py --bin build/release/bin [--kills 50] [--seed N]

Its last line is `N passed, N failed`; exit code 1 when anything failed, 2 for wrong usage.
"""

import argparse
import asyncio
import collections
import contextlib
import pathlib
import random
import secrets
import subprocess
import sys
import tempfile
import threading

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent.parent / "bench"))
sys.path.insert(0, str(here))
import server  # noqa: E402
from devices import Crowd, User  # noqa: E402
from lists import List  # noqa: E402

users = 16
devices_each = 2
operations_in_flight = 4  # of a user
in_flight_seen = {"stored": 0, "not stored": 0}


def names():
    return [f"u{number}@{server.domain}" for number in range(users)]


def fault(before, steps, found):
    """What is wrong with the list that was found; empty if nothing is."""
    if odd := {step.status for step in steps} - {0, 200, 409}:
        return f"operations were answered {odd}"
    stood = {step.number: step for step in steps if step.status != 409}
    stored = [number for number, step in stood.items() if step.status == 200]
    expected = before.copy()
    while stored and expected.version <= max(stored):
        if expected.version not in stood:
            return f"answered 200 for deltaNum {max(stored)}, and 409 for {expected.version}"
        expected.take(stood[expected.version].operation)
    acknowledged = expected.copy()
    in_flight = sum(number >= acknowledged.version for number in stood)
    while expected != found and expected.version in stood:
        expected.take(stood[expected.version].operation)
    if expected == found:
        in_flight_seen["stored"] += expected.version - acknowledged.version
        in_flight_seen["not stored"] += in_flight - (expected.version - acknowledged.version)
        return ""
    return (
        f"in flight were {in_flight}; it differs from what was acknowledged: "
        + found.difference(acknowledged)
    )


async def load(kithd, crowd, moment):
    await crowd.sign_in()
    killer = threading.Timer(moment, kithd.process.kill)
    killer.start()
    try:
        await crowd.work(30, operations_in_flight)
    finally:
        killer.join()
        crowd.close()


def round_of(kithd, chance, before):
    """Work, a kill, a start; returns the faults, the lists as they are, and the steps."""
    crowd = Crowd(
        kithd.port,
        [User(name, server.domain, list_, random.Random(chance.random())) for name, list_ in before.items()],
        devices_each,
    )
    asyncio.run(load(kithd, crowd, chance.uniform(0.002, 0.35)))
    kithd.process.wait()
    kithd.start()
    faults = []
    after = {}
    for user in crowd.users:
        after[user.name] = List.ask(kithd, user.name)
        if why := fault(before[user.name], user.steps, after[user.name]):
            faults.append(f"{user.name}: {why}")
    return faults, after, [step for user in crowd.users for step in user.steps]


def run(given, chance, kithd):
    """(rounds passed, rounds failed, operations by method and status)"""
    passed = failed = 0
    done = collections.Counter()
    lists = {name: List.ask(kithd, name) for name in names()}
    for kill in range(1, given.kills + 1):
        faults, lists, steps = round_of(kithd, chance, lists)
        done.update((step.operation.method, step.status) for step in steps)
        passed += not faults
        failed += bool(faults)
        for each in faults:
            print(f"FAILED  kill {kill}: {each}")
    return passed, failed, done


def hardly_tested(kills, done):
    """What was not put to the test, in sentences."""
    stored = {method: count for (method, status), count in done.items() if status == 200}
    if sum(stored.values()) < 10 * kills:
        yield "hardly anything was acknowledged between the kills"
    for method in ["setContact", "deleteContact", "addGroup", "modifyGroup", "deleteGroup"]:
        if not stored.get(method):
            yield f"no {method} was acknowledged"
    if not any(status == 409 for _, status in done):
        yield "two devices never met"
    for outcome, count in in_flight_seen.items():
        if count == 0:
            yield f"no operation in flight was {outcome}: the kills come at one moment only"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path, help="folder of the programs")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    given = parser.parse_args()
    print(f"seed {given.seed}; to repeat: --seed {given.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="kith-kill-") as name, contextlib.ExitStack() as end:
        kithd = server.Kithd(pathlib.Path(name) / "kithd", given.bin)
        end.callback(kithd.kill)
        kithd.prepare(users, 0)
        kithd.start()
        passed, failed, done = run(given, random.Random(given.seed), kithd)
        kithd.stop()
    by_status = collections.Counter()
    for (_, status), count in done.items():
        by_status[status] += count
    print(
        f"{given.kills} kills, {by_status[200]} operations acknowledged, {by_status[409]} refused "
        f"because another device was first; of those in flight {in_flight_seen['stored']} were "
        f"there afterwards, {in_flight_seen['not stored']} were not"
    )
    for each in hardly_tested(given.kills, done):
        print(f"FAILED  {each}")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return failed == 0


if __name__ == "__main__":
    try:
        sys.exit(0 if main() else 1)
    except (server.Failure, OSError, TimeoutError, subprocess.SubprocessError) as failure:
        print(f"kill_test: {failure}")
        print("0 passed, 1 failed")
        sys.exit(1)
