"""What the last process left open is closed, whatever the clock said then, and nothing of it stops the writing."""

import asyncio
from collections.abc import Sequence

import pytest

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.history_reader import HistoryReader
from acd.events import CenterEvent, NodesVisited, ReservationMade, SegmentClosed, TalkStarted
from acd.model import InteractionId, ReservationId, SegmentId, SegmentOutcome
from acd.recovery.survivors import Survivors
from cti.model import NodeName
from ivr.dialogue.visits import NodeVisit
from ivr.flow.settings import FlowName, NodeId
from tests.acd.edge.history.books import everything, nobody_listens
from tests.acd.edge.history.calls import ANNA, BILLING, WHY, entered, started

AT = 500.0
"""When the next process begins."""


async def kept(history: History, *events: CenterEvent) -> None:
    """Told, and in the database."""
    for event in events:
        history.told(event)
    assert await history.flush(10.0)


def rang(name: str, at: float) -> ReservationMade:
    """An agent is held."""
    return ReservationMade(
        ReservationId(f"{name}-r"), InteractionId(name), SegmentId(f"{name}-s"), ANNA, at, at + 15.0, WHY
    )


async def test_what_seems_to_begin_later_is_closed_with_its_interaction(
    history: History, database: Database, reader: HistoryReader
) -> None:
    """The clock was set back between the two processes."""
    await kept(
        history,
        started("i1", AT - 100),
        entered("i1", BILLING, AT + 100),
        rang("i1", AT + 110),
        started("i2", AT - 100),
        entered("i2", BILLING, AT + 100),
        TalkStarted(InteractionId("i2"), SegmentId("i2-s"), ANNA, AT + 130),
    )
    told: list[CenterEvent] = []

    async def listens(events: Sequence[CenterEvent]) -> None:
        told.extend(events)

    assert await history.close_orphans(Survivors(), AT, listens) == 2
    stays = [one for one in told if isinstance(one, SegmentClosed)]
    assert [(one.segment, one.outcome, one.wait) for one in stays] == [
        (SegmentId("i1-s"), SegmentOutcome.FAILED, 0.0),
        (SegmentId("i2-s"), SegmentOutcome.ANSWERED, 30.0),
    ]
    assert (await reader.ledger(0.0)).balanced
    rows = await everything(database)
    for table in ("interactions", "segments", "reservations", "talks"):
        assert all(row["ended"] is not None for row in rows[table]), table
    for table, began in (("segments", "entered"), ("reservations", "made"), ("talks", "started")):
        assert all(row["ended"] >= row[began] for row in rows[table]), table


async def test_who_was_being_put_through_when_we_died_has_got_there(history: History, database: Database) -> None:
    """The PBX has him no more for us. Whoever was elsewhere in the flow is lost."""

    def visit(node: str, kind: str) -> NodeVisit:
        return NodeVisit(0, FlowName("welcome"), "v1", NodeId(node), kind, 110.0, "entry")

    visits = {"i1": visit("out", "transfer"), "i2": visit("menu", "menu")}
    told = [
        event for name in visits for event in (started(name, 100.0), NodesVisited(InteractionId(name), (visits[name],)))
    ]
    await kept(history, *told)
    assert await history.close_orphans(Survivors(), AT, nobody_listens) == 2
    rows = await everything(database)
    assert {row["id"]: row["outcome"] for row in rows["interactions"]} == {"i1": "transferred", "i2": "failed"}
    assert {row["interaction"]: row["way"] for row in rows["visits"]} == {"i1": "transfer", "i2": "lost"}


async def test_the_calls_of_a_pbx_that_nobody_has_looked_at_may_live(history: History, database: Database) -> None:
    await kept(
        history,
        started("i1", 100.0),
        entered("i1", BILLING, 110.0),
        rang("i1", 120.0),
        TalkStarted(InteractionId("i1"), SegmentId("i1-s"), ANNA, 130.0),
    )
    assert await history.close_orphans(Survivors(unseen=frozenset({NodeName("pbx1")})), AT, nobody_listens) == 0
    rows = await everything(database)
    assert all(row["ended"] is None for name in ("interactions", "segments", "talks") for row in rows[name])
    assert await history.close_orphans(Survivors(), AT, nobody_listens) == 1


async def test_a_reservation_of_ours_goes_on(history: History, database: Database) -> None:
    await kept(history, started("i1", 100.0), entered("i1", BILLING, 110.0), rang("i1", 120.0))
    still = Survivors(
        frozenset({InteractionId("i1")}),
        frozenset({SegmentId("i1-s")}),
        reservations=frozenset({ReservationId("i1-r")}),
    )
    assert await history.close_orphans(still, AT, nobody_listens) == 0
    assert (await everything(database))["reservations"][0]["ended"] is None


@pytest.mark.parametrize("fault", [ValueError("a fault of ours"), KeyError("another")])
async def test_a_fault_of_ours_does_not_end_the_writing(
    history: History, reader: HistoryReader, fault: Exception
) -> None:
    faults = [fault]

    async def fails_once(_events: Sequence[CenterEvent]) -> None:
        if faults:
            raise faults.pop()

    await kept(history, started("i1", 100.0))
    history.ready = False  # so that it is put off, and left to the writer
    assert await history.close_orphans(Survivors(), AT, fails_once) == 0
    history.told(started("i2", AT + 100))
    async with asyncio.timeout(10.0):
        while True:
            if not faults and [one.id for one in await reader.open_interactions()] == ["i2"]:
                break
            await asyncio.sleep(0.05)
    assert history.failures == 1
    assert await history.flush(10.0)
