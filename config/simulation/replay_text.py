"""What would have been different, as text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from acd.simulation.recorded import KINDS, Difference
from config.simulation.replaying import Replayed
from config.simulation.words import FIGURES, Unit, number

TOLERANCE = 1.0
"""Seconds by which a wait may differ and still be the same."""
_OF_CALLERS = [told for told in FIGURES if not told.name.startswith("occupancy")]


def told(replayed: Replayed, centre: str, zone: str, most: int) -> Iterator[str]:
    """Line by line; `most` callers are told one by one."""
    found = [(one, list(one.kinds(TOLERANCE))) for one in replayed.differences]
    count = len(found) + replayed.lost
    yield f"{count:,} callers came to a queue that day; replayed with {centre}."
    if replayed.lost:
        yield f"{replayed.lost:,} of them would have found the centre closed."
    yield ""
    yield from _figures(replayed)
    yield ""
    changed = [(one, kinds) for one, kinds in found if kinds]
    yield f"For {len(changed):,} of {count:,} callers something would have been different:"
    counts = Counter(kind for _, kinds in changed for kind in kinds)
    for kind, words in KINDS.items():
        note = f" (by more than {TOLERANCE:.0f} s)" if kind == "wait" else ""
        yield f"  {counts[kind]:>7,}  {words}{note}"
    if changed and most:
        yield ""
        for one, _ in changed[:most]:
            yield _line(one, zone)
    if len(changed) > most:
        yield f"  ... and {len(changed) - most:,} more (--show {len(changed)})"


def _figures(replayed: Replayed) -> Iterator[str]:
    units = {Unit.CALLS: "", Unit.SHARE: " %", Unit.SECONDS: " s"}
    rows: list[Sequence[str]] = [("", "as it was", "replayed")]
    for figure in _OF_CALLERS:
        before, after = (number(getattr(of, figure.name), figure.unit) for of in (replayed.before, replayed.after))
        rows.append((f"{figure.heading}{units[figure.unit]}", before, after))
    for name, before, after in rows:
        yield f"  {name:<14}{before:>12}{after:>12}"


def _line(one: Difference, zone: str) -> str:
    at = datetime.fromtimestamp(one.call.entered, ZoneInfo(zone))
    before = _ending(one.call.last_queue, one.call.outcome.value, one.call.agent, one.call.wait)
    after = _ending(one.queue, one.outcome.value, one.agent, one.wait)
    return f"  {at:%H:%M:%S}  {one.call.interaction}  {before} -> {after}"


def _ending(queue: str, outcome: str, agent: str, wait: float) -> str:
    by = f" by {agent}" if agent else ""
    return f"{queue}: {outcome.replace('_', ' ')}{by} after {wait:.1f} s"
