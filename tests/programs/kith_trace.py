"""The trace format of docs/trace.md, written and read a second time, for the tests."""

import re

HEAD = re.compile(r"(>>>|<<<) (\S+Z) (UDP|TCP|TLS) (\S+) -> (\S+)")


def spelt(line):
    """A line of bytes as it stands in a trace."""
    out, rest = "", line
    while rest:
        for size in (1, 2, 3, 4):
            try:
                one = rest[:size].decode()
                break
            except UnicodeDecodeError:
                one = ""
        control = one != "\t" and re.match(r"[\x00-\x1f\x7f-\x9f]", one)
        if not one or control or re.match(rb"\\x[0-9a-fA-F]{2}", rest):
            out, rest = out + f"\\x{rest[0]:02x}", rest[1:]
        else:
            out, rest = out + one, rest[size:]
    return out


def write(direction, time, transport, sender, receiver, wire, notes=()):
    lines = [f"{direction} {time} {transport} {sender} -> {receiver}"]
    for line in re.findall(rb"[^\n]*\n|[^\n]+", wire):
        for end, gutter in ((b"\r\n", "  |"), (b"\n", "  :"), (b"", "  .")):
            if line.endswith(end):
                text = spelt(line[: len(line) - len(end)])
                lines.append(f"{gutter} {text}" if text else gutter)
                break
    lines += [f"  = {note}" for note in notes]
    return "\n".join(lines) + "\n\n"


def read(text):
    """(direction, time, transport, from, to, bytes, notes) of each message."""
    found = []
    for line in text.splitlines():
        head = HEAD.fullmatch(line)
        if head:
            found.append([*head.groups(), b"", []])
        elif found and line[:3] in ("  |", "  :", "  ."):
            plain = re.sub(rb"\\x([0-9a-f]{2})", lambda hit: bytes([int(hit[1], 16)]),
                           line[4:].encode())
            found[-1][5] += plain + {"|": b"\r\n", ":": b"\n", ".": b""}[line[2]]
        elif found and line.startswith("  = "):
            found[-1][6].append(line[4:])
    return [tuple(one) for one in found]
