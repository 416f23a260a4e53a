#!/usr/bin/python3
"""Measures durable setContact: kithd beside two bare programs, same disk, same run.

    bench/run.py --bin build/release/bin                  five rounds, prints the table
    bench/run.py --bin build/release/bin --rounds 1 --seconds 1 --no-kerberos    a quick look
    bench/run.py --bin build/release/bin --write docs/performance.md

The programs take turns within a round and the median of the rounds is printed, so that what else
the machine does meets all of them alike. Needs a release build, and krb5-kdc for Kerberos.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/interop/kdc"))
import kdc  # noqa: E402
import page  # noqa: E402
import server  # noqa: E402

users = 10_000
contacts = 50
device_counts = [1, 8, 64, 512]
begin_mark = "<!-- bench/run.py writes from here -->"
end_mark = "<!-- to here -->"


def output_of(command, **more):
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True, **more).stdout)


class Load:
    """Devices of bench/load that have signed in and wait for the word."""

    def __init__(self, given, port, devices, tickets=None, first=0):
        command = [server.program(given.bin, "load"), "--port", str(port), "--wait"]
        command += ["--devices", str(devices), "--first", str(first)]
        command += ["--seconds", str(given.seconds), "--warm-up", str(given.seconds / 4)]
        command += ["--tickets", tickets] if tickets else []
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self.process.stdout.readline() != "ready\n":
            raise server.Failure("the devices could not sign in")

    def run(self):
        output, _ = self.process.communicate("go\n", timeout=600)
        result = json.loads(output)
        if result["errors"]:
            raise server.Failure(f"errors: {result['errors']}")
        return result


def measure(given, kithd, devices, tickets):
    """One load on kithd: its own report, and what the server says and used meanwhile."""
    load = Load(given, kithd.port, devices, tickets)
    writer = kithd.ctl("status")["server"]["writer"]
    cpu = kithd.cpu_seconds()
    result = load.run()
    cpu = kithd.cpu_seconds() - cpu
    after = kithd.ctl("status")["server"]["writer"]
    return {
        "rate": result["rate"],
        "p50_ms": result["p50_ms"],
        "p99_ms": result["p99_ms"],
        "server_cpu_us": cpu / result["operations"] * 1e6,
        "load_cpu_us": result["cpu_seconds"] / result["operations"] * 1e6,
        "per_sync": (after["batches"] - writer["batches"]) / (after["commits"] - writer["commits"]),
    }


def measure_slow_disk(given, database, devices):
    """Digest on a server whose sync takes 2 ms."""
    process = subprocess.Popen(
        [server.program(given.bin, "slow_disk_server"), database, "--delay-ms", "2"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask():
        process.stdin.write("how far\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    try:
        load = Load(given, process.stdout.readline().split()[1], devices)
        before = ask()
        result = load.run()
        after = ask()
    finally:
        process.stdin.close()
        process.wait(30)
    return {
        "rate": result["rate"],
        "p50_ms": result["p50_ms"],
        "p99_ms": result["p99_ms"],
        "per_sync": (after["batches"] - before["batches"]) / (after["syncs"] - before["syncs"]),
    }


def make_realm(folder):
    """A realm with the service and the users of the largest load; their tickets in a folder."""
    realm = kdc.Realm(folder / "kdc")
    realm.start()
    os.environ.update(realm.env)
    names = [f"u{number}" for number in range(max(device_counts))]
    commands = "".join(f"add_principal -randkey {name}\n" for name in names)
    kdc.run(["kadmin.local", "-r", realm.name()], realm.env, commands)
    users_keytab = folder / "users.keytab"
    kdc.run(["kadmin.local", "-r", realm.name(), "ktadd", "-k", str(users_keytab), *names], realm.env)
    tickets = folder / "tickets"
    tickets.mkdir()
    for name in names:
        realm.ticket(name, tickets / f"{name}.ccache", keytab=users_keytab)
    realm.keytab(f"sip/{server.host}", folder / "kith.keytab")
    return realm, tickets


def run_rounds(given, folder, kithd, tickets):
    """{name: [result of each round]}"""
    results = {}
    bare = server.program(given.bin, "bare")
    slow_database = folder / "slow.db"
    for number in range(given.rounds):
        print(f"round {number + 1} of {given.rounds}", file=sys.stderr)
        for rows in (1, 16):
            result = output_of([bare, folder / f"bare{rows}.db", str(rows), str(given.seconds)])
            results.setdefault(f"bare {rows}", []).append(result)
        for scheme in ["Digest"] + (["Kerberos"] if tickets else []):
            for devices in device_counts:
                of_scheme = tickets if scheme == "Kerberos" else None
                result = measure(given, kithd, devices, of_scheme)
                results.setdefault(f"{scheme} {devices}", []).append(result)
        result = measure_slow_disk(given, slow_database, 64)
        results.setdefault("slow 64", []).append(result)
    return results


def medians(results):
    return {
        name: {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}
        for name, rounds in results.items()
    }


def table(median, schemes):
    one, many = median["bare 1"], median["bare 16"]
    lines = [
        "| | operations/s | times bare | p50 ms | p99 ms | p99, times bare "
        "| server CPU µs/op | load CPU µs/op | operations/fdatasync |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        f"| bare, 1 row a commit | {one['commits_per_second']:,.0f} | 1.00 | {one['p50_ms']:.2f} "
        f"| {one['p99_ms']:.2f} | 1.0 | | | 1 |",
        f"| bare, 16 rows a commit | {many['rows_per_second']:,.0f} rows "
        f"| {many['rows_per_second'] / one['rows_per_second']:.2f} | {many['p50_ms']:.2f} "
        f"| {many['p99_ms']:.2f} | {many['p99_ms'] / one['p99_ms']:.1f} | | | 16 |",
    ]
    for scheme in schemes:
        for devices in device_counts:
            row = median[f"{scheme} {devices}"]
            lines.append(
                f"| {scheme}, {devices} device{'s' if devices > 1 else ''} | {row['rate']:,.0f} "
                f"| {row['rate'] / one['commits_per_second']:.2f} | {row['p50_ms']:.2f} "
                f"| {row['p99_ms']:.2f} | {row['p99_ms'] / one['p99_ms']:.1f} "
                f"| {row['server_cpu_us']:.0f} | {row['load_cpu_us']:.0f} | {row['per_sync']:.1f} |"
            )
    row = median["slow 64"]
    lines.append(
        f"| Digest, 64 devices, sync made to take 2 ms | {row['rate']:,.0f} | | {row['p50_ms']:.2f} "
        f"| {row['p99_ms']:.2f} | | | | {row['per_sync']:.1f} |"
    )
    return lines


def targets(median, schemes):
    """[(what, wanted, measured, whether it is met)]"""
    one = median["bare 1"]
    found = []

    def at_least(what, wanted, measured):
        found.append((what, f"at least {wanted}", f"{measured:.2f}", measured >= wanted))

    for scheme in schemes:
        rate = {devices: median[f"{scheme} {devices}"]["rate"] for devices in device_counts}
        single = one["commits_per_second"]
        at_least(f"{scheme}, 1 device: rate, times bare single commits", 0.6, rate[1] / single)
        at_least(f"{scheme}, 64 devices: rate, times bare single commits", 1.0, rate[64] / single)
        slow = median[f"{scheme} 64"]["p99_ms"] / one["p99_ms"]
        found.append((f"{scheme}, 64 devices: p99, times bare", "at most 10", f"{slow:.2f}", slow <= 10))
        at_least(f"{scheme}, 512 devices: rate, times that of 64", 0.9, rate[512] / rate[64])
    at_least("64 devices, sync of 2 ms: operations per sync", 16, median["slow 64"]["per_sync"])
    return found


def machine():
    model = next(
        line.partition(":")[2].strip()
        for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    )
    disk = output_of(["findmnt", "-J", "-T", tempfile.gettempdir(), "-o", "SOURCE,FSTYPE"])
    disk = disk["filesystems"][0]
    return (
        f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, "
        f"{disk['fstype']} on {disk['source']}"
    )


def report(given, median, schemes):
    command = f"bench/run.py --bin {given.bin} --rounds {given.rounds} --seconds {given.seconds:g}"
    lines = [f"Machine: {machine()}. Command: `{command}`.", "", *table(median, schemes), ""]
    lines += ["| target | wanted | measured | |", "|---|---|---:|---|"]
    for what, wanted, measured, met in targets(median, schemes):
        lines.append(f"| {what} | {wanted} | {measured} | {'met' if met else '**missed**'} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path, help="folder of a release build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="of each measurement")
    parser.add_argument("--no-kerberos", action="store_true", help="Digest only")
    parser.add_argument("--json", type=pathlib.Path, help="write every round's numbers here")
    parser.add_argument("--write", type=pathlib.Path, help="put the tables into this page")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as name:
        folder = pathlib.Path(name)
        realm, tickets = (None, None) if given.no_kerberos else make_realm(folder)
        kithd = server.Kithd(folder / "kithd", given.bin, realm and folder / "kith.keytab", "warning")
        try:
            kithd.prepare(users, contacts)
            shutil.copy(kithd.database, folder / "slow.db")
            kithd.start()
            results = run_rounds(given, folder, kithd, tickets)
            kithd.stop()
        finally:
            kithd.kill()
            if realm:
                realm.stop()
    if given.json:
        given.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    schemes = ["Digest"] + (["Kerberos"] if tickets else [])
    text = report(given, medians(results), schemes)
    print(text)
    if given.write:
        page.write_into(given.write, begin_mark, end_mark, text)


if __name__ == "__main__":
    try:
        main()
    except (server.Failure, kdc.Failure, page.NoPlace, OSError, subprocess.SubprocessError) as failure:
        print(f"run.py: {failure}", file=sys.stderr)
        sys.exit(1)
