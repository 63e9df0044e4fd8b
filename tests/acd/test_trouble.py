"""A PBX that is too busy, or gives no answer, and callers who are not there: agents are not to blame for it."""

import pytest

from acd.calls.interactions import Waiting
from acd.model import AgentId
from acd.people.agents import Busy, NotReady, Ready, Reserved
from acd.requests import AnswerCall, BecomeReady
from cti.commands import Bridge, HangUp, PickUp, Ring
from cti.events import CommandFailed, LegRinging, PhoneBusy, PhoneFree
from cti.model import Endpoint, NodeName
from tests.acd.centre import Centre
from tests.acd.company import NODE


@pytest.fixture
def centre() -> Centre:
    """A centre with its PBX."""
    centre = Centre()
    centre.connect()
    return centre


def test_a_pbx_that_is_too_busy_costs_no_agent_his_calls(centre: Centre) -> None:
    centre.ready("anna", "ben")
    leg = centre.call_billing()
    outputs = centre.tell(CommandFailed(centre.last(Ring), "503", trouble=True))
    assert not [one for one in outputs if isinstance(one, Ring)], "it is left alone for a moment"
    assert isinstance(centre.state("anna"), Ready)
    assert isinstance(centre.state("ben"), Ready)
    outputs = centre.wait(2)
    assert [str(one.call) for one in outputs if isinstance(one, Ring)] == [leg]
    centre.connect_call(leg)
    assert isinstance(centre.state("anna"), Busy)


def test_a_bridge_that_gets_no_answer_costs_nobody_anything(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.answer()
    centre.tell(CommandFailed(centre.last(Bridge), "no answer", trouble=True))
    assert isinstance(centre.state("anna"), Ready)
    assert isinstance(centre.interaction(leg).stage, Waiting)
    centre.wait(2)
    assert len(centre.every(Ring)) == 2


def test_a_caller_who_is_not_there_costs_one_agent_at_most(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.ready("anna", "ben", "chloe")
    for _ in range(2):
        centre.answer()
        centre.tell(CommandFailed(centre.last(Bridge), "400 Channel not found"))
        centre.wait(0.5)
    assert isinstance(centre.state("anna"), NotReady)
    assert isinstance(centre.state("ben"), Ready)
    assert isinstance(centre.state("chloe"), Ready)
    assert leg in {one.leg for one in centre.every(HangUp)}
    assert not centre.center.interactions


def test_a_click_that_is_faster_than_the_phone(centre: Centre) -> None:
    centre.ready("anna")
    centre.call_billing()
    assert not [o for o in centre.tell(AnswerCall(centre.request_id(), AgentId("anna"))) if isinstance(o, PickUp)]
    ring = centre.last(Ring)
    assert [one.leg for one in centre.tell(LegRinging(ring.leg)) if isinstance(one, PickUp)] == [ring.leg]
    assert not centre.tell(LegRinging(ring.leg))


def test_who_has_a_call_of_his_own_on_the_phone_is_not_rung_beside_it(centre: Centre) -> None:
    centre.ready("anna")
    centre.tell(PhoneBusy(NODE, Endpoint("PJSIP/anna")))
    centre.tell(PhoneBusy(NODE, Endpoint("PJSIP/somebody-else")))
    centre.call_billing()
    assert not centre.every(Ring)
    centre.tell(PhoneFree(NodeName("pbx2"), Endpoint("PJSIP/anna")))
    assert not centre.every(Ring), "that is another phone"
    centre.tell(PhoneFree(NODE, Endpoint("PJSIP/anna")))
    assert len(centre.every(Ring)) == 1


def test_the_end_of_our_own_call_is_not_waited_for_twice(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.tell(PhoneBusy(NODE, Endpoint("PJSIP/anna")))
    centre.connect_call(leg)
    centre.call_billing()
    centre.hang_up(leg)
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))
    assert isinstance(centre.state("anna"), Reserved), "though nobody has said yet that the phone is free"
