#!/usr/bin/env python3
"""The map from JAIN SIP has a row for every name of the API, and its page is not stale.

Usage: jain_test.py. Ends with `N passed, N failed`; exit code 1 when anything failed.
"""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools/jain"))
import jain_map  # noqa: E402

committed = (jain_map.root / jain_map.api_file).read_text()
api = jain_map.read_api(committed)
sources = jain_map.source_texts()

small = jain_map.read_api(
    "package javax.sip.header\n  interface XHeader\n    String NAME = \"X\"\n    int getX(int, int)\n"
)
test_case = 'TEST_CASE("javax.sip.header.XHeader: words") {\n%s}\n'
good = """\
  // XHeader: What it is,
  // in two lines.
  X x{.x = f("a == b")};

  // NAME: None. Not needed.

  // getX(int,
  // int)
  CHECK(x.x(1 == 2) == 4U);
"""
# What a careless hand may write, and a part of what is then said.
refused = {
    "a row is missing": (good.replace("  // NAME: None. Not needed.\n", ""), "lacks NAME"),
    "a row is there twice": (good + "\n  // NAME: None. Again.\n", "has NAME twice"),
    "a member is misspelt": (good.replace("NAME", "NAMES"), "has no NAMES"),
    "a signature is another": (good.replace("// int)", "// long)"), "has no getX(int, long)"),
    "an expression is missing": (good.replace("NAME: None. Not", "NAME: Not"), "NAME has neither"),
    "a sentence stands on its own": (good + "\n  // Words.\n", "has no Words."),
    "words do not end": ("  // XHeader\n  X x;\n  // getX(int,\n", "lacks getX(int, int)"),
}


def rows_are_complete():
    return jain_map.read_sources(api, sources)[1]


def page_is_fresh():
    return [one for one in jain_map.problems_of() if "stale" in one]


def list_is_what_javap_says():
    if not jain_map.can_ask_javap():
        print(f"there is no javap or no {jain_map.jar}: {jain_map.api_file} is believed")
        return []
    print(f"javap says what {jain_map.jar} has")
    if jain_map.ask_javap() == committed:
        return []
    return [f"{jain_map.api_file}:1: is not what javap says; run tools/jain/jain_map.py --api"]


def list_holds_the_api():
    """So that an empty list, or one of another API, does not pass."""
    packages = {name.rpartition(".")[0] for name in api}
    rows = sum(len(members) for _, members in api.values())
    wanted = set(jain_map.packages)
    return [] if packages == wanted and rows > 600 else [f"{jain_map.api_file}:1: holds {rows} rows"]


def rows_are_read_as_meant():
    rows, problems = jain_map.read_sources(small, {"x_test.cpp": test_case % good})
    wanted = {
        "XHeader": ('X x{.x = f("a == b")}', "What it is, in two lines."),
        "NAME": ("", "None. Not needed."),
        "getX(int, int)": ("x.x(1 == 2)", ""),
    }
    read = {name: row for (_, name), row in rows.items()}
    return problems or ([] if read == wanted else [f"tests/jain/jain_test.py:1: reads {read}"])


def mistakes_are_minded():
    for what, (text, said) in refused.items():
        problems = jain_map.read_sources(small, {"x_test.cpp": test_case % text})[1]
        if not any(said in problem for problem in problems):
            yield f"tests/jain/jain_test.py:1: {what}, and it is not said; only: {problems}"


def main():
    passed = failed = 0
    for test in (
        list_is_what_javap_says,
        list_holds_the_api,
        rows_are_complete,
        page_is_fresh,
        rows_are_read_as_meant,
        mistakes_are_minded,
    ):
        problems = list(test())
        for problem in problems:
            print(problem)
        passed += not problems
        failed += bool(problems)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
