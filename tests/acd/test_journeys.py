"""The brain alone: what callers and agents live through, told in messages."""

import pytest

from acd.events import (
    CustomerWanted,
    InteractionClosed,
    ReservationEnded,
    ReservationMade,
    SegmentClosed,
    TalkStarted,
    WrapUpChosen,
)
from acd.model import (
    AgentId,
    InteractionOutcome,
    PhoneKind,
    ReservationOutcome,
    SegmentOutcome,
    WrapUpCode,
)
from acd.people.agents import AfterCallWork, Busy, NotReady, Ready, Reserved
from acd.requests import BecomeReady, ChooseWrapUp, DeclineCall, HangUpCall, LogIn, TakeBreak
from acd.routing.explanation import explained
from acd.told import DesktopLost
from cti.commands import Answer, Bridge, Command, HangUp, Play, Remember, Ring, StartMusic, StopPlayback
from cti.events import CallArrived, CommandFailed, LegAnswered, LegsBridged, PhoneReachable, PhoneUnreachable
from cti.model import CallerId, CallId, Endpoint, HangupCause, LegId
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, company, queue


@pytest.fixture
def centre() -> Centre:
    """A centre with its PBX."""
    centre = Centre()
    centre.connect()
    return centre


def test_a_caller_is_answered_and_asked_for_and_hears_the_menu(centre: Centre) -> None:
    centre.dial()
    kinds = [type(one) for one in centre.said]
    assert kinds.index(Answer) < kinds.index(Play)
    assert centre.last(CustomerWanted).number == "+493012345"


def test_the_pop_leaves_before_the_phone_rings(centre: Centre) -> None:
    centre.ready("anna")
    centre.call_billing()
    kinds = [type(one) for one in centre.said]
    assert kinds.index(ReservationMade) < kinds.index(Ring)
    assert centre.last(Ring).endpoint == "PJSIP/anna"
    assert isinstance(centre.state("anna"), Reserved)


def test_the_least_busy_of_the_skilled_gets_the_call(centre: Centre) -> None:
    centre.ready("anna", "ben", "dan")
    first = centre.call_billing()
    assert centre.last(ReservationMade).agent == "anna"
    ring = centre.connect_call(first)
    centre.wait(120)
    centre.hang_up(first)
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))
    assert ring.endpoint == "PJSIP/anna"
    centre.call_billing()
    made = centre.last(ReservationMade)
    assert made.agent == "ben"
    assert [c.agent for c in explained(made.why).candidates] == ["ben", "anna"]
    assert explained(made.why).passed(made.why.roster.agents) == {"lacks billing": ("dan",), "logged out": ("chloe",)}


def test_a_whole_call_and_its_books(centre: Centre) -> None:
    leg = centre.call_billing()
    assert centre.last(StartMusic).leg == leg
    centre.wait(30)
    centre.ready("anna")
    centre.answer()
    assert isinstance(centre.state("anna"), Busy)
    assert centre.last(Bridge).leg == leg
    assert not centre.every(TalkStarted)
    ring = centre.last(Ring)
    centre.tell(LegsBridged(ring.call, (leg, ring.leg)))
    closed = centre.last(SegmentClosed)
    assert (closed.outcome, closed.agents) == (SegmentOutcome.ANSWERED, ("anna",))
    assert closed.wait == pytest.approx(30)
    centre.wait(60)
    centre.hang_up(leg)
    assert centre.last(HangUp).leg == ring.leg
    assert isinstance(centre.state("anna"), AfterCallWork)
    centre.tell(ChooseWrapUp(centre.request_id(), AgentId("anna"), WrapUpCode("solved"), "fine"))
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))
    assert centre.last(WrapUpChosen).code == "solved"
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.ANSWERED
    assert isinstance(centre.state("anna"), Ready)
    figures = centre.center.queues[BILLING].figures
    assert figures.balanced(0)
    assert (figures.entered, figures.tally.answered) == (1, 1)
    assert figures.asa() == pytest.approx(30)
    assert not centre.center.interactions


def test_wrap_up_ends_by_itself(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.connect_call(leg)
    centre.hang_up(leg)
    centre.wait(20)
    assert isinstance(centre.state("anna"), Ready)
    assert len(centre.every(InteractionClosed)) == 1


def test_without_wrap_up_the_next_caller_is_rung_for_at_once() -> None:
    centre = Centre(company(queue(BILLING, wrap_up=0.0), queue(PRODUCTS)))
    centre.connect()
    centre.ready("anna")
    first, second = centre.call_billing(), centre.call_billing()
    centre.connect_call(first)
    outputs = centre.hang_up(first)
    assert [str(one.call) for one in outputs if isinstance(one, Ring)] == [second]


def test_a_miss_is_a_miss(centre: Centre) -> None:
    centre.ready("anna", "ben")
    leg = centre.call_billing()
    centre.wait(15)
    assert centre.state("anna") == NotReady(centre.now, "no answer")
    assert centre.every(ReservationEnded)[0].outcome is ReservationOutcome.EXPIRED
    assert centre.last(Ring).endpoint == "PJSIP/ben"
    centre.wait(15)
    assert centre.waiting("billing") == (centre.interaction(leg).id,)
    centre.ready("chloe", "ben")
    centre.tell(DeclineCall(centre.request_id(), AgentId("chloe")))
    assert [one.endpoint for one in centre.every(Ring)] == ["PJSIP/anna", "PJSIP/ben", "PJSIP/chloe", "PJSIP/ben"], (
        "nobody is asked twice for the same call before all have been"
    )


def test_declining_asks_the_next(centre: Centre) -> None:
    centre.ready("anna", "ben")
    centre.call_billing()
    centre.tell(DeclineCall(centre.request_id(), AgentId("anna")))
    assert centre.state("anna") == NotReady(centre.now, "declined")
    assert centre.last(Ring).endpoint == "PJSIP/ben"


def test_a_phone_that_cannot_be_rung_asks_the_next(centre: Centre) -> None:
    centre.ready("anna", "ben")
    centre.call_billing()
    centre.tell(CommandFailed(centre.last(Ring), "503"))
    assert centre.state("anna") == NotReady(centre.now, "phone unreachable")
    assert centre.last(Ring).endpoint == "PJSIP/ben"


def test_an_unregistered_phone_is_not_rung_until_it_is_there(centre: Centre) -> None:
    centre.tell(PhoneUnreachable(NODE, Endpoint("PJSIP/anna")))
    centre.ready("anna")
    centre.call_billing()
    assert not centre.every(Ring)
    centre.tell(PhoneReachable(NODE, Endpoint("PJSIP/anna")))
    assert centre.last(Ring).endpoint == "PJSIP/anna"


@pytest.mark.parametrize("pressed", [False, True])
def test_the_caller_hangs_up_before_an_agent_is_asked(centre: Centre, pressed: bool) -> None:
    leg = centre.call_billing() if pressed else centre.dial()
    centre.wait(6)
    centre.hang_up(leg)
    expected = InteractionOutcome.ABANDONED_IN_QUEUE if pressed else InteractionOutcome.ABANDONED_IN_FLOW
    assert centre.last(InteractionClosed).outcome is expected
    if pressed:
        assert centre.last(SegmentClosed).outcome is SegmentOutcome.ABANDONED
    assert centre.center.next_deadline() is None


def test_the_caller_hangs_up_while_the_phone_rings(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.hang_up(leg)
    assert centre.last(HangUp).leg == centre.last(Ring).leg
    assert centre.last(ReservationEnded).outcome is ReservationOutcome.WITHDRAWN
    assert isinstance(centre.state("anna"), Ready)
    assert centre.last(SegmentClosed).outcome is SegmentOutcome.SHORT_ABANDONED


def test_hang_up_and_answer_in_the_same_moment_whichever_comes_first(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    ring = centre.last(Ring)
    centre.hang_up(leg)
    assert [o for o in centre.tell(LegAnswered(ring.leg)) if isinstance(o, HangUp)], "her leg must not stay"
    assert isinstance(centre.state("anna"), Ready)
    other = centre.call_billing()
    ring = centre.last(Ring)
    centre.answer()
    outputs = centre.hang_up(other)
    assert [o.leg for o in outputs if isinstance(o, HangUp)] == [ring.leg]
    centre.tell(LegsBridged(ring.call, (other, ring.leg)))
    assert isinstance(centre.state("anna"), Ready)
    assert not centre.center.interactions


def test_the_browser_is_closed_while_the_phone_rings(centre: Centre) -> None:
    centre.ready("anna", "ben")
    centre.call_billing()
    centre.tell(DesktopLost(AgentId("anna")))
    assert centre.state("anna") == NotReady(centre.now, "desktop lost")
    assert centre.last(Ring).endpoint == "PJSIP/ben"


def test_the_browser_is_closed_during_a_talk(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.connect_call(leg)
    centre.tell(DesktopLost(AgentId("anna")))
    assert isinstance(centre.state("anna"), Busy), "voice is not affected"
    centre.hang_up(leg)
    centre.wait(20)
    assert centre.state("anna") == NotReady(centre.now, "desktop lost"), "never Ready behind her back"


def test_nobody_is_logged_in() -> None:
    centre = Centre(company(queue(BILLING, tell_if_nobody=True), queue(PRODUCTS)))
    centre.connect()
    leg = centre.call_billing()
    assert centre.last(SegmentClosed).outcome is SegmentOutcome.OVERFLOWED
    centre.prompt_ends(leg)
    assert centre.last(HangUp).leg == leg
    centre.hang_up(leg)
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.OVERFLOWED


def test_an_unknown_number(centre: Centre) -> None:
    leg = centre.dial("4711")
    centre.prompt_ends(leg)
    assert centre.last(HangUp).cause is HangupCause.UNKNOWN_NUMBER
    centre.hang_up(leg)
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.REJECTED


def test_a_wait_has_an_end() -> None:
    centre = Centre(company(queue(BILLING, max_wait=60.0), queue(PRODUCTS)))
    centre.connect()
    leg = centre.call_billing()
    centre.wait(60)
    assert centre.last(SegmentClosed).outcome is SegmentOutcome.OVERFLOWED
    centre.prompt_ends(leg)
    assert centre.last(HangUp).leg == leg


def test_no_audio_after_the_answer(centre: Centre) -> None:
    centre.ready("anna", "ben")
    leg = centre.call_billing()
    centre.answer()
    centre.wait(5)
    assert centre.state("anna") == NotReady(centre.now, "no audio")
    assert centre.last(Ring).endpoint == "PJSIP/ben"
    assert centre.interaction(leg).outcome is InteractionOutcome.ABANDONED_IN_QUEUE


def test_the_agent_hangs_up_by_the_screen(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    ring = centre.connect_call(leg)
    outputs = centre.tell(HangUpCall(centre.request_id(), AgentId("anna")))
    assert {o.leg for o in outputs if isinstance(o, HangUp)} == {leg, ring.leg}


def test_a_break_during_a_call_begins_after_it(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.connect_call(leg)
    centre.tell(TakeBreak(centre.request_id(), AgentId("anna"), "lunch"))
    centre.hang_up(leg)
    centre.wait(20)
    assert centre.state("anna") == NotReady(centre.now, "lunch")


def test_the_first_to_come_is_the_first_to_be_served_across_queues(centre: Centre) -> None:
    first = centre.dial()
    centre.press(first, "2")
    centre.wait(1)
    centre.call_billing()
    centre.ready("chloe")
    assert str(centre.last(Ring).call) == first


def test_the_phone_is_chosen_at_log_in(centre: Centre) -> None:
    centre.ready("anna")
    centre.tell(LogIn(centre.request_id(), AgentId("anna"), PhoneKind.BROWSER))
    centre.call_billing()
    assert centre.last(Ring).endpoint == "PJSIP/web-anna"


def test_the_day_ends_at_midnight_of_the_centre(centre: Centre) -> None:
    centre.center.begin_days(centre.now)
    centre.ready("anna")
    leg = centre.call_billing()
    centre.connect_call(leg)
    centre.hang_up(leg)
    waiting = centre.dial()
    centre.press(waiting, "2")
    centre.wait(86_400)
    for name in (BILLING, PRODUCTS):
        one = centre.center.queues[name]
        assert one.figures.balanced(len(one))
    assert centre.center.queues[BILLING].figures.entered == 0


def test_the_longest_wait_ends_while_a_phone_rings() -> None:
    centre = Centre(company(queue(BILLING, max_wait=10.0), queue(PRODUCTS)))
    centre.connect()
    leg = centre.call_billing()
    centre.wait(5)
    centre.ready("anna")
    centre.wait(10)
    assert isinstance(centre.state("anna"), Reserved), "she may still answer"
    centre.wait(5)
    assert centre.last(SegmentClosed).outcome is SegmentOutcome.OVERFLOWED
    centre.prompt_ends(leg)
    assert centre.last(HangUp).leg == leg


def test_whom_the_fallback_has_kept_is_served_before_those_who_came_later(centre: Centre) -> None:
    first = centre.call_billing()
    leg = LegId("pbx1/kept")
    centre.tell(CallArrived(CallId(leg), leg, CallerId("+4930"), "1000", entered=centre.now - 300))
    centre.press(leg, "1")
    assert centre.waiting("billing") == (centre.interaction(leg).id, centre.interaction(first).id)
    centre.ready("anna")
    assert str(centre.last(Ring).call) == leg
    centre.wait(10)
    centre.connect_call(leg)
    assert centre.last(SegmentClosed).wait == pytest.approx(10), "figures count the stay in our queue"


def test_nothing_is_written_on_a_leg_behind_a_prompt(centre: Centre) -> None:
    """Asterisk would carry it out only when the prompt is over, and all that follows after it."""
    unknown, known = centre.dial("4711"), centre.dial()
    centre.press(known, "9")
    centre.prompt_ends(unknown)
    centre.press(known, "1")
    for leg in (unknown, known):
        playing = False
        for one in (o for o in centre.said if isinstance(o, Command) and o.leg == leg):
            assert not (playing and isinstance(one, Remember)), leg
            playing = isinstance(one, Play) or (playing and not isinstance(one, StopPlayback))
