"""Who is given a caller by hand, or takes one himself, while he is only asked about a message: the caller is his, and
the message is somebody else's."""

import pytest

from acd.calls.interactions import Ringing, Waiting
from acd.events import RequestGranted, RequestRefused, ReservationEnded, ReservationMade, SupervisorActed
from acd.model import AgentId, InteractionId, PhoneKind, ReservationOutcome, Skill, UserId
from acd.people.agents import Busy, LoggedOut, NotReady, Reserved
from acd.plan import Step
from acd.requests import (
    AnswerCall,
    Assign,
    BecomeReady,
    LogIn,
    LogOut,
    MoveCall,
    Prioritise,
    PullCall,
    Refusal,
    SetLoggedOut,
    SetOnBreak,
    SetReady,
    TakeBreak,
)
from acd.routing.explanation import explained
from acd.routing.requirement import AtLeast
from acd.tasks.tasks import TaskInHand, TaskOffered, TaskWaits
from cti.events import PbxLost, PhoneBusy, PhoneUnreachable
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


# -- log-out ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["himself", "Sam"])
def test_who_goes_home_leaves_the_message_that_he_is_only_asked_about(centre: Centre, by: str) -> None:
    request = centre.request_id()
    centre.tell(LogOut(request, DAN) if by == "himself" else SetLoggedOut(request, SAM, DAN))
    assert isinstance(centre.state("dan"), LoggedOut)
    ended = centre.last(ReservationEnded)
    assert (ended.outcome, ended.cause) == (ReservationOutcome.WITHDRAWN, "the agent has gone home")
    (task,) = centre.center.tasks.values()
    assert isinstance(task.stage, TaskWaits)
    centre.ready("dan")
    assert isinstance(task.stage, TaskOffered), "it is no miss of his"


def test_nobody_goes_home_with_a_message_in_hand(centre: Centre) -> None:
    centre.tell(AnswerCall(centre.request_id(), DAN))
    centre.tell(LogOut(centre.request_id(), DAN))
    assert centre.last(RequestRefused).refusal.code == "message_in_hand"
    centre.tell(SetLoggedOut(centre.request_id(), SAM, DAN))
    assert centre.last(RequestRefused).refusal == Refusal("agent_message_in_hand", "He has a message in hand.")
    assert isinstance(centre.state("dan"), Busy)


# -- what is no caller, and who is asked already -----------------------------------------------------------------------


def test_a_message_is_no_caller(centre: Centre) -> None:
    (task,) = centre.center.tasks
    for request in (
        Assign(centre.request_id(), SAM, task, DAN),
        MoveCall(centre.request_id(), SAM, task, BILLING),
        Prioritise(centre.request_id(), SAM, task, 60.0),
        PullCall(centre.request_id(), DAN, task),
    ):
        centre.tell(request)
        assert centre.last(RequestRefused).refusal.code == "no_caller"
    assert isinstance(centre.state("dan"), Reserved)


def test_of_two_supervisors_the_later_one_decides_about_a_caller(centre: Centre) -> None:
    """And the first one's agent reads why his phone is silent; for the same agent twice, one has done it."""
    leg = centre.call_billing()
    centre.ready("anna")
    assert assign(centre, leg, ANNA) == "rings_there", "by the rules, already"
    assert not assign(centre, leg, DAN)
    assert assign(centre, leg, DAN) == "rings_there"
    assert told(centre, ANNA) == ["given_to_another"]
    other = centre.call_billing()
    assert assign(centre, other, DAN) == "agent_not_available"


def test_who_pulls_reads_why_not(centre: Centre) -> None:
    """His phone rings, he talks, a colleague's phone rings for the caller, the PBX is away, he has hung up."""
    centre.ready("anna")
    first, second = centre.call_billing(), centre.call_billing()

    def pull(leg_of: InteractionId, whom: AgentId = ANNA) -> str:
        centre.tell(PullCall(centre.request_id(), whom, leg_of))
        return centre.last(RequestRefused).refusal.code

    one, two = centre.interaction(first).id, centre.interaction(second).id
    assert pull(one, BEN) == "rings_already"
    assert pull(one) == "rings_already"
    assert pull(two) == "phone_rings"
    centre.connect_call(first)
    assert pull(two) == "on_a_call"
    assert pull(one) == "nobody_waits"
    centre.hang_up(second)
    assert pull(two) == "nobody_waits"
    third = centre.interaction(centre.call_billing()).id
    centre.tell(PbxLost(NODE, "cut"))
    assert pull(third) == "pbx_away"


def test_who_sees_to_a_message_reads_that_he_does(centre: Centre) -> None:
    centre.tell(AnswerCall(centre.request_id(), DAN))
    leg = centre.dial()
    centre.press(leg, "2")
    assert isinstance(centre.interaction(leg).stage, Waiting)
    centre.tell(PullCall(centre.request_id(), DAN, centre.interaction(leg).id))
    assert centre.last(RequestRefused).refusal.code == "message_in_hand"


def test_a_state_that_is_so_already_is_no_act(centre: Centre) -> None:
    centre.ready("anna")
    for request in (SetReady(centre.request_id(), SAM, ANNA), SetLoggedOut(centre.request_id(), SAM, BEN)):
        centre.tell(request)
        assert isinstance(centre.said[-1], RequestGranted)
    assert not centre.every(SupervisorActed)
    assert not told(centre, ANNA)
