#!/usr/bin/env python3
"""Makes docs/transactions.md: the four state machines of RFC 3261 §17, drawn from their tables.

The tables are in kith/transaction/rules.h: one Rule a line, below the comment that says which RFC.
With --check nothing is written; exit code 1 when the page is stale.
"""

import argparse
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
rules_file = pathlib.Path("kith/transaction/rules.h")
page_file = pathlib.Path("docs/transactions.md")

table = re.compile(r"((?:^/// [^\n]*\n)+)^inline constexpr std::array (\w+)\{\n(.*?)^\};", re.M | re.S)
rule = re.compile(r"Rule\{(\w+),\s*(\w+),\s*(\w+),\s*\{([^}]*)\}\}")
first_states = {
    "client_invite": "calling",
    "client_other": "trying",
    "server_invite": "proceeding",
    "server_other": "trying",
}

head = """\
<!-- Made by tools/transactions/diagrams.py from kith/transaction/rules.h. -->

# The four state machines

What a transaction does is what these tables say (`kith/transaction/rules.h`, RFC 3261 §17 as amended
by RFC 6026): the diagrams are drawn from them, the compiler proves that no pair of state and event is
there twice and that from every state time alone leads to the end, and
`kith/transaction/machine_test.cpp` tries every event in every state, those that nothing heeds as well.

An event from the peer: `request` (the same again), `ack`, `provisional`, `success` and `failure`
(1xx, 2xx, 300 to 699). From the layer above: `answer_provisional`, `answer_success`, `answer_failure`.
The timers are those of RFC 3261 Appendix A and RFC 6026 §8; `timer_trying` sends the 100 that an
INVITE gets by itself, and `timer_answer` ends what the layer above never answered.
"""


def read_tables(text):
    """[(name, what it is, [(state, event, next, [action])])] in the order of the file."""
    tables = []
    for comment, name, body in table.findall(text):
        words = " ".join(line.removeprefix("/// ") for line in comment.splitlines())
        rules = [
            (state, event, to, [one.strip() for one in actions.split(",") if one.strip()])
            for state, event, to, actions in rule.findall(body)
        ]
        if body.count("Rule{") != len(rules):
            sys.exit(f"{rules_file}:1: {name} has a line that is not read")
        tables.append((name, words, rules))
    if sorted(name for name, _, _ in tables) != sorted(first_states):
        sys.exit(f"{rules_file}:1: the tables are not the four that are known")
    return tables


def diagram(name, rules):
    """Arrows between the same two states are one, with their events below each other."""
    arrows = {}
    for state, event, to, _ in rules:
        arrows.setdefault((state, to), []).append(event)
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"  [*] --> {first_states[name]}"
    for (state, to), events in arrows.items():
        yield f"  {state} --> {to}: {', '.join(events)}"
    yield "  terminated --> [*]"
    yield "```"


def page(tables):
    out = [head]
    for name, words, rules in tables:
        title, _, source = words.partition(": ")
        out += [f"## {title}", "", source, "", *diagram(name, rules), ""]
        out += ["| State | Event | Next | What is done |", "|---|---|---|---|"]
        for state, event, to, actions in rules:
            out.append(f"| {state} | {event} | {to} | {', '.join(actions) or 'nothing'} |")
        out.append("")
    return "\n".join(out).rstrip("\n") + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when it is stale")
    wanted = page(read_tables((root / rules_file).read_text()))
    if not parser.parse_args().check:
        (root / page_file).write_text(wanted)
        return 0
    if not (root / page_file).exists() or (root / page_file).read_text() != wanted:
        print(f"{page_file}:1: is stale; run tools/transactions/diagrams.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
