#!/usr/bin/env python3
"""Makes docs/conformance/jain-tck.md: every row of tests/jain/tck/tck.rows with its tests.

A test re-creates a row by beginning with its name: a TEST_CASE of tests/jain/tck. Several names may
stand there, by comma. A test that lies elsewhere is named in the row, as `file: its whole name`.
With --check nothing is written; exit code 1 when the page is stale, or a row has no test or names
one that is not there.
"""

import argparse
import pathlib
import re
import sys

import ms_sip

root = pathlib.Path(__file__).resolve().parents[2]
rows_file = pathlib.Path("tests/jain/tck/tck.rows")
page_file = pathlib.Path("docs/conformance/jain-tck.md")
row_name = r"[A-Za-z]\w*(?:\.\w+)*"
elsewhere = re.compile(r"([\w./-]+_test\.cpp): (.+)")
names_first = re.compile(rf"({row_name}(?:, {row_name})*): ?(.*)", re.DOTALL)


def read_rows(text):
    """The rows in order: (title, name, what is asserted, [(file, test) that lies elsewhere])."""
    rows, title = [], ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("## "):
            title = line[3:]
        elif line and not line.startswith("#"):
            name, what, *named = [field.strip() for field in f"{line}|".split("|")]
            found = [elsewhere.fullmatch(field) for field in named if field]
            if not re.fullmatch(row_name, name) or not what or None in found:
                sys.exit(f"{rows_file}:{number}: a row has a name such as Class.method, what is "
                         "asserted, and any number of `file_test.cpp: name of a test`")
            rows.append((title, name, what, [one.groups() for one in found]))
    return rows


def read_tests(files):
    """(path, line, names of rows, rest of the name) of every test, of {path: text}."""
    tests = []
    for path, text in files.items():
        for number, name in ms_sip.names_in(pathlib.PurePath(path), text):
            found = names_first.match(name)
            names = found[1].split(", ") if found else []
            tests.append((path, number, names, found[2].strip() if found else name))
    return tests


def problems_of(rows, tests, files):
    """What is wrong with them, as `file:line: sentence`; of {path: text} those that rows name."""
    known = {row[1] for row in rows}
    held = {name for _, _, names, _ in tests for name in names}
    for path, number, names, rest in tests:
        if not names:
            yield f"{path}:{number}: `{rest}` does not begin with a row of {rows_file}"
        for name in names:
            if name not in known:
                yield f"{path}:{number}: {name} is no row of {rows_file}"
    for _, name, _, named in rows:
        for path, test in named:
            there = ms_sip.names_in(pathlib.PurePath(path), files.get(path, ""))
            if test not in (one for _, one in there):
                yield f"{rows_file}:1: {name} names `{test}`, which is not in {path}"
        if not named and name not in held:
            yield f"{rows_file}:1: {name} has no test"
    if len(known) != len(rows):
        yield f"{rows_file}:1: a row is there twice"


def page(rows, tests):
    held = {row[1]: [] for row in rows}
    for path, _, names, rest in tests:
        for name in names:
            held.get(name, []).append((path, rest))
    out = [
        "<!-- Made by tools/conformance/jain_tck.py from tck.rows and the names of the tests. -->",
        "",
        "# The conformance tests of JAIN SIP 1.2",
        "",
        "Each class, method and scenario of the Technology Compatibility Kit of JSR 32 and of the tests",
        "of its reference implementation, re-created in virtual time as a test of its own, over UDP and",
        "over TCP where that makes a difference. What is about sockets, certificates or grammars has its",
        "test beside that. Where an original has a transaction terminated by a 2xx to INVITE, RFC 6026",
        "has it accepted first. WebSocket, SCTP and SDP are not spoken here: of those rows the promise is",
        "held that is left without them.",
        "",
        f"{sum(1 for row in rows if held[row[1]] or row[3])} of {len(rows)} rows have a test.",
    ]
    for title in dict.fromkeys(row[0] for row in rows):
        out += ["", f"## {title}", "", "| Original | Asserted | Test |", "|---|---|---|"]
        for _, name, what, named in (row for row in rows if row[0] == title):
            shown = "; ".join(f"{ms_sip.cell(test)} (`{path}`)" for path, test in held[name] + named)
            out.append(f"| `{name}` | {ms_sip.cell(what)} | {shown or '**missing**'} |")
    return "\n".join(out) + "\n"


def test_files(folder=root):
    paths = sorted((folder / rows_file).parent.glob("*_test.cpp"))
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def named_files(rows, folder=root):
    paths = {path for row in rows for path, _ in row[3]}
    return {path: (folder / path).read_text() for path in paths if (folder / path).exists()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when it is stale")
    rows, tests = read_rows((root / rows_file).read_text()), read_tests(test_files())
    problems = list(problems_of(rows, tests, named_files(rows)))
    if not parser.parse_args().check:
        (root / page_file).write_text(page(rows, tests))
    elif not (root / page_file).exists() or (root / page_file).read_text() != page(rows, tests):
        problems.append(f"{page_file}:1: is stale; run tools/conformance/jain_tck.py")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
