"""Pictures of flows, laid out by the real Graphviz."""

import shlex
import subprocess
import time
from itertools import combinations
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.drawing.graph import columns, dot_of, lines_of
from ivr.edge.programs import AT_MOST
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId, Recorded
from ivr.nodes.branch import BranchNode, Case
from ivr.nodes.menu import Choice, MenuNode
from ivr.nodes.say import SayNode
from ivr.nodes.to_queue import ToQueueNode
from tests.ivr.flows import SERVICE, flow, said

DECIDING = flow(
    start="which",
    which=BranchNode((Case('name == "A & <B>"', NodeId("rich")),), NodeId("person")),
    rich=SayNode({"en": Recorded("custom/rich")}, NodeId("person")),
    person=ToQueueNode("billing", {"en": 'He said "wait" \\ & <more>'}),
)


class Box(NamedTuple):
    """A node's place, in inches."""

    name: str
    x: float
    y: float
    width: float
    height: float


def laid_out(text: str) -> tuple[list[Box], list[list[str]]]:
    """The boxes, and the edges with their labels, as Graphviz places them."""
    plain = subprocess.run(["dot", "-Tplain"], input=text, capture_output=True, text=True, check=True).stdout
    lines = [shlex.split(line) for line in plain.splitlines()]
    boxes = [Box(line[1], *map(float, line[2:6])) for line in lines if line[0] == "node"]
    return boxes, [line for line in lines if line[0] == "edge"]


def overlap(one: Box, other: Box) -> bool:
    """Whether they share any place."""
    return (
        abs(one.x - other.x) < (one.width + other.width) / 2 and abs(one.y - other.y) < (one.height + other.height) / 2
    )


@pytest.mark.parametrize("drawn", [SERVICE, DECIDING])
@pytest.mark.parametrize("language", ["en", "zh", "es"])
def test_every_node_has_its_place_and_none_lies_on_another(drawn: Flow, language: str) -> None:
    boxes, edges = laid_out(dot_of(drawn, language))
    assert {box.name for box in boxes} == {"", *drawn.nodes}
    assert [(one.name, other.name) for one, other in combinations(boxes, 2) if overlap(one, other)] == []
    ways = {(of, way.to) for of, node in drawn.nodes.items() for way in node.ways()}
    assert {(edge[1], edge[2]) for edge in edges} == {("", drawn.start), *ways}


def test_an_end_to_which_many_ways_lead_is_drawn_beside_each_and_a_large_flow_is_drawn_soon() -> None:
    names = [f"menu{number}" for number in range(200)]
    choices = ({"1": Choice(NodeId(after), {"en": "On"})} for after in [*names[1:], "bye"])
    menus = {
        name: MenuNode(prompt=said(name), choices=some, give_up=NodeId("person"))
        for name, some in zip(names, choices, strict=True)
    }
    nodes = {**flow().nodes, **{NodeId(name): menu for name, menu in menus.items()}}
    began = time.monotonic()
    boxes, edges = laid_out(dot_of(Flow(FlowName("large"), NodeId("menu0"), nodes, NodeId("person")), "en"))
    assert time.monotonic() - began < AT_MOST
    assert len(edges) == 1 + 2 * len(names)
    assert next(one for one in edges if one[2] == "person")[1] == "menu0"
    assert {box.name for box in boxes} == {"", *names, "bye", "person", *(f"person of {name}" for name in names[1:])}


def test_ways_are_called_as_people_call_them() -> None:
    text = dot_of(SERVICE, "en")
    assert '"menu" -> "number" [label=" 1 Billing "]' in text
    assert '"find" -> "person" [label=" no answer ", style=dashed' in text
    assert '"find" -> "menu" [label=" 未找到 "]' in dot_of(SERVICE, "zh")
    assert '"which" -> "rich" [label=" name == \\"A & <B>\\" "]' in dot_of(DECIDING, "en")


def test_nodes_show_what_is_said_and_what_is_asked() -> None:
    text = dot_of(SERVICE, "zh")
    assert "中 one or two" in text
    assert "customer · number" in text
    assert "you owe {balance}" in text
    assert "[custom/rich]" in dot_of(DECIDING, "en")


@given(st.text(alphabet="ab 中文，。-", max_size=120), st.integers(4, 40), st.integers(1, 4))
def test_lines_are_never_too_wide_or_too_many(text: str, width: int, most: int) -> None:
    lines = lines_of(text, width, most)
    assert len(lines) <= most
    assert all(0 < columns(line) <= width for line in lines)
    shown = "".join("".join(lines).split())
    assert "".join(text.split()).startswith(shown.rstrip("…")) or "…" in shown


def test_a_text_that_fits_is_whole() -> None:
    assert lines_of("press one", 20, 1) == ["press one"]
    assert lines_of("press one for billing", 12, 2) == ["press one", "for billing"]
    assert lines_of("press one for billing", 12, 1) == ["press one f…"]
    assert lines_of("账单问题请按一", 8, 2) == ["账单问题", "请按一"]
    assert lines_of("", 8, 2) == []
