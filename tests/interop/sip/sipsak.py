"""sipsak: asks, registers and sends short messages; one run, one exit code."""

from world import host, program


def sipsak(world, name, port, *words, transport="udp", user="sipsak"):
    """(exit code, its lines) of one run against a port of loopback; 0 is a positive answer."""
    return world.once(
        f"sipsak-{name}",
        [program("sipsak", "sipsak"), "-vv", "-E", transport, "-H", host,
         "-s", f"sip:{user}@{host}:{port}", *words],
    )  # fmt: skip
