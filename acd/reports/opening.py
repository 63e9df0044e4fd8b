"""What opens behind a figure: which segments, contacts, or stays of agents in their states it is made of."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

import msgspec

from acd.model import InteractionOutcome, ReservationOutcome, SegmentOutcome
from acd.people.agents import DOWN, Ready, tag
from acd.reports.columns import CONTACTS, STATES
from acd.reports.report import By
from acd.reports.tallies import AT_WORK, WORK

_ANSWERED = (SegmentOutcome.ANSWERED,)
_HUNG_UP = (SegmentOutcome.ABANDONED, SegmentOutcome.SHORT_ABANDONED)


class OfSegments(msgspec.Struct, frozen=True):
    """Which segments."""

    lines: ClassVar[frozenset[By]] = frozenset(By)
    """What has lines that open so: an entry point's and an agent's segments can be asked for, too."""

    outcomes: tuple[str, ...] = ()
    """Values of `SegmentOutcome`; empty: all, and those that are still open."""
    still_open: bool = False
    """Only those that are not over."""
    or_open: bool = False
    """Those that are not over beside those with these outcomes."""
    talked: bool = False
    """Only those with a talk that is over."""
    asked: tuple[str, ...] = ()
    """Only those for which an agent was held, and how that ended: values of `ReservationOutcome`."""
    foretold: bool = False
    """Only those whose caller was told how long he would wait."""


class OfContacts(msgspec.Struct, frozen=True):
    """Which contacts."""

    lines: ClassVar[frozenset[By]] = frozenset({By.ENTRY_POINT, By.CENTRE})

    outcomes: tuple[str, ...]
    """Values of `InteractionOutcome`."""
    or_open: bool = False
    """And those that are not over."""


class OfStays(msgspec.Struct, frozen=True):
    """Which stays of agents in their states."""

    lines: ClassVar[frozenset[By]] = frozenset({By.AGENT, By.TEAM, By.CENTRE})

    states: tuple[str, ...]
    """By their names (`acd.people.agents.tag`), and `DOWN`."""


Opening = OfSegments | OfContacts | OfStays


def _ended(*outcomes: SegmentOutcome) -> OfSegments:
    return OfSegments(tuple(outcome.value for outcome in outcomes))


def _asked(*outcomes: ReservationOutcome) -> OfSegments:
    return OfSegments(asked=tuple(outcome.value for outcome in outcomes))


def _contacts(*outcomes: InteractionOutcome, or_open: bool = False) -> OfContacts:
    return OfContacts(tuple(outcome.value for outcome in outcomes), or_open)


def _stays(states: Iterable[str]) -> OfStays:
    return OfStays(tuple(sorted(states)))


_OF_ANSWERED = ("service_level_asterisk", "asa", "wait_median", "wait_p90")
_OF_TALKS = ("handled", "talk", "hold", "consult", "wrap_up", "aht", "aht_interaction")
_NOT_SHORT = tuple(outcome.value for outcome in SegmentOutcome if outcome is not SegmentOutcome.SHORT_ABANDONED)
_OF_ALL = ("entered", "ledger_ok", "service_level", "service_level_amazon", "service_level_genesys", "longest_wait")
_OPENINGS: Mapping[str, Opening] = {
    **{outcome.value: _ended(outcome) for outcome in SegmentOutcome},
    **dict.fromkeys(_OF_ALL, OfSegments()),
    **dict.fromkeys(_OF_ANSWERED, _ended(*_ANSWERED)),
    **dict.fromkeys(_OF_TALKS, OfSegments(talked=True)),
    "service_level_asterisk2": _ended(*_ANSWERED, *_HUNG_UP),
    "abandon_rate": OfSegments(_NOT_SHORT, or_open=True),
    "still_open": OfSegments(still_open=True),
    **dict.fromkeys(("estimates", "estimate_coverage"), OfSegments((SegmentOutcome.ANSWERED.value,), foretold=True)),
    **dict.fromkeys(("reservations", "ring_mean"), _asked(*ReservationOutcome)),
    "accepted": _asked(ReservationOutcome.ACCEPTED),
    "declined": _asked(ReservationOutcome.DECLINED),
    "not_answered": _asked(ReservationOutcome.EXPIRED),
    "taken_back": _asked(ReservationOutcome.WITHDRAWN),
    "contacts": _contacts(*InteractionOutcome, or_open=True),
    **{name: _contacts(outcome) for name, outcome in CONTACTS.items()},
    "contacts_open": _contacts(or_open=True),
    "containment": _contacts(*(one for one in InteractionOutcome if one is not InteractionOutcome.REJECTED)),
    **{name: _stays({tag(state)}) for name, state in STATES.items()},
    "down_time": _stays({DOWN}),
    **dict.fromkeys(("logged_in_time", "utilisation", "utilisation_by_contact"), _stays(AT_WORK)),
    **dict.fromkeys(("contact_time", "concurrency"), _stays(WORK)),
    "occupancy": _stays(WORK | {tag(Ready)}),
}


FIGURES = tuple(_OPENINGS)
"""All that a report has."""


def opening(figure: str) -> Opening | None:
    """What the figure is made of; None if there is no such figure."""
    return _OPENINGS.get(figure)
