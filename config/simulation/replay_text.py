"""What other rules would have done to a recorded day, as text: how far to trust it, the figures, whom, and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from acd.simulation.effects import KINDS, Ending, Fate
from config.simulation.replaying import Replayed
from config.simulation.words import FIGURES, Unit, number

TOLERANCE = 1.0
"""Seconds by which a wait may differ and still be the same."""
MOST_REASONS = 12
_OF_CALLERS = [told for told in FIGURES if not told.name.startswith("occupancy")]


class Frame(msgspec.Struct, frozen=True):
    """What is told beside the figures."""

    day: str
    zone: str
    own: str
    """The name of the day's own rules."""
    other: str
    """The file with the others."""
    notes: Sequence[str] = ()
    most: int = 20
    """Callers who are told of one by one."""


def told(replayed: Replayed, frame: Frame) -> Iterator[str]:
    """Line by line."""
    count = len(replayed.fates)
    changed = [(one, kinds) for one in replayed.fates if (kinds := one.changes(TOLERANCE))]
    yield f"{count:,} callers of {frame.day}: by that day's own rules ({frame.own}), and by {frame.other}."
    for note in frame.notes:
        yield f"note: {note}"
    yield _fidelity(replayed)
    yield ""
    if not changed:
        yield f"By {frame.other}, nothing would have been different for any of them."
        yield ""
        yield from _figures(replayed)
        return
    yield f"By {frame.other}, something would have been different for {len(changed):,} of {count:,} callers:"
    counts = Counter(kind for _, kinds in changed for kind in kinds)
    for kind, words in KINDS.items():
        note = f" (by more than {TOLERANCE:.0f} s)" if kind == "wait" else ""
        yield f"  {counts[kind]:>7,}  {words}{note}"
    yield ""
    yield from _figures(replayed)
    yield from _reasons([one for one, _ in changed])
    yield from _one_by_one([one for one, _ in changed], frame)


def _fidelity(replayed: Replayed) -> str:
    """How well the replay by the day's own rules tells what happened."""
    count = len(replayed.fates)
    strays = [set(one.strays(TOLERANCE)) for one in replayed.fates]
    ended = sum(not kinds & {"outcome", "queue"} for kinds in strays)
    agent = sum(not kinds & {"outcome", "queue", "agent"} for kinds in strays)
    wait = sum("wait" not in kinds for kinds in strays)
    shares = [f"{100 * part / count:.0f} %" if count else "-" for part in (ended, agent, wait)]
    return (
        f"How true the replay is: by the own rules, {shares[0]} of them end as they did, {shares[1]} with the same "
        f"agent, {shares[2]} after the same wait (within {TOLERANCE:.0f} s)."
    )


def _figures(replayed: Replayed) -> Iterator[str]:
    units = {Unit.CALLS: "", Unit.SHARE: " %", Unit.SECONDS: " s"}
    rows: list[Sequence[str]] = [("", "as it was", "own rules", "other rules")]
    for figure in _OF_CALLERS:
        values = [getattr(of, figure.name) for of in (replayed.then, replayed.own, replayed.other)]
        rows.append((f"{figure.heading}{units[figure.unit]}", *(number(value, figure.unit) for value in values)))
    for name, *values in rows:
        yield f"  {name:<14}" + "".join(f"{value:>13}" for value in values)


def _reasons(changed: Sequence[Fate]) -> Iterator[str]:
    counts = Counter(("the agent " if one.who else "") + one.why for one in changed if one.why)
    if not counts:
        return
    yield ""
    yield "Why:"
    for reason, count in counts.most_common(MOST_REASONS):
        yield f"  {count:>7,}  {reason}"
    if len(counts) > MOST_REASONS:
        rest = sum(counts.values()) - sum(count for _, count in counts.most_common(MOST_REASONS))
        yield f"  {rest:>7,}  something else"


def _one_by_one(changed: Sequence[Fate], frame: Frame) -> Iterator[str]:
    if not frame.most:
        return
    yield ""
    zone = ZoneInfo(frame.zone)
    for one in changed[: frame.most]:
        at = datetime.fromtimestamp(one.call.entered, zone)
        why = " ".join(filter(None, (str(one.who), one.why)))
        yield f"  {at:%H:%M:%S}  {one.call.interaction}  {_ending(one.own)} -> {_ending(one.other)}" + (
            f"; {why}" if why else ""
        )
    if len(changed) > frame.most:
        yield f"  ... and {len(changed) - frame.most:,} more (--show {len(changed)})"


def _ending(of: Ending) -> str:
    if of.outcome is None:
        return "closed"
    by = f" by {of.agent}" if of.agent else ""
    return f"{of.queue}: {of.outcome.value.replace('_', ' ')}{by} after {of.wait:.1f} s"
