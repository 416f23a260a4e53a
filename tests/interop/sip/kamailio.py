"""Kamailio as the proxy in between: with bindings of its own, or as the edge of a registrar."""

import pathlib

from world import free_port, host, listens, program, wait_until

config = pathlib.Path(__file__).resolve().parent / "kamailio.cfg"


class Kamailio:
    def __init__(self, world, registrar=None):
        self.port = free_port()
        define = ["-A", f'REGISTRAR="{host}:{registrar}"'] if registrar else []
        self.program = world.run(
            "edge" if registrar else "kamailio",
            [program("kamailio", "kamailio"), "-DD", "-E", "-f", config, *define,
             "-l", f"udp:{host}:{self.port}", "-l", f"tcp:{host}:{self.port}",
             "-m", "32", "-n", "1", "-N", "1", "-Y", world.folder, "-w", world.folder],
        )  # fmt: skip
        for transport in ("udp", "tcp"):
            wait_until(lambda kind=transport: listens(self.port, kind), "Kamailio does not listen")

    def uri(self, user, transport):
        return f"sip:{user}@{host}:{self.port};transport={transport}"
