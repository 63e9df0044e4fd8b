"""Reports on real databases: from the events that the brain says to the figures, worked out by hand."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import text, update

from acd.edge.behind.segments import Behind
from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.reports import Reports, Wanted
from acd.edge.tables import segments
from acd.events import (
    AfterCallWorkEnded,
    AgentStateChanged,
    CenterEvent,
    InteractionClosed,
    InteractionStarted,
    ReservationEnded,
    RevisionBegan,
    TalkEnded,
    TalkStarted,
    WrapUpChosen,
)
from acd.model import (
    AgentId,
    InteractionId,
    InteractionOutcome,
    PhoneKind,
    ReservationId,
    ReservationOutcome,
    SegmentId,
    SegmentOutcome,
    WrapUpCode,
)
from acd.people.agents import AfterCallWork, NotReady, Ready
from acd.plan import CenterPlan
from acd.reports.calendar import Every, Range
from acd.reports.contacts import Resolution
from acd.reports.report import By, Report
from acd.revision import Revision, RevisionId
from cti.model import CallerId, CallId
from tests.acd.company import agent, company, queue
from tests.acd.edge.history.calls import ANNA, BILLING, answered_call, closed, entered, left, started

ZONE = ZoneInfo("Europe/Berlin")
DAY = Range(date(2026, 11, 2), date(2026, 11, 2))
AT = datetime(2026, 11, 2, 9, 0, tzinfo=ZONE).timestamp()
NOW = AT + 10 * 3600


def plan() -> CenterPlan:
    """Anna is in a team; products and billing are one matter."""
    both = (queue(BILLING, group="money"), queue(msgspec.convert("products", type(BILLING)), group="money"))
    anna = msgspec.structs.replace(agent("anna", billing=5), team="north")
    return company(*both, agents=(anna, agent("ben", billing=3)))


async def told(history: History, *events: CenterEvent) -> None:
    """And written."""
    for event in events:
        history.told(event)
    assert await history.flush(10.0)


def gone(name: str, at: float, after: float, outcome: SegmentOutcome) -> list[CenterEvent]:
    """A caller who never talked; 10 s in the menu before."""
    return [
        started(name, at - 10),
        entered(name, BILLING, at),
        left(name, BILLING, at, at + after, outcome),
        closed(name, at - 10, at + after, InteractionOutcome.ABANDONED_IN_QUEUE),
    ]


def figures(report: Report, when: str, *names: str) -> list[object]:
    """Of the line that begins at this time of the day."""
    (line,) = [one for one in report.lines if one.interval.label[11:16] == when]
    return [line.figures[name] for name in names]


def declined(name: str) -> CenterEvent:
    """Ben did not want him."""
    return ReservationEnded(
        ReservationId(f"{name}-r0"), InteractionId(name), SegmentId(f"{name}-s"), AgentId("ben"), AT + 10, AT + 15,
        ReservationOutcome.DECLINED, "declined",
    )  # fmt: skip


async def test_a_morning(history: History, database: Database) -> None:
    """Enters at 9:00:10 and is answered after 8 s; two give up at 9:40; one still waits since 10:05."""
    await told(
        history,
        *answered_call("i1", AT),
        declined("i1"),
        *gone("i2", AT + 2400, 30.0, SegmentOutcome.ABANDONED),
        *gone("i3", AT + 2400, 3.0, SegmentOutcome.SHORT_ABANDONED),
        started("i4", AT + 3900 - 10),
        entered("i4", BILLING, AT + 3900),
    )
    reports = Reports(database, plan)
    found = await reports.report(Wanted(DAY), NOW)
    assert found.mistakes == ()
    columns = ("entered", "answered", "service_level", "asa", "talk", "wrap_up", "aht", "aht_interaction")
    assert figures(found, "09:00", *columns) == [1, 1, 1.0, 8.0, 60.0, 20.0, 80.0, 80.0]
    assert figures(found, "09:30", "entered", "abandoned", "short_abandoned", "abandon_rate") == [2, 1, 1, 1.0]
    assert figures(found, "10:00", "entered", "still_open", "ledger_ok", "service_level") == [1, 1, True, None]
    assert found.whole.figures["service_level"] == 0.5

    agents = await reports.report(Wanted(DAY, Every.HOUR, By.AGENT), NOW)
    anna, ben = agents.totals
    assert (anna.name, ben.name) == ("anna", "ben")
    assert [anna.figures[name] for name in ("handled", "reservations", "accepted", "ring_mean")] == [1, 1, 1, 3.0]
    assert [anna.figures[name] for name in ("reserved_time", "busy_time", "after_call_time")] == [3.0, 60.0, 20.0]
    assert anna.figures["ready_time"] == 15.0 + NOW - AT - 98
    assert [ben.figures[name] for name in ("reservations", "declined", "handled")] == [1, 1, 0]
    teams = await reports.report(Wanted(DAY, Every.DAY, By.TEAM), NOW)
    assert [(line.name, line.figures["handled"]) for line in teams.totals] == [("", 0), ("north", 1)]
    centre = (await reports.report(Wanted(DAY, Every.DAY, By.CENTRE), NOW)).whole.figures
    assert [centre[name] for name in ("entered", "contacts", "contacts_open", "break_time")] == [4, 4, 1, 50.0]


async def test_every_figure_opens_into_its_segments(history: History, database: Database) -> None:
    await told(
        history, *answered_call("i1", AT), declined("i1"), *gone("i2", AT + 2400, 30.0, SegmentOutcome.ABANDONED)
    )
    reports = Reports(database, plan)
    hour = Behind(AT, AT + 3600)
    found, count = await reports.segments(By.QUEUE, "billing", hour)
    assert ([one.interaction for one in found], count) == (["i1", "i2"], 2)
    first = found[0]
    assert (first.outcome, first.wait, first.agents, first.talk, first.customer) == (
        "answered",
        8,
        ("anna",),
        60,
        "1001",
    )
    for by, name, behind, expected in [
        (By.CENTRE, "centre", hour, ["i1", "i2"]),
        (By.AGENT, "anna", hour, ["i1"]),
        (By.AGENT, "ben", hour, []),
        (By.TEAM, "north", hour, ["i1"]),
        (By.TEAM, "", hour, []),
        (By.ENTRY_POINT, "main", hour, ["i1", "i2"]),
        (By.ENTRY_POINT, "other", hour, []),
        (By.QUEUE, "billing", Behind(AT, AT + 3600, outcomes=("abandoned",)), ["i2"]),
        (By.QUEUE, "billing", Behind(AT, AT + 3600, slower_than=20.0), ["i2"]),
        (By.QUEUE, "billing", Behind(AT, AT + 3600, still_open=True), []),
        (By.QUEUE, "billing", Behind(AT + 20, AT + 3600), ["i2"]),
        (By.AGENT, "ben", Behind(AT, AT + 3600, asked=("declined", "expired")), ["i1"]),
        (By.AGENT, "anna", Behind(AT, AT + 3600, asked=("declined", "expired")), []),
        (By.AGENT, "anna", Behind(AT, AT + 3600, asked=("accepted",)), ["i1"]),
        (By.TEAM, "", Behind(AT, AT + 3600, asked=("declined",)), ["i1"]),
        (By.TEAM, "north", Behind(AT, AT + 3600, asked=("declined",)), []),
        (By.CENTRE, "centre", Behind(AT, AT + 3600, foretold=True), []),
    ]:
        found, count = await reports.segments(by, name, behind)
        assert [one.interaction for one in found] == expected, (by, name, behind)
        assert count == len(expected)
    found, count = await reports.segments(By.CENTRE, "centre", hour, most=1)
    assert (len(found), count) == (1, 2)


async def test_who_moves_takes_nothing_with_him(history: History, database: Database) -> None:
    """Anna was in the north for her first call, in the south for her second, and is in no team in the plan of today."""
    teams: list[Mapping[AgentId, str]] = [{ANNA: "north"}, {ANNA: "north"}, {ANNA: "south"}]
    for number, members in enumerate(teams):
        revision = Revision(RevisionId(f"v{number}"), "eva", "", {"center.yaml": str(number)})
        await told(history, RevisionBegan(revision, AT - 3600 + 1800 * number, members))
    await told(history, *answered_call("i1", AT - 1200), *answered_call("i2", AT + 600))
    reports = Reports(database, company)
    found = await reports.report(Wanted(DAY, Every.DAY, By.TEAM), NOW)
    assert {line.name: line.figures["handled"] for line in found.totals} == {"north": 1, "south": 1}
    busy = [line.figures["busy_time"] for line in found.totals]
    agents = await reports.report(Wanted(DAY, Every.DAY, By.AGENT), NOW)
    assert busy == [60.0, 60.0]
    assert agents.whole.figures["busy_time"] == 120.0
    for team, expected in (("north", ["i1"]), ("south", ["i2"]), ("", [])):
        behind, _ = await reports.segments(By.TEAM, team, Behind(AT - 3600, AT + 3600))
        assert [one.interaction for one in behind] == expected


async def test_a_past_goal_counts_for_the_past(history: History, database: Database) -> None:
    """Both calls waited for 8 seconds; half an hour ago 5 were the goal, and today it is 20."""
    goals = [{BILLING: 5.0}, {BILLING: 10.0}]
    for number, goal in enumerate(goals):
        revision = Revision(RevisionId(f"v{number}"), "eva", "", {"center.yaml": str(number)})
        await told(history, RevisionBegan(revision, AT - 3600 + 3600 * number, service_levels=goal))
    await told(history, *answered_call("i1", AT - 1200), *answered_call("i2", AT + 600))
    reports = Reports(database, company)
    for within, expected in ((None, 0.5), (9.0, 1.0), (7.0, 0.0)):
        found = await reports.report(Wanted(DAY, Every.DAY, By.QUEUE, within=within), NOW)
        assert found.whole.figures["service_level"] == expected


async def test_whether_what_was_told_came_true(history: History, database: Database) -> None:
    """Both were answered after 8 s; told 2 s after their entry: 5 to 7 s more (it was 6), and 1 to 5 s more."""
    await told(history, *answered_call("i1", AT), *answered_call("i2", AT + 600))
    async with database.engine.begin() as connection:
        for name, at, low, high in (("i1", AT + 12, 5.0, 7.0), ("i2", AT + 612, 1.0, 5.0)):
            await connection.execute(
                update(segments).where(segments.c.id == f"{name}-s").values(told_at=at, told_low=low, told_high=high)
            )
    whole = (await Reports(database, plan).report(Wanted(DAY), NOW)).whole.figures
    assert (whole["estimates"], whole["estimate_coverage"]) == (2, 0.5)


async def test_two_talks_of_one_contact(history: History, database: Database) -> None:
    """Anna twice, with after-call work behind each talk: nothing is counted twice, nothing is left out."""
    of, later = InteractionId("i1"), AT + 200
    writing = AfterCallWork(later + 30, of, later + 90)
    await told(
        history,
        *answered_call("i1", AT),
        left("i1-b", BILLING, later, later, SegmentOutcome.ANSWERED, ANNA),
        TalkStarted(of, SegmentId("i1-b-s"), ANNA, later),
        TalkEnded(of, SegmentId("i1-b-s"), ANNA, later, later + 30, "customer"),
        AgentStateChanged(ANNA, Ready(later), writing, PhoneKind.DESK),
        AfterCallWorkEnded(of, ANNA, later + 30, later + 35),
        AgentStateChanged(ANNA, writing, NotReady(later + 35, "lunch"), PhoneKind.DESK),
    )
    whole = (await Reports(database, plan).report(Wanted(DAY), NOW)).whole.figures
    assert [whole[name] for name in ("handled", "talk", "wrap_up", "aht")] == [2, 90.0, 25.0, 57.5]


async def test_a_state_that_began_days_ago(history: History, database: Database) -> None:
    """Ready since the day before yesterday: the whole day is his, and nothing of what others were in before."""
    early = AT - 2 * 86_400
    desk = PhoneKind.DESK
    await told(
        history,
        AgentStateChanged(ANNA, NotReady(early - 50, "lunch"), Ready(early), desk),
        AgentStateChanged(AgentId("ben"), Ready(early - 9), NotReady(early, "lunch"), desk),
        AgentStateChanged(AgentId("ben"), NotReady(early, "lunch"), Ready(early + 60), desk),
        AgentStateChanged(AgentId("ben"), Ready(early + 60), NotReady(AT, "lunch"), desk),
    )
    anna, ben = (await Reports(database, plan).report(Wanted(DAY, Every.DAY, By.AGENT), NOW + 86_400)).totals
    assert anna.figures["ready_time"] == 86_400.0
    assert (ben.figures["ready_time"], ben.figures["break_time"]) == (9 * 3600.0, 15 * 3600.0)


def visit(name: str, at: float, number: str, customer: str, queue_of: str = "billing") -> list[CenterEvent]:
    """A whole contact of somebody in particular, 60 s long."""
    caller = CallerId(number, "")
    of, call = InteractionId(name), CallId(f"pbx1/{name}")
    queued = msgspec.convert(queue_of, type(BILLING))
    return [
        InteractionStarted(of, call, caller, "1000", "main", at),
        left(name, queued, at, at + 60, SegmentOutcome.ABANDONED),
        InteractionClosed(of, call, caller, "1000", "main", at, at + 60, InteractionOutcome.ANSWERED, (), customer),
    ]


async def test_who_had_to_call_again(history: History, database: Database) -> None:
    day = 86_400.0
    await told(
        history,
        *visit("known", AT, "+491", "c1"),
        *visit("known-again", AT + 2 * day, "+499", "c1", "products"),
        *visit("number", AT, "+492", ""),
        *visit("number-late", AT + 8 * day, "+492", ""),
        *visit("hidden", AT, "", ""),
        *visit("hidden-again", AT + 60, "", ""),
        *visit("once", AT, "+493", "c3"),
        *visit("once-elsewhere", AT + day, "+493", "c3", "other"),
    )
    reports = Reports(database, plan)
    (money,) = await reports.resolution(DAY, AT + 30 * day)
    assert (money.group, money.closed, money.followed, money.young, money.unknown) == ("money", 3, 1, 0, 2)
    assert money.share == pytest.approx(2 / 3)
    (money,) = await reports.resolution(DAY, AT + day, within=9)
    assert (money.followed, money.young) == (2, 3)


async def test_what_agents_say_of_it(history: History, database: Database) -> None:
    """The last who said so counts, whatever is classified later; who was not asked, or not closed, is in none."""

    def said(name: str, agent: str, at: float, *, solved: bool | None) -> CenterEvent:
        return WrapUpChosen(InteractionId(name), AgentId(agent), WrapUpCode(""), "", at, solved=solved)

    await told(
        history,
        *visit("one", AT, "+491", ""),
        said("one", "anna", AT + 60, solved=False),
        said("one", "ben", AT + 70, solved=True),
        said("one", "chloe", AT + 80, solved=None),
        *visit("two", AT, "", ""),
        said("two", "anna", AT + 60, solved=True),
        said("two", "anna", AT + 61, solved=False),
        *visit("three", AT, "+493", ""),
        said("three", "anna", AT + 60, solved=None),
        started("open", AT),
        entered("open", BILLING, AT),
        said("open", "anna", AT + 60, solved=True),
    )
    (money,) = await Reports(database, plan).resolution(DAY, AT + 600)
    assert (money.closed, money.declared, money.solved, money.declared_share) == (2, 2, 1, 0.5)
    assert Resolution("", 0, 0, 0, 0).declared_share is None


async def test_the_questions_go_by_an_index(history: History, database: Database) -> None:
    """Where there are a million rows, nobody reads a table from its beginning."""
    await told(history, *answered_call("i1", AT))
    if not database.is_sqlite:
        return  # PostgreSQL decides by the size of a table, and these are small
    asked: list[str] = []
    async with database.engine.connect() as connection:
        for table, where in [
            ("after_call_work", "interaction = 'i1' AND agent = 'anna'"),
            ("agent_states", "since >= 1 AND since < 2"),
            ("reservations", "segment = 's'"),
            ("interactions", "caller_number = '1' AND started > 2"),
        ]:
            rows = await connection.execute(text(f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {where}"))  # noqa: S608
            asked += [row.detail for row in rows]
    assert [line for line in asked if "USING INDEX" not in line] == []
