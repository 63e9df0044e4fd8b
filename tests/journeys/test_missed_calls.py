"""She does not take the call: lets it ring out, declines, closes her browser; or there is nobody, or no such number."""

import pytest

from acd.events import ReservationEnded
from acd.model import InteractionOutcome, ReservationOutcome
from tests.journeys.desk import Refused
from tests.journeys.house import House


async def test_it_rings_out_and_the_next_is_asked(house: House) -> None:
    anna, annas = await house.at_work("anna")
    ben, bens = await house.at_work("ben")
    customer = await house.customer_in_billing()
    ringing = await annas.rings()
    answering = await bens.rings(7.0)
    await ringing.ended()
    state = await anna.state("not_ready")
    assert state["reason"] == "no answer"
    await anna.sees(lambda: anna.notices() == ["missed"], "why she is not ready")
    await answering.answer()
    await customer.hears_agent("ben")
    await customer.hang_up()
    await ben.state("after_call_work")
    await ben.ask("become_ready")
    outcomes = [one.outcome for one in house.said if isinstance(one, ReservationEnded)]
    assert outcomes == [ReservationOutcome.EXPIRED, ReservationOutcome.ACCEPTED]


@pytest.mark.parametrize("by", ["screen", "phone"])
async def test_she_declines_and_the_next_is_asked(house: House, by: str) -> None:
    anna, annas = await house.at_work("anna")
    _, bens = await house.at_work("ben")
    customer = await house.customer_in_billing()
    ringing = await annas.rings()
    if by == "screen":
        await anna.ask("decline_call")
    else:
        await ringing.decline()
    await ringing.ended()
    await anna.state("not_ready")
    assert not (await bens.rings(2.0)).is_over
    await customer.hang_up()


async def test_she_closes_her_browser_while_it_rings(house: House) -> None:
    """A reload takes a moment, so the next one is asked after the desktop's time of grace, or the ring's."""
    anna, annas = await house.at_work("anna")
    _, bens = await house.at_work("ben")
    customer = await house.customer_in_billing()
    ringing = await annas.rings()
    await anna.close()
    assert not (await bens.rings(14.0)).is_over
    await ringing.ended()
    await anna.connect()
    assert (await anna.state("not_ready"))["reason"] in {"desktop lost", "no answer"}
    await customer.hang_up()


@pytest.mark.parametrize("stage", ["embedded"], indirect=True)  # nothing that a PBX could do differently
async def test_her_browser_is_closed_while_she_is_ready(house: House) -> None:
    anna, _ = await house.at_work("anna")
    await anna.close()
    await house.loses_desktop("anna")
    await anna.connect()
    assert (await anna.state("not_ready"))["reason"] == "desktop lost"
    await anna.ask("become_ready")
    await anna.state("ready")


async def test_nobody_is_logged_in_and_the_queue_tells(house: House) -> None:
    customer = await house.stage.dial("1000")
    await customer.hears(house.prompt("menu"))
    await customer.press("2")
    await customer.hears(house.nobody_there())
    await customer.ended(10.0)
    (closed,) = await house.closed()
    assert closed.outcome is InteractionOutcome.OVERFLOWED


async def test_nobody_is_logged_in_and_the_queue_waits(house: House) -> None:
    customer = await house.customer_in_billing()
    await customer.hears_music()
    _, phone = await house.at_work("anna")
    await phone.rings(1.0)
    await customer.hang_up()


async def test_an_unknown_number(house: House) -> None:
    customer = await house.stage.dial("4711")
    await customer.ended(15.0)
    assert not house.centre.center.interactions


async def test_nothing_can_be_asked_for_twice(house: House) -> None:
    anna, _ = await house.at_work("anna")
    for verb in ("decline_call", "hang_up_call", "answer_call"):
        with pytest.raises(Refused, match="no_call"):
            await anna.ask(verb)
