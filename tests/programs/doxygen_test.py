#!/usr/bin/python3
"""The reference of the public headers is made without a warning, where doxygen is installed.

Prints a line a case and `N passed, N failed`; ends with 0 when all passed.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]


def run(settings):
    """Doxygen with the settings of docs/Doxyfile and these: (exit code, what it said)."""
    text = (root / "docs/Doxyfile").read_text(encoding="utf-8") + settings
    done = subprocess.run(
        ["doxygen", "-"], cwd=root, input=text, capture_output=True, text=True, timeout=600, check=False
    )
    return done.returncode, done.stderr.strip()


def faults(folder):
    """(case, what is wrong or nothing), one after another."""
    code, said = run(f"OUTPUT_DIRECTORY = {folder}/right\n")
    yield "the headers are described without a warning", said if code or said else ""
    page = folder / "right/html/structkith_1_1sip_1_1BasicContact.html"
    right = page.exists() and "contact-param" in page.read_text(encoding="utf-8")
    yield "a header's page has its grammar", "" if right else f"{page.name} has none"
    (folder / "a.h").write_text("/// A <name> of it.\nstruct A {};\n")
    code, said = run(f"OUTPUT_DIRECTORY = {folder}/wrong\nINPUT = {folder}\n")
    yield "a wrong comment is a failure", "" if code and "a.h" in said else said or "it passed"


def main():
    if shutil.which("doxygen") is None:
        print("doxygen is not installed: scripts/install full")
        print("0 passed, 0 failed")
        return 0
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="kith-doxygen-") as folder:
        for case, fault in faults(pathlib.Path(folder)):
            passed += not fault
            failed += bool(fault)
            print(f"FAILED  {case}: {fault}" if fault else f"ok      {case}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
