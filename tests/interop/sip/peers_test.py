#!/usr/bin/python3
"""Programs of others against the examples, on loopback: SIPp, sipsak, baresip, linphone, Kamailio
and JAIN SIP; and tshark, which must not mind a message of ours.

Prints a line a case and `N passed, N failed`; ends with 0 when all passed. Each case has a folder
of its own and free ports; the folders are kept when a case failed.
"""

import argparse
import concurrent.futures
import fcntl
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import sys
import tempfile
import time
import traceback

import jain_cases  # noqa: F401  (importing them registers their cases)
import kamailio_cases  # noqa: F401
import phone_cases  # noqa: F401
import sipp_cases  # noqa: F401
import sipsak_cases  # noqa: F401
from cases import Run, all_cases
from world import Missing

running = []  # cases
get_flags, set_flags, is_up = 0x8913, 0x8914, 1  # of <linux/sockios.h> and <net/if.h>


def play(case, folder, options):
    """Runs a case; whether it passed."""
    run = Run(folder, options.bin, options.calls)
    started = time.monotonic()
    running.append(run)
    try:
        case.function(run)
        count = run.judge()
        print(f"ok    {case.name} ({count} messages, {time.monotonic() - started:.1f} s)", flush=True)
        return True
    except Missing as error:
        wrong = str(error)
    except Exception:  # the other cases are still to be run
        wrong = traceback.format_exc()
    finally:
        run.world.end()
        running.remove(run)
    print(f"FAIL  {case.name}\n      {wrong}\n      {folder}", flush=True)
    return False


def take_loopback():
    """To capture needs rights: who has none runs in a network of their own, with just loopback."""
    if os.geteuid() != 0:
        os.execvp("unshare", ["unshare", "--map-root-user", "--net", sys.executable, "-B", *sys.argv])
    loopback = struct.pack("16sh14x", b"lo", 0)
    with socket.socket(type=socket.SOCK_DGRAM) as any_socket:
        flags = struct.unpack_from("h", fcntl.ioctl(any_socket, get_flags, loopback), 16)[0]
        if not flags & is_up:
            loopback = struct.pack("16sh14x", b"lo", flags | is_up)
            fcntl.ioctl(any_socket, set_flags, loopback)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path, help="where the examples are")
    parser.add_argument("--calls", type=int, default=200, help="that SIPp makes in each of its cases")
    parser.add_argument("--at-once", type=int, default=1, help="how many cases run beside each other")
    parser.add_argument("--only", default="", help="cases that this regular expression is found in")
    parser.add_argument("--list", action="store_true", help="just print the names of the cases")
    parser.add_argument("--keep", action="store_true", help="keep the folders in any case")
    options = parser.parse_args()
    options.bin = options.bin.resolve()

    chosen = [case for case in all_cases if re.search(options.only, case.name)]
    if options.list:
        print("\n".join(case.name for case in chosen))
        return 0
    take_loopback()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kith-peers-"))
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:

        def stop(*_):  # what we started ends with us
            pool.shutdown(wait=False, cancel_futures=True)
            for run in list(running):
                run.world.end()
            os._exit(1)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        folders = (folder / str(number) for number in range(len(chosen)))
        failed = list(pool.map(play, chosen, folders, [options] * len(chosen))).count(False)
    if failed == 0 and not options.keep:
        shutil.rmtree(folder)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 0 if chosen and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
