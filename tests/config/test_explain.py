"""`callwright explain`, asked about calls that went through the real brain and the real storage."""

import asyncio
import sqlite3
from pathlib import Path

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.spool import Spool
from acd.events import CenterEvent, ReservationMade
from acd.model import AgentId, Customer, CustomerKnown, PhoneKind, Skill
from acd.plan import Step
from acd.requests import DeclineCall, LogIn
from acd.routing.requirement import AllOf, AtLeast
from acd.told import CustomerAnswered
from cti.events import PhoneBusy
from cti.model import Endpoint
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, company, queue
from tests.config.commands import run, settings


async def kept(centre: Centre, folder: Path) -> None:
    """All that the centre has said is in the database of these settings."""
    database = Database(f"sqlite:///{folder}/data/callwright.db")
    history = History(database, Spool(folder / "data" / "spool"))
    await history.start()
    for said in centre.said:
        if isinstance(said, CenterEvent):
            history.told(said)
    assert await history.flush(10.0)
    await history.stop()
    await database.close()


def steps_of_billing() -> Centre:
    """A centre where the best are asked for first."""
    billing = Skill("billing")
    steps = (Step(AllOf((AtLeast(billing, 4), AtLeast(Skill("products"), 9)))), Step(AtLeast(billing, 1), 20.0))
    return Centre(company(queue(BILLING, steps=steps)))


def test_why_he_and_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = settings(tmp_path)
    centre = steps_of_billing()
    centre.connect()
    centre.ready("anna", "ben", "dan")
    centre.tell(LogIn(centre.request_id(), AgentId("chloe"), PhoneKind.DESK))
    centre.tell(PhoneBusy(NODE, Endpoint("PJSIP/dan")))
    centre.call_billing()
    assert not centre.every(ReservationMade), "nobody meets the first step"
    centre.wait(20.0)
    first = centre.last(ReservationMade)
    centre.tell(DeclineCall(centre.request_id(), first.agent))
    second = centre.last(ReservationMade)
    assert {first.agent, second.agent} == {"anna", "ben"}
    eva = CustomerKnown(Customer("1001", "Eva"), typed=True, verified=True)
    centre.tell(CustomerAnswered(first.interaction, eva))
    asyncio.run(kept(centre, tmp_path))

    told = run("explain", "--config", file, first.interaction)
    assert told.exit_code == 0, told.output
    assert "customer 1001, who has proved it" in told.output
    assert "needed: billing (step 2); candidates, best first:" in told.output
    assert f"{first.agent} was asked, 20.0 s after the queue entry: declined" in told.output
    assert "signed in: chloe" in told.output
    assert "phone in use: dan" in told.output
    assert f"{second.agent}, " in told.output
    with sqlite3.connect(tmp_path / "data" / "callwright.db") as database:
        database.execute("DELETE FROM rosters")
    database.close()
    again = run("explain", "--config", file, first.interaction)
    assert again.exit_code == 0
    assert "who else was at work is not known" in again.output
    after = told.output[told.output.index(f"{second.agent} was asked") :]
    assert f"{first.agent}" in after


def test_an_interaction_that_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    asyncio.run(kept(steps_of_billing(), tmp_path))
    told = run("explain", "--config", settings(tmp_path), "nothing-i1")
    assert told.exit_code == 2
    assert "there is no interaction 'nothing-i1' in the database" in told.output
