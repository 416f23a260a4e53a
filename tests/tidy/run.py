#!/usr/bin/env python3
"""The tidy tests: each check on the repository, and on the example that it must mind.

Usage: run.py [CHECK...]. Ends with `N passed, N failed`; exit code 1 when anything failed.
"""

import sys

sys.dont_write_bytecode = True
from checks import checks  # noqa: E402
from tree import Tree  # noqa: E402


def main(wanted):
    known = [function.__name__ for function, _ in checks]
    for name in wanted:
        if name not in known:
            print(f"run.py: unknown check {name}; known: {', '.join(known)}", file=sys.stderr)
            return 2
    tree = Tree.real()
    passed = failed = 0
    for function, example in checks:
        name = function.__name__
        if wanted and name not in wanted:
            continue
        problems = list(function(tree))
        for problem in problems:
            print(problem)
        blind = bool(example) and not list(function(Tree(example)))
        if blind:
            print(f"tests/tidy/checks.py:1: {name} does not mind its own example")
        if problems:
            print(f"{name}: {len(problems)} problems. {function.__doc__}")
        for bad in [bool(problems)] + [blind] * bool(example):
            passed += not bad
            failed += bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
