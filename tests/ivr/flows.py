"""Flows for the tests of this folder, built by hand."""

from ivr.flow.flow import Flow
from ivr.flow.node import Node
from ivr.flow.settings import FlowName, NodeId, Prompt
from ivr.nodes.collect import CollectNode
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.look_up import LookUpNode
from ivr.nodes.menu import Choice, MenuNode
from ivr.nodes.say import SayNode
from ivr.nodes.to_queue import ToQueueNode


def said(text: str) -> Prompt:
    """In English and, marked, in Chinese."""
    return {"en": text, "zh": f"中 {text}"}


def flow(start: str = "menu", otherwise: str = "person", **nodes: Node) -> Flow:
    """A flow of the given nodes and two exits."""
    exits: dict[str, Node] = {"person": ToQueueNode("billing"), "bye": HangUpNode(said("goodbye"))}
    everything = {NodeId(name): node for name, node in (exits | nodes).items()}
    return Flow(FlowName("test"), NodeId(start), everything, NodeId(otherwise))


MENU = MenuNode(
    prompt=said("one or two"),
    choices={
        "1": Choice(NodeId("number"), {"en": "Billing"}),
        "2": Choice(NodeId("bye"), {"en": "Nothing"}),
    },
    give_up=NodeId("person"),
    tries=3,
    wait=6.0,
    no_input=said("nothing heard"),
    no_match=said("not that key"),
)
NUMBER = CollectNode(
    prompt=said("your number"),
    variable="number",
    then=NodeId("find"),
    give_up=NodeId("bye"),
    label={"en": "Customer number", "zh": "客户号"},
    shortest=3,
    longest=4,
    tries=2,
    wait=8.0,
    between=4.0,
    no_input=said("no digits"),
    no_match=said("wrong digits"),
)
FIND = LookUpNode("customer", "number", NodeId("balance"), NodeId("menu"), NodeId("person"), timeout=5.0)
BALANCE = SayNode(said("you owe {balance:money}"), NodeId("more"))
MORE = MenuNode(
    prompt=said("zero for a person"), choices={"0": Choice(NodeId("person"), {"en": "A person"})}, give_up=NodeId("bye")
)

SERVICE = flow(menu=MENU, number=NUMBER, find=FIND, balance=BALANCE, more=MORE)
"""Menu, customer number, look-up, balance, menu: the smallest flow that has everything."""
