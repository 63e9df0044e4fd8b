"""Reads what storage keeps: for the restart of the process, for the ledger, for questions about one interaction."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, Table, and_, case, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.database import Database
from acd.edge.history_records import (
    Ledger,
    OpenInteraction,
    QueueLedger,
    StateInterval,
    StoredCallback,
    StoredInteraction,
)
from acd.edge.tables import (
    actions,
    agent_queues,
    agent_states,
    agents,
    interactions,
    later_callbacks,
    path_steps,
    reservations,
    rosters,
    segments,
    talks,
    visits,
    wrap_ups,
)
from acd.figures import Tally
from acd.model import AgentId, InteractionId, PathStep, PhoneKind, QueueName, SegmentOutcome
from acd.people.agents import DOWN, AfterCallWork, AgentState, Busy, LoggedOut, Ready, Reserved, tag
from acd.people.occupancy import WINDOW, PastWork
from acd.recovery.survivors import Survivors
from acd.remembered import (
    AgentRemembered,
    FiguresRemembered,
    WaitsRemembered,
    WorkRemembered,
)
from acd.waiting.estimate import PastWait

TIMEOUT = 15.0

LONGEST_STATE = WINDOW + 8 * 3600.0
"""Seconds looked back on for states that reach into the last hour: nobody is in one state for more than a shift."""

_OUT, _TALKING = tag(LoggedOut), tag(Busy)
_HANDLING = {tag(Reserved), tag(Busy), tag(AfterCallWork)}
_STAFFED = _HANDLING | {tag(Ready)}

NOBODY = Survivors()
"""Nothing of an earlier process."""

WAITS_KNOWN = 86_400.0
"""Seconds; what came true before teaches nothing of today."""

MOST_WAITS = 20_000
"""The latest; a queue learns from 200 for places of one order."""


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
                    (actions, actions.c.at),
                    (visits, visits.c.position),
                )
            ]
        return _whole(_plain(row), parts)

    async def later_callbacks(self, since: float) -> list[StoredCallback]:
        """Who has asked at `since` or later to be called back, oldest first."""
        question = select(later_callbacks).where(later_callbacks.c.requested >= since)
        rows = await self._all(question.order_by(later_callbacks.c.requested))
        return [StoredCallback(row.segment, row.interaction, row.queue, row.number, row.requested) for row in rows]

    async def roster(self, roster: str) -> tuple[AgentId, ...]:
        """The agents of a roster, in their order; empty if it is not known."""
        rows = await self._all(select(rosters.c.agents).where(rosters.c.id == roster))
        return tuple(AgentId(agent) for row in rows for agent in row.agents)

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

    async def figures(
        self, since: float, until: float, in_time: Mapping[QueueName, float], still: Survivors = NOBODY
    ) -> FiguresRemembered:
        """What the segments closed from `since` (midnight) to `until` (the start of this process) add up to.

        `in_time` gives each queue's service level threshold in seconds. Without the survivors' segments: one may be
        closed in storage although its caller waits (we were killed before he was told), and he is counted as he goes.
        """
        question = select(segments.c.id, segments.c.queue, segments.c.outcome, segments.c.wait)
        question = question.where(segments.c.ended.between(since, until))
        figures: dict[QueueName, Tally] = {}
        for row in await self._all(question):
            if row.id in still.segments:
                continue
            tally = figures.setdefault(row.queue, Tally())
            tally.add(SegmentOutcome(row.outcome), row.wait, in_time.get(row.queue, 20.0))
        return FiguresRemembered(figures)

    async def last_sign(self, now: float, within: float) -> float | None:
        """The last moment before `now` at which storage knows that anything has happened; None if nothing has.

        Raises `DatabaseUnavailable` if the database takes longer than `within` seconds.
        """
        times = agents.c.since, segments.c.entered, segments.c.ended
        async with _connection(self._database, within) as connection:
            found = [await connection.scalar(select(func.max(time)).where(time <= now)) for time in times]
        return max((at for at in found if at is not None), default=None)

    async def past_work(
        self, agents_of: Collection[AgentId], now: float, alive: float, within: float
    ) -> WorkRemembered:
        """How busy these agents have been in the hour before `now`, the start of this process.

        A state that nobody has ended lasts until `alive`, the last sign of life of the process before. Raises
        `DatabaseUnavailable` if the database takes longer than `within` seconds.
        """
        question = (
            select(agent_states.c.agent, agent_states.c.state, agent_states.c.since, agent_states.c.ended)
            .where(agent_states.c.agent.in_(agents_of), agent_states.c.since.between(now - LONGEST_STATE, now))
            .order_by(agent_states.c.agent, agent_states.c.since)
        )
        async with _connection(self._database, within) as connection:
            rows = (await connection.execute(question)).all()
        states: dict[AgentId, list[tuple[str, float, float]]] = {}
        for row in rows:
            until = max(row.since, alive) if row.ended is None else min(row.ended, now)
            states.setdefault(row.agent, []).append((row.state, row.since, until))
        return WorkRemembered({agent: past_work(each, now) for agent, each in states.items()})

    async def past_waits(self, now: float, within: float) -> WaitsRemembered:
        """How long callers waited beside what was predicted, in the day before `now`, the start of this process.

        Raises `DatabaseUnavailable` if the database takes longer than `within` seconds.
        """
        known = segments.c
        question = (
            select(known.queue, known.place, known.predicted, known.workers, known.wait)
            .where(known.ended.between(now - WAITS_KNOWN, now), known.outcome == SegmentOutcome.ANSWERED.value)
            .where(known.place > 0, known.predicted > 0)
            .order_by(known.ended.desc())
            .limit(MOST_WAITS)
        )
        async with _connection(self._database, within) as connection:
            rows = (await connection.execute(question)).all()
        waits: dict[QueueName, list[PastWait]] = {}
        for row in reversed(rows):
            waits.setdefault(row.queue, []).append(PastWait(row.place, row.predicted, row.workers or 0, row.wait))
        return WaitsRemembered(waits)

    async def _leaks(self, table: Table) -> int:
        question = select(func.count()).select_from(table.join(interactions, table.c.interaction == interactions.c.id))
        rows = await self._all(question.where(table.c.ended.is_(None), interactions.c.ended.is_not(None)))
        return int(rows[0][0])

    async def _all(self, question: Select[Any]) -> Sequence[Row[Any]]:
        return await ask(self._database, question)


async def ask(database: Database, question: Select[Any]) -> Sequence[Row[Any]]:
    """All rows. Raises the errors of `acd.edge.database`."""
    async with _connection(database) as connection:
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


async def left_queues(database: Database) -> dict[AgentId, tuple[QueueName, ...]]:
    """For which queues the agents are not asked. Raises the errors of `acd.edge.database`."""
    rows = await ask(database, select(agent_queues.c.agent, agent_queues.c.left))
    return {AgentId(row.agent): tuple(QueueName(queue) for queue in row.left) for row in rows}


@asynccontextmanager
async def _connection(database: Database, within: float = TIMEOUT) -> AsyncIterator[AsyncConnection]:
    try:
        async with asyncio.timeout(within), database.engine.connect() as connection:
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


def past_work(states: Sequence[tuple[str, float, float]], now: float) -> PastWork:
    """From an agent's states (name, since, until) in order."""
    spans = []
    last_handled = 0.0
    for state, since, until in states:
        if state == DOWN:
            continue
        if state in _STAFFED and until > now - WINDOW:
            spans.append((since, until, state in _HANDLING))
        if state == _OUT:
            last_handled = 0.0
        elif state == _TALKING:
            last_handled = until
        elif not last_handled:  # his first state at work
            last_handled = since
    return PastWork(tuple(spans), last_handled)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _whole(row: Mapping[str, Any], parts: Sequence[Sequence[Mapping[str, Any]]]) -> StoredInteraction:
    steps, stays, holds, conversations, codes, done, visited = parts
    return msgspec.convert(
        {
            **row,
            "path": [PathStep(step["node"], step["label"], step["said"], step["flow"]) for step in steps],
            "segments": [{**stay, "agents": stay["agents"] or []} for stay in stays],
            "reservations": holds,
            "talks": conversations,
            "wrap_ups": codes,
            "actions": done,
            "visits": visited,
        },
        StoredInteraction,
    )
