"""What a case is: a name, a function, and a world of its own with a capture that tshark judges."""

import dataclasses
import pathlib

from ours import Examples
from world import Missing, World

all_cases = []


@dataclasses.dataclass
class Case:
    name: str
    function: object


def case(name, *variants):
    """Registers a function as a case: one for each variant, if there are any, which is a value or a
    tuple of values for it, and for the {0} and {1} in the name."""

    def register(function):
        for variant in variants or [()]:
            values = variant if isinstance(variant, tuple) else (variant,)
            words = (getattr(value, "__name__", value).lower() for value in values)
            all_cases.append(Case(name.format(*words), lambda run, them=values: function(run, *them)))
        return function

    return register


def expect(seen, wanted, what):
    if seen != wanted:
        raise Missing(f"{what}: {seen}, wanted {wanted}")


class Run:
    """One run of a case: its folder, the examples, the wire."""

    def __init__(self, folder, bin_folder, calls):
        self.folder, self.calls = pathlib.Path(folder), calls
        self.folder.mkdir()
        self.world = World(self.folder)
        self.ours = Examples(self.world, bin_folder)
        self.wire = None

    def capture(self, *ours, to=()):
        """Captures what comes from these ports of ours, and what goes to those of `to`, which
        nobody but us sends to."""
        self.wire = self.world.capture(ours, to)

    def judge(self):
        """tshark finds nothing malformed in what we sent; how many messages that were."""
        if self.wire is None:
            raise Missing("nothing was captured")
        self.wire.complete()
        count, minded = self.wire.malformed()
        if minded or count == 0:
            raise Missing(f"tshark, of {count} messages, minds: {minded[:5]}")
        return count
