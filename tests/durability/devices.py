"""Devices of many users at work on their lists, over TCP and with Digest: [MS-SIP] in little.

The devices of a user take turns, a run of operations each, and do not wait for each other's answers;
so the server sees some of them out of order, and answers those 409.
"""

import asyncio
import collections
import dataclasses
import hashlib
import re

content_length = re.compile(rb"\r\nContent-Length: *(\d+)", re.IGNORECASE)
sequence = re.compile(rb"\r\nCSeq: *(\d+)", re.IGNORECASE)
md5_challenge = re.compile(rb'WWW-Authenticate: Digest [^\r]*nonce="([^"]+)"[^\r]*', re.IGNORECASE)
password = "secret"
run_length = 4


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


@dataclasses.dataclass
class Step:
    """An operation that was sent, and what came of it: a status, 0 while nothing did."""

    number: int  # the version that it was made for
    operation: object
    status: int = 0


class Device(asyncio.Protocol):
    """One connection, signed in and subscribed to the list."""

    def __init__(self, user, place):
        self.user = user
        self.uri = f"sip:{user.name}"
        self.epid = f"{place:012x}"
        self.call_id = f"{user.name}-{place}"
        self.sequence = 0
        self.nonce = None
        self.nonce_count = 0
        self.received = bytearray()
        self.waiting = {}  # what to do with the answer, by CSeq
        self.transport = None
        self.gone = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, _):
        if not self.gone.done():
            self.gone.set_result(None)
        self.user.lost()

    def data_received(self, data):
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.received[:end])
            size = end + 4 + int(content_length.search(head)[1])
            if len(self.received) < size:
                return
            del self.received[:size]
            if head.startswith(b"SIP/2.0 ") and not head.startswith(b"SIP/2.0 1"):
                if answered := self.waiting.pop(int(sequence.search(head)[1]), None):
                    answered(int(head[8:11]), head)

    def send(self, method, answered, more="", body=b""):
        self.sequence += 1
        self.waiting[self.sequence] = answered
        local = "%s:%d" % self.transport.get_extra_info("sockname")
        head = (
            f"{method} {self.uri} SIP/2.0\r\n"
            f"Via: SIP/2.0/TCP {local};branch=z9hG4bK{self.epid}{self.sequence}\r\n"
            f"Max-Forwards: 70\r\nFrom: <{self.uri}>;tag={self.epid};epid={self.epid}\r\n"
            f"To: <{self.uri}>\r\nCall-ID: {self.call_id}-{method}\r\n"
            f"CSeq: {self.sequence} {method}\r\nContact: <sip:{local};transport=tcp>\r\n"
            f"{more}{self.credentials(method)}Content-Length: {len(body)}\r\n\r\n"
        )
        self.transport.write(head.encode() + body)

    def credentials(self, method):
        if self.nonce is None:
            return ""
        self.nonce_count += 1
        login, realm = self.user.name, self.user.realm
        proof = f"{self.nonce}:{self.nonce_count:08x}:{self.epid}:auth:{md5(f'{method}:{self.uri}')}"
        response = md5(f"{md5(f'{login}:{realm}:{password}')}:{proof}")
        return (
            f'Authorization: Digest username="{login}", realm="{realm}", nonce="{self.nonce}", '
            f'uri="{self.uri}", response="{response}", algorithm=MD5, qop=auth, '
            f'nc={self.nonce_count:08x}, cnonce="{self.epid}"\r\n'
        )

    async def ask(self, method, more=""):
        answer = asyncio.get_running_loop().create_future()

        def take(status, head):
            if not answer.done():
                answer.set_result((status, head))

        self.send(method, take, more)
        await asyncio.wait({answer, self.gone}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
        if not answer.done():
            raise ConnectionError(f"no answer to {method} of {self.user.name}")
        return answer.result()

    async def sign_in(self):
        status, head = await self.ask("REGISTER")
        offers = [each for each in md5_challenge.finditer(head) if b"MD5" in each[0]]
        if status != 401 or not offers:
            raise ConnectionError(f"REGISTER without credentials was answered {status}")
        self.nonce = offers[0][1].decode()
        status, _ = await self.ask("REGISTER")
        if status == 200:
            status, _ = await self.ask(
                "SUBSCRIBE",
                "Event: vnd-microsoft-roaming-contacts\r\nProxy-Require: ms-benotify\r\n"
                "Accept: application/vnd-microsoft-roaming-contacts+xml\r\nSupported: ms-benotify, "
                "ms-piggyback-first-notify, com.microsoft.autoextend\r\n",
            )
        if status != 200:
            raise ConnectionError(f"{self.user.name} is answered {status}")


class User:
    """A list, and the devices that change it."""

    def __init__(self, name, realm, before, chance):
        self.name = name  # also the login
        self.realm = realm
        self.chance = chance
        self.devices = []
        self.steps = []
        self.settled = before.copy()  # with what was answered
        self.ahead = before.copy()  # with what is under way, too
        self.under_way = {}  # steps by number
        self.refused = False
        self.window = 0
        self.idle = asyncio.Event()

    def lost(self):
        self.window = 0
        self.idle.set()

    def work(self, window):
        self.window = window
        self.idle.clear()
        self.go_on()

    def stop(self):
        self.window = 0
        if not self.under_way:
            self.idle.set()

    def go_on(self):
        if self.refused and not self.under_way:  # what is known of the list is right again
            self.refused = False
            self.ahead = self.settled.copy()
        while not self.refused and len(self.under_way) < self.window:
            step = Step(self.ahead.version, self.ahead.operation(self.chance))
            self.steps.append(step)
            self.under_way[step.number] = step
            self.ahead.take(step.operation)
            self.devices[step.number // run_length % len(self.devices)].send(
                "SERVICE",
                lambda status, _, step=step: self.answered(step, status),
                "Content-Type: application/SOAP+xml\r\n",
                step.operation.body(step.number),
            )
        if not self.under_way:
            self.idle.set()

    def answered(self, step, status):
        step.status = status
        if status != 200:
            del self.under_way[step.number]
            self.refused = True
        # In the order of the numbers: two connections may bring the answers in another one.
        while (first := self.under_way.get(self.settled.version)) and first.status == 200:
            self.settled.take(first.operation)
            del self.under_way[first.number]
        self.go_on()


class Crowd:
    """All users with all their devices."""

    def __init__(self, port, users, devices_each):
        self.port = port
        self.users = users
        self.devices_each = devices_each

    async def sign_in(self):
        loop = asyncio.get_running_loop()
        devices = []
        for user in self.users:
            for place in range(self.devices_each):
                _, device = await loop.create_connection(
                    lambda user=user, place=place: Device(user, place + 1), "127.0.0.1", self.port
                )
                user.devices.append(device)
                devices.append(device)
        await asyncio.gather(*(device.sign_in() for device in devices))

    async def work(self, seconds, window):
        """Until then, or until the server is gone; what was under way is answered, or never is."""
        for user in self.users:
            user.work(window)
        all_idle = asyncio.gather(*(user.idle.wait() for user in self.users))
        await asyncio.wait({all_idle}, timeout=seconds)
        for user in self.users:
            user.stop()
        await asyncio.wait_for(all_idle, 30)

    def close(self):
        for user in self.users:
            for device in user.devices:
                device.transport.abort()

    def answers(self):
        """How many steps had which status; 0: none."""
        return collections.Counter(step.status for user in self.users for step in user.steps)
