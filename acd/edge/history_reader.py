"""Reads what storage keeps: for the restart of the process, for the ledger, for questions about one interaction."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, Table, and_, case, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.agents import AgentState
from acd.edge.database import Database
from acd.edge.history_records import (
    Ledger,
    OpenInteraction,
    QueueLedger,
    StateInterval,
    StoredInteraction,
)
from acd.edge.tables import (
    agent_states,
    agents,
    interactions,
    path_steps,
    reservations,
    segments,
    talks,
    wrap_ups,
)
from acd.events import AgentRemembered, FiguresRemembered
from acd.figures import Tally
from acd.model import AgentId, InteractionId, PathStep, PhoneKind, QueueName, SegmentOutcome

TIMEOUT = 15.0


class HistoryReader:
    """Questions to storage. What was told a moment ago may be missing. All raise the errors of `acd.edge.database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open_interactions(self) -> list[OpenInteraction]:
        """What is not over yet, oldest first."""
        question = select(interactions.c.id, interactions.c.call, interactions.c.started)
        rows = await self._all(question.where(interactions.c.ended.is_(None)).order_by(interactions.c.started))
        return [OpenInteraction(row.id, row.call, row.started) for row in rows]

    async def interaction(self, interaction: InteractionId) -> StoredInteraction | None:
        """Everything about one contact; None if it is not known."""
        async with _connection(self._database) as connection:
            found = await connection.execute(select(interactions).where(interactions.c.id == interaction))
            row = found.one_or_none()
            if row is None:
                return None
            parts = [
                await _belonging(connection, interaction, table, order)
                for table, order in (
                    (path_steps, path_steps.c.position),
                    (segments, segments.c.entered),
                    (reservations, reservations.c.made),
                    (talks, talks.c.started),
                    (wrap_ups, wrap_ups.c.at),
                )
            ]
        return _whole(_plain(row), parts)

    async def intervals(self, agent: AgentId, since: float) -> list[StateInterval]:
        """An agent's states that began at `since` or later, in order."""
        question = select(agent_states).where(agent_states.c.agent == agent, agent_states.c.since >= since)
        # Of two that began in the same instant, the one that is over came first.
        still_open = case((agent_states.c.ended.is_(None), 1), else_=0)
        rows = await self._all(
            question.order_by(agent_states.c.since, still_open, agent_states.c.ended - agent_states.c.since)
        )
        return [StateInterval(row.agent, row.state, row.cause, row.since, row.ended) for row in rows]

    async def ledger(self, since: float) -> Ledger:
        """The books of all segments entered at `since` or later."""
        outcomes = {outcome: _count(segments.c.outcome == outcome.value) for outcome in SegmentOutcome}
        still_open = _count(and_(segments.c.ended.is_(None), segments.c.outcome.is_(None)))
        question = select(
            segments.c.queue,
            func.count().label("entered"),
            still_open.label("still_open"),
            *(count.label(outcome.value) for outcome, count in outcomes.items()),
        )
        question = question.where(segments.c.entered >= since).group_by(segments.c.queue)
        queues = [
            QueueLedger(
                queue=row["queue"],
                entered=row["entered"],
                outcomes={outcome: row[outcome.value] for outcome in outcomes},
                still_open=row["still_open"],
            )
            for row in (row._mapping for row in await self._all(question.order_by(segments.c.queue)))
        ]
        return Ledger(
            tuple(queues), {table.name: await self._leaks(table) for table in (segments, reservations, talks)}
        )

    async def figures(self, since: float, until: float, in_time: Mapping[QueueName, float]) -> FiguresRemembered:
        """What the segments closed from `since` (midnight) to `until` (the start of this process) add up to.

        `in_time` gives each queue's service level threshold in seconds.
        """
        question = select(segments.c.queue, segments.c.outcome, segments.c.wait)
        question = question.where(segments.c.ended.between(since, until))
        figures: dict[QueueName, Tally] = {}
        for row in await self._all(question):
            tally = figures.setdefault(row.queue, Tally())
            tally.add(SegmentOutcome(row.outcome), row.wait, in_time.get(row.queue, 20.0))
        return FiguresRemembered(figures)

    async def _leaks(self, table: Table) -> int:
        question = select(func.count()).select_from(table.join(interactions, table.c.interaction == interactions.c.id))
        rows = await self._all(question.where(table.c.ended.is_(None), interactions.c.ended.is_not(None)))
        return int(rows[0][0])

    async def _all(self, question: Select[Any]) -> Sequence[Row[Any]]:
        async with _connection(self._database) as connection:
            rows: Sequence[Row[Any]] = (await connection.execute(question)).all()
            return rows


async def agents_remembered(database: Database) -> dict[AgentId, AgentRemembered]:
    """The last state of every agent. Raises the errors of `acd.edge.database`."""
    async with _connection(database) as connection:
        rows = (await connection.execute(select(agents))).all()
    return {
        row.agent: AgentRemembered(row.agent, msgspec.convert(row.state, AgentState), PhoneKind(row.phone))
        for row in rows
    }


@asynccontextmanager
async def _connection(database: Database) -> AsyncIterator[AsyncConnection]:
    try:
        async with asyncio.timeout(TIMEOUT), database.engine.connect() as connection:
            yield connection
    except (SQLAlchemyError, OSError) as error:
        raise database.explained(error) from error


async def _belonging(
    connection: AsyncConnection, interaction: InteractionId, table: Table, order: ColumnElement[Any]
) -> list[Mapping[str, Any]]:
    rows = await connection.execute(select(table).where(table.c.interaction == interaction).order_by(order))
    return [_plain(row) for row in rows]


def _plain(row: Row[Any]) -> Mapping[str, Any]:
    """By name; SQLAlchemy's own names are a kind of `str` that msgspec does not take."""
    return {str(name): value for name, value in row._mapping.items()}


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _whole(row: Mapping[str, Any], parts: Sequence[Sequence[Mapping[str, Any]]]) -> StoredInteraction:
    steps, stays, holds, conversations, codes = parts
    return msgspec.convert(
        {
            **row,
            "path": [PathStep(step["node"], step["label"], step["said"]) for step in steps],
            "segments": [{**stay, "agents": stay["agents"] or []} for stay in stays],
            "reservations": holds,
            "talks": conversations,
            "wrap_ups": codes,
        },
        StoredInteraction,
    )
