"""What random histories draw from: wishes of agents, and a flow in which callers can do a little of everything."""

from collections.abc import Callable, Mapping

import msgspec

from acd.calls.reservations import DECLINED, NO_ANSWER
from acd.model import (
    AgentId,
    ContactFacts,
    Customer,
    InteractionId,
    PastContact,
    PhoneKind,
    RequestId,
    Skill,
    UserId,
    WrapUpCode,
)
from acd.plan import CenterPlan, Familiar, Step
from acd.requests import (
    AnswerCall,
    AnyRequest,
    AnySupervisorRequest,
    Assign,
    BecomeReady,
    ChooseWrapUp,
    DeclineCall,
    ExtendWrapUp,
    FinishWrapUp,
    HangUpCall,
    JoinQueue,
    LeaveQueue,
    LogIn,
    LogOut,
    MoveCall,
    Prioritise,
    PullCall,
    ReturnTask,
    SetInQueue,
    SetLoggedOut,
    SetOnBreak,
    SetReady,
    TakeBreak,
)
from acd.routing.requirement import Anybody, AtLeast
from acd.waiting.plan import (
    Announcements,
    EstimatedWait,
    Goodbye,
    LaterCallback,
    Length,
    LongestWait,
    Nobody,
    PerAgent,
    Rule,
    Staff,
    ToFlow,
    ToQueue,
    Waited,
    WaitingPlan,
    Whisper,
)
from ivr.flow.flow import Flow
from ivr.flow.settings import NodeId
from ivr.nodes.collect import CollectNode
from ivr.nodes.look_up import LookUpNode
from ivr.nodes.menu import Choice, MenuNode
from ivr.nodes.to_queue import Need, ToQueueNode
from ivr.nodes.transfer import TransferNode
from tests.acd.company import BILLING, PRODUCTS, SERVICE_NUMBER, SURVEY, WELCOME, agent, company, queue, replaced

BILLS = {level: AtLeast(Skill("billing"), level) for level in (1, 3, 5)}

AGENTS = ("anna", "ben", "chloe", "dan")

WISHES: Mapping[str, Callable[[RequestId, AgentId], AnyRequest]] = {
    "log out": LogOut,
    "ready": BecomeReady,
    "decline": DeclineCall,
    "answer": AnswerCall,
    "hang up": HangUpCall,
    "lunch": lambda request, agent: TakeBreak(request, agent, "lunch"),
    "nonsense": lambda request, agent: TakeBreak(request, agent, "no such reason"),
    "solved": lambda request, agent: ChooseWrapUp(request, agent, WrapUpCode("solved")),
    "wrong code": lambda request, agent: ChooseWrapUp(request, agent, WrapUpCode("no such code")),
    "more time": ExtendWrapUp,
    "written up": FinishWrapUp,
    "given back": ReturnTask,
    "desk phone": lambda request, agent: LogIn(request, agent, PhoneKind.DESK),
    "browser phone": lambda request, agent: LogIn(request, agent, PhoneKind.BROWSER),
    "leave billing": lambda request, agent: LeaveQueue(request, agent, BILLING),
    "join billing": lambda request, agent: JoinQueue(request, agent, BILLING),
    "leave products": lambda request, agent: LeaveQueue(request, agent, PRODUCTS),
}

SAM = UserId("sam")

DEEDS: Mapping[str, Callable[[RequestId, AgentId], AnySupervisorRequest]] = {
    "ready": lambda request, agent: SetReady(request, SAM, agent),
    "lunch": lambda request, agent: SetOnBreak(request, SAM, agent, "lunch"),
    "log out": lambda request, agent: SetLoggedOut(request, SAM, agent),
    "out of billing": lambda request, agent: SetInQueue(request, SAM, agent, BILLING, inside=False),
    "into billing": lambda request, agent: SetInQueue(request, SAM, agent, BILLING, inside=True),
    "out of products": lambda request, agent: SetInQueue(request, SAM, agent, PRODUCTS, inside=False),
    "into products": lambda request, agent: SetInQueue(request, SAM, agent, PRODUCTS, inside=True),
}
"""What a supervisor does to an agent."""

CARES: Mapping[str, Callable[[RequestId, InteractionId, AgentId], AnyRequest | AnySupervisorRequest]] = {
    "forward": lambda request, of, _: Prioritise(request, SAM, of, 45.0),
    "back": lambda request, of, _: Prioritise(request, SAM, of, -45.0),
    "assign": lambda request, of, agent: Assign(request, SAM, of, agent),
    "to billing": lambda request, of, _: MoveCall(request, SAM, of, BILLING),
    "to products": lambda request, of, _: MoveCall(request, SAM, of, PRODUCTS),
    "pull": lambda request, of, agent: PullCall(request, agent, of),
}
"""What a supervisor or an agent does for a caller who waits."""


WAIT_FOR_BILLS = WaitingPlan(
    Announcements(5.0, ({"en": "Please hold."},), position=True),
    {"1": ToQueue(PRODUCTS), "2": LaterCallback(), "3": ToFlow(WELCOME.name), "#": Goodbye()},
    (
        Rule((Length(4),), ToQueue(PRODUCTS)),
        Rule((Nobody(Staff.READY), Waited(20.0)), ToFlow(WELCOME.name)),
        Rule((LongestWait(60.0),), Goodbye({"en": "Too many."}), entry_only=True),
    ),
)
WHISPER = Whisper("{queue}, {wait}", "A queue", "en")
WAIT_FOR_PRODUCTS = WaitingPlan(
    rules=(
        Rule((PerAgent(2.0),), ToQueue(BILLING)),
        Rule((Waited(65.0),), LaterCallback()),
        Rule((EstimatedWait(40.0),), Goodbye()),
    )
)

PEOPLE = (
    Customer("1", "Eva", owner="anna"),
    Customer("2", "Max", contacts=(PastContact(1.0, "voice", "", ContactFacts("answered", "billing", ("ben",))),)),
    Customer("3", "Ida", owner="chloe"),
)


def plan() -> CenterPlan:
    """A menu with a question to the CRM behind one of its keys."""
    ask = CollectNode({"en": "Number?"}, "number", {"en": "Number"}, NodeId("find"), NodeId("billing"))
    menu = WELCOME.nodes[NodeId("menu")]
    assert isinstance(menu, MenuNode)
    nodes = {
        **WELCOME.nodes,
        NodeId("menu"): msgspec.structs.replace(
            menu,
            choices={
                **menu.choices,
                "3": Choice(NodeId("ask"), {"en": "Account"}),
                "#": Choice(NodeId("office"), {"en": "Head office"}),
            },
        ),
        NodeId("office"): TransferNode("office", {"en": "One moment."}, NodeId("billing")),
        NodeId("ask"): msgspec.structs.replace(ask, longest=2),
        NodeId("find"): LookUpNode("customer", "number", NodeId("products"), NodeId("ask"), NodeId("billing")),
        # What the caller types is no skill, but his name in the CRM may be one.
        NodeId("products"): ToQueueNode("products", requires=(Need("{name}"), Need("any", 6.0)), agent="dan"),
    }
    numbers = {"office": "+49301234567"}
    flow = Flow(WELCOME.name, WELCOME.start, nodes, WELCOME.otherwise, numbers=numbers)
    usual = company(
        queue(
            BILLING,
            steps=(Step(BILLS[5]), Step(BILLS[1], 15.0)),
            preferred=(Familiar.OWNER, Familiar.LAST_AGENT),
            preferred_wait=25.0,
            waiting=WAIT_FOR_BILLS,
            optional=True,
            pull=True,
            survey=SURVEY.name,
        ),
        queue(PRODUCTS, waiting=WAIT_FOR_PRODUCTS),
    )
    service = usual.entry_points[SERVICE_NUMBER]
    asking = msgspec.structs.replace(service, number="1001", requires=(Step(BILLS[3]), Step(Anybody(), 3.0)))
    return msgspec.structs.replace(
        usual,
        flows={flow.name: flow, SURVEY.name: SURVEY},
        entry_points={SERVICE_NUMBER: service, asking.number: asking},
        transfer_numbers=numbers,
    )


def old_friends() -> CenterPlan:
    """Everybody could serve everybody, but most callers know somebody, and would rather wait for him."""
    agents = tuple(agent(name, billing=5, products=5) for name in AGENTS)
    both = (Familiar.OWNER, Familiar.LAST_AGENT)
    return company(
        *(
            queue(name, preferred=both, preferred_wait=70.0, wrap_up=16.0, waiting=WaitingPlan(whisper=WHISPER))
            for name in (BILLING, PRODUCTS)
        ),
        agents=agents,
    )


def many_at_once() -> CenterPlan:
    """All phones of one queue ring at once, those of the other one after another, and two agents have two lines."""
    usual = plan()
    queues = {
        BILLING: replaced(
            replaced(usual.queues[BILLING], "ring_next_after", 0.0),
            "waiting",
            msgspec.structs.replace(WAIT_FOR_BILLS, whisper=WHISPER),
        ),
        PRODUCTS: replaced(usual.queues[PRODUCTS], "ring_next_after", 4.0),
    }
    agents = {
        name: msgspec.structs.replace(of, capacity=2 if name in {"anna", "dan"} else 1)
        for name, of in usual.agents.items()
    }
    return msgspec.structs.replace(usual, queues=queues, agents=agents, after_miss={NO_ANSWER: 10.0, DECLINED: 0.0})
