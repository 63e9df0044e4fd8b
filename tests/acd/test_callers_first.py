"""Callers come before messages, also before those that an agent has been asked about and has not taken yet."""

import pytest

from acd.calls.interactions import Ringing, Waiting
from acd.events import (
    ReservationEnded,
    ReservationMade,
)
from acd.model import (
    AgentId,
    Customer,
    CustomerKnown,
    PhoneKind,
    ReservationOutcome,
    Skill,
)
from acd.people.agents import Busy, Reserved
from acd.plan import Familiar, Step
from acd.requests import AnswerCall, FinishWrapUp, JoinQueue, LeaveQueue, LogIn
from acd.routing.explanation import explained
from acd.routing.requirement import AtLeast
from acd.told import CustomerAnswered
from cti.commands import Ring
from cti.events import PhoneBusy, PhoneFree, PhoneReachable, PhoneUnreachable
from cti.model import Endpoint, NodeName
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, agent, company, queue

ANNA = AgentId("anna")


@pytest.fixture
def centre() -> Centre:
    """Anna alone, for bills."""
    centre = Centre(company(queue(BILLING), queue(PRODUCTS), agents=(agent("anna", billing=5),)))
    centre.connect()
    return centre


def test_a_caller_wins_against_a_message_that_nobody_has_taken_yet(centre: Centre) -> None:
    centre.leave("v1")
    centre.ready("anna")
    leg = centre.call_billing()
    ended = centre.last(ReservationEnded)
    assert (ended.outcome, ended.cause) == (ReservationOutcome.WITHDRAWN, "a caller came first")
    assert isinstance(centre.interaction(leg).stage, Ringing)
    centre.hang_up(leg)
    assert isinstance(centre.state("anna"), Reserved), "and the message is offered again"
    assert centre.last(ReservationMade).segment == ""
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    leg = centre.call_billing()
    assert isinstance(centre.state("anna"), Busy), "what is taken is hers"
    assert isinstance(centre.interaction(leg).stage, Waiting)


def test_the_message_goes_to_somebody_who_is_of_no_use_to_the_caller() -> None:
    steps = (Step(AtLeast(Skill("billing"), 5)), Step(AtLeast(Skill("billing"), 3), 60.0))
    people = (agent("anna", billing=5), agent("ben", billing=3))
    centre = Centre(company(queue(BILLING, steps=steps), agents=people))
    centre.connect()
    centre.ready("anna", "ben")
    centre.leave("v1")
    leg = centre.call_billing()
    assert isinstance(centre.interaction(leg).stage, Ringing)
    made = centre.every(ReservationMade)
    assert [(one.agent, one.segment == "") for one in made] == [("anna", True), ("ben", True), ("anna", False)]
    why = made[1].why
    assert explained(why).reason_for(ANNA, why.roster.agents) == "wanted for a caller"


def test_a_caller_takes_no_agent_from_a_message_who_is_of_no_use_to_him() -> None:
    people = (agent("anna", billing=5), agent("ben", products=5))
    centre = Centre(company(queue(BILLING), queue(PRODUCTS), agents=people))
    centre.connect()
    centre.ready("anna", "ben")
    centre.leave("v1", PRODUCTS)
    one, another = centre.call_billing(), centre.call_billing()
    assert isinstance(centre.interaction(one).stage, Ringing)
    assert isinstance(centre.interaction(another).stage, Waiting)
    assert isinstance(centre.state("ben"), Reserved)
    assert not centre.every(ReservationEnded)


def test_a_phone_that_has_gone_meanwhile_is_no_help_to_a_caller(centre: Centre) -> None:
    centre.leave("v1")
    centre.ready("anna")
    centre.tell(PhoneUnreachable(NodeName("pbx1"), Endpoint("PJSIP/anna")))
    leg = centre.call_billing()
    assert isinstance(centre.interaction(leg).stage, Waiting)
    assert isinstance(centre.state("anna"), Reserved), "nobody gains by taking it from her"


def test_nor_after_the_phone_is_back(centre: Centre) -> None:
    annas = NODE, Endpoint("PJSIP/anna")
    centre.leave("v1")
    centre.ready("anna")
    centre.tell(PhoneUnreachable(*annas))
    leg = centre.call_billing()
    assert isinstance(centre.interaction(leg).stage, Waiting)
    centre.tell(PhoneReachable(*annas))
    assert isinstance(centre.interaction(leg).stage, Ringing)


def test_nor_after_the_agent_has_joined_the_callers_queue() -> None:
    people = (agent("anna", billing=5, products=5),)
    centre = Centre(company(queue(BILLING, optional=True), queue(PRODUCTS), agents=people))
    centre.connect()
    centre.ready("anna")
    centre.tell(LeaveQueue(centre.request_id(), ANNA, BILLING))
    centre.leave("v1", PRODUCTS)
    leg = centre.call_billing()
    assert isinstance(centre.interaction(leg).stage, Waiting)
    centre.tell(JoinQueue(centre.request_id(), ANNA, BILLING))
    assert isinstance(centre.interaction(leg).stage, Ringing)


def test_nor_where_he_telephones_by_browser() -> None:
    centre = Centre(company(queue(BILLING), queue(PRODUCTS), agents=(agent("anna", phones=2, billing=5),)))
    centre.connect()
    centre.ready("anna")
    centre.tell(LogIn(centre.request_id(), ANNA, PhoneKind.BROWSER))
    centre.leave("v1")
    assert isinstance(centre.state("anna"), Reserved)
    leg = centre.call_billing()
    assert isinstance(centre.interaction(leg).stage, Ringing)


def test_who_calls_back_whoever_left_the_message_is_asked_when_that_call_is_over(centre: Centre) -> None:
    annas = NODE, Endpoint("PJSIP/anna")
    centre.leave("v1")
    centre.ready("anna")
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    centre.tell(PhoneBusy(*annas))
    leg = centre.call_billing()
    centre.tell(FinishWrapUp(centre.request_id(), ANNA))
    assert isinstance(centre.interaction(leg).stage, Waiting), "it is her own call, and goes on"
    assert not centre.every(Ring)
    centre.tell(PhoneFree(*annas))
    assert isinstance(centre.interaction(leg).stage, Ringing)


def test_a_caller_does_not_wait_for_whom_he_knows_because_of_a_message() -> None:
    people = (agent("anna", billing=5), agent("ben", billing=5))
    bills = queue(BILLING, preferred=(Familiar.OWNER,), preferred_wait=60.0)
    centre = Centre(company(bills, queue(PRODUCTS), agents=people))
    centre.connect()
    centre.ready("anna")
    centre.leave("v1")
    centre.ready("ben")
    leg = centre.dial()
    eva = Customer("1", "Eva", owner="anna")
    centre.tell(CustomerAnswered(centre.interaction(leg).id, CustomerKnown(eva)))
    centre.press(leg, "1")
    assert isinstance(centre.interaction(leg).stage, Ringing)
    assert centre.last(Ring).endpoint == "PJSIP/anna"
    assert isinstance(centre.state("ben"), Reserved), "the message is his now"
