"""An agent with two calls at once, on a desk phone with two lines: each has its own sound, its end and its books."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from acd.events import ReservationEnded, ReservationMade
from acd.model import AgentId, ReservationOutcome, SegmentOutcome
from acd.plan import CenterPlan
from config.center_file import load_center
from tests.journeys.conftest import CENTER, running_house
from tests.journeys.desk import Desk, Value
from tests.journeys.house import House
from tests.journeys.stage import Stage

FIRST, SECOND, THIRD = "+4930901841", "+4930901842", "+4930901843"


def company() -> CenterPlan:
    """The journeys' company, in which Anna takes two calls at once."""
    plan = load_center(CENTER)
    anna = msgspec.structs.replace(plan.agents[AgentId("anna")], capacity=2)
    return msgspec.structs.replace(plan, agents={**plan.agents, anna.id: anna})


@pytest_asyncio.fixture
async def house(stage: Stage, tmp_path: Path) -> AsyncIterator[House]:
    """The centre with this company."""
    async with running_house(stage, tmp_path, plan=company()) as house:
        yield house


def beside(anna: Desk) -> list[Value]:
    """Her calls but the one that is shown first."""
    return [call["pop"] for key, call in anna.view.items() if key.startswith("beside:")]


def calls(anna: Desk) -> dict[str, str]:
    """Her calls as her screen has them: number and phase."""
    pops = [anna.view["pop"], *beside(anna)] if anna.view.get("pop") else beside(anna)
    return {pop["caller"]["number"]: pop["phase"] for pop in pops}


async def has(anna: Desk, **phases: str) -> None:
    """Wait until her calls are these."""
    wanted = {{"first": FIRST, "second": SECOND, "third": THIRD}[which]: phase for which, phase in phases.items()}
    await anna.sees(lambda: calls(anna) == wanted, f"the calls {wanted}")


async def test_two_at_once_and_the_third_waits(house: House) -> None:
    """Both hear her. The third is asked for when one of them is written up, and is no sooner on her phone."""
    sam = await house.desk("sam")
    anna, annas = await house.at_work("anna")
    first = await house.customer_in_billing(FIRST)
    await (await annas.rings()).answer()
    await first.hears_agent("anna")
    second = await house.customer_in_billing(SECOND)
    ringing = await annas.rings(2.0)
    await has(anna, second="ringing", first="talking")
    await ringing.answer()
    await second.hears_agent("anna")
    await ringing.hears_customer()
    await first.hears_agent("anna")
    await has(anna, first="talking", second="talking")
    await sam.sees(lambda: len(sam.view["agent:anna"]["calls"]) == 2, "both on the board")

    third = await house.customer_in_billing(THIRD)
    await third.hears_music()
    await first.hang_up()
    await has(anna, second="talking", first="wrap_up")
    assert sum(isinstance(one, ReservationMade) for one in house.said) == 2, "more than she can do"
    await anna.sees(lambda: len(beside(anna)) == 1, "the talk that has moved up is not beside itself")
    (written,) = (pop["interaction"] for pop in beside(anna))
    await anna.ask("choose_wrap_up", code="Resolved", interaction=written)
    await anna.ask("finish_wrap_up", interaction=written)
    await (await annas.rings(2.0)).answer()
    await third.hears_agent("anna")
    await second.hears_agent("anna")
    await second.hang_up()
    await has(anna, third="talking", second="wrap_up")
    await third.hears_agent("anna")
    await third.hang_up()
    await has(anna, second="wrap_up", third="wrap_up")
    await anna.ask("take_break", reason="break")
    await the_books_say(house)


async def the_books_say(house: House) -> None:
    """Three calls, answered by Anna one by one; two talks at a time."""
    stored = [await house.stored(one.interaction) for one in await house.closed(3)]
    assert [[one.outcome for one in contact.segments] for contact in stored] == [[SegmentOutcome.ANSWERED]] * 3
    talks = sorted((talk for contact in stored for talk in contact.talks), key=lambda talk: talk.started)
    assert {talk.agent for talk in talks} == {"anna"}
    assert talks[0].ended is not None
    assert talks[1].started < talks[0].ended < talks[2].started, "not two at once, or three"
    assert [wrap_up.code for contact in stored for wrap_up in contact.wrap_ups if wrap_up.code] == ["Resolved"]


@pytest.mark.parametrize("by", ["phone", "screen"])
async def test_she_declines_the_second(house: House, by: str) -> None:
    """It is Ben's then. Her talk goes on, and she is not asked again before she says so."""
    anna, annas = await house.at_work("anna")
    first = await house.customer_in_billing(FIRST)
    await (await annas.rings()).answer()
    await first.hears_agent("anna")
    second = await house.customer_in_billing(SECOND)
    ringing = await annas.rings(2.0)
    ben, bens = await house.at_work("ben")
    if by == "phone":
        await ringing.decline()
    else:
        await anna.ask("decline_call")
    await (await bens.rings(2.0)).answer()
    await second.hears_agent("ben")
    await ringing.ended()
    await has(anna, first="talking")
    await first.hears_agent("anna")
    await first.hang_up()
    await anna.state("after_call_work")
    await anna.ask("finish_wrap_up")
    await anna.state("not_ready")
    await second.hang_up()
    await ben.state("after_call_work")
    await ben.ask("become_ready")
    ended = [one.outcome for one in house.said if isinstance(one, ReservationEnded)]
    assert ended == [ReservationOutcome.ACCEPTED, ReservationOutcome.DECLINED, ReservationOutcome.ACCEPTED]


async def test_who_gives_up_while_it_rings_does_not_touch_her_talk(house: House) -> None:
    anna, annas = await house.at_work("anna")
    first = await house.customer_in_billing(FIRST)
    talking = await annas.rings()
    await talking.answer()
    await first.hears_agent("anna")
    second = await house.customer_in_billing(SECOND)
    ringing = await annas.rings(2.0)
    await second.hang_up()
    await ringing.ended()
    await has(anna, first="talking")
    await first.hears_agent("anna")
    await talking.hang_up()
    await first.ended()
    await anna.state("after_call_work")
    await anna.ask("finish_wrap_up")
    await anna.state("ready")
