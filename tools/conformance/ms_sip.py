#!/usr/bin/env python3
"""Makes docs/conformance/ms-sip.md: every rule of docs/conformance/ms-sip.rows with its tests.

A test holds a rule by beginning with its id: a TEST_CASE of any *_test.cpp, a `# SIP-...:` line of a
scenario in tests/scenario, a case of tests/interop. Several ids may stand there, by comma.
With --check nothing is written; exit code 1 when the page is stale.
"""

import argparse
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
rows_file = pathlib.Path("docs/conformance/ms-sip.rows")
page_file = pathlib.Path("docs/conformance/ms-sip.md")
rule_id = r"SIP-[A-Z]+-\d\d"
ids_first = re.compile(rf"({rule_id}(?:, ?{rule_id})*): ?(.*)", re.DOTALL)
test_case = re.compile(r'\b(?:TEST_CASE|SCENARIO|SUBCASE)\w*\(\s*((?:"(?:[^"\\\n]|\\.)*"\s*)+)')
literal = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
code_folders = ("kith", "server", "tools", "tests", "bench")


def read_rows(folder=root):
    """The rules in order: (section title, id, role, level, rule, section, source)."""
    rows, title = [], ""
    for number, line in enumerate((folder / rows_file).read_text().splitlines(), 1):
        if line.startswith("## "):
            title = line[3:]
        elif line and not line.startswith("#"):
            fields = [field.strip() for field in line.split(" | ")]
            if len(fields) != 6 or not re.fullmatch(rule_id, fields[0]):
                sys.exit(f"{rows_file}:{number}: a rule has six fields and an id such as SIP-CONT-07")
            rows.append((title, *fields))
    return rows


def names_in(path, text):
    """(line, name) of every test that a file holds."""
    if path.name.endswith("_test.cpp"):
        for found in test_case.finditer(text):
            name = "".join(literal.findall(found[1])).replace('\\"', '"')
            yield text.count("\n", 0, found.start()) + 1, name
    elif path.suffix == ".scn":
        for number, line in enumerate(text.splitlines(), 1):
            if line.startswith("#"):
                yield number, line.lstrip("# ")
    else:
        for found in literal.finditer(text):
            yield text.count("\n", 0, found.start()) + 1, found[1]


def test_files(folder=root):
    for top in code_folders:
        for path in sorted((folder / top).rglob("*")):
            inside = path.relative_to(folder).as_posix()
            if path.name.endswith("_test.cpp") or path.suffix == ".scn":
                yield path
            elif inside.startswith("tests/interop/") and path.suffix in (".py", ".sh", ".c", ".cpp"):
                yield path


def read_tests(folder=root):
    """(path, line, ids, rest of the name) of every test that begins with a rule's id."""
    tests = []
    for path in test_files(folder):
        text = path.read_text(errors="replace")
        for number, name in names_in(path, text):
            found = ids_first.match(name)
            if found:
                ids = re.findall(rule_id, found[1])
                tests.append((path.relative_to(folder).as_posix(), number, ids, found[2].strip()))
    return tests


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")


def page(rows, tests):
    held = {row[1]: [] for row in rows}
    for path, _, ids, name in tests:
        for one in ids:
            if one in held:
                held[one].append((path, name))
    done = sum(1 for of_row in held.values() if of_row)
    out = [
        "<!-- Made by tools/conformance/ms_sip.py from ms-sip.rows and the names of the tests. -->",
        "",
        "# What of [MS-SIP] is held by a test",
        "",
        f"{done} of {len(rows)} rules have a test that begins with the rule's id; the others say",
        "`missing`, whether or not something in the code happens to follow them.",
        "",
        "Role: C client, S server, P proxy, B both. Level: the specification's own word, or *fact*.",
        "Source: S text of [MS-SIP], X its examples and schemas, A a sibling specification, C seen in",
        "real clients, R decided by Kith.",
        "",
        "| Group | Rules | Held |",
        "|---|---|---|",
    ]
    titles = list(dict.fromkeys(row[0] for row in rows))
    for title in titles:
        ids = [row[1] for row in rows if row[0] == title]
        out.append(f"| {title} | {len(ids)} | {sum(1 for one in ids if held[one])} |")
    for title in titles:
        out += ["", f"## {title}", ""]
        out += ["| Id | Role | Level | Rule | Section | Source | Tests |", "|---|---|---|---|---|---|---|"]
        for row in (row for row in rows if row[0] == title):
            shown = "; ".join(f"{cell(name)} (`{path}`)" for path, name in held[row[1]])
            out.append("| " + " | ".join([*map(cell, row[1:]), shown or "`missing`"]) + " |")
    return "\n".join(out) + "\n"


def is_stale(folder=root):
    wanted = page(read_rows(folder), read_tests(folder))
    at = folder / page_file
    return not at.exists() or at.read_text() != wanted


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when it is stale")
    if parser.parse_args().check:
        if is_stale():
            print(f"{page_file}: stale; run tools/conformance/ms_sip.py", file=sys.stderr)
            return 1
        return 0
    (root / page_file).write_text(page(read_rows(), read_tests()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
