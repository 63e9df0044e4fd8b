"""A caller leaves a message: what is said of it, what the interaction becomes, and what a crash leaves of it."""

import pytest
from msgspec.structs import replace

from acd.calls.interactions import Leaving
from acd.events import InteractionClosed, VoicemailBegun, VoicemailDropped, VoicemailLeft
from acd.model import Customer, CustomerKnown, InteractionOutcome
from acd.plan import CenterPlan
from acd.tasks.voicemails import TOLD_WITHIN
from acd.told import CustomerAnswered
from cti.commands import HangUp, Play, Record, Remember, StopRecording
from cti.events import CommandFailed, LegSeen, PbxLost, PbxSynchronized, RecordingEnded
from cti.model import HangupCause, LegId, RecordingName
from ivr.dialogue.walk import RECORDING_OVERDUE
from ivr.flow.flow import Flow
from ivr.flow.node import Node
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.record import RecordNode
from tests.acd.centre import Centre
from tests.acd.company import NODE, SERVICE_NUMBER, company

ANN = Customer("1001", "Ann Lee")


def with_voicemail() -> CenterPlan:
    """Whose only number leads to the answering machine of the billing queue."""
    nodes: dict[NodeId, Node] = {
        NodeId("message"): RecordNode(
            {"en": "Please leave a message."}, NodeId("thanks"), NodeId("bye"), queue="billing"
        ),
        NodeId("thanks"): HangUpNode({"en": "Thank you."}),
        NodeId("bye"): HangUpNode(),
    }
    flow = Flow(FlowName("machine"), NodeId("message"), nodes, NodeId("bye"))
    plan = company()
    entry = replace(plan.entry_points[SERVICE_NUMBER], flow=flow.name)
    return replace(plan, flows={flow.name: flow}, entry_points={SERVICE_NUMBER: entry})


@pytest.fixture
def centre() -> Centre:
    centre = Centre(with_voicemail())
    centre.connect()
    return centre


def recorded(centre: Centre) -> LegId:
    """A caller who is being recorded since now."""
    leg = centre.dial()
    centre.wait(2.0)
    centre.prompt_ends(leg)
    return leg


def ended(centre: Centre, leg: LegId, spoken: float = 7.0, *, failed: bool = False) -> None:
    """The PBX says that it is over."""
    recording = centre.last(Record).recording
    centre.tell(RecordingEnded(leg, recording, spoken + 1.0, spoken, failed))


def test_a_message(centre: Centre) -> None:
    leg = recorded(centre)
    kinds = [type(one) for one in centre.said if isinstance(one, Remember | VoicemailBegun | Record)]
    assert kinds[-3:] == [Remember, VoicemailBegun, Record], "nothing that the leg must do waits behind the recording"
    record = centre.last(Record)
    assert (record.leg, record.longest, record.ends_with, record.beep) == (leg, 120.0, "#", True)
    began = centre.now
    centre.wait(9.0)
    centre.tell(CustomerAnswered(centre.interaction(leg).id, CustomerKnown(ANN)))
    ended(centre, leg)
    left = centre.last(VoicemailLeft).voicemail
    assert (str(left.id), left.queue) == (record.recording, "billing")
    assert (left.caller.number, left.customer, left.customer_name) == ("+493012345", "1001", "Ann Lee")
    assert (left.began, left.seconds) == (began, 8.0)
    centre.prompt_ends(leg)
    assert isinstance(centre.interaction(leg).stage, Leaving)
    centre.hang_up(leg)
    closed = centre.last(InteractionClosed)
    assert closed.outcome is InteractionOutcome.VOICEMAIL
    assert [step.label for step in closed.path] == ["Left a message"]
    assert centre.nothing_is_due()


def test_hanging_up_keeps_the_message(centre: Centre) -> None:
    leg = recorded(centre)
    centre.wait(9.0)
    centre.hang_up(leg)
    assert not centre.every(InteractionClosed)
    ended(centre, leg)
    assert len(centre.every(VoicemailLeft)) == 1
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.VOICEMAIL
    assert centre.nothing_is_due()


def test_hanging_up_at_the_beep_is_no_message(centre: Centre) -> None:
    leg = recorded(centre)
    centre.hang_up(leg)
    ended(centre, leg, 1.0)
    assert not centre.every(VoicemailLeft)
    assert len(centre.every(VoicemailDropped)) == 1
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.ABANDONED_IN_FLOW


def test_a_pbx_that_says_nothing_after_the_hang_up(centre: Centre) -> None:
    leg = recorded(centre)
    centre.wait(2.0)
    centre.hang_up(leg, HangupCause.LOST)
    centre.wait(TOLD_WITHIN)
    assert centre.last(VoicemailLeft).voicemail.seconds == 0.0
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.VOICEMAIL
    ended(centre, leg)
    assert len(centre.every(VoicemailLeft)) == 1
    assert centre.nothing_is_due()


def test_who_was_gone_at_the_beep_has_left_nothing_though_the_pbx_does_not_say_so(centre: Centre) -> None:
    leg = recorded(centre)
    centre.wait(1.9)
    centre.hang_up(leg)
    centre.wait(TOLD_WITHIN)
    assert not centre.every(VoicemailLeft)
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.ABANDONED_IN_FLOW
    assert centre.nothing_is_due()


def test_a_pbx_that_never_ends_a_recording(centre: Centre) -> None:
    leg = recorded(centre)
    centre.wait(120.0 + RECORDING_OVERDUE)
    assert centre.last(StopRecording).leg == leg
    assert len(centre.every(VoicemailLeft)) == 1


@pytest.mark.parametrize("refused", [True, False])
def test_who_cannot_be_recorded_goes_another_way(centre: Centre, *, refused: bool) -> None:
    leg = recorded(centre)
    if refused:
        centre.tell(CommandFailed(centre.last(Record), "500 Internal Server Error"))
    else:
        ended(centre, leg, failed=True)
    assert len(centre.every(VoicemailDropped)) == 1
    assert centre.last(HangUp).leg == leg
    centre.hang_up(leg)
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.SELF_SERVED


@pytest.mark.parametrize("is_over", [True, False])
def test_after_an_interruption_the_recording_is_ended(centre: Centre, *, is_over: bool) -> None:
    leg = recorded(centre)
    centre.tell(PbxLost(NODE, "cut"))
    centre.wait(3.0)
    centre.tell(PbxSynchronized(NODE, (LegSeen(leg, answered=True),)))
    stop = centre.last(StopRecording)
    if is_over:
        centre.tell(CommandFailed(stop, "404 Recording not found"))
    else:
        ended(centre, leg)
    assert len(centre.every(VoicemailLeft)) == 1
    assert centre.last(Play).leg == leg, "he is thanked"


def test_the_next_process_takes_the_message_up(centre: Centre) -> None:
    leg = recorded(centre)
    begun = centre.last(VoicemailBegun).voicemail
    memory = centre.last(Remember).memory
    after = centre.successor(4.0)
    after.tell(PbxSynchronized(NODE, (LegSeen(leg, answered=True, memory=memory),)))
    assert not after.every(Record)
    assert after.last(StopRecording).recording == RecordingName(begun.id)
    after.tell(RecordingEnded(leg, RecordingName(begun.id), 6.0, 6.0))
    left = after.last(VoicemailLeft).voicemail
    assert (left.id, left.interaction, left.began, left.queue) == (
        begun.id,
        begun.interaction,
        begun.began,
        begun.queue,
    )
    after.hang_up(leg)
    assert after.last(InteractionClosed).outcome is InteractionOutcome.VOICEMAIL


def test_what_is_left_is_written_on_the_leg(centre: Centre) -> None:
    leg = recorded(centre)
    ended(centre, leg)
    after = centre.successor()
    after.tell(PbxSynchronized(NODE, (LegSeen(leg, answered=True, memory=centre.last(Remember).memory),)))
    assert not after.every(StopRecording)
    after.hang_up(leg)
    assert after.last(InteractionClosed).outcome is InteractionOutcome.VOICEMAIL
