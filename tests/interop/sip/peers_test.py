#!/usr/bin/python3
"""Programs of others against the examples, on loopback: SIPp, sipsak, baresip, linphone, Kamailio
and JAIN SIP; and tshark, which must not mind a message of ours.

Prints a line a case and `N passed, N failed`; ends with 0 when all passed. Each case has a folder
of its own and free ports; the folders are kept when a case failed.
"""

import argparse
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback

import baresip_cases  # noqa: F401  (importing them registers their cases)
import jain_cases  # noqa: F401
import kamailio_cases  # noqa: F401
import linphone_cases  # noqa: F401
import sipp_cases  # noqa: F401
import sipsak_cases  # noqa: F401
from cases import Run, all_cases
from world import Missing


def play(case, folder, options):
    """Runs a case; nothing, or what went wrong."""
    run = Run(folder, options.bin, options.calls)
    started = time.monotonic()
    try:
        case.function(run)
        count = run.judge()
        print(f"ok    {case.name} ({count} messages, {time.monotonic() - started:.1f} s)", flush=True)
        return None
    except Missing as error:
        return str(error)
    except Exception:  # the other cases are still to be run
        return traceback.format_exc()
    finally:
        run.world.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path, help="where the examples are")
    parser.add_argument("--calls", type=int, default=200, help="that SIPp makes in each of its cases")
    parser.add_argument("--only", default="", help="cases that this regular expression is found in")
    parser.add_argument("--list", action="store_true", help="just print the names of the cases")
    parser.add_argument("--keep", action="store_true", help="keep the folders in any case")
    options = parser.parse_args()
    options.bin = options.bin.resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what we started ends with us, too

    chosen = [case for case in all_cases if re.search(options.only, case.name)]
    if options.list:
        print("\n".join(case.name for case in chosen))
        return 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kith-peers-"))
    failed = 0
    for number, case in enumerate(chosen):
        wrong = play(case, folder / str(number), options)
        failed += wrong is not None
        if wrong:
            print(f"FAIL  {case.name}\n      {wrong}\n      {folder / str(number)}", flush=True)
    if failed == 0 and not options.keep:
        shutil.rmtree(folder)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 0 if chosen and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
