"""linphone-daemon without sound devices: commands by its standard input, events from its output."""

import re

from world import Missing, free_port, host, program, wait_until

# `ipv6_migration_done` keeps it from turning IPv6 on again; without a network of its own it would not
# register.
settings = """\
[sip]
ipv6_migration_done=1
use_ipv6=0
bind_address={host}
sip_port={port}
sip_tcp_port={port}
sip_tls_port=0
default_proxy=0
register_only_when_network_is_up=0
subscribe_expires=600

[net]
mtu=1300

[rtp]
audio_rtp_port={media}

[video]
enabled=0
capture=0
display=0
automatically_initiate=0
automatically_accept=0

[proxy_0]
reg_proxy=<sip:{host}:{proxy};transport={transport}>
reg_route=<sip:{host}:{proxy};transport={transport};lr>
reg_identity="{user}" <sip:{user}@{host}:{proxy}>
reg_expires=600
reg_sendregister=1
publish=0
"""
friend = """
[friend_{number}]
url="{uri}" <{uri}>
pol=accept
subscribe=1
"""


class Linphone:
    """One daemon: its user, its own folder and ports; `proxy` is the port where it registers. It
    subscribes to its contacts, if it is to watch them."""

    def __init__(self, world, user, proxy, transport="udp", contacts=(), watch=False):
        self.user, self.contacts, self.port, self.seen = user, contacts, free_port(), 0
        folder = world.folder / f"linphone-{user}"
        data = folder / ".local/share"
        (data / "linphone").mkdir(parents=True)
        text = settings.format(
            host=host, port=self.port, media=free_port(), proxy=proxy, transport=transport, user=user
        )
        for number, uri in enumerate(contacts if watch else ()):
            text += friend.format(number=number, uri=uri)
        (folder / "linphonerc").write_text(text)
        self.log = folder / "log"
        self.program = world.run(
            f"linphone-{user}",
            [program("stdbuf", "coreutils"), "-oL", program("linphone-daemon", "linphone-cli"),
             "--config", str(folder / "linphonerc"), "--log", str(self.log)],
            HOME=str(folder), XDG_DATA_HOME=str(data), XDG_CONFIG_HOME=str(folder),
        )  # fmt: skip
        self.logged(r"to \[LinphoneRegistrationOk\]")

    def do(self, command):
        """Gives a command; returns its answer's position when it is carried out."""
        since = self.program.say(command)
        position, status = self.program.find(r"Status: (Ok|Error)", since)
        if status[1] != "Ok":
            reason = self.program.line(r"Reason: (.*)", position)
            raise Missing(f"linphone {self.user} refused {command}: {reason[1]}")
        return since

    def state(self, name):
        """Waits until a call comes to this state."""
        self.program.line(f"Event: LinphoneCall({name})$")

    def logged(self, text, since=0):
        """Waits for something in its own log, behind `since`; returns where it ends."""

        def found():
            log = self.log.read_text(errors="replace") if self.log.exists() else ""
            return re.compile(text).search(log, since)

        return wait_until(found, f"linphone {self.user} does not log {text!r}: {self.log}").end()

    def dial(self, uri):
        self.do(f"call {uri}")

    def answer(self):
        self.do("answer")

    def hang_up(self):
        self.do("terminate")

    def rings(self):
        self.state("IncomingReceived")

    def established(self):
        self.state("StreamsRunning|Paused|PausedByRemote")  # the session of the examples is inactive

    def ended(self):
        self.state("Released")

    def message(self, text):
        self.do(f"message {self.contacts[0]} {text}")
        self.program.line("State: LinphoneChatMessageStateDelivered")

    def reads(self, text):
        self.logged(text)

    def sees(self, basic):
        self.seen = self.logged(f"<basic>{basic}</basic>", self.seen)
