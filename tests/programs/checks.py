"""How the tests of programs count what holds, say what does not, and close: a line `N passed, N failed`
and exit code 0 or 1."""

import subprocess
import traceback


class Failure(Exception):
    """Something was not as it should be."""


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def that(self, what, holds, evidence=None):
        """Evidence is printed where it does not hold: a process that has ended, or anything."""
        if holds:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAILED: {what}", flush=True)
        if isinstance(evidence, subprocess.CompletedProcess):
            print(f"  exit code {evidence.returncode}\n  out: {evidence.stdout[:3000]}\n"
                  f"  err: {evidence.stderr[:3000]}")
        elif evidence is not None:
            print(f"  {str(evidence)[:3000]}")

    def ends(self, what, done, code, *words):
        """With this exit code, and these words somewhere."""
        self.that(f"{what}: exit code {code}", done.returncode == code, done)
        for word in words:
            self.that(f"{what}: says {word!r}", word in done.stdout + done.stderr, done)

    def run(self, functions, world):
        """Functions of a world and of this, which check as they go; one that cannot go on has failed."""
        for function in functions:
            try:
                function(world, self)
            except Exception as problem:  # whatever went wrong, the others are worth a run
                self.that(f"{function.__name__}: {problem!r}", False)
                traceback.print_exc()

    def case(self, name, function, *arguments):
        """A function that passes as a whole, or raises."""
        try:
            function(*arguments)
            self.told(name, "")
        except Exception as problem:  # whatever went wrong, the others are worth a run
            self.told(name, str(problem) or repr(problem))
            if not isinstance(problem, (Failure, OSError, subprocess.SubprocessError)):
                traceback.print_exc()

    def told(self, name, fault):
        """What is wrong, or nothing."""
        self.passed += not fault
        self.failed += bool(fault)
        print(f"FAILED  {name}: {fault}" if fault else f"ok      {name}", flush=True)

    def close(self):
        """The exit code."""
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0
