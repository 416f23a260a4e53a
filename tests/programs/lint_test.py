#!/usr/bin/env python3
"""kith lint as its users meet it: messages, many messages, captures, and lines for machines.

  lint_test.py --kith PATH [--lines N]

Needs nothing; ends with a line "N passed, N failed" and exit code 0 or 1.
"""

import argparse
import base64
import csv
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import threading

from checks import Checks

DATA = pathlib.Path(__file__).resolve().parent.parent / "torture" / "data"


def message(**change):
    """An INVITE that is valid, but for the headers that are changed; None leaves one out."""
    headers = {
        "Via": "SIP/2.0/UDP client.example.com;branch=z9hG4bK74bf9",
        "Max-Forwards": "70",
        "From": "Alice <sip:alice@example.com>;tag=9fxced76sl",
        "To": "Bob <sip:bob@example.com>",
        "Call-ID": "3848276298220188511@client.example.com",
        "CSeq": "1 INVITE",
        "Contact": "<sip:alice@client.example.com>",
        "Content-Length": "0",
    }
    headers.update({name.replace("_", "-"): value for name, value in change.items()})
    lines = ["INVITE sip:bob@example.com SIP/2.0"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class World:
    def __init__(self, kith, folder, lines):
        self.kith = kith
        self.lines = lines  # that it must take without growing
        self.folder = pathlib.Path(folder)
        # What is freed is to be free: the quarantine of a sanitizer would look like growth.
        self.environment = {**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=1"}
        self.environment.pop("KITH_USER", None)

    def lint(self, *arguments, stdin=b""):
        done = subprocess.run([self.kith, "lint", *map(str, arguments)], input=stdin,
                              env=self.environment, capture_output=True, timeout=300)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        return done

    def file(self, name, content):
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def answers(self, *lines):
        """Of objects, or of bytes that are lines themselves."""
        raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        done = self.lint("--jsonl", stdin=b"\n".join(raw) + b"\n")
        return [json.loads(line) for line in done.stdout.splitlines()], done


def check_one_message(world, checks):
    done = world.lint(world.file("valid.sip", message()))
    checks.that("a valid message ends with 0", done.returncode == 0, done)
    checks.that("both readings are reported", "strict: accepted; lenient: accepted" in done.stdout,
                done)
    checks.that("headers are shown as they were understood",
                "  From            \"Alice\" <sip:alice@example.com>;tag=9fxced76sl\n" in done.stdout
                or "  From            Alice <sip:alice@example.com>;tag=9fxced76sl\n"
                in done.stdout, done)
    done = world.lint(stdin=message(X_Odd="a\x1b[31m"))
    checks.that("standard input is read without a file", done.returncode == 0 and
                done.stdout.startswith("-:1: request INVITE"), done)
    checks.that("a header without a type is said to have none", "kept as text" in done.stdout, done)
    checks.that("a terminal is sent nothing to obey", "\x1b" not in done.stdout and
                "\\x1b[31m" in done.stdout, done)


def check_places(world, checks):
    """Each finding with its line and column, and a caret under that column."""
    for what, wire, place, words in [
            ("another method", message(CSeq="1 BYE"), "7:7: error: ", "RFC 3261 §8.1.1.5"),
            ("no number", message(Max_Forwards="many"), "3:15: error: ", "RFC 3261 §20.22"),
            ("a folded value", message(Contact="<sip:alice@client.example.com>\r\n ;;x"),
             "9:3: error, if read strictly: ", "RFC 3261 §20.10"),
            ("a number out of range", message(Max_Forwards="700"), "3:17: error, if read strictly: ",
             "Max-Forwards malformed: is above 255 ["),
            ("a word in place of it", message(Max_Forwards="7OO"), "3:16: error: ",
             "Max-Forwards malformed: does not follow its grammar ["),
            ("a number too big for it", message(Expires="99999999999"), "10:19: ",
             "Expires malformed: is too big a number ["),
    ]:
        file = world.file("place.sip", wire)
        done = world.lint(file)
        checks.that(f"{what}: exit code 1", done.returncode == 1, done)
        lines = done.stdout.splitlines()
        found = [i for i, line in enumerate(lines) if line.startswith(f"{file}:{place}")]
        checks.that(f"{what}: at {place}", len(found) == 1, done)
        if not found:
            continue
        checks.that(f"{what}: says {words}", words in lines[found[0]], done)
        column = int(lines[found[0]][len(str(file)) + 1:].split(":")[1])
        number = int(lines[found[0]][len(str(file)) + 1:].split(":")[0])
        checks.that(f"{what}: the line is shown", lines[found[0] + 1] ==
                    "    " + wire.decode().split("\r\n")[number - 1], done)
        checks.that(f"{what}: a caret is under it",
                    lines[found[0] + 2] == " " * (4 + column - 1) + "^", done)
    done = world.lint(stdin=message(To=None))
    checks.that("what is missing has a rule, an answer and no place",
                "-:1: error: To missing: every message has one [RFC 3261 §8.1.1.2], "
                "answered 400 Bad Request\n" in done.stdout, done)
    done = world.lint(stdin=message(Subject="x" * 5000, Expires="x" * 5000))
    checks.that("a long line is shown in part", "…\n" in done.stdout and
                max(len(line) for line in done.stdout.splitlines() if "^" in line) < 120, done)
    edited = message().replace(b"\r\n", b"\n")
    for option, weight in [("--strict", "error"), ("--lenient", "note")]:
        done = world.lint(option, stdin=edited)
        checks.that(f"{option}: a line ended by LF alone is called so",
                    f"-:1:35: {weight}: header section" in done.stdout and
                    ": line ended by LF alone [RFC 3261 §7]" in done.stdout, done)
    done = world.lint(stdin=edited)
    checks.that("and once where both read it", done.stdout.count("-:1:35: ") == 1, done)
    done = world.lint("--strict", stdin=b"INVITE\r\n\r\n")
    checks.that("other nonsense is no message", ": no message [RFC 3261 §7]" in done.stdout, done)


def check_readings(world, checks):
    file = world.file("lenient.sip", message(Contact="<sip:alice@client.example.com>,,<sip:a@b>",
                                             To="Bob <sip:bob@example.com >"))
    done = world.lint(file)
    checks.that("what only strict refuses says so", done.returncode == 1 and
                "error, if read strictly: To malformed" in done.stdout, done)
    checks.that("and which leniency was needed", "note: To: blanks inside a URI" in
                done.stdout, done)
    file = world.file("blank.sip", message(To="Bob <sip:bob@example.com >"))
    for option, code in [("--strict", 1), ("--lenient", 0)]:
        done = world.lint(option, file)
        checks.that(f"{option}: exit code {code}", done.returncode == code, done)
        other = "lenient:" if option == "--strict" else "strict:"
        checks.that(f"{option}: nothing of the other", other not in done.stdout, done)


def check_many(world, checks):
    body = message(Content_Length="5", Content_Type="text/plain") + b"hello"
    many = body + b"\r\n" + message() + b"\r\n\r\n" + message(CSeq="1 BYE")
    file = world.file("many.sip", many)
    done = world.lint("--json", file)
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    checks.that("three messages of one file", [one["valid"] for one in objects] ==
                [True, True, False] and done.returncode == 1, done)
    checks.that("each at its line", [one["line"] for one in objects] == [1, 13, 25], done)
    problem = [one for one in objects[2]["problems"] if one["strict"] == "fault"][0]
    checks.that("a problem has its line in the file", problem["line"] == 25 + 6 and
                problem["column"] == 7 and problem["where"] == "CSeq" and problem["status"] == 400
                and many.splitlines()[problem["line"] - 1] == b"CSeq: 1 BYE", done)
    checks.that("headers are typed", {"name": "CSeq", "known": True, "values": ["1 INVITE"]} in
                objects[0]["headers"], done)
    done = world.lint("--json", stdin=message(Content_Type="message/sipfrag", Content_Length=None)
                      + b"SIP/2.0 200 OK\r\n")
    checks.that("without a length all that follows is the body", done.stdout.count("\n") == 1 and
                json.loads(done.stdout)["body_bytes"] == 16, done)
    done = world.lint(world.file("valid.sip", message()), world.file("other.sip", message()))
    checks.that("several files", done.returncode == 0 and done.stdout.count(": valid;") == 2, done)
    empty = world.file("empty.sip", b"\r\n")
    done = world.lint(empty, world.folder / "valid.sip")
    checks.that("one without a message is named", done.returncode == 1 and
                done.stderr == f"kith: {empty}: there is no SIP message in it\n", done)
    done = world.lint()
    checks.that("and so is standard input", done.returncode == 1 and
                done.stderr == "kith: standard input: there is no SIP message in it\n", done)


def ipv4(protocol, payload, fragment=0):
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, fragment, 64, protocol, 0,
                       bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])) + payload


def udp(payload):
    return ipv4(17, struct.pack(">HHHH", 5060, 5062, 8 + len(payload), 0) + payload)


def tcp(sequence, payload):
    return ipv4(6, struct.pack(">HHIIBBHHH", 40000, 5060, sequence, 0, 0x50, 0, 1024, 0, 0) +
                payload)


def pcap(*packets):
    return struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 101) + b"".join(
        struct.pack("<IIII", 1795262400, 250000, len(one), len(one)) + one for one in packets)


def pcapng(*packets):
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack(">II", kind, 12 + len(body)) + body + struct.pack(">I", 12 + len(body))

    ticks = 1795262400250000
    return (block(0x0a0d0d0a, struct.pack(">IHHq", 0x1a2b3c4d, 1, 0, -1)) +
            block(1, struct.pack(">HHI", 1, 0, 262144)) +
            b"".join(block(6, struct.pack(">IIIII", 0, ticks >> 32, ticks & 0xffffffff,
                                          14 + len(one), 14 + len(one)) +
                           bytes(12) + b"\x08\x00" + one) for one in packets))


def check_captures(world, checks):
    first, second = message(), message(CSeq="1 BYE")
    packets = [udp(first), tcp(100, second[:50]), tcp(180, second[80:]), tcp(150, second[50:80]),
               tcp(100, second[:50]), ipv4(17, b"x", 0x2000), udp(b"\r\n\r\n")]
    for name, made in [("trace.pcap", pcap(*packets)), ("trace.pcapng", pcapng(*packets))]:
        for arguments, stdin in [((world.file(name, made),), b""), ((), made)]:
            done = world.lint("--json", *arguments, stdin=stdin)
            objects = [json.loads(line) for line in done.stdout.splitlines()]
            messages = [one for one in objects if "valid" in one]
            checks.that(f"{name}: a datagram and a stream", done.returncode == 1 and
                        [(one["packet"], one["transport"], one["valid"]) for one in messages] ==
                        [(1, "UDP", True), (4, "TCP", False)], done)
            checks.that(f"{name}: who, to whom, when", messages[0]["from"] == "192.0.2.1:5060" and
                        messages[0]["to"] == "192.0.2.2:5062" and
                        messages[0]["time"] == "2026-11-21T12:00:00.250000Z", done)
            checks.that(f"{name}: what was not read is said",
                        [(one["packet"], one["remark"]) for one in objects if "remark" in one] ==
                        [(5, "a segment that was sent again"), (6, "a fragment of an IPv4 packet")],
                        done)
    file = world.folder / "trace.pcap"
    done = world.lint(file)
    checks.that("for people, with the packet", f"{file}[4]:7:7: error: CSeq malformed" in
                done.stdout and "UDP 192.0.2.1:5060 -> 192.0.2.2:5062" in done.stdout, done)
    done = world.lint(stdin=pcap(tcp(100, message(Content_Length=None))))
    checks.that("a stream needs a Content-Length", done.returncode == 1 and
                "Content-Length missing: the stream cannot be cut here" in done.stdout, done)
    done = world.lint(stdin=pcap(udp(b"\r\n\r\n")))
    checks.that("a capture without SIP is not valid", done.returncode == 1 and
                "no SIP message" in done.stderr, done)
    done = world.lint(stdin=pcap(udp(first)) + struct.pack("<IIII", 0, 0, 1 << 30, 1 << 30))
    checks.that("what could be read of a broken one is shown", done.returncode == 2 and
                "request INVITE" in done.stdout and "packet: too long" in done.stderr, done)


def check_usage(world, checks):
    valid = world.file("valid.sip", message())
    for what, arguments in [
            ("a file that is not there", [world.folder / "nowhere.sip"]),
            ("a folder", [world.folder]),
            ("an unknown option", ["--loudly"]),
            ("two readings", ["--strict", "--lenient", valid]),
            ("--jsonl of a file", ["--jsonl", valid]),
            ("two forms", ["--json", "--jsonl"]),
    ]:
        done = world.lint(*arguments)
        checks.that(f"{what}: exit code 2", done.returncode == 2, done)
    done = world.lint()
    checks.that("nothing at all is not valid", done.returncode == 1, done)
    done = world.lint("--help")
    checks.that("--help teaches", done.returncode == 0 and "Exit status: 0" in done.stdout and
                '"kind":"uri_equal"' in done.stdout, done)
    done = subprocess.run([world.kith, "login"], env=world.environment, text=True,
                          capture_output=True, timeout=60)
    checks.that("every other command needs --user", done.returncode == 2 and
                "--user" in done.stderr, done)


def check_lines(world, checks):
    wire = base64.b64encode(message()).decode()
    cases = [
        ({"kind": "message", "wire_b64": wire},
         {"accepted": True, "lenient": True, "encoded_b64": wire, "reparsed_equal": True,
          "errors": []}),
        ({"kind": "header", "input": "Contact: <sip:a@b>;q=0.7"},
         {"accepted": True, "lenient": True, "encoded": "Contact: <sip:a@b>;q=0.7",
          "reparsed_equal": True, "errors": []}),
        ({"kind": "header", "input": "m:sip:a@b , <sip:c@d>"},
         {"accepted": True, "lenient": True, "encoded": "Contact: <sip:a@b>, <sip:c@d>",
          "reparsed_equal": True, "errors": []}),
        ({"kind": "header", "input": "CSeq: 4294967296 INVITE"},
         {"accepted": False, "lenient": False, "encoded": None, "reparsed_equal": False,
          "errors": [{"code": "malformed", "where": "CSeq", "offset": 15}]}),
        ({"kind": "uri", "input": "sip:alice@example.com"},
         {"accepted": True, "lenient": True, "encoded": "sip:alice@example.com",
          "reparsed_equal": True, "errors": []}),
        ({"kind": "address", "input": '"A" <sip:a@b>'},
         {"accepted": True, "lenient": True, "encoded": '"A" <sip:a@b>', "reparsed_equal": True,
          "errors": []}),
        ({"kind": "uri_equal", "a": "sip:a@b", "b": "sip:A@b"}, {"equal": False}),
        ({"kind": "uri_equal", "a": "sip:a@B", "b": "SIP:%61@b"}, {"equal": True}),
        ({"kind": "uri_equal", "a": "tel:+1-201", "b": "tel:+1201"}, {"equal": True}),
    ]
    lines = [{"id": str(i), **line} for i, (line, _) in enumerate(cases)]
    answers, done = world.answers(*lines)
    checks.that("--jsonl ends with 0", done.returncode == 0, done)
    for i, (line, wanted) in enumerate(cases):
        made = answers[i] if i < len(answers) else None
        checks.that(f"{line}", made == {"id": str(i), **wanted}, made)
    for kind, text in [
            ("uri", "sip:"), ("uri", "sip:a@b c"), ("uri", ""), ("uri", "tel:xyz"),
            ("uri", "sip:alice@example.com:99999"), ("address", '"A <sip:a@b>'),
            ("address", "<sip:a@b"), ("address", "<sip:a@b>;tag=1"), ("address", ""),
            ("header", "Contact"), ("header", "Contact: "), ("header", "Max-Forwards: 7x"),
            ("header", "Via: SIP/2.0/UDP\r\nTo: <sip:a@b>"), ("header", "")]:
        answers, done = world.answers({"id": "x", "kind": kind, "input": text})
        checks.that(f"{kind} {text!r} is refused", answers[0]["accepted"] is False and
                    answers[0]["lenient"] is False and answers[0]["encoded"] is None and
                    len(answers[0]["errors"]) == 1, answers)
    answers, done = world.answers({"id": "x", "kind": "address", "input": "<sip:a@b >"})
    checks.that("what only the lenient reading takes", answers[0]["accepted"] is False and
                answers[0]["lenient"] is True and answers[0]["encoded"] == "<sip:a@b>" and
                answers[0]["reparsed_equal"] is True, answers)


def check_malformed_lines(world, checks):
    good = {"id": "last", "kind": "uri", "input": "sip:a@b"}
    long = b'{"id":"1","kind":"uri","input":"' + b"x" * (2 * 1024 * 1024) + b'"}'
    wrong = [b"", b"nonsense", b"[1]", b"{}", b'{"id":"1"', b'{"id":1,"kind":"uri","input":"x"}',
             b'{"id":"1","kind":"dance","input":"x"}', b'{"id":"1","kind":"uri","input":5}',
             b'{"id":"1","kind":"uri"}', b'{"id":"1","kind":"message","wire_b64":"?"}',
             b'{"id":"1","kind":"message","input":"x"}', b'{"id":"1","kind":"uri_equal","a":"x"}',
             b'{"id":"1","kind":"uri","input":"\xff"}', b"[" * 1000, long]
    answers, done = world.answers(*wrong, good)
    checks.that("each malformed line has its answer", len(answers) == len(wrong) + 1, done)
    for line, made in zip(wrong, answers):
        checks.that(f"{line[:60]!r} is an error", isinstance(made.get("error"), str) and
                    "accepted" not in made, made)
    checks.that("and the run goes on", answers[-1].get("accepted") is True, answers[-1])
    done = world.lint("--jsonl", stdin=json.dumps(good).encode())
    checks.that("the last line may lack its end", json.loads(done.stdout)["accepted"] is True, done)


def check_line_by_line(world, checks):
    with subprocess.Popen([world.kith, "lint", "--jsonl"], env=world.environment,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for i in range(3):
            process.stdin.write(b'{"id":"%d","kind":"uri","input":"sip:a@b"}\n' % i)
            process.stdin.flush()
            checks.that("an answer comes before the next line is there",
                        json.loads(process.stdout.readline())["id"] == str(i))
        process.stdin.close()


def resident_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def check_growth(world, checks):
    lines = world.lines
    wire = base64.b64encode(message(Contact="<sip:a@b>;q=nine")).decode()
    kinds = [{"kind": "message", "wire_b64": wire}] + 3 * [
        {"kind": "header", "input": "Contact: <sip:a@b>;q=0.7"},
        {"kind": "uri", "input": "sip:alice@example.com;lr"}, {"kind": "dance"},
        {"kind": "uri_equal", "a": "sip:a@b", "b": "sip:A@b"}]
    with subprocess.Popen([world.kith, "lint", "--jsonl"], env=world.environment,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        def feed():
            for i in range(lines):
                process.stdin.write(json.dumps({"id": str(i), **kinds[i % len(kinds)]}).encode() +
                                    b"\n")
            process.stdin.close()

        feeder = threading.Thread(target=feed)
        feeder.start()
        in_order, early, late = True, 0, 0
        for i in range(lines):
            in_order = in_order and json.loads(process.stdout.readline())["id"] == str(i)
            if i == lines // 10:
                early = resident_kib(process.pid)
            if i == lines - 1000:  # before it can have ended
                late = resident_kib(process.pid)
        feeder.join()
        checks.that(f"{lines} lines are answered in order", in_order and process.wait() == 0)
        checks.that(f"and memory does not grow: {early} KiB, then {late} KiB",
                    0 < late < early + 2048)


def check_torture(world, checks):
    rows, lines = [], []
    for set_name in ("rfc4475", "rfc5118"):
        with open(DATA / set_name / "index.tsv", encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in rows:
        wire = base64.b64encode((DATA / row["file"]).read_bytes()).decode()
        lines.append({"id": row["name"], "kind": "message", "wire_b64": wire})
    answers, done = world.answers(*lines)
    checks.that("every torture message has its answer", len(answers) == len(rows) == 62, done)
    for row, made in zip(rows, answers):
        checks.that(f"{row['name']}: strict {row['strict']}, lenient {row['lenient']}",
                    made["accepted"] == (row["strict"] == "accept") and
                    made["lenient"] == (row["lenient"] == "accept") and
                    made["reparsed_equal"] == (made["encoded_b64"] is not None), made)
        done = world.lint(DATA / row["file"])
        checks.that(f"{row['name']} is explained", done.returncode in (0, 1) and
                    not done.stderr, done)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kith", required=True)
    parser.add_argument("--lines", type=int, default=100_000)
    told = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        checks.run([check_one_message, check_places, check_readings, check_many, check_captures,
                    check_usage, check_lines, check_malformed_lines, check_line_by_line,
                    check_torture, check_growth], World(told.kith, folder, told.lines))
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())
