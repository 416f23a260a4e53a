#!/usr/bin/env python3
"""Makes docs/jain-sip.md: each name of the JAIN SIP 1.2 API with the Kith expression that does it.

The names are in tests/jain/api.txt, which `--api` makes anew from the jar of libsip-api-java with
javap. The expressions are in tests/jain/*_test.cpp, which is compiled and run:

    TEST_CASE("javax.sip.header.ContactHeader: words that only people read") {
      // setQValue(float)
      contact.params.set("q", "0.7");
      // getQValue()
      CHECK(contact.q() == QValue{700});

      // hashCode(): None. Why there is none.
    }

The test case names the type, and each comment in it a row: a member, or the type itself. What
follows up to a blank line or the next comment is its expression; of `CHECK(a == b)` that is a, and
where other statements stand, a CHECK is left out. What stands after the colon goes to the page. Several
rows share an expression when they stand above it without a gap; one that begins with `None.` has
none.

With --check nothing is written; exit code 1 when a row is missing or the page is stale.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

root = pathlib.Path(__file__).resolve().parents[2]
jar = pathlib.Path("/usr/share/java/sip-api-1.2.jar")
packages = ("javax.sip", "javax.sip.address", "javax.sip.header", "javax.sip.message")
api_file = pathlib.Path("tests/jain/api.txt")
page_file = pathlib.Path("docs/jain-sip.md")
sources = "tests/jain/*_test.cpp"


class Wrong(Exception):
    """What a person has to put right, as `file:line: sentence`."""


# The API -------------------------------------------------------------------------------------

qualified = re.compile(r"\b(?:[a-z]\w*\.)+(?=[A-Z])")
type_line = re.compile(r"(?:(?:public|abstract|final) )*(class|interface|enum) (\S+)(.*) \{")
modifiers = re.compile(r"^(?:(?:public|abstract|static|final|synchronized|native|transient) )+")


def can_ask_javap():
    return jar.exists() and shutil.which("javap") is not None


def simple(declaration):
    """Without packages; what is said of a constant's value is left as it is."""
    head, equals, value = declaration.partition(" = ")
    return qualified.sub("", head).replace(",", ", ").replace(",  ", ", ") + equals + value


def ask_javap(of_packages=packages):
    """The text of tests/jain/api.txt."""
    names = [one.removesuffix(".class").replace("/", ".") for one in zipfile.ZipFile(jar).namelist()]
    out = ["# JAIN SIP 1.2 as javap lists it; made by tools/jain/jain_map.py --api"]
    for package in of_packages:
        out.append(f"package {package}")
        types = sorted(one for one in names if re.fullmatch(rf"{re.escape(package)}\.[A-Z]\w*", one))
        command = ["javap", "-public", "-constants", "-classpath", str(jar), *types]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for line in listed.splitlines():
            found = type_line.match(line)
            if found:
                out.append(simple(f"  {found[1]} {found[2]}{found[3]}"))
            elif line.startswith("  public "):
                out.append("    " + simple(modifiers.sub("", line.strip().removesuffix(";"))))
    return "\n".join(out) + "\n"


def name_of(declaration):
    """`getQValue()` of `float getQValue()`, `NAME` of `String NAME = "Contact"`."""
    found = re.search(r"(\w+\([^)]*\))(?: throws .*)?$", declaration)
    return found[1] if found else declaration.partition(" = ")[0].split()[-1]


def read_api(text):
    """{full name of a type: (declaration, {name of a row: its declaration})}, in order."""
    types, package, members = {}, "", {}
    for line in text.splitlines():
        if line.startswith("package "):
            package = line.split()[1]
        elif line.startswith("    "):
            members[name_of(line.strip())] = line.strip()
        elif line.startswith("  "):
            name = line.split()[1]
            members = {name: line.strip()}
            types[f"{package}.{name}"] = (line.strip(), members)
    return types


# The expressions -----------------------------------------------------------------------------

test_case = re.compile(r'TEST_CASE\("(javax\.sip(?:\.[a-z]+)*\.[A-Z]\w*)(?:: [^"]*)?"\) \{')
partial_row = re.compile(r"\w+\([^)]*$")
row = re.compile(r"(\w+(?:\([^)]*\))?)(?:(:) ?(.*))?$")
check = re.compile(r"CHECK(?:_FALSE)?\((.*)\);$")
only_writes = re.compile(r"line\((.*)\)$")  # what the tests of factories have around each header
none = "None."


def whole(text):
    """Whether its parentheses and quotes are closed."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    return all(bare.count(a) == bare.count(b) for a, b in ("()", "[]", "{}"))


def shown(code):
    """What a reader of the page sees of the statements of a row."""
    statements = re.findall(r".*?;(?=\n|$)", code.strip(), re.DOTALL)
    statements = [" ".join(line.strip() for line in one.strip().splitlines()) for one in statements]
    kept = [one.removesuffix(";") for one in statements if not check.match(one)]
    if kept:
        return "; ".join(kept)
    checked = []
    for statement in statements:
        text = check.match(statement)[1]
        if text.startswith("(") and text.endswith(")") and whole(text[1:-1]):
            checked.append(text[1:-1])
            continue
        at = text.find(" == ")
        while at >= 0 and not whole(text[:at]):
            at = text.find(" == ", at + 1)
        left = text if at < 0 else text[:at]
        checked.append(only_writes.sub(r"\1", left))
    return "; ".join(checked)


class Source:
    """Reads one file of expressions."""

    def __init__(self, path, text, api):
        self.path, self.api = path, api
        self.rows = []  # (type, name, expression, sentence, line)
        self.open, self.code, self.type, self.part = [], "", None, ""
        self.has_sentence = False
        for number, line in enumerate(text.splitlines(), 1):
            self.number = number
            found = test_case.match(line)
            if found:
                self.type = found[1]
                if self.type not in api:
                    self.refuse(f"{api_file} has no {self.type}")
            elif line.startswith("}"):
                self.close()
                self.type = None
            elif self.type and line.strip().startswith("//"):
                self.comment(line.strip()[2:].strip())
            elif self.type and line.strip():
                self.code += line + "\n" if self.open else ""
            else:
                self.close()

    def refuse(self, sentence):
        raise Wrong(f"{self.path}:{self.number}: {sentence}")

    def comment(self, text):
        if self.code:
            self.close()
        self.part = f"{self.part} {text}".strip()
        if partial_row.fullmatch(self.part):
            return  # goes on in the next line
        text, self.part = self.part, ""
        found = row.match(text)
        if found and found[1] in self.api[self.type][1]:
            self.open.append([found[1], found[3] or "", self.number])
            self.has_sentence = found[2] is not None
        elif self.open and self.has_sentence:
            self.open[-1][1] = f"{self.open[-1][1]} {text}".strip()
        else:
            self.refuse(f"{self.type} has no {text}")

    def close(self):
        expression = shown(self.code)
        for name, sentence, number in self.open:
            alone = sentence.startswith(none)
            if not alone and not expression:
                self.refuse(f"{name} has neither an expression nor a sentence with `{none}`")
            self.rows.append((self.type, name, "" if alone else expression, sentence, number))
        self.open, self.code = [], ""


def read_sources(api, texts):
    """({(type, name): (expression, sentence)}, what is wrong) of {path: text}."""
    rows, problems = {}, []
    for path, text in texts.items():
        try:
            for of_type, name, expression, sentence, number in Source(path, text, api).rows:
                if (of_type, name) in rows:
                    problems.append(f"{path}:{number}: {of_type} has {name} twice")
                rows[of_type, name] = (expression, sentence)
        except Wrong as wrong:
            problems.append(str(wrong))
    for of_type, (_, members) in api.items():
        for name in members:
            if (of_type, name) not in rows:
                problems.append(f"{sources}:1: {of_type} lacks {name}")
    return rows, problems


def source_texts(folder=root):
    return {path.relative_to(folder): path.read_text() for path in sorted(folder.glob(sources))}


# The page ------------------------------------------------------------------------------------

head = """\
<!-- Made by tools/jain/jain_map.py from tests/jain/api.txt and tests/jain/*_test.cpp. -->

# From JAIN SIP 1.2 to Kith

Every type, method, constant and exception of the packages
{packages},
and the expression that does the same. What it needs of `javax.sip` is in `kith/ua` and the namespace
`kith::ua`, of the others in `kith/sip`, whose `headers.h` has every header, and in `kith::sip`. Each expression is compiled, and run as a test: the objects
in it stand in the test case of the same name in `tests/jain`.
{count} rows; {without} of them have no counterpart, and say why.

What is different everywhere:

| JAIN SIP | Kith |
|---|---|
| factories, interfaces and their implementations | plain values: `Contact{{.uri = uri}}`; a copy is a clone |
| `getX()`, `setX()` | members, and functions for what stands in a parameter |
| `null`, −1 for what is absent | `std::optional` |
| `ParseException` | `Result<T>`, as of `parsed<Contact>(text)`, which may hold an `Error`: in which way, where, at which byte |
| `InvalidArgumentException` | a type that has no such value, or an `Error` when it is read |
| `NullPointerException` | values and references are never null |
| `SipException` | `Result<T>`; a singleton that is added twice is an `Error` when it is read, and `check()` finds it |
| `Object.equals()` | `==` compares text, `equivalent()` as the RFC of the header says |
| `Object.hashCode()` | none: equivalence is not transitive; `Uri::normalized()` and `address_of_record()` are keys |
| one header object for each element of a list | the same |
| text is judged when it is set | text of strangers is judged by `parse()`; what the program sets, by `check(message)` |

What a type inherits stands under the type that it inherits from.
"""


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def page(api, rows):
    without = sum(1 for expression, _ in rows.values() if not expression)
    names = [f"`{one}`" for one in packages]
    listed = ", ".join(names[:-1]) + " and " + names[-1]
    out = [head.format(packages=listed, count=len(rows), without=without)]
    package = ""
    for full, (declaration, members) in api.items():
        if full.rpartition(".")[0] != package:
            package = full.rpartition(".")[0]
            out.append(f"## {package}\n")
        out += [f"### {full.rpartition('.')[2]}\n", "| JAIN SIP | Kith |", "|---|---|"]
        for name, declared in members.items():
            expression, sentence = rows.get((full, name), ("", "Missing."))
            code = f"`{cell(expression)}`" if expression else ""
            out.append(f"| `{cell(declared)}` | {' — '.join(filter(None, (code, cell(sentence))))} |")
        out.append("")
    return "\n".join(out).rstrip("\n") + "\n"


def problems_of(folder=root):
    """What is wrong with the rows and the page, as `file:line: sentence`."""
    api = read_api((folder / api_file).read_text())
    rows, problems = read_sources(api, source_texts(folder))
    at = folder / page_file
    if not problems and (not at.exists() or at.read_text() != page(api, rows)):
        problems.append(f"{page_file}:1: is stale; run tools/jain/jain_map.py")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--api", action="store_true", help=f"make {api_file} anew with javap")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when it is stale")
    asked = parser.parse_args()
    if asked.check:
        problems = problems_of()
    else:
        if asked.api:
            (root / api_file).write_text(ask_javap())
        api = read_api((root / api_file).read_text())
        rows, problems = read_sources(api, source_texts())
        (root / page_file).write_text(page(api, rows))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
