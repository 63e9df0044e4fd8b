"""The CRM is told, once, of calls that ended while our process was not there to see it."""

import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from acd.edge.database import Database, DatabaseUnavailable
from acd.edge.history import History
from acd.edge.spool import Spool
from acd.events import CenterEvent
from acd.recovery.survivors import Survivors
from crm_bridge.edge.desk import CrmDesk
from crm_bridge.edge.embedded import EmbeddedCrm
from crm_bridge.edge.outbox import Outbox
from crm_bridge.edge.wrong_pins import WrongPins
from tests.acd.edge.history.calls import answered_call, started
from tests.crm_bridge.crm import ObedientCrm, until

KILLED_IN_WRAP_UP = answered_call("talked", 100.0)[:13]
KILLED_IN_QUEUE = answered_call("waited", 200.0)[:4]


@pytest.fixture
async def history(database: Database, tmp_path: Path) -> AsyncIterator[History]:
    """Storage, with what a process has left that was killed."""
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    for event in (*KILLED_IN_WRAP_UP, *KILLED_IN_QUEUE, started("a stranger", 300.0)):
        history.told(event)
    assert await history.flush(20.0)
    yield history
    await history.stop()


@pytest.fixture
async def outbox(crm: ObedientCrm, tmp_path: Path) -> AsyncIterator[Outbox]:
    """What is on its way to the CRM."""
    outbox = Outbox(crm, Spool(tmp_path / "outbox"))
    await outbox.start()
    yield outbox
    await outbox.stop()


async def test_the_crm_is_told_of_calls_that_nobody_saw_end(
    history: History, database: Database, crm: ObedientCrm, outbox: Outbox
) -> None:
    desk = CrmDesk(crm, outbox, WrongPins(database.engine, time.time), lambda _: None, "DE")
    assert await history.close_orphans(Survivors(), 500.0, desk.tell_of_lost) == 3
    await until(lambda: len(crm.contacts) == 2)
    assert [one.summary for one in crm.contacts] == [
        "billing: answered by anna. paid. has paid; 已付",
        "billing: failed",
    ]
    assert [(one.started, one.ended) for one in crm.contacts] == [(100.0, 500.0), (200.0, 500.0)]
    assert await history.close_orphans(Survivors(), 600.0, desk.tell_of_lost) == 0
    assert len(crm.contacts) == 2


async def test_killed_before_the_books_are_closed(history: History, database: Database, tmp_path: Path) -> None:
    """It is told of them again, and keeps what it heard first."""
    crm = EmbeddedCrm(database.engine)
    outbox = Outbox(crm, Spool(tmp_path / "outbox"))
    desk = CrmDesk(crm, outbox, WrongPins(database.engine, time.time), lambda _: None, "DE")

    async def killed(events: Sequence[CenterEvent]) -> None:
        await desk.tell_of_lost(events)
        raise OperationalError("", None, RuntimeError("the process ends here"))

    await outbox.start()
    try:
        with pytest.raises(DatabaseUnavailable):
            await history._writer_of_facts.close_orphans(Survivors(), 500.0, killed, 500.0)
        assert outbox.waiting, "on the disk, though nothing is committed"
        assert await history.close_orphans(Survivors(), 600.0, desk.tell_of_lost) == 3
        await until(lambda: outbox.delivered == 4)
    finally:
        await outbox.stop()
