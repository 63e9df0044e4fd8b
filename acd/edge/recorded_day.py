"""Reads a day from storage for `callwright replay`: its callers with what became of them, and its agents' states."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.database import Database
from acd.edge.history_reader import LONGEST_STATE, past_work
from acd.edge.report_reader import reading, streamed
from acd.edge.tables import after_call_work, agent_states, interactions, reservations, segments, talks, voicemails
from acd.model import (
    AgentId,
    InteractionId,
    PhoneKind,
    QueueName,
    ReservationOutcome,
    SegmentOutcome,
    VoicemailId,
)
from acd.people.agents import Busy, LoggedOut, Reserved, tag
from acd.people.occupancy import PastWork
from acd.simulation.messages import LeftMessage
from acd.simulation.recorded import RecordedCall, RecordedDay, RecordedState
from cti.model import node_of

_OUT, _BUSY, _RESERVED = tag(LoggedOut), tag(Busy), tag(Reserved)
_EXPIRED = ReservationOutcome.EXPIRED.value
_MISSED = (_EXPIRED, ReservationOutcome.DECLINED.value)


class _Contact:
    """One interaction while its rows come in."""

    def __init__(self) -> None:
        self.stays: list[Any] = []
        self.talk: float | None = None
        self.heard = math.inf
        """When there was two-way audio for the first time."""
        self.answered: tuple[float, float] | None = None
        """When the agent who answered was asked, and when he did."""
        self.rang = 0.0
        self.missed: list[float] = []


async def recorded_day(database: Database, start: float, end: float) -> RecordedDay:
    """The callers who entered a queue from `start` until before `end`, and all states of agents that touch that time.

    Contacts that are not over are left out. Raises the errors of `acd.edge.database`.
    """
    async with reading(database) as connection:
        contacts = await _contacts(connection, start, end)
        misses = await _reservations(connection, contacts, start, end)
        await _talks(connection, contacts, start, end)
        wrap_ups = await _after_call_work(connection, start, end)
        states = await _states(connection, start, end)
        at_work = {state.agent for state in states if state.since <= start and state.state != _OUT}
        messages = await _messages(connection, states, start, end)
        past = await _past(connection, at_work, start)
    calls = [_call(of, contact, wrap_ups) for of, contact in contacts.items()]
    calls.sort(key=lambda call: (call.entered, call.interaction))
    return RecordedDay(start, end, calls, states, misses, messages, past)


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
    question = (
        select(reservations)
        .where(reservations.c.made >= start, reservations.c.made < end)
        .order_by(reservations.c.made, reservations.c.id)
    )
    misses = set()
    async for row in streamed(connection, question.where(reservations.c.ended.is_not(None))):
        if row.outcome in _MISSED:
            misses.add(row.cause)
        if (contact := contacts.get(row.interaction)) is None:
            continue
        if row.outcome == ReservationOutcome.ACCEPTED.value:
            contact.answered = row.made, row.ended
        elif row.outcome == ReservationOutcome.WITHDRAWN.value:
            contact.rang = row.ended - row.made
        else:
            contact.missed.append(math.inf if row.outcome == _EXPIRED else row.ended - row.made)
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
            contact.heard = min(contact.heard, row.started)


async def _after_call_work(
    connection: AsyncConnection, start: float, end: float
) -> Mapping[tuple[str, AgentId], float]:
    """Seconds, by contact and agent; the last time."""
    question = (
        select(after_call_work)
        .join_from(segments, after_call_work, after_call_work.c.interaction == segments.c.interaction)
        .where(segments.c.entered >= start, segments.c.entered < end, after_call_work.c.ended < end)
        .order_by(after_call_work.c.since)
    )
    rows = streamed(connection, question)
    return {(row.interaction, row.agent): row.ended - row.since async for row in rows}


async def _states(connection: AsyncConnection, start: float, end: float) -> Sequence[RecordedState]:
    question = (
        select(agent_states)
        .where(
            agent_states.c.since < end,
            or_(agent_states.c.ended.is_(None), and_(agent_states.c.ended > start, agent_states.c.since > 0)),
        )
        .order_by(agent_states.c.agent, agent_states.c.since)
    )
    rows = [row async for row in streamed(connection, question)]
    # Of those that began in the same instant, the one that lasted came last.
    rows.sort(key=lambda row: (row.agent, row.since, math.inf if row.ended is None else row.ended))
    return [
        RecordedState(
            row.agent,
            row.state,
            row.cause,
            max(row.since, start),
            min(end, max(end if row.ended is None else row.ended, start)),
            PhoneKind(row.phone) if row.phone else None,
        )
        for row in rows
    ]


async def _messages(
    connection: AsyncConnection, states: Sequence[RecordedState], start: float, end: float
) -> Mapping[InteractionId, LeftMessage]:
    """Those that somebody had in hand until he said that they were done."""
    busy = {(state.agent, round(state.until, 2)): state for state in states if state.state == _BUSY}
    asked = {(state.agent, state.cause): state for state in states if state.state == _RESERVED}
    question = select(voicemails).where(voicemails.c.done_at >= start, voicemails.c.done_at < end)
    found: dict[InteractionId, LeftMessage] = {}
    async for row in streamed(connection, question.order_by(voicemails.c.done_at)):
        work = busy.get((row.done_by, round(row.done_at, 2)))
        if work is None or row.ended is None or (before := asked.get((row.done_by, work.cause))) is None:
            continue
        found[InteractionId(work.cause)] = LeftMessage(
            VoicemailId(row.id),
            max(row.ended, start),
            QueueName(row.queue),
            row.caller_number,
            InteractionId(row.interaction),
            before.until - before.since,
            work.until - work.since,
        )
    return found


async def _past(connection: AsyncConnection, those: Collection[AgentId], start: float) -> Mapping[AgentId, PastWork]:
    """How busy these agents had been in the hour before the day began."""
    question = (
        select(agent_states)
        .where(agent_states.c.since < start, agent_states.c.since > start - LONGEST_STATE)
        .order_by(agent_states.c.agent, agent_states.c.since)
    )
    found: dict[AgentId, list[tuple[str, float, float]]] = {agent: [] for agent in those}
    async for row in streamed(connection, question):
        if row.agent in found:
            until = start if row.ended is None else min(row.ended, start)
            found[row.agent].append((row.state, row.since, until))
    return {agent: past_work(states, start) for agent, states in found.items() if states}


def _call(of: InteractionId, contact: _Contact, wrap_ups: Mapping[tuple[str, AgentId], float]) -> RecordedCall:
    first, last = contact.stays[0], contact.stays[-1]
    agents = last.agents or [""]
    made, answered = contact.answered or (None, 0.0)
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
        stayed=last.entered + last.wait - first.entered,
        talk=contact.talk,
        wrap_up=wrap_ups.get((of, agents[0])),
        pick_up=None if made is None else answered - made,
        connect=max(0.0, contact.heard - answered) if made is not None and contact.talk is not None else 0.0,
        rang=contact.rang if made is None else 0.0,
        cause=last.cause,
        missed=tuple(contact.missed),
    )
