"""The agent hangs up, and the caller stays to say how it was: whoever is done first, the contact is closed once."""

import pytest
from msgspec.structs import replace

from acd.calls.interactions import InFlow, Talking, WrappingUp
from acd.events import AfterCallWorkEnded, InteractionClosed, NodesVisited, RequestGranted, TalkEnded
from acd.model import AgentId, InteractionOutcome, WrapUpCode
from acd.people.agents import AfterCallWork, Ready
from acd.plan import CenterPlan
from acd.remembered import AgentRemembered, Restarted
from acd.requests import ChooseWrapUp, ExtendWrapUp, FinishWrapUp, HangUpCall
from cti.commands import HangUp, LeaveBridge, Play, Ring
from cti.events import PbxSynchronized
from cti.model import HangupCause, LegId
from ivr.dialogue.visits import AFTER_TALK
from ivr.flow.flow import Flow
from ivr.flow.node import Node
from ivr.flow.settings import NodeId
from ivr.nodes.to_queue import ToQueueNode
from tests.acd.centre import Centre
from tests.acd.company import BILLING, PRODUCTS, SURVEY, company, queue
from tests.acd.test_crashes import after, found

ANNA = AgentId("anna")


def with_survey(wrap_up: float | None = 30.0) -> CenterPlan:
    """Whose billing queue asks callers how it was."""
    plan = company(queue(BILLING, wrap_up=wrap_up, survey=SURVEY.name), queue(PRODUCTS))
    return replace(plan, flows={**plan.flows, SURVEY.name: SURVEY})


@pytest.fixture
def centre() -> Centre:
    centre = Centre(with_survey())
    centre.connect()
    return centre


def talk(centre: Centre) -> tuple[LegId, Ring]:
    """A caller who talks with Anna."""
    centre.ready("anna")
    leg = centre.call_billing()
    return leg, centre.connect_call(leg)


def asked(centre: Centre) -> LegId:
    """A caller whose agent has just hung up."""
    leg, ring = talk(centre)
    centre.wait(60.0)
    centre.hang_up(ring.leg)
    return leg


def closed(centre: Centre) -> InteractionClosed:
    """The one contact, when it is over."""
    (found,) = centre.every(InteractionClosed)
    return found


def test_who_is_asked(centre: Centre) -> None:
    leg = asked(centre)
    assert centre.last(TalkEnded).by == "agent"
    assert centre.last(LeaveBridge).leg == leg
    assert leg not in [one.leg for one in centre.every(HangUp)]
    assert centre.last(Play).leg == leg
    assert isinstance(centre.interaction(leg).stage, InFlow)
    assert isinstance(centre.state("anna"), AfterCallWork)
    assert centre.last(NodesVisited).visits[0].came == AFTER_TALK


def test_the_caller_is_done_first(centre: Centre) -> None:
    leg = asked(centre)
    centre.press(leg, "4")
    assert centre.last(NodesVisited).visits[0].way == "4"
    centre.prompt_ends(leg)
    centre.hang_up(leg)
    assert isinstance(next(iter(centre.center.interactions.values())).stage, WrappingUp)
    centre.wait(30.0)
    assert closed(centre).outcome is InteractionOutcome.ANSWERED
    assert [step.label for step in closed(centre).path] == ["Billing"], "no agent sees what is said of him"
    assert centre.nothing_is_due()


def test_the_agent_is_done_first(centre: Centre) -> None:
    leg = asked(centre)
    centre.tell(FinishWrapUp(centre.request_id(), ANNA))
    assert isinstance(centre.state("anna"), Ready)
    assert not centre.every(InteractionClosed)
    centre.press(leg, "4")
    centre.prompt_ends(leg)
    centre.hang_up(leg)
    assert closed(centre).outcome is InteractionOutcome.ANSWERED
    assert len(centre.every(AfterCallWorkEnded)) == 1
    assert centre.nothing_is_due()


def test_no_after_call_work() -> None:
    centre = Centre(with_survey(0.0))
    centre.connect()
    leg = asked(centre)
    assert isinstance(centre.state("anna"), Ready)
    assert not centre.every(InteractionClosed)
    centre.hang_up(leg)
    assert closed(centre).outcome is InteractionOutcome.ANSWERED


def test_the_agent_serves_another_one_while_he_is_asked(centre: Centre) -> None:
    leg = asked(centre)
    centre.tell(FinishWrapUp(centre.request_id(), ANNA))
    other = centre.call_billing()
    centre.connect_call(other)
    centre.press(leg, "1")
    centre.prompt_ends(leg)
    centre.hang_up(leg)
    assert closed(centre).outcome is InteractionOutcome.ANSWERED
    assert isinstance(centre.interaction(other).stage, Talking)


def test_the_agent_hangs_up_with_the_mouse(centre: Centre) -> None:
    leg, ring = talk(centre)
    centre.tell(HangUpCall(centre.request_id(), ANNA))
    assert [one.leg for one in centre.every(HangUp)] == [ring.leg]
    assert isinstance(centre.interaction(leg).stage, InFlow)


@pytest.mark.parametrize("cause", [HangupCause.NORMAL, HangupCause.LOST])
def test_hanging_up_on_the_question(centre: Centre, cause: HangupCause) -> None:
    leg = asked(centre)
    centre.hang_up(leg, cause)
    centre.wait(30.0)
    assert closed(centre).outcome is InteractionOutcome.ANSWERED
    assert centre.nothing_is_due()


def test_silence(centre: Centre) -> None:
    leg = asked(centre)
    for _ in range(3):
        centre.prompt_ends(leg)
        centre.wait(6.0)
    centre.prompt_ends(leg)
    centre.hang_up(leg)
    centre.wait(30.0)
    assert closed(centre).outcome is InteractionOutcome.ANSWERED


def test_who_hangs_up_himself_is_not_asked(centre: Centre) -> None:
    leg, ring = talk(centre)
    centre.hang_up(leg)
    assert not centre.every(LeaveBridge)
    assert [one.leg for one in centre.every(HangUp)] == [ring.leg]


def test_another_queue_does_not_ask(centre: Centre) -> None:
    centre.ready("dan")
    leg = centre.dial()
    centre.press(leg, "2")
    ring = centre.connect_call(leg)
    centre.hang_up(ring.leg)
    assert centre.last(HangUp).leg == leg


# -- killed meanwhile --------------------------------------------------------------------------------------------------


def killed(centre: Centre, plan: CenterPlan | None = None) -> tuple[Centre, LegId]:
    """The next process, with a caller who is being asked; his agent writes up."""
    leg = asked(centre)
    state = centre.state("anna")
    phone = centre.center.agents[ANNA].phone.kind
    centre.wait(1.0)
    later = after(centre, plan or with_survey())
    later.tell(Restarted(centre.now))
    later.tell(AgentRemembered(ANNA, state, phone))
    later.tell(found(centre, [leg]))
    return later, leg


def test_he_is_asked_again_after_a_restart(centre: Centre) -> None:
    later, leg = killed(centre)
    assert later.last(Play).leg == leg
    later.press(leg, "5")
    later.prompt_ends(leg)
    later.hang_up(leg)
    assert not later.every(InteractionClosed), "Anna still writes it up"
    later.wait(30.0)
    assert closed(later).outcome is InteractionOutcome.ANSWERED


def test_his_agent_is_done_after_a_restart(centre: Centre) -> None:
    later, leg = killed(centre)
    later.wait(29.0)
    assert not isinstance(later.state("anna"), AfterCallWork)
    later.hang_up(leg)
    assert closed(later).outcome is InteractionOutcome.ANSWERED


def test_nothing_to_ask_after_a_restart(centre: Centre) -> None:
    later, leg = killed(centre, company())
    assert [one.leg for one in later.every(HangUp)] == [leg]
    later.hang_up(leg)
    later.wait(30.0)
    assert closed(later).outcome is InteractionOutcome.ANSWERED


def test_his_queue_is_gone_after_a_restart(centre: Centre) -> None:
    """Its agent still writes up: every code will do, and she may have more time."""
    plan = company(queue(PRODUCTS))
    later, leg = killed(centre, replace(plan, flows={**plan.flows, SURVEY.name: SURVEY}))
    later.tell(ChooseWrapUp(later.request_id(), ANNA, WrapUpCode("solved"), "all well"))
    later.tell(ExtendWrapUp(later.request_id(), ANNA))
    assert len(later.every(RequestGranted)) == 2
    later.hang_up(leg)
    later.wait(90.0)
    assert closed(later).outcome is InteractionOutcome.ANSWERED


def test_his_flow_is_no_survey_after_a_restart(centre: Centre) -> None:
    """It leads to a queue now: the call is over all the same."""
    nodes: dict[NodeId, Node] = {NodeId("mark"): ToQueueNode("billing")}
    other = Flow(SURVEY.name, NodeId("mark"), nodes, NodeId("mark"))
    later, leg = killed(centre, replace(company(), flows={**company().flows, SURVEY.name: other}))
    assert [one.leg for one in later.every(HangUp)] == [leg]
    later.hang_up(leg)
    later.wait(30.0)
    assert closed(later).outcome is InteractionOutcome.ANSWERED


def test_the_pbx_has_been_away(centre: Centre) -> None:
    leg = asked(centre)
    centre.tell(PbxSynchronized(leg.partition("/")[0], ()))  # type: ignore[arg-type]
    centre.wait(30.0)
    assert closed(centre).outcome is InteractionOutcome.ANSWERED
