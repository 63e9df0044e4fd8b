"""In what order a queue prefers its agents: the parts of the sort key, the presets made of them, and the key itself.

A key is one whole number. Each part has its bits, the first part the highest ones, and the agent's place in the roster
has the lowest, so that two agents never have the same key. Numbers of this size compare several times as fast as
tuples do, and a key can be taken apart again to be explained.

Some parts follow from the requirement and the agent's skills, and are known when the plan is loaded. The others follow
from what he has done; they are looked at when he becomes available, and stand still while he is.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from operator import attrgetter
from typing import Protocol

import msgspec

ROSTER_BITS = 20
"""Bits for the agent's place, so there are at most a million agents."""


class Part(Enum):
    """One part of the key; the agent with the smaller value is asked first."""

    FIT_BEST = "fit_best"
    """Who is most above the asked levels."""
    FIT_NEAREST = "fit_nearest"
    """Who is least above the asked levels: the best are kept for those who need them."""
    SCARCITY = "scarcity"
    """Who could serve the fewest other requirements of the plan: the versatile are kept free."""
    LOAD = "load"
    """Open work / capacity, in thousandths."""
    OCCUPANCY = "occupancy"
    """Handling time / staffed time of the last hour, in steps of 5 points."""
    LONGEST_IDLE = "longest_idle"
    """Who has not handled a call for longest; a missed call is not handled. Milliseconds since the Unix epoch."""
    LONGEST_READY = "longest_ready"
    """Who has been ready for longest, whatever he did before. Milliseconds since the Unix epoch."""
    FEWEST_CALLS = "fewest_calls"
    """Who has handled the fewest calls today."""
    LEAST_TALK = "least_talk"
    """Who has talked least today, in seconds."""
    ROUND_ROBIN = "round_robin"
    """Who has not been asked for longest. Milliseconds since the Unix epoch."""
    FIXED_ORDER = "fixed_order"
    """Who stands higher in the file."""
    SHUFFLED = "shuffled"
    """Drawn anew whenever somebody becomes ready."""


_TIME_BITS = 42
"""Milliseconds since the Unix epoch, until the year 2109."""
_BITS: Mapping[Part, int] = {
    Part.FIT_BEST: 10,
    Part.FIT_NEAREST: 10,
    Part.SCARCITY: 10,
    Part.LOAD: 10,
    Part.OCCUPANCY: 5,
    Part.LONGEST_IDLE: _TIME_BITS,
    Part.LONGEST_READY: _TIME_BITS,
    Part.FEWEST_CALLS: 20,
    Part.LEAST_TALK: 20,
    Part.ROUND_ROBIN: _TIME_BITS,
    Part.FIXED_ORDER: ROSTER_BITS,
    Part.SHUFFLED: 16,
}

OF_SKILLS = frozenset({Part.FIT_BEST, Part.FIT_NEAREST, Part.SCARCITY, Part.FIXED_ORDER})
"""Known when the plan is loaded; the others follow from the agent's work."""

Parts = tuple[Part, ...]

PRESETS: Mapping[str, Parts] = {
    "least_busy": (Part.SCARCITY, Part.LOAD, Part.OCCUPANCY, Part.LONGEST_IDLE),
    "longest_idle": (Part.LOAD, Part.LONGEST_IDLE),
    "most_skilled": (Part.FIT_BEST, Part.LOAD, Part.LONGEST_IDLE),
    "fewest_calls": (Part.LOAD, Part.FEWEST_CALLS, Part.LONGEST_IDLE),
    "least_talk": (Part.LOAD, Part.LEAST_TALK, Part.LONGEST_IDLE),
    "round_robin": (Part.LOAD, Part.ROUND_ROBIN),
    "fixed_order": (Part.LOAD, Part.FIXED_ORDER),
    "random": (Part.LOAD, Part.SHUFFLED),
}
"""By the names that `center.yaml` uses. docs/routing.md says what other systems call them."""


class Work(Protocol):
    """What of an agent the parts that follow from his work are made of. Times are seconds since the Unix epoch."""

    busyness: int
    """Occupancy of the last hour in steps of 5 points, 0 to 20, as it was last looked at."""
    last_handled: float
    ready_since: float
    handled: int
    talked: float
    """Seconds, today."""
    last_asked: float
    draw: int
    """Some number, another one each time he becomes ready."""

    @property
    def load(self) -> float:
        """Open work / capacity."""


_WORK: Mapping[Part, tuple[Callable[[Work], float], int]] = {
    Part.LOAD: (attrgetter("load"), 1000),
    Part.OCCUPANCY: (attrgetter("busyness"), 1),
    Part.LONGEST_IDLE: (attrgetter("last_handled"), 1000),
    Part.LONGEST_READY: (attrgetter("ready_since"), 1000),
    Part.FEWEST_CALLS: (attrgetter("handled"), 1),
    Part.LEAST_TALK: (attrgetter("talked"), 1),
    Part.ROUND_ROBIN: (attrgetter("last_asked"), 1000),
    Part.SHUFFLED: (attrgetter("draw"), 1),
}
"""What is looked at, and into how many steps one of it is divided."""


class Place(msgspec.Struct, frozen=True):
    """What of an agent the parts that follow from his skills are made of."""

    surplus: int
    """How far he is above the asked levels."""
    others: int
    """How many other requirements of the plan he meets."""
    position: int
    """The how-manieth he is in the file."""
    place: int
    """His place in the roster."""

    def value(self, part: Part) -> int:
        """The part of the key; smaller is better."""
        match part:
            case Part.FIT_BEST:
                return (1 << _BITS[part]) - 1 - self.surplus
            case Part.FIT_NEAREST:
                return self.surplus
            case Part.SCARCITY:
                return self.others
            case _:
                return self.position


class Order:
    """One order of parts, ready to make keys and to take them apart."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        shift = ROSTER_BITS
        layout: list[tuple[Part, int, int]] = []
        for part in reversed(parts):
            layout.append((part, shift, (1 << _BITS[part]) - 1))
            shift += _BITS[part]
        self._layout = tuple(reversed(layout))
        self._of_work = tuple((*_WORK[part], at, most) for part, at, most in self._layout if part in _WORK)
        self._of_skills = tuple((part, at, most) for part, at, most in self._layout if part in OF_SKILLS)

    def of_skills(self, place: Place) -> int:
        """His half of the key that follows from his skills, with his place."""
        key = place.place
        for part, at, most in self._of_skills:
            key |= min(place.value(part), most) << at
        return key

    def of_work(self, work: Work) -> int:
        """His half of the key that follows from his work. The key is the sum of both."""
        key = 0
        for look, steps, at, most in self._of_work:
            part = int(look(work) * steps)
            if part > 0:
                key += (part if part < most else most) << at  # noqa: FURB136 -- min() takes several times as long
        return key

    def told(self, key: int) -> dict[str, int]:
        """The parts of a key by name, in their order."""
        return {part.value: key >> at & most for part, at, most in self._layout}

    def difference(self, better: int, worse: int) -> str:
        """The name of the first part in which two keys differ; empty if only the place in the roster does."""
        return next((part.value for part, at, _ in self._layout if better >> at != worse >> at), "")


def place_in(key: int) -> int:
    """Whose key it is: his place in the roster."""
    return key & (1 << ROSTER_BITS) - 1
