"""A small company for tests of the brain: two queues, four agents, a flow with a menu."""

from acd.model import AgentId, PhoneKind, QueueName, Skill, UserId, WrapUpCode
from acd.plan import AgentPlan, CenterPlan, EntryPoint, Phone, QueuePlan, Step, SupervisorPlan
from acd.routing.requirement import AtLeast
from cti.model import Endpoint, NodeName
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId
from ivr.hours import Hours
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.menu import Choice, MenuNode
from ivr.nodes.survey import SurveyNode
from ivr.nodes.to_queue import ToQueueNode

NODE = NodeName("pbx1")
BILLING = QueueName("billing")
PRODUCTS = QueueName("products")
SERVICE_NUMBER = "1000"

WELCOME = Flow(
    FlowName("welcome"),
    NodeId("menu"),
    {
        NodeId("menu"): MenuNode(
            prompt={"en": "Billing 1, products 2."},
            choices={
                "1": Choice(NodeId("billing"), {"en": "Billing", "zh": "账单"}),
                "2": Choice(NodeId("products"), {"en": "Products"}),
            },
            give_up=NodeId("billing"),
        ),
        NodeId("billing"): ToQueueNode("billing"),
        NodeId("products"): ToQueueNode("products"),
    },
    NodeId("billing"),
)

SURVEY = Flow(
    FlowName("survey"),
    NodeId("mark"),
    {
        NodeId("mark"): SurveyNode(
            prompt={"en": "How was it?"},
            variable="mark",
            label={"en": "Mark"},
            then=NodeId("bye"),
            give_up=NodeId("bye"),
        ),
        NodeId("bye"): HangUpNode({"en": "Bye."}),
    },
    NodeId("bye"),
)
"""Asks how it was."""


def agent(name: str, phones: int = 1, **skills: int) -> AgentPlan:
    """An agent with a desk phone that can be told to answer, and perhaps a browser phone."""
    desk = Phone(PhoneKind.DESK, Endpoint(f"PJSIP/{name}"), NODE, click_to_answer=True)
    browser = Phone(PhoneKind.BROWSER, Endpoint(f"PJSIP/web-{name}"), NODE)
    return AgentPlan(
        AgentId(name), name.title(), {Skill(s): level for s, level in skills.items()}, (desk, browser)[:phones]
    )


def queue(name: QueueName, **settings: object) -> QueuePlan:
    """A queue that asks for the skill of its own name."""
    plan = QueuePlan(
        name,
        {"en": name.title()},
        (Step(AtLeast(Skill(name), 1)),),
        ring_timeout=15.0,
        wrap_up=20.0,
        wrap_up_codes=(WrapUpCode("solved"), WrapUpCode("call back")),
        tell_if_nobody=False,
    )
    for field, value in settings.items():
        plan = replaced(plan, field, value)
    return plan


def replaced(plan: QueuePlan, field: str, value: object) -> QueuePlan:
    """The plan with one setting changed."""
    fields = {name: getattr(plan, name) for name in plan.__struct_fields__}
    return QueuePlan(**{**fields, field: value})


def company(*queues: QueuePlan, agents: tuple[AgentPlan, ...] = ()) -> CenterPlan:
    """A complete plan; by default Anna and Ben for billing, Chloe for both, Dan for products."""
    staff = agents or (
        agent("anna", phones=2, billing=5),
        agent("ben", billing=3),
        agent("chloe", billing=1, products=5),
        agent("dan", products=5),
    )
    all_queues = queues or (queue(BILLING), queue(PRODUCTS))
    entry = EntryPoint(SERVICE_NUMBER, "service", FlowName("welcome"), Hours.always(), FlowName("welcome"))
    return CenterPlan(
        "Test company",
        "Europe/Berlin",
        {one.name: one for one in all_queues},
        {one.id: one for one in staff},
        {UserId("sam"): SupervisorPlan(UserId("sam"), "Sam")},
        {SERVICE_NUMBER: entry},
        {WELCOME.name: WELCOME},
    )
