"""The examples: what their command lines look like and what they say is known here, and nowhere
else."""

from world import host


class Ours:
    """One example that listens on UDP and TCP of a free port."""

    def __init__(self, world, bin_folder, name, *words):
        self.name = name
        self.program = world.run(name, [bin_folder / name, *words])
        self.port = int(self.program.line(r"^listening on .*:(\d+)$")[1])

    def uri(self, user="", transport="udp"):
        """A user at its address."""
        at = f"{user}@" if user else ""
        return f"sip:{at}{host}:{self.port};transport={transport}"

    def line(self, pattern, since=0):
        return self.program.line(pattern, since)

    def now(self):
        return self.program.now()

    def wait(self):
        """Its exit code, when it has ended by itself."""
        return self.program.wait()

    def end(self):
        """Its exit code after SIGTERM: it hangs up, ends what it subscribed to, and goes."""
        self.program.process.terminate()
        return self.program.wait()


class Examples:
    """Starts examples in a world."""

    def __init__(self, world, bin_folder):
        self.world, self.bin_folder = world, bin_folder

    def start(self, name, *words):
        return Ours(self.world, self.bin_folder, name, *words)

    def client(self, uri, seconds=0, calls=1):
        """Calls somebody, hangs up after so many seconds; so many times."""
        return self.start("user_agent_client", uri, seconds, calls)

    def server(self, aor=None):
        """Answers all calls; registered there if it is given an address of record."""
        started = self.start("user_agent_server", 0, *([aor] if aor else []))
        if aor:
            started.line("^registered$")
        return started

    def registrar(self):
        """Keeps bindings, redirects callers, and tells watchers who is there."""
        return self.start("registrar", 0)

    def proxy(self):
        """Keeps bindings and takes requests there; it answers to the host without a port, too."""
        return self.start("stateful_proxy", 0, host)

    def watcher(self, uri):
        return self.start("presence_watcher", uri)

    def between(self, uri):
        """Takes calls and makes them anew to this place."""
        return self.start("back_to_back_user_agent", 0, uri)
