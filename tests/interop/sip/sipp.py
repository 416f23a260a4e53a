"""SIPp: its built-in scenarios `uac` and `uas`, many calls, and what it counted."""

import re
import signal

from world import Missing, free_port, host, listens, program, wait_until

transports = {"udp": "u1", "tcp": "t1"}


class Sipp:
    """One SIPp; who answers is started first, and knows its port."""

    def __init__(self, world, scenario, transport, calls, target=None, rate=500, user="service"):
        self.port, self.calls, self.scenario = free_port(), calls, scenario
        media, control = free_port(), free_port()  # else it takes 6000 and 8888
        self.program = world.run(
            f"sipp-{scenario}-{transport}",
            [program("sipp", "sip-tester"), *([target] if target else []), "-sn", scenario,
             "-t", transports[transport], "-i", host, "-p", self.port, "-bind_local", "-s", user,
             "-mi", host, "-mp", media, "-ci", host, "-cp", control, "-nostdin", "-f", "3600",
             *(["-m", calls, "-r", rate, "-l", 3 * rate] if target else []), "-trace_err",
             "-error_file", str(world.folder / f"sipp-{scenario}-{transport}.errors")],
        )  # fmt: skip
        if not target:
            wait_until(lambda: listens(self.port, transport), f"SIPp does not listen on {self.port}")

    def finish(self, seconds=600):
        """Waits until a caller has made all its calls; (successful, failed) of either side."""
        if self.scenario != "uac":
            self.program.process.send_signal(signal.SIGUSR1)  # no more calls, please
            self.program.wait(seconds)
        else:
            self.program.wait(seconds)
        return self.count("Successful call"), self.count("Failed call")

    def count(self, what):
        found = [
            int(match[1])
            for line in self.program.lines
            if line and (match := re.search(rf"{what} +\| +\d+ +\| +(\d+)", line))
        ]
        if not found:
            raise Missing(f"{self.program.name} did not count its calls: {self.program.log}")
        return found[-1]
