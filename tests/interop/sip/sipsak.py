"""sipsak: asks, registers and counts hops; one run, one exit code.

Debian's 0.9.8.1 cuts a port of five digits short in a Request-URI that it makes, so the port is that
of its outbound proxy; and it crashes, with any server, where it is to call or to message itself.
"""

from world import host, program


def sipsak(world, name, port, *words, transport="udp", user="sipsak"):
    """(exit code, its lines) of one run against a port of loopback; 0 is a positive answer."""
    return world.once(
        f"sipsak-{name}",
        [program("sipsak", "sipsak"), "-vv", "-E", transport, "-H", host, "-p", f"{host}:{port}",
         "-s", f"sip:{user}@{host}", *words],
    )  # fmt: skip
