"""What `center.yaml` says of ringing, of missed calls, and of breaks, in the words of the plan."""

from collections.abc import Mapping

from acd.calls.reservations import DECLINED, HUNG_UP, NO_ANSWER, NO_AUDIO, PHONE_BUSY, UNREACHABLE
from config.center_shapes import BreakEntry, CenterFile, QueueEntry
from ivr.files.mistakes import quoted
from ivr.files.shapes import Reader

_REASONS: Mapping[str, tuple[str, ...]] = {
    "no_answer": (NO_ANSWER,),
    "declined": (DECLINED, HUNG_UP),
    "busy": (PHONE_BUSY,),
    "unreachable": (UNREACHABLE, NO_AUDIO),
}
"""The file's words for ways to miss a call, and the brain's."""


def ring_next_after_of(entry: QueueEntry) -> float | None:
    """`QueuePlan.ring_next_after`."""
    match entry.ring:
        case "one":
            return None
        case "all":
            return 0.0
        case seconds:
            return seconds


def after_miss_of(read: CenterFile) -> Mapping[str, float | None]:
    """`CenterPlan.after_miss`."""
    return {
        reason: None if after == "not_ready" else 0.0 if after == "ready" else after
        for word, after in read.after_miss.items()
        for reason in _REASONS[word]
    }


def break_reasons_of(read: CenterFile) -> Mapping[str, float | None]:
    """`CenterPlan.break_reasons`."""
    return {
        one.reason if isinstance(one, BreakEntry) else one: one.limit if isinstance(one, BreakEntry) else None
        for one in read.break_reasons
    }


def check_break_reasons(read: CenterFile, reader: Reader) -> None:
    """Notes a reason that stands there twice, with different limits."""
    seen: dict[str, BreakEntry | str] = {}
    for number, one in enumerate(read.break_reasons):
        reason = one.reason if isinstance(one, BreakEntry) else one
        if seen.setdefault(reason, one) != one:
            reader.note(("break_reasons", number), f"{quoted(reason)} stands in this list twice")
