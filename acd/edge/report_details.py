"""What stands behind a report's figures: the segments of a cell, where callers left the menu, who had to call again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, ScalarSelect, and_, case, exists, func, or_, select

from acd.edge.database import Database
from acd.edge.report_reader import entered_between, reading, streamed
from acd.edge.tables import interactions, path_steps, reservations, segments, talks, wrap_ups
from acd.model import InteractionOutcome
from acd.reports.contacts import BEFORE_THE_FIRST, NodeFlow, Resolution
from acd.reports.teams import NO_TEAM, Spell

MOST_SEGMENTS = 1000
"""Segments told at once; whoever wants more asks for a shorter time."""

DAY = 86_400.0


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
    """Seconds, of all of them."""
    caller: str
    customer: str


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


class ReportDetails:
    """Raises the errors of `acd.edge.database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def segments(self, behind: Behind, most: int = MOST_SEGMENTS) -> tuple[list[SegmentBehind], int]:
        """In order of entry, `most` at most; and how many there are."""
        conditions = _conditions(behind)
        talked = select(func.sum(talks.c.ended - talks.c.started)).where(talks.c.segment == segments.c.id)
        question = (
            select(
                segments,
                func.coalesce(talked.scalar_subquery(), 0.0).label("talk"),
                func.coalesce(interactions.c.caller_number, "").label("caller"),
                func.coalesce(interactions.c.customer, "").label("customer"),
            )
            .outerjoin_from(segments, interactions, interactions.c.id == segments.c.interaction)
            .where(*conditions)
            .order_by(segments.c.entered, segments.c.id)
            .limit(most)
        )
        async with reading(self._database) as connection:
            count = await connection.scalar(select(func.count()).select_from(segments).where(*conditions))
            rows = (await connection.execute(question)).all()
        return [_behind(row) for row in rows], count or 0

    async def nodes(self, start: float, end: float) -> tuple[NodeFlow, ...]:
        """Of contacts that began in the time, most visited first. The steps of a contact are kept when it is over."""
        of_time = and_(interactions.c.started >= start, interactions.c.started < end)
        in_flow = select(func.count()).where(
            of_time,
            interactions.c.outcome.is_not(None),
            interactions.c.outcome != InteractionOutcome.REJECTED.value,
        )
        visits = (
            select(path_steps.c.flow, path_steps.c.node, func.count(func.distinct(path_steps.c.interaction)))
            .join_from(interactions, path_steps, path_steps.c.interaction == interactions.c.id)
            .where(of_time)
            .group_by(path_steps.c.flow, path_steps.c.node)
        )
        gone = select(_of_last_step(path_steps.c.flow), _of_last_step(path_steps.c.node)).where(
            of_time, interactions.c.outcome == InteractionOutcome.ABANDONED_IN_FLOW.value
        )
        async with reading(self._database) as connection:
            visited = {("", BEFORE_THE_FIRST): await connection.scalar(in_flow) or 0}
            visited |= {(row[0], row[1]): row[2] for row in await connection.execute(visits)}
            left = Counter([(flow or "", node or BEFORE_THE_FIRST) async for flow, node in streamed(connection, gone)])
        flows = [NodeFlow(of[1], count, left[of], of[0]) for of, count in visited.items()]
        return tuple(sorted(flows, key=lambda flow: (-flow.visited, flow.flow, flow.node)))

    async def resolution(
        self, group: str, queues: Sequence[str], start: float, end: float, *, days: int, now: float
    ) -> Resolution:
        """First contact resolution of contacts that began in the time and were in one of these queues."""
        within = days * DAY
        closed = (
            interactions.c.started >= start,
            interactions.c.started < end,
            interactions.c.ended.is_not(None),
            exists().where(segments.c.interaction == interactions.c.id, segments.c.queue.in_(queues)),
        )
        is_known = or_(interactions.c.customer != "", interactions.c.caller_number != "")
        counted = {
            "closed": is_known,
            "followed": _came_again(queues, within),
            "young": and_(is_known, interactions.c.ended > now - within),
            "unknown": ~is_known,
            "declared": _last_said().is_not(None),
            "solved": _last_said().is_(True),
        }
        # All in one go: what takes the time is to find who was in one of the queues.
        question = select(*(func.sum(case((condition, 1), else_=0)).label(name) for name, condition in counted.items()))
        async with reading(self._database) as connection:
            row = (await connection.execute(question.where(*closed))).one()
        return Resolution(group, **{name: getattr(row, name) or 0 for name in counted})


def _of_last_step(column: Column[Any]) -> ScalarSelect[Any]:
    """Something of the last step of a contact; NULL if he did nothing."""
    return (
        select(column)
        .where(path_steps.c.interaction == interactions.c.id)
        .order_by(path_steps.c.position.desc())
        .limit(1)
        .scalar_subquery()
    )


def _last_said() -> ScalarSelect[bool]:
    """Whether the matter is settled, as the last agent has it who said so; NULL if nobody has."""
    return (
        select(wrap_ups.c.solved)
        .where(wrap_ups.c.interaction == interactions.c.id, wrap_ups.c.solved.is_not(None))
        .order_by(wrap_ups.c.at.desc())
        .limit(1)
        .scalar_subquery()
    )


def _came_again(queues: Sequence[str], within: float) -> ColumnElement[bool]:
    """By the CRM's id of the customer; where there is none, by his number. One look in an index each."""
    again = interactions.alias()
    later = (
        again.c.id != interactions.c.id,
        again.c.started >= interactions.c.ended,
        again.c.started <= interactions.c.ended + within,
        exists().where(segments.c.interaction == again.c.id, segments.c.queue.in_(queues)),
    )
    customer, number = interactions.c.customer, interactions.c.caller_number
    return or_(
        and_(customer != "", exists().where(again.c.customer == customer, *later)),
        and_(customer == "", number != "", exists().where(again.c.caller_number == number, *later)),
    )


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
    if behind.agents is not None:
        yield done.where(agent.in_(behind.agents))
    if behind.spells:
        yield done.where(or_(*(_in_team(behind.team, spell, agent, began) for spell in behind.spells)))


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
    )
