"""Killed at a bad moment, or started again with another file: who talks goes on talking, and the books add up."""

from collections.abc import Sequence

import pytest

from acd.calls.interactions import InFlow, Leaving, Talking, Waiting
from acd.events import AgentNoticed, InteractionClosed, InteractionStarted, QuestionAsked, SegmentClosed, TalkEnded
from acd.model import AgentId, InteractionId, InteractionOutcome, PathStep, PhoneKind, ReservationId
from acd.people.agents import AfterCallWork, BackToBreak, Busy, NotReady, Ready, Reserved
from acd.plan import CenterPlan
from acd.recovery.memory import CallerInFlow, CallerMemory, written
from acd.remembered import AgentRemembered, Restarted
from acd.requests import BecomeReady
from acd.told import DesktopConnected, QuestionAnswered
from cti.commands import HangUp, Play, Remember, Ring
from cti.events import CallArrived, LegSeen, PbxSynchronized
from cti.model import CallerId, CallId, LegId
from ivr.dialogue.interpreter import Saved
from ivr.flow.questions import LookUp
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, agent, company, queue
from tests.acd.test_late_answers import enquiry
from tests.acd.test_recovery import memory_of

ANNA = AgentId("anna")


@pytest.fixture
def before() -> Centre:
    """The process that will be killed."""
    centre = Centre(instance="one")
    centre.connect()
    return centre


def after(before: Centre, plan: CenterPlan | None = None, seconds: float = 2.0) -> Centre:
    """The next process, with an empty memory and perhaps another file."""
    return Centre(plan, instance="two", now=before.now + seconds)


def found(before: Centre, *pairs: Sequence[LegId]) -> PbxSynchronized:
    """What there is on the PBX: each pair (or single leg) in a bridge of its own."""
    return PbxSynchronized(
        NODE,
        tuple(
            LegSeen(leg, True, tuple(one for one in legs if one != leg), memory_of(before, leg), arrival_of(leg))
            for legs in pairs
            for leg in legs
        ),
    )


def arrival_of(leg: LegId, entered: float = 0.0) -> CallArrived | None:
    """How a caller's leg came in; None for a leg that we rang."""
    return CallArrived(CallId(leg), leg, CallerId("+493012345"), "1000", entered) if "/in-" in leg else None


def talk(before: Centre, name: str = "anna") -> tuple[LegId, LegId]:
    """A caller and an agent who talk."""
    before.ready(name)
    leg = before.call_billing()
    return leg, before.connect_call(leg).leg


# -- agents ------------------------------------------------------------------------------------------------------------


def test_nobody_without_a_screen_is_ready_when_his_after_call_work_ends(before: Centre) -> None:
    centre = after(before)
    centre.connect()
    state = AfterCallWork(before.now, InteractionId("i"), before.now + 10)
    centre.tell(AgentRemembered(ANNA, state, PhoneKind.DESK))
    centre.wait(10)
    assert isinstance(centre.state("anna"), NotReady)


def test_nobody_without_a_screen_is_ready_when_his_talk_ends(before: Centre) -> None:
    legs = talk(before)
    centre = after(before, company(queue(BILLING, wrap_up=0.0), queue(PRODUCTS)))
    centre.tell(found(before, legs))
    centre.hang_up(legs[0])
    assert isinstance(centre.state("anna"), NotReady)


def test_a_break_that_was_wished_for_survives(before: Centre) -> None:
    legs = talk(before)
    centre = after(before)
    state = Busy(before.now, InteractionId("i"), BackToBreak("lunch"))
    centre.tell(AgentRemembered(ANNA, state, PhoneKind.DESK))
    centre.tell(found(before, legs))
    centre.tell(DesktopConnected(ANNA))
    centre.hang_up(legs[0])
    centre.wait(20)
    assert centre.state("anna") == NotReady(centre.now, "lunch")


def test_a_break_that_nobody_saw_going_on_begins_anew_with_what_is_left_of_its_limit(before: Centre) -> None:
    lunch = NotReady(before.now, "lunch", 600.0)
    for seconds, taken_up in ((60.0, lunch), (61.0, NotReady(before.now + 61, "lunch", 539.0))):
        centre = after(before, seconds=seconds)
        centre.tell(Restarted(before.now))
        centre.tell(AgentRemembered(ANNA, lunch, PhoneKind.DESK))
        assert centre.state("anna") == taken_up
    centre = after(before, seconds=900.0)
    centre.tell(Restarted(before.now))
    centre.tell(AgentRemembered(ANNA, lunch, PhoneKind.DESK))
    assert centre.state("anna") == NotReady(centre.now, "lunch", 0.0)
    centre.wait(0.0)
    assert centre.last(AgentNoticed).code == "break_over"


def test_what_is_remembered_late_changes_nobody_who_works_already(before: Centre) -> None:
    legs = talk(before)
    centre = after(before)
    centre.tell(found(before, legs))
    centre.tell(AgentRemembered(ANNA, NotReady(1.0, "lunch"), PhoneKind.DESK))
    assert isinstance(centre.state("anna"), Busy)


def test_two_talks_of_one_agent_go_on_and_one_of_them_is_his(before: Centre) -> None:
    first = talk(before)
    before.hang_up(first[0])  # the hang-up of her leg was never carried out
    before.tell(BecomeReady(before.request_id(), ANNA))
    second = before.call_billing()
    ring = before.connect_call(second)
    centre = after(before)
    centre.tell(found(before, first, (second, ring.leg)))
    assert not centre.every(HangUp)
    assert isinstance(centre.state("anna"), Busy)
    for leg in (*first, second, ring.leg):
        centre.hang_up(leg)
    centre.wait(100)
    assert not centre.center.interactions
    assert len(centre.every(InteractionClosed)) == 2
    assert isinstance(centre.state("anna"), NotReady)


def test_an_agent_in_after_call_work_who_is_found_talking_has_one_call(before: Centre) -> None:
    legs = talk(before)
    centre = after(before)
    centre.connect()
    other = talk(centre)
    centre.hang_up(other[0])
    assert isinstance(centre.state("anna"), AfterCallWork)
    centre.tell(found(before, legs))
    assert isinstance(centre.state("anna"), Busy)
    assert len(centre.center.interactions) == 1


# -- another file ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("talking", [True, False], ids=["noted", "killed before the note"])
@pytest.mark.parametrize(
    "plan",
    [company(queue(PRODUCTS)), company(agents=(agent("ben", billing=3),))],
    ids=["without the queue", "without the agent"],
)
def test_a_talk_goes_on_though_the_file_knows_nothing_of_it(before: Centre, plan: CenterPlan, talking: bool) -> None:
    before.ready("anna")
    caller = before.call_billing()
    before.answer()
    ring = before.last(Ring)
    if talking:
        before.connect_call(caller)
    centre = after(before, plan)
    centre.tell(found(before, (caller, ring.leg)))
    assert not [one for one in centre.said if isinstance(one, HangUp | Play)]
    assert not centre.tell(found(before, (caller, ring.leg))), "seen again, said once"
    assert [one.outcome for one in centre.every(InteractionClosed)] == [InteractionOutcome.ANSWERED]
    outputs = centre.hang_up(ring.leg)
    assert [one.leg for one in outputs if isinstance(one, HangUp)] == [caller], "nobody is left in silence"
    centre.hang_up(caller)
    assert not centre.tell(PbxSynchronized(NODE, ()))


def test_an_unattended_talk_that_ends_while_we_are_away_is_forgotten(before: Centre) -> None:
    legs = talk(before)
    centre = after(before, company(agents=(agent("ben", billing=3),)))
    centre.tell(found(before, legs))
    outputs = centre.tell(found(before, legs[:1]))
    assert [one.leg for one in outputs if isinstance(one, HangUp)] == [legs[0]]
    assert len(centre.every(InteractionStarted)) == 1


def test_who_waits_in_a_queue_that_is_no_more_starts_over(before: Centre) -> None:
    caller = before.call_billing()
    centre = after(before, company(queue(PRODUCTS)))
    centre.tell(found(before, (caller,)))
    assert isinstance(centre.interaction(caller).stage, InFlow)


def test_a_caller_whose_note_cannot_be_read_goes_on_talking(before: Centre) -> None:
    legs = talk(before)
    centre = after(before)
    seen = found(before, legs).legs
    odd = LegSeen(legs[0], True, (legs[1],), '{"type":"of a later version"}', arrival_of(legs[0]))
    centre.tell(PbxSynchronized(NODE, (odd, *(one for one in seen if one.leg != legs[0]))))
    assert not [one for one in centre.said if isinstance(one, HangUp | Play)]
    assert [o.leg for o in centre.hang_up(legs[0]) if isinstance(o, HangUp)] == [legs[1]]


# -- callers -----------------------------------------------------------------------------------------------------------


def test_a_call_has_one_id_even_if_we_are_killed_before_the_first_key(before: Centre) -> None:
    leg = before.dial()
    old = before.interaction(leg).id
    centre = after(before)
    centre.tell(found(before, (leg,)))
    assert centre.interaction(leg).id == old


def test_whom_the_fallback_has_kept_keeps_that_place_in_the_menu(before: Centre) -> None:
    leg = LegId("pbx1/in-kept")
    before.tell(CallArrived(CallId(leg), leg, CallerId("+4930"), "1000", entered=before.now - 300))
    other = before.call_billing()
    centre = after(before)
    centre.tell(
        PbxSynchronized(
            NODE,
            (
                LegSeen(leg, True, (), memory_of(before, leg), arrival_of(leg, before.now - 300)),
                LegSeen(other, True, (), memory_of(before, other), arrival_of(other, before.now)),
            ),
        )
    )
    centre.press(leg, "1")
    assert centre.waiting("billing") == (centre.interaction(leg).id, centre.interaction(other).id)


def test_the_first_in_the_queue_is_served_first_whoever_called_first(before: Centre) -> None:
    slow = before.dial()
    before.wait(10)
    quick = before.call_billing()
    before.wait(10)
    before.press(slow, "1")
    centre = Centre(instance="two", now=before.now)
    centre.ready("anna")
    centre.tell(found(before, (slow,), (quick,)))
    assert str(centre.last(Ring).call) == quick


def test_how_it_was_to_end_is_not_forgotten(before: Centre) -> None:
    leg = before.dial("4711")
    centre = after(before)
    centre.tell(PbxSynchronized(NODE, (LegSeen(leg, True, (), memory_of(before, leg), arrival_of(leg)),)))
    assert isinstance(centre.interaction(leg).stage, Leaving)
    centre.hang_up(leg)
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.REJECTED


def test_the_answer_about_what_was_typed_before_is_not_taken_for_the_flows_own() -> None:
    before = Centre(enquiry(), instance="one")
    before.connect()
    leg = before.dial()
    saved = Saved(before.interaction(leg).stage.dialogue.save().node, "en", {"number": "1002"})  # type: ignore[union-attr]
    note = CallerMemory(
        before.interaction(leg).id,
        CallerId("+4930"),
        "1000",
        before.now,
        CallerInFlow("welcome", Saved(type(saved.node)("find"), "en", {"number": "1002"})),
        typed="1001",
    )
    centre = after(before, enquiry())
    centre.tell(PbxSynchronized(NODE, (LegSeen(leg, True, (), written(note), arrival_of(leg)),)))
    again, own = centre.every(QuestionAsked)
    assert (again.question, own.question) == (LookUp("customer", "1001", "en"), LookUp("customer", "1002", "en"))
    centre.tell(QuestionAnswered(again.id, "not_found"))
    assert not centre.every(Play), "the flow still waits for its own answer"
    centre.tell(QuestionAnswered(own.id, "not_found"))
    assert centre.every(Play)


def test_nothing_lasts_less_than_nothing_though_the_clock_was_set_back(before: Centre) -> None:
    legs = talk(before)
    waiting = before.call_billing()
    centre = Centre(instance="two", now=before.now - 3600)
    centre.tell(
        AgentRemembered(AgentId("ben"), AfterCallWork(before.now, InteractionId("i"), before.now + 20), PhoneKind.DESK)
    )
    centre.tell(found(before, legs, (waiting,)))
    assert isinstance(centre.interaction(legs[0]).stage, Talking)
    assert isinstance(centre.interaction(waiting).stage, Waiting)
    centre.hang_up(waiting)
    centre.hang_up(legs[0])
    ended = centre.last(TalkEnded)
    assert ended.started <= ended.at
    assert all(one.wait >= 0 and one.entered <= one.at for one in centre.every(SegmentClosed))
    centre.wait(60)
    assert not isinstance(centre.state("ben"), AfterCallWork)


def test_a_remembered_reservation_holds_nobody(before: Centre) -> None:
    centre = after(before)
    centre.connect()
    centre.tell(AgentRemembered(ANNA, Reserved(1.0, ReservationId("r"), InteractionId("i"), 9.0), PhoneKind.DESK))
    centre.tell(DesktopConnected(ANNA))
    assert isinstance(centre.state("anna"), Ready)


def test_the_note_on_a_leg_stays_short(before: Centre) -> None:
    """It is one channel variable: Asterisk takes 8,000 characters of it, and we lose the caller's place beyond."""
    leg = before.dial()
    step = PathStep("menu", "An ordinary label of a menu, said at some length, as people do", "1")
    before.interaction(leg).path = (step,) * 300
    before.press(leg, "1")
    assert len(before.last(Remember).memory) < 7_000
