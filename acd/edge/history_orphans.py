"""Books are closed for what ended while we were not there: nobody told us how.

Who had talked with an agent was answered. Who was just being put through to another number has got there, as the PBX
has him no more for us; who had left his queue in a way that we know ended so; everybody else counts as failed. Each row
is closed by its own identity: a caller may live on although a stay of his in a queue does not.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Row, ScalarSelect, case, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.tables import interactions, reservations, segments, talks, visits, wrap_ups
from acd.events import CenterEvent, InteractionClosed, SegmentClosed, WrapUpChosen
from acd.model import InteractionOutcome, ReservationOutcome, SegmentOutcome
from acd.recovery.survivors import Survivors
from cti.model import CallerId, node_of
from ivr.dialogue.steps import Transfer
from ivr.dialogue.visits import LOST as VISIT_LOST

LOST = "lost while down"

TRANSFER = str(Transfer.__struct_config__.tag)
"""The kind of a node that puts callers through, and its way out."""

TellLost = Callable[[Sequence[CenterEvent]], Awaitable[None]]
"""Is told what was closed, as events, before it is committed: after a crash in between it is told again."""

_AT_ONCE = 500
_KNOWN_ENDS = {
    InteractionOutcome.OVERFLOWED: (SegmentOutcome.OVERFLOWED,),
    InteractionOutcome.CALLBACK_REQUESTED: (SegmentOutcome.CALLBACK_REQUESTED,),
    InteractionOutcome.ABANDONED_IN_QUEUE: (SegmentOutcome.ABANDONED, SegmentOutcome.SHORT_ABANDONED),
}


async def close_orphans(connection: AsyncConnection, still: Survivors, at: float, tell: TellLost, alive: float) -> int:
    """Close all that began before `at`, is open, and is not among the survivors; gives how many interactions.

    A talk, a ringing and a wait that the last process saw count until `alive`, its last sign of life: how long they
    went on without it, nobody knows.

    What belongs to such an interaction is closed with it, even if it seems to have begun after `at`: the machine's
    clock may have been set back between two processes. Should the truth arrive later (the event was in a spool), it
    takes the place of what is written here.
    """
    listed = await connection.execute(
        select(interactions.c.id, interactions.c.call, interactions.c.started).where(interactions.c.ended.is_(None))
    )
    rows = listed.all()
    unseen = {row.id for row in rows if node_of(row.call) in still.unseen}
    orphans = [row.id for row in rows if row.started < at and row.id not in unseen | still.interactions]
    over = _Over(frozenset(unseen), frozenset(orphans), at, alive)
    await _close_talks(connection, still, over)
    await _close_segments(connection, still, over)
    for ids in _portions(orphans):
        await _close_visits(connection, ids, over)
        await _close_interactions(connection, ids, at)
    await _close_reservations(connection, still, over)
    for ids in _portions(orphans):
        await tell(await _as_events(connection, ids))
    return len(orphans)


class _Over(NamedTuple):
    """How to tell from an open row's interaction and its beginning that it is over."""

    unseen: frozenset[str]
    orphans: frozenset[str]
    at: float
    alive: float

    def has(self, interaction: str, began: float) -> bool:
        return interaction in self.orphans or (began < self.at and interaction not in self.unseen)

    def ends(self, began: Column[float]) -> ColumnElement[float]:
        """When it ends; nothing ends before it began."""
        return case((began > self.at, began), else_=self.at)

    def last_seen(self, began: Column[float]) -> ColumnElement[float]:
        """Until when it is known to have gone on."""
        return case((began > self.at, began), (began <= self.alive, self.alive), else_=self.at)


async def _close_talks(connection: AsyncConnection, still: Survivors, over: _Over) -> None:
    key = (talks.c.segment, talks.c.agent, talks.c.started)
    listed = await connection.execute(select(*key, talks.c.interaction).where(talks.c.ended.is_(None)))
    found = [tuple(row)[:3] for row in listed if over.has(row.interaction, row.started)]
    for keys in _portions([talk for talk in found if talk not in still.talks]):
        await connection.execute(
            update(talks)
            .where(tuple_(*key).in_(keys))
            .values(ended=over.last_seen(talks.c.started), ended_by="network")
        )


async def _close_visits(connection: AsyncConnection, ids: Sequence[str], over: _Over) -> None:
    still_there = visits.c.interaction.in_(ids), visits.c.left.is_(None)
    way = case((visits.c.kind == TRANSFER, TRANSFER), else_=VISIT_LOST)
    ended = {"left": over.last_seen(visits.c.entered), "way": way}
    await connection.execute(update(visits).where(*still_there).values(ended))


async def _close_segments(connection: AsyncConnection, still: Survivors, over: _Over) -> None:
    listed = await connection.execute(
        select(segments.c.id, segments.c.interaction, segments.c.entered).where(segments.c.ended.is_(None))
    )
    found = [row.id for row in listed if over.has(row.interaction, row.entered) and row.id not in still.segments]
    for ids in _portions(found):
        answered = segments.c.id.in_(select(talks.c.segment).where(talks.c.segment.in_(ids)))
        ended = over.ends(segments.c.entered)
        await connection.execute(
            update(segments)
            .where(segments.c.id.in_(ids))
            .values(
                ended=ended,
                outcome=case((answered, SegmentOutcome.ANSWERED.value), else_=SegmentOutcome.FAILED.value),
                wait=case(
                    (answered, _first_talk() - segments.c.entered),
                    else_=over.last_seen(segments.c.entered) - segments.c.entered,
                ),
            )
        )


async def _close_reservations(connection: AsyncConnection, still: Survivors, over: _Over) -> None:
    listed = await connection.execute(
        select(reservations.c.id, reservations.c.interaction, reservations.c.made).where(reservations.c.ended.is_(None))
    )
    found = [row.id for row in listed if over.has(row.interaction, row.made) and row.id not in still.reservations]
    for ids in _portions(found):
        await connection.execute(
            update(reservations)
            .where(reservations.c.id.in_(ids))
            .values(ended=over.last_seen(reservations.c.made), outcome=ReservationOutcome.WITHDRAWN.value, cause=LOST)
        )


def _first_talk() -> ScalarSelect[float]:
    return select(func.min(talks.c.started)).where(talks.c.segment == segments.c.id).scalar_subquery()


async def _close_interactions(connection: AsyncConnection, ids: Sequence[str], at: float) -> None:
    known_ends = [(_had(outcomes, ids), outcome.value) for outcome, outcomes in _KNOWN_ENDS.items()]
    talked = interactions.c.id.in_(select(talks.c.interaction).where(talks.c.interaction.in_(ids)))
    put_through = interactions.c.id.in_(
        select(visits.c.interaction).where(visits.c.interaction.in_(ids), visits.c.way == TRANSFER)
    )
    outcome = case(
        (talked, InteractionOutcome.ANSWERED.value),
        (put_through, InteractionOutcome.TRANSFERRED.value),
        *known_ends,
        else_=InteractionOutcome.FAILED.value,
    )
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
        select(segments)
        .where(segments.c.interaction.in_(ids), segments.c.outcome.is_not(None))  # another process may just open one
        .order_by(segments.c.entered)
    )
    codes = await connection.execute(select(wrap_ups).where(wrap_ups.c.interaction.in_(ids)).order_by(wrap_ups.c.at))
    spoken = await connection.execute(select(talks).where(talks.c.interaction.in_(ids)).order_by(talks.c.started))
    agents: dict[str, list[Any]] = {}
    for talk in spoken:
        agents.setdefault(talk.segment, []).append(talk.agent)
    over = await connection.execute(select(interactions).where(interactions.c.id.in_(ids)))
    return [
        *(_segment_closed(row, tuple(agents.get(row.id, ()))) for row in stays),
        *(WrapUpChosen(row.interaction, row.agent, row.code, row.note, row.at, solved=row.solved) for row in codes),
        *(_interaction_closed(row) for row in over),
    ]


def _segment_closed(row: Row[Any], agents: tuple[Any, ...]) -> SegmentClosed:
    outcome = SegmentOutcome(row.outcome)
    return SegmentClosed(
        row.id, row.interaction, row.queue, row.entered, row.ended, outcome, row.wait, agents, row.cause
    )


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
        row.verified,
    )


def _portions(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
