#!/usr/bin/python3
"""A C++ developer's first five minutes: the installed libraries, found, linked and used.

  package_test.py --build DIR --source DIR [--compiler C++]

Installs the component `development` into a temporary folder, builds examples/ from it with
find_package(Kith) and one of them with pkg-config, and runs them. Prints a line a case and
`N passed, N failed`; ends with 0 when all passed.
"""

import argparse
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import sys
import tempfile

from checks import Checks, Failure

rooms = (
    "base crypto xml sip transaction dialog location auth contacts acl presence soap event ua gssapi net"
    " resolver host client".split()
)
# What compiling an example may cost. On a machine that does other things at the same time a second
# of CPU does less: how much less is told by a file of nothing but the standard library, which takes
# as long as this on a quiet one.
cpu_seconds_max = 2.0
quiet_reference = 0.8
reference = "".join(
    f"#include <{header}>\n"
    for header in "chrono expected functional memory string system_error variant".split()
)
request = (
    "{method} sip:kith@127.0.0.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK-{method}\r\n"
    "Max-Forwards: 70\r\n"
    "From: <sip:test@127.0.0.1>;tag=1\r\n"
    "To: <sip:kith@127.0.0.1>\r\n"
    "Call-ID: {method}@127.0.0.1\r\n"
    "CSeq: 1 {method}\r\n"
    "Content-Length: 0\r\n\r\n"
)


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, **more)
    if done.returncode != 0:
        raise Failure(f"{command[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def cpu_seconds(*command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(*command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def whole(prefix, given):
    """Every header of these rooms is there but those of tests and those named private."""
    package = (given.source / "cmake/kith_package.cmake").read_text(encoding="utf-8")
    private = package.partition("set(kith_private_headers")[2].partition(")")[0].split()
    wanted = {f"lib/libkith_{room}.a" for room in rooms}
    wanted |= {f"lib/pkgconfig/kith-{room}.pc" for room in rooms}
    wanted |= {f"lib/cmake/Kith/Kith{file}.cmake" for file in ("Config", "ConfigVersion", "Targets")}
    for room in rooms:
        for path in (given.source / "kith" / room).rglob("*.h"):
            name = path.relative_to(given.source / "kith")
            of_tests = {"test", "testing"} & set(name.parts) or name.name.startswith("test_")
            if not of_tests and not name.name.endswith("_test.h") and str(name) not in private:
                wanted.add(f"include/kith/{name}")
    found = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file()}
    found = {path for path in found if not path.startswith("lib/cmake/Kith/KithTargets-")}
    if found != wanted:
        raise Failure(f"these are too many or missing: {sorted(found ^ wanted)}")


def build(prefix, folder, given):
    """examples/ are built with find_package."""
    source = folder / "examples"
    shutil.copytree(given.source / "examples", source)
    run("cmake", "-S", source, "-B", folder / "built", f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_CXX_COMPILER={given.compiler}")  # fmt: skip
    run("cmake", "--build", folder / "built")


def refuse_component(prefix, folder):
    """A component that there is none of is refused by its name."""
    source = folder / "wrong"
    source.mkdir()
    (source / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(wrong CXX)\n"
        "find_package(Kith REQUIRED COMPONENTS sip telephone)\n"
    )
    done = subprocess.run(
        ["cmake", "-S", source, "-B", source / "built", f"-DCMAKE_PREFIX_PATH={prefix}"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode == 0 or "Kith has no component telephone" not in " ".join(done.stderr.split()):
        raise Failure(done.stderr)


def flags(prefix, *asked):
    env = {**os.environ, "PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
    return run("pkg-config", *asked, env=env).split()


def build_with_pkg_config(prefix, folder, given):
    """An example is built with pkg-config."""
    both = flags(prefix, "--cflags", "--libs", "kith-crypto", "kith-net", "kith-ua")
    source = folder / "examples/answer_options.cpp"
    run(given.compiler, "-o", folder / "by_pkg_config", source, *both)


def describe_all(prefix):
    """pkg-config knows every library and what each of them needs."""
    for room in rooms:
        if f"-lkith_{room}" not in flags(prefix, "--libs", f"kith-{room}"):
            raise Failure(f"kith-{room} does not link itself")


def compile_in_time(prefix, folder, name, given):
    command = [given.compiler, *flags(prefix, "--cflags", "kith-ua", "kith-net", "kith-crypto"), "-c"]
    (folder / "reference.cpp").write_text(reference)
    took = []
    for _ in range(5):
        unit = cpu_seconds(*command, "-o", folder / "r.o", folder / "reference.cpp")
        spent = cpu_seconds(*command, "-o", folder / "o.o", folder / "examples" / f"{name}.cpp")
        allowed = cpu_seconds_max * max(1.0, unit / quiet_reference)
        took.append(f"{spent:.2f} s of {allowed:.2f}")
        if spent <= allowed:
            return
    raise Failure(", ".join(took))


def change(folder, given):
    """change_message takes a message one hop on."""
    corpus = given.source / "tests/data/corpus/invite.sip"
    program = folder / "built/change_message"
    before = corpus.read_bytes()
    after = subprocess.run([program], input=before, capture_output=True, timeout=60, check=True).stdout
    old, new = before.split(b"\r\n"), after.split(b"\r\n")
    via = b"Via: SIP/2.0/UDP proxy.example.com;branch=z9hG4bK-1"
    wanted = [via if line == b"Via" else line for line in old]
    wanted.insert(1, via)
    wanted[wanted.index(b"Max-Forwards: 69")] = b"Max-Forwards: 68"
    if new != wanted:
        raise Failure(after.decode())
    for refused, why in (
        (b"", "start line"),
        (b"nonsense\r\n\r\n", "start line malformed, at byte "),
        (before.replace(b"Forwards: 69", b"Forwards: 0"), "a hop more than Max-Forwards forbidden"),
        (before.replace(b"Forwards: 69", b"Forwards: 7x"), "Max-Forwards malformed, at byte "),
        (before.replace(b"Max-Forwards: 69\r\n", b""), "Max-Forwards missing"),
    ):
        done = subprocess.run([program], input=refused, capture_output=True, timeout=60, check=False)
        if done.returncode != 1 or done.stdout or not done.stderr.decode().startswith(why):
            raise Failure(f"{refused[:40]!r}: {done}")


def quote(given):
    """The program in README.md is in an example, and the libraries that it names are all there are."""
    readme = (given.source / "README.md").read_text(encoding="utf-8")
    code = readme.partition("```cpp\n")[2].partition("```")[0]
    example = (given.source / "examples/change_message.cpp").read_text(encoding="utf-8")
    if len(code.splitlines()) < 8 or code not in example:
        raise Failure("it is not quoted from examples/change_message.cpp")
    named = " ".join(readme.split()).partition("libraries are ")[2].partition(".")[0]
    if named.replace("`", "").replace(",", "").replace(" and ", " ").split() != list(rooms):
        raise Failure(f"it names {named}")


def answer(program):
    """answer_options answers OPTIONS with 200, and anything else with 405."""
    with subprocess.Popen([program], stdout=subprocess.PIPE, text=True) as server:
        try:
            host, port = server.stdout.readline().strip().split(":")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(30)
                client.bind(("127.0.0.1", 0))
                for method, status in (("OPTIONS", "200 OK"), ("MESSAGE", "405 Method Not Allowed")):
                    text = request.format(method=method, port=client.getsockname()[1])
                    client.sendto(text.encode(), (host, int(port)))
                    said = client.recv(65536).decode()
                    right = said.startswith(f"SIP/2.0 {status}\r\n") and "\r\nAllow: OPTIONS\r\n" in said
                    if not right or f"branch=z9hG4bK-{method}" not in said or ";tag=" not in said:
                        raise Failure(said)
        finally:
            server.kill()


def refuse_port(program):
    """answer_options says which port it cannot have, and why."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = str(other.getsockname()[1])
        done = subprocess.run([program, port], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 1 or f"cannot listen on port {port}: Address already in use" not in done.stderr:
        raise Failure(str(done))


def cases(given, folder):
    prefix = folder / "prefix"
    yield "it is installed", lambda: run(
        "cmake", "--install", given.build, "--component", "development", "--prefix", prefix
    )
    yield "these files and no others", lambda: whole(prefix, given)
    yield "examples are built with find_package", lambda: build(prefix, folder, given)
    yield "an unknown component is refused", lambda: refuse_component(prefix, folder)
    yield "an example is built with pkg-config", lambda: build_with_pkg_config(prefix, folder, given)
    yield "pkg-config knows every library", lambda: describe_all(prefix)
    yield "change_message", lambda: change(folder, given)
    yield "README.md quotes it", lambda: quote(given)
    yield "a port that is taken", lambda: refuse_port(folder / "built/answer_options")
    yield "answer_options", lambda: answer(folder / "built/answer_options")
    yield "answer_options, by pkg-config", lambda: answer(folder / "by_pkg_config")
    for name in ("change_message", "answer_options"):
        yield f"{name} compiles in time", lambda name=name: compile_in_time(
            prefix, folder, name, given
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--source", required=True, type=pathlib.Path)
    parser.add_argument("--compiler", default="g++", help="what the libraries were built with")
    given = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="kith-package-") as folder:
        for case, holds in cases(given, pathlib.Path(folder).resolve()):
            checks.case(case, holds)
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())
