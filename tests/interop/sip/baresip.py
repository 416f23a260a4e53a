"""baresip without sound devices, told what to do over its own control connection."""

import contextlib
import json
import socket
import threading
import time

from world import Missing, free_port, host, patience, program, wait_until

modules = "/usr/lib/baresip/modules"


class Baresip:
    """One baresip: its user, its own folder and ports; `proxy` is the port of its outbound proxy, where
    it registers. It subscribes to its contacts, if it is to watch them."""

    def __init__(self, world, user, proxy=None, transport="udp", contacts=(), watch=False):
        self.user, self.transport = user, transport
        self.port = free_port(together=2)  # it takes the one after it for TLS
        self.control, media = free_port(), free_port(together=2)
        self.folder = world.folder / f"baresip-{user}"
        self.folder.mkdir()
        domain = f"{host}:{proxy or self.port}"
        self.address = f"sip:{user}@{domain}"
        outbound = f';outbound="sip:{host}:{proxy};transport={transport}"' if proxy else ""
        registers = f"regint={600 if proxy else 0}"
        (self.folder / "accounts").write_text(
            f"<{self.address};transport={transport}>{outbound};{registers};answermode=manual\n"
        )
        presence = "p2p" if watch else "none"
        (self.folder / "contacts").write_text(
            "".join(f'"{uri}" <{uri}>;presence={presence}\n' for uri in contacts) or "# none\n"
        )
        (self.folder / "config").write_text(f"""\
poll_method epoll
net_interface {host}
sip_listen {host}:{self.port}
call_max_calls 4
audio_source aubridge,nil
audio_player aubridge,nil
audio_alert aubridge,nil
rtp_ports {media}-{media + 1}
menu_bell no
ctrl_tcp_listen {host}:{self.control}
module_path {modules}
module g711.so
module aubridge.so
module_tmp account.so
module_app contact.so
module_app menu.so
module_app presence.so
module_app ctrl_tcp.so
""")
        # What it says is waited for, so it must not keep it back.
        self.program = world.run(
            f"baresip-{user}",
            [program("stdbuf", "coreutils"), "-oL", program("baresip", "baresip-core"),
             "-4", "-s", "-v", "-f", str(self.folder)],
        )  # fmt: skip
        self.program.line("baresip is ready")
        self.events, self.changed = [], threading.Condition()
        self.socket = wait_until(self.connect, f"baresip does not listen on {self.control}")
        threading.Thread(target=self.read, daemon=True).start()
        if proxy:
            self.program.line(r"200 OK .*\[\d+ binding")

    def connect(self):
        with contextlib.suppress(OSError):
            return socket.create_connection((host, self.control), timeout=1)

    def read(self):
        """Netstrings with JSON: LENGTH ':' TEXT ','."""
        self.socket.settimeout(None)
        rest = b""
        while received := self.receive():
            rest += received
            while b":" in rest and rest.partition(b":")[0].isdigit():
                length, _, text = rest.partition(b":")
                if len(text) <= int(length):
                    break
                with self.changed:
                    self.events.append(json.loads(text[: int(length)]))
                    self.changed.notify_all()
                rest = text[int(length) + 1 :]

    def receive(self):
        with contextlib.suppress(OSError):
            return self.socket.recv(65536)

    def do(self, command, params=""):
        """Gives a command of its menu; returns what it answered, when it has."""
        since = len(self.events)
        text = json.dumps({"command": command, "params": params, "token": "t"}).encode()
        self.socket.sendall(b"%d:%s," % (len(text), text))
        answer = self.wait(since, response=True)
        if not answer["ok"]:
            raise Missing(f"baresip {self.user} refused {command} {params}: {answer}")
        return answer["data"]

    def wait(self, since=0, **fields):
        """The first event with these fields at or after position `since`."""
        deadline = time.monotonic() + patience
        with self.changed:
            while True:
                for told in self.events[since:]:
                    if fields.items() <= told.items():
                        return told
                if not self.changed.wait(deadline - time.monotonic()):
                    raise Missing(f"baresip {self.user}: no {fields}; since then: {self.events[since:]}")

    def event(self, kind):
        return self.wait(type=kind)

    def dial(self, uri):
        self.do("dial", uri)

    def answer(self):
        self.do("accept")

    def hang_up(self):
        self.do("hangup")

    def rings(self):
        self.event("CALL_INCOMING")

    def established(self):
        self.event("CALL_ESTABLISHED")

    def ended(self):
        self.event("CALL_CLOSED")

    def message(self, text):
        self.do("message", text)

    def reads(self, text):
        self.program.line(text)

    def sees(self, basic):
        state = {"open": "Online", "closed": "Offline"}[basic]
        wait_until(lambda: f"{state}\033" in self.do("contacts"), f"no contact is {state}")
