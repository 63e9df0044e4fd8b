"""Which nodes a caller has visited, for how long, and by which way he left them."""

from collections.abc import Mapping
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ivr.dialogue.interpreter import Dialogue
from ivr.dialogue.visits import ENTRY, FROM_QUEUE, HUNG_UP, LOST, RETURNED, SUB_FLOW, NodeVisit
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.back import ReturnNode
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.say import SayNode
from ivr.nodes.sub_flow import SubFlowNode
from tests.ivr.dialogues import in_balance, press
from tests.ivr.flows import MENU, SERVICE, said
from tests.ivr.test_every_dialogue_ends import Watcher, dialogue_in, flows, happen, inputs


def told(visits: tuple[NodeVisit, ...]) -> list[tuple[int, str, float, float | None, str]]:
    """Position, node, from, until, and the way out."""
    return [(one.position, one.node, one.entered, one.left, one.way) for one in visits]


def test_each_node_is_visited_from_one_way_to_the_next() -> None:
    dialogue = in_balance()
    assert told(dialogue.walked()) == [
        (0, "menu", 0.0, 1.0, "1"),
        (1, "number", 1.0, 4.0, "then"),
        (2, "find", 4.0, 5.0, "found"),
        (3, "balance", 5.0, None, ""),
    ]
    press(dialogue, "0", 6.0)
    dialogue.prompt_ended(7.0)
    assert told(dialogue.walked()) == [
        (3, "balance", 5.0, 6.0, "then"),
        (4, "more", 6.0, 6.0, "0"),
        (5, "person", 6.0, 6.0, "to_queue"),
    ]
    dialogue.gone(9.0)
    assert dialogue.walked() == ()


def test_a_visit_knows_its_flow_and_its_node() -> None:
    dialogue = Dialogue(Flow(SERVICE.name, SERVICE.start, SERVICE.nodes, SERVICE.otherwise, version="v1"), "en")
    dialogue.start(1.0)
    assert dialogue.walked() == (NodeVisit(0, FlowName("test"), "v1", NodeId("menu"), "menu", 1.0, ENTRY),)
    assert dialogue.walked() == ()


def test_silence_and_wrong_keys_are_counted() -> None:
    dialogue = Dialogue(SERVICE, "en")
    dialogue.start(0.0)
    dialogue.prompt_ended(1.0)
    dialogue.tick(7.0)
    dialogue.prompt_ended(8.0)
    dialogue.key_pressed("9", 9.0)
    dialogue.key_pressed("1", 30.0)
    press(dialogue, "1", 31.0)
    dialogue.tick(35.0)
    dialogue.gone(36.0)
    menu, number = (one for one in dialogue.walked() if one.left is not None)
    assert (menu.no_inputs, menu.no_matches, menu.way) == (1, 1, "1")
    assert (number.no_inputs, number.no_matches, number.way) == (0, 1, HUNG_UP)


def test_who_is_lost_has_not_hung_up() -> None:
    dialogue = in_balance()
    dialogue.gone(8.0, lost=True)
    assert told(dialogue.walked())[-1] == (3, "balance", 5.0, 8.0, LOST)


def test_a_sub_flow_is_entered_and_left() -> None:
    inner = Flow(FlowName("inner"), NodeId("ask"), {NodeId("ask"): MENU, NodeId("bye"): ReturnNode()}, NodeId("bye"))
    nodes = {
        NodeId("into"): SubFlowNode(inner.name, NodeId("after")),
        NodeId("after"): SayNode(said("back"), NodeId("end")),
        NodeId("end"): HangUpNode(),
    }
    outer = Flow(FlowName("outer"), NodeId("into"), nodes, NodeId("end"))
    dialogue = Dialogue(outer, "en", flows={inner.name: inner}, visits=7, came=FROM_QUEUE)
    dialogue.start(0.0)
    press(dialogue, "2", 3.0)
    dialogue.prompt_ended(4.0)
    assert [(one.position, one.flow, one.came, one.way) for one in dialogue.walked()] == [
        (7, "outer", FROM_QUEUE, "then"),
        (8, "inner", SUB_FLOW, "2"),
        (9, "inner", "", "return"),
        (10, "outer", "", "then"),
        (11, "outer", "", "hang_up"),
    ]


@given(flows(), st.lists(inputs, max_size=60), st.booleans())
def test_visits_follow_each_other_without_a_gap(
    flows: Mapping[FlowName, Flow], happens: list[str], hangs_up: bool
) -> None:
    """Whatever happens, restarts too, each node that was come to has one visit, and only the last may go on."""
    dialogue, watcher, now = dialogue_in(flows), Watcher(), 0.0
    watcher.see(dialogue.start(now))
    kept: dict[int, NodeVisit] = {}
    for what in happens:
        now += 0.5
        kept |= {one.position: one for one in dialogue.walked()}
        if what == "reborn" and not dialogue.over:
            dialogue, watcher = Dialogue.restored(dialogue.flow, dialogue.save(), flows), Watcher()
            watcher.see(dialogue.start(now))
        happen(dialogue, watcher, what, now)
    was_over = dialogue.over
    if hangs_up:
        dialogue.gone(now)
    kept |= {one.position: one for one in dialogue.walked()}
    visits = [kept[position] for position in range(len(kept))]
    assert visits[0].came == ENTRY
    for before, after in pairwise(visits):
        assert before.left == after.entered
        assert before.way in {RETURNED, *(way.name for way in flows[before.flow].nodes[before.node].ways())}
        assert (before.way == RETURNED) == (before.kind == "return")
        assert after.came == (SUB_FLOW if before.kind == "sub_flow" else "")
        assert after.flow == before.flow or after.came == SUB_FLOW or before.way == RETURNED
    assert (visits[-1].left is None) == (not was_over and not hangs_up)
    if was_over:
        assert visits[-1].way in {"to_queue", "hang_up", "transfer"}
    elif hangs_up:
        assert visits[-1].way == HUNG_UP
