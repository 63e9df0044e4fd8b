"""What an agent is told before he is connected: he hears it, the caller his music, and then they hear each other."""

from pathlib import Path

import msgspec

from acd.events import SegmentClosed, TalkStarted
from acd.model import AgentId, QueueName
from acd.plan import CenterPlan
from acd.waiting.plan import WaitingPlan, Whisper
from acd.waiting.whisper import LONGEST, whispered
from config.center_file import load_center
from ivr.speech.waiting_words import usual_whisper
from tests.journeys.conftest import CENTER, running_house
from tests.journeys.house import House, until
from tests.journeys.on_asterisk import SipCustomer
from tests.journeys.on_embedded import VirtualCustomer
from tests.journeys.stage import CallingCustomer, Stage
from tests.parts.sound import find, read_wav

WHISPER = Whisper(usual_whisper("en"), "Billing", "en")
SAID = whispered(WHISPER, 0.0)


def discreet(whisper: Whisper = WHISPER) -> CenterPlan:
    """The journeys' company, whose agents are told who calls."""
    plan = load_center(CENTER)
    billing = msgspec.structs.replace(plan.queues[QueueName("billing")], waiting=WaitingPlan(whisper=whisper))
    return msgspec.structs.replace(plan, queues={**plan.queues, billing.name: billing})


async def test_the_agent_is_told_the_caller_is_not(stage: Stage, tmp_path: Path) -> None:
    async with running_house(stage, tmp_path, plan=discreet()) as house:
        anna, annas = await house.at_work("anna")
        customer = await house.customer_in_billing()
        ringing = await annas.rings()
        await ringing.answer()
        await ringing.hears(SAID)
        await ringing.hears_customer()
        await customer.hears_agent("anna")
        assert not await was_heard(house, customer)
        await talks(house)
        (talk,) = [one for one in house.said if isinstance(one, TalkStarted)]
        (stay,) = [one for one in house.said if isinstance(one, SegmentClosed)]
        assert talk.agent == AgentId("anna")
        assert 1.0 < stay.wait < LONGEST, "the words were not heard out, or their end was not"
        await customer.hang_up()
        await anna.state("after_call_work")
        await anna.ask("become_ready")


async def test_the_caller_hangs_up_while_the_agent_is_told(stage: Stage, tmp_path: Path) -> None:
    async with running_house(
        stage, tmp_path, plan=discreet(msgspec.structs.replace(WHISPER, text="Please " * 30))
    ) as house:
        anna, annas = await house.at_work("anna")
        customer = await house.customer_in_billing()
        ringing = await annas.rings()
        await ringing.answer()
        await anna.state("busy")
        await customer.hears_music()
        await customer.hang_up()
        await ringing.ended()
        await anna.state("ready")
        (closed,) = await house.closed()
        assert closed.outcome.value == "abandoned_in_queue"


async def test_what_never_ends_is_cut(stage: Stage, tmp_path: Path) -> None:
    async with running_house(
        stage, tmp_path, plan=discreet(msgspec.structs.replace(WHISPER, text="Please " * 60))
    ) as house:
        anna, annas = await house.at_work("anna")
        customer = await house.customer_in_billing()
        ringing = await annas.rings()
        await ringing.answer()
        await talks(house)
        await customer.hears_agent("anna")
        await ringing.hears_customer()
        await ringing.hang_up()
        await customer.ended()
        await anna.state("after_call_work")
        await anna.ask("become_ready")


async def talks(house: House) -> None:
    """They hear each other, at the latest when the words for the agent are cut."""
    await until(lambda: any(isinstance(one, TalkStarted) for one in house.said), "the talk", LONGEST + 3.0)


async def was_heard(house: House, customer: CallingCustomer) -> bool:
    """Whether the words for the agent came to the customer's ear."""
    media = await house.stage.voice(Path()).media(SAID)
    if isinstance(customer, VirtualCustomer):
        return any(media.removeprefix("sound:") in heard for heard in customer.heard())
    assert isinstance(customer, SipCustomer)
    return find(read_wav(customer.file_of(media)), customer.call.heard).found
