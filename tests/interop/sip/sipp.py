"""SIPp: its built-in scenarios `uac` and `uas`, many calls, and what it counted."""

import re
import signal

from world import Missing, free_port, host, listens, program, wait_until

transports = {"udp": "u1", "tcp": "t1"}
rate = 1000  # calls a second that a caller begins
# No more than these: a machine that is busy with other things takes longer, and loses no datagrams.
at_once = 50


class Sipp:
    """One SIPp; who answers is started first, and knows its port."""

    def __init__(self, world, scenario, transport, calls, target=None):
        self.port, self.calls, self.scenario = free_port(), calls, scenario
        media, control = free_port(), free_port()  # else it takes 6000 and 8888
        self.program = world.run(
            f"sipp-{scenario}-{transport}",
            [program("sipp", "sip-tester"), *([target] if target else []), "-sn", scenario,
             "-t", transports[transport], "-i", host, "-p", self.port, "-bind_local", "-s", "service",
             "-mi", host, "-mp", media, "-ci", host, "-cp", control, "-nostdin", "-f", "3600",
             *(["-m", calls, "-r", rate, "-l", at_once] if target else []),
             "-trace_err", "-error_file", str(world.folder / f"sipp-{scenario}-{transport}.errors")],
        )  # fmt: skip
        if not target:
            wait_until(lambda: listens(self.port, transport), f"SIPp does not listen on {self.port}")

    def made(self, seconds=600):
        """Waits until a caller has made all its calls: how many were (successful, failed)."""
        self.program.wait(seconds)
        return self.number(r"Successful call +\| +\d+ +\| +(\d+)"), self.number(
            r"Failed call +\| +\d+ +\| +(\d+)"
        )

    def answered(self):
        """Ends a callee: how many calls were (acknowledged, hung up, disturbed). It lingers for 4 s over
        each, and calls those failed whose connection goes meanwhile; so it is its messages that count."""
        self.program.process.send_signal(signal.SIGUSR1)  # no more calls, please
        self.program.wait(60)
        acknowledged, hung_up = self.number(r"-> ACK +\D*\d +(\d+)"), self.number(r"-> BYE +(\d+)")
        disturbed = (self.number(rf"-> {method} +\d+ +\d+ +\d+ +(\d+)") for method in ("ACK.*", "BYE"))
        return acknowledged, hung_up, sum(disturbed)

    def number(self, pattern):
        """What the last line that matches says."""
        for line in reversed(self.program.lines):
            found = re.search(pattern, line or "")
            if found:
                return int(found[1])
        raise Missing(f"{self.program.name} did not count its calls: {self.program.log}")
