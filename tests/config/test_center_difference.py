"""What another plan changes, as a person reads it."""

from datetime import date

import msgspec
import pytest

from acd.model import AgentId, QueueName, Skill, UserId
from acd.plan import CenterPlan, Step, SupervisorPlan
from acd.routing.preference import PRESETS, Part
from acd.routing.requirement import AtLeast
from acd.waiting.plan import (
    Announcements,
    Closed,
    Goodbye,
    LaterCallback,
    Length,
    Nobody,
    Rule,
    Staff,
    ToFlow,
    ToQueue,
    Waited,
    WaitingPlan,
)
from config.center_difference import difference, summary
from ivr.flow.settings import FlowName, NodeId
from ivr.flow.variables import Type
from ivr.hours import Hours, Span
from tests.acd.company import BILLING, PRODUCTS, SERVICE_NUMBER, agent, company, queue

BEFORE = company()


def told(**changed: object) -> list[str]:
    """The lines for the plan with these fields changed."""
    return list(difference(BEFORE, msgspec.structs.replace(BEFORE, **changed)))


def with_queue(**settings: object) -> dict[QueueName, object]:
    """The queues, with some settings of billing changed."""
    return {BILLING: queue(BILLING, **settings), PRODUCTS: queue(PRODUCTS)}


def test_nothing_is_told_of_nothing() -> None:
    assert difference(BEFORE, company()) == ()
    assert summary(()) == ""


def test_settings_of_the_centre() -> None:
    assert told(zone="Asia/Shanghai") == ["~ centre: zone Europe/Berlin -> Asia/Shanghai"]
    assert told(break_reasons={"tea": None}) == ["~ centre: break_reasons break, lunch, training -> tea"]
    assert told(nobody_there={"en": "Bye.", "zh": "再见。"})[1:] == ["~ centre: nobody_there.zh 再见。 (new)"]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"ring_timeout": 20.0}, "ring_timeout 15 -> 20"),
        ({"tell_if_nobody": True}, "tell_if_nobody false -> true"),
        ({"prefers": PRESETS["round_robin"]}, "prefers least_busy -> round_robin"),
        ({"prefers": (Part.LOAD, Part.SHUFFLED, Part.FIT_BEST)}, "prefers least_busy -> load, shuffled, fit_best"),
        ({"wrap_up_codes": ()}, "wrap_up_codes solved, call back -> (none)"),
        (
            {"steps": (Step(AtLeast(Skill("billing"), 7)), Step(AtLeast(Skill("billing"), 2), 30.0))},
            "requires billing -> billing>=7, billing>=2 after 30",
        ),
        ({"ring_next_after": 0.0}, "ring one -> all"),
        ({"ring_next_after": 5.0}, "ring one -> 5"),
        ({"wrap_up": None}, "wrap_up 20 -> open"),
        ({"preferred_wait": 20.0}, "preferred.wait 0 -> 20"),
        ({"waiting": WaitingPlan(Announcements(every=45.0))}, "every 30 -> 45"),
        ({"waiting": WaitingPlan(keys={"1": ToQueue(PRODUCTS)})}, "keys.1 queue products (new)"),
        ({"waiting": WaitingPlan(keys={"9": LaterCallback()})}, "keys.9 callback (new)"),
        (
            {"waiting": WaitingPlan(rules=(Rule((Length(20),), ToQueue(PRODUCTS), entry_only=True),))},
            "overflow.1 length 20, at entry: to queue products (new)",
        ),
        (
            {"waiting": WaitingPlan(rules=(Rule((Waited(60.0), Nobody(Staff.READY)), Goodbye({"en": "Bye."})),))},
            "overflow.1 waited 60, nobody ready: to goodbye Bye. (new)",
        ),
        (
            {"waiting": WaitingPlan(rules=(Rule((Closed(),), ToFlow(FlowName("welcome"))),))},
            "overflow.1 closing: to flow welcome (new)",
        ),
    ],
)
def test_settings_of_a_queue(settings: dict[str, object], line: str) -> None:
    assert told(queues=with_queue(**settings)) == [f"~ queue billing: {line}"]


def test_people_who_come_and_go_and_change() -> None:
    agents = {one.id: one for one in (agent("anna", phones=1, billing=6), agent("chloe", billing=1, products=5))}
    eva = agent("eva", billing=3)
    lines = told(
        agents={**agents, AgentId("eva"): eva}, supervisors={UserId("tom"): SupervisorPlan(UserId("tom"), "Tom")}
    )
    assert lines[:2] == ["- agent ben", "- agent dan"]
    assert "~ agent anna: skills.billing 5 -> 6" in lines
    assert "~ agent anna: phones.browser.endpoint is gone (was PJSIP/web-anna)" in lines
    assert any(
        line.startswith("+ agent eva: name Eva, skills.billing 3, phones.desk.endpoint PJSIP/eva") for line in lines
    )
    assert lines[-2:] == ["- supervisor sam", "+ supervisor tom: name Tom"]
    assert summary(tuple(lines)).startswith("2 added, ")


def test_an_order_that_counts() -> None:
    turned = dict(reversed(list(BEFORE.agents.items())))
    assert told(agents=turned) == ["~ agents: in another order"]


def test_hours_and_flows_by_their_content() -> None:
    entry = BEFORE.entry_points[SERVICE_NUMBER]
    office = Hours((Span(0, 540, 1020),), "Europe/Berlin", frozenset({date(2026, 12, 25)}))
    lines = told(entry_points={SERVICE_NUMBER: msgspec.structs.replace(entry, hours=office)})
    assert lines == ["~ number 1000: hours always -> mon 09:00-17:00, not on 2026-12-25 (Europe/Berlin)"]
    typed = {name: msgspec.structs.replace(one, types={"x": Type.NUMBER}) for name, one in BEFORE.flows.items()}
    assert not [line for line in told(flows=typed) if line.startswith("~ flow")], "of a variable of another flow"
    flow = BEFORE.flows[FlowName("welcome")]
    nodes = {name: node for name, node in flow.nodes.items() if name != NodeId("products")}
    lines = told(flows={flow.name: msgspec.structs.replace(flow, nodes=nodes)})
    assert lines == [
        "~ flow welcome: nodes menu, billing, products -> menu, billing",
        "~ flow welcome: nodes.products.queue is gone (was products)",
        "~ flow welcome: nodes.products.requires is gone (was any)",
        "~ flow welcome: nodes.products.head_start is gone (was 0)",
    ]


def test_long_texts_are_cut_and_still_told_apart() -> None:
    long = {"en": "x" * 100}
    before = msgspec.structs.replace(BEFORE, nobody_there=long)
    after: CenterPlan = msgspec.structs.replace(BEFORE, nobody_there={"en": "x" * 99 + "y"})
    assert difference(before, after) == ("~ centre: nobody_there.en",)
