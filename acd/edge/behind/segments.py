"""The segments behind a figure, each with what of it counts in the line that was opened."""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.report_reader import came_true, entered_between, wrap_up_after
from acd.edge.tables import interactions, reservations, segments, talks
from acd.reports.teams import NO_TEAM, Spell


class SegmentBehind(msgspec.Struct, frozen=True):
    """One segment behind a figure."""

    id: str
    interaction: str
    queue: str
    entered: float
    ended: float | None
    outcome: str | None
    wait: float | None
    agents: tuple[str, ...]
    """Who talked."""
    talk: float
    """Seconds, of talks that are over; in the line of an agent or a team theirs, as all below."""
    caller: str
    customer: str
    talks: int = 0
    """Those that are over."""
    wrap_up: float = 0.0
    """Seconds, after them."""
    first: int = 0
    """1: its contact was answered here first."""
    asked: int = 0
    """Agents held for it; of the figures of how that ended, those for whom it ended so."""
    rung: float = 0.0
    """Seconds, of all of them."""
    foretold: bool | None = None
    """Whether the wait that was told came true; None if none was, or if nobody answered."""


class Behind(msgspec.Struct, frozen=True):
    """Which segments: entered from `start` to just before `end`; None means all."""

    start: float
    end: float
    queues: tuple[str, ...] | None = None
    agents: tuple[str, ...] | None = None
    """One of them talked in it."""
    team: str = NO_TEAM
    spells: tuple[Spell, ...] = ()
    """If there are any: somebody talked in it who was in the team when he began."""
    entry_points: tuple[str, ...] | None = None
    outcomes: tuple[str, ...] = ()
    """Values of `SegmentOutcome`."""
    still_open: bool = False
    """Only those that are not over."""
    or_open: bool = False
    """Those that are not over beside those with these outcomes."""
    talked: bool = False
    """Only those with a talk that is over; of an agent: with one of his."""
    foretold: bool = False
    """Only those whose caller was told how long he would wait."""
    asked: tuple[str, ...] = ()
    """Values of `ReservationOutcome`: what counts is not who talked, but who was held for them, and how that ended."""
    slower_than: float | None = None
    """Only those whose wait was longer, seconds."""


async def segments_behind(connection: AsyncConnection, behind: Behind, most: int) -> tuple[list[SegmentBehind], int]:
    """In order of entry, `most` at most; and how many there are."""
    conditions = _conditions(behind)
    question = (
        select(
            segments,
            *_counted(behind),
            func.coalesce(interactions.c.caller_number, "").label("caller"),
            func.coalesce(interactions.c.customer, "").label("customer"),
        )
        .outerjoin_from(segments, interactions, interactions.c.id == segments.c.interaction)
        .where(*conditions)
        .order_by(segments.c.entered, segments.c.id)
        .limit(most)
    )
    count = await connection.scalar(select(func.count()).select_from(segments).where(*conditions))
    return [_behind(row) for row in await connection.execute(question)], count or 0


def _counted(behind: Behind) -> Iterator[ColumnElement[Any]]:
    """What each segment has of the line's talks and reservations."""
    seconds = talks.c.ended - talks.c.started
    of_contact = talks.alias()
    first = (
        select(func.min(of_contact.c.started))
        .where(of_contact.c.interaction == talks.c.interaction, of_contact.c.ended.is_not(None))
        .correlate(talks)
        .scalar_subquery()
    )
    talked: tuple[tuple[str, ColumnElement[Any]], ...] = (
        ("talk", func.coalesce(func.sum(seconds), 0.0)),
        ("talks", func.count()),
        ("wrap_up", func.coalesce(func.sum(func.coalesce(wrap_up_after(), 0.0)), 0.0)),
        ("first", func.coalesce(func.sum(case((talks.c.started == first, 1), else_=0)), 0)),
    )
    his = (
        talks.c.segment == segments.c.id,
        talks.c.ended.is_not(None),
        *_of_line(behind, talks.c.agent, talks.c.started),
    )
    for name, column in talked:
        yield select(column).select_from(talks).where(*his).correlate(segments).scalar_subquery().label(name)
    held = (
        reservations.c.segment == segments.c.id,
        reservations.c.ended.is_not(None),
        reservations.c.outcome.in_(behind.asked) if behind.asked else reservations.c.outcome.is_not(None),
        *_of_line(behind, reservations.c.agent, reservations.c.made),
    )
    rung = func.coalesce(func.sum(reservations.c.ended - reservations.c.made), 0.0)
    for name, column in (("asked", func.count()), ("rung", rung)):
        yield select(column).select_from(reservations).where(*held).correlate(segments).scalar_subquery().label(name)


def _conditions(behind: Behind) -> list[ColumnElement[bool]]:
    conditions = [entered_between(behind.start, behind.end)]
    if behind.queues is not None:
        conditions.append(segments.c.queue.in_(behind.queues))
    conditions.extend(_by_agents(behind))
    if behind.entry_points is not None:
        contact = interactions.alias()
        came_by = contact.c.entry_point.in_(behind.entry_points)
        conditions.append(exists().where(contact.c.id == segments.c.interaction, came_by))
    if behind.outcomes:
        ended = segments.c.outcome.in_(behind.outcomes)
        conditions.append(or_(ended, segments.c.outcome.is_(None)) if behind.or_open else ended)
    if behind.still_open:
        conditions.append(segments.c.outcome.is_(None))
    if behind.foretold:
        conditions.append(segments.c.told_at.is_not(None))
    if behind.slower_than is not None:
        conditions.append(segments.c.wait > behind.slower_than)
    return conditions


def _by_agents(behind: Behind) -> Iterator[ColumnElement[bool]]:
    """Who talked in them, or was asked."""
    if behind.asked:
        agent, began = reservations.c.agent, reservations.c.made
        done = exists().where(reservations.c.segment == segments.c.id, reservations.c.outcome.in_(behind.asked))
        yield done
    else:
        agent, began = talks.c.agent, talks.c.started
        done = exists().where(talks.c.segment == segments.c.id)
        if behind.talked:
            done = done.where(talks.c.ended.is_not(None))
            yield done
    for condition in _of_line(behind, agent, began):
        yield done.where(condition)


def _of_line(behind: Behind, agent: Column[str], began: Column[float]) -> Iterator[ColumnElement[bool]]:
    """What an agent began then is that of the line's agents."""
    if behind.agents is not None:
        yield agent.in_(behind.agents)
    if behind.spells:
        yield or_(*(_in_team(behind.team, spell, agent, began) for spell in behind.spells))


def _in_team(team: str, spell: Spell, agent: Column[str], began: Column[float]) -> ColumnElement[bool]:
    """It began in the spell, and its agent was in the team; whoever was in none is not among its members."""
    is_his = agent.in_(spell.of(team)) if team else agent.not_in(list(spell.members))
    until = () if spell.until is None else (began < spell.until,)
    return and_(is_his, began >= spell.since, *until)


def _behind(row: Any) -> SegmentBehind:  # noqa: ANN401 - SQLAlchemy's row
    return SegmentBehind(
        row.id,
        row.interaction,
        row.queue,
        row.entered,
        row.ended,
        row.outcome,
        row.wait,
        tuple(row.agents or ()),
        row.talk,
        row.caller,
        row.customer,
        row.talks,
        row.wrap_up,
        row.first,
        row.asked,
        row.rung,
        came_true(row),
    )
