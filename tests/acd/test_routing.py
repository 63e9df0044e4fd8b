"""Who gets the call, in the whole brain: steps that relax, orders of preference, strict classes and weights."""

import pytest
from msgspec.structs import replace

from acd.events import QuestionAsked, RequirementIgnored, ReservationMade
from acd.model import AgentId, Customer, Skill
from acd.plan import AgentPlan, QueuePlan, Step
from acd.requests import BecomeReady
from acd.routing.explanation import explained
from acd.routing.preference import PRESETS, Part
from acd.routing.requirement import Anybody, AtLeast
from acd.told import QuestionAnswered
from cti.commands import Remember
from cti.events import LegSeen, PbxSynchronized
from ivr.flow.flow import Flow
from ivr.flow.settings import NodeId
from ivr.nodes.look_up import LookUpNode
from ivr.nodes.to_queue import Need, ToQueueNode
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, WELCOME, agent, company, queue

KNOWS_BILLS = Skill("billing")


def centre_with(*queues: QueuePlan, agents: tuple[AgentPlan, ...] = ()) -> Centre:
    """A centre with a connected PBX."""
    centre = Centre(company(*queues, agents=agents))
    centre.connect()
    return centre


def asked(centre: Centre) -> list[str]:
    """Who was asked, in order."""
    return [made.agent for made in centre.every(ReservationMade)]


def test_a_later_step_adds_people() -> None:
    steps = (Step(AtLeast(KNOWS_BILLS, 5)), Step(AtLeast(KNOWS_BILLS, 3), 10.0), Step(AtLeast(KNOWS_BILLS, 1), 30.0))
    centre = centre_with(queue(BILLING, steps=steps), queue(PRODUCTS))
    centre.ready("ben", "chloe")
    centre.call_billing()
    centre.wait(9.9)
    assert asked(centre) == []
    centre.wait(0.2)
    assert asked(centre) == ["ben"]
    assert explained(centre.last(ReservationMade).why).step == 1


def test_who_meets_an_earlier_step_is_asked_first() -> None:
    steps = (Step(AtLeast(KNOWS_BILLS, 5)), Step(AtLeast(KNOWS_BILLS, 1), 10.0))
    centre = centre_with(queue(BILLING, steps=steps), queue(PRODUCTS))
    first = centre.call_billing()
    centre.wait(20.0)
    centre.ready("anna")
    centre.hang_up(first)
    assert asked(centre) == ["anna"]
    centre.wait(1.0)
    centre.call_billing()
    centre.ready("ben")
    centre.wait(9.0)
    assert asked(centre) == ["anna", "anna"], "after ten seconds ben would do as well, but anna was free at once"


def test_a_miss_does_not_stop_the_clock() -> None:
    steps = (Step(AtLeast(KNOWS_BILLS, 5)), Step(AtLeast(KNOWS_BILLS, 1), 20.0))
    centre = centre_with(queue(BILLING, steps=steps), queue(PRODUCTS))
    centre.ready("anna", "ben")
    centre.call_billing()
    centre.wait(15.0)  # anna lets it ring out
    assert asked(centre) == ["anna"]
    centre.wait(5.0)
    assert asked(centre) == ["anna", "ben"]


def test_the_file_says_who_comes_first() -> None:
    agents = tuple(agent(name, billing=5) for name in ("zoe", "mia", "ada"))
    centre = centre_with(queue(BILLING, prefers=PRESETS["fixed_order"]), queue(PRODUCTS), agents=agents)
    centre.ready("ada", "mia", "zoe")
    centre.call_billing()
    centre.call_billing()
    assert asked(centre) == ["zoe", "mia"]


def test_the_best_or_the_nearest() -> None:
    agents = (agent("good", billing=9), agent("fair", billing=4))
    for part, first in ((Part.FIT_BEST, "good"), (Part.FIT_NEAREST, "fair")):
        centre = centre_with(queue(BILLING, prefers=(part,)), queue(PRODUCTS), agents=agents)
        centre.ready("good", "fair")
        centre.call_billing()
        assert asked(centre) == [first]


def test_round_robin_asks_who_was_not_asked_for_longest() -> None:
    agents = tuple(agent(name, billing=5) for name in ("ada", "mia", "zoe"))
    centre = centre_with(queue(BILLING, prefers=PRESETS["round_robin"]), queue(PRODUCTS), agents=agents)
    centre.ready("ada", "mia", "zoe")
    for _ in range(6):
        centre.wait(1.0)
        customer = centre.call_billing()
        who = centre.last(ReservationMade).agent
        centre.hang_up(customer)
        centre.tell(BecomeReady(centre.request_id(), who))
    assert asked(centre) == ["ada", "mia", "zoe", "ada", "mia", "zoe"]


def test_the_specialist_is_asked_so_that_the_versatile_stays_free() -> None:
    agents = (agent("able", billing=5, products=5), agent("only", billing=5))
    centre = centre_with(agents=agents)
    centre.ready("able", "only")
    centre.call_billing()
    assert asked(centre) == ["only"]
    why = explained(centre.last(ReservationMade).why)
    assert why.reason_for(AgentId("able"), centre.last(ReservationMade).why.roster.agents) == (
        "can serve more of the other calls"
    )


def both_wait(*queues: QueuePlan) -> Centre:
    """A caller for bills, later one for products, and then Chloe, who knows both."""
    centre = centre_with(*queues)
    centre.call_billing()
    centre.wait(60.0)
    centre.press(centre.dial(), "2")
    centre.ready("chloe")
    return centre


def test_a_strict_class_comes_before_all_waiting() -> None:
    centre = both_wait(queue(BILLING, strict_class=1), queue(PRODUCTS))
    assert centre.center.interactions[centre.last(ReservationMade).interaction].queue == PRODUCTS


@pytest.mark.parametrize("part", range(8))
def test_a_step_after_a_fraction_of_a_second_is_taken_once_it_is_due(part: int) -> None:
    """Added to the time of day and taken off again, 7.3 seconds may be a little less."""
    steps = (Step(AtLeast(KNOWS_BILLS, 5)), Step(AtLeast(KNOWS_BILLS, 3), 7.3))
    centre = centre_with(queue(BILLING, steps=steps), queue(PRODUCTS))
    centre.ready("ben")
    centre.wait(part / 7)
    centre.call_billing()
    centre.wait(7.31)
    assert asked(centre) == ["ben"]


def test_weight_comes_before_waiting_and_after_the_class() -> None:
    centre = both_wait(queue(BILLING), queue(PRODUCTS, weight=5.0))
    assert centre.center.interactions[centre.last(ReservationMade).interaction].queue == PRODUCTS
    centre = both_wait(queue(BILLING), queue(PRODUCTS, weight=5.0, strict_class=1))
    assert centre.center.interactions[centre.last(ReservationMade).interaction].queue == BILLING


def test_a_newcomer_is_taken_to_be_as_busy_as_the_others() -> None:
    centre = centre_with(
        queue(BILLING, wrap_up=0.0), queue(PRODUCTS), agents=(agent("old", billing=5), agent("new", billing=5))
    )
    centre.ready("old")
    centre.wait(1800.0)
    customer = centre.call_billing()
    centre.connect_call(customer)
    centre.wait(1800.0)
    centre.hang_up(customer)
    centre.ready("new")
    agents = centre.center.agents
    assert agents[AgentId("new")].busyness == agents[AgentId("old")].busyness == 10
    assert agents[AgentId("new")].occupancy(centre.now) == 0.0, "what is shown is what was"


# -- what the number and the flow ask for ------------------------------------------------------------------------------


def asking_centre(*needs: Need, requires: tuple[Step, ...] = (Step(Anybody()),), customer: str = "eva") -> Centre:
    """Callers dial 1000, which asks for something, are looked up, and leave for billing with what the flow asks for."""
    flow = Flow(
        WELCOME.name,
        NodeId("find"),
        {
            NodeId("find"): LookUpNode("customer", "caller", NodeId("billing"), NodeId("billing"), NodeId("billing")),
            NodeId("billing"): ToQueueNode("billing", requires=needs),
        },
        NodeId("billing"),
    )
    agents = (agent("anna", billing=9), agent("ben", billing=5, zh=3), agent("chloe", billing=2, zh=8))
    usual = company(
        queue(BILLING, steps=(Step(AtLeast(KNOWS_BILLS, 3)), Step(AtLeast(KNOWS_BILLS, 1), 20.0))), agents=agents
    )
    entry = replace(usual.entry_points["1000"], requires=requires)
    centre = Centre(replace(usual, flows={flow.name: flow}, entry_points={"1000": entry}))
    centre.connect()
    centre.ready("anna", "ben", "chloe")
    centre.dial()
    wanted = centre.last(QuestionAsked)
    centre.tell(QuestionAnswered(wanted.id, "found", {"language": customer}, Customer("7", "Eva", language=customer)))
    return centre


def test_what_the_number_asks_for_is_asked_beside_what_the_queue_asks_for() -> None:
    centre = asking_centre(requires=(Step(AtLeast(Skill("zh"), 5)), Step(Anybody(), 30.0)))
    assert asked(centre) == []
    centre.wait(20.0)
    assert asked(centre) == ["chloe"], "the queue asks for less, the number as before"
    assert explained(centre.last(ReservationMade).why).need == "billing & zh>=5"
    centre.wait(15.0)
    assert asked(centre) == ["chloe", "anna"], "now the number asks for nothing more, and chloe has missed it"


def test_a_customers_language_becomes_a_skill() -> None:
    centre = asking_centre(Need("{language}>=2"), customer="ZH")
    assert asked(centre) == ["ben"]
    assert explained(centre.last(ReservationMade).why).need == "billing>=3 & zh>=2"


@pytest.mark.parametrize("customer", ["fr", "zh | billing", "any", "", "zh>=1", "{language}"])
def test_what_cannot_be_read_is_told_and_costs_nobody_his_call(customer: str) -> None:
    centre = asking_centre(Need("{language}>=2"), requires=(Step(AtLeast(KNOWS_BILLS, 9)),), customer=customer)
    assert asked(centre) == ["anna"]
    assert centre.last(RequirementIgnored).queue == BILLING


def test_what_the_flow_asked_for_outlives_the_process() -> None:
    centre = asking_centre(Need("{language}>=9"), Need("{language}>=2", 40.0), customer="zh")
    assert asked(centre) == []
    leg = next(iter(centre.center.interactions.values())).leg
    after = centre.successor(2.0)
    after.tell(PbxSynchronized(NODE, (LegSeen(leg, True, memory=centre.last(Remember).memory),)))
    after.ready("anna", "ben")
    after.wait(37.0)
    assert asked(after) == []
    after.wait(2.0)
    assert asked(after) == ["ben"]
