"""An agent whose browser is gone: what he was doing stays his, and after a while he is not at work any more."""

import pytest

from acd.calls.interactions import Waiting
from acd.events import (
    AfterCallWorkEnded,
    AgentNoticed,
    AgentStateChanged,
    InteractionClosed,
    RequestRefused,
    SegmentClosed,
    WrapUpChosen,
)
from acd.model import AgentId, SegmentOutcome, WrapUpCode
from acd.people.agents import DESKTOP_LOST, AfterCallWork, Busy, LoggedOut, NotReady, Ready, Reserved
from acd.requests import AnswerCall, BecomeReady, ChooseWrapUp, LogOut
from acd.told import DesktopConnected, DesktopLost
from cti.commands import PickUp
from cti.events import CommandFailed, LegRinging, PbxLost, PbxSynchronized
from cti.model import LegId
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, company, queue

ANNA = AgentId("anna")
BEN = AgentId("ben")


@pytest.fixture
def centre() -> Centre:
    """A centre that does not let anybody wait for nobody."""
    centre = Centre(company(queue(BILLING, tell_if_nobody=True), queue(PRODUCTS)))
    centre.connect()
    return centre


def talked(centre: Centre) -> LegId:
    """Anna has talked, and writes it up."""
    centre.ready("anna")
    leg = centre.call_billing()
    centre.connect_call(leg)
    centre.hang_up(leg)
    assert isinstance(centre.state("anna"), AfterCallWork)
    return leg


# -- after-call work ---------------------------------------------------------------------------------------------------


def test_who_loses_his_browser_goes_on_writing_up_when_it_is_back(centre: Centre) -> None:
    talked(centre)
    centre.tell(DesktopLost(ANNA))
    assert isinstance(centre.state("anna"), AfterCallWork)
    centre.wait(10)
    centre.tell(DesktopConnected(ANNA))
    centre.tell(ChooseWrapUp(centre.request_id(), ANNA, WrapUpCode("solved"), "all well"))
    assert centre.last(WrapUpChosen).note == "all well"
    assert not centre.every(InteractionClosed)
    centre.wait(10)
    assert centre.state("anna") == NotReady(centre.now, DESKTOP_LOST), "he says Ready himself"
    assert len(centre.every(InteractionClosed)) == 1


def test_who_is_back_in_time_may_end_his_work_himself(centre: Centre) -> None:
    talked(centre)
    centre.tell(DesktopLost(ANNA))
    centre.tell(DesktopConnected(ANNA))
    centre.tell(BecomeReady(centre.request_id(), ANNA))
    assert isinstance(centre.state("anna"), Ready)
    assert len(centre.every(InteractionClosed)) == 1


def test_the_time_for_after_call_work_ends_without_a_browser_too(centre: Centre) -> None:
    talked(centre)
    centre.tell(DesktopLost(ANNA))
    centre.wait(20)
    assert centre.state("anna") == NotReady(centre.now, DESKTOP_LOST)
    assert len(centre.every(InteractionClosed)) == 1


def test_a_note_may_come_before_the_code(centre: Centre) -> None:
    talked(centre)
    centre.tell(ChooseWrapUp(centre.request_id(), ANNA, WrapUpCode(""), "will pay"))
    assert not centre.every(RequestRefused)
    assert (centre.last(WrapUpChosen).code, centre.last(WrapUpChosen).note) == ("", "will pay")
    (interaction,) = centre.center.interactions.values()
    assert interaction.wrap_up.code == ""
    centre.tell(ChooseWrapUp(centre.request_id(), ANNA, WrapUpCode("solved"), "will pay"))
    assert centre.last(WrapUpChosen).code == "solved"
    centre.tell(ChooseWrapUp(centre.request_id(), ANNA, WrapUpCode("no such code")))
    assert centre.last(RequestRefused).refusal.code == "unknown_code"


# -- gone for good -----------------------------------------------------------------------------------------------------


def test_who_has_closed_his_browser_is_logged_out_in_the_end(centre: Centre) -> None:
    centre.ready("anna")
    centre.tell(DesktopLost(ANNA))
    centre.wait(299)
    assert isinstance(centre.state("anna"), NotReady)
    centre.wait(1)
    assert centre.state("anna") == LoggedOut(centre.now, DESKTOP_LOST)
    assert centre.last(AgentStateChanged).state == LoggedOut(centre.now, DESKTOP_LOST)
    centre.call_billing()
    assert centre.last(SegmentClosed).outcome is SegmentOutcome.OVERFLOWED, "nobody is at work, and callers are told"


def test_who_goes_home_in_the_middle_of_work_without_a_limit_is_logged_out_too() -> None:
    centre = Centre(company(queue(BILLING, wrap_up=None, tell_if_nobody=True), queue(PRODUCTS)))
    centre.connect()
    talked(centre)
    centre.wait(1000)
    centre.tell(DesktopLost(ANNA))
    centre.wait(299)
    assert isinstance(centre.state("anna"), AfterCallWork)
    centre.wait(1)
    assert centre.state("anna") == LoggedOut(centre.now, DESKTOP_LOST)
    assert len(centre.every(InteractionClosed)) == 1
    assert centre.last(AfterCallWorkEnded).at == centre.now
    centre.call_billing()
    assert centre.last(SegmentClosed).outcome is SegmentOutcome.OVERFLOWED, "nobody is at work, and callers are told"


def test_who_is_back_in_time_stays_logged_in(centre: Centre) -> None:
    centre.ready("anna")
    centre.tell(DesktopLost(ANNA))
    centre.wait(299)
    centre.tell(DesktopConnected(ANNA))
    centre.wait(10_000)
    assert centre.state("anna") == NotReady(centre.now - 10_299, DESKTOP_LOST)


def test_nobody_is_logged_out_in_a_talk_or_before_it_is_written_up(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.connect_call(leg)
    centre.tell(DesktopLost(ANNA))
    centre.wait(1000)
    assert isinstance(centre.state("anna"), Busy)
    centre.hang_up(leg)
    centre.wait(19)
    assert isinstance(centre.state("anna"), AfterCallWork)
    centre.wait(1)
    assert centre.state("anna") == LoggedOut(centre.now, DESKTOP_LOST)
    assert centre.center.next_deadline() is None


def test_each_absence_has_its_own_time(centre: Centre) -> None:
    centre.ready("anna")
    for _ in range(3):
        centre.tell(DesktopLost(ANNA))
        centre.wait(200)
        centre.tell(DesktopConnected(ANNA))
    assert isinstance(centre.state("anna"), NotReady)


# -- who waits for the last one ----------------------------------------------------------------------------------------


def waiting_for_anna(centre: Centre) -> LegId:
    """A caller waits while Anna, the only one at work, writes up another call."""
    centre.ready("anna")
    first = centre.call_billing()
    leg = centre.call_billing()
    centre.connect_call(first)
    centre.hang_up(first)
    return leg


@pytest.mark.parametrize("by_himself", [True, False], ids=["logs out", "closes the browser"])
def test_who_waits_is_told_that_the_last_one_has_gone(centre: Centre, by_himself: bool) -> None:
    leg = waiting_for_anna(centre)
    centre.tell(LogOut(centre.request_id(), ANNA) if by_himself else DesktopLost(ANNA))
    centre.wait(29 if by_himself else 329)
    assert isinstance(centre.interaction(leg).stage, Waiting)
    centre.wait(1)
    assert centre.last(SegmentClosed).outcome is SegmentOutcome.OVERFLOWED
    assert not centre.waiting("billing")


def test_the_next_shift_takes_over_who_waits(centre: Centre) -> None:
    leg = waiting_for_anna(centre)
    centre.tell(LogOut(centre.request_id(), ANNA))
    centre.wait(29)
    centre.ready("ben")
    centre.wait(2)
    assert isinstance(centre.state("ben"), Reserved)
    centre.connect_call(leg)
    assert isinstance(centre.state("ben"), Busy)


def test_nobody_is_sent_away_while_his_pbx_cannot_be_reached(centre: Centre) -> None:
    leg = waiting_for_anna(centre)
    centre.tell(LogOut(centre.request_id(), ANNA))
    centre.tell(PbxLost(NODE, "cut"))
    centre.wait(60)
    assert isinstance(centre.interaction(leg).stage, Waiting)


def test_a_queue_may_let_its_callers_wait_for_nobody() -> None:
    centre = Centre()
    centre.connect()
    leg = waiting_for_anna(centre)
    centre.tell(LogOut(centre.request_id(), ANNA))
    centre.wait(600)
    assert isinstance(centre.interaction(leg).stage, Waiting)


# -- the button that answers the phone ---------------------------------------------------------------------------------


def test_a_phone_that_does_not_obey_the_click_is_told_of(centre: Centre) -> None:
    centre.ready("anna")
    centre.call_billing()
    centre.tell(LegRinging(next(iter(centre.center._floor.agent_legs))))
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    centre.tell(CommandFailed(centre.last(PickUp), "500"))
    assert centre.last(AgentNoticed) == AgentNoticed(ANNA, "pick_up_failed")
    assert [one.code for one in centre.center.agents[ANNA].notices] == ["pick_up_failed"]
    assert isinstance(centre.state("anna"), Reserved), "it rings on"


def test_a_click_that_fails_too_late_is_nobodys_concern(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.tell(LegRinging(next(iter(centre.center._floor.agent_legs))))
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    centre.connect_call(leg)
    assert not centre.tell(CommandFailed(centre.last(PickUp), "500"))
    centre.tell(PbxSynchronized(NODE, ()))
    assert not centre.tell(CommandFailed(centre.last(PickUp), "500"))
