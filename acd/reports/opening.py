"""What opens behind a figure: which of the segments of its cell it speaks of."""

from collections.abc import Mapping

import msgspec

from acd.model import ReservationOutcome, SegmentOutcome

_ANSWERED = (SegmentOutcome.ANSWERED,)
_HUNG_UP = (SegmentOutcome.ABANDONED, SegmentOutcome.SHORT_ABANDONED)


class Opening(msgspec.Struct, frozen=True):
    """Which segments."""

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


def _ended(*outcomes: SegmentOutcome) -> Opening:
    return Opening(tuple(outcome.value for outcome in outcomes))


def _asked(*outcomes: ReservationOutcome) -> Opening:
    return Opening(asked=tuple(outcome.value for outcome in outcomes))


_OF_ANSWERED = ("service_level_asterisk", "asa", "wait_median", "wait_p90")
_OF_TALKS = ("handled", "talk", "hold", "consult", "wrap_up", "aht", "aht_interaction")
_NOT_SHORT = tuple(outcome.value for outcome in SegmentOutcome if outcome is not SegmentOutcome.SHORT_ABANDONED)
_OF_ALL = ("entered", "ledger_ok", "service_level", "service_level_amazon", "service_level_genesys", "longest_wait")
_OPENINGS: Mapping[str, Opening] = {
    **{outcome.value: _ended(outcome) for outcome in SegmentOutcome},
    **dict.fromkeys(_OF_ALL, Opening()),
    **dict.fromkeys(_OF_ANSWERED, _ended(*_ANSWERED)),
    **dict.fromkeys(_OF_TALKS, Opening(talked=True)),
    "service_level_asterisk2": _ended(*_ANSWERED, *_HUNG_UP),
    "abandon_rate": Opening(_NOT_SHORT, or_open=True),
    "still_open": Opening(still_open=True),
    **dict.fromkeys(("estimates", "estimate_coverage"), Opening((SegmentOutcome.ANSWERED.value,), foretold=True)),
    **dict.fromkeys(("reservations", "ring_mean"), _asked(*ReservationOutcome)),
    "accepted": _asked(ReservationOutcome.ACCEPTED),
    "declined": _asked(ReservationOutcome.DECLINED),
    "not_answered": _asked(ReservationOutcome.EXPIRED),
    "taken_back": _asked(ReservationOutcome.WITHDRAWN),
}


FIGURES = tuple(_OPENINGS)
"""Those that open."""


def opening(figure: str) -> Opening | None:
    """The segments that the figure is made of; None if it is made of none (an agent's time, contacts)."""
    return _OPENINGS.get(figure)
