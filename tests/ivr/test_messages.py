"""A caller leaves a message, or does not."""

import pytest

from cti.model import Speech
from ivr.dialogue.interpreter import (
    Dialogue,
    HangUp,
    Leave,
    MessageOver,
    Say,
    StopSaying,
    StopTaking,
    TakeMessage,
    Visit,
    Visited,
)
from ivr.dialogue.walk import RECORDING_OVERDUE
from ivr.files.mistakes import FileMistakes
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.record import MESSAGE_LEFT, RecordNode
from ivr.reading.flow_text import Company, Source, flows_of
from tests.ivr.flows import flow, said

MESSAGE = RecordNode(said("leave a message"), NodeId("bye"), NodeId("person"), queue="billing", longest=60.0)
FLOW = flow(start="message", message=MESSAGE)
VISITED = Visited(Visit(NodeId("message"), MESSAGE_LEFT["en"]))
THANKS = Say((Speech("goodbye", "en"),))


def recording() -> Dialogue:
    """A dialogue that records since 3.0."""
    dialogue = Dialogue(FLOW, "en")
    assert dialogue.start(0.0) == (Say((Speech("leave a message", "en"),)),)
    assert dialogue.prompt_ended(3.0) == (TakeMessage(MESSAGE),)
    return dialogue


def test_a_message() -> None:
    dialogue = recording()
    assert dialogue.keeps(2.0, failed=False)
    assert dialogue.recorded(2.0, 9.0) == (MessageOver(kept=True), VISITED, THANKS)
    assert dialogue.prompt_ended(10.0) == (Leave(HangUp()),)


def test_a_key_cuts_the_invitation_and_begins() -> None:
    dialogue = Dialogue(FLOW, "en")
    dialogue.start(0.0)
    assert dialogue.key_pressed("#", 1.0) == (StopSaying(), TakeMessage(MESSAGE))


def test_keys_during_the_message_are_the_pbxs() -> None:
    dialogue = recording()
    assert dialogue.key_pressed("#", 5.0) == ()
    assert dialogue.key_pressed("1", 5.0) == ()


@pytest.mark.parametrize(("spoken", "failed"), [(1.9, False), (0.0, False), (30.0, True)])
def test_next_to_nothing_is_no_message(spoken: float, *, failed: bool) -> None:
    dialogue = recording()
    assert not dialogue.keeps(spoken, failed=failed)
    assert dialogue.recorded(spoken, 9.0, failed=failed)[0] == MessageOver(kept=False)
    assert dialogue.over, "`none` is a queue without a prompt"


def test_a_pbx_that_does_not_tell_the_end_costs_no_message() -> None:
    dialogue = recording()
    assert dialogue.next_deadline() == 3.0 + 60.0 + RECORDING_OVERDUE
    assert dialogue.tick(80.0) == (StopTaking(), MessageOver(kept=True), VISITED, THANKS)
    assert dialogue.recorded(50.0, 81.0) == (), "too late"


def test_another_process_goes_on_with_the_recording() -> None:
    dialogue = Dialogue.restored(FLOW, recording().save())
    assert dialogue.resume(20.0) == ()
    assert dialogue.recorded(5.0, 21.0) == (MessageOver(kept=True), VISITED, THANKS)


FILE = """
start: message
nodes:
  message:
    kind: record
    prompt: {en: Please leave a message.}
    queue: billing
    then: bye
  bye: {kind: hang_up}
"""


def read(text: str) -> RecordNode:
    node = flows_of({FlowName("f"): Source(text, "f.yaml")}, Company(["en"], ["billing"]))[FlowName("f")].nodes[
        NodeId("message")
    ]
    assert isinstance(node, RecordNode)
    return node


def test_in_a_file() -> None:
    node = read(FILE)
    assert (node.queue, node.then, node.none, node.longest) == ("billing", "bye", "bye", 120.0)
    assert read(FILE.replace("    queue: billing\n", "")).queue == ""


@pytest.mark.parametrize(
    ("setting", "mistake"),
    [
        ("queue: biling", "unknown queue 'biling'; did you mean 'billing'?"),
        ("longest: 4000", "'4000' is not right; expected seconds (at least 5, at most 600)"),
        ("terminator: '5'", "'5' is not right; expected the key # or *"),
        ("shortest: 30\n    longest: 20", "`shortest` is 30 s, but `longest` is 20 s"),
        ("none: message", "an endless ring that never waits for the caller: message -> message"),
    ],
)
def test_mistakes_in_a_file(setting: str, mistake: str) -> None:
    with pytest.raises(FileMistakes) as told:
        read(FILE.replace("queue: billing", setting))
    assert mistake in str(told.value)
