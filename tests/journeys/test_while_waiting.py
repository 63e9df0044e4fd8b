"""What a caller hears and may do while he waits, on each PBX; how soon his agent is heard over an announcement."""

import asyncio
import time
from pathlib import Path
from statistics import median

import msgspec
import pytest

from acd.edge.history_reader import HistoryReader
from acd.model import QueueName
from acd.plan import CenterPlan
from acd.waiting.announcing import SILENT
from acd.waiting.exits import DEAF
from acd.waiting.plan import Announcements, Goodbye, LaterCallback, Length, Rule, ToFlow, WaitingPlan, WayOut
from config.center_file import load_center
from cti.model import Speech
from ivr.flow.settings import FlowName
from ivr.speech.waiting_words import callback_said, position_said
from tests.journeys.conftest import CENTER, running_house
from tests.journeys.desk import Desk
from tests.journeys.ears import ear_on, sounding
from tests.journeys.house import House, until
from tests.journeys.on_asterisk import AGENT_TONE, AsteriskStage, SipCustomer
from tests.journeys.proxy import Proxy
from tests.journeys.stage import DeskPhone, Stage
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sound import hears_tone

MESSAGE = {"en": "Thank you for your patience, somebody will be with you in a moment.", "zh": "请您稍候。"}
FULL = "All lines are busy, please try again later."
ANNOUNCEMENT = 330.0
WISHED, LATEST = 0.100, 1.0
"""Seconds that an announcement may add to the way of an agent's voice into the caller's ear; and the longest way on a
busy machine of tests, an announcement lasting twenty."""
CALLS = 5


def talkative(every: float = 5.0) -> CenterPlan:
    """The journeys' company, whose billing queue says places and a message."""
    plan = load_center(CENTER)
    billing = plan.queues[QueueName("billing")]
    waiting = WaitingPlan(Announcements(every, (MESSAGE,), position=True))
    return msgspec.structs.replace(
        plan, queues={**plan.queues, billing.name: msgspec.structs.replace(billing, waiting=waiting)}
    )


async def test_place_music_message_music_and_the_agent(stage: Stage, tmp_path: Path) -> None:
    async with running_house(stage, tmp_path, plan=talkative(2.0)) as house:
        customer = await house.customer_in_billing()
        await customer.hears(Speech(position_said(1, "en"), "en"))
        await silence(house)
        await customer.hears_music()
        await customer.hears(Speech(MESSAGE["en"], "en"))
        await silence(house)
        await customer.hears_music()
        anna, annas = await house.at_work("anna")
        ringing = await annas.rings()
        await ringing.answer()
        await customer.hears_agent("anna")
        await ringing.hears_customer()
        await customer.hang_up()
        await anna.state("after_call_work")
        await anna.ask("become_ready")


def with_ways_out() -> CenterPlan:
    """The journeys' company; who waits in billing may press keys, and the queue is full with two."""
    plan = load_center(CENTER)
    keys: dict[str, WayOut] = {"3": ToFlow(FlowName("welcome")), "9": LaterCallback()}
    waiting = WaitingPlan(keys=keys, rules=(Rule((Length(2),), Goodbye({"en": FULL})),))
    billing = msgspec.structs.replace(plan.queues[QueueName("billing")], waiting=waiting)
    return msgspec.structs.replace(plan, queues={**plan.queues, billing.name: billing})


async def test_out_of_the_queue_by_a_key_and_by_a_rule(stage: Stage, tmp_path: Path) -> None:
    async with running_house(stage, tmp_path, plan=with_ways_out()) as house:
        caller = await house.customer_in_billing("+4930901830")
        other = await house.customer_in_billing("+4930901831")
        await asyncio.sleep(DEAF + 0.2)
        third = await house.customer_in_billing("+4930901832")
        await third.hears(Speech(FULL, "en"))
        await third.ended(20.0)
        await other.press("3")
        await other.hears(house.prompt("menu"))
        await caller.press("9")
        await caller.hears(Speech(callback_said("+4930901830", "en"), "en"), 25.0)
        await caller.ended(20.0)
        await other.hang_up()
        closed = await house.closed(3)
        assert [one.outcome.value for one in closed] == ["overflowed", "callback_requested", "abandoned_in_flow"]
        causes = [[part.cause for part in (await house.stored(one.interaction)).segments] for one in closed]
        assert causes == [["full"], ["key"], ["key"]]
        (wanted,) = await HistoryReader(house.centre.database).later_callbacks(0.0)
        assert (wanted.queue, wanted.number) == ("billing", "+4930901830")


async def silence(house: House) -> None:
    """The announcement is over."""
    (waiting,) = house.centre.center.interactions.values()
    await until(lambda: waiting.announced.playback == SILENT, "the end of the announcement", 10.0)


@pytest.mark.asterisk
@pytest.mark.phones
async def test_an_announcement_is_cut_when_the_agent_answers(journey_asterisk: Asterisk, tmp_path: Path) -> None:
    async with (
        Proxy(journey_asterisk.site.http.port) as proxy,
        SipPhones(journey_asterisk.site.sip.port) as phones,
        running_house(AsteriskStage(journey_asterisk, phones, proxy), tmp_path, plan=talkative()) as house,
    ):
        media = await house.stage.voice(tmp_path).media(Speech(position_said(1, "en"), "en"))
        anna, annas = await house.at_work("anna")
        with sounding(journey_asterisk.sounds / f"{media.rpartition('/')[2]}.wav", ANNOUNCEMENT):
            plain = [await answer_to_voice(house, anna, annas, over=False) for _ in range(CALLS)]
            over = [await answer_to_voice(house, anna, annas, over=True) for _ in range(CALLS)]
    print(f"agent's answer to his voice: {told(plain)} ms, over an announcement: {told(over)} ms")  # noqa: T201 -- the figure is the point
    assert median(over) <= median(plain) + WISHED, told(over)
    assert max(over) <= LATEST, "somebody waited for the end of an announcement"


async def answer_to_voice(house: House, anna: Desk, annas: DeskPhone, *, over: bool) -> float:
    """Seconds from the agent's answer to his voice in the caller's ear; `over` an announcement, or without one."""
    if over:
        await anna.ask("take_break", reason="break")
        await anna.state("not_ready")
    customer = await house.customer_in_billing()
    assert isinstance(customer, SipCustomer)
    async with ear_on(customer.call) as ear:
        if over:
            await hears_tone(customer.call, ANNOUNCEMENT)
            await anna.ask("become_ready")
        ringing = await annas.rings()
        answered = time.monotonic()
        await ringing.answer()
        await customer.hears_agent("anna")
    await customer.hang_up()
    await anna.state("after_call_work")
    await anna.ask("become_ready")
    await anna.state("ready")
    return ear.first_heard(AGENT_TONE) - answered


def told(seconds: list[float]) -> str:
    return ", ".join(f"{one * 1000:.0f}" for one in seconds)
