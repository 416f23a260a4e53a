"""A contact list as the server has to keep it, and the operations that change it."""

import copy
import dataclasses
import xml.sax.saxutils

names = ["A & B", "<x>", "Zoë", "名前", '"q"', "", "plain", "it's", "x" * 256]
uris = [f"sip:buddy{number}@example.com" for number in range(12)]
groups_max = 6


def element(name, value):
    return f"<m:{name}>{xml.sax.saxutils.escape(str(value))}</m:{name}>"


@dataclasses.dataclass
class Contact:
    uri: str
    name: str
    groups: list
    subscribed: bool
    external_uri: str
    extension: str


@dataclasses.dataclass
class Group:
    name: str
    external_uri: str


@dataclasses.dataclass
class Operation:
    """[MS-SIP] §2.2.4: the method and what it carries, deltaNum apart."""

    method: str
    contact: Contact = None
    uri: str = ""
    group_id: int = 0
    group: Group = None

    def body(self, number):
        return (
            '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/">'
            f'<SOAP-ENV:Body><m:{self.method} xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip">'
            f"{self.fields()}{element('deltaNum', number)}{self.extension()}"
            f"</m:{self.method}></SOAP-ENV:Body></SOAP-ENV:Envelope>"
        ).encode()

    def fields(self):
        if self.method == "setContact":
            each = self.contact
            return (
                element("displayName", each.name)
                + element("groups", " ".join(map(str, each.groups)))
                + element("subscribed", "true" if each.subscribed else "false")
                + element("URI", each.uri)
                + element("externalURI", each.external_uri)
            )
        if self.method == "deleteContact":
            return element("URI", self.uri)
        text = element("groupID", self.group_id) if self.method != "addGroup" else ""
        if self.method != "deleteGroup":
            text += element("name", self.group.name) + element("externalURI", self.group.external_uri)
        return text

    def extension(self):
        if self.contact is None or not self.contact.extension:
            return ""
        return f"<m:contactExtension>{self.contact.extension}</m:contactExtension>"


@dataclasses.dataclass
class List:
    version: int
    groups: dict  # by id
    contacts: dict  # by URI in lower case

    @staticmethod
    def ask(kithd, user):
        """As the server holds it."""
        told = kithd.ctl("contacts", user)
        return List(
            told["version"],
            {each["id"]: Group(each["name"], each["external_uri"]) for each in told["groups"]},
            {
                each["uri"].lower(): Contact(
                    each["uri"], each["name"], each["groups"], each["subscribed"],
                    each["external_uri"], each["extension"],
                )
                for each in told["contacts"]
            },
        )  # fmt: skip

    def copy(self):
        return copy.deepcopy(self)

    def take(self, operation):
        """The rules of design §2 on what a step does."""
        self.version += 1
        match operation.method:
            case "setContact":
                contact = copy.deepcopy(operation.contact)
                key = contact.uri.lower()
                if known := self.contacts.get(key):
                    contact.uri = known.uri
                contact.groups = sorted(set(contact.groups)) or [1]
                self.contacts[key] = contact
            case "deleteContact":
                del self.contacts[operation.uri.lower()]
            case "addGroup":
                self.groups[self.free_group()] = copy.deepcopy(operation.group)
            case "modifyGroup":
                self.groups[operation.group_id] = copy.deepcopy(operation.group)
            case "deleteGroup":
                del self.groups[operation.group_id]
                for contact in self.contacts.values():
                    contact.groups = [each for each in contact.groups if each != operation.group_id] or [1]

    def free_group(self):
        return next(number for number in range(1, 64) if number not in self.groups)

    def operation(self, chance):
        """One that this list takes."""
        own_groups = [number for number in self.groups if number != 1]
        kinds = ["set", "set", "set"]
        kinds += ["delete"] if self.contacts else []
        kinds += ["add group"] if len(self.groups) < groups_max else []
        kinds += ["change group", "delete group"] if own_groups else []
        group = Group(chance.choice(names), chance.choice(["", "urn:x:1"]))
        match chance.choice(kinds):
            case "delete":
                return Operation("deleteContact", uri=chance.choice(list(self.contacts)))
            case "add group":
                return Operation("addGroup", group=group)
            case "change group":
                return Operation("modifyGroup", group_id=chance.choice(own_groups), group=group)
            case "delete group":
                return Operation("deleteGroup", group_id=chance.choice(own_groups))
        wanted = chance.choice(uris)
        return Operation(
            "setContact",
            contact=Contact(
                uri=chance.choice([wanted, wanted.replace("buddy", "Buddy")]),
                name=chance.choice(names),
                groups=chance.sample(list(self.groups), chance.randint(0, min(2, len(self.groups)))),
                subscribed=chance.random() < 0.7,
                external_uri=chance.choice(["", "mailto:a@example.com"]),
                extension=chance.choice(["", "<e xmlns=\"urn:x\" a=\"1\">&amp;</e>"]),
            ),
        )

    def difference(self, other):
        """In words; empty if there is none."""
        found = [] if self.version == other.version else [f"version {self.version}, not {other.version}"]
        for what, ours, theirs in [
            ("group", self.groups, other.groups),
            ("contact", self.contacts, other.contacts),
        ]:
            for key in sorted({*ours, *theirs}):
                if ours.get(key) != theirs.get(key):
                    found.append(f"{what} {key}: {ours.get(key)}, not {theirs.get(key)}")
        return "; ".join(found)
