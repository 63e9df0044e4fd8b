"""A message that a caller has left as an agent's task, on the embedded PBX: offered, heard, given back, done."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from acd.events import TaskReturned, VoicemailBegun
from acd.model import QueueName, UserId
from config.center_file import load_center
from cti.edge.simulated_pbx import EmbeddedPbx
from cti.simulator.settings import PbxSettings, services
from tests.browser.conftest import OpenWindows
from tests.browser.window import Window
from tests.journeys.conftest import CENTER, running_house
from tests.journeys.house import PASSWORD, House, until
from tests.journeys.on_embedded import EmbeddedStage
from tests.journeys.stage import CUSTOMER_NUMBER

pytestmark = pytest.mark.browser

BILLING = QueueName("billing")


@asynccontextmanager
async def house_on_embedded(folder: Path) -> AsyncIterator[House]:
    """The journeys' company, with its page, and time enough to look at what is offered."""
    plan = load_center(CENTER)
    unhurried = replace(plan.queues[BILLING], ring_timeout=60.0)
    async with EmbeddedPbx(PbxSettings(services=services("1000"))) as pbx:
        for name in ("anna", "ben"):
            pbx.add_phone(name)
        async with running_house(
            EmbeddedStage(pbx), folder, plan=replace(plan, queues={**plan.queues, BILLING: unhurried})
        ) as house:
            for user in ("anna", "ben", "sam"):
                await house.centre.accounts.set_password(UserId(user), PASSWORD)
            yield house


async def opens(house: House, one: Window, user: str) -> None:
    """The page, logged in."""
    await one.open(f"http://127.0.0.1:{house.centre.port}", width=1280)
    await one.log_in(user, PASSWORD)


async def begins_work(house: House, agent: Window, user: str) -> None:
    """At the desk phone, Ready."""
    await opens(house, agent, user)
    if user == "anna":  # Ben has no other
        await agent.press("Desk phone", "radio")
    await agent.press("Start work")
    await agent.is_in_state("Just started")
    await agent.press("Ready")


async def leaves_a_message(house: House, number: str) -> None:
    """After the beep, for four seconds."""
    customer = await house.stage.dial("1000", number)
    await customer.can_be_heard()
    await customer.press("3")
    await until(lambda: any(isinstance(one, VoicemailBegun) for one in house.said), "the beep", 10.0)
    await customer.speaks(4.0)
    await customer.press("#")
    await until(lambda: bool(house.centre.center.tasks), "the task", 10.0)


async def test_a_message_is_somebody_s_task(window: OpenWindows, tmp_path: Path) -> None:
    """From the caller's voice to "Done by Anna"."""
    async with house_on_embedded(tmp_path) as house:
        await leaves_a_message(house, CUSTOMER_NUMBER)
        sam, anna = window("tasks-sam"), window("tasks-anna")
        await opens(house, sam, "sam")
        await sam.sees("1 message waits")
        await sam.is_sound("1-waits")
        await begins_work(house, anna, "anna")
        await anna.is_in_state("Message")
        await anna.finds(".strip.in-offered", "Billing")
        await anna.finds(".message", "0:04")
        await anna.is_sound("2-offered")
        await anna.press("Take it")
        await anna.finds(".strip.in-in_hand", "Message in hand")
        await sam.finds(".agents .state-pill", "Message in hand")
        await sam.misses("1 message waits")
        await sam.is_sound("3-in-hand")
        assert 2.5 < await anna.plays() < 6.0
        await anna.sees("Heard by Anna Berg", f"Call {CUSTOMER_NUMBER}")
        await anna.press("Call back", exact=True)
        await anna.write("Note", "is called back tomorrow")
        await anna.is_sound("4-in-hand")
        await anna.press("Done")
        await anna.is_in_state("Ready")
        await anna.press("Messages")
        await anna.sees("No messages.")
        await anna.press("Also those that are done", "checkbox")
        await anna.sees("Done by Anna Berg")
        (message,) = await house.centre.voicemails.reader.listed(None, done=True)
        contact = await house.stored(message.interaction)
        assert [(one.agent, one.code, one.note) for one in contact.wrap_ups] == [
            ("anna", "Call back", "is called back tomorrow")
        ]


async def test_a_message_is_given_back(window: OpenWindows, tmp_path: Path) -> None:
    """It is the next one's at once."""
    async with house_on_embedded(tmp_path) as house:
        await leaves_a_message(house, CUSTOMER_NUMBER)
        anna, ben = window("back-anna"), window("back-ben")
        await begins_work(house, anna, "anna")
        await anna.press("Take it")
        await anna.finds(".strip.in-in_hand", "Message in hand")
        await begins_work(house, ben, "ben")
        await anna.press("Give back")
        await anna.is_in_state("Ready")
        await ben.press("Take it")
        await ben.finds(".strip.in-in_hand", "Message in hand")
        (back,) = [one for one in house.said if isinstance(one, TaskReturned)]
        assert back.agent == "anna"
        await ben.press("Done")
        await ben.is_in_state("Ready")
        assert not house.centre.center.tasks
