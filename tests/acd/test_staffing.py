"""Who is at work decides what becomes of those who wait: people go, come, and take another phone."""

import pytest

from acd.calls.interactions import Leaving, Ringing, Waiting
from acd.events import SegmentClosed
from acd.model import AgentId, PhoneKind, Skill
from acd.people.agents import LoggedOut, Reserved
from acd.plan import AgentPlan, Phone
from acd.remembered import AgentRemembered
from acd.requests import BecomeReady, DeclineCall, LogIn, LogOut, TakeBreak
from acd.told import DesktopLost
from cti.commands import HangUp, Play, Ring
from cti.events import LegSeen, PbxLost, PbxSynchronized
from cti.model import Endpoint, LegId, NodeName
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, agent, company, queue
from tests.acd.test_crashes import after, found
from tests.acd.test_handback import note, seen

ANNA, BEN = AgentId("anna"), AgentId("ben")
OTHER = NodeName("pbx2")


@pytest.fixture
def centre() -> Centre:
    """A centre with its PBX."""
    centre = Centre()
    centre.connect()
    return centre


def missed_by_anna(centre: Centre) -> LegId:
    """A caller whom Anna has declined; she is Ready again."""
    leg = centre.call_billing()
    centre.tell(DeclineCall(centre.request_id(), ANNA))
    centre.tell(BecomeReady(centre.request_id(), ANNA))
    return leg


def at_two_pbxs(*bens_phones: Phone) -> Centre:
    """Anna has a phone on the first PBX."""
    ben = AgentPlan(BEN, "Ben", {Skill("billing"): 5}, bens_phones)
    centre = Centre(company(agents=(agent("anna", billing=5), ben)))
    centre.connect()
    centre.tell(PbxSynchronized(OTHER, ()))
    return centre


# -- all who are left have missed the call -----------------------------------------------------------------------------


def test_who_missed_a_call_is_asked_again_when_the_others_have_gone_home(centre: Centre) -> None:
    centre.ready("anna", "ben")
    centre.tell(TakeBreak(centre.request_id(), BEN, "lunch"))
    leg = missed_by_anna(centre)
    assert isinstance(centre.interaction(leg).stage, Waiting)
    centre.tell(LogOut(centre.request_id(), BEN))
    assert isinstance(centre.interaction(leg).stage, Ringing)
    assert isinstance(centre.state("anna"), Reserved)


def test_or_when_the_centre_has_logged_them_out(centre: Centre) -> None:
    centre.ready("anna", "ben")
    centre.tell(TakeBreak(centre.request_id(), BEN, "lunch"))
    centre.tell(DesktopLost(BEN))
    missed_by_anna(centre)
    centre.wait(centre.center.plan.log_out_after)
    assert isinstance(centre.state("ben"), LoggedOut)
    assert len(centre.every(Ring)) == 2


def test_whose_phone_is_on_another_pbx_is_no_reason_to_wait_for_him() -> None:
    centre = at_two_pbxs(Phone(PhoneKind.DESK, Endpoint("PJSIP/ben"), OTHER))
    centre.ready("anna", "ben")
    leg = missed_by_anna(centre)
    assert isinstance(centre.interaction(leg).stage, Ringing)


def test_nor_is_he_any_more_who_takes_a_phone_there() -> None:
    centre = at_two_pbxs(
        Phone(PhoneKind.DESK, Endpoint("PJSIP/ben"), NODE), Phone(PhoneKind.BROWSER, Endpoint("PJSIP/web-ben"), OTHER)
    )
    centre.ready("anna", "ben")
    centre.tell(TakeBreak(centre.request_id(), BEN, "lunch"))
    leg = missed_by_anna(centre)
    assert isinstance(centre.interaction(leg).stage, Waiting)
    centre.tell(LogIn(centre.request_id(), BEN, PhoneKind.BROWSER))
    assert isinstance(centre.interaction(leg).stage, Ringing)


# -- nobody is left ----------------------------------------------------------------------------------------------------


def told_if_nobody() -> Centre:
    """Anna could serve, and goes; Dan could never."""
    centre = Centre(company(queue(BILLING, tell_if_nobody=True), queue(PRODUCTS)), instance="one")
    centre.connect()
    centre.ready("anna", "dan")
    centre.tell(TakeBreak(centre.request_id(), ANNA, "lunch"))
    return centre


def test_a_restart_with_nobody_at_work_does_not_forget_who_waits() -> None:
    before = told_if_nobody()
    leg = before.call_billing()
    before.tell(LogOut(before.request_id(), ANNA))
    centre = after(before, before.center.plan)
    for name, one in before.center.agents.items():
        centre.tell(AgentRemembered(name, one.state, one.phone.kind))
    centre.tell(found(before, (leg,)))
    assert isinstance(centre.interaction(leg).stage, Waiting)
    centre.wait(30)
    assert isinstance(centre.interaction(leg).stage, Leaving)


def test_who_goes_home_later_puts_nothing_off() -> None:
    centre = told_if_nobody()
    leg = centre.call_billing()
    centre.tell(LogOut(centre.request_id(), ANNA))
    for _ in range(2):
        centre.tell(LogIn(centre.request_id(), AgentId("dan"), PhoneKind.DESK))
        centre.tell(LogOut(centre.request_id(), AgentId("dan")))
        centre.wait(15)
    assert isinstance(centre.interaction(leg).stage, Leaving)


def test_the_last_who_goes_is_the_one_that_counts() -> None:
    centre = told_if_nobody()
    leg = centre.call_billing()
    centre.tell(LogOut(centre.request_id(), ANNA))
    centre.wait(20)
    centre.tell(LogIn(centre.request_id(), BEN, PhoneKind.DESK))
    centre.wait(5)
    centre.tell(LogOut(centre.request_id(), BEN))
    centre.wait(20)
    assert isinstance(centre.interaction(leg).stage, Waiting)
    centre.wait(10)
    assert isinstance(centre.interaction(leg).stage, Leaving)


# -- the longest wait --------------------------------------------------------------------------------------------------


def test_the_longest_wait_ends_with_a_word_and_not_while_nobody_would_hear_it() -> None:
    centre = Centre(company(queue(BILLING, max_wait=60.0), queue(PRODUCTS)))
    centre.connect()
    leg = centre.call_billing()
    centre.wait(50)
    centre.ready("anna")
    ring, waiting = centre.last(Ring), note(centre, leg)
    centre.tell(PbxLost(NODE, "cut"))
    centre.wait(20)  # the ring and the wait are over
    assert not centre.every(SegmentClosed)
    centre.tell(TakeBreak(centre.request_id(), ANNA, "lunch"))
    said = len(centre.said)
    centre.tell(PbxSynchronized(NODE, (seen(leg, waiting), LegSeen(ring.leg, True, (), ring.memory))))
    centre.wait(2)
    after_that = centre.said[said:]
    assert [one.leg for one in after_that if isinstance(one, Play)] == [leg]
    assert leg not in [one.leg for one in after_that if isinstance(one, HangUp)]
    assert isinstance(centre.interaction(leg).stage, Leaving)
