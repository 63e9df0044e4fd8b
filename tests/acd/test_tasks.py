"""Messages that callers have left, as work for agents."""

from collections.abc import Iterator, Mapping

import pytest
from msgspec.structs import replace

from acd.calls.interactions import Ringing
from acd.calls.reservations import DECLINED
from acd.events import (
    CustomerWanted,
    RequestRefused,
    ReservationEnded,
    SegmentOpened,
    TaskDone,
    TaskReturned,
    TaskTaken,
    WrapUpChosen,
)
from acd.model import (
    AgentId,
    CustomerUnknown,
    InteractionId,
    QueueName,
    ReservationOutcome,
    Skill,
    VoicemailId,
    WrapUpCode,
)
from acd.people.agents import DESKTOP_LOST, Busy, LoggedOut, NotReady, Ready, Reserved
from acd.plan import AgentPlan, CenterPlan, Step
from acd.requests import AnswerCall, BecomeReady, ChooseWrapUp, DeclineCall, FinishWrapUp, HangUpCall, ReturnTask
from acd.revision import Revision, RevisionId
from acd.routing.requirement import AtLeast
from acd.told import CustomerAnswered, DesktopLost, PlanChanged, TaskSettled
from cti.commands import Ring
from tests.acd.centre import Centre
from tests.acd.company import BILLING, PRODUCTS, agent, company, queue

ANNA = AgentId("anna")


@pytest.fixture
def centre() -> Centre:
    """Anna alone, for bills."""
    centre = Centre(company(queue(BILLING), queue(PRODUCTS), agents=(agent("anna", billing=5),)))
    centre.connect()
    return centre


def test_a_message_waits_for_an_agent_who_takes_it_and_does_it(centre: Centre) -> None:
    centre.leave("v1")
    assert len(centre.center.tasks) == 1
    centre.ready("anna")
    state = centre.state("anna")
    assert isinstance(state, Reserved)
    assert not centre.every(Ring), "there is nobody to ring for"
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    assert isinstance(centre.state("anna"), Busy)
    assert centre.last(TaskTaken).about == "v1"
    centre.wait(300)
    assert isinstance(centre.state("anna"), Busy), "it is done when she says so"
    centre.tell(FinishWrapUp(centre.request_id(), ANNA))
    done = centre.last(TaskDone)
    assert (done.about, done.agent, done.at - done.began) == ("v1", ANNA, 300)
    assert isinstance(centre.state("anna"), Ready)
    assert not centre.center.tasks
    assert not centre.every(SegmentOpened), "it is in no figure of calls"


def test_callers_come_first_however_long_a_message_has_waited(centre: Centre) -> None:
    centre.leave("v1")
    centre.wait(1000)
    leg = centre.call_billing()
    centre.ready("anna")
    assert isinstance(centre.interaction(leg).stage, Ringing)


def test_of_two_messages_the_older_one_comes_first(centre: Centre) -> None:
    centre.leave("v1")
    centre.wait(10)
    centre.leave("v2")
    centre.ready("anna")
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    assert centre.last(TaskTaken).about == "v1"
    centre.tell(FinishWrapUp(centre.request_id(), ANNA))
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    assert centre.last(TaskTaken).about == "v2"


def test_it_goes_to_somebody_with_the_skills_of_its_queue_the_best_step_first() -> None:
    steps = (Step(AtLeast(Skill("billing"), 5)), Step(AtLeast(Skill("billing"), 3), 60.0))
    plan = company(queue(BILLING, steps=steps), agents=(agent("anna", billing=3), agent("ben", billing=5)))
    centre = Centre(replace(plan, agents={**plan.agents, AgentId("dan"): agent("dan", products=5)}))
    centre.connect()
    centre.ready("dan", "anna", "ben")
    centre.leave("v1")
    assert isinstance(centre.state("ben"), Reserved)
    centre.leave("v2")
    assert isinstance(centre.state("anna"), Reserved), "nobody waits for a step on whom nobody waits"
    assert isinstance(centre.state("dan"), Ready)


def test_who_declines_is_not_asked_again_unless_nobody_else_is_there() -> None:
    centre = Centre(company(queue(BILLING), agents=(agent("anna", billing=5), agent("ben", billing=5))))
    centre.connect()
    centre.ready("anna")
    centre.leave("v1")
    centre.tell(DeclineCall(centre.request_id(), ANNA))
    assert centre.last(ReservationEnded).outcome is ReservationOutcome.DECLINED
    assert centre.state("anna") == NotReady(centre.now, "declined")
    centre.ready("ben")
    assert isinstance(centre.state("ben"), Reserved)
    centre.wait(15.1)
    assert centre.state("ben") == NotReady(centre.now - 0.1, "no answer")
    centre.tell(BecomeReady(centre.request_id(), ANNA))
    assert isinstance(centre.state("anna"), Reserved), "all have missed it"


def test_what_somebody_has_seen_to_in_the_list_is_nobody_s_task(centre: Centre) -> None:
    centre.leave("v1")
    centre.ready("anna")
    centre.tell(TaskSettled(VoicemailId("v1")))
    assert isinstance(centre.state("anna"), Ready)
    centre.leave("v2")
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    centre.tell(TaskSettled(VoicemailId("v2")))
    assert isinstance(centre.state("anna"), Ready)
    assert not centre.every(TaskDone)
    assert not centre.center.tasks
    assert not centre.center._floor.reservations


def test_it_is_told_twice_and_is_one(centre: Centre) -> None:
    centre.leave("v1")
    centre.leave("v1")
    assert len(centre.center.tasks) == 1


def test_it_goes_back_when_the_screen_is_gone_for_long(centre: Centre) -> None:
    centre.leave("v1")
    centre.ready("anna")
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    centre.tell(DesktopLost(ANNA))
    centre.wait(299)
    assert isinstance(centre.state("anna"), Busy), "she may be back in a moment"
    centre.wait(2)
    assert centre.last(TaskReturned).agent == ANNA
    assert isinstance(centre.state("anna"), LoggedOut)
    centre.ready("anna")
    assert isinstance(centre.state("anna"), Reserved)


def take(centre: Centre, about: str = "v1") -> None:
    """Anna has it in hand."""
    centre.leave(about)
    centre.ready("anna")
    centre.tell(AnswerCall(centre.request_id(), ANNA))


def test_who_gives_it_back_is_free_and_is_asked_again_after_a_while(centre: Centre) -> None:
    take(centre)
    centre.tell(ReturnTask(centre.request_id(), ANNA))
    assert centre.last(TaskReturned).agent == ANNA
    assert isinstance(centre.state("anna"), Ready), "though she is the only one who could do it"
    centre.leave("v2")
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    assert centre.last(TaskTaken).about == "v2", "she gets others meanwhile"
    centre.tell(FinishWrapUp(centre.request_id(), ANNA))
    centre.wait(599)
    assert isinstance(centre.state("anna"), Ready)
    centre.wait(2)
    assert isinstance(centre.state("anna"), Reserved)
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    centre.tell(FinishWrapUp(centre.request_id(), ANNA))
    assert not centre.center.tasks
    centre.wait(1000)


def test_what_is_given_back_is_offered_to_the_next_at_once() -> None:
    centre = Centre(company(queue(BILLING), agents=(agent("anna", billing=5), agent("ben", billing=5))))
    centre.connect()
    take(centre)
    centre.ready("ben")
    centre.tell(ReturnTask(centre.request_id(), ANNA, next(iter(centre.center.tasks))))
    assert isinstance(centre.state("ben"), Reserved)
    assert isinstance(centre.state("anna"), Ready)
    centre.tell(AnswerCall(centre.request_id(), AgentId("ben")))
    centre.tell(FinishWrapUp(centre.request_id(), AgentId("ben")))
    assert (centre.last(TaskDone).agent, centre.center.tasks) == ("ben", {})
    centre.wait(1000)


def test_only_a_task_in_hand_is_given_back(centre: Centre) -> None:
    centre.leave("v1")
    centre.ready("anna")
    centre.tell(ReturnTask(centre.request_id(), ANNA))
    assert centre.last(RequestRefused).refusal.code == "no_task"
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    centre.tell(ReturnTask(centre.request_id(), ANNA, InteractionId("another")))
    assert centre.last(RequestRefused).refusal.code == "no_task"
    assert isinstance(centre.state("anna"), Busy)


def test_what_is_written_about_it_belongs_to_the_contact_in_which_it_was_left(centre: Centre) -> None:
    take(centre)
    (task,) = centre.center.tasks.values()
    centre.tell(ChooseWrapUp(centre.request_id(), ANNA, WrapUpCode("no such code"), "", task.id))
    assert centre.last(RequestRefused).refusal.code == "unknown_code"
    centre.tell(ChooseWrapUp(centre.request_id(), ANNA, WrapUpCode("solved"), "will pay", task.id))
    chosen = centre.last(WrapUpChosen)
    assert (chosen.interaction, chosen.about, chosen.code, chosen.note) == ("of-v1", "v1", "solved", "will pay")
    assert (task.wrap_up.code, task.wrap_up.note) == ("solved", "will pay")


def test_a_screen_that_is_gone_while_it_asks_gives_the_task_to_the_next(centre: Centre) -> None:
    centre.leave("v1")
    centre.ready("anna")
    centre.tell(DesktopLost(ANNA))
    assert centre.last(ReservationEnded).outcome is ReservationOutcome.WITHDRAWN
    assert len(centre.center.tasks) == 1


def test_a_screen_that_is_gone_is_not_asked_again_whatever_follows_a_miss() -> None:
    centre = Centre(replace(company(agents=(agent("anna", billing=5),)), after_miss={DESKTOP_LOST: 0.0}))
    centre.connect()
    centre.leave("v1")
    centre.ready("anna")
    centre.tell(DesktopLost(ANNA))
    assert isinstance(centre.state("anna"), NotReady)
    assert not centre.center._floor.reservations


class Looked(Mapping[AgentId, AgentPlan]):
    """Agents of a plan, and how often somebody has looked at all of them."""

    def __init__(self, agents: Mapping[AgentId, AgentPlan]) -> None:
        self._agents = agents
        self.times = 0

    def __getitem__(self, agent: AgentId) -> AgentPlan:
        return self._agents[agent]

    def __len__(self) -> int:
        return len(self._agents)

    def __iter__(self) -> Iterator[AgentId]:
        self.times += 1
        return iter(self._agents)


def test_thousands_of_agents_are_not_looked_at_for_each_message() -> None:
    plan = company(agents=(agent("anna", billing=5),))
    agents = Looked(plan.agents)
    centre = Centre(replace(plan, agents=agents))
    centre.connect()
    centre.ready("anna")
    before = agents.times
    for number in range(5):
        centre.leave(f"v{number}")
    centre.tell(DeclineCall(centre.request_id(), ANNA))
    assert agents.times == before


def test_there_is_nobody_to_hang_up_on(centre: Centre) -> None:
    centre.leave("v1")
    centre.ready("anna")
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    centre.tell(HangUpCall(centre.request_id(), ANNA))
    assert centre.last(RequestRefused).refusal.code == "no_call"


def test_the_crm_is_asked_who_it_is(centre: Centre) -> None:
    centre.leave("v1")
    wanted = centre.last(CustomerWanted)
    centre.tell(CustomerAnswered(wanted.interaction, CustomerUnknown()))
    (task,) = centre.center.tasks.values()
    assert task.customer == CustomerUnknown()


WITHOUT_BILLING = company(queue(PRODUCTS), agents=(agent("anna", billing=5),))


def change(centre: Centre, plan: CenterPlan) -> None:
    """Another plan is in force."""
    centre.tell(PlanChanged(plan, Revision(RevisionId("v2"), "eva", "", {})))


def abouts(centre: Centre) -> list[str]:
    """What there is to do."""
    return [task.about for task in centre.center.tasks.values()]


def test_a_queue_that_is_gone_has_no_tasks_until_it_is_back(centre: Centre) -> None:
    before = centre.center.plan
    centre.leave("v1")
    centre.leave("v2", QueueName("gone"))
    assert abouts(centre) == ["v1"]
    centre.ready("anna")
    change(centre, WITHOUT_BILLING)
    assert centre.last(ReservationEnded).outcome is ReservationOutcome.WITHDRAWN
    assert isinstance(centre.state("anna"), Ready)
    assert abouts(centre) == []
    centre.leave("v3")
    change(centre, before)
    assert isinstance(centre.state("anna"), Reserved), "she is asked again"
    assert abouts(centre) == ["v1", "v3"]
    assert [task.since for task in centre.center.tasks.values()] == sorted(
        task.since for task in centre.center.tasks.values()
    )


def test_what_somebody_has_seen_to_meanwhile_does_not_come_back_with_its_queue(centre: Centre) -> None:
    before = centre.center.plan
    centre.leave("v1")
    change(centre, WITHOUT_BILLING)
    centre.tell(TaskSettled(VoicemailId("v1")))
    change(centre, before)
    assert abouts(centre) == []


def test_what_is_in_hand_stays_in_hand_though_its_queue_is_gone(centre: Centre) -> None:
    take(centre)
    (task,) = centre.center.tasks.values()
    change(centre, WITHOUT_BILLING)
    centre.wait(60)
    assert isinstance(centre.state("anna"), Busy)
    centre.tell(ChooseWrapUp(centre.request_id(), ANNA, WrapUpCode("solved"), "", task.id))
    assert centre.last(WrapUpChosen).code == "solved"
    centre.tell(FinishWrapUp(centre.request_id(), ANNA))
    assert centre.last(TaskDone).about == "v1"
    centre.wait(10)
    assert list(centre.center.queues) == [PRODUCTS]


def test_what_is_given_back_to_a_queue_that_is_gone_waits_for_the_queue(centre: Centre) -> None:
    before = centre.center.plan
    take(centre)
    change(centre, WITHOUT_BILLING)
    centre.tell(ReturnTask(centre.request_id(), ANNA))
    assert isinstance(centre.state("anna"), Ready)
    assert abouts(centre) == []
    change(centre, before)
    assert isinstance(centre.state("anna"), Reserved)


def test_who_has_declined_it_and_is_ready_is_passed_over_though_he_would_come_first() -> None:
    steps = (Step(AtLeast(Skill("billing"), 5)), Step(AtLeast(Skill("billing"), 3), 60.0))
    plan = company(queue(BILLING, steps=steps), agents=(agent("anna", billing=5), agent("ben", billing=3)))
    centre = Centre(replace(plan, after_miss={DECLINED: 0.0}))
    centre.connect()
    centre.ready("anna", "ben")
    centre.leave("v1")
    assert isinstance(centre.state("anna"), Reserved)
    centre.tell(DeclineCall(centre.request_id(), ANNA))
    assert isinstance(centre.state("anna"), Ready)
    assert isinstance(centre.state("ben"), Reserved)
