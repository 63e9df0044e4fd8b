"""What random histories draw from: wishes of agents, and a flow in which callers can do a little of everything."""

from collections.abc import Callable, Mapping

import msgspec

from acd.model import AgentId, PhoneKind, RequestId, WrapUpCode
from acd.plan import CenterPlan
from acd.requests import AnyRequest, BecomeReady, ChooseWrapUp, DeclineCall, HangUpCall, LogIn, LogOut, TakeBreak
from ivr.flow import Choice, CollectNode, Flow, LookUpNode, MenuNode, NodeId, Prompt, Template, ToQueueNode
from tests.acd.company import WELCOME, company

AGENTS = ("anna", "ben", "chloe", "dan")

WISHES: Mapping[str, Callable[[RequestId, AgentId], AnyRequest]] = {
    "log out": LogOut,
    "ready": BecomeReady,
    "decline": DeclineCall,
    "hang up": HangUpCall,
    "lunch": lambda request, agent: TakeBreak(request, agent, "lunch"),
    "nonsense": lambda request, agent: TakeBreak(request, agent, "no such reason"),
    "solved": lambda request, agent: ChooseWrapUp(request, agent, WrapUpCode("solved")),
    "wrong code": lambda request, agent: ChooseWrapUp(request, agent, WrapUpCode("no such code")),
    "desk phone": lambda request, agent: LogIn(request, agent, PhoneKind.DESK),
    "browser phone": lambda request, agent: LogIn(request, agent, PhoneKind.BROWSER),
}


def plan() -> CenterPlan:
    """A menu with a question to the CRM behind one of its keys."""
    ask = CollectNode(
        Prompt({"en": Template("Number?")}), "number", NodeId("find"), NodeId("billing"), {"en": "Number"}
    )
    menu = WELCOME.nodes[NodeId("menu")]
    assert isinstance(menu, MenuNode)
    nodes = {
        **WELCOME.nodes,
        NodeId("menu"): msgspec.structs.replace(
            menu, choices={**menu.choices, "3": Choice(NodeId("ask"), {"en": "Account"})}
        ),
        NodeId("ask"): msgspec.structs.replace(ask, longest=2),
        NodeId("find"): LookUpNode("customer", "number", NodeId("products"), NodeId("ask"), NodeId("billing")),
        NodeId("products"): ToQueueNode("products"),
    }
    flow = Flow(WELCOME.name, WELCOME.start, nodes, WELCOME.otherwise)
    return msgspec.structs.replace(company(), flows={flow.name: flow})
