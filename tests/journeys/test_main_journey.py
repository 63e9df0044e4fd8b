"""The journey for which Callwright exists, step by step."""

import asyncio

import pytest

from acd.events import ReservationMade
from acd.model import InteractionOutcome, ReservationOutcome, SegmentOutcome
from acd.routing.explanation import explained
from crm_bridge.demo import demo_customers, demo_number
from tests.journeys.conftest import TODAY
from tests.journeys.desk import Desk
from tests.journeys.house import House
from tests.journeys.stage import DeskPhone

FIRST = demo_customers(TODAY)[0]
"""Customer number 1001."""


async def has_a_call(house: House, agent: Desk, phone: DeskPhone, seconds: float) -> None:
    """The agent is busy for a while, and Ready again."""
    customer = await house.customer_in_billing("+4930901800")
    ringing = await phone.rings()
    await ringing.answer()
    await customer.hears_agent("anna")
    await asyncio.sleep(seconds)
    await customer.hang_up()
    await agent.state("after_call_work")
    await agent.ask("become_ready")
    await agent.state("ready")


async def test_from_the_menu_to_the_books(house: House) -> None:
    anna, annas = await house.at_work("anna")
    ben, bens = await house.at_work("ben")
    dora, _ = await house.at_work("dora")
    await has_a_call(house, anna, annas, 1.0)

    # He dials, hears the menu, serves himself, and asks for a person.
    customer = await house.stage.dial("1000", demo_number(0))
    await customer.hears(house.prompt("menu"))
    await customer.press("1")
    await customer.hears(house.prompt("ask_number"))
    await customer.press("1001#")
    await customer.hears(house.prompt("balance", balance=FIRST.balance, currency=FIRST.currency))
    await customer.press("0")

    # The least busy skilled one: Dora lacks the skill, Anna has been busier.
    pop = await ben.pop()
    made = [one for one in house.said if isinstance(one, ReservationMade)][-1]
    assert made.agent == "ben"
    why = explained(made.why)
    assert [one.agent for one in why.candidates] == ["ben", "anna"]
    assert why.passed(made.why.roster.agents) == {"lacks billing>=3": ("dora",)}

    # The pop is on her screen before her phone rings, and it says everything.
    ringing = await bens.rings()
    assert ben.pop_arrived(pop["interaction"]) < ringing.invited_at
    assert pop["caller"]["number"] == demo_number(0)
    known = pop["customer"]
    assert (known["status"], known["typed"], known["name"]) == ("known", True, FIRST.name)
    assert [bill["number"] for bill in known["bills"]] == [bill.number for bill in FIRST.bills]
    assert [(step["label"]["en"], step["said"]) for step in pop["path"]] == [
        ("Billing", "1"),
        ("Customer number", "1001"),
        ("A person", "0"),
    ]
    assert 0 <= pop["waited"] < 2

    # Two-way audio.
    await ringing.answer()
    await ben.state("busy")
    await customer.hears_agent("ben")
    await ringing.hears_customer()
    await ben.sees(lambda: ben.view["pop"]["phase"] == "talking", "the talk")

    # The end, the wrap-up, the books.
    await customer.hang_up()
    await ben.state("after_call_work")
    await ben.sees(lambda: ben.view["wrap_up"]["codes"] == ["Resolved", "Call back"], "the codes")
    await ben.ask("choose_wrap_up", code="Resolved", note="asked about the last bill")
    await ben.ask("become_ready")
    await ben.state("ready")
    assert dora.view["state"]["kind"] == "ready"
    await the_books_say(house)


async def the_books_say(house: House) -> None:
    """What the database has of the second call."""
    closed = (await house.closed(2))[-1]
    assert closed.outcome is InteractionOutcome.ANSWERED
    stored = await house.stored(closed.interaction)
    (segment,) = stored.segments
    assert (segment.queue, segment.outcome) == ("billing", SegmentOutcome.ANSWERED)
    (talk,) = stored.talks
    assert talk.agent == "ben"
    (reservation,) = stored.reservations
    assert reservation.outcome == ReservationOutcome.ACCEPTED.value
    (wrap_up,) = stored.wrap_ups
    assert (wrap_up.code, wrap_up.note) == ("Resolved", "asked about the last bill")
    assert stored.customer == "1001"
    assert segment.wait == pytest.approx(talk.started - segment.entered, abs=0.01)
    assert segment.ended is not None
    assert talk.ended is not None
    assert talk.ended > talk.started >= segment.ended - 0.01


async def test_a_customer_who_is_known_by_his_number_only_is_not_verified(house: House) -> None:
    anna, annas = await house.at_work("anna")
    customer = await house.customer_in_billing(demo_number(3))
    await annas.rings()
    await anna.sees(lambda: anna.view["pop"]["customer"]["status"] == "known", "the customer")
    assert not anna.view["pop"]["customer"].get("typed")
    await customer.hang_up()


async def test_a_stranger(house: House) -> None:
    anna, annas = await house.at_work("anna")
    customer = await house.customer_in_billing("+4930901777")
    await annas.rings()
    await anna.sees(lambda: anna.view["pop"]["customer"]["status"] == "unknown", "that nobody knows him")
    await customer.hang_up()
