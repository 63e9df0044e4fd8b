"""A day with several contacts at once, through storage into reports: whoever adds the lines up finds the same sums."""

import math
import random
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.reports import Reports, Wanted
from acd.events import RevisionBegan
from acd.model import AgentId
from acd.people.agents import Busy, LoggedOut, Ready, tag
from acd.reports.calendar import Every, Range
from acd.reports.report import By, Report
from acd.revision import Revision, RevisionId
from tests.acd.busy_day import BusyDay

TIMES = ("ready_time", "reserved_time", "busy_time", "after_call_time", "break_time")
WORK = ("talk", "wrap_up", "reservations", "accepted", "declined", "not_answered", "taken_back")
OF_AGENTS = (*WORK, *TIMES, "logged_in_time", "contact_time")
OF_QUEUES = ("entered", "answered", "abandoned", "short_abandoned", "overflowed", "callback_requested", "still_open")
ROUNDED = 0.051


def total(report: Report, figure: str) -> float:
    """Over all lines."""
    return sum(float(line.figures[figure] or 0.0) for line in report.lines)


def check_sums(report: Report, whole: Report, figures: Iterable[str]) -> None:
    """The lines, the sums of each name, and the whole say the same as another report says of all together."""
    for figure in figures:
        expected = float(whole.whole.figures[figure] or 0.0)
        assert float(report.whole.figures[figure] or 0.0) == pytest.approx(expected, abs=ROUNDED), figure
        assert total(report, figure) == pytest.approx(expected, abs=ROUNDED * (1 + len(report.lines))), figure


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_sum_is_the_same_sum(history: History, database: Database, seed: int) -> None:
    busy = BusyDay()
    start = busy.start
    busy.run(random.Random(seed), 150)
    for number, teams in enumerate(({"anna": "north", "ben": "north"}, {"anna": "south", "ben": "north"})):
        revision = Revision(RevisionId(f"v{number}"), "eva", "", {})
        members = {AgentId(agent): team for agent, team in teams.items()}
        history.told(RevisionBegan(revision, start + number * (busy.centre.now - start) / 2, members))
    for fact in busy.facts:
        history.keep(fact)
    assert await history.flush(20.0)
    plan = busy.centre.center.plan
    zone = ZoneInfo(plan.zone)
    first, last = (datetime.fromtimestamp(at, zone).date() for at in (start, busy.centre.now))
    reports = Reports(database, lambda: plan)

    async def report(by: By, every: Every) -> Report:
        return await reports.report(Wanted(Range(first, last), every, by), busy.centre.now)

    day = await report(By.CENTRE, Every.DAY)
    assert day.mistakes == ()
    assert float(day.whole.figures["entered"] or 0) > 20
    for every in (Every.QUARTER, Every.HOUR, Every.DAY):
        check_sums(await report(By.CENTRE, every), day, (*OF_AGENTS, *OF_QUEUES))
        check_sums(await report(By.QUEUE, every), day, (*OF_QUEUES, "talk", "wrap_up"))
        check_sums(await report(By.AGENT, every), day, OF_AGENTS)
        check_sums(await report(By.TEAM, every), day, OF_AGENTS)
    check_against_the_accounts(await report(By.AGENT, Every.DAY), busy)


def check_against_the_accounts(report: Report, busy: BusyDay) -> None:
    """Logged-in time is the sum of the states, and what the brain's own standings were."""
    for line in report.totals:
        figures = {name: float(value or 0.0) for name, value in line.figures.items()}
        agent = AgentId(line.name)
        assert figures["logged_in_time"] == pytest.approx(math.fsum(figures[name] for name in TIMES), abs=0.5)
        there = [seconds for (who, state), seconds in busy.in_state.items() if who == agent and state != tag(LoggedOut)]
        assert figures["logged_in_time"] == pytest.approx(math.fsum(there), abs=0.2)
        for name, state in (("busy_time", Busy), ("ready_time", Ready)):
            assert figures[name] == pytest.approx(busy.in_state[agent, tag(state)], abs=0.2)
        assert figures["contact_time"] == pytest.approx(busy.for_contacts[agent], abs=0.2)
        assert figures["occupancy"] <= 1
        assert figures["utilisation"] <= 1
    assert any(float(line.figures["concurrency"] or 0.0) > 1 for line in report.totals)
