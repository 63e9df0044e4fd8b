"""What an agent's time is made of: his stays in the states that a figure counts, and their seconds in the interval."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.report_reader import stays_between
from acd.edge.tables import agent_states
from acd.people.agents import NotReady, tag
from acd.reports.opening import OfStays
from acd.reports.tallies import WORK
from acd.reports.teams import Spell

_BREAK = tag(NotReady)


class StayBehind(msgspec.Struct, frozen=True):
    """One stay of an agent in a state."""

    agent: str
    state: str
    """By its name (`acd.people.agents.tag`)."""
    reason: str
    """Of a break."""
    since: float
    ended: float | None
    """None: he is still in it."""
    seconds: float
    """What of it lies in the interval, and in the time in which he was in the team; until now, if it is not over."""
    contacts: int
    """For how many he worked at once; `contact_time` has the seconds as often as that."""


class Window(msgspec.Struct, frozen=True):
    """Whose stays count from `start` to just before `end`."""

    start: float
    end: float
    agents: tuple[str, ...] | None = None
    """None: all..."""
    but: tuple[str, ...] = ()
    """...except these."""


def of_team(team: str, spells: Sequence[Spell], start: float, end: float) -> Iterator[Window]:
    """One window for each time in which nobody has moved; whoever is in no team is not among the members."""
    for spell in spells:
        since, until = max(start, spell.since), end if spell.until is None else min(end, spell.until)
        if since < until:
            who = {"agents": spell.of(team)} if team else {"but": tuple(spell.members)}
            yield Window(since, until, **who)


async def stays_behind(
    connection: AsyncConnection, windows: Sequence[Window], opening: OfStays, now: float, most: int
) -> tuple[list[StayBehind], int, float]:
    """In order of time, `most` at most; how many there are, and the seconds of all of them."""
    found: list[StayBehind] = []
    count, seconds = 0, 0.0
    for window in windows:
        stays = union_all(*(_question(one, window, opening, now) for one in stays_between(window.start, window.end)))
        all_of_them = stays.subquery()
        lasting = all_of_them.c.seconds > 0
        sums = select(func.count(), func.coalesce(func.sum(all_of_them.c.seconds), 0.0)).where(lasting)
        many, long = (await connection.execute(sums)).one()
        count, seconds = count + many, seconds + long
        order = (all_of_them.c.since, all_of_them.c.agent, all_of_them.c.state)
        rows = select(all_of_them).where(lasting).order_by(*order).limit(most - len(found))
        found += [_behind(row) for row in await connection.execute(rows)]
    return found, count, seconds


def _question(stays: Select[Any], window: Window, opening: OfStays, now: float) -> Select[Any]:
    since, ended = agent_states.c.since, agent_states.c.ended
    start, end, moment = (literal(float(at)) for at in (window.start, window.end, now))
    until = func.coalesce(ended, moment)
    conditions: list[ColumnElement[bool]] = [agent_states.c.state.in_(opening.states)]
    if window.agents is not None:
        conditions.append(agent_states.c.agent.in_(window.agents))
    if window.but:
        conditions.append(agent_states.c.agent.not_in(window.but))
    cut = case((until > end, end), else_=until) - case((since < start, start), else_=since)
    return stays.add_columns(cut.label("seconds")).where(and_(*conditions))


def _behind(row: Any) -> StayBehind:  # noqa: ANN401 - SQLAlchemy's row
    reason = row.cause if row.state == _BREAK else ""
    contacts = 1 + row.others if row.state in WORK else 0
    return StayBehind(row.agent, row.state, reason, row.since, row.ended, row.seconds, contacts)
