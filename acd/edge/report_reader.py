"""Reads the rows that a report is made of, in small parts, so that neither the memory nor the event loop is filled.

Works on SQLite and PostgreSQL. Every question goes by an index; a day of 100,000 calls takes seconds.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.database import Database
from acd.edge.tables import after_call_work, agent_states, agents, interactions, reservations, segments, talks
from acd.model import SegmentOutcome
from acd.reports.books import Books, TalkRow

PATIENCE = 300.0
"""Seconds for one report: a year of a large centre on a slow disk."""
AT_ONCE = 250
"""Rows between two looks at the event loop: about a millisecond of counting."""

_ANSWERED = SegmentOutcome.ANSWERED.value


class ReportReader:
    """Raises the errors of `acd.edge.database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fill(self, books: Books, now: float) -> None:
        """All that storage knows of the books' intervals. What is not over lasts until `now`."""
        if not books.intervals:
            return
        start, end = books.intervals[0].start, books.intervals[-1].end
        async with reading(self._database) as connection:
            await _segments(connection, books, start, end)
            await _talks(connection, books, start, end)
            await _reservations(connection, books, start, end)
            await _states(connection, books, start, end, now)
            await _contacts(connection, books, start, end)


@asynccontextmanager
async def reading(database: Database, within: float = PATIENCE) -> AsyncIterator[AsyncConnection]:
    """A connection for long questions; `DatabaseUnavailable` after so many seconds."""
    try:
        async with asyncio.timeout(within), database.engine.connect() as connection:
            yield connection
    except (SQLAlchemyError, OSError) as error:
        raise database.explained(error) from error


async def streamed(connection: AsyncConnection, question: Select[Any]) -> AsyncIterator[Any]:
    """Row by row, with a rest after some."""
    async with connection.stream(question) as result:
        async for part in result.partitions(AT_ONCE):
            for row in part:
                yield row
            await asyncio.sleep(0)


def entered_between(start: float, end: float) -> ColumnElement[bool]:
    """Segments of the time."""
    return and_(segments.c.entered >= start, segments.c.entered < end)


def came_true(segment: Any) -> bool | None:  # noqa: ANN401 - SQLAlchemy's row
    """Whether an answered caller waited as long as he was told; None if he was told nothing, or was not answered."""
    if segment.told_at is None or segment.outcome != _ANSWERED or segment.wait is None:
        return None
    later: float = segment.entered + segment.wait - segment.told_at
    return bool(segment.told_low <= later <= segment.told_high)


async def _segments(connection: AsyncConnection, books: Books, start: float, end: float) -> None:
    question = select(
        segments.c.queue,
        segments.c.entered,
        segments.c.ended,
        segments.c.outcome,
        segments.c.wait,
        segments.c.told_at,
        segments.c.told_low,
        segments.c.told_high,
    ).where(entered_between(start, end))
    async for row in streamed(connection, question):
        books.segment(row.queue, row.entered, row.ended, row.outcome, row.wait)
        if (right := came_true(row)) is not None:
            books.estimate(row.queue, row.entered, right=right)


async def _talks(connection: AsyncConnection, books: Books, start: float, end: float) -> None:
    of_segment, of_interaction = talks.alias(), talks.alias()
    first_of_segment = (
        select(func.min(of_segment.c.started))
        .where(of_segment.c.segment == talks.c.segment, of_segment.c.ended.is_not(None))
        .scalar_subquery()
    )
    first_of_interaction = (
        select(func.min(of_interaction.c.started))
        .where(of_interaction.c.interaction == talks.c.interaction, of_interaction.c.ended.is_not(None))
        .scalar_subquery()
    )
    question = (
        select(
            segments.c.entered,
            segments.c.queue,
            talks.c.agent,
            (talks.c.ended - talks.c.started).label("talk"),
            func.coalesce(wrap_up_after(), 0.0).label("wrap_up"),
            talks.c.started,
            first_of_segment.label("first_of_segment"),
            first_of_interaction.label("first_of_interaction"),
        )
        .join_from(segments, talks, talks.c.segment == segments.c.id)
        .where(entered_between(start, end), talks.c.ended.is_not(None))
    )
    async for entered, queue, agent, talk, wrap_up, started, of_one, of_all in streamed(connection, question):
        books.talk(TalkRow(entered, started, queue, agent, talk, wrap_up, of_one == started, of_all == started))


def wrap_up_after() -> ScalarSelect[float]:
    """Seconds of after-call work that the agent of `talks` did for it, and for no later talk of the same contact."""
    later = talks.alias()
    after_a_later_one = (
        exists()
        .where(
            later.c.interaction == talks.c.interaction,
            later.c.agent == talks.c.agent,
            later.c.started > talks.c.started,
            later.c.started <= after_call_work.c.since,
        )
        .correlate(talks, after_call_work)  # SQLAlchemy by itself looks one level up only
    )
    return (
        select(func.sum(after_call_work.c.ended - after_call_work.c.since))
        .where(
            after_call_work.c.interaction == talks.c.interaction,
            after_call_work.c.agent == talks.c.agent,
            after_call_work.c.since >= talks.c.started,
            ~after_a_later_one,
        )
        .correlate(talks)
        .scalar_subquery()
    )


async def _reservations(connection: AsyncConnection, books: Books, start: float, end: float) -> None:
    question = (
        select(
            reservations.c.agent,
            segments.c.entered,
            reservations.c.made,
            reservations.c.outcome,
            (reservations.c.ended - reservations.c.made).label("rung"),
        )
        .join_from(segments, reservations, reservations.c.segment == segments.c.id)
        .where(entered_between(start, end), reservations.c.ended.is_not(None), reservations.c.outcome.is_not(None))
    )
    async for row in streamed(connection, question):
        books.reservation(*row)


async def _states(connection: AsyncConnection, books: Books, start: float, end: float, now: float) -> None:
    for question in stays_between(start, end):
        async for agent, state, cause, since, ended, others in streamed(connection, question):
            books.state(agent, state, cause, since, max(since, now) if ended is None else ended, others)


def stays_between(start: float, end: float) -> tuple[Select[Any], Select[Any]]:
    """Agents' stays in their states: those that reach into the time from before, and those that began in it."""
    columns = (
        agent_states.c.agent,
        agent_states.c.state,
        agent_states.c.cause,
        agent_states.c.since,
        agent_states.c.ended,
        agent_states.c.others,
    )
    began = select(*columns).where(agent_states.c.since >= start, agent_states.c.since < end)
    # What reaches into the time from before is the last that each agent was in then; one look per agent.
    before = agent_states.alias()
    last = (
        select(func.max(before.c.since))
        .where(before.c.agent == agents.c.agent, before.c.since < start)
        .scalar_subquery()
    )
    reached = (
        select(*columns)
        .join_from(agents, agent_states, agent_states.c.agent == agents.c.agent)
        .where(agent_states.c.since == last, or_(agent_states.c.ended.is_(None), agent_states.c.ended > start))
    )
    return reached, began


async def _contacts(connection: AsyncConnection, books: Books, start: float, end: float) -> None:
    question = select(interactions.c.entry_point, interactions.c.started, interactions.c.outcome).where(
        interactions.c.started >= start, interactions.c.started < end
    )
    async for row in streamed(connection, question):
        books.contact(*row)
