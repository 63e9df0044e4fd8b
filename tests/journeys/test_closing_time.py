"""Rules that are asked all the time, on the running centre: the queue closes, or its last agent takes a break, while
somebody waits."""

import time
from pathlib import Path

import msgspec
import pytest

from acd.model import QueueName
from acd.plan import CenterPlan
from acd.waiting.plan import Closed, Goodbye, Nobody, Rule, Staff, WaitingPlan
from acd.waiting.rules import CHANGE_OF_SHIFT
from config.center_file import load_center
from cti.model import Speech
from ivr.hours import DAY, Hours, Span
from tests.journeys.conftest import CENTER, running_house
from tests.journeys.house import House
from tests.journeys.stage import CallingCustomer, Stage

CLOSED = "We have closed for today."
BREAK = "Everybody has a break."
RULES = (
    Rule((Closed(),), Goodbye({"en": CLOSED})),
    Rule((Nobody(Staff.READY),), Goodbye({"en": BREAK})),
)
SHORTEST = 12.0
"""Seconds: a caller must be in the queue before it closes."""

pytestmark = pytest.mark.parametrize("stage", ["embedded"], indirect=True)


def company(hours: Hours) -> CenterPlan:
    """The journeys' company, whose billing queue is open then."""
    plan = load_center(CENTER)
    billing = msgspec.structs.replace(
        plan.queues[QueueName("billing")], waiting=WaitingPlan(rules=RULES), hours=hours, tell_if_nobody=False
    )
    return msgspec.structs.replace(plan, queues={**plan.queues, billing.name: billing})


def until_the_minute(after: float) -> tuple[Hours, float]:
    """Open until a full minute, the first that is so many seconds away at least; and how many it is away."""
    now = time.time()
    end = (now + after) // 60 * 60 + 60
    closes = round(end % 86_400 / 60) or DAY
    evening = [Span(day, DAY - 60, DAY) for day in range(7)] if closes < 60 else []
    return Hours((*(Span(day, 0, closes) for day in range(7)), *evening)), end - now


async def one_who_waits(house: House, *, behind: str) -> tuple[CallingCustomer, CallingCustomer]:
    """Somebody talks with an agent, and another one waits."""
    _, phone = await house.at_work(behind)
    talking = await house.customer_in_billing("+4930901840")
    ringing = await phone.rings()
    await ringing.answer()
    await talking.hears_agent(behind)
    waiting = await house.customer_in_billing("+4930901841")
    await waiting.hears_music()
    return talking, waiting


async def ends_with(house: House, customer: CallingCustomer, words: str, cause: str, within: float) -> None:
    """He hears these words within so many seconds, not before, and the books say why."""
    await customer.hears(Speech(words, "en"), within)
    await customer.ended(20.0)
    closed = await house.closed(1, 20.0)
    assert [part.cause for part in (await house.stored(closed[0].interaction)).segments] == [cause]


async def test_the_queue_closes_while_he_waits(stage: Stage, tmp_path: Path) -> None:
    hours, seconds = until_the_minute(SHORTEST)
    async with running_house(stage, tmp_path, plan=company(hours)) as house:
        talking, waiting = await one_who_waits(house, behind="anna")
        await ends_with(house, waiting, CLOSED, "closing", seconds + 5.0)
        assert hours.ends(time.time()) is None
        assert not talking.is_over, "who talks, talks on"
        late = await house.customer_in_billing("+4930901842")
        await late.hears(Speech(CLOSED, "en"))
        await late.ended(20.0)
        (anna,) = house.desks
        await talking.hang_up()
        await anna.state("after_call_work")
        await anna.ask("become_ready")
        await anna.state("ready")


async def test_the_last_agent_takes_a_break_while_he_waits(stage: Stage, tmp_path: Path) -> None:
    async with running_house(stage, tmp_path, plan=company(Hours.always())) as house:
        talking, waiting = await one_who_waits(house, behind="anna")
        (anna,) = house.desks
        await anna.ask("take_break", reason="break")
        await talking.hang_up()
        await anna.state("after_call_work")
        await anna.ask("finish_wrap_up")
        await anna.state("not_ready")
        began = time.monotonic()
        await waiting.hears(Speech(BREAK, "en"), CHANGE_OF_SHIFT + 5.0)
        assert time.monotonic() - began > CHANGE_OF_SHIFT - 2.0
        await waiting.ended(20.0)
        again = await house.customer_in_billing("+4930901842")
        await again.hears(Speech(BREAK, "en"), 3.0)
        await again.ended(20.0)
