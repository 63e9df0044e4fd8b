"""Is he who he says? Whatever the CRM does, tries are counted, over all calls and beyond a restart."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import argon2
import pytest
from sqlalchemy import text

from acd.edge.database import Database
from acd.edge.spool import Spool
from acd.events import QuestionAsked
from acd.model import Customer, InteractionId, QuestionId
from acd.told import CustomerAnswered, QuestionAnswered
from crm_bridge.connector import CrmFailed
from crm_bridge.edge.asking import AT_ONCE
from crm_bridge.edge.desk import CrmDesk
from crm_bridge.edge.embedded import EmbeddedCrm
from crm_bridge.edge.outbox import Outbox
from crm_bridge.edge.wrong_pins import WrongPins
from crm_bridge.lockout import LOCKED, TRIES, WITHIN
from ivr.flow.questions import LookUp, Verify
from ivr.flow.secret import Secret
from tests.crm_bridge.crm import EMMA, ObedientCrm, until

RIGHT = ObedientCrm().pin
WRONG = "946720813571"
QUICK = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Door:
    """A desk that is asked to verify, at a time that the test sets."""

    def __init__(self, crm: ObedientCrm | EmbeddedCrm, database: Database, folder: Path) -> None:
        self.now = 1000.0
        self.answers: dict[str, QuestionAnswered] = {}
        self.asked = 0
        outbox = Outbox(crm, Spool(folder))
        self.desk = CrmDesk(crm, outbox, WrongPins(database.engine, lambda: self.now), self._told, "DE")

    def _told(self, answer: CustomerAnswered | QuestionAnswered) -> None:
        assert isinstance(answer, QuestionAnswered)
        self.answers[answer.question] = answer

    def ask(self, pin: str, customer: str = "1001") -> str:
        """The id of the question."""
        self.asked += 1
        name = f"q{self.asked}"
        question = Verify(customer, Secret(pin), within=1.5)
        self.desk.told(QuestionAsked(QuestionId(name), InteractionId(f"i{self.asked}"), question))
        return name

    async def verify(self, pin: str, customer: str = "1001") -> QuestionAnswered:
        """The answer."""
        name = self.ask(pin, customer)
        await until(lambda: name in self.answers)
        return self.answers[name]

    async def way(self, pin: str, customer: str = "1001") -> str:
        """Which way the flow goes."""
        return (await self.verify(pin, customer)).way


@pytest.fixture
async def door(crm: ObedientCrm, database: Database, tmp_path: Path) -> AsyncIterator[Door]:
    """With a CRM that does as it is told."""
    door = Door(crm, database, tmp_path / "outbox")
    yield door
    await door.desk.stop()


async def test_a_right_pin(door: Door) -> None:
    answer = await door.verify(RIGHT)
    assert (answer.way, answer.verified, answer.customer) == ("verified", True, EMMA)
    assert (answer.learnt["name"], answer.learnt["balance"]) == ("Emma", "12.50")


async def test_the_fifth_wrong_one_locks_and_then_the_right_one_is_not_even_looked_at(
    door: Door, crm: ObedientCrm
) -> None:
    ways = [await door.way(WRONG) for _ in range(TRIES)]
    assert ways == ["wrong"] * (TRIES - 1) + ["locked"]
    asked = len(crm.questions)
    door.now += LOCKED - 1
    answer = await door.verify(RIGHT)
    assert (answer.way, answer.verified, answer.customer, dict(answer.learnt)) == ("locked", False, None, {})
    assert len(crm.questions) == asked
    assert await door.way(RIGHT, "1002") == "failed", "another customer is not locked (this CRM only knows Emma)"
    door.now += 1
    assert await door.way(RIGHT) == "verified"


async def test_a_right_one_in_time_gives_all_tries_back(door: Door) -> None:
    for _ in range(3):
        assert [await door.way(WRONG) for _ in range(TRIES - 1)] == ["wrong"] * (TRIES - 1)
        assert await door.way(RIGHT) == "verified"


async def test_what_is_long_ago_does_not_count(door: Door) -> None:
    for _ in range(3 * TRIES):
        assert await door.way(WRONG) == "wrong"
        door.now += WITHIN / (TRIES - 1)


async def test_many_calls_at_once_have_no_more_tries_than_one(door: Door, crm: ObedientCrm) -> None:
    crm.delay = 0.2
    names = [door.ask(f"{guess:04}") for guess in range(40)]
    await until(lambda: len(door.answers) == len(names))
    assert sum(question.startswith("verify") for question in crm.questions) == TRIES
    assert await door.way(RIGHT) == "locked"


async def test_tries_survive_a_restart(door: Door, crm: ObedientCrm, database: Database, tmp_path: Path) -> None:
    for _ in range(TRIES):
        await door.way(WRONG)
    again = Door(crm, database, tmp_path / "outbox")
    assert await again.way(RIGHT) == "locked"


async def test_a_crm_that_cannot_say_costs_no_try(door: Door, crm: ObedientCrm) -> None:
    crm.trouble = CrmFailed("down")
    for _ in range(4):
        assert await door.way(RIGHT) == "failed"
    crm.trouble = None
    assert [await door.way(WRONG) for _ in range(TRIES)][-2:] == ["wrong", "locked"]


@pytest.mark.parametrize("lie", [None, 1, "yes", object()])
async def test_what_is_no_yes_is_a_failure(door: Door, crm: ObedientCrm, lie: object) -> None:
    crm.answer = lie
    answer = await door.verify(RIGHT)
    assert (answer.way, answer.verified) == ("failed", False)


async def test_somebody_else_is_not_verified(door: Door, crm: ObedientCrm) -> None:
    crm.answer = Customer("1002", "Somebody else")
    answer = await door.verify(RIGHT)
    assert (answer.way, answer.verified, answer.customer) == ("failed", False, None)


async def test_without_the_table_nobody_is_let_in(door: Door, crm: ObedientCrm, database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE wrong_pins")
    answer = await door.verify(RIGHT)
    assert (answer.way, answer.reason) == ("failed", "wrong PINs cannot be counted")
    assert crm.questions == []


async def test_the_table_forgets(door: Door, database: Database) -> None:
    for customer in range(50):
        await door.way(WRONG, f"9{customer}")
    door.now += LOCKED
    await door.way(WRONG)
    async with database.engine.connect() as connection:
        kept = (await connection.execute(text("SELECT customer FROM wrong_pins"))).scalars().all()
    assert kept == ["1001"]


class SlowToProve(ObedientCrm):
    """A CRM that hangs when it is to check a PIN."""

    async def verify(self, customer: str, pin: Secret) -> bool:
        """Never."""
        del customer, pin
        await asyncio.sleep(60)
        return False


async def test_pins_that_take_long_keep_nobody_else_waiting(database: Database, tmp_path: Path) -> None:
    door = Door(SlowToProve(), database, tmp_path / "outbox")
    names = [door.ask(RIGHT, str(2000 + number)) for number in range(AT_ONCE + 8)]
    await until(lambda: door.desk.flows.proving.asked > AT_ONCE)
    asked = QuestionAsked(QuestionId("who"), InteractionId("i"), LookUp("customer", "1001", "en"))
    door.desk.told(asked)
    await until(lambda: "who" in door.answers)
    assert door.answers["who"].way == "found"
    assert not door.answers.keys() & set(names), "they still wait"
    await until(lambda: door.answers.keys() >= set(names))
    assert {door.answers[name].way for name in names} == {"failed"}
    assert (door.desk.asking.ready, door.desk.flows.proving.ready) == (True, False)
    await door.desk.stop()


# -- the embedded CRM --------------------------------------------------------------------------------------------------


@pytest.fixture
async def own(database: Database, tmp_path: Path) -> AsyncIterator[Door]:
    """With the embedded CRM, which has two customers; one of them has a PIN."""
    embedded = EmbeddedCrm(database.engine)
    await embedded.put([EMMA, Customer("1002", "Without")])
    await embedded.put_pins({"1001": Secret(RIGHT)})
    door = Door(embedded, database, tmp_path / "outbox")
    yield door
    await door.desk.stop()


async def test_the_embedded_crm_verifies(own: Door) -> None:
    assert await own.way(WRONG) == "wrong"
    assert await own.way("") == "wrong"
    assert await own.way(RIGHT * 1000) == "wrong"
    assert (await own.verify(RIGHT)).verified
    assert await own.way(RIGHT, "1002") == "wrong", "who has no PIN"
    assert await own.way(RIGHT, "9999") == "wrong", "who is nobody"


async def test_a_new_pin_takes_the_place_of_the_old_one(own: Door, database: Database) -> None:
    await EmbeddedCrm(database.engine).put_pins({"1001": Secret("2468")}, QUICK)
    assert [await own.way(RIGHT), await own.way("2468")] == ["wrong", "verified"]


async def test_a_pin_is_written_down_nowhere(
    own: Door, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither the right one nor a wrong one: in no file, no log, no answer."""
    caplog.set_level(logging.DEBUG)
    answers = [await own.verify(pin) for pin in (WRONG, RIGHT, *[WRONG] * (TRIES + 1))]
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE crm_pins")
    own.now += LOCKED
    answers.append(await own.verify(RIGHT))
    assert [one.way for one in answers][-2:] == ["locked", "failed"]
    await asyncio.sleep(0)
    out, err = capfd.readouterr()
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for pin in (RIGHT, WRONG):
        assert pin not in out + err + repr(answers)
        assert not [record for record in caplog.records if pin in record.getMessage()]
        assert not any(pin.encode() in content for content in files)
