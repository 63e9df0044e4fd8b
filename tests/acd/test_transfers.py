"""A caller is put through to a number outside: closed once, as `transferred`, and never hung up on."""

import pytest
from msgspec.structs import replace

from acd.calls.interactions import InFlow, Leaving
from acd.events import InteractionClosed, InteractionStarted, NodesVisited
from acd.model import InteractionOutcome
from acd.plan import CenterPlan
from acd.recovery.memory import CallerMemory, read
from acd.revision import Revision, RevisionId
from acd.told import PlanChanged
from cti.commands import HangUp, Play, Remember, ReturnToDialplan
from cti.events import CallArrived, CommandFailed, LegReturned, LegSeen, PbxLost, PbxSynchronized
from cti.model import CallerId, CallId, LegId
from ivr.dialogue.walk import PUT_THROUGH_AT_MOST
from ivr.flow.flow import Flow
from ivr.flow.node import Node
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.transfer import TransferNode
from tests.acd.centre import Centre
from tests.acd.company import NODE, SERVICE_NUMBER, SURVEY, company
from tests.acd.test_surveys import asked, with_survey

OFFICE = "+49301234567"
ALLOWED = {"office": OFFICE}
BACK = LegSeen(LegId(""), answered=True)


def with_transfer() -> CenterPlan:
    """Whose only number leads on to the office."""
    nodes: dict[NodeId, Node] = {
        NodeId("out"): TransferNode("office", {"en": "One moment."}, NodeId("sorry")),
        NodeId("sorry"): HangUpNode({"en": "Not possible."}),
    }
    flow = Flow(FlowName("outward"), NodeId("out"), nodes, NodeId("sorry"), numbers=ALLOWED)
    plan = company()
    entry = replace(plan.entry_points[SERVICE_NUMBER], flow=flow.name)
    return replace(plan, flows={flow.name: flow}, entry_points={SERVICE_NUMBER: entry}, transfer_numbers=ALLOWED)


@pytest.fixture
def centre() -> Centre:
    centre = Centre(with_transfer())
    centre.connect()
    return centre


def bound(centre: Centre) -> LegId:
    """A caller whom the PBX is to put through since now."""
    leg = centre.dial()
    centre.wait(2.0)
    centre.prompt_ends(leg)
    return leg


def is_transferred(centre: Centre) -> None:
    """Once, and nobody was hung up on."""
    (closed,) = centre.every(InteractionClosed)
    assert closed.outcome is InteractionOutcome.TRANSFERRED
    assert [(step.label, step.said) for step in closed.path] == [("Put through", OFFICE)]
    assert not centre.every(HangUp)
    assert not centre.center.interactions
    assert centre.nothing_is_due()


def goes_on_in_the_flow(centre: Centre, leg: LegId) -> None:
    """He hears that it is not possible."""
    assert centre.last(Play).sounds[0] == centre.last(Play).sounds[-1]
    assert "Not possible" in str(centre.last(Play).sounds)
    centre.prompt_ends(leg)
    centre.hang_up(leg)
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.SELF_SERVED
    assert centre.nothing_is_due()


def test_a_transfer(centre: Centre) -> None:
    leg = bound(centre)
    command = centre.last(ReturnToDialplan)
    assert (command.leg, command.number) == (leg, OFFICE)
    kinds = [type(one) for one in centre.said if isinstance(one, Play | Remember | ReturnToDialplan)]
    assert kinds[-1] is ReturnToDialplan, "nothing is done to a leg that is no longer ours"
    assert isinstance(centre.interaction(leg).stage, InFlow)
    centre.tell(LegReturned(leg))
    is_transferred(centre)
    (last,) = centre.last(NodesVisited).visits
    assert (last.node, last.way) == ("out", "transfer")


def test_who_hangs_up_first_has_given_up(centre: Centre) -> None:
    leg = bound(centre)
    centre.hang_up(leg)
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.ABANDONED_IN_FLOW
    assert centre.nothing_is_due()


def test_a_pbx_that_refuses(centre: Centre) -> None:
    leg = bound(centre)
    centre.tell(CommandFailed(centre.last(ReturnToDialplan), "404 Requested label can not be found"))
    goes_on_in_the_flow(centre, leg)


def test_a_pbx_that_gave_no_answer_may_have_done_it(centre: Centre) -> None:
    leg = bound(centre)
    centre.tell(CommandFailed(centre.last(ReturnToDialplan), "no answer", trouble=True))
    assert centre.last(Play).sounds != (), "he is not spoken to meanwhile"
    assert len(centre.every(Play)) == 1
    centre.tell(LegReturned(leg))
    is_transferred(centre)


def test_a_pbx_that_never_tells(centre: Centre) -> None:
    leg = bound(centre)
    centre.wait(PUT_THROUGH_AT_MOST)
    goes_on_in_the_flow(centre, leg)


def test_a_number_that_has_been_taken_off_the_list_meanwhile_is_not_dialled(centre: Centre) -> None:
    leg = centre.dial()
    shorter = replace(with_transfer(), transfer_numbers={})
    centre.tell(PlanChanged(shorter, Revision(RevisionId("r2"), "", "", {})))
    centre.prompt_ends(leg)
    assert not centre.every(ReturnToDialplan)
    goes_on_in_the_flow(centre, leg)


def test_somebody_whom_the_dialplan_sends_again_is_a_new_contact(centre: Centre) -> None:
    leg = bound(centre)
    centre.tell(LegReturned(leg))
    centre.tell(CallArrived(CallId(leg), leg, CallerId("+493012345"), SERVICE_NUMBER))
    first, second = centre.every(InteractionStarted)
    assert first.interaction != second.interaction
    assert centre.interaction(leg).id == second.interaction


def test_who_is_put_through_out_of_a_survey_was_served_by_his_agent() -> None:
    plan = with_survey()
    nodes = {NodeId("out"): TransferNode("office", failed=NodeId("bye")), NodeId("bye"): HangUpNode()}
    survey = Flow(SURVEY.name, NodeId("out"), nodes, NodeId("bye"), numbers=ALLOWED)
    centre = Centre(replace(plan, flows={**plan.flows, SURVEY.name: survey}, transfer_numbers=ALLOWED))
    centre.connect()
    leg = asked(centre)
    assert centre.last(ReturnToDialplan).leg == leg
    centre.tell(LegReturned(leg))
    assert not centre.every(InteractionClosed), "his agent still writes it up"
    centre.wait(30.0)
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.ANSWERED
    assert [one.leg for one in centre.every(HangUp) if one.leg == leg] == []
    assert centre.nothing_is_due()


def test_who_comes_back_out_of_a_survey_is_not_hung_up_on_when_his_agent_has_written_up() -> None:
    """Nobody answers outside, and the dialplan sends his very leg to us again."""
    plan = with_survey()
    nodes = {NodeId("out"): TransferNode("office", failed=NodeId("bye")), NodeId("bye"): HangUpNode()}
    survey = Flow(SURVEY.name, NodeId("out"), nodes, NodeId("bye"), numbers=ALLOWED)
    centre = Centre(replace(plan, flows={**plan.flows, SURVEY.name: survey}, transfer_numbers=ALLOWED))
    centre.connect()
    leg = asked(centre)
    centre.tell(LegReturned(leg))
    centre.tell(CallArrived(CallId(leg), leg, CallerId("+493012345"), SERVICE_NUMBER))
    centre.wait(30.0)
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.ANSWERED
    assert leg not in [one.leg for one in centre.every(HangUp)]
    assert centre.interaction(leg).id != centre.last(InteractionClosed).interaction


def test_a_long_cut_in_that_moment_and_he_is_there(centre: Centre) -> None:
    """He is told again, and the PBX has all its time for it again."""
    leg = bound(centre)
    centre.tell(PbxLost(NODE, "cut"))
    centre.wait(11.0)
    centre.tell(PbxSynchronized(NODE, (LegSeen(leg, True, (), "", None),)))
    assert len(centre.every(ReturnToDialplan)) == 2
    centre.wait(5.0)
    centre.tell(LegReturned(leg))
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.TRANSFERRED


# -- interruptions -----------------------------------------------------------------------------------------------------


def test_a_cut_in_that_moment_and_he_is_gone(centre: Centre) -> None:
    bound(centre)
    centre.tell(PbxLost(NODE, "cut"))
    centre.tell(CommandFailed(centre.last(ReturnToDialplan), "not connected", trouble=True))
    centre.wait(30.0)
    centre.tell(PbxSynchronized(NODE, ()))
    is_transferred(centre)


def test_a_cut_in_that_moment_and_he_is_there(centre: Centre) -> None:
    leg = bound(centre)
    centre.tell(PbxLost(NODE, "cut"))
    centre.tell(PbxSynchronized(NODE, (replace(BACK, leg=leg),)))
    assert [one.number for one in centre.every(ReturnToDialplan)] == [OFFICE, OFFICE]
    centre.tell(LegReturned(leg))
    is_transferred(centre)


def test_a_kill_in_that_moment_and_he_is_there(centre: Centre) -> None:
    leg = bound(centre)
    memory = read(centre.last(Remember).memory)
    assert isinstance(memory, CallerMemory)
    successor = centre.successor(1.0)
    seen = replace(BACK, leg=leg, memory=centre.last(Remember).memory)
    successor.tell(PbxSynchronized(NODE, (seen,)))
    assert successor.interaction(leg).id == memory.interaction
    successor.prompt_ends(leg)
    assert successor.last(ReturnToDialplan).number == OFFICE
    successor.tell(LegReturned(leg))
    is_transferred(successor)
    assert successor.last(InteractionClosed).interaction == memory.interaction


def test_a_kill_in_that_moment_and_he_is_gone(centre: Centre) -> None:
    bound(centre)
    successor = centre.successor(1.0)
    successor.tell(PbxSynchronized(NODE, ()))
    assert not successor.every(InteractionStarted), "the dialplan has him; storage closes what is open of him"
    assert not successor.every(HangUp)
    assert not any(isinstance(one.stage, Leaving) for one in successor.center.interactions.values())
