"""What opens behind a figure: which of the segments of its cell it speaks of."""

from collections.abc import Mapping

from acd.model import SegmentOutcome

_ANSWERED = (SegmentOutcome.ANSWERED,)
_OUTCOMES: Mapping[str, tuple[SegmentOutcome, ...]] = {
    **{outcome.value: (outcome,) for outcome in SegmentOutcome},
    **dict.fromkeys(
        (
            "service_level_asterisk",
            "asa",
            "wait_median",
            "wait_p90",
            "handled",
            "talk",
            "hold",
            "consult",
            "wrap_up",
            "aht",
            "aht_interaction",
        ),
        _ANSWERED,
    ),
    "service_level_asterisk2": (
        SegmentOutcome.ANSWERED,
        SegmentOutcome.ABANDONED,
        SegmentOutcome.SHORT_ABANDONED,
    ),
    "abandon_rate": tuple(outcome for outcome in SegmentOutcome if outcome is not SegmentOutcome.SHORT_ABANDONED),
}


def outcomes_behind(figure: str) -> tuple[str, ...]:
    """Values of `SegmentOutcome` that the figure is made of; empty: all, and those that are still open."""
    return tuple(outcome.value for outcome in _OUTCOMES.get(figure, ()))
