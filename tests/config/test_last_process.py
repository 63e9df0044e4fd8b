"""What the last process has left is put in order once the PBXs have spoken, or have had their time to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from acd.center import ContactCenter
from acd.edge.clock import Clock
from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.history_reader import HistoryReader
from acd.edge.recall import Recall
from acd.edge.spool import Spool
from acd.events import (
    CenterEvent,
    InteractionStarted,
    SegmentClosed,
    SegmentOpened,
    TalkEnded,
)
from acd.model import AgentId, InteractionId, PastTalk, SegmentId, SegmentOutcome
from acd.remembered import CallersRemembered, DayRemembered, FiguresRemembered, Remembered
from config.last_process import LastProcess
from cti.events import PbxSynchronized, PbxTaken
from cti.model import CallerId, CallId, NodeName
from tests.acd.company import BILLING, NODE, company, queue

OTHER = NodeName("pbx2")


class House:
    """Storage with a call of the last process on each of two PBXs, and a brain that knows nothing of them."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder}/centre.db")
        self.history = History(self.database, Spool(folder / "spool"))
        self.reader = HistoryReader(self.database)
        self.center = ContactCenter(company(queue(BILLING, grace=120.0)), "two")
        self.clock = Clock()
        self.posted: list[Remembered] = []
        self.told: list[CenterEvent] = []
        self.last_process = LastProcess(
            self.center,
            self.history,
            self.reader,
            Recall(self.database),
            self.clock,
            (NODE, OTHER),
            tell=self._tell,
            post=self.posted.append,
        )

    @property
    def figures(self) -> list[FiguresRemembered]:
        """Today's, as the queues were told."""
        return [one for one in self.posted if isinstance(one, FiguresRemembered)]

    async def _tell(self, events: Sequence[CenterEvent]) -> None:
        self.told.extend(events)

    def calls(self, node: NodeName) -> None:
        """A caller waits there."""
        of, now = InteractionId(f"on-{node}"), self.clock.now() - 100
        self.history.told(InteractionStarted(of, CallId(f"{node}/1"), CallerId("1"), "1000", "service", now))
        self.history.told(SegmentOpened(SegmentId(f"{of}-s"), of, BILLING, now))

    async def found_empty(self, node: NodeName) -> None:
        """That PBX has no calls; what is due is done."""
        handed_back = node in self.center.pbx_taken
        self.center.receive(PbxSynchronized(node, ()), self.clock.now())
        if self.last_process.is_due(node, handed_back=handed_back):
            await self.last_process.close_books()

    async def open(self) -> list[str]:
        """The interactions that are open in storage."""
        assert await self.history.flush(5.0)
        return [str(one.id) for one in await self.reader.open_interactions()]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """With storage that runs."""
    house = House(tmp_path)
    await house.history.start()
    house.calls(NODE)
    house.calls(OTHER)
    yield house
    await house.history.stop()
    await house.database.close()


async def test_when_all_have_spoken_all_is_closed(house: House) -> None:
    await house.found_empty(NODE)
    assert len(await house.open()) == 2
    await house.found_empty(OTHER)
    assert await house.open() == []
    assert len(house.figures) == 1
    await house.found_empty(OTHER)
    assert len(house.figures) == 1


async def test_a_pbx_that_is_away_all_day_holds_nobody_up_and_loses_nothing(house: House) -> None:
    await house.found_empty(NODE)
    await house.last_process.close_books_without_the_absent(patience=0.0)
    assert await house.open() == ["on-pbx2"]
    assert len(house.figures) == 1
    await house.found_empty(OTHER)
    assert await house.open() == []
    assert len(house.figures) == 1, "once a day is enough"


async def test_nobody_goes_on_without_those_who_are_there(house: House) -> None:
    await house.found_empty(NODE)
    await house.found_empty(OTHER)
    await house.last_process.close_books_without_the_absent(patience=0.0)
    assert len(house.figures) == 1


async def test_what_another_process_has_not_told_is_closed_when_it_gives_the_pbx_back(house: House) -> None:
    await house.found_empty(NODE)
    await house.found_empty(OTHER)
    house.center.receive(PbxTaken(NODE), house.clock.now())
    house.center.receive(PbxTaken(OTHER), house.clock.now())
    for node in (NODE, OTHER):
        of = InteractionId(f"theirs-{node}")
        started = InteractionStarted(of, CallId(f"{node}/2"), CallerId("1"), "1000", "service", house.clock.now())
        house.history.told(started)
    await asyncio.sleep(0.01)
    told = len(house.told)
    await house.found_empty(NODE)
    assert await house.open() == ["theirs-pbx2"], "whatever is on a PBX that is still taken may live"
    assert [str(getattr(one, "interaction", "")) for one in house.told[told:]] == ["theirs-pbx1"]


async def test_callers_and_agents_are_known_again(house: House) -> None:
    """Ben has talked with somebody an hour ago; who waited hung up while nobody saw it, and may have his place."""
    now = house.clock.now()
    of, segment, ben = InteractionId("i"), SegmentId("i-s"), AgentId("ben")
    for fact in (
        InteractionStarted(of, CallId("pbx1/2"), CallerId("+49301"), "1000", "service", now - 3700),
        SegmentClosed(segment, of, BILLING, now - 3690, now - 3680, SegmentOutcome.ANSWERED, 10.0, (ben,)),
        TalkEnded(of, segment, ben, now - 3680, now - 3600, "agent"),
    ):
        house.history.told(fact)
    assert await house.history.flush(5.0)
    await house.last_process.remember(None)
    await house.last_process.tell_of_talks()
    await house.found_empty(NODE)
    await house.found_empty(OTHER)
    known = [one for one in house.posted if isinstance(one, CallersRemembered)]
    assert [talk for one in known for talk in one.talks] == [PastTalk("+49301", ben, now - 3600)]
    places = [(one.queue, one.number, one.place) for each in known for one in each.left]
    assert len(places) == 1  # both called from the same number
    assert places[0][:2] == (BILLING, "1")
    (day,) = [one for one in house.posted if isinstance(one, DayRemembered)]
    assert day.past.keys() <= {ben}
