"""Which nodes a caller has come to, and along which ways."""

from ivr.dialogue.interpreter import Dialogue
from ivr.dialogue.steps import Arrival
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.back import ReturnNode
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.say import SayNode
from ivr.nodes.sub_flow import SubFlowNode
from tests.ivr.dialogues import in_balance, press
from tests.ivr.flows import MENU, said


def of(arrivals: list[Arrival]) -> list[tuple[str, str, str, float]]:
    """Where from, along which way, where to, and when."""
    return [(one.of, one.way, one.node, one.since) for one in arrivals]


def test_a_trail_tells_every_node_and_the_way_to_it() -> None:
    dialogue = in_balance()
    press(dialogue, "0", 6.0)
    assert of(dialogue.trail) == [
        ("", "", "menu", 0.0),
        ("menu", "1", "number", 1.0),
        ("number", "then", "find", 4.0),
        ("find", "found", "balance", 5.0),
        ("balance", "then", "more", 6.0),
        ("more", "0", "person", 6.0),
    ]


def test_a_sub_flow_is_left_along_the_way_of_the_node_that_entered_it() -> None:
    inner = Flow(FlowName("inner"), NodeId("ask"), {NodeId("ask"): MENU, NodeId("bye"): ReturnNode()}, NodeId("bye"))
    nodes = {
        NodeId("into"): SubFlowNode(inner.name, NodeId("after")),
        NodeId("after"): SayNode(said("back"), NodeId("end")),
        NodeId("end"): HangUpNode(),
    }
    outer = Flow(FlowName("outer"), NodeId("into"), nodes, NodeId("end"))
    dialogue = Dialogue(outer, "en", flows={inner.name: inner})
    dialogue.start(0.0)
    press(dialogue, "2", 3.0)
    dialogue.prompt_ended(4.0)
    assert of(dialogue.trail) == [
        ("", "", "into", 0.0),
        ("", "", "ask", 0.0),
        ("ask", "2", "bye", 3.0),
        ("into", "then", "after", 3.0),
        ("after", "then", "end", 4.0),
    ]
    assert [one.flow for one in dialogue.trail] == ["outer", "inner", "inner", "outer", "outer"]
