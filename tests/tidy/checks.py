"""What taste can be checked. A check yields `file:line: sentence` for everything that it minds.

Each one has an example that it must mind; run.py tries it on that as well, so that a check which
has gone blind does not go on passing. Words that a check looks for are put together here from
two halves, or it would mind this file.
"""

import re
import shutil
import subprocess
import sys

from tree import is_test, left_out, lines, root

sys.path[:0] = [str(root / "tools" / "conformance"), str(root / "tools" / "transactions")]
import diagrams  # noqa: E402  (found by the line above)
import jain_tck  # noqa: E402
import ms_sip  # noqa: E402

checks = []


def check(**example):
    """Registers a check with its example: path (`__` for `/`, `_dot_` for `.`) = text."""

    def register(function):
        files = {
            name.replace("__", "/").replace("_dot_", "."): text for name, text in example.items()
        }
        checks.append((function, files))
        return function

    return register


# Layers --------------------------------------------------------------------------------------


def rooms(tree):
    """room -> rooms it may include, in the order of CMakeLists.txt; and the problems met there."""
    uses, problems = {}, []
    text = tree.files.get("CMakeLists.txt", "")
    for found in re.finditer(r"^(kith|server)_module\((\w+)([^)]*)\)", text, re.MULTILINE):
        top, name, rest = found.groups()
        used = re.search(r"\bUSES\s+([\w\s]+?)\s*(?:\bLINKS\b|$)", rest)
        allowed = {f"{top}/{name}"}
        for other in used[1].split() if used else []:
            room = f"kith/{other}" if top == "kith" else other.replace("_", "/", 1)
            if room not in uses:
                number = text.count("\n", 0, found.start()) + 1
                problems.append(f"CMakeLists.txt:{number}: {name} uses {other}, which is not above it")
            allowed.add(room)
        uses[f"{top}/{name}"] = allowed
    return uses, problems


@check(
    CMakeLists_dot_txt="kith_module(base)\nkith_module(sip USES base)\nkith_module(ua USES base sip)\n",
    kith__sip__a_dot_h='#include "kith/ua/endpoint.h"\n',
)
def layers(tree):
    """A room includes only rooms that its line of CMakeLists.txt names; its tests, theirs as well."""
    uses, problems = rooms(tree)
    below = {}
    for room, named in uses.items():  # from the foundation up
        below[room] = named.union(*(below.get(one, set()) for one in named))
    yield from problems
    unknown = set()
    for path, text in tree.code("kith/", "server/"):
        room = "/".join(path.split("/")[:2])
        if path.count("/") == 1:
            continue  # server/main.cpp puts the rooms together
        if room not in uses:
            if room not in unknown:
                yield f"{path}:1: {room} has no line in CMakeLists.txt"
            unknown.add(room)
            continue
        for number, line in lines(text):
            found = re.match(r'\s*#\s*include\s+"((?:kith|server)/\w+)/', line)
            if found and found[1] not in (below if is_test(path) else uses)[room]:
                yield f"{path}:{number}: {room} may not include {found[1]}"


# What a header of the language, of POSIX or of the compiler is called: others have a dot or a folder.
of_the_system = re.compile(r"<(\w+|sys/\w+\.h|unistd\.h|[ei]mmintrin\.h)>")


@check(
    cmake__kith_package_dot_cmake="set(kith_package_rooms\n  net)\nset(kith_private_headers\n  net/b.h)\n",
    kith__net__a_dot_h='#include <openssl/ssl.h>\n#include "kith/net/b.h"\n',
)
def public_headers(tree):
    """A header that is installed includes no other library's, and none that is not installed."""
    package = tree.files.get("cmake/kith_package.cmake", "")
    listed = dict(re.findall(r"^set\((kith_\w+)\n([^)]*)\)", package, re.MULTILINE))
    rooms_installed = listed.get("kith_package_rooms", "").split()
    private = {f"kith/{name}" for name in listed.get("kith_private_headers", "").split()}
    for path in private - set(tree.files) if tree.folder else ():
        yield f"cmake/kith_package.cmake:1: there is no {path}"

    def installed(path):
        of_tests = re.search(r"/(test|testing)/|/test_\w+\.h$|_test\.h$", path)
        return path.split("/")[1] in rooms_installed and path not in private and not of_tests

    for path, text in tree.code("kith/"):
        if not path.endswith(".h") or not installed(path):
            continue
        for number, line in lines(text):
            found = re.match(r'\s*#\s*include\s+(<[^>]+>|"[^"]+")', line)
            if not found or of_the_system.fullmatch(found[1]):
                continue
            ours = found[1].startswith('"kith/') and installed(found[1].strip('"'))
            if not ours:
                yield f"{path}:{number}: includes {found[1]}, which who installs Kith may not have"


pure_rooms = tuple(
    f"kith/{name}/"
    for name in (
        "base crypto xml sip capture transaction dialog location auth presence contacts acl soap event ua sim".split()
    )
) + ("server/service/",)
impure_headers = re.compile(
    r"\s*#\s*include\s+<(thread|mutex|shared_mutex|condition_variable|future|semaphore|fstream|"
    r"filesystem|random|sys/socket\.h|sys/epoll\.h|netdb\.h|poll\.h|"
    r"fcntl\.h|unistd\.h|pthread\.h|boost/asio\S*)>"
)
# What programs pass in as Random; no pure room includes it.
worldly = ("kith/crypto/system_random.cpp", "kith/crypto/system_random.h")
impure_words = re.compile(
    r"\b(system_clock|steady_clock|high_resolution_clock)::now\b|\bs?rand\s*\(|\brandom_device\b|"
    r"\bgettimeofday\b|\bclock_gettime\b|\bgetrandom\b|\bRAND_bytes\b|\btime\s*\(\s*(?:nullptr|NULL|0)\s*\)|"
    r"\bfopen\s*\(|\bshared_ptr\b|\bgetenv\s*\("
)


@check(kith__sip__a_dot_cpp="#include <mutex>\n", kith__auth__b_dot_cpp="auto n = rand();\n")
def purity(tree):
    """Pure rooms meet no socket, thread, file, clock or random source; their tests may read files."""
    for path, text in tree.code(*pure_rooms):
        if path in worldly:
            continue
        for number, line in lines(text):
            code = line.split("//")[0]
            found = impure_headers.match(code) or impure_words.search(code)
            if found and not (is_test(path) and re.search(r"<(fstream|filesystem)>", code)):
                yield f"{path}:{number}: a pure room may not use {found[0].strip()}"


# Rules cited ---------------------------------------------------------------------------------


def sections_of_rfcs(tree):
    known = {}
    for path, text in tree.files.items():
        found = re.fullmatch(r"docs/rfc-sections/rfc(\d+)\.txt", path)
        if found:
            lists = (line for line in text.splitlines() if not line.startswith("#"))
            known[found[1]] = set("\n".join(lists).split())
    return known


def prose_and_code(tree):
    yield from tree.programs()
    for path, text in tree.files.items():
        if path.endswith((".md", ".scn", ".txt")) and not path.startswith("docs/rfc-sections/"):
            if not path.endswith("CMakeLists.txt"):
                yield path, text


@check(
    docs__rfc_dash_sections="",
    kith__sip__a_dot_h="// RFC 3261 " + "§99.9: x\n// RFC 3261 " + "section 8\n",
)
def citations(tree):
    """A rule is cited as RFC n, blank, § and a section that exists."""
    known = sections_of_rfcs(tree)
    cited = re.compile(r"RFC (\d{3,5}) §§?((?:\d+|[A-Z])(?:\.\d+)*)")
    loose = re.compile(r"\bRFC ?\d{3,5},? (?:[Ss]ection|[Ss]ec\.|chapter)")
    for path, text in prose_and_code(tree):
        for number, line in lines(text):
            for rfc, section in cited.findall(line):
                if rfc not in known:
                    yield f"{path}:{number}: docs/rfc-sections has no list for RFC {rfc}; add §{section}"
                elif section not in known[rfc]:
                    yield f"{path}:{number}: RFC {rfc} has no §{section} in docs/rfc-sections"
            if loose.search(line):
                yield f"{path}:{number}: a rule is cited as RFC n §s"


@check(kith__sip__a_test_dot_cpp='TEST_CASE("SIP-CONT' + '-99: every change raises deltaNum") {}\n')
def rule_ids(tree):
    """An id of a rule of [MS-SIP] is in docs/conformance/ms-sip.rows."""
    known = {row[1] for row in ms_sip.read_rows()}
    for path, text in prose_and_code(tree):
        for number, line in lines(text):
            for one in re.findall(rf"\b{ms_sip.rule_id}\b", line):
                if one not in known:
                    yield f"{path}:{number}: {one} is no rule of docs/conformance/ms-sip.rows"


# Form ----------------------------------------------------------------------------------------


@check(kith__sip__a_dot_cpp="\n" * 601)
def length(tree):
    """A file has one subject: at most 600 lines, a test 900."""
    for path, text in tree.programs():
        most = 900 if is_test(path) else 600
        count = text.count("\n")
        if count > most:
            yield f"{path}:{most + 1}: {count} lines; at most {most}, so this is two files"


@check(tests__a_dot_sh="sle" + "ep 1\n")
def no_sleeping(tree):
    """Nothing sleeps; a wait that must be says why in a comment that begins with `Waits:`."""
    cpp = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(")
    script = re.compile(r"\btime\.sle" + r"ep\b|(?:^|[;&|]|\bdo|\bthen)\s*sle" + r"ep\s+[\d.$]")
    for path, text in tree.programs():
        pattern = cpp if path.endswith((".h", ".cpp", ".c")) else script
        before = ""
        for number, line in lines(text):
            code = re.split(r"//|#", line)[0]
            if pattern.search(code) and "Waits:" not in before + line:
                yield f"{path}:{number}: sleeps; wait for the thing itself, or say `Waits: why`"
            before = line


@check(kith__ua__a_dot_cpp="std::ranges::stable_" + "sort(targets);\n")
def no_temporary_buffers(tree):
    """What asks libstdc++ for a temporary buffer is deprecated, as clang sees it."""
    asks = re.compile(r"\b(stable_(?:sort|partition)|inplace_merge)\b")
    for path, text in tree.programs():
        if not path.endswith((".h", ".cpp")):
            continue
        for number, line in lines(text):
            found = asks.search(line.split("//")[0])
            if found:
                yield f"{path}:{number}: clang refuses std::{found[1]}: it asks for a temporary buffer"


unfinished_words = re.compile(
    r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b|\bfor no" + r"w\b|doctest::sk" + r"ip\b"
)


@check(kith__sip__a_dot_cpp="// TO" + "DO: the rest\n")
def nothing_unfinished(tree):
    """What is in the repository is done; what is not done is not in it."""
    for path, text in prose_and_code(tree):
        for number, line in lines(text):
            found = unfinished_words.search(line)
            if found:
                yield f"{path}:{number}: reads like work left undone: {found[0]}"


outside = re.compile(r"\.\./sha" + r"red|(?<![\w.])/wo" + r"rk/")


@check(kith__sip__a_test_dot_cpp='read("../sha' + 'red/data");\n')
def self_contained(tree):
    """Nothing points outside of the repository."""
    for path, text in tree.files.items():
        if path.startswith("tests/data/") or path == "LICENSE":
            continue
        for number, line in lines(text):
            if outside.search(line):
                yield f"{path}:{number}: points outside of the repository"


# Tests ---------------------------------------------------------------------------------------


def included(text):
    return re.findall(r'#include "((?:kith|server)/[^"]+)"', text)


def room_of(path):
    """kith/sip of kith/sip/header/via.h; server of server/options.h, which is in no room."""
    return "/".join(path.split("/")[:-1][:2])


@check(
    kith__sip__a_dot_h="#pragma once\n",
    kith__sip__b_test_dot_cpp='#include "kith/sip/b.h"\n',
    kith__sip__b_dot_h="#pragma once\n",
)
def headers_have_tests(tree):
    """A test of its room reaches each header, by what headers include and the .cpp beside them."""
    waiting, reached = [], set()
    for path, text in tree.code("kith/", "server/"):
        if path.endswith("_test.cpp"):
            waiting += [one for one in included(text) if room_of(one) == room_of(path)]
    while waiting:
        path = waiting.pop()
        if path not in reached and path in tree.files:
            reached.add(path)
            text = tree.files[path] + tree.files.get(path.removesuffix(".h") + ".cpp", "")
            waiting += [one for one in included(text) if room_of(one) == room_of(path)]
    for path, _ in tree.code("kith/", "server/"):
        outside_rooms = path.count("/") == 1  # server/options.h: tests/programs runs it
        if not path.endswith(".h") or path.endswith("/limits.h") or outside_rooms:
            continue
        if path not in reached:
            yield f"{path}:1: no test of {room_of(path)} reaches it"


# Constants that no test can meet, and why.
not_met = {
    "users_max": "a million users in memory",
    "held_max": "65,536 requests that wait for the disk; held_per_user_max is met in its place",
    "answer_bytes_max": "an answer of 256 MB",
    "mailbox_retry": "how often, not how much: what bounds the mailbox is mailbox_max",
}


@check(
    kith__sip__limits_dot_h="inline constexpr std::size_t headers_max = 256;\n",
    kith__ua__limits_dot_h="struct Limits {\n  std::size_t dialogs_max = 100;\n};\n",
)
def limits_are_met(tree):
    """Each constant of a limits.h, and each bound that its user sets, is named in a test."""
    tests = "\n".join(text for path, text in tree.tests() if not path.startswith("tests/tidy/"))
    known = set()
    for path, text in tree.code():
        if not path.endswith("/limits.h"):
            continue
        for number, line in lines(text):
            found = re.match(r"\s*(?:inline |static )?constexpr [\w:<>, ]+? (\w+)\s*[={]", line)
            found = found or re.match(r"\s+[\w:]+ (\w+_max)\s*=", line)
            if not found:
                continue
            known.add(found[1])
            if found[1] not in not_met and not re.search(rf"\b{found[1]}\b", tests):
                yield f"{path}:{number}: no test names {found[1]}"
    for name in set(not_met) - known if tree.folder else ():
        yield f"tests/tidy/checks.py:1: there is no constant {name} that no test could meet"


assertion = re.compile(r"\b(?:CHECK|REQUIRE|static_assert|FAIL)\w*\b")


def asserting_helpers(text):
    """Names of the functions of a header in whose bodies something is asserted."""
    names, last = set(), None
    for line in text.splitlines():
        found = re.match(r"\s*(?:inline |static )?[\w:<>&*, ]+?[ &*](\w+)\(.*\{$", line)
        if found and found[1] not in ("if", "for", "while", "switch"):
            last = found[1]
        elif last and re.search(r"\b(?:CHECK|REQUIRE|FAIL)\w*\(", line):
            names.add(last)
    return names


@check(
    kith__sip__a_test_dot_cpp='#include "kith/sip/testing/b.h"\nTEST_CASE("x") {\n  gives(1);\n}\n',
    kith__sip__testing__b_dot_h="void checks(int a) {\n  CHECK(a);\n}\nint gives(int a) {\n}\n",
)
def tests_assert(tree):
    """A test file asserts something, itself or by a helper of a header that asserts."""
    for path, text in tree.code():
        if not path.endswith("_test.cpp") or not re.search(r"\bTEST_CASE", text):
            continue
        helpers = set().union(*(asserting_helpers(tree.files.get(one, "")) for one in included(text)))
        called = any(re.search(rf"\b{name}(?:<[\w:, ]+>)?\(", text) for name in helpers)
        if not called and not assertion.search(text):
            yield f"{path}:1: nothing is asserted"


# Pages ---------------------------------------------------------------------------------------


@check(README_dot_md="[map](NOWHERE.md)\n")
def links(tree):
    """A link of a page leads to a file of the repository."""
    for path, text in tree.files.items():
        if not path.endswith(".md"):
            continue
        folder = path.rpartition("/")[0]
        for number, line in lines(text):
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", line):
                if "://" in target or target.startswith("mailto:"):
                    continue
                parts = []
                for part in f"{folder}/{target}".split("/"):
                    parts = parts[:-1] if part == ".." else parts + [part] * (part not in ("", "."))
                wanted = "/".join(parts)
                if not any(one == wanted or one.startswith(wanted + "/") for one in tree.files):
                    yield f"{path}:{number}: leads to {target}, which does not exist"


# Of this repository, and no example such as kith/event/package/x.h.
path_named = re.compile(
    r"`((?:kith|server|tools|tests|bench|fuzz|examples|docs|scripts|cmake|packaging)/[\w./-]+)`"
)


@check(docs__a_dot_md="Held by `tests/nowhere_" + "test.cpp`.\n")
def paths(tree):
    """A path between backticks on a page is that of a file or folder of the repository."""
    folders = {path[:at] for path in tree.files for at in range(len(path)) if path[at] == "/"}
    for path, text in tree.files.items():
        if not path.endswith(".md") or path == "CHANGELOG.md":
            continue
        for number, line in lines(text):
            for named in path_named.findall(line):
                wanted = named.rstrip("/")
                example = wanted.rpartition("/")[2].split(".")[0] == "x"
                made = not left_out.isdisjoint(wanted.split("/"))  # as programs run
                if wanted not in folders and wanted not in tree.files and not (example or made):
                    yield f"{path}:{number}: names {named}, which does not exist"


@check(CHANGELOG_dot_md="# Changes\n\n## 0.1.0\n")
def changelog(tree):
    """CHANGELOG.md has a section Unreleased."""
    if not re.search(r"^## \[?Unreleased\]?$", tree.files.get("CHANGELOG.md", ""), re.MULTILINE):
        yield "CHANGELOG.md:1: has no section Unreleased"


@check(docs__conformance__ms_sip_dot_md="old\n")
def generated_pages(tree):
    """Pages that programs make are what the programs would make."""
    page = tree.files.get("docs/conformance/ms-sip.md")
    if page != ms_sip.page(ms_sip.read_rows(), ms_sip.read_tests()):
        yield "docs/conformance/ms-sip.md:1: is stale; run tools/conformance/ms_sip.py"


@check(
    tests__jain__tck__tck_dot_rows="## A\nATest.a | what |\n",
    tests__jain__tck__a_test_dot_cpp='TEST_CASE("ATest.b: what") {\n',
)
def jain_tck_rows(tree):
    """Every row of the conformance tests of JAIN SIP has a test that is there, and its page says so."""
    folder = jain_tck.rows_file.parent.as_posix() + "/"
    rows = jain_tck.read_rows(tree.files.get(jain_tck.rows_file.as_posix(), ""))
    files = {path: text for path, text in tree.code(folder) if path.endswith("_test.cpp")}
    tests = jain_tck.read_tests(files)
    yield from jain_tck.problems_of(rows, tests, tree.files)
    page = jain_tck.page_file.as_posix()
    if tree.files.get(page) != jain_tck.page(rows, tests):
        yield f"{page}:1: is stale; run tools/conformance/jain_tck.py"


@check(docs__transactions_dot_md="old\n")
def diagrams_of_transactions(tree):
    """The diagrams of the state machines are drawn from their tables."""
    page = diagrams.page_file.as_posix()
    text = tree.files.get(diagrams.rules_file.as_posix()) or (root / diagrams.rules_file).read_text()
    if tree.files.get(page) != diagrams.page(diagrams.read_tables(text)):
        yield f"{page}:1: is stale; run tools/transactions/diagrams.py"


rule_cited = re.compile(r"RFC (\d{3,5}) §")
rfc_named = re.compile(r"RFC (\d{3,5})\b")
test_case = re.compile(r'\bTEST_CASE\w*\(\s*"((?:[^"\\]|\\.)*)"')
rfc_row = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$")


def places_of_rfcs(tree):
    """RFC -> rooms whose code cites a rule of it; RFC -> files with a test that is named for it."""
    rooms_citing, tests_named = {}, {}
    for path, text in tree.code():
        if is_test(path):
            for name in test_case.findall(text):
                for rfc in rfc_named.findall(name):
                    tests_named.setdefault(rfc, set()).add(path)
        elif path.startswith(("kith/", "server/")):
            for rfc in rule_cited.findall(text):
                rooms_citing.setdefault(rfc, set()).add(room_of(path))
    return rooms_citing, tests_named


@check(
    docs__rfcs_dot_md="| 3261 | SIP | kith/ua | `kith/sip/a_test.cpp` |\n",
    kith__sip__a_dot_h="// RFC 3261 " + "§8: x\n",
)
def rfcs(tree):
    """docs/rfcs.md has each RFC that is cited, with the rooms that cite it and tests named for it."""
    page = "docs/rfcs.md"
    rooms_citing, tests_named = places_of_rfcs(tree)
    seen = []
    for number, line in lines(tree.files.get(page, "")):
        row = rfc_row.match(line)
        if not row:
            continue
        rfc = row[1]
        seen.append(rfc)
        told = {each.strip() for each in row[2].split(",")} - {"–"}
        cites = rooms_citing.get(rfc, set())
        for room in sorted(cites - told):
            yield f"{page}:{number}: {room} cites RFC {rfc}, and is not in its row"
        for room in sorted(told - cites):
            yield f"{page}:{number}: {room} cites no rule of RFC {rfc}"
        tests = re.findall(r"`([^`]+)`", row[3])
        for test in tests:
            if test not in tests_named.get(rfc, ()):
                yield f"{page}:{number}: no test of {test} is named for RFC {rfc}"
        if not tests and rfc in tests_named:
            yield f"{page}:{number}: {min(tests_named[rfc])} has a test that is named for RFC {rfc}"
    if seen != sorted(set(seen), key=int):
        yield f"{page}:1: the rows are not in order, or one is there twice"
    for rfc in sorted(set(rooms_citing) | set(tests_named) & set(sections_of_rfcs(tree)), key=int):
        if rfc not in seen:
            yield f"{page}:1: RFC {rfc} is cited, and has no row"


# By programs ---------------------------------------------------------------------------------


def complaints(command):
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    found = re.findall(r"^(\S+?:\d+):.*?(?:error|warning): (.*)", done.stderr, re.MULTILINE)
    if found:
        return [f"{place}: {sentence}" for place, sentence in found]
    return [f"{command[-1]}:1: {(done.stderr.strip().splitlines() or ['is refused'])[-1]}"]


@check()
def clang_format(tree):
    """clang-format-19 decides form."""
    if shutil.which("clang-format-19") is None:
        yield ".clang-format:1: clang-format-19 is not installed, so form was not checked"
        return
    files = [path for path, _ in tree.code() if tree.folder]
    for start in range(0, len(files), 100):
        seen = set()
        for complaint in complaints(["clang-format-19", "--dry-run", "-Werror", *files[start : start + 100]]):
            file = complaint.split(":")[0]
            if file not in seen:
                yield complaint.replace("code should be clang-formatted [-Wclang-format-violations]",
                                        "is not as clang-format-19 writes it")
            seen.add(file)


@check(scripts__a="#!/bin/bash\nif true; then\n", tools__b_dot_py="def f(:\n")
def scripts_parse(tree):
    """Scripts are correct bash and Python, at least in form."""
    for path, text in tree.files.items():
        first = text.partition("\n")[0]
        if path.endswith(".py") or (first.startswith("#!") and "python" in first):
            try:
                compile(text, path, "exec")
            except SyntaxError as error:
                yield f"{path}:{error.lineno}: {error.msg}"
        elif first.startswith("#!") and first.endswith(("bash", "/sh")):
            done = subprocess.run(
                ["bash", "-n"], input=text, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                yield f"{path}:1: {done.stderr.strip().splitlines()[0]}"
