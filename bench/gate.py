#!/usr/bin/python3
"""Counts what reading and writing a message costs, and what a transaction costs, exactly, and
compares with bench/counts.json.

Instructions under callgrind, allocations and bytes held are the same on each run. A count that is
3 % worse fails; so does a single allocation more. Run it on a release build.

    bench/gate.py --bin build/release/bin            compare
    bench/gate.py --bin build/release/bin --write    put the counts into bench/counts.json
    bench/gate.py --bin build/release/bin --table    print the tables of docs/performance.md
    bench/gate.py --bin build/release/bin --only transaction    compare those that are so named

Its last line is `N passed, N failed`; exit code 1 when anything failed, 2 for wrong usage.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
counts_file = here / "counts.json"
corpus = here.parent / "tests/data/corpus"
messages = ["invite", "register", "ok5via", "service", "subscribe", "notify"]
measures = [
    (measure, scan)
    for measure in ("routing", "typed", "write", "built")
    for scan in ("avx2", "portable")
]
tolerance = 1.03
# The same memcpy on every machine that has AVX2, which the counts of that path need anyway.
tunables = "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-ERMS,-FSRM,-RTM"
# Both sides together, the mean of so many; see bench/transaction_count.cpp.
transactions = ["options", "invite"]
exchanges = 1000
# Whether a timer costs more where more are waiting.
timers = [1000, 1000000]
waiting = ["held", "served", "held-invite", "served-invite"]
waiting_count = 1000000
# What is promised for each message on the path of AVX2, in the order of `messages`, and for all
# paths of one, or a transaction, by the beginning of the count's name.
targets = {
    "routing": ([5200, 6200, 5900, 5200, 3800, 4000], 1),
    "typed": ([10000, 12200, 11500, 10100, 7300, 7700], 4),
    "built": ([3200, 2800, 4100, 2800, 2200, 2400], 1),
}
promises = {
    f"{message} {measure} avx2": {"instructions": most, "allocations": allocations}
    for measure, (instructions, allocations) in targets.items()
    for message, most in zip(messages, instructions, strict=True)
}
promises |= {
    "service routing": {"instructions": 8000, "allocations": 2},
    "transaction options measured": {"instructions": 25000},
    "transaction invite measured": {"instructions": 60000},
    "transaction held": {"bytes": 1024},
    "transaction served": {"bytes": 1024},
}


def run(command, scan="avx2"):
    """What it printed, and what valgrind said."""
    env = {**os.environ, "GLIBC_TUNABLES": tunables, "KITH_SCAN": scan, "LC_ALL": "C"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip()[-200:]}")
    return done.stdout, done.stderr


def count(program, arguments, scan="avx2", what="measured"):
    """Instructions and allocations of one run."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = run(
            ["valgrind", "--tool=callgrind", f"--toggle-collect=*{what}*"]
            + [f"--callgrind-out-file={folder}/out", program, *arguments],
            scan,
        )
    collected = re.search(r"Collected : (\d+)", err)
    allocations = re.search(r"(\d+) carried" if what == "carried" else r"(\d+) allocations", out)
    if not collected or not allocations:
        raise RuntimeError(f"{arguments}: {err.strip().splitlines()[-1]}")
    return {"instructions": int(collected.group(1)), "allocations": int(allocations.group(1))}


def count_transaction(program, measure, what):
    counted = count(program, [measure, str(exchanges)], what=what)
    return {**counted, "instructions": counted["instructions"] // exchanges}


def count_timers(program, number):
    """The same of one timer, so many of which fire."""
    counted = count(program, ["timers", str(number)])
    return {**counted, "instructions": counted["instructions"] // number}


def count_bytes(program, measure):
    """Bytes that a transaction holds besides its message, of so many."""
    out, _ = run([program, measure, str(waiting_count)])
    return {"bytes": int(re.search(r"(\d+) bytes each", out).group(1))}


def parse_counts(program):
    return {
        f"{message} {measure} {scan}": lambda message=message, measure=measure, scan=scan: count(
            program, [str(corpus / f"{message}.sip"), measure, "1"], scan
        )
        for measure, scan in measures
        for message in messages
    }


def transaction_counts(program):
    counts = {
        f"transaction {each} {what}": lambda each=each, what=what: count_transaction(
            program, each, what
        )
        for each in transactions
        for what in ("measured", "carried")
    }
    for each in timers:
        counts[f"transaction timer among {each}"] = lambda each=each: count_timers(program, each)
    for each in waiting:
        counts[f"transaction {each}"] = lambda each=each: count_bytes(program, each)
    return counts


def worse(counted, committed):
    """Why the count is not good enough; empty if it is."""
    if committed is None:
        return "is not in bench/counts.json"
    for what, number in counted.items():
        allowed = committed[what] * (1 if what == "allocations" else tolerance)
        if number > allowed:
            return f"{number} {what}, committed are {committed[what]}"
    return ""


def broken_promise(name, counted):
    for beginning, promised in promises.items():
        if name.startswith(beginning) and any(counted[each] > promised[each] for each in promised):
            return f"{counted} is more than promised, {promised}"
    return ""


def compare(all_counts):
    committed = json.loads(counts_file.read_text(encoding="utf-8"))
    failed = 0
    for name, counted in all_counts.items():
        why = broken_promise(name, counted) or worse(counted, committed.get(name))
        failed += bool(why)
        print(f"{'FAILED' if why else 'passed'}  {name}: {why or next(iter(counted.values()))}")
    print(f"{len(all_counts) - failed} passed, {failed} failed")
    return failed == 0


def table(all_counts):
    lines = ["| measure | " + " | ".join(messages) + " | allocations |"]
    lines.append("|---|" + "---:|" * (len(messages) + 1))
    for measure, scan in measures:
        row = [all_counts[f"{message} {measure} {scan}"] for message in messages]
        allocations = sorted({each["allocations"] for each in row})
        spread = f"{allocations[0]}–{allocations[-1]}" if len(allocations) > 1 else allocations[0]
        cells = [f"{each['instructions']:,}" for each in row]
        lines.append(f"| {measure}, {scan} | " + " | ".join(cells) + f" | {spread} |")
    lines += ["", "| transaction | instructions | allocations |", "|---|---:|---:|"]
    for name, counted in all_counts.items():
        if name.startswith("transaction") and "instructions" in counted:
            what = name.removeprefix("transaction ")
            lines.append(f"| {what} | {counted['instructions']:,} | {counted['allocations']} |")
    for each in waiting:
        lines.append(f"{each}: {all_counts[f'transaction {each}']['bytes']} bytes")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path, help="folder of a release build")
    parser.add_argument("--write", action="store_true", help="commit to these counts")
    parser.add_argument("--table", action="store_true", help="print a table")
    parser.add_argument("--only", default="", help="counts whose name has this in it")
    given = parser.parse_args()
    if given.only and (given.write or given.table):
        parser.error("--only is for comparing")
    to_count = parse_counts(given.bin / "parse_count")
    to_count |= transaction_counts(given.bin / "transaction_count")
    all_counts = {name: each() for name, each in to_count.items() if given.only in name}
    if given.table:
        print(table(all_counts))
        return True
    if given.write:
        counts_file.write_text(json.dumps(all_counts, indent=1) + "\n", encoding="utf-8")
        print(f"wrote {counts_file}")
        return True
    return compare(all_counts)


if __name__ == "__main__":
    try:
        sys.exit(0 if main() else 1)
    except (OSError, RuntimeError, ValueError) as error:
        print(f"gate: {error}", file=sys.stderr)
        print("0 passed, 1 failed")
        sys.exit(1)
