"""What a new process reads of the time before it: with whom callers have talked, who has just hung up, and what the
agents have done today. Bounded in time and in number, by indexes, on SQLite and PostgreSQL.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from acd.edge.database import Database
from acd.edge.history_reader import NOBODY
from acd.edge.report_reader import reading, streamed
from acd.edge.tables import agent_states, agents, interactions, segments, talks
from acd.model import AgentId, PastLeave, PastTalk, QueueName, SegmentOutcome
from acd.people.durations import PastDay
from acd.queues import MOST_LEFT
from acd.recovery.survivors import Survivors
from acd.remembered import CallersRemembered, DayRemembered
from acd.routing.familiar import MOST_NUMBERS

TALKS_KNOWN = 30 * 86_400.0
"""Seconds; whoever has talked with somebody before is not his agent any more."""
MOST_TALKS = MOST_NUMBERS // 2
"""The latest. Half of what is remembered, so that no talk of this process is forgotten for one of these."""
PORTION = 1000
"""Of so many the brain is told at a time: less than a millisecond."""
LONGEST_CONTACT = 4 * 3600.0
"""Seconds before midnight in which a contact may have begun that had a talk today."""

_HUNG_UP = (SegmentOutcome.ABANDONED.value, SegmentOutcome.SHORT_ABANDONED.value, SegmentOutcome.FAILED.value)


class Recall:
    """Raises the errors of `acd.edge.database`; `within` seconds, or `DatabaseUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_talks(self, now: float) -> AsyncIterator[CallersRemembered]:
        """Who has talked with whom, in portions, the latest first."""
        question = (
            select(interactions.c.caller_number, talks.c.agent, talks.c.ended)
            .join_from(interactions, talks, talks.c.interaction == interactions.c.id)
            .where(interactions.c.started.between(now - TALKS_KNOWN, now), talks.c.ended.is_not(None))
            .where(interactions.c.caller_number != "")
            .order_by(interactions.c.started.desc())
            .limit(MOST_TALKS)
        )
        portion: list[PastTalk] = []
        async with reading(self._database) as connection:
            async for row in streamed(connection, question):
                portion.append(PastTalk(*row))
                if len(portion) == PORTION:
                    yield CallersRemembered(talks=portion)
                    portion = []
        if portion:
            yield CallersRemembered(talks=portion)

    async def left_places(self, graces: Mapping[QueueName, float], began: float, within: float) -> CallersRemembered:
        """Who has hung up before this process began, and may come back to his place; `graces`: seconds, by queue.

        He who had called again within it, and hung up again, had his first place. How far somebody had brought him
        forward is not known.
        """
        longest = max(graces.values(), default=0.0)
        if not longest:
            return CallersRemembered()
        question = (
            select(segments.c.queue, interactions.c.caller_number, segments.c.entered, segments.c.ended)
            .join_from(segments, interactions, interactions.c.id == segments.c.interaction)
            .where(segments.c.ended.between(began - longest, began), segments.c.outcome.in_(_HUNG_UP))
            .where(segments.c.queue.in_([queue for queue, grace in graces.items() if grace]))
            .where(interactions.c.ended.is_not(None), interactions.c.caller_number != "")
            .order_by(segments.c.ended.desc())
            .limit(MOST_LEFT)
        )
        async with reading(self._database, within) as connection:
            rows = (await connection.execute(question)).all()
        found: dict[tuple[QueueName, str], PastLeave] = {}
        for queue, number, entered, ended in reversed(rows):
            before = found.pop((queue, number), None)
            keeps = before is not None and entered <= before.at + graces[queue]
            place = before.place if before is not None and keeps else entered
            found[queue, number] = PastLeave(queue, number, place, ended)
        return CallersRemembered(left=[one for one in found.values() if began <= one.at + graces[one.queue]])

    async def day(self, midnight: float, began: float, still: Survivors = NOBODY) -> DayRemembered:
        """What the agents have done from midnight until this process began; a talk that goes on is its own."""
        times: dict[AgentId, dict[str, float]] = {}
        calls: dict[AgentId, tuple[int, float]] = {}
        async with reading(self._database) as connection:
            for question in _times(midnight, began):
                async for agent, state, seconds in streamed(connection, question):
                    his = times.setdefault(agent, {})
                    his[state] = his.get(state, 0.0) + max(0.0, seconds)
            async for agent, segment, started, ended in streamed(connection, _talks(midnight, began)):
                if (segment, agent, started) not in still.talks:
                    count, talked = calls.get(agent, (0, 0.0))
                    calls[agent] = count + 1, talked + max(0.0, (ended or started) - started)
        everybody = times.keys() | calls.keys()
        return DayRemembered({one: PastDay(times.get(one, {}), *calls.get(one, (0, 0.0))) for one in everybody})


def _times(midnight: float, began: float) -> tuple[Select[Any], Select[Any]]:
    """Agent, state and seconds: of stays that began today, and of each agent's last from before midnight."""
    since, ended = agent_states.c.since, func.coalesce(agent_states.c.ended, began)
    end: ColumnElement[float] = case((ended > began, began), else_=ended)
    today = (
        select(agent_states.c.agent, agent_states.c.state, func.sum(end - since))
        .where(since >= midnight, since < began)
        .group_by(agent_states.c.agent, agent_states.c.state)
    )
    before = agent_states.alias()
    last = (
        select(func.max(before.c.since))
        .where(before.c.agent == agents.c.agent, before.c.since < midnight)
        .scalar_subquery()
    )
    reaching = (
        select(agent_states.c.agent, agent_states.c.state, end - midnight)
        .join_from(agents, agent_states, agent_states.c.agent == agents.c.agent)
        .where(since == last, ended > midnight)
    )
    return today, reaching


def _talks(midnight: float, began: float) -> Select[Any]:
    return (
        select(talks.c.agent, talks.c.segment, talks.c.started, talks.c.ended)
        .join_from(segments, talks, talks.c.segment == segments.c.id)
        .where(segments.c.entered.between(midnight - LONGEST_CONTACT, began))
        .where(talks.c.started.between(midnight, began))
    )
