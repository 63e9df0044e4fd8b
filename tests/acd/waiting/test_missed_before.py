"""Who has missed a call, in the queues that come after."""

import pytest
from msgspec.structs import replace

from acd.calls.reservations import NO_ANSWER
from acd.events import ReservationMade
from acd.model import AgentId
from acd.people.agents import Ready
from acd.requests import TakeBreak
from acd.waiting.plan import WayOut
from tests.acd.centre import Centre
from tests.acd.company import BILLING, PRODUCTS, agent, company, queue
from tests.acd.waiting.test_exits import TO_FLOW, TO_PRODUCTS, keys, where


@pytest.mark.parametrize(("leads", "chosen"), [(TO_PRODUCTS, ""), (TO_FLOW, "2")], ids=["to a queue", "by a flow"])
def test_who_has_missed_the_call_is_not_asked_again_in_the_next_queue(leads: WayOut, chosen: str) -> None:
    people = agent("anna", billing=5, products=5), agent("dora", billing=5), agent("ben", products=5)
    plan = company(queue(BILLING, waiting=keys(k1=leads)), queue(PRODUCTS), agents=people)
    world = Centre(replace(plan, after_miss={NO_ANSWER: 0.0}))
    world.connect()
    world.ready("anna", "dora", "ben")
    for name in ("dora", "ben"):
        world.tell(TakeBreak(world.request_id(), AgentId(name), "lunch"))
    leg = world.call_billing()
    world.wait(15.1)
    assert isinstance(world.state("anna"), Ready)
    world.press(leg, "1")
    world.press(leg, chosen)
    assert where(world, leg) == PRODUCTS, "she has let it ring out, and is not asked for it again"
    world.ready("ben")
    assert where(world, leg) == "Ringing"
    assert world.last(ReservationMade).agent == "ben"
