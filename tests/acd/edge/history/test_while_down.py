"""The process is killed, and starts again later: whose time that was in the books, and in the figures made of them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.history_facts import fact_of
from acd.edge.history_reader import HistoryReader
from acd.edge.history_sql import write_facts
from acd.edge.recall import Recall
from acd.edge.reports import Reports, Wanted
from acd.events import AfterCallWorkEnded, CenterEvent, SegmentClosed, TalkEnded
from acd.floor import Output
from acd.model import AgentId, PhoneKind, SegmentOutcome
from acd.plan import CenterPlan
from acd.remembered import AgentRemembered, Restarted
from acd.reports.calendar import Every, Range
from acd.reports.report import By
from acd.requests import LogOut, TakeBreak
from acd.told import DesktopConnected
from cti.events import LegSeen, PbxSynchronized
from cti.model import LegId
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, company, queue
from tests.acd.edge.history.books import nobody_listens
from tests.acd.edge.history.calls import ANNA
from tests.acd.test_recovery import memory_of

ZONE = ZoneInfo("Europe/Berlin")
EIGHTEEN = datetime(2026, 11, 2, 18, 0, tzinfo=ZONE).timestamp()
NIGHT = 14 * 3600.0
BOTH_DAYS = Range(date(2026, 11, 2), date(2026, 11, 3))
BEN, CHLOE, DAN = AgentId("ben"), AgentId("chloe"), AgentId("dan")
TIMES = (
    *("ready_time", "reserved_time", "busy_time", "after_call_time", "break_time", "logged_out_time", "down_time"),
)


class House:
    """A centre that tells real storage, and can be killed. Its first process begins at 17:00."""

    def __init__(self, database: Database, history: History, plan: CenterPlan | None = None) -> None:
        self.centre = Centre(plan or company(queue(BILLING, wrap_up=None)), "one", EIGHTEEN - 3600.0)
        self.centre.connect()
        self.began = self.centre.now
        self.alive = 0.0
        self._database = database
        self._history = history
        self._told = 0

    def noticed(self) -> None:
        """What was said so far needs no telling any more."""
        self._told = len(self.centre.said)

    async def written(self) -> None:
        """All that was said so far is in the database."""
        said: Sequence[Output] = self.centre.said[self._told :]
        self.noticed()
        for one in said:
            if isinstance(one, CenterEvent):
                self._history.told(one)
        assert await self._history.flush(20.0)

    async def killed(self, seconds: float, plan: CenterPlan | None = None) -> Centre:
        """And another begins after so many seconds; gives the one that was killed."""
        await self.written()
        before, self.alive = self.centre, self.centre.now
        self.began = before.now + seconds
        self.centre = Centre(plan or before.center.plan, f"{before._instance}'", self.began)
        self._told = 0
        self.centre.tell(Restarted(self.alive))
        for remembered in await self._history.agent_states():
            self.centre.tell(remembered)
        await self.written()
        return before

    async def closes_its_books(self) -> None:
        """Of what no PBX has."""
        still = self.centre.center.survivors()
        await self._history.close_orphans(still, self.began, nobody_listens, self.alive)

    async def times(self, agent: AgentId) -> Mapping[str, float]:
        """Of both days, without what is 0."""
        await self.written()
        reports = Reports(self._database, lambda: self.centre.center.plan)
        report = await reports.report(Wanted(BOTH_DAYS, Every.DAY, By.AGENT), self.centre.now)
        (line,) = [line for line in report.totals if line.name == agent]
        figures = {name: float(line.figures[name] or 0.0) for name in TIMES}
        at_work = sum(seconds for name, seconds in figures.items() if name not in {"logged_out_time", "down_time"})
        assert line.figures["logged_in_time"] == pytest.approx(at_work)
        return {name: seconds for name, seconds in figures.items() if seconds}

    async def stays(self, agent: AgentId) -> list[tuple[str, float, float | None]]:
        """From 18:00 on, in seconds; they follow each other without a gap."""
        await self.written()
        found = await HistoryReader(self._database).intervals(agent, 0.0)
        for one, other in pairwise(found):
            assert one.ended == other.since, (one, other)
        assert [one.ended for one in found].count(None) == 1
        return [
            (one.state, one.since - EIGHTEEN, None if one.ended is None else one.ended - EIGHTEEN)
            for one in found
            if one.ended is None or one.ended > EIGHTEEN
        ]


@pytest.fixture
def house(database: Database, history: History) -> House:
    """On the database of the test."""
    return House(database, history)


def talk(centre: Centre, agent: AgentId) -> tuple[LegId, LegId]:
    """The legs of a caller and of an agent who has just said Ready."""
    centre.ready(agent)
    caller = centre.call_billing()
    centre.wait(4.0)
    centre.answer()
    centre.wait(1.0)
    return caller, centre.connect_call(caller).leg


def found(before: Centre, *legs: LegId) -> PbxSynchronized:
    """On the PBX, in one bridge."""
    return PbxSynchronized(
        NODE,
        tuple(LegSeen(leg, True, tuple(one for one in legs if one != leg), memory_of(before, leg)) for leg in legs),
    )


async def test_a_night_belongs_to_nobody(house: House) -> None:
    """Anna is Ready, Ben at lunch, Dan has gone home; Chloe has never been there."""
    centre = house.centre
    centre.ready("anna", "ben", "dan")
    centre.wait(1800.0)
    centre.tell(TakeBreak(centre.request_id(), BEN, "lunch"))
    centre.tell(LogOut(centre.request_id(), DAN))
    centre.wait(1800.0)
    await house.killed(NIGHT)
    assert await house.times(ANNA) == {"ready_time": 3600.0, "down_time": NIGHT}
    assert await house.times(BEN) == {"ready_time": 1800.0, "break_time": 1800.0, "down_time": NIGHT}
    assert await house.times(DAN) == {"ready_time": 1800.0, "logged_out_time": 1800.0 + NIGHT}
    house.centre.wait(600.0)  # nobody has come back: logged out after five minutes
    assert await house.times(ANNA) == {
        "ready_time": 3600.0,
        "down_time": NIGHT,
        "break_time": 360.0,
        "logged_out_time": 240.0,
    }
    assert [state for state, _, _ in await house.stays(ANNA)] == ["down", "not_ready", "not_ready", "logged_out"]


async def test_the_boards_day_leaves_it_out_too(house: House, database: Database) -> None:
    centre = house.centre
    centre.ready("anna")
    centre.wait(3600.0)
    await house.killed(5 * 3600.0)
    midnight = EIGHTEEN - 18 * 3600.0
    past = (await Recall(database).day(midnight, house.began)).past[ANNA]
    assert past.times == {"not_ready": 0.0, "ready": 3600.0, "down": 5 * 3600.0}


@pytest.mark.parametrize("seconds", [1.0, 50.0])
async def test_a_break_goes_on_over_a_brief_restart(house: House, seconds: float) -> None:
    centre = house.centre
    centre.ready("anna", "ben")
    centre.tell(TakeBreak(centre.request_id(), BEN, "lunch"))
    centre.wait(3600.0)
    await house.killed(seconds)
    house.centre.wait(20.0)
    house.centre.ready("anna", "ben")
    house.centre.wait(100.0)
    assert await house.times(BEN) == {"break_time": 3620.0 + seconds, "ready_time": 100.0}
    assert await house.times(ANNA) == {"ready_time": 3700.0, "down_time": seconds, "break_time": 20.0}
    assert [state for state, _, _ in await house.stays(BEN)] == ["not_ready", "ready"]


@pytest.mark.parametrize("seconds", [1.0, 1800.0])
@pytest.mark.parametrize("synchronized_after", [0.0, 3.0])
async def test_who_is_found_in_a_talk_has_talked_all_the_time(
    house: House, seconds: float, synchronized_after: float
) -> None:
    house.centre.wait(3000.0)
    legs = talk(house.centre, ANNA)
    house.centre.wait(595.0)
    before = await house.killed(seconds)
    house.centre.wait(synchronized_after)
    house.centre.tell(found(before, *legs))
    house.centre.wait(100.0)
    expected = {"reserved_time": 4.0, "busy_time": 596.0 + seconds + synchronized_after + 100.0}
    assert await house.times(ANNA) == expected
    house.centre.hang_up(legs[0])
    house.centre.wait(30.0)
    assert await house.times(ANNA) == {**expected, "after_call_time": 30.0}
    stays = [(state, until) for state, since, until in await house.stays(ANNA) if since != until]
    assert [state for state, _ in stays] == ["busy", "busy", "after_call_work"]
    assert stays[0] == ("busy", seconds)
    assert house.centre.last(TalkEnded).at - house.centre.last(TalkEnded).started == pytest.approx(
        595.0 + seconds + synchronized_after + 100.0
    )


async def test_killed_in_the_moment_in_which_the_phone_is_answered(house: House) -> None:
    """The stay of no length and the time after it begin in the same instant."""
    legs = talk(house.centre, ANNA)
    house.centre.hang_up(legs[0])
    house.centre.ready("anna")
    second = house.centre.call_billing()
    ring = house.centre.connect_call(second)
    before = await house.killed(500.0)
    house.centre.tell(found(before, second, ring.leg))
    house.centre.wait(10.0)
    assert (await house.times(ANNA))["busy_time"] == 1.0 + 500.0 + 10.0
    await house.stays(ANNA)


async def test_a_talk_that_is_over_afterwards_is_counted_until_the_last_sign_of_life(
    house: House, database: Database
) -> None:
    """Anna's caller has gone, Ben has left his: nobody knows when. A third waited."""
    house.centre.wait(3000.0)
    talk(house.centre, ANNA)
    left = talk(house.centre, BEN)
    waiting = house.centre.call_billing()
    house.centre.wait(590.0)
    waited = house.centre.interaction(waiting).id
    before = await house.killed(NIGHT)
    house.centre.tell(found(before, left[0]))
    await house.written()
    await house.closes_its_books()
    for agent, talked in ((ANNA, 595.0), (BEN, 590.0)):
        times = await house.times(agent)
        assert times["busy_time"] == talked + 1.0
        assert times["down_time"] == NIGHT
    reports = Reports(database, lambda: house.centre.center.plan)
    whole = (await reports.report(Wanted(BOTH_DAYS, Every.DAY, By.QUEUE), house.centre.now)).whole
    assert [whole.figures[name] for name in ("handled", "talk", "longest_wait")] == [2, 1185.0, 590.0]
    known = await HistoryReader(database).interaction(waited)
    assert known is not None
    assert [(one.outcome, one.wait) for one in known.segments] == [(SegmentOutcome.FAILED, 590.0)]


async def test_after_call_work_as_long_as_one_likes_has_no_night_in_it(house: House) -> None:
    """It is shown again in the morning, and goes on; what is counted of it is what she did while somebody looked."""
    house.centre.wait(3000.0)
    legs = talk(house.centre, ANNA)
    house.centre.hang_up(legs[0])
    house.centre.wait(595.0)
    await house.killed(NIGHT)
    house.centre.tell(DesktopConnected(ANNA))
    house.centre.wait(100.0)
    house.centre.ready("anna")
    times = await house.times(ANNA)
    assert (times["after_call_time"], times["down_time"]) == (695.0, NIGHT)
    ended = house.centre.every(AfterCallWorkEnded)
    assert [one.at - one.since for one in ended] == [595.0, 100.0]
    assert isinstance(fact_of(house.centre.last(AfterCallWorkEnded)), AfterCallWorkEnded)


async def test_after_call_work_behind_another_call_counts_until_the_kill(database: Database, history: History) -> None:
    """She writes up her first caller while she talks with the second; only the talk is shown of her."""
    plan = company(queue(BILLING, wrap_up=None))
    two_lines = {**plan.agents, ANNA: replace(plan.agents[ANNA], capacity=2)}
    house = House(database, history, replace(plan, agents=two_lines))
    legs = talk(house.centre, ANNA)
    house.centre.hang_up(legs[0])
    house.centre.wait(20.0)
    second = house.centre.call_billing()
    house.centre.connect_call(second)
    house.centre.wait(100.0)
    before = await house.killed(NIGHT)
    house.centre.tell(found(before, second))
    await house.written()
    reports = Reports(database, lambda: house.centre.center.plan)
    report = await reports.report(Wanted(BOTH_DAYS, Every.DAY, By.AGENT), house.centre.now)
    (line,) = [line for line in report.totals if line.name == ANNA]
    assert line.figures["wrap_up"] == 120.0


async def test_who_has_been_taken_out_of_the_plan_meanwhile_is_at_work_no_longer(house: House) -> None:
    house.centre.ready("ben")
    house.centre.wait(3600.0)
    plan = house.centre.center.plan
    without = replace(plan, agents={name: one for name, one in plan.agents.items() if name != BEN})
    await house.killed(2.0, without)
    house.centre.wait(100.0)
    assert await house.times(BEN) == {"ready_time": 3600.0, "down_time": 2.0, "logged_out_time": 100.0}


async def test_killed_twice_before_anybody_was_back(house: House) -> None:
    house.centre.ready("anna")
    house.centre.wait(3600.0)
    await house.killed(NIGHT)
    house.centre.wait(1.0)
    await house.killed(200.0)
    assert await house.times(ANNA) == {"ready_time": 3600.0, "down_time": NIGHT + 200.0, "break_time": 1.0}


async def test_said_again_it_changes_nothing(house: House, history: History) -> None:
    """A crash may have the spool write what was written already."""
    house.centre.wait(3000.0)
    legs = talk(house.centre, ANNA)
    house.centre.wait(595.0)
    before = await house.killed(NIGHT)
    house.centre.tell(found(before, *legs))
    house.centre.wait(10.0)
    once = await house.times(ANNA)
    for one in house.centre.said:
        if isinstance(one, CenterEvent):
            history.told(one)
    assert await history.flush(20.0)
    assert await house.times(ANNA) == once
    assert not house.centre.every(SegmentClosed)[1:]


async def test_the_last_thing_that_storage_knows(house: House, database: Database, reader: HistoryReader) -> None:
    assert await reader.last_sign(EIGHTEEN, 5.0) is None
    house.centre.ready("anna")
    house.centre.wait(1000.0)
    house.centre.call_billing()
    house.centre.wait(1000.0)
    await house.written()
    assert await reader.last_sign(EIGHTEEN, 5.0) == EIGHTEEN - 2600.0 + 15.0, "the phone has rung"


async def test_a_database_that_comes_back_late_gets_the_same_books(house: House, database: Database) -> None:
    """What both processes have said is written in one go, as from the spool."""
    first = house.centre
    legs = talk(first, CHLOE)
    first.ready("ben")
    first.wait(3595.0)
    second = Centre(first.center.plan, "two", first.now + NIGHT)
    second.tell(Restarted(first.now))
    for name in (BEN, CHLOE):
        second.tell(AgentRemembered(name, first.state(name), PhoneKind.DESK))
    second.tell(found(first, *legs))
    second.wait(100.0)
    facts = [fact for one in (*first.said, *second.said) if isinstance(one, CenterEvent) and (fact := fact_of(one))]
    async with database.engine.begin() as connection:
        await write_facts(connection, facts)
    house.centre = second
    house.noticed()
    assert await house.times(BEN) == {"ready_time": 3595.0, "down_time": NIGHT, "break_time": 100.0}
    assert (await house.times(CHLOE))["busy_time"] == 3596.0 + NIGHT + 100.0
    await house.stays(BEN)
    await house.stays(CHLOE)
