"""The caller hangs up: in the menu, while he waits, while her phone rings, and in the moment in which she answers."""

import asyncio

import pytest

from acd.events import ReservationEnded, SegmentClosed
from acd.model import InteractionOutcome, ReservationOutcome, SegmentOutcome
from tests.journeys.house import House, until


async def test_in_the_menu(house: House) -> None:
    customer = await house.stage.dial("1000")
    await customer.hears(house.prompt("menu"))
    await customer.hang_up()
    (closed,) = await house.closed()
    assert closed.outcome is InteractionOutcome.ABANDONED_IN_FLOW


async def test_while_he_waits(house: House) -> None:
    customer = await house.customer_in_billing()
    await customer.hears_music()
    await customer.hang_up()
    (closed,) = await house.closed()
    assert closed.outcome is InteractionOutcome.ABANDONED_IN_QUEUE
    (segment,) = [one for one in house.said if isinstance(one, SegmentClosed)]
    assert segment.outcome is SegmentOutcome.SHORT_ABANDONED


async def test_while_her_phone_rings(house: House) -> None:
    anna, phone = await house.at_work("anna")
    customer = await house.customer_in_billing()
    ringing = await phone.rings()
    await anna.state("reserved")
    await customer.hang_up()
    await ringing.ended(1.0)
    await anna.state("ready", 1.0)
    await anna.sees(lambda: anna.view["pop"] is None, "the pop withdrawn")
    (reservation,) = [one for one in house.said if isinstance(one, ReservationEnded)]
    assert reservation.outcome is ReservationOutcome.WITHDRAWN


@pytest.mark.parametrize("ahead", [-0.01, -0.003, 0.0, 0.003, 0.01])
async def test_in_the_same_moment_as_she_answers(house: House, ahead: float) -> None:
    """`ahead`: seconds by which she is before him."""
    anna, phone = await house.at_work("anna")
    customer = await house.customer_in_billing()
    ringing = await phone.rings()

    async def answers() -> None:
        await asyncio.sleep(max(0.0, -ahead))
        try:
            await ringing.answer()
        except (ConnectionError, TimeoutError):
            pass  # he was first

    async def hangs_up() -> None:
        await asyncio.sleep(max(0.0, ahead))
        await customer.hang_up()

    await asyncio.gather(answers(), hangs_up())
    await ringing.ended(2.0)
    await house_has_closed_one(house)
    assert anna.view["state"]["kind"] in {"ready", "after_call_work"}
    if anna.view["state"]["kind"] == "after_call_work":
        await anna.ask("become_ready")
    await anna.state("ready", 1.0)


async def house_has_closed_one(house: House) -> None:
    """The interaction is over for the customer: closed, or written up by the agent."""
    await until(
        lambda: all(type(one.stage).__name__ == "WrappingUp" for one in house.centre.center.interactions.values()),
        "the end of the call",
    )
    await asyncio.sleep(0.2)


async def test_she_hangs_up_by_her_phone(house: House) -> None:
    anna, phone = await house.at_work("anna")
    customer = await house.customer_in_billing()
    ringing = await phone.rings()
    await ringing.answer()
    await customer.hears_agent("anna")
    await ringing.hang_up()
    await customer.ended()
    await anna.state("after_call_work")
    await anna.ask("become_ready")


async def test_she_hangs_up_by_the_screen(house: House) -> None:
    anna, phone = await house.at_work("anna")
    customer = await house.customer_in_billing()
    ringing = await phone.rings()
    await ringing.answer()
    await customer.hears_agent("anna")
    await anna.sees(lambda: anna.view["pop"]["phase"] == "talking", "the talk")
    await anna.ask("hang_up_call")
    await customer.ended()
    await ringing.ended()
    await anna.state("after_call_work")
    await anna.ask("become_ready")
