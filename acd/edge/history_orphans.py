"""Books are closed for calls that ended while we were not there: nobody told us how.

Who had talked with an agent was answered; everybody else counts as failed.
"""

from sqlalchemy import ColumnElement, ScalarSelect, case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.tables import interactions, reservations, segments, talks
from acd.model import InteractionId, InteractionOutcome, ReservationOutcome, SegmentOutcome

LOST = "lost while down"


async def close_orphans(connection: AsyncConnection, known: frozenset[InteractionId], at: float) -> int:
    """Close every interaction that began before `at`, is open, and is not among `known`, with all that belongs to it.

    A reservation that is open ends for the known ones too: the process that made it is gone. Should the truth
    arrive later (the event was in a spool), it takes the place of what is written here.
    """
    listed = await connection.execute(
        select(interactions.c.id).where(interactions.c.ended.is_(None), interactions.c.started < at)
    )
    orphans = [row.id for row in listed if row.id not in known]
    for start in range(0, len(orphans), 500):
        await _close(connection, orphans[start : start + 500], at)
    await _end_reservations(connection, reservations.c.made < at, at)
    return len(orphans)


async def _close(connection: AsyncConnection, ids: list[str], at: float) -> None:
    ended = literal(at)
    had_talked = interactions.c.id.in_(select(talks.c.interaction).where(talks.c.interaction.in_(ids)))
    outcome = case((had_talked, InteractionOutcome.ANSWERED.value), else_=InteractionOutcome.FAILED.value)
    await connection.execute(
        update(interactions).where(interactions.c.id.in_(ids)).values(ended=at, outcome=outcome, cause=LOST)
    )
    still_open = (segments.c.interaction.in_(ids), segments.c.ended.is_(None))
    talked = select(talks.c.segment).where(talks.c.interaction.in_(ids))
    answered = segments.c.id.in_(talked)
    await connection.execute(
        update(segments)
        .where(*still_open)
        .values(
            ended=at,
            outcome=case((answered, SegmentOutcome.ANSWERED.value), else_=SegmentOutcome.FAILED.value),
            wait=case((answered, _first_talk() - segments.c.entered), else_=ended - segments.c.entered),
        )
    )
    await connection.execute(
        update(talks).where(talks.c.interaction.in_(ids), talks.c.ended.is_(None)).values(ended=at, ended_by="network")
    )


def _first_talk() -> ScalarSelect[float]:
    return select(func.min(talks.c.started)).where(talks.c.segment == segments.c.id).scalar_subquery()


async def _end_reservations(connection: AsyncConnection, which: ColumnElement[bool], at: float) -> None:
    await connection.execute(
        update(reservations)
        .where(which, reservations.c.ended.is_(None))
        .values(ended=at, outcome=ReservationOutcome.WITHDRAWN.value, cause=LOST)
    )
