"""What a new process reads of the time before it: last talks, places that are kept, and the agents' day so far."""

import pytest

from acd.edge.database import Database, DatabaseUnavailable
from acd.edge.history import History
from acd.edge.recall import MOST_TALKS, PORTION, TALKS_KNOWN, Recall
from acd.events import AgentStateChanged, CenterEvent, InteractionClosed, InteractionStarted, TalkEnded, TalkStarted
from acd.model import (
    AgentId,
    InteractionId,
    InteractionOutcome,
    PastLeave,
    PastTalk,
    PhoneKind,
    QueueName,
    SegmentId,
    SegmentOutcome,
)
from acd.people.agents import NotReady, Ready
from acd.people.durations import PastDay
from acd.recovery.survivors import Survivors
from acd.routing.familiar import MOST_NUMBERS
from cti.model import CallerId, CallId
from tests.acd.edge.history.calls import ANNA, BILLING, answered_call, closed, entered, left, started

NOW = 1_800_000_000.0
MIDNIGHT = NOW - 40_000.0
BEN = AgentId("ben")


@pytest.fixture
def recall(database: Database) -> Recall:
    """Questions to the same database."""
    return Recall(database)


async def told(history: History, *events: CenterEvent) -> None:
    """And written."""
    for event in events:
        history.told(event)
    assert await history.flush(20.0)


def contact(name: str, number: str, at: float) -> tuple[CenterEvent, CenterEvent]:
    """Its beginning and its end, ten minutes later."""
    of, call, caller = InteractionId(name), CallId(f"pbx1/{name}"), CallerId(number, "")
    return (
        InteractionStarted(of, call, caller, "1000", "main", at),
        InteractionClosed(of, call, caller, "1000", "main", at, at + 600, InteractionOutcome.ANSWERED, (), ""),
    )


def talk(name: str, number: str, agent: AgentId, at: float) -> list[CenterEvent]:
    """A minute with an agent."""
    segment = SegmentId(f"{name}-s")
    return [
        *contact(name, number, at),
        left(name, BILLING, at, at, SegmentOutcome.ANSWERED, agent),
        TalkEnded(InteractionId(name), segment, agent, at, at + 60, "agent"),
    ]


def gone(name: str, number: str, at: float, after: float, queue: QueueName = BILLING) -> list[CenterEvent]:
    """Somebody enters a queue and hangs up."""
    return [*contact(name, number, at), left(name, queue, at, at + after, SegmentOutcome.ABANDONED)]


async def test_who_has_talked_with_whom(history: History, recall: Recall) -> None:
    many = [event for n in range(PORTION) for event in talk(f"old{n}", f"+1{n}", BEN, NOW - 90_000 - n)]
    await told(
        history,
        *talk("i1", "+491", ANNA, NOW - 500),
        *talk("i2", "+491", BEN, NOW - 90),
        *talk("hidden", "", BEN, NOW - 80),
        *talk("long ago", "+492", BEN, NOW - TALKS_KNOWN - 600),
        *many,
    )
    portions = [portion.talks async for portion in recall.last_talks(NOW)]
    assert [len(portion) for portion in portions] == [PORTION, 2]
    assert portions[0][:2] == [PastTalk("+491", BEN, NOW - 30), PastTalk("+491", ANNA, NOW - 440)]
    assert {one.number for portion in portions for one in portion} >= {"+10", "+1999"}
    assert all(one.number not in {"", "+492"} for portion in portions for one in portion)


async def test_whose_place_is_kept(history: History, recall: Recall) -> None:
    sales, support = QueueName("sales"), QueueName("support")
    await told(
        history,
        *gone("i1", "+491", NOW - 130, 30),
        *gone("late", "+492", NOW - 400, 30),
        *gone("first", "+493", NOW - 200, 50),
        *gone("again", "+493", NOW - 100, 20),
        *gone("far", "+494", NOW - 900, 30),
        *gone("near", "+494", NOW - 100, 20),
        *gone("elsewhere", "+491", NOW - 90, 10, sales),
        *gone("gracious", "+491", NOW - 300, 10, support),
        started("here", NOW - 50),
        entered("here", BILLING, NOW - 40),
    )
    found = await recall.left_places({BILLING: 120.0, sales: 0.0, support: 600.0}, NOW, 5.0)
    assert sorted(found.left, key=lambda one: (one.at, one.number)) == [
        PastLeave(support, "+491", NOW - 300, NOW - 290),
        PastLeave(BILLING, "+491", NOW - 130, NOW - 100),
        PastLeave(BILLING, "+493", NOW - 200, NOW - 80),
        PastLeave(BILLING, "+494", NOW - 100, NOW - 80),
    ]
    assert (await recall.left_places({BILLING: 0.0}, NOW, 5.0)).left == ()


async def test_a_database_that_takes_too_long_does_not_hold_up_the_start(history: History, recall: Recall) -> None:
    with pytest.raises(DatabaseUnavailable, match="in time"):
        await recall.left_places({BILLING: 60.0}, NOW, 0.0)


async def test_what_the_agents_have_done_today(history: History, recall: Recall) -> None:
    """Anna has had a call, and one goes on; Ben has been Ready since yesterday, and at lunch for 100 s until now."""
    desk = PhoneKind.DESK
    on = SegmentId("on-s")
    await told(
        history,
        *answered_call("yesterday", MIDNIGHT - 5000),
        *answered_call("today", MIDNIGHT + 5000),
        closed("today", MIDNIGHT, MIDNIGHT + 6000, InteractionOutcome.ANSWERED),
        left("on", BILLING, NOW - 60, NOW - 50, SegmentOutcome.ANSWERED, ANNA),
        TalkStarted(InteractionId("on"), on, ANNA, NOW - 50),
        AgentStateChanged(BEN, NotReady(MIDNIGHT - 900, "lunch"), Ready(MIDNIGHT - 800), desk),
        AgentStateChanged(BEN, Ready(MIDNIGHT - 800), NotReady(NOW - 100, "lunch"), desk),
    )
    past = (await recall.day(MIDNIGHT, NOW)).past
    assert past[BEN] == PastDay({"ready": NOW - 100 - MIDNIGHT, "not_ready": 100.0})
    anna = past[ANNA]
    assert (anna.handled, anna.talked) == (2, 60.0)
    assert anna.times["busy"] == 60.0
    assert anna.times["reserved"] == 3.0
    assert anna.times["after_call_work"] == 20.0
    still = Survivors(talks=frozenset({(on, ANNA, NOW - 50)}))
    assert (await recall.day(MIDNIGHT, NOW, still)).past[ANNA].handled == 1


def test_the_brain_does_not_forget_its_own_for_what_it_is_told() -> None:
    assert 2 * MOST_TALKS <= MOST_NUMBERS
