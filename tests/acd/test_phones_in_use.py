"""Phones that ring or talk with somebody who is none of ours, and the end of our own calls, which comes twice."""

import pytest
from msgspec.structs import replace

from acd.calls.reservations import PHONE_BUSY
from acd.events import ReservationEnded, ReservationMade
from acd.model import AgentId, ReservationOutcome
from acd.people.agents import AfterCallWork, Ready, Reserved
from acd.requests import BecomeReady
from acd.routing.availability import CLOSES_WITHIN
from acd.routing.explanation import explained
from cti.commands import Ring
from cti.events import LegEnded, PhoneBusy, PhoneFree
from cti.model import Endpoint, HangupCause
from tests.acd.centre import Centre
from tests.acd.company import NODE, company

ANNAS = Endpoint("PJSIP/anna")
BUSY, FREE = PhoneBusy(NODE, ANNAS), PhoneFree(NODE, ANNAS)


@pytest.fixture
def centre() -> Centre:
    """A centre with its PBX, and anna at work."""
    centre = Centre()
    centre.connect()
    centre.ready("anna")
    return centre


def talk_with_us(centre: Centre) -> None:
    """A whole call, and the end of the after-call work; the PBX has not said yet that the phone is free."""
    leg = centre.call_billing()
    centre.tell(BUSY)
    centre.connect_call(leg)
    centre.hang_up(leg)
    assert isinstance(centre.state("anna"), AfterCallWork)


def test_why_she_was_not_asked_is_in_the_decision(centre: Centre) -> None:
    centre.ready("ben")
    centre.tell(BUSY)
    centre.call_billing()
    why = centre.last(ReservationMade).why
    assert explained(why).passed(why.roster.agents)["phone in use"] == ("anna",)


def test_a_call_that_has_begun_beside_ours_counts_when_ours_is_over(centre: Centre) -> None:
    talk_with_us(centre)  # a friend has rung her in the middle of it: the PBX has nothing new to say of the phone
    centre.wait(5)
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))
    assert centre.center.has_own_call(centre.center.agents[AgentId("anna")])
    rings = len(centre.every(Ring))
    centre.call_billing()
    assert len(centre.every(Ring)) == rings
    centre.tell(FREE)
    assert len(centre.every(Ring)) == rings + 1


def test_the_end_of_a_call_of_ours_holds_nobody_up(centre: Centre) -> None:
    talk_with_us(centre)
    centre.wait(0.1)
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))
    centre.call_billing()
    assert isinstance(centre.state("anna"), Reserved)


def test_a_late_word_of_a_ring_that_is_over_holds_her_up_only_until_the_next_word(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.hang_up(leg)
    assert isinstance(centre.state("anna"), Ready)
    centre.tell(BUSY)  # that is our own ring, which has just been taken back
    centre.wait(0.05)
    centre.tell(FREE)
    centre.call_billing()
    assert isinstance(centre.state("anna"), Reserved)


def test_a_phone_that_several_share_rings_whatever_the_pbx_says_of_it() -> None:
    plan = company()
    anna = plan.agents[AgentId("anna")]
    shared = replace(anna, phones=tuple(replace(phone, ring_when_busy=True) for phone in anna.phones))
    centre = Centre(replace(plan, agents={**plan.agents, anna.id: shared}))
    centre.connect()
    centre.ready("anna")
    centre.tell(BUSY)
    centre.call_billing()
    assert isinstance(centre.state("anna"), Reserved)


def refuse(centre: Centre) -> None:
    """Her phone says that it is busy."""
    centre.tell(LegEnded(centre.last(Ring).leg, HangupCause.BUSY))


def ready_at_once(centre: Centre) -> None:
    talk_with_us(centre)
    centre.tell(FREE)
    centre.wait(0.1)
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))


def test_a_phone_that_is_still_closing_the_call_before_is_rung_again_and_nobody_blamed(centre: Centre) -> None:
    ready_at_once(centre)
    leg = centre.call_billing()
    refuse(centre)
    assert centre.last(ReservationEnded).outcome is ReservationOutcome.WITHDRAWN
    assert isinstance(centre.state("anna"), Ready)
    assert not centre.interaction(leg).missed_by
    rings = len(centre.every(Ring))
    centre.wait(CLOSES_WITHIN / 2)
    assert len(centre.every(Ring)) == rings, "it needs a moment"
    centre.wait(CLOSES_WITHIN)
    assert len(centre.every(Ring)) == rings + 1


def test_a_phone_that_goes_on_saying_so_is_busy(centre: Centre) -> None:
    ready_at_once(centre)
    leg = centre.call_billing()
    refuse(centre)
    centre.wait(CLOSES_WITHIN)
    refuse(centre)
    assert centre.last(ReservationEnded).outcome is ReservationOutcome.DECLINED
    assert centre.interaction(leg).missed_by == {"anna": PHONE_BUSY}


def test_a_phone_that_has_had_the_time_to_close_its_call_is_busy(centre: Centre) -> None:
    talk_with_us(centre)
    centre.tell(FREE)
    centre.wait(5)
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))
    leg = centre.call_billing()
    refuse(centre)
    assert centre.interaction(leg).missed_by == {"anna": PHONE_BUSY}
