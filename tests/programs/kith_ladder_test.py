#!/usr/bin/env python3
"""kith ladder as its users meet it: traces and captures drawn in the terminal and as a picture.

  kith_ladder_test.py --kith PATH [--update]

Compares with tests/programs/kith_ladder/*.txt, which --update writes anew. Needs nothing; ends with
a line "N passed, N failed" and exit code 0 or 1.
"""

import argparse
import fcntl
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import xml.etree.ElementTree

import kith_trace
from checks import Checks

GOLDEN = pathlib.Path(__file__).resolve().parent / "kith_ladder"
ALICE, BOB, PROXY = "192.0.2.1:5060", "192.0.2.7:5060", "192.0.2.4:5060"
SVG = "{http://www.w3.org/2000/svg}"


def clock(milliseconds):
    seconds, rest = divmod(milliseconds, 1000)
    return f"2026-11-21T12:{seconds // 60:02}:{seconds % 60:02}.{rest:03}000Z"


def message(first, cseq, call_id="call-1", body=None, **more):
    lines = [first, "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", "From: <sip:alice@example.com>;tag=1",
             "To: <sip:bob@example.com>", f"Call-ID: {call_id}", f"CSeq: {cseq}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    if body is not None:
        lines += ["Content-Type: " + body[0]]
    wire = body[1] if body else b""
    return ("\r\n".join([*lines, f"Content-Length: {len(wire)}"]) + "\r\n\r\n").encode() + wire


SDP = ("application/sdp", b"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n")
INVITE = message("INVITE sip:bob@example.com SIP/2.0", "1 INVITE", body=SDP)


def call():
    """(time, from, to, bytes): a call whose INVITE and 200 are sent twice."""
    ok = message("SIP/2.0 200 OK", "1 INVITE", body=SDP)
    return [
        (0, ALICE, BOB, INVITE), (500, ALICE, BOB, INVITE),
        (512, BOB, ALICE, message("SIP/2.0 100 Trying", "1 INVITE")),
        (700, BOB, ALICE, message("SIP/2.0 180 Ringing", "1 INVITE")),
        (4200, BOB, ALICE, ok), (4700, BOB, ALICE, ok),
        (4710, ALICE, BOB, message("ACK sip:bob@192.0.2.7 SIP/2.0", "1 ACK")),
        (64710, BOB, ALICE, message("BYE sip:alice@192.0.2.1 SIP/2.0", "1 BYE")),
        (64720, ALICE, BOB, message("SIP/2.0 481 Call/Transaction Does Not Exist", "1 BYE")),
    ]


def proxied():
    """Two calls, over a proxy and past it, one message to itself, one that is none."""
    other = message("MESSAGE sip:bob@example.com SIP/2.0", "7 MESSAGE", "call-2",
                    ("text/plain", b"hello"))
    return [
        (0, ALICE, PROXY, INVITE), (3, PROXY, BOB, INVITE), (5, ALICE, BOB, other),
        (9, BOB, ALICE, message("SIP/2.0 202 Accepted", "7 MESSAGE", "call-2")),
        (12, PROXY, PROXY, message("OPTIONS sip:192.0.2.4 SIP/2.0", "1 OPTIONS", "call-3")),
        (15, BOB, PROXY, message("SIP/2.0 486 Busy Here", "1 INVITE")),
        (20, BOB, ALICE, b"NONSENSE \x1b[31m\r\n\r\n"),
    ]


def trace(messages, here=ALICE, transport="UDP"):
    return "".join(kith_trace.write(">>>" if sender == here else "<<<", clock(at), transport, sender,
                                    receiver, wire) for at, sender, receiver, wire in messages)


def ipv4(sender, receiver, protocol, payload, fragment=0):
    def host(text):
        return bytes(map(int, text.split(":")[0].split(".")))

    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, fragment, 64, protocol, 0,
                       host(sender), host(receiver)) + payload


def udp(sender, receiver, payload):
    ports = [int(one.split(":")[1]) for one in (sender, receiver)]
    return ipv4(sender, receiver, 17, struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload)


def pcap(*packets):
    """(milliseconds, packet)"""
    return struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 101) + b"".join(
        struct.pack("<IIII", 1795262400 + at // 1000, at % 1000 * 1000, len(one), len(one)) + one
        for at, one in packets)


def pcapng(*packets):
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack(">II", kind, 12 + len(body)) + body + struct.pack(">I", 12 + len(body))

    def ticks(at):
        return 1795262400000000 + at * 1000

    return (block(0x0a0d0d0a, struct.pack(">IHHq", 0x1a2b3c4d, 1, 0, -1)) +
            block(1, struct.pack(">HHI", 101, 0, 262144)) +
            b"".join(block(6, struct.pack(">IIIII", 0, ticks(at) >> 32, ticks(at) & 0xffffffff,
                                          len(one), len(one)) + one) for at, one in packets))


class World:
    def __init__(self, kith, folder, update):
        self.kith = kith
        self.folder = pathlib.Path(folder)
        self.update = update
        self.environment = {key: value for key, value in os.environ.items() if key != "KITH_USER"}

    def ladder(self, *arguments, stdin=b"", command="ladder"):
        done = subprocess.run([self.kith, command, *map(str, arguments)], input=stdin,
                              env=self.environment, capture_output=True, timeout=120)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        return done

    def file(self, name, content):
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else
                                         content.encode())
        return self.folder / name

    def golden(self, name, text):
        file = GOLDEN / f"{name}.txt"
        if self.update:
            file.write_text(text)
        return file.read_text() == text


def check_drawings(world, checks):
    for name, messages, arguments in [
            ("call", call(), []),
            ("call_ascii", call(), ["--ascii", "--width", "100"]),
            ("call_named", call(), ["--name", f"{ALICE}=alice", "--name", f"{BOB}=bob",
                                    "--width", "40"]),
            ("proxied", proxied(), ["--width", "200"]),
            ("proxied_narrow", proxied(), ["--width", "60"]),
    ]:
        done = world.ladder(*arguments, world.file(f"{name}.trace", trace(messages)))
        checks.that(f"{name} is drawn as it was", done.returncode == 0 and not done.stderr and
                    world.golden(name, done.stdout), done)
        checks.that(f"{name}: nothing that a terminal would obey",
                    not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.stdout), done)
    done = world.ladder("--call-id", "call-2", stdin=trace(proxied()).encode())
    checks.that("one call of several", done.returncode == 0 and "MESSAGE 7, plain" in done.stdout and
                "INVITE" not in done.stdout and "[1]" not in done.stdout, done)
    done = world.ladder("--hosts", "--name", "192.0.2.7=bob", stdin=trace(call()).encode())
    checks.that("one column a host", done.stdout.splitlines()[1].split() == ["192.0.2.1", "bob"],
                done)
    ladder = trace([(0, "[2001:db8:1:2:3:4:5:6]:50600", "[2001:db8:a:b:c:d:e:f]:50600", INVITE)])
    done = world.ladder(stdin=ladder.encode())
    checks.that("names that are longer than the way between", world.golden("ipv6", done.stdout), done)


def check_json(world, checks):
    done = world.ladder("--json", stdin=trace(call()).encode())
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    checks.that("a line a message", len(rows) == 9 and done.returncode == 0, done)
    checks.that("a request", rows[0] == {
        "time": "2026-11-21T12:00:00.000000Z", "seconds": 0.0, "from": ALICE, "to": BOB,
        "transport": "UDP", "call_id": "call-1", "cseq": "1 INVITE", "method": "INVITE",
        "retransmission": False}, rows[0])
    checks.that("a response", rows[3]["status"] == 180 and rows[3]["reason"] == "Ringing" and
                rows[3]["seconds"] == 0.7, rows[3])
    checks.that("what was sent again", [row["retransmission"] for row in rows] ==
                [False, True, False, False, False, True, False, False, False], rows)


def check_captures(world, checks):
    packets = [(at, udp(sender, receiver, wire)) for at, sender, receiver, wire in call()]
    packets.append((64800, ipv4(ALICE, BOB, 17, b"x", 0x2000)))
    drawn = [world.ladder("-", stdin=make(*packets)) for make in (pcap, pcapng)]
    for done in drawn:
        checks.that("a capture is drawn as its trace, with what was not read",
                    done.returncode == 0 and world.golden("capture", done.stdout), done)
    checks.that("but for that the same as the trace",
                drawn[0].stdout.splitlines()[:-1] ==
                world.ladder(stdin=trace(call()).encode()).stdout.splitlines(), drawn[0])
    done = world.ladder("--json", stdin=pcap(*packets))
    checks.that("a remark in JSON", json.loads(done.stdout.splitlines()[-1])["remark"] ==
                f"a fragment of an IPv4 packet, {ALICE.split(':')[0]}:0 -> "
                f"{BOB.split(':')[0]}:0", done)


def check_several_files(world, checks):
    """Both ends wrote a trace; the first INVITE and one 200 were lost on the way."""
    near = [one for one in call() if one[0] != 4200]
    far = [(at + 2, *rest) for at, *rest in call() if at != 0]
    files = [world.file("near.trace", trace(near)), world.file("far.trace", trace(far, BOB))]
    one_way = world.ladder("--json", *files)
    rows = [json.loads(line) for line in one_way.stdout.splitlines()]
    checks.that("what both hold is one arrow", len(rows) == 9, one_way)
    checks.that("in the order of time", rows == sorted(rows, key=lambda row: row["time"]), one_way)
    other = world.ladder("--json", *reversed(files))
    checks.that("whichever file is first", one_way.stdout == other.stdout, other)


def check_format(world, checks):
    """A message comes out of a trace as it went in, whatever is in it."""
    body = b'v=0\nbare\n\ttab\r\nreturn \r in it\r\n\x00\x1b[1m \\x41 \\n \xff\xfe \xc2\x9b \xe2\x82\xac'
    wire = message("MESSAGE sip:bob@example.com SIP/2.0", "1 MESSAGE", Max_Forwards="70",
                   Subject="a\\x5cb caf\u00e9", body=("text/plain", body))
    text = kith_trace.write(">>>", clock(0), "TCP", ALICE, "[2001:db8::1]:5060", wire, ["a note"])
    plain = world.ladder("--json", world.file("plain.sip", wire), command="lint")
    traced = world.ladder("--json", world.file("one.trace", text), command="lint")
    known, read = json.loads(plain.stdout), json.loads(traced.stdout)
    for name in ("headers", "body_bytes", "valid", "accepted", "method", "request_uri"):
        checks.that(f"the same {name}", known[name] == read[name], traced)
    checks.that("and its place", read["to"] == "[2001:db8::1]:5060" and "packet" not in read and
                read["transport"] == "TCP" and read["line"] == 2, traced)
    checks.that("the problems, four columns and a line away", [
        (one["line"] + 1, one["column"] + 4, one["what"]) for one in known["problems"]
    ] == [(one["line"], one["column"], one["what"]) for one in read["problems"]], traced)
    around = "kith: something else\n\n" + text + "kith: not done\n  | no message\n" + text
    done = world.ladder("--json", stdin=around.replace("\n", "\r\n").encode())
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    checks.that("other lines are of no concern, nor how lines end", len(rows) == 2 and
                rows[1]["retransmission"], done)
    for what, head in [
            ("a time without a zone", ">>> 2026-11-21T12:00:00.25 UDP 192.0.2.1:5060 -> 192.0.2.2:1"),
            ("a day that is none", ">>> 2026-02-30T12:00:00Z UDP 192.0.2.1:5060 -> 192.0.2.2:1"),
            ("a time of another age", ">>> 9999-02-03T12:00:00Z UDP 192.0.2.1:5060 -> 192.0.2.2:1"),
            ("another transport", ">>> 2026-11-21T12:00:00Z SCTP 192.0.2.1:5060 -> 192.0.2.2:1"),
            ("no port", ">>> 2026-11-21T12:00:00Z UDP 192.0.2.1 -> 192.0.2.2:1"),
            ("a port that is none", ">>> 2026-11-21T12:00:00Z UDP 192.0.2.1:99999 -> 192.0.2.2:1"),
            ("a name", "<<< 2026-11-21T12:00:00Z UDP example.com:5060 -> 192.0.2.2:1"),
            ("no arrow", "<<< 2026-11-21T12:00:00Z UDP 192.0.2.1:5060 => 192.0.2.2:1"),
            ("more behind it", "<<< 2026-11-21T12:00:00Z UDP 192.0.2.1:5060 -> 192.0.2.2:1 x"),
    ]:
        done = world.ladder(stdin=(text + head + "\n" + text).encode())
        checks.that(f"{what} is refused, with its line", done.returncode == 2 and
                    f"-:{text.count(chr(10)) + 1}: no head of a message" in done.stderr, done)


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def check_picture(world, checks):
    file = world.file("proxied.trace", trace(proxied()))
    done = world.ladder("--svg", world.folder / "x.svg", file)
    checks.that("a picture, and nothing else", done.returncode == 0 and not done.stdout, done)
    text = (world.folder / "x.svg").read_text()
    picture = xml.etree.ElementTree.fromstring(text)
    arrows = [one for one in picture.iter(SVG + "g") if "arrow" in one.get("class")]
    checks.that("an arrow a message", [one.get("class").split()[1] for one in arrows] == [
        "request", "request", "request", "success", "request", "failure", "failure"], text)
    checks.that("with its label", [one.find(SVG + "text").text for one in arrows][:2] ==
                ["[1] INVITE 1, sdp"] * 2, text)
    checks.that("and what it is in full", arrows[3].find(SVG + "title").text ==
                f"SIP/2.0 202 Accepted\n{clock(9)}, UDP, Call-ID call-2", text)
    wide, high = float(picture.get("width")), float(picture.get("height"))
    inside = all(0 <= float(value) <= (wide if name[0] == "x" else high)
                 for one in picture.iter() for name, value in one.attrib.items()
                 if re.fullmatch(r"[xy][12]?", name))
    checks.that("all of it is in the picture", inside, text)
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    for name, part in (("light", light), ("dark", dark)):
        ground = luminance(re.search(r"\.ground \{ fill: (#[0-9a-f]{6})", part)[1])
        colours = dict(re.findall(r"([.\w, ]+) \{ (?:fill|stroke): (#[0-9a-f]{6})", part))
        checks.that(f"{name}: a colour for everything", len(colours) == 12, colours)
        for what, colour in colours.items():
            one, other = sorted((luminance(colour), ground))
            checks.that(f"{what.strip()} is readable on {name} ground", what.strip() == ".ground" or
                        (other + 0.05) / (one + 0.05) >= 4.5, colour)
    done = world.ladder("--svg", "-", "--name", f"{ALICE}=<&\"\x1b>", file)
    names = [one.text for one in xml.etree.ElementTree.fromstring(done.stdout).iter(SVG + "text")
             if one.get("class") == "name"]
    checks.that("names are text", names[0] == '<&"\\x1b>' and not done.stderr, done)
    done = world.ladder("--svg", world.folder / "y.svg", stdin=trace(call()).encode())
    again = [one.get("class") for one in
             xml.etree.ElementTree.parse(world.folder / "y.svg").iter(SVG + "g")
             if "again" in one.get("class")]
    checks.that("what was sent again is told", again == ["arrow request again",
                                                         "arrow success again"], again)


def check_terminal(world, checks):
    """In a wide terminal there is room for the labels."""
    file = world.file("wide.trace", trace(proxied()))
    widths = {}
    for columns in (60, 200):
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        with subprocess.Popen([world.kith, "ladder", file], env=world.environment,
                              stdout=follower) as process:
            os.close(follower)
            text = b""
            while True:
                try:
                    chunk = os.read(leader, 65536)
                except OSError:  # as a terminal ends
                    break
                if not chunk:
                    break
                text += chunk
            checks.that("it ends with 0", process.wait(60) == 0)
        os.close(leader)
        widths[columns] = text.decode().replace("\r\n", "\n")
    checks.that("as wide as the terminal", widths[200] == (GOLDEN / "proxied.txt").read_text() and
                widths[60] == (GOLDEN / "proxied_narrow.txt").read_text(), widths)


def check_refusals(world, checks):
    plain = world.file("plain.sip", INVITE)
    drawn = world.file("call.trace", trace(call()))
    many = trace([(i, f"192.0.2.{1 + i % 200}:{5000 + i // 200}", BOB, INVITE) for i in range(40)])
    crowd = world.file("crowd.trace", many)
    for what, code, word, arguments in [
            ("a file that is not there", 2, "No such file", [world.folder / "nowhere"]),
            ("a folder", 2, "directory", [world.folder]),
            ("messages without a place", 2, "without time and addresses", [plain]),
            ("nothing", 1, "no SIP message", []),
            ("a call that is not there", 1, "begins with call-9", ["--call-id", "call-9", drawn]),
            ("a name that names nobody", 2, "192.0.2.1:5060=alice", ["--name", "alice", drawn]),
            ("an empty name", 2, "192.0.2.1:5060=alice", ["--name", "a=", drawn]),
            ("a picture in no folder", 2, "No such file", ["--svg", "/nonexistent/x.svg", drawn]),
            ("a picture of some width", 2, "--svg", ["--svg", "-", "--width", "9", drawn]),
            ("no columns", 2, "--width", ["--width", "0", drawn]),
            ("an unknown option", 2, "--loudly", ["--loudly", drawn]),
            ("too many participants", 1, "more than 32 participants; --hosts", [crowd]),
    ]:
        done = world.ladder(*arguments)
        checks.that(f"{what}: exit code {code}", done.returncode == code, done)
        checks.that(f"{what}: says {word!r}", word in done.stderr, done)
        checks.that(f"{what}: draws nothing", not done.stdout, done)
    done = world.ladder("--json", drawn, plain)
    checks.that("what can be read is drawn all the same", done.returncode == 2 and
                done.stdout.count("\n") == 9, done)
    flood = trace([(i, ALICE, BOB, b"OPTIONS sip:a SIP/2.0\r\nCSeq: %d OPTIONS\r\n\r\n" % i)
                   for i in range(20_001)])
    done = world.ladder(stdin=flood.encode())
    checks.that("more than can be drawn", done.returncode == 1 and
                "more than 20000 messages; --call-id" in done.stderr, done)
    done = world.ladder("--help")
    checks.that("--help teaches", done.returncode == 0 and "Exit status: 0 drawn" in done.stdout and
                "kith ladder --svg call.svg" in done.stdout, done)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kith", required=True)
    parser.add_argument("--update", action="store_true")
    told = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        checks.run([check_drawings, check_json, check_captures, check_several_files, check_format,
                    check_picture, check_terminal, check_refusals],
                   World(told.kith, folder, told.update))
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())
