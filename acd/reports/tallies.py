"""What adds up: sums over segments, over agents' time, over contacts. Sums of intervals are the sum of the day."""

from array import array
from collections import Counter

import msgspec

from acd.model import SegmentOutcome
from acd.people.agents import AfterCallWork, Busy, NotReady, Ready, Reserved, tag
from acd.reports.service_levels import ServiceCounts

_SHORT, _ABANDONED = SegmentOutcome.SHORT_ABANDONED.value, SegmentOutcome.ABANDONED.value
_BREAK, _READY = tag(NotReady), tag(Ready)
WORK = frozenset({tag(Reserved), tag(Busy), tag(AfterCallWork)})
"""States in which an agent works for contacts."""
AT_WORK = WORK | {_BREAK, _READY}
"""States of an agent who is logged in, while the centre runs."""
_ANSWERED, _CALLBACK = SegmentOutcome.ANSWERED.value, SegmentOutcome.CALLBACK_REQUESTED.value


class Handling(msgspec.Struct):
    """Work on calls, seconds; of talks that are over. Nobody can hold or consult yet: both stay 0."""

    handled: int = 0
    talk: float = 0.0
    hold: float = 0.0
    consult: float = 0.0
    wrap_up: float = 0.0

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.talk + self.hold + self.consult + self.wrap_up

    def merge(self, other: "Handling") -> None:
        """Add another's."""
        self.handled += other.handled
        self.talk += other.talk
        self.hold += other.hold
        self.consult += other.consult
        self.wrap_up += other.wrap_up


def _waits() -> "array[float]":
    return array("d")


class SegmentTally(msgspec.Struct):
    """Stays in a queue."""

    entered: int = 0
    outcomes: Counter[str] = msgspec.field(default_factory=Counter)
    in_time: Counter[str] = msgspec.field(default_factory=Counter)
    """Those of them that ended within the service level's seconds."""
    still_open: int = 0
    waits: "array[float]" = msgspec.field(default_factory=_waits)
    """Seconds, of answered segments."""
    longest_wait: float = 0.0
    """Of any."""
    estimates: int = 0
    """Answered callers who were told how long they would wait."""
    estimates_right: int = 0
    handling: Handling = msgspec.field(default_factory=Handling)
    interactions: int = 0
    """With a talk that is over; each counts with the first of its segments that was answered."""

    def add(self, outcome: str | None, wait: float | None, threshold: float) -> None:
        """One segment that is over; `outcome` is a value of `SegmentOutcome`, or None if the books are wrong."""
        self.entered += 1
        if outcome is None:
            return
        self.outcomes[outcome] += 1
        waited = wait or 0.0
        self.longest_wait = max(self.longest_wait, waited)
        if waited <= threshold:
            self.in_time[outcome] += 1
        if outcome == _ANSWERED:
            self.waits.append(waited)

    def add_open(self) -> None:
        """One that is not over."""
        self.entered += 1
        self.still_open += 1

    def merge(self, other: "SegmentTally") -> None:
        """Add another's."""
        self.entered += other.entered
        self.outcomes.update(other.outcomes)
        self.in_time.update(other.in_time)
        self.still_open += other.still_open
        self.waits += other.waits
        self.longest_wait = max(self.longest_wait, other.longest_wait)
        self.estimates += other.estimates
        self.estimates_right += other.estimates_right
        self.handling.merge(other.handling)
        self.interactions += other.interactions

    @property
    def missing(self) -> int:
        """The ledger: entries without an outcome that are not open either. Anything but 0 is an error in the books."""
        return self.entered - self.outcomes.total() - self.still_open

    def counts(self) -> ServiceCounts:
        """What service levels are made of; whoever is still there is in none of them yet."""
        return ServiceCounts(
            entered=self.entered - self.still_open,
            answered=self.outcomes[_ANSWERED],
            answered_in_time=self.in_time[_ANSWERED],
            abandoned=self.outcomes[_ABANDONED] + self.outcomes[_SHORT],
            abandoned_in_time=self.in_time[_ABANDONED] + self.in_time[_SHORT],
            abandoned_short=self.outcomes[_SHORT],
            callback=self.outcomes[_CALLBACK],
            callback_in_time=self.in_time[_CALLBACK],
            overflowed=self.outcomes[SegmentOutcome.OVERFLOWED.value],
        )


class AgentTally(msgspec.Struct):
    """One agent's work: what he did for segments, and in which states his time went."""

    handling: Handling = msgspec.field(default_factory=Handling)
    reservations: Counter[str] = msgspec.field(default_factory=Counter)
    """By a value of `ReservationOutcome`; those that are over."""
    rung: float = 0.0
    """Seconds from reservation to its end, all of them together."""
    states: dict[str, float] = {}
    """Seconds, by the name of a state (`acd.people.agents.tag`)."""
    breaks: dict[str, float] = {}
    """Seconds of NotReady, by reason."""
    staffed: float = 0.0
    """At work, while the centre ran."""
    worked: float = 0.0
    """Reserved, busy, after-call work."""
    for_contacts: float = 0.0
    """The same for each contact by itself: where he works for two at a time, twice that time."""
    idle: float = 0.0

    def add_time(self, state: str, reason: str, seconds: float, others: int) -> None:
        """In one state; `reason` is that of a break, `others` are contacts beside that which is shown."""
        self.states[state] = self.states.get(state, 0.0) + seconds
        if state == _BREAK:
            self.breaks[reason] = self.breaks.get(reason, 0.0) + seconds
        if state in AT_WORK:
            self.staffed += seconds
        if state in WORK:
            self.worked += seconds
            self.for_contacts += seconds * (1 + others)
        elif state == _READY:
            self.idle += seconds

    def merge(self, other: "AgentTally") -> None:
        """Add another's."""
        self.handling.merge(other.handling)
        self.reservations.update(other.reservations)
        self.rung += other.rung
        for mine, others in ((self.states, other.states), (self.breaks, other.breaks)):
            for name, seconds in others.items():
                mine[name] = mine.get(name, 0.0) + seconds
        self.staffed += other.staffed
        self.worked += other.worked
        self.for_contacts += other.for_contacts
        self.idle += other.idle


class ContactTally(msgspec.Struct):
    """Contacts as customers see them; each counts in the interval in which it began."""

    outcomes: Counter[str] = msgspec.field(default_factory=Counter)
    """By a value of `InteractionOutcome`."""
    still_open: int = 0

    def merge(self, other: "ContactTally") -> None:
        """Add another's."""
        self.outcomes.update(other.outcomes)
        self.still_open += other.still_open
