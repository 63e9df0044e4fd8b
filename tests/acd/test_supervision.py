"""What supervisors do about callers and agents, with their names on it; and queues that agents leave and join."""

import pytest

from acd.events import (
    AgentStateChanged,
    QueuesChosen,
    RequestRefused,
    ReservationEnded,
    ReservationMade,
    SegmentClosed,
    SegmentOpened,
    SupervisorActed,
)
from acd.model import (
    AgentId,
    InteractionId,
    PhoneKind,
    QueueName,
    RequestId,
    ReservationOutcome,
    SegmentOutcome,
    UserId,
)
from acd.people.agents import LoggedOut, NotReady, Ready, Reserved
from acd.remembered import QueuesRemembered
from acd.requests import (
    AnySupervisorRequest,
    Assign,
    BecomeReady,
    JoinQueue,
    LeaveQueue,
    LogIn,
    MoveCall,
    Prioritise,
    PullCall,
    SetInQueue,
    SetLoggedOut,
    SetOnBreak,
    SetReady,
    TakeBreak,
)
from acd.routing.explanation import explained
from acd.told import DesktopConnected, DesktopLost
from cti.commands import Ring
from cti.events import PbxLost
from cti.model import LegId
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, company, queue

SAM = UserId("sam")
Q = RequestId("q")
ANNA, BEN, CHLOE, DAN = (AgentId(name) for name in ("anna", "ben", "chloe", "dan"))


@pytest.fixture
def centre() -> Centre:
    """A centre with its PBX, where agents may leave the billing queue and take its callers out of turn."""
    centre = Centre(company(queue(BILLING, optional=True, pull=True), queue(PRODUCTS)))
    centre.connect()
    return centre


def act(centre: Centre, request: AnySupervisorRequest) -> str:
    """Sam asks; gives the code of the refusal, empty if it was granted."""
    before = len(centre.every(RequestRefused))
    centre.tell(request)
    refused = centre.every(RequestRefused)[before:]
    assert bool(refused) or centre.last(SupervisorActed).name == "Sam"
    return refused[0].refusal.code if refused else ""


def of(centre: Centre, leg: LegId) -> InteractionId:
    """The interaction on that leg."""
    return centre.interaction(leg).id


# -- callers ---------------------------------------------------------------------------------------------------------


def test_who_is_brought_forward_is_served_first(centre: Centre) -> None:
    first = centre.call_billing()
    centre.wait(30)
    second = centre.call_billing()
    assert centre.waiting("billing") == (of(centre, first), of(centre, second))
    assert not act(centre, Prioritise(Q, SAM, of(centre, second), 60.0))
    assert centre.waiting("billing") == (of(centre, second), of(centre, first))
    acted = centre.last(SupervisorActed)
    assert (acted.verb, acted.before, acted.after) == ("prioritise", "0", "60")
    centre.ready("anna")
    assert centre.last(ReservationMade).interaction == of(centre, second)


def test_who_is_brought_forward_has_not_waited_longer_for_it(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.wait(10)
    act(centre, Prioritise(Q, SAM, of(centre, leg), 3600.0))
    queue_of_calls = centre.center.queues[BILLING]
    assert queue_of_calls.longest_wait(centre.now) == 10
    centre.call_billing()
    assert queue_of_calls.longest_wait(centre.now) == 10
    centre.hang_up(leg)
    assert queue_of_calls.longest_wait(centre.now) == 0


def test_a_head_start_is_all_in_all_and_at_most_a_day(centre: Centre) -> None:
    leg = centre.call_billing()
    act(centre, Prioritise(Q, SAM, of(centre, leg), 60.0))
    act(centre, Prioritise(Q, SAM, of(centre, leg), 60.0))
    assert centre.center.queues[BILLING].order_of(of(centre, leg)) == centre.now - 60
    for wrong in (90_000.0, -90_000.0, float("nan"), float("inf")):
        assert act(centre, Prioritise(Q, SAM, of(centre, leg), wrong)) == "too_far"
    assert centre.center.queues[BILLING].order_of(of(centre, leg)) == centre.now - 60


def test_an_agent_may_be_given_a_caller_whom_his_skills_do_not_reach(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.ready("dan")
    assert isinstance(centre.state("dan"), Ready)
    assert not act(centre, Assign(Q, SAM, of(centre, leg), DAN))
    assert isinstance(centre.state("dan"), Reserved)
    why = explained(centre.last(ReservationMade).why)
    assert why.by_hand == "assigned by Sam"
    assert why.candidates[0].agent == DAN


def test_who_could_have_been_asked_reads_that_another_was_assigned(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.ready("anna", "dan")
    centre.tell(TakeBreak(centre.request_id(), ANNA, "lunch"))
    rung = centre.last(ReservationMade)
    assert rung.agent == ANNA, "her phone rings for the caller already"
    assert not act(centre, Assign(Q, SAM, of(centre, leg), DAN))
    ended = centre.last(ReservationEnded)
    assert (ended.agent, ended.outcome, ended.cause) == (ANNA, ReservationOutcome.WITHDRAWN, "assigned by Sam")
    assert isinstance(centre.state("anna"), NotReady)
    made = centre.last(ReservationMade)
    assert explained(made.why).reason_for(ANNA, made.why.roster.agents) == "assigned by Sam"
    assert explained(made.why).reason_for(DAN, made.why.roster.agents) == ""
    assert explained(made.why).reason_for(BEN, made.why.roster.agents) == "logged out"


def test_who_is_freed_by_an_assignment_takes_the_next_caller(centre: Centre) -> None:
    centre.ready("anna", "dan")
    first = centre.call_billing()
    second = centre.call_billing()
    assert centre.last(ReservationMade).interaction == of(centre, first)
    assert not act(centre, Assign(Q, SAM, of(centre, first), DAN))
    assert (centre.last(ReservationMade).agent, centre.last(ReservationMade).interaction) == (ANNA, of(centre, second))


def test_an_assigned_caller_who_is_missed_waits_again(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.ready("dan")
    act(centre, Assign(Q, SAM, of(centre, leg), DAN))
    centre.wait(16)
    assert centre.waiting("billing") == (of(centre, leg),)
    centre.ready("anna")
    assert centre.last(ReservationMade).agent == ANNA


def test_nobody_is_assigned_who_cannot_be_asked(centre: Centre) -> None:
    leg = centre.call_billing()
    assert act(centre, Assign(Q, SAM, of(centre, leg), DAN)) == "agent_not_available"
    assert centre.last(RequestRefused).refusal.text == "Dan cannot be asked: logged out."
    assert act(centre, Assign(Q, SAM, of(centre, leg), AgentId("nobody"))) == "agent_unknown"
    assert act(centre, Assign(Q, SAM, InteractionId("none"), DAN)) == "nobody_waits"
    centre.ready("dan")
    centre.tell(TakeBreak(centre.request_id(), DAN, "lunch"))
    assert act(centre, Assign(Q, SAM, of(centre, leg), DAN)) == "agent_not_available"
    assert centre.last(RequestRefused).refusal.text == "Dan cannot be asked: not ready: lunch."
    assert not centre.every(SupervisorActed)
    assert not centre.every(Ring)


def test_nobody_is_assigned_whose_page_has_never_been_open(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.tell(LogIn(centre.request_id(), DAN, PhoneKind.DESK))
    centre.tell(BecomeReady(centre.request_id(), DAN))
    assert centre.center.unavailable(centre.center.agents[DAN]) == "desktop lost"
    assert act(centre, Assign(Q, SAM, of(centre, leg), DAN)) == "agent_not_available"
    assert centre.last(RequestRefused).refusal.text == "Dan cannot be asked: desktop lost."
    centre.tell(DesktopConnected(DAN))
    assert not act(centre, Assign(Q, SAM, of(centre, leg), DAN))


def test_a_caller_is_moved_and_keeps_his_time(centre: Centre) -> None:
    leg = centre.call_billing()
    came = centre.now
    centre.wait(10)
    assert act(centre, MoveCall(Q, SAM, of(centre, leg), QueueName("nowhere"))) == "unknown_queue"
    assert act(centre, MoveCall(Q, SAM, of(centre, leg), BILLING)) == "same_queue"
    assert not act(centre, MoveCall(Q, SAM, of(centre, leg), PRODUCTS))
    closed = centre.last(SegmentClosed)
    assert (closed.queue, closed.outcome, closed.cause) == (BILLING, SegmentOutcome.OVERFLOWED, "supervisor")
    assert centre.last(SegmentOpened).queue == PRODUCTS
    assert centre.center.queues[PRODUCTS].order_of(of(centre, leg)) == came


def test_nothing_is_done_to_a_caller_whose_pbx_is_away(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.tell(PbxLost(NODE, "cut"))
    assert act(centre, MoveCall(Q, SAM, of(centre, leg), PRODUCTS)) == "pbx_away"
    assert act(centre, Prioritise(Q, SAM, of(centre, leg), 60.0)) == "pbx_away"


def test_only_a_supervisor_is_one(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.tell(Prioritise(centre.request_id(), UserId("anna"), of(centre, leg), 60.0))
    assert centre.last(RequestRefused).refusal.code == "unknown_supervisor"


# -- agents ----------------------------------------------------------------------------------------------------------


def test_a_supervisor_sends_somebody_on_a_break_with_his_name_on_it(centre: Centre) -> None:
    centre.ready("anna")
    assert not act(centre, SetOnBreak(Q, SAM, ANNA, "lunch"))
    state = centre.last(AgentStateChanged).state
    assert isinstance(state, NotReady)
    assert (state.reason, state.by) == ("lunch", "Sam")
    (notice,) = centre.center.agents[ANNA].notices
    assert (notice.code, notice.by, notice.what) == ("supervisor_break", "Sam", "lunch")
    acted = centre.last(SupervisorActed)
    assert (acted.verb, acted.agent, acted.before, acted.after) == ("break", ANNA, "ready", "not_ready: lunch")
    assert not act(centre, SetReady(Q, SAM, ANNA))
    assert centre.state("anna") == Ready(centre.now, "Sam")
    assert not act(centre, SetLoggedOut(Q, SAM, ANNA))
    assert centre.state("anna") == LoggedOut(centre.now, "", "Sam")


def test_what_an_agent_could_not_wish_is_refused(centre: Centre) -> None:
    assert act(centre, SetReady(Q, SAM, ANNA)) == "agent_logged_out"
    assert act(centre, SetReady(Q, SAM, AgentId("nobody"))) == "agent_unknown"
    centre.ready("anna")
    assert act(centre, SetOnBreak(Q, SAM, ANNA, "holiday")) == "unknown_reason"
    leg = centre.call_billing()
    assert act(centre, SetLoggedOut(Q, SAM, ANNA)) == "agent_phone_rings"
    centre.connect_call(leg)
    assert act(centre, SetLoggedOut(Q, SAM, ANNA)) == "agent_on_a_call"
    assert not centre.every(SupervisorActed)


def test_a_break_during_a_call_begins_after_it_and_still_bears_the_name(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.connect_call(leg)
    assert not act(centre, SetOnBreak(Q, SAM, ANNA, "lunch"))
    centre.hang_up(leg)
    centre.wait(21)
    assert centre.state("anna") == NotReady(centre.now - 1, "lunch", by="Sam")


def test_nobody_is_made_ready_who_has_no_screen(centre: Centre) -> None:
    centre.ready("anna")
    centre.tell(DesktopLost(ANNA))
    assert act(centre, SetReady(Q, SAM, ANNA)) == "no_desktop"


# -- queues ----------------------------------------------------------------------------------------------------------


def test_who_has_left_a_queue_is_not_asked_for_it(centre: Centre) -> None:
    centre.ready("anna", "chloe")
    centre.tell(LeaveQueue(centre.request_id(), CHLOE, BILLING))
    assert centre.last(QueuesChosen) == QueuesChosen(CHLOE, (BILLING,), "", centre.now)
    first, second = centre.call_billing(), centre.call_billing()
    made = centre.last(ReservationMade)
    assert made.agent == ANNA
    assert explained(made.why).reason_for(CHLOE, made.why.roster.agents) == "not in this queue"
    assert of(centre, second) in centre.waiting("billing")
    assert isinstance(centre.state("chloe"), Ready)
    centre.tell(JoinQueue(centre.request_id(), CHLOE, BILLING))
    assert (centre.last(ReservationMade).agent, centre.last(ReservationMade).interaction) == (CHLOE, of(centre, second))
    assert of(centre, first) in centre.waiting("billing")


def test_other_queues_are_as_before(centre: Centre) -> None:
    centre.ready("chloe")
    centre.tell(LeaveQueue(centre.request_id(), CHLOE, BILLING))
    leg = centre.dial()
    centre.press(leg, "2")
    assert centre.last(ReservationMade).agent == CHLOE


def test_a_queue_is_left_only_where_the_company_says_so(centre: Centre) -> None:
    centre.ready("dan")
    centre.tell(LeaveQueue(centre.request_id(), DAN, PRODUCTS))
    assert centre.last(RequestRefused).refusal.code == "not_optional"
    centre.tell(LeaveQueue(centre.request_id(), DAN, QueueName("nowhere")))
    assert centre.last(RequestRefused).refusal.code == "unknown_queue"
    assert not act(centre, SetInQueue(Q, SAM, DAN, PRODUCTS, inside=False))
    assert centre.last(QueuesChosen) == QueuesChosen(DAN, (PRODUCTS,), "Sam", centre.now)
    centre.dial()
    assert not centre.every(ReservationMade)


def test_the_next_process_knows_who_has_left_what(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.hang_up(leg)
    after = centre.successor()
    after.connect()
    waits = after.call_billing()
    after.tell(QueuesRemembered({ANNA: (BILLING, QueueName("gone"))}))
    after.ready("anna")
    assert after.waiting("billing") == (of(after, waits),)
    assert not after.every(ReservationMade)


def test_who_waits_when_a_queue_is_left_for_the_first_time_goes_on_waiting(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.ready("dan")
    assert not act(centre, SetInQueue(Q, SAM, ANNA, BILLING, inside=False))
    centre.ready("anna", "ben")
    assert (centre.last(ReservationMade).agent, centre.last(ReservationMade).interaction) == (BEN, of(centre, leg))


# -- out of turn -----------------------------------------------------------------------------------------------------


def test_an_agent_on_a_break_takes_the_caller_of_his_choice(centre: Centre) -> None:
    centre.ready("anna")
    centre.tell(TakeBreak(centre.request_id(), ANNA, "lunch"))
    centre.call_billing()
    second = centre.call_billing()
    centre.tell(PullCall(centre.request_id(), ANNA, of(centre, second)))
    made = centre.last(ReservationMade)
    assert (made.agent, made.interaction) == (ANNA, of(centre, second))
    assert explained(made.why).by_hand == "taken out of turn by him"


def test_what_is_not_his_he_does_not_get(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.ready("dan")
    centre.tell(PullCall(centre.request_id(), DAN, of(centre, leg)))
    assert centre.last(RequestRefused).refusal.code == "not_yours"
    centre.tell(PullCall(centre.request_id(), DAN, InteractionId("none")))
    assert centre.last(RequestRefused).refusal.code == "nobody_waits"
    centre.tell(PullCall(centre.request_id(), ANNA, of(centre, leg)))
    assert centre.last(RequestRefused).refusal.code == "logged_out"
    assert isinstance(centre.state("dan"), Ready)
    assert not centre.every(Ring)


# -- what they read of it --------------------------------------------------------------------------------------------


def told(centre: Centre, agent: AgentId) -> list[tuple[str, str]]:
    """What his screen tells him, and of what."""
    return [(one.code, one.what) for one in centre.center.agents[agent].notices]


def test_what_a_supervisor_has_done_is_not_lost_by_a_call(centre: Centre) -> None:
    centre.ready("chloe")
    assert not act(centre, SetInQueue(Q, SAM, CHLOE, PRODUCTS, inside=False))
    assert not act(centre, SetInQueue(Q, SAM, CHLOE, BILLING, inside=False))
    assert not act(centre, SetInQueue(Q, SAM, CHLOE, BILLING, inside=True))
    both = [("supervisor_leave_queue", "products"), ("supervisor_join_queue", "billing")]
    assert told(centre, CHLOE) == both, "the last word on each queue"
    centre.wait(1.0)
    leg = centre.call_billing()
    assert isinstance(centre.state("chloe"), Reserved)
    assert told(centre, CHLOE) == both
    centre.wait(16)
    assert told(centre, CHLOE) == [*both, ("missed", "")]
    centre.tell(BecomeReady(centre.request_id(), CHLOE))
    assert told(centre, CHLOE) == both
    centre.hang_up(leg)
    assert told(centre, CHLOE) == [*both, ("caller_hung_up", "")]
    centre.tell(BecomeReady(centre.request_id(), CHLOE))
    centre.tell(LeaveQueue(centre.request_id(), CHLOE, BILLING))
    assert told(centre, CHLOE) == both[:1], "this queue is her own doing now"


def test_a_state_of_a_supervisors_stays_until_the_next_one(centre: Centre) -> None:
    centre.ready("anna")
    centre.call_billing()
    centre.wait(16)
    assert told(centre, ANNA) == [("missed", "")]
    assert not act(centre, SetReady(Q, SAM, ANNA))
    assert told(centre, ANNA) == [("supervisor_ready", "")], "and settles what was before"
    assert not act(centre, SetOnBreak(Q, SAM, ANNA, "lunch"))
    assert told(centre, ANNA) == [("supervisor_break", "lunch")]
    centre.tell(BecomeReady(centre.request_id(), ANNA))
    assert not told(centre, ANNA)


# -- queues that somebody cannot serve, and what is so already --------------------------------------------------------


@pytest.mark.parametrize("inside", [True, False])
def test_nobody_is_put_into_or_out_of_a_queue_that_he_cannot_serve(centre: Centre, inside: bool) -> None:
    centre.ready("dan")
    assert act(centre, SetInQueue(Q, SAM, DAN, BILLING, inside=inside)) == "agent_not_served"
    assert centre.last(RequestRefused).refusal.text == "He cannot serve this queue: his skills do not suffice."
    wish = JoinQueue if inside else LeaveQueue
    centre.tell(wish(centre.request_id(), DAN, BILLING))
    assert centre.last(RequestRefused).refusal.code == "not_served"
    assert not centre.every(QueuesChosen)
    assert not centre.every(SupervisorActed)
    assert not told(centre, DAN)


def test_of_two_supervisors_who_want_the_same_one_has_done_it(centre: Centre) -> None:
    centre.ready("dan")
    for _ in range(2):
        assert not act(centre, SetInQueue(Q, SAM, DAN, PRODUCTS, inside=False))
    assert [one.verb for one in centre.every(SupervisorActed)] == ["leave_queue"]
    assert len(centre.every(QueuesChosen)) == 1
