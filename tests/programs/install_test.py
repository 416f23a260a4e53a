#!/usr/bin/python3
"""What `cmake --install` leaves in a prefix, looked at in a temporary folder.

  install_test.py --build DIR

Prints a line a case and `N passed, N failed`; ends with 0 when all passed.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from checks import Checks

expected = {
    "bin/kith", "bin/kithctl", "bin/kithd", "lib/systemd/system/kithd.service",
    "lib/sysusers.d/kith.conf", "share/doc/kith/examples/kith.toml", "share/man/man1/kith.1",
    "share/man/man5/kith.toml.5", "share/man/man8/kithctl.8", "share/man/man8/kithd.8",
}  # fmt: skip


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def faults(build, prefix):
    """(case, what is wrong or nothing), one after another."""
    # The libraries are another component; package_test.py looks at them.
    code, said = output("cmake", "--install", build, "--component", "Unspecified", "--prefix", prefix)
    yield "it is installed", said if code else ""
    found = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file()}
    yield "these files and no others", "" if found == expected else str(found ^ expected)
    unit = prefix / "lib/systemd/system/kithd.service"
    starts = [line for line in unit.read_text().splitlines() if line.startswith("ExecStart")]
    right = [line for line in starts if line.split("=", 1)[1].startswith(f"{prefix}/bin/kithd ")]
    yield "the unit starts what was installed", "" if right == starts and len(starts) == 1 else str(starts)
    if shutil.which("systemd-analyze"):
        code, said = output("systemd-analyze", "verify", "--man=no", unit)
        named = [line for line in said.splitlines() if "kithd.service" in line]
        yield "systemd understands the unit", "\n".join(named) if code and named else ""
    for program in ("kithd", "kithctl", "kith"):
        code, said = output(prefix / "bin" / program, "--version")
        yield f"{program} runs", "" if code == 0 and program in said else said
    if shutil.which("man"):
        for page in sorted(prefix.glob("share/man/man*/*")):
            shown = subprocess.run(
                ["man", "--warnings", "-l", page], capture_output=True, text=True, timeout=60,
                env={**os.environ, "LC_ALL": "C.UTF-8"}, check=False,
            )  # fmt: skip
            bad = shown.returncode or shown.stderr or "NAME" not in shown.stdout
            yield f"{page.name} can be read", shown.stderr or "nothing is shown" if bad else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    given = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="kith-install-") as folder:
        for case, fault in faults(given.build, pathlib.Path(folder).resolve() / "prefix"):
            checks.told(case, fault)
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())
