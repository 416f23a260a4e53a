#!/usr/bin/python3
"""Kith beside the parsers that Debian packages: what reading and writing a message costs each.

    bench/parse/run.py --bin build/release/bin                     prints the tables
    bench/parse/run.py --bin build/release/bin --write docs/performance.md
    bench/parse/run.py --bin build/release/bin --no-times          counts only, a minute

First all must say the same about each message, or nothing is measured. Instructions are counted
under callgrind and are the same on each run. Times are the medians of repetitions that take turns,
and printed as multiples of Kith's, for the machine meets all alike. Needs a release build with
-DKITH_BENCH_PEERS=ON (scripts/install bench has the packages).
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
sys.path.insert(0, str(here.parent))
import page  # noqa: E402

corpus = here.parent.parent / "tests/data/corpus"
messages = ["invite", "register", "ok5via", "service", "subscribe", "notify"]
files = [str(corpus / f"{message}.sip") for message in messages]
peers = ["Kith", "Sofia-SIP", "libosip2", "libre"]
packages = {"Sofia-SIP": "libsofia-sip-ua-dev", "libosip2": "libosip2-dev", "libre": "libre-dev"}
measures = {
    "routing": "routing view",
    "typed": "everything typed",
    "write": "write, as it was read",
    "built": "write, put together",
}
# The same memcpy on every machine that has AVX2.
tunables = "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-ERMS,-FSRM,-RTM"
begin_mark = "<!-- bench/parse/run.py writes from here -->"
end_mark = "<!-- bench/parse/run.py writes to here -->"


class Failure(Exception):
    pass


def output_of(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise Failure("\n".join(said[-10:]) or f"{command[0]} ended with {done.returncode}")
    return done.stdout


def counts_of(program, peer):
    """{(message, measure): (instructions, allocations)} of what this peer can."""
    with tempfile.TemporaryDirectory(prefix="kith-parse-") as folder:
        printed = output_of(
            ["valgrind", "--tool=callgrind", "--toggle-collect=*measured*"]
            + ["--dump-after=(anonymous namespace)::measured*"]
            + [f"--callgrind-out-file={folder}/out"]
            + [program, "count", peer, *files],
            env={**os.environ, "GLIBC_TUNABLES": tunables, "LC_ALL": "C"},
        )
        rows = [line.split() for line in printed.splitlines()]
        counts = {}
        for number, (message, measure, allocations) in enumerate(rows, 1):
            dump = pathlib.Path(folder, f"out.{number}").read_text(encoding="utf-8")
            instructions = int(re.search(r"^(?:summary|totals): (\d+)", dump, re.MULTILINE)[1])
            counts[message, measure] = (instructions, int(allocations))
    return counts


def times_of(program, repetitions):
    """{(message, measure, peer): nanoseconds}"""
    report = output_of(
        [program, "time", *files, "--", "--benchmark_format=json", "--benchmark_min_time=0.05"]
        + [f"--benchmark_repetitions={repetitions}", "--benchmark_report_aggregates_only=true"]
        + ["--benchmark_enable_random_interleaving=true"]
    )
    times = {}
    for run in json.loads(report)["benchmarks"]:
        if run.get("aggregate_name") == "median":
            times[tuple(run["run_name"].split("/"))] = run["cpu_time"]
    return times


def row(name, measure, cells, last=None):
    return f"| {name} | {measures[measure]} | " + " | ".join(cells) + " |" + (last or "")


def table_of_counts(counts):
    lines = ["| | instructions | " + " | ".join(messages) + " | allocations |"]
    lines.append("|---|---|" + "---:|" * (len(messages) + 1))
    for measure in measures:
        for peer in peers:
            found = [counts[peer].get((message, measure)) for message in messages]
            if not any(found):
                continue
            allocations = [each[1] for each in found if each]
            spread = sorted({min(allocations), max(allocations)})
            cells = [f"{each[0]:,}" if each else "cannot" for each in found]
            lines.append(row(peer, measure, cells, f" {'–'.join(map(str, spread))} |"))
    return lines


def table_of_times(times):
    lines = ["| | time | " + " | ".join(messages) + " |", "|---|---|" + "---:|" * len(messages)]
    for measure in measures:
        for peer in peers:
            found = [times.get((message, measure, peer)) for message in messages]
            if not any(found):
                continue
            kith = [times[message, measure, "Kith"] for message in messages]
            if peer == "Kith":
                cells = [f"{each:,.0f} ns" for each in kith]
            else:
                cells = [f"× {a / b:.1f}" if a else "cannot" for a, b in zip(found, kith)]
            lines.append(row(peer, measure, cells))
    return lines


def versions():
    found = [
        f"{peer} {output_of(['dpkg-query', '-W', '-f', '${Version}', package])}"
        for peer, package in packages.items()
    ]
    return ", ".join(found)


def report(counts, times):
    lines = [f"Debian's packages: {versions()}.", "", *table_of_counts(counts)]
    if times:
        lines += ["", *table_of_times(times)]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path, help="folder of a release build")
    parser.add_argument("--repetitions", type=int, default=9, help="of each time")
    parser.add_argument("--no-times", action="store_true", help="counts only")
    parser.add_argument("--write", type=pathlib.Path, help="put the tables into this page")
    given = parser.parse_args()
    if given.write and given.no_times:
        parser.error("the page has both tables: --write takes the times too")
    program = str(given.bin / "parse_peers")
    output_of([program, "check", *files])
    counts = {peer: counts_of(program, peer) for peer in peers}
    times = None if given.no_times else times_of(program, given.repetitions)
    text = report(counts, times)
    print(text)
    if given.write:
        page.write_into(given.write, begin_mark, end_mark, text)


if __name__ == "__main__":
    try:
        main()
    except (Failure, page.NoPlace, OSError, subprocess.SubprocessError) as failure:
        print(f"run.py: {failure}", file=sys.stderr)
        sys.exit(1)
