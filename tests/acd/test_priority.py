"""What a flow says of a caller who leaves it for a queue: how urgent he is, and what his agent is to see."""

import pytest
from msgspec.structs import replace

from acd.model import InteractionId
from acd.plan import CenterPlan
from cti.events import PbxSynchronized
from ivr.dialogue.steps import Shown
from ivr.flow.flow import Flow
from ivr.flow.node import Node
from ivr.flow.settings import NodeId
from ivr.nodes.collect import CollectNode
from ivr.nodes.menu import Choice, MenuNode
from ivr.nodes.to_queue import Told, ToQueueNode
from tests.acd.centre import Centre
from tests.acd.company import WELCOME, company
from tests.acd.test_crashes import after, found


def with_priority() -> CenterPlan:
    """1: like everybody; 2: as if he had come two minutes before, with a number for the agent."""
    label = {"en": "Order", "zh": "订单"}
    nodes: dict[NodeId, Node] = {
        NodeId("menu"): MenuNode(
            prompt={"en": "1 or 2."},
            choices={"1": Choice(NodeId("usual"), {"en": "1"}), "2": Choice(NodeId("number"), {"en": "2"})},
            give_up=NodeId("usual"),
        ),
        NodeId("number"): CollectNode(
            {"en": "Number?"}, "order", {"en": "O"}, NodeId("urgent"), NodeId("usual"), longest=2
        ),
        NodeId("usual"): ToQueueNode("billing", show=(Told(label, "{order}"),)),
        NodeId("urgent"): ToQueueNode("billing", head_start=120.0, show=(Told(label, "no. {order}"),)),
    }
    flow = Flow(WELCOME.name, NodeId("menu"), nodes, NodeId("usual"))
    return replace(company(), flows={flow.name: flow})


@pytest.fixture
def centre() -> Centre:
    centre = Centre(with_priority())
    centre.connect()
    return centre


def comes(centre: Centre, keys: str) -> InteractionId:
    """A caller who presses these."""
    leg = centre.dial()
    for key in keys:
        centre.press(leg, key)
    return centre.interaction(leg).id


def test_who_is_urgent_comes_before_others(centre: Centre) -> None:
    patient = comes(centre, "1")
    centre.wait(119.0)
    urgent = comes(centre, "242")
    centre.wait(2.0)
    assert centre.waiting("billing") == (urgent, patient)


def test_but_not_before_everybody(centre: Centre) -> None:
    patient = comes(centre, "1")
    centre.wait(121.0)
    urgent = comes(centre, "242")
    assert centre.waiting("billing") == (patient, urgent)


def test_what_the_agent_sees(centre: Centre) -> None:
    urgent = centre.center.interactions[comes(centre, "242")]
    assert urgent.shown == (Shown({"en": "Order", "zh": "订单"}, "no. 42"),)
    assert centre.center.interactions[comes(centre, "1")].shown == ()


def test_it_is_so_after_a_restart(centre: Centre) -> None:
    comes(centre, "1")
    centre.wait(30.0)
    urgent = centre.center.interactions[comes(centre, "242")]
    legs = [one.leg for one in centre.center.interactions.values()]
    later = after(centre, with_priority())
    seen: PbxSynchronized = found(centre, *([leg] for leg in legs))
    later.tell(seen)
    assert later.waiting("billing")[0] == urgent.id
    assert later.center.interactions[urgent.id].shown == (Shown({"en": "Order"}, "no. 42"),)
