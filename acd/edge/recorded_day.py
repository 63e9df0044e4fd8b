"""Reads a day from storage for `callwright replay`: its callers with what became of them, and its agents' states."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.database import Database
from acd.edge.report_reader import reading, streamed
from acd.edge.tables import agent_states, interactions, reservations, segments, talks
from acd.model import InteractionId, ReservationOutcome, SegmentOutcome
from acd.people.agents import AfterCallWork, tag
from acd.simulation.recorded import RecordedCall, RecordedDay, RecordedState
from cti.model import node_of

_WRITING = tag(AfterCallWork)
_MISSED = (ReservationOutcome.EXPIRED.value, ReservationOutcome.DECLINED.value)


class _Contact:
    """One interaction while its rows come in."""

    def __init__(self) -> None:
        self.stays: list[Any] = []
        self.talk: float | None = None
        self.pick_up: float | None = None
        self.missed = 0


async def recorded_day(database: Database, start: float, end: float) -> RecordedDay:
    """The callers who entered a queue from `start` until before `end`, and all states of agents that touch that time.

    Contacts that are not over are left out. Raises the errors of `acd.edge.database`.
    """
    async with reading(database) as connection:
        contacts = await _contacts(connection, start, end)
        misses = await _reservations(connection, contacts, start, end)
        await _talks(connection, contacts, start, end)
        states = await _states(connection, start, end)
    wrap_ups = {state.cause: state.until - state.since for state in states if state.state == _WRITING}
    calls = [_call(of, contact, wrap_ups) for of, contact in contacts.items()]
    return RecordedDay(start, end, sorted(calls, key=lambda call: call.entered), states, misses)


async def _contacts(connection: AsyncConnection, start: float, end: float) -> dict[InteractionId, _Contact]:
    question = (
        select(segments, interactions.c.dialled, interactions.c.caller_number, interactions.c.call)
        .join(interactions, interactions.c.id == segments.c.interaction)
        .where(segments.c.entered >= start, segments.c.entered < end, segments.c.outcome.is_not(None))
        .where(interactions.c.ended.is_not(None))
        .order_by(segments.c.entered)
    )
    found: dict[InteractionId, _Contact] = {}
    async for row in streamed(connection, question):
        found.setdefault(row.interaction, _Contact()).stays.append(row)
    return found


async def _reservations(
    connection: AsyncConnection, contacts: Mapping[InteractionId, _Contact], start: float, end: float
) -> frozenset[str]:
    question = select(reservations).where(reservations.c.made >= start, reservations.c.made < end)
    misses = set()
    async for row in streamed(connection, question.where(reservations.c.ended.is_not(None))):
        if row.outcome in _MISSED:
            misses.add(row.cause)
        if (contact := contacts.get(row.interaction)) is None:
            continue
        if row.outcome == ReservationOutcome.ACCEPTED.value:
            contact.pick_up = row.ended - row.made
        elif row.outcome in _MISSED:
            contact.missed += 1
    return frozenset(misses)


async def _talks(
    connection: AsyncConnection, contacts: Mapping[InteractionId, _Contact], start: float, end: float
) -> None:
    question = (
        select(talks)
        .join(segments, segments.c.id == talks.c.segment)
        .where(segments.c.entered >= start, segments.c.entered < end, talks.c.ended.is_not(None))
    )
    async for row in streamed(connection, question):
        if (contact := contacts.get(row.interaction)) is not None:
            contact.talk = (contact.talk or 0.0) + row.ended - row.started


async def _states(connection: AsyncConnection, start: float, end: float) -> Sequence[RecordedState]:
    question = (
        select(agent_states)
        .where(
            agent_states.c.since < end,
            or_(agent_states.c.ended.is_(None), and_(agent_states.c.ended > start, agent_states.c.since > 0)),
        )
        .order_by(agent_states.c.agent, agent_states.c.since, agent_states.c.ended)
    )
    found = []
    async for row in streamed(connection, question):
        until = end if row.ended is None else row.ended
        found.append(RecordedState(row.agent, row.state, row.cause, max(row.since, start), max(until, start)))
    return found


def _call(of: InteractionId, contact: _Contact, wrap_ups: Mapping[str, float]) -> RecordedCall:
    first, last = contact.stays[0], contact.stays[-1]
    agents = last.agents or [""]
    return RecordedCall(
        interaction=of,
        dialled=first.dialled,
        number=first.caller_number,
        node=node_of(first.call),
        queue=first.queue,
        entered=first.entered,
        last_queue=last.queue,
        outcome=SegmentOutcome(last.outcome),
        wait=last.wait,
        agent=agents[0],
        talk=contact.talk,
        wrap_up=wrap_ups.get(of),
        pick_up=contact.pick_up,
        missed=contact.missed,
    )
