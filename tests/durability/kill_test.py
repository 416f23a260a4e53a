#!/usr/bin/python3
"""Nothing acknowledged is ever lost: kithd is killed with SIGKILL while many devices change lists.

After each kill it is started again, and each list must be what it was before, then every operation
that was answered 200, then some of those that were in flight, in order, none left out.

    kill_test.py --bin build/release/bin [--kills 50] [--seed N]

Its last line is `N passed, N failed`; exit code 1 when anything failed, 2 for wrong usage.
"""

import argparse
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
import server  # noqa: E402

devices = 24
operations_in_flight = 4
in_flight_seen = {"stored": 0, "not stored": 0}


class Story:
    """What one user's device did on one connection, from the journal of bench/load."""

    def __init__(self):
        self.steps = []  # (deltaNum, kind, URI, name), in order
        self.stored = set()
        self.refused = set()

    @staticmethod
    def read(journal):
        """{user: Story}"""
        stories = {}
        for line in journal.read_text(encoding="utf-8").splitlines():
            what, user, number, *more = line.split(" ", 3)
            story = stories.setdefault(user, Story())
            if what == "sent":
                kind, uri, name = more[0].split(" ", 2)
                story.steps.append((int(number), kind, uri, name))
            elif what in ("stored", "refused"):
                getattr(story, what).add(int(number))
        return stories


class Contacts:
    """A user's list, as far as the devices change it."""

    def __init__(self, version, names):
        self.version = version
        self.names = dict(names)

    @staticmethod
    def ask(kithd, user):
        answer = kithd.ctl("contacts", f"{user}@{server.domain}")
        names = {each["uri"]: each["name"] for each in answer["contacts"]}
        return Contacts(answer["version"], names)

    def after(self, step):
        _, kind, uri, name = step
        names = dict(self.names)
        if kind == "set":
            names[uri] = name
        else:
            names.pop(uri, None)
        return Contacts(self.version + 1, names)

    def __eq__(self, other):
        return (self.version, self.names) == (other.version, other.names)

    def __repr__(self):
        return f"version {self.version}, {len(self.names)} contacts"


def fault(before, story, found):
    """What is wrong with the list that was found; empty if nothing is."""
    expected = before
    for place, step in enumerate(story.steps):
        if step[0] not in story.stored:
            break
        if step[0] != expected.version:
            return f"answered 200 for deltaNum {step[0]} where the list had {expected.version}"
        expected = expected.after(step)
    else:
        place = len(story.steps)
    in_flight = story.steps[place:]
    if story.refused or any(step[0] in story.stored for step in in_flight):
        return "operations were refused, or answered out of order"
    acknowledged = expected
    for count in range(len(in_flight) + 1):
        if found == expected:
            in_flight_seen["stored"] += count
            in_flight_seen["not stored"] += len(in_flight) - count
            return ""
        if count < len(in_flight):
            expected = expected.after(in_flight[count])
    return f"found {found}; acknowledged was {acknowledged}, in flight were {len(in_flight)} more"


def round_of(kithd, bin_folder, folder, chance, before):
    """Work, a kill, a start; returns the faults and the lists as they are, and how much was done."""
    journal = folder / "journal"
    load = subprocess.Popen(
        [server.program(bin_folder, "load"), "--port", str(kithd.port), "--wait", "--mixed"]
        + ["--devices", str(devices), "--window", str(operations_in_flight)]
        + ["--seconds", "30", "--warm-up", "0", "--journal", journal],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if load.stdout.readline() != "ready\n":
        raise server.Failure("the devices do not sign in")
    killer = threading.Timer(chance.uniform(0.002, 0.35), kithd.process.kill)
    killer.start()
    load.communicate("go\n", timeout=60)
    killer.join()
    kithd.process.wait()
    kithd.start()
    stories = Story.read(journal)
    faults = []
    after = {}
    for user, list_before in before.items():
        after[user] = Contacts.ask(kithd, user)
        story = stories.get(user, Story())
        if why := fault(list_before, story, after[user]):
            faults.append(f"{user}: {why}")
    done = sum(len(story.stored) for story in stories.values())
    return faults, after, done


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path, help="folder of the programs")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    given = parser.parse_args()
    print(f"seed {given.seed}; to repeat: --seed {given.seed}", flush=True)
    chance = random.Random(given.seed)
    passed = failed = operations = 0
    with tempfile.TemporaryDirectory(prefix="kith-kill-") as name, contextlib.ExitStack() as end:
        kithd = server.Kithd(pathlib.Path(name) / "kithd", given.bin)
        end.callback(kithd.kill)
        kithd.prepare(devices, 0)
        kithd.start()
        lists = {f"u{number}": Contacts.ask(kithd, f"u{number}") for number in range(devices)}
        for kill in range(1, given.kills + 1):
            faults, lists, done = round_of(kithd, given.bin, pathlib.Path(name), chance, lists)
            operations += done
            passed += not faults
            failed += bool(faults)
            for each in faults:
                print(f"FAILED  kill {kill}: {each}")
        kithd.stop()
    print(
        f"{given.kills} kills, {operations} operations acknowledged; of those in flight "
        f"{in_flight_seen['stored']} were there afterwards, {in_flight_seen['not stored']} were not"
    )
    if operations < 10 * given.kills:
        print("FAILED  hardly anything was acknowledged between the kills")
        failed += 1
    for outcome, count in in_flight_seen.items():
        if count == 0:
            print(f"FAILED  no operation in flight was {outcome}: the kills come at one moment only")
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return failed == 0


if __name__ == "__main__":
    try:
        sys.exit(0 if main() else 1)
    except (server.Failure, OSError, subprocess.SubprocessError) as failure:
        print(f"kill_test: {failure}")
        print("0 passed, 1 failed")
        sys.exit(1)
