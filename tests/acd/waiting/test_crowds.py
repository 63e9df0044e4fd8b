"""Thousands who wait in a queue with rules: nobody else waits for them."""

import time

from msgspec.structs import replace

from acd.events import SegmentClosed
from acd.model import AgentId, Skill
from acd.plan import Step
from acd.requests import LogOut, TakeBreak
from acd.routing.requirement import AtLeast
from acd.waiting.exits import MOST_AT_ONCE
from acd.waiting.plan import Length, Nobody, Rule, Staff
from cti.events import PhoneUnreachable
from cti.model import Endpoint
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, SERVICE_NUMBER, company, queue
from tests.acd.waiting.test_exits import TO_PRODUCTS, balanced, centre, on, rules


def test_who_comes_to_work_does_not_have_thousands_looked_at_who_stay_where_they_are() -> None:
    waiting = rules(Rule((Nobody(Staff.READY),), TO_PRODUCTS), Rule((Length(9_000),), TO_PRODUCTS))
    world = centre(waiting, max_wait=1e9)
    world.ready("anna")
    for _ in range(3_000):
        world.call_billing()
    took: list[float] = []
    for _ in range(5):
        world.tell(LogOut(world.request_id(), AgentId("ben")))
        began = time.thread_time()
        world.ready("ben")
        world.tell(TakeBreak(world.request_id(), AgentId("ben"), "lunch"))
        took.append(time.thread_time() - began)
    assert len(world.waiting(BILLING)) >= 2_990
    assert min(took) < 0.01, took


def test_when_thousands_have_to_go_others_have_their_turn_meanwhile() -> None:
    world = centre(on(Nobody(Staff.READY)), max_wait=1e9)
    world.ready("ben")
    for _ in range(1_000):
        world.call_billing()
    world.wait(16)  # he does not answer
    turns: list[int] = []
    while world.waiting(BILLING) and (deadline := world.center.next_deadline()) is not None:
        world.now = max(world.now, deadline)
        if went := sum(isinstance(one, SegmentClosed) for one in world.tick()):
            turns.append(went)
    assert turns == [MOST_AT_ONCE] * 10
    assert balanced(world)


def test_who_comes_meanwhile_does_not_hold_up_those_who_have_to_go() -> None:
    usual = company(queue(BILLING, waiting=on(Nobody(Staff.READY)), max_wait=1e9), queue(PRODUCTS))
    service = usual.entry_points[SERVICE_NUMBER]
    asking = replace(service, number="1001", requires=(Step(AtLeast(Skill("billing"), 3)),))
    world = Centre(replace(usual, entry_points={SERVICE_NUMBER: service, asking.number: asking}))
    world.connect()
    world.ready("anna", "chloe")
    for name in ("anna", "chloe"):
        world.tell(PhoneUnreachable(NODE, Endpoint(f"PJSIP/{name}")))
    for _ in range(MOST_AT_ONCE + 50):
        world.press(world.dial("1001"), "1")
    for name in ("anna", "chloe"):
        world.tell(TakeBreak(world.request_id(), AgentId(name), "lunch"))
    while len(world.waiting(BILLING)) > 50:
        world.now = max(world.now, world.center.next_deadline() or 0.0)
        world.tick()
    world.call_billing()  # whom he lacks has not been lacking for long
    world.wait(1)
    assert not world.waiting(BILLING)
