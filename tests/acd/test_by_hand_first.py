"""Who is given a caller by hand, or takes one himself, while he is only asked about a message: the caller is his, and
the message is somebody else's."""

import pytest

from acd.calls.interactions import Ringing, Waiting
from acd.events import RequestRefused, ReservationEnded, ReservationMade
from acd.model import AgentId, PhoneKind, ReservationOutcome, Skill, UserId
from acd.people.agents import Busy, NotReady, Reserved
from acd.plan import Step
from acd.requests import AnswerCall, Assign, BecomeReady, LogIn, PullCall, SetOnBreak, TakeBreak
from acd.routing.explanation import explained
from acd.routing.requirement import AtLeast
from acd.tasks.tasks import TaskInHand, TaskOffered, TaskWaits
from cti.events import PhoneBusy, PhoneUnreachable
from cti.model import Endpoint, LegId
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, agent, company, queue

ANNA, BEN, DAN = (AgentId(name) for name in ("anna", "ben", "dan"))
SAM = UserId("sam")


@pytest.fixture
def centre() -> Centre:
    """Anna for bills; Ben, a little, and Dan for products, of whose queue a message is offered to Dan."""
    later = Step(AtLeast(Skill("products"), 5)), Step(AtLeast(Skill("products"), 1), 3600.0)
    people = (agent("anna", billing=5), agent("ben", billing=5, products=1), agent("dan", products=5))
    centre = Centre(company(queue(BILLING, pull=True), queue(PRODUCTS, pull=True, steps=later), agents=people))
    centre.connect()
    centre.ready("dan")
    centre.leave("v1", PRODUCTS)
    assert isinstance(centre.state("dan"), Reserved)
    return centre


def assign(centre: Centre, leg: LegId, whom: AgentId) -> str:
    """Sam gives the caller to him; gives the code of the refusal."""
    before = len(centre.every(RequestRefused))
    centre.tell(Assign(centre.request_id(), SAM, centre.interaction(leg).id, whom))
    refused = centre.every(RequestRefused)[before:]
    return refused[0].refusal.code if refused else ""


def told(centre: Centre, whom: AgentId) -> list[str]:
    """What he reads."""
    return [one.code for one in centre.center.agents[whom].notices]


def test_a_caller_who_is_assigned_wins_against_a_message(centre: Centre) -> None:
    leg = centre.call_billing()
    (task,) = centre.center.tasks.values()
    assert not centre.center.unavailable(centre.center.agents[DAN]), "so the board offers him"
    assert not assign(centre, leg, DAN)
    ended = centre.last(ReservationEnded)
    assert (ended.interaction, ended.outcome) == (task.id, ReservationOutcome.WITHDRAWN)
    assert ended.cause == "a caller came first"
    made = centre.last(ReservationMade)
    assert (made.agent, made.interaction) == (DAN, centre.interaction(leg).id)
    assert told(centre, DAN) == ["caller_first"]
    assert isinstance(task.stage, TaskWaits)
    assert not task.missed_by
    centre.hang_up(leg)
    assert isinstance(task.stage, TaskOffered), "and is offered to him again"
    assert task.stage.held.agent == DAN


def test_the_message_goes_to_somebody_else_who_is_there(centre: Centre) -> None:
    centre.ready("ben")
    centre.tell(TakeBreak(centre.request_id(), BEN, "lunch"))
    leg = centre.call_billing()
    centre.tell(BecomeReady(centre.request_id(), BEN))
    assert isinstance(centre.interaction(leg).stage, Ringing), "at Ben's, by the rules"
    centre.ready("anna")
    assert not assign(centre, leg, DAN)
    (task,) = centre.center.tasks.values()
    assert isinstance(task.stage, TaskOffered)
    assert task.stage.held.agent == BEN, "whose phone rings no more"


def test_whose_phone_rings_no_more_looks_for_a_caller_before_the_message(centre: Centre) -> None:
    centre.ready("ben")
    first, second = centre.call_billing(), centre.call_billing()
    assert not assign(centre, first, DAN)
    assert centre.last(ReservationMade).interaction == centre.interaction(second).id
    made = [(one.agent, one.segment == "") for one in centre.every(ReservationMade)]
    assert made == [(DAN, True), (BEN, False), (DAN, False), (BEN, False)], "never the message in between"


def test_who_wished_for_a_break_behind_the_message_is_on_it_then(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.tell(SetOnBreak(centre.request_id(), SAM, DAN, "lunch"))
    assert centre.center.unavailable(centre.center.agents[DAN]) == "not ready: lunch"
    assert assign(centre, leg, DAN) == "agent_not_available"
    (task,) = centre.center.tasks.values()
    assert isinstance(task.stage, TaskOffered), "nothing is half done"


@pytest.mark.parametrize("what", [PhoneUnreachable, PhoneBusy])
def test_a_message_is_kept_by_whom_the_caller_cannot_reach(
    centre: Centre, what: type[PhoneUnreachable | PhoneBusy]
) -> None:
    leg = centre.call_billing()
    centre.tell(what(NODE, Endpoint("PJSIP/dan")))
    due = centre.center.next_deadline()
    assert centre.center.unavailable(centre.center.agents[DAN]).startswith("phone")
    assert centre.center.next_deadline() == due, "who only looks changes nothing"
    assert assign(centre, leg, DAN) == "agent_not_available"
    assert isinstance(centre.state("dan"), Reserved)
    assert not centre.every(ReservationEnded)


def test_what_is_taken_is_his(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.tell(AnswerCall(centre.request_id(), DAN))
    assert assign(centre, leg, DAN) == "agent_not_available"
    (task,) = centre.center.tasks.values()
    assert isinstance(task.stage, TaskInHand)
    assert isinstance(centre.interaction(leg).stage, Waiting)


def test_who_pulls_a_caller_gives_the_message_back() -> None:
    """From a break that he wished for behind it, too; and a caller whom the rules do not give him yet."""
    steps = Step(AtLeast(Skill("billing"), 5)), Step(AtLeast(Skill("billing"), 1), 3600.0)
    people = agent("anna", phones=2, billing=1, products=5), agent("dan", products=5)
    centre = Centre(company(queue(BILLING, pull=True, steps=steps), queue(PRODUCTS), agents=people))
    centre.connect()
    centre.ready("anna")
    centre.tell(LogIn(centre.request_id(), ANNA, PhoneKind.BROWSER))
    leg = centre.call_billing()
    assert isinstance(centre.interaction(leg).stage, Waiting)
    centre.leave("v1", PRODUCTS)
    centre.tell(TakeBreak(centre.request_id(), ANNA, "lunch"))
    assert isinstance(centre.state("anna"), Reserved)
    centre.ready("dan")
    centre.tell(PullCall(centre.request_id(), ANNA, centre.interaction(leg).id))
    assert isinstance(centre.interaction(leg).stage, Ringing)
    (task,) = centre.center.tasks.values()
    assert isinstance(task.stage, TaskOffered)
    assert task.stage.held.agent == DAN
    made = [one for one in centre.every(ReservationMade) if one.agent == DAN][-1]
    assert explained(made.why).reason_for(ANNA, made.why.roster.agents) == "wanted for a caller"
    assert told(centre, ANNA) == ["caller_first"]
    centre.connect_call(leg)
    centre.hang_up(leg)
    centre.wait(21)
    assert not isinstance(centre.state("anna"), NotReady | Busy), "she is Ready again: she has pulled"
