"""A user agent on Debian's libnist-sip-aosp-java: jain/Peer.java, compiled when it is used."""

import pathlib
import subprocess
import threading

from world import Missing, free_port, host, program

source = pathlib.Path(__file__).resolve().parent / "jain" / "Peer.java"
jar = pathlib.Path("/usr/share/java/nist-sip-aosp.jar")
compiling = threading.Lock()


def compiled(world):
    """The class path with the peer in it; all cases of a run have it from the first."""
    classes = world.folder.parent / "classes"
    with compiling:
        if classes.exists():
            return f"{jar}:{classes}"
        if not jar.exists():
            raise Missing(f"{jar} is not there: apt-get install libnist-sip-aosp-java")
        done = subprocess.run(
            [program("javac", "default-jdk-headless"), "-Xlint:all", "-Werror", "-cp", str(jar),
             "-d", str(classes), str(source)],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise Missing(f"javac: {done.stderr or done.stdout}")
    return f"{jar}:{classes}"


class Jain:
    """One such user agent, at a port of its own for UDP and TCP."""

    def __init__(self, world, name="jain"):
        self.port = free_port()
        self.program = world.run(
            name,
            [program("java", "default-jdk-headless"), "-Xshare:auto", "-XX:TieredStopAtLevel=1",
             "-cp", compiled(world), "Peer", self.port],
        )  # fmt: skip
        self.program.line("^ready$")
        self.since = 0

    def uri(self, transport="udp"):
        return f"sip:jain@{host}:{self.port};transport={transport}"

    def say(self, *commands):
        """Gives commands; what is expected from now on comes after them."""
        self.since = self.program.now()
        for command in commands:
            self.program.say(command)

    def expect(self, *patterns):
        """Each of these lines comes, one after the other; and nothing went wrong meanwhile."""
        for pattern in patterns:
            position, found = self.program.find(f"{pattern}|^!", self.since)
            if found.string.startswith("!"):
                raise Missing(f"{self.program.name}: {found.string}, not {pattern!r}")
            self.since = position + 1
