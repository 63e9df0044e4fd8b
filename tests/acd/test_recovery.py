"""After a crash of ours, or a cut of the event stream: the calls on the PBX are taken up where they are."""

import pytest
from msgspec.structs import replace

from acd.calls.interactions import InFlow, Ringing, Talking, Waiting
from acd.events import (
    CustomerWanted,
    InteractionClosed,
    QuestionAsked,
    RepairMade,
    SegmentClosed,
    SegmentOpened,
    TalkStarted,
)
from acd.figures import Tally
from acd.model import (
    AgentId,
    Customer,
    CustomerKnown,
    InteractionId,
    InteractionOutcome,
    PathStep,
    PhoneKind,
    ReservationId,
    SegmentId,
    SegmentOutcome,
)
from acd.people.agents import AfterCallWork, Busy, NotReady, Ready, Reserved
from acd.recovery.memory import AgentMemory, CallerMemory, CallerTalking, brief, in_full, read, written
from acd.remembered import AgentRemembered, FiguresRemembered
from acd.requests import HangUpCall
from acd.told import DesktopConnected, QuestionAnswered
from cti.commands import HangUp, Play, Remember, Ring, StartMusic
from cti.events import CallArrived, LegSeen, PbxLost, PbxSynchronized
from cti.model import CallerId, CallId, LegId, NodeName
from ivr.flow.questions import LookUp
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, agent, company


def memory_of(centre: Centre, leg: LegId) -> str:
    """What was last written on the leg."""
    written_on = [
        one.memory for one in centre.said if isinstance(one, Remember | Ring) and one.leg == leg and one.memory
    ]
    return written_on[-1] if written_on else ""


def seen(centre: Centre, *legs: LegId, bridged: bool = False, answered: bool = True) -> PbxSynchronized:
    """What a process that comes after `centre` finds on the PBX."""
    return PbxSynchronized(
        NODE,
        tuple(
            LegSeen(leg, answered, tuple(other for other in legs if bridged and other != leg), memory_of(centre, leg))
            for leg in legs
        ),
    )


@pytest.fixture
def before() -> Centre:
    """The process that will be killed."""
    centre = Centre(instance="one")
    centre.connect()
    return centre


def after(before: Centre, seconds: float = 2.0) -> Centre:
    """The next process, with an empty memory."""
    return Centre(instance="two", now=before.now + seconds)


def test_waiters_keep_their_places(before: Centre) -> None:
    legs = [before.call_billing() for _ in range(3) if not before.wait(5)]
    old = [before.interaction(leg).id for leg in legs]
    centre = after(before)
    centre.tell(seen(before, *reversed(legs)))
    assert list(centre.waiting("billing")) == old
    assert {one.leg for one in centre.every(StartMusic)} == set(legs)
    assert not [o for o in centre.said if isinstance(o, HangUp)]
    centre.ready("anna")
    assert str(centre.last(Ring).call) == legs[0]
    centre.connect_call(legs[0])
    assert centre.last(SegmentClosed).wait == pytest.approx(centre.now - (before.now - 10))


def test_talkers_go_on_talking_and_the_agent_is_busy(before: Centre) -> None:
    before.ready("anna")
    leg = before.call_billing()
    ring = before.connect_call(leg)
    centre = after(before)
    centre.tell(AgentRemembered(AgentId("anna"), before.state("anna"), PhoneKind.DESK))
    centre.tell(seen(before, leg, ring.leg, bridged=True))
    assert isinstance(centre.state("anna"), Busy)
    assert isinstance(centre.interaction(leg).stage, Talking)
    assert centre.last(TalkStarted).at == pytest.approx(before.now)
    assert not [o for o in centre.said if isinstance(o, HangUp)]
    centre.tell(DesktopConnected(AgentId("anna")))
    centre.hang_up(leg)
    assert isinstance(centre.state("anna"), AfterCallWork)


def test_killed_between_the_bridge_and_the_note_about_it(before: Centre) -> None:
    before.ready("anna")
    leg = before.call_billing()
    before.answer()
    ring = before.last(Ring)
    centre = after(before)
    centre.tell(seen(before, leg, ring.leg, bridged=True))
    assert isinstance(centre.interaction(leg).stage, Talking)
    assert centre.last(SegmentClosed).outcome is SegmentOutcome.ANSWERED
    assert centre.center.queues[BILLING].figures.balanced(0)


def test_a_phone_that_rings_for_nobody_is_hung_up_and_the_caller_keeps_his_place(before: Centre) -> None:
    before.ready("anna")
    leg = before.call_billing()
    ring = before.last(Ring)
    centre = after(before)
    centre.tell(AgentRemembered(AgentId("anna"), before.state("anna"), PhoneKind.DESK))
    centre.tell(seen(before, leg, ring.leg, answered=False))
    assert centre.last(HangUp).leg == ring.leg
    assert isinstance(centre.interaction(leg).stage, Waiting)
    assert centre.state("anna") == NotReady(centre.now, "restarted")
    centre.tell(DesktopConnected(AgentId("anna")))
    assert str(centre.last(Ring).call) == leg


def test_an_agent_whose_desktop_does_not_come_back_is_not_ready(before: Centre) -> None:
    before.ready("anna")
    centre = after(before)
    centre.connect()
    centre.tell(AgentRemembered(AgentId("anna"), before.state("anna"), PhoneKind.DESK))
    centre.wait(60)
    assert centre.state("anna") == NotReady(centre.now, "desktop lost")
    centre.tell(DesktopConnected(AgentId("anna")))
    assert isinstance(centre.state("anna"), NotReady)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (NotReady(5.0, "lunch"), NotReady),
        (Ready(5.0), Ready),
        (Reserved(5.0, ReservationId("r"), InteractionId("i"), 9.0), Ready),
        (Busy(5.0, InteractionId("i")), Ready),
        (AfterCallWork(5.0, InteractionId("i"), 9e9), AfterCallWork),
    ],
)
def test_what_an_agent_is_when_he_is_back(
    before: Centre, state: Ready | NotReady | Reserved | Busy | AfterCallWork, expected: type
) -> None:
    centre = after(before)
    centre.connect()
    centre.tell(AgentRemembered(AgentId("anna"), state, PhoneKind.BROWSER))
    centre.tell(DesktopConnected(AgentId("anna")))
    assert isinstance(centre.state("anna"), expected)
    assert centre.center.agents[AgentId("anna")].phone.kind is PhoneKind.BROWSER


def test_a_caller_in_the_menu_goes_on_in_the_menu(before: Centre) -> None:
    leg = before.dial()
    centre = after(before)
    arrival = CallArrived(CallId(leg), leg, CallerId("+493012345"), "1000")
    centre.tell(PbxSynchronized(NODE, (LegSeen(leg, True, (), memory_of(before, leg), arrival),)))
    assert isinstance(centre.interaction(leg).stage, InFlow)
    assert centre.last(Play).leg == leg
    centre.press(leg, "1")
    assert isinstance(centre.interaction(leg).stage, Waiting)


def test_the_customer_left_alone_by_the_crash_is_closed_not_forgotten(before: Centre) -> None:
    before.ready("anna")
    leg = before.call_billing()
    before.connect_call(leg)
    centre = after(before)
    centre.tell(seen(before, leg))
    assert centre.last(HangUp).leg == leg
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.ANSWERED


def test_what_the_caller_typed_is_asked_again(before: Centre) -> None:
    leg = before.call_billing()
    remembered = read(memory_of(before, leg))
    assert isinstance(remembered, CallerMemory)
    typed = CallerMemory(
        remembered.interaction,
        remembered.caller,
        remembered.dialled,
        remembered.started,
        remembered.stage,
        remembered.path,
        typed="1001",
        verified="1001",
    )
    centre = after(before)
    centre.tell(PbxSynchronized(NODE, (LegSeen(leg, True, (), written(typed)),)))
    asked = centre.last(QuestionAsked)
    assert asked.question == LookUp("customer", "1001", "en")
    assert centre.last(CustomerWanted).number == "+493012345"
    eva = Customer("1001", "Eva")
    centre.tell(QuestionAnswered(asked.id, "found", {}, eva))
    assert centre.interaction(leg).customer == CustomerKnown(eva, typed=True, verified=True), "as before"
    again = read(memory_of(centre, leg))
    assert isinstance(again, CallerMemory)
    assert (again.typed, again.verified) == ("1001", "1001")


def test_nonsense_on_a_leg_of_ours_is_hung_up_and_counted(before: Centre) -> None:
    centre = after(before)
    centre.tell(PbxSynchronized(NODE, (LegSeen(LegId("pbx1/x"), True, (), '{"type":"other"}'),)))
    assert centre.last(HangUp).leg == "pbx1/x"
    assert centre.last(RepairMade).subject == "pbx1/x"


def test_figures_of_the_day_are_taken_up_again(before: Centre) -> None:
    leg = before.call_billing()
    centre = after(before)
    centre.tell(seen(before, leg))
    centre.tell(FiguresRemembered({BILLING: Tally(answered=7, abandoned=2, answered_wait=70.0)}))
    figures = centre.center.queues[BILLING].figures
    assert figures.entered == 10
    assert figures.asa() == 10.0
    assert figures.balanced(1)


# -- the event stream was away, the process was not ------------------------------------------------------------------


def test_what_ended_meanwhile_is_ended(before: Centre) -> None:
    before.ready("anna")
    gone, stays = before.call_billing(), before.call_billing()
    before.connect_call(gone)
    before.tell(PbxLost(NODE, "cut"))
    before.tell(seen(before, stays))
    assert isinstance(before.state("anna"), AfterCallWork)
    assert before.waiting("billing") == (before.interaction(stays).id,)
    assert before.center.queues[BILLING].figures.balanced(1)


def test_an_answer_that_was_missed_is_made_up_for(before: Centre) -> None:
    before.ready("anna")
    leg = before.call_billing()
    ring = before.last(Ring)
    before.tell(PbxLost(NODE, "cut"))
    before.tell(seen(before, leg, ring.leg))
    assert isinstance(before.state("anna"), Busy)
    before.tell(seen(before, leg, ring.leg, bridged=True))
    assert isinstance(before.interaction(leg).stage, Talking)


def test_nobody_is_asked_while_the_pbx_is_away(before: Centre) -> None:
    leg = before.call_billing()
    before.tell(PbxLost(NODE, "cut"))
    before.ready("anna")
    assert not before.every(Ring)
    before.tell(seen(before, leg))
    assert str(before.last(Ring).call) == leg


def test_an_arrival_that_was_missed_is_received(before: Centre) -> None:
    leg = LegId("pbx1/new")
    before.tell(PbxLost(NODE, "cut"))
    arrival = CallArrived(CallId(leg), leg, CallerId("+4930"), "1000")
    before.tell(PbxSynchronized(NODE, (LegSeen(leg, False, (), "", arrival),)))
    assert before.last(Play).leg == leg
    assert len(before.every(SegmentOpened)) == 0


def test_who_was_hung_up_on_while_the_pbx_was_away_is_hung_up_when_it_is_back(before: Centre) -> None:
    before.ready("anna")
    leg = before.call_billing()
    ring = before.connect_call(leg)
    synchronized = seen(before, leg, ring.leg, bridged=True)
    before.tell(PbxLost(NODE, "cut"))
    before.tell(HangUpCall(before.request_id(), AgentId("anna")))
    outputs = before.tell(synchronized)
    assert {one.leg for one in outputs if isinstance(one, HangUp)} == {leg, ring.leg}
    assert isinstance(before.state("anna"), AfterCallWork)
    before.hang_up(leg)
    before.hang_up(ring.leg)
    assert not before.tell(PbxSynchronized(NODE, ()))


def test_a_talk_found_on_another_pbx_costs_her_only_what_she_wrote_up() -> None:
    anna = AgentId("anna")
    plan = company(agents=(replace(agent("anna", billing=5), capacity=2),))
    centre = Centre(plan, instance="two")
    centre.tell(AgentRemembered(anna, AfterCallWork(centre.now, InteractionId("one-i1"), None), PhoneKind.DESK))
    centre.connect()
    centre.tell(DesktopConnected(anna))
    waiting = centre.call_billing()
    assert isinstance(centre.interaction(waiting).stage, Ringing)
    customer, phone = LegId("pbx2/c"), LegId("pbx2/a")
    stage = CallerTalking(BILLING, SegmentId("one-s2"), centre.now - 60, anna, centre.now - 50)
    talks = CallerMemory(InteractionId("one-i2"), CallerId("+49301"), "1000", centre.now - 60, stage)
    notes = {customer: written(talks), phone: written(AgentMemory(InteractionId("one-i2"), anna))}
    legs = tuple(LegSeen(leg, True, (other,), notes[leg]) for leg, other in ((customer, phone), (phone, customer)))
    centre.tell(PbxSynchronized(NodeName("pbx2"), legs))
    assert [type(work) for work in centre.center.agents[anna].works] == [Reserved, Busy]
    centre.connect_call(waiting)
    assert isinstance(centre.interaction(waiting).stage, Talking)
    for leg in (customer, waiting):
        centre.hang_up(leg)
    assert [type(work) for work in centre.center.agents[anna].works] == [AfterCallWork, AfterCallWork]


def test_each_step_keeps_its_flow() -> None:
    """On the leg it is named only where another one begins: there is not much room."""
    path = tuple(PathStep("menu", "Menu", "1", flow) for flow in ("main", "main", "message", "main", "main"))
    noted = brief(path)
    assert [step.flow for step in noted] == ["main", "", "message", "main", ""]
    assert in_full(noted) == path
