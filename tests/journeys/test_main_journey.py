"""The journey for which Callwright exists, step by step."""

from acd.model import InteractionOutcome, SegmentOutcome
from tests.journeys.house import House


async def test_from_the_menu_to_the_wrap_up(house: House) -> None:
    anna, annas_phone = await house.at_work("anna")
    customer = await house.stage.dial("1000")
    await customer.hears(house.prompt("menu"))
    await customer.press("0")
    pop = await anna.pop()
    ringing = await annas_phone.rings()
    assert anna.pop_arrived(pop["interaction"]) < ringing.invited_at
    await ringing.answer()
    await anna.state("busy")
    await customer.hears_agent("anna")
    await ringing.hears_customer()
    await customer.hang_up()
    await anna.state("after_call_work")
    await anna.ask("choose_wrap_up", code="Resolved", note="fine")
    await anna.ask("become_ready")
    await anna.state("ready")
    (closed,) = await house.closed()
    assert closed.outcome is InteractionOutcome.ANSWERED
    stored = await house.stored(closed.interaction)
    assert [segment.outcome for segment in stored.segments] == [SegmentOutcome.ANSWERED]
