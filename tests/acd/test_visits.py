"""Who hangs up in a flow has left the node where he was, and his contact is over, once, whatever he was doing there."""

import msgspec
import pytest

from acd.events import InteractionClosed, NodesVisited, RevisionBegan
from acd.model import InteractionOutcome
from acd.recovery.memory import CallerMemory, read
from acd.revision import Revision, RevisionId
from acd.told import PlanChanged
from cti.commands import Record, Remember
from cti.events import LegSeen, PbxSynchronized, RecordingEnded
from cti.model import HangupCause, LegId
from ivr.dialogue.visits import HUNG_UP, LOST, NodeVisit
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId, Prompt
from ivr.nodes.collect import CollectNode
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.look_up import LookUpNode
from ivr.nodes.menu import Choice, MenuNode
from ivr.nodes.record import RecordNode
from ivr.nodes.say import SayNode
from ivr.nodes.to_queue import ToQueueNode
from tests.acd.centre import Centre
from tests.acd.company import NODE, company

SAID: Prompt = {"en": "Well"}
FLOW = Flow(
    FlowName("welcome"),
    NodeId("hello"),
    {
        NodeId("hello"): SayNode(SAID, NodeId("menu")),
        NodeId("menu"): MenuNode(
            prompt=SAID,
            choices={
                key: Choice(NodeId(to), {"en": to})
                for key, to in {"1": "number", "2": "message", "3": "person"}.items()
            },
            give_up=NodeId("person"),
        ),
        NodeId("number"): CollectNode(
            SAID, "number", then=NodeId("find"), give_up=NodeId("bye"), label={"en": "N"}, shortest=2, longest=2
        ),
        NodeId("find"): LookUpNode("customer", "number", NodeId("bye"), NodeId("bye"), NodeId("bye")),
        NodeId("message"): RecordNode(SAID, NodeId("bye")),
        NodeId("person"): ToQueueNode("billing", SAID),
        NodeId("bye"): HangUpNode(SAID),
    },
    NodeId("bye"),
    version="v1",
)

DEEDS = {"hello": "", "menu": "e", "number": "e1", "message": "e2", "person": "e3", "find": "e177", "bye": "e177"}
"""What a caller does to come to a node: keys, and hearing a prompt to its end (`e`)."""


def come_to(node: str) -> tuple[Centre, LegId]:
    """A caller who is at that node."""
    centre = Centre(msgspec.structs.replace(company(), flows={FLOW.name: FLOW}))
    centre.connect()
    leg = centre.dial()
    for deed in DEEDS[node]:
        centre.wait(1.0)
        if deed == "e":
            centre.prompt_ends(leg)
        else:
            centre.press(leg, deed)
    if node == "bye":
        centre.wait(6.0)  # nobody answers the look-up
    return centre, leg


def by_position(centre: Centre) -> dict[int, NodeVisit]:
    """What the process has told of each."""
    return {visit.position: visit for event in centre.every(NodesVisited) for visit in event.visits}


def visits(centre: Centre) -> list[NodeVisit]:
    """All of them."""
    kept = by_position(centre)
    return [kept[position] for position in range(len(kept))]


@pytest.mark.parametrize("node", FLOW.nodes)
@pytest.mark.parametrize(("cause", "way"), [(HangupCause.NORMAL, HUNG_UP), (HangupCause.LOST, LOST)])
def test_a_hang_up_in_each_node_closes_the_contact_once(node: str, cause: HangupCause, way: str) -> None:
    centre, leg = come_to(node)
    *_, here = visits(centre)
    assert (here.node, here.left) == (node, None)
    centre.wait(1.0)
    gone = centre.now
    centre.hang_up(leg, cause)
    centre.hang_up(leg, cause)
    centre.wait(300.0)
    assert len(centre.every(InteractionClosed)) == 1
    *before, last = visits(centre)
    assert (last.node, last.way, last.left) == (node, way, gone)
    assert all(visit.left is not None and visit.way not in {HUNG_UP, LOST} for visit in before)


def test_who_hangs_up_while_he_is_recorded_has_left_a_message() -> None:
    centre, leg = come_to("message")
    centre.prompt_ends(leg)
    centre.wait(5.0)
    centre.hang_up(leg)
    *_, last = visits(centre)
    assert (last.node, last.way, last.left) == ("message", HUNG_UP, centre.now)
    centre.tell(RecordingEnded(leg, centre.last(Record).recording, 5.0, 4.0, failed=False))
    assert centre.last(InteractionClosed).outcome is InteractionOutcome.VOICEMAIL
    assert visits(centre)[-1] == last


def test_a_visit_goes_on_in_another_process() -> None:
    centre, leg = come_to("number")
    before = visits(centre)
    note = centre.last(Remember).memory
    memory = read(note)
    assert isinstance(memory, CallerMemory)
    assert memory.visits == len(before)
    later = centre.successor(30.0)
    later.tell(PbxSynchronized(NODE, (LegSeen(leg, True, (), note, None),)))
    assert by_position(later) == {2: before[-1]}
    later.press(leg, "7")
    later.press(leg, "7")
    told = by_position(later)
    assert (told[2].entered, told[2].left, told[2].way) == (before[-1].entered, later.now, "then")
    assert told[3].node == "find"


def test_whoever_came_before_a_change_stays_in_the_version_before() -> None:
    centre, leg = come_to("menu")
    changed = msgspec.structs.replace(FLOW, version="v2")
    plan = msgspec.structs.replace(centre.center.plan, flows={FLOW.name: changed})
    centre.tell(PlanChanged(plan, Revision(RevisionId("r2"), "sam", "", {})))
    assert centre.last(RevisionBegan).flows == {FLOW.name: "v2"}
    centre.press(leg, "1")
    assert centre.last(NodesVisited).visits[-1].version == "v1"
    centre.dial()
    assert centre.last(NodesVisited).visits[-1].version == "v2"
