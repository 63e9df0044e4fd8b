"""Every figure of every report, by its name: what opens behind it adds up to what the report says."""

import random
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.behind.contacts import ContactBehind
from acd.edge.behind.segments import SegmentBehind
from acd.edge.behind.stays import StayBehind
from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.reports import Line, Opened, Reports, Wanted
from acd.edge.tables import agent_states, agents, interactions, reservations, segments
from acd.events import RevisionBegan
from acd.model import AgentId, InteractionOutcome, ReservationOutcome, SegmentOutcome
from acd.people.agents import DOWN
from acd.plan import CenterPlan
from acd.reports.calendar import Every, Range
from acd.reports.columns import (
    AGENT_COLUMNS,
    CENTRE_COLUMNS,
    CONTACT_COLUMNS,
    SEGMENT_COLUMNS,
    Value,
    agent_figures,
    contact_figures,
    segment_figures,
)
from acd.reports.contacts import RESOLVED_WITHIN
from acd.reports.flows import Sought
from acd.reports.opening import FIGURES, opening
from acd.reports.report import By
from acd.reports.service_levels import GenesysSwitches
from acd.reports.tallies import AgentTally, ContactTally, SegmentTally
from acd.revision import Revision, RevisionId
from tests.acd.busy_day import BusyDay

ROUNDED = 0.0501
HELD = {"declined": ReservationOutcome.DECLINED, "not_answered": ReservationOutcome.EXPIRED}
HELD |= {"taken_back": ReservationOutcome.WITHDRAWN}
NEVER = {"hold", "consult"}
"""Figures that are 0 on this day: nobody can hold or consult yet."""


async def kept(history: History, database: Database) -> BusyDay:
    """A day in storage: somebody moves to another team, the centre is down for a while, some are told their wait."""
    busy = BusyDay()
    busy.run(random.Random(3), 150)
    for number, members in enumerate(({"anna": "north", "ben": "north"}, {"anna": "south", "ben": "north"})):
        at = busy.start + number * (busy.centre.now - busy.start) / 2
        teams = {AgentId(agent): team for agent, team in members.items()}
        history.told(RevisionBegan(Revision(RevisionId(f"v{number}"), "eva", "", {}), at, teams))
    for fact in busy.facts:
        history.keep(fact)
    assert await history.flush(20.0)
    away = {"agent": "zoe", "since": busy.start + 5.0, "state": DOWN, "cause": "", "ended": busy.start + 65.0}
    told = {"told_at": segments.c.entered + 1, "told_low": 0.0, "told_high": 12.0}
    async with database.engine.begin() as connection:
        await connection.execute(insert(agents).values(agent="zoe", since=away["since"], state={}, phone="desk"))
        await connection.execute(insert(agent_states).values(away))
        await connection.execute(update(segments).where(segments.c.wait > 2).values(told))
        await have_all_endings(connection)
        for number, outcome in enumerate((*(one.value for one in InteractionOutcome), None)):
            call: Mapping[str, object] = {"call": "c", "caller_number": "1", "caller_name": "", "dialled": "9"}
            times = {"started": busy.start + number, "ended": busy.start + number + 2.0 if outcome else None}
            values = {"id": f"x{number}", "entry_point": "other", "outcome": outcome, **call, **times}
            await connection.execute(insert(interactions).values(values))
    return busy


async def have_all_endings(connection: AsyncConnection) -> None:
    """Those that do not happen on this day take the place of others."""
    gone = select(segments.c.id).where(segments.c.outcome == "abandoned").order_by(segments.c.id)
    for one, outcome in zip(await connection.scalars(gone), SegmentOutcome, strict=False):
        if outcome not in {SegmentOutcome.ANSWERED, SegmentOutcome.ABANDONED}:
            await connection.execute(update(segments).where(segments.c.id == one).values(outcome=outcome.value))
    for how in ReservationOutcome:
        held = select(func.min(reservations.c.id)).where(reservations.c.outcome == "accepted").scalar_subquery()
        await connection.execute(update(reservations).where(reservations.c.id == held).values(outcome=how.value))


def counted(figure: str, by: By, opened: Opened, plan: CenterPlan) -> Value:
    """The figure, from nothing but the rows that open."""
    segment, agent, contact = SegmentTally(), AgentTally(), ContactTally()
    for row in opened.rows:
        match row:
            case SegmentBehind():
                add_segment(segment, row, plan)
                add_work(agent, row, figure)
            case ContactBehind():
                contact.still_open += row.outcome is None
                contact.outcomes.update([row.outcome] if row.outcome else [])
            case StayBehind():
                agent.add_time(row.state, row.reason, row.seconds, row.contacts - 1)
    of_agents = agent_figures(agent)
    if by in {By.AGENT, By.TEAM}:
        return of_agents[figure]
    return {**of_agents, **segment_figures(segment, GenesysSwitches()), **contact_figures(contact)}[figure]


def add_segment(tally: SegmentTally, row: SegmentBehind, plan: CenterPlan) -> None:
    """A stay in a queue."""
    if row.ended is None and row.outcome is None:
        tally.add_open()
    else:
        (in_time,) = [queue.service_level for name, queue in plan.queues.items() if name == row.queue]
        tally.add(row.outcome, row.wait, in_time)
    tally.estimates += row.foretold is not None
    tally.estimates_right += row.foretold is True
    tally.handling.handled += row.talks > 0
    tally.handling.talk += row.talk
    tally.handling.wrap_up += row.wrap_up
    tally.interactions += row.first


def add_work(tally: AgentTally, row: SegmentBehind, figure: str) -> None:
    """What agents did for it."""
    tally.handling.handled += row.talks
    tally.handling.talk += row.talk
    tally.handling.wrap_up += row.wrap_up
    tally.reservations[HELD.get(figure, ReservationOutcome.ACCEPTED).value] += row.asked
    tally.rung += row.rung


def test_no_figure_is_left_out() -> None:
    assert set(FIGURES) == set(CENTRE_COLUMNS) | set(AGENT_COLUMNS) | set(SEGMENT_COLUMNS) | set(CONTACT_COLUMNS)


@pytest.mark.parametrize("by", list(By))
async def test_what_opens_adds_up(history: History, database: Database, by: By) -> None:
    busy = await kept(history, database)
    plan = busy.centre.center.plan
    zone = ZoneInfo(plan.zone)
    first, last = (datetime.fromtimestamp(at, zone).date() for at in (busy.start, busy.centre.now))
    reports = Reports(database, lambda: plan)
    report = await reports.report(Wanted(Range(first, last), Every.QUARTER, by), busy.centre.now)
    seen: set[str] = set()
    for line in (*report.lines, *report.totals):
        where = Line(by, line.name, line.interval.start, line.interval.end)
        for figure in report.columns:
            of = opening(figure)
            assert of is not None
            opened = await reports.behind(where, of, busy.centre.now)
            assert opened.count == len(opened.rows)
            found, expected = counted(figure, by, opened, plan), line.figures[figure]
            assert found == (expected if expected is None else pytest.approx(expected, abs=ROUNDED)), (figure, where)
            if expected:
                seen.add(figure)
    assert set(report.columns) - seen <= NEVER


SHARES = {"containment", "drop_off"}


async def test_what_callers_did_in_several_steps_adds_up(history: History, database: Database) -> None:
    """Each flow, each node, and each group of queues: what its figures count opens, each contact once."""
    busy = await kept(history, database)
    plan, now = busy.centre.center.plan, busy.centre.now
    days = Range(*(datetime.fromtimestamp(at, ZoneInfo(plan.zone)).date() for at in (busy.start, now)))
    reports = Reports(database, lambda: plan)
    flows = await reports.flows(days)
    assert any(line.figures["hung_up"] for line in flows.nodes)
    for line in (*flows.flows, *flows.nodes):
        for figure in (
            "entries",
            "to_queue",
            "abandoned",
            "containment",
            "visits",
            "hung_up",
            "drop_off",
            "no_matches",
        ):
            if (value := line.figures.get(figure)) is not None:
                sought = Sought(line.place.flow, line.place.node, figure=figure)
                opened = await reports.behind_flow(days, sought, now)
                whole = line.figures["visits" if line.place.node else "entries"] if figure in SHARES else value
                assert (opened.count > 0, opened.count <= (whole or 0)) == (bool(whole), True), (line.place, figure)
                assert len(opened.rows) == opened.count
    seen: set[str] = set()
    for one in await reports.resolution(days, now):
        counts = {name: getattr(one, name) for name in ("closed", "followed", "young", "unknown", "declared", "solved")}
        seen |= {name for name, count in counts.items() if count}
        for figure, count in {**counts, "resolution": one.closed, "declared_resolution": one.declared}.items():
            opened = await reports.behind_group(days, one.group, figure, now, RESOLVED_WITHIN)
            assert (opened.count, len(opened.rows)) == (count, count), (one, figure)
    assert {"closed", "followed", "young"} <= seen
