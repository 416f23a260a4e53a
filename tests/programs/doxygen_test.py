#!/usr/bin/python3
"""The reference of the public headers is made without a warning, where doxygen is installed.
It has every type and every function of every room that is installed, each with what a caller may
rely on, and every header with its grammar and the section that defines it.

Prints a line a case and `N passed, N failed`; ends with 0 when all passed.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

from checks import Checks

root = pathlib.Path(__file__).resolve().parents[2]


def run(settings):
    """Doxygen with the settings of docs/Doxyfile and these: (exit code, what it said)."""
    text = (root / "docs/Doxyfile").read_text(encoding="utf-8") + settings
    done = subprocess.run(
        ["doxygen", "-"], cwd=root, input=text, capture_output=True, text=True, timeout=600, check=False
    )
    return done.returncode, done.stderr.strip()


def undocumented(text):
    """The types of a header file, outside of others, that have no comment of their own."""
    above = ""
    for line in text.split("\n"):
        found = re.match(r"(?:struct|class|enum class|union) (\w+)\b(?!<|::| final;)(?:[^;]*$|.*};$)", line)
        if found and not above.startswith("///"):
            yield found[1]
        if not re.match(r"template <|  requires|\[\[", line):
            above = line.strip()


def description(node):
    """What the reference says of something."""
    return " ".join("".join(part.itertext()) for part in node.findall("*") if "description" in part.tag)


def silent_functions(folder):
    """(header, name) of each function outside of types of which the reference says nothing."""
    for page in sorted(folder.glob("namespace*.xml")):
        for node in xml.parse(page).iter("memberdef"):
            place = node.find("location")
            if node.get("kind") == "function" and not description(node).strip():
                yield place.get("declfile") or place.get("file"), node.findtext("name")


def described(folder):
    """What the reference says of each type of kith::sip and of each name for one."""
    names = xml.parse(folder / "namespacekith_1_1sip.xml").iter("memberdef")
    types = (xml.parse(page).find("compounddef") for page in folder.glob("structkith_1_1sip_1_1*.xml"))
    named = ((node.findtext("compoundname") or node.findtext("name"), node) for node in (*names, *types))
    return {name.removeprefix("kith::sip::"): description(node) for name, node in named}


def headers():
    """The headers that have a type, as kith/sip/headers.h lists them."""
    text = (root / "kith/sip/headers.h").read_text(encoding="utf-8")
    return re.findall(r"\w+", re.search(r"AllHeaders = TypeList<(.*?)>;", text, re.S)[1])


def cmake_list(name):
    """What cmake/kith_package.cmake sets the name to."""
    text = (root / "cmake/kith_package.cmake").read_text(encoding="utf-8")
    return re.search(rf"set\({name}\s+(.*?)\)", text, re.S)[1].split()


def installed(room):
    """The headers of a room that cmake --install takes."""
    private = cmake_list("kith_private_headers")
    for path in sorted((root / "kith" / room).rglob("*.h")):
        tests = {"test", "testing"} & set(path.parts) or re.search(r"^test_|_test\.h$", path.name)
        if not tests and str(path.relative_to(root / "kith")) not in private:
            yield path


def faults_of_rooms(folder):
    """(case, what is wrong or nothing) for the types and the functions of each room."""
    functions = list(silent_functions(folder))
    for room in cmake_list("kith_package_rooms"):
        files = list(installed(room))
        bare = [
            f"{path.name}: {name}"
            for path in files
            for name in undocumented(path.read_text(encoding="utf-8"))
        ]
        fault = ", ".join(bare) if files else "it has no header"
        yield f"every type of kith/{room} says what it is", fault
        names = {str(path.relative_to(root)) for path in files}
        bare = [f"{file}: {name}" for file, name in functions if file in names]
        yield f"every function of kith/{room} says what it does", ", ".join(bare)


def faults_of_headers(folder):
    """(case, what is wrong or nothing) for the headers of SIP."""
    texts = described(folder)
    rule = re.compile(r" = .*(RFC \d+ §|\[MS-|draft-)|\[MS-\w+\] §", re.S)
    names = headers()
    without = [name for name in names if not rule.search(texts.get(name, ""))]
    yield f"each of {len(names)} headers has its grammar and its section", ", ".join(without)
    text = "/// A.\nstruct A {\n};\ntemplate <class T>\nstruct B {\n};\nclass Later;\nstruct C {};\n"
    text += "template <>\nstruct A<int> {"
    blind = list(undocumented(text))
    yield "a type without a comment is a failure", "" if blind == ["B", "C"] else str(blind)


def faults(folder):
    """(case, what is wrong or nothing), one after another."""
    code, said = run(f"OUTPUT_DIRECTORY = {folder}/right\nGENERATE_XML = YES\n")
    yield "the headers are described without a warning", said if code or said else ""
    page = folder / "right/html/structkith_1_1sip_1_1BasicContact.html"
    right = page.exists() and "contact-param" in page.read_text(encoding="utf-8")
    yield "a header's page has its grammar", "" if right else f"{page.name} has none"
    yield from faults_of_rooms(folder / "right/xml")
    yield from faults_of_headers(folder / "right/xml")
    text = "/// A <name> of it.\nstruct A {};\nnamespace n {\n/// A.\nvoid a();\nvoid b();\n"
    text += "template <class T>\nT c(T t) { return t; }\n}\n"
    (folder / "a.h").write_text(text)
    code, said = run(f"OUTPUT_DIRECTORY = {folder}/wrong\nINPUT = {folder}/a.h\nGENERATE_XML = YES\n")
    yield "a wrong comment is a failure", "" if code and "a.h" in said else said or "it passed"
    blind = [name for _, name in silent_functions(folder / "wrong/xml")]
    yield "a function without a comment is a failure", "" if blind == ["b", "c"] else str(blind)


def main():
    if shutil.which("doxygen") is None:
        print("doxygen is not installed: scripts/install full")
        print("0 passed, 0 failed")
        return 0
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="kith-doxygen-") as folder:
        for case, fault in faults(pathlib.Path(folder)):
            checks.told(case, fault)
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())
