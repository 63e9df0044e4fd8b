"""Books are closed for what ended while we were not there: nobody told us how.

Who had talked with an agent was answered. Who had left his queue in a way that we know ended so; everybody else counts
as failed. Each row is closed by its own identity: a caller may live on although a stay of his in a queue does not.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, case, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.tables import interactions, reservations, segments, talks, wrap_ups
from acd.events import CenterEvent, InteractionClosed, SegmentClosed, WrapUpChosen
from acd.model import InteractionOutcome, ReservationOutcome, SegmentOutcome
from acd.survivors import Survivors
from cti.model import CallerId

LOST = "lost while down"

TellLost = Callable[[Sequence[CenterEvent]], Awaitable[None]]
"""Is told what was closed, as events, before it is committed: after a crash in between it is told again."""

_AT_ONCE = 500
_KNOWN_ENDS = {
    InteractionOutcome.OVERFLOWED: (SegmentOutcome.OVERFLOWED,),
    InteractionOutcome.ABANDONED_IN_QUEUE: (SegmentOutcome.ABANDONED, SegmentOutcome.SHORT_ABANDONED),
}


async def close_orphans(connection: AsyncConnection, still: Survivors, at: float, tell: TellLost) -> int:
    """Close all that began before `at`, is open, and is not among the survivors; gives how many interactions.

    A reservation that is open ends for the survivors too: the process that made it is gone. Should the truth
    arrive later (the event was in a spool), it takes the place of what is written here.
    """
    await _close_talks(connection, still, at)
    await _close_segments(connection, still, at)
    listed = await connection.execute(
        select(interactions.c.id).where(interactions.c.ended.is_(None), interactions.c.started < at)
    )
    orphans = [row.id for row in listed if row.id not in still.interactions]
    for ids in _portions(orphans):
        await _close_interactions(connection, ids, at)
    await connection.execute(
        update(reservations)
        .where(reservations.c.made < at, reservations.c.ended.is_(None))
        .values(ended=at, outcome=ReservationOutcome.WITHDRAWN.value, cause=LOST)
    )
    for ids in _portions(orphans):
        await tell(await _as_events(connection, ids))
    return len(orphans)


async def _close_talks(connection: AsyncConnection, still: Survivors, at: float) -> None:
    key = (talks.c.segment, talks.c.agent, talks.c.started)
    listed = await connection.execute(select(*key).where(talks.c.ended.is_(None), talks.c.started < at))
    over = [tuple(row) for row in listed if tuple(row) not in still.talks]
    for keys in _portions(over):
        await connection.execute(update(talks).where(tuple_(*key).in_(keys)).values(ended=at, ended_by="network"))


async def _close_segments(connection: AsyncConnection, still: Survivors, at: float) -> None:
    listed = await connection.execute(select(segments.c.id).where(segments.c.ended.is_(None), segments.c.entered < at))
    over = [row.id for row in listed if row.id not in still.segments]
    for ids in _portions(over):
        answered = segments.c.id.in_(select(talks.c.segment).where(talks.c.segment.in_(ids)))
        await connection.execute(
            update(segments)
            .where(segments.c.id.in_(ids))
            .values(
                ended=at,
                outcome=case((answered, SegmentOutcome.ANSWERED.value), else_=SegmentOutcome.FAILED.value),
                wait=case((answered, _first_talk() - segments.c.entered), else_=at - segments.c.entered),
            )
        )


def _first_talk() -> ScalarSelect[float]:
    return select(func.min(talks.c.started)).where(talks.c.segment == segments.c.id).scalar_subquery()


async def _close_interactions(connection: AsyncConnection, ids: Sequence[str], at: float) -> None:
    known_ends = [(_had(outcomes, ids), outcome.value) for outcome, outcomes in _KNOWN_ENDS.items()]
    talked = interactions.c.id.in_(select(talks.c.interaction).where(talks.c.interaction.in_(ids)))
    outcome = case((talked, InteractionOutcome.ANSWERED.value), *known_ends, else_=InteractionOutcome.FAILED.value)
    await connection.execute(
        update(interactions).where(interactions.c.id.in_(ids)).values(ended=at, outcome=outcome, cause=LOST)
    )


def _had(outcomes: Sequence[SegmentOutcome], ids: Sequence[str]) -> ColumnElement[bool]:
    found = select(segments.c.interaction).where(
        segments.c.interaction.in_(ids), segments.c.outcome.in_([outcome.value for outcome in outcomes])
    )
    return interactions.c.id.in_(found)


async def _as_events(connection: AsyncConnection, ids: Sequence[str]) -> list[CenterEvent]:
    """As the brain would have told it, had it been there; the interactions last."""
    stays = await connection.execute(
        select(segments).where(segments.c.interaction.in_(ids)).order_by(segments.c.entered)
    )
    codes = await connection.execute(select(wrap_ups).where(wrap_ups.c.interaction.in_(ids)).order_by(wrap_ups.c.at))
    spoken = await connection.execute(select(talks).where(talks.c.interaction.in_(ids)).order_by(talks.c.started))
    agents: dict[str, list[Any]] = {}
    for talk in spoken:
        agents.setdefault(talk.segment, []).append(talk.agent)
    over = await connection.execute(select(interactions).where(interactions.c.id.in_(ids)))
    return [
        *(_segment_closed(row, tuple(agents.get(row.id, ()))) for row in stays),
        *(WrapUpChosen(row.interaction, row.agent, row.code, row.note, row.at) for row in codes),
        *(_interaction_closed(row) for row in over),
    ]


def _segment_closed(row: Row[Any], agents: tuple[Any, ...]) -> SegmentClosed:
    outcome = SegmentOutcome(row.outcome)
    return SegmentClosed(row.id, row.interaction, row.queue, row.entered, row.ended, outcome, row.wait, agents)


def _interaction_closed(row: Row[Any]) -> InteractionClosed:
    return InteractionClosed(
        row.id,
        row.call,
        CallerId(row.caller_number, row.caller_name),
        row.dialled,
        row.entry_point,
        row.started,
        row.ended,
        InteractionOutcome(row.outcome),
        (),
        row.customer,
    )


def _portions(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
