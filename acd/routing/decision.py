"""Why this agent: what a decision was made of, small enough to be kept for every call and complete enough to answer
for each agent why he was not asked.

Who was in which state is kept as sets (one bit for each place in the roster), which cost nothing to keep; they are
only read when somebody asks.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

import msgspec

from acd.model import AgentId
from acd.routing.preference import Order, Part, place_in

MOST_KEYS = 50
"""So many candidates are kept with their keys."""

PREFERRED = "preferred"
"""The part of a key that says whether somebody was to be asked first; there where somebody was."""

PHRASES: Mapping[str, str] = {
    PREFERRED: "another one was preferred",
    Part.FIT_BEST.value: "less skilled",
    Part.FIT_NEAREST.value: "more skilled than needed",
    Part.SCARCITY.value: "can serve more of the other calls",
    Part.LOAD.value: "has more open work",
    Part.OCCUPANCY.value: "has been busier",
    Part.LONGEST_IDLE.value: "more recently busy",
    Part.LONGEST_READY.value: "more recently ready",
    Part.FEWEST_CALLS.value: "has handled more calls",
    Part.LEAST_TALK.value: "has talked more",
    Part.ROUND_ROBIN.value: "more recently asked",
    Part.FIXED_ORDER.value: "comes later in the list",
    Part.SHUFFLED.value: "was not drawn",
    "": "comes later by name",
}
"""Why a candidate was not the first, by the first part of the key in which he differs from the winner."""


class Roster(msgspec.Struct, frozen=True):
    """Everybody in the plan, in order of id; a set of agents has one bit for each place in it."""

    agents: tuple[AgentId, ...]
    id: str
    """The same for the same agents."""


def roster_of(agents: Iterable[AgentId]) -> Roster:
    """The roster of these agents."""
    ordered = tuple(sorted(agents))
    return Roster(ordered, sha256("\0".join(ordered).encode()).hexdigest()[:16])


class Candidate(msgspec.Struct, frozen=True):
    """An available agent who meets the requirement."""

    agent: AgentId
    parts: Mapping[str, int]
    """The parts of his sort key in their order; the smallest wins. `preference.Part` says what they are."""
    reason: str
    """Why he was not the first; empty for the winner."""


class Decision(msgspec.Struct, frozen=True):
    """Why this agent and nobody else."""

    roster: Roster
    need: str
    """The requirement that was met, as `acd.routing.requirement` writes it."""
    step: int
    """Which step of the queue's requirements that is; 0 is the first."""
    order: Order
    keys: tuple[int, ...]
    """Of the candidates, best first: the winner is the first. Not more than `MOST_KEYS`."""
    away: Mapping[str, int]
    """Who was at work but not available, by the reason. Under the empty reason: who was available."""
    lacks: Mapping[str, int]
    """Who does not meet the requirement, by what he lacks, as `billing>=7`."""
    excluded: Mapping[int, str]
    """Who was not to be asked for this call, by his place, and why."""
    familiar: Mapping[int, str] = {}
    """Who was to be asked first, by his place, and why; of two, the first one."""
    by_hand: str = ""
    """Where it was a person who has decided: `assigned by Sam`."""

    @property
    def winner(self) -> AgentId:
        """Who is asked."""
        return self.roster.agents[place_in(self.keys[0])]

    def candidates(self, most: int = MOST_KEYS) -> tuple[Candidate, ...]:
        """The winner and those after him."""
        best = self.keys[0]
        return tuple(
            Candidate(
                self.roster.agents[place_in(key)],
                self._preference(key) | self.order.told(key),
                "" if key == best else self._difference(best, key),
            )
            for key in self.keys[:most]
        )

    def _preference(self, key: int) -> dict[str, int]:
        """A part of its own, before all others: the how-manieth he is of those who are to be asked first."""
        if not self.familiar:
            return {}
        places = [*self.familiar]
        place = place_in(key)
        return {PREFERRED: places.index(place) if place in places else len(places)}

    def _difference(self, better: int, worse: int) -> str:
        if self._preference(better) != self._preference(worse):
            return PHRASES[PREFERRED]
        return PHRASES[self.order.difference(better, worse)]


def places_in(those: int) -> Iterator[int]:
    """The places in a set, the lowest first."""
    bits = f"{those:b}"[::-1]  # with arithmetic, the whole number would be copied for each place
    place = bits.find("1")
    while place >= 0:
        yield place
        place = bits.find("1", place + 1)
