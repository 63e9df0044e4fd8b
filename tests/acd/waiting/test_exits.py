"""Out of a queue by a key or by a rule: where he goes, what the books say, and that nobody is sent round."""

from typing import cast

import pytest
from msgspec.structs import replace

from acd.calls.interactions import InFlow, Leaving, Ringing, Waiting
from acd.events import CallbackRequested, InteractionClosed, ReservationEnded, SegmentClosed, SegmentOpened
from acd.model import AgentId, InteractionOutcome, QueueName, ReservationOutcome, SegmentOutcome
from acd.plan import CenterPlan, QueuePlan
from acd.requests import LogOut, TakeBreak
from acd.revision import Revision, RevisionId
from acd.told import PlanChanged
from acd.waiting.estimate import FEWEST_DEPARTURES, FEWEST_RATIOS, Forecast
from acd.waiting.plan import (
    Closed,
    Condition,
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
    WayOut,
)
from cti.commands import Play, Remember, Ring
from cti.events import CallArrived, PbxLost, PbxSynchronized
from cti.model import CallerId, CallId, LegId, Speech
from ivr.flow.settings import FlowName
from ivr.hours import Hours, Span
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, company, queue
from tests.acd.test_crashes import after, found

TO_PRODUCTS = ToQueue(PRODUCTS)
TO_FLOW = ToFlow(FlowName("welcome"))
BYE = Goodbye({"en": "Bye now."})
MOST_ON_A_LEG = 8_000
"""Characters that Asterisk takes for the variable."""
REVISION = Revision(RevisionId("r2"), "eva", "", {"center.yaml": ""})


def keys(**leads: WayOut) -> WaitingPlan:
    """Keys `k1`, `k2`..."""
    return WaitingPlan(keys={name[1:]: way_out for name, way_out in leads.items()})


def rules(*several: Rule) -> WaitingPlan:
    return WaitingPlan(rules=several)


def on(when: Condition, way_out: WayOut = TO_PRODUCTS, *, entry_only: bool = False) -> WaitingPlan:
    """One rule with one condition."""
    return rules(Rule((when,), way_out, entry_only))


def centre(billing: WaitingPlan, products: WaitingPlan | None = None, **settings: object) -> Centre:
    """With its PBX; nobody is at work."""
    made = Centre(
        company(queue(BILLING, waiting=billing, **settings), queue(PRODUCTS, waiting=products or WaitingPlan()))
    )
    made.connect()
    return made


def closed(world: Centre) -> list[tuple[str, str, str]]:
    """Queue, outcome and cause of all stays that are over."""
    return [(one.queue, one.outcome.value, one.cause) for one in world.every(SegmentClosed)]


def where(world: Centre, leg: LegId) -> str:
    stage = world.interaction(leg).stage
    return stage.queue if isinstance(stage, Waiting) else type(stage).__name__


def said(world: Centre) -> str:
    (sound,) = world.last(Play).sounds
    return cast(Speech, sound).text


def balanced(world: Centre) -> bool:
    return all(one.figures.balanced(len(one)) for one in world.center.queues.values())


# -- keys --------------------------------------------------------------------------------------------------------------


def test_into_another_queue_with_the_time_that_he_has_waited() -> None:
    world = centre(keys(k1=TO_PRODUCTS))
    leg = world.call_billing()
    came = world.now
    world.wait(40)
    other = world.dial()
    world.press(other, "2")
    world.press(leg, "1")
    assert where(world, leg) == PRODUCTS
    assert closed(world) == [(BILLING, "overflowed", "key")]
    assert world.last(SegmentOpened).entered == world.now
    assert world.waiting(PRODUCTS)[0] == world.interaction(leg).id
    assert cast(Waiting, world.interaction(leg).stage).place == came
    assert balanced(world)


def test_into_a_flow_and_back() -> None:
    world = centre(keys(k1=TO_FLOW))
    leg = world.call_billing()
    world.wait(5)
    world.press(leg, "1")
    assert isinstance(world.interaction(leg).stage, InFlow)
    world.press(leg, "2")
    assert where(world, leg) == PRODUCTS
    world.hang_up(leg)
    assert closed(world) == [(BILLING, "overflowed", "key"), (PRODUCTS, "short_abandoned", "")]
    assert world.last(InteractionClosed).outcome is InteractionOutcome.ABANDONED_IN_QUEUE


def test_who_hangs_up_in_the_flow_behind_the_queue() -> None:
    world = centre(keys(k1=TO_FLOW))
    leg = world.call_billing()
    world.wait(5)
    world.press(leg, "1")
    world.hang_up(leg)
    assert world.last(InteractionClosed).outcome is InteractionOutcome.ABANDONED_IN_FLOW


def test_a_goodbye() -> None:
    world = centre(keys(k1=BYE))
    leg = world.call_billing()
    world.wait(5)
    world.press(leg, "1")
    assert said(world) == "Bye now."
    world.prompt_ends(leg)
    world.hang_up(leg)
    assert world.last(InteractionClosed).outcome is InteractionOutcome.OVERFLOWED
    assert world.nothing_is_due()


def test_a_long_goodbye_in_many_languages_outlives_the_process() -> None:
    words = {language: language * 1000 for language in ("zh", "en", "de", "fr", "it")}
    before = centre(keys(k1=Goodbye(words)))
    leg = before.call_billing()
    before.wait(5)
    before.press(leg, "1")
    assert len(before.last(Remember).memory) < MOST_ON_A_LEG
    world = after(before, before.center.plan)
    world.tell(found(before, (leg,)))
    assert said(world) == said(before) == "en" * 1000


def test_a_later_callback() -> None:
    world = centre(keys(k9=LaterCallback()))
    leg = world.call_billing()
    world.wait(5)
    world.press(leg, "9")
    wanted = world.last(CallbackRequested)
    assert (wanted.queue, wanted.number, wanted.at) == (BILLING, "+493012345", world.now)
    assert closed(world) == [(BILLING, "callback_requested", "key")]
    assert said(world) == "We will call you back on plus four nine, three zero, one two three four five. Goodbye."
    world.prompt_ends(leg)
    world.hang_up(leg)
    assert world.last(InteractionClosed).outcome is InteractionOutcome.CALLBACK_REQUESTED
    assert balanced(world)


def test_nobody_can_be_called_back_whose_number_is_withheld() -> None:
    world = centre(keys(k9=LaterCallback()))
    leg = LegId(f"{NODE}/in-x")
    world.tell(CallArrived(CallId(leg), leg, CallerId("anonymous"), "1000"))
    world.press(leg, "1")
    world.wait(5)
    world.press(leg, "9")
    assert "cannot see your number" in said(world)
    assert where(world, leg) == BILLING
    assert not world.every(CallbackRequested)
    prompts = len(world.every(Play))
    for _ in range(50):
        world.press(leg, "9")
    assert len(world.every(Play)) == prompts, "it goes on, however often he presses"
    world.prompt_ends(leg)
    world.press(leg, "9")
    assert len(world.every(Play)) == prompts + 1


def test_a_promise_of_a_callback_outlives_the_process() -> None:
    before = centre(keys(k9=LaterCallback()))
    leg = before.call_billing()
    before.wait(5)
    before.press(leg, "9")
    world = after(before, before.center.plan)
    world.tell(found(before, (leg,)))
    assert world.last(CallbackRequested) == before.last(CallbackRequested)
    assert world.last(SegmentClosed) == before.last(SegmentClosed)
    assert said(world) == said(before)


def test_keys_that_lead_nowhere_and_keys_that_were_meant_for_the_flow() -> None:
    world = centre(keys(k1=TO_PRODUCTS))
    leg = world.call_billing()
    world.press(leg, "1")  # pressed twice in the menu
    world.wait(5)
    world.press(leg, "7")
    assert where(world, leg) == BILLING


def test_a_key_while_an_agents_phone_rings() -> None:
    world = centre(keys(k1=TO_FLOW))
    world.ready("anna")
    leg = world.call_billing()
    assert isinstance(world.interaction(leg).stage, Ringing)
    world.wait(5)
    world.press(leg, "1")
    assert isinstance(world.interaction(leg).stage, InFlow)
    ended = world.last(ReservationEnded)
    assert (ended.outcome, ended.cause) == (ReservationOutcome.WITHDRAWN, "caller left the queue")
    assert type(world.state("anna")).__name__ == "Ready"


def test_keys_do_not_count_any_more_when_the_agent_has_answered() -> None:
    world = centre(keys(k1=TO_FLOW))
    world.ready("anna")
    leg = world.call_billing()
    world.wait(5)
    world.connect_call(leg)
    world.press(leg, "1")
    assert where(world, leg) == "Talking"


# -- rules at entry ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry_only", [True, False])
def test_a_full_queue_takes_nobody_more(entry_only: bool) -> None:
    world = centre(on(Length(2), entry_only=entry_only))
    legs = [world.call_billing() for _ in range(3)]
    assert [where(world, leg) for leg in legs] == [BILLING, BILLING, PRODUCTS]
    assert closed(world) == [(BILLING, "overflowed", "full")]
    assert balanced(world)


def test_a_queue_whose_first_has_waited_too_long() -> None:
    world = centre(on(LongestWait(60.0), entry_only=True))
    first = world.call_billing()
    world.wait(59)
    second = world.call_billing()
    world.wait(1)
    third = world.call_billing()
    assert [where(world, leg) for leg in (first, second, third)] == [BILLING, BILLING, PRODUCTS]
    assert closed(world) == [(BILLING, "overflowed", "timeout")]


def test_nobody_at_work_is_told_at_once() -> None:
    world = centre(on(Nobody(Staff.LOGGED_IN), BYE))
    leg = world.call_billing()
    assert isinstance(world.interaction(leg).stage, Leaving)
    assert said(world) == "Bye now."
    assert closed(world) == [(BILLING, "overflowed", "empty")]


def test_everybody_on_a_break_is_nobody_ready() -> None:
    world = centre(on(Nobody(Staff.READY)))
    world.ready("anna")
    world.tell(TakeBreak(world.request_id(), AgentId("anna"), "lunch"))
    assert where(world, world.call_billing()) == PRODUCTS
    world.ready("ben")
    busy = world.call_billing()
    world.connect_call(busy)
    assert where(world, world.call_billing()) == BILLING


def test_too_many_for_each_agent() -> None:
    world = centre(on(PerAgent(2.0)))
    world.ready("anna")
    world.tell(TakeBreak(world.request_id(), AgentId("anna"), "lunch"))
    assert [where(world, world.call_billing()) for _ in range(3)] == [BILLING, BILLING, PRODUCTS]


def test_rules_as_center_yaml_is_refused_with() -> None:
    """Less than one caller for all agents together lets nobody in; and where nobody is, none are too many for each."""
    world = centre(on(PerAgent(0.4)))
    world.ready("anna")
    world.ready("ben")
    assert where(world, world.call_billing()) == PRODUCTS
    world = centre(rules(Rule((PerAgent(0.4), Nobody(Staff.LOGGED_IN)), BYE)), tell_if_nobody=False)
    assert where(world, world.call_billing()) == BILLING
    world.ready("anna")
    assert "Leaving" not in [where(world, world.call_billing()) for _ in range(3)]


OFFICE = Hours(tuple(Span(day, 9 * 60, 17 * 60) for day in range(7)))


def test_closed_at_entry_and_closing_while_he_waits() -> None:
    world = centre(on(Closed(), BYE), hours=OFFICE)
    assert not OFFICE.is_open(world.now)
    early = world.call_billing()
    assert where(world, early) == "Leaving"
    world.wait((17 * 3600 - 10 - world.now) % 86_400)
    late = world.call_billing()
    assert where(world, late) == BILLING
    world.wait(9)
    assert where(world, late) == BILLING
    world.wait(1)
    assert where(world, late) == "Leaving"
    assert closed(world) == [(BILLING, "overflowed", "schedule"), (BILLING, "overflowed", "closing")]


def taught(world: Centre) -> Centre:
    """Billing has learnt that each place takes a minute of two agents."""
    estimator = world.center.queues[BILLING].estimator
    estimator.agents = 2
    for n in range(FEWEST_DEPARTURES + 1):
        estimator.left(n * 60.0, others=3)
    for place in (1, 2):
        for _ in range(FEWEST_RATIOS):
            estimator.answered(Forecast(place, 60.0), 0.0, 60.0)
    estimator.emptied()
    return world


def test_who_can_expect_too_long_a_wait_at_entry_or_since_an_agent_has_a_break() -> None:
    world = taught(centre(on(EstimatedWait(150.0))))
    world.ready("anna", "ben")
    talks = []
    for _ in range(2):
        talks.append(world.call_billing())
        world.connect_call(talks[-1])
    first, second, third = (world.call_billing() for _ in range(3))
    assert [where(world, leg) for leg in (first, second, third)] == [BILLING, BILLING, PRODUCTS]
    world.tell(TakeBreak(world.request_id(), AgentId("ben"), "lunch"))
    world.hang_up(talks[1])
    assert where(world, second) == BILLING, "while he writes up he is at work"
    world.wait(20.0)
    assert [where(world, leg) for leg in (first, second)] == [BILLING, PRODUCTS]
    assert closed(world)[-1] == (BILLING, "overflowed", "timeout")


# -- rules while he waits ----------------------------------------------------------------------------------------------


def test_he_has_waited_long_enough() -> None:
    world = centre(on(Waited(60.0)))
    leg = world.call_billing()
    world.wait(59)
    assert where(world, leg) == BILLING
    world.wait(1)
    assert where(world, leg) == PRODUCTS
    assert closed(world) == [(BILLING, "overflowed", "timeout")]


def test_while_a_phone_rings_he_is_left_alone() -> None:
    world = centre(on(Waited(60.0)), ring_timeout=15.0)
    leg = world.call_billing()
    world.wait(50)
    world.ready("anna")
    world.wait(14)
    assert isinstance(world.interaction(leg).stage, Ringing)
    world.wait(1)
    assert where(world, leg) == PRODUCTS


def test_the_last_ones_go_when_agents_go_home() -> None:
    world = centre(on(PerAgent(1.0)))
    for name in ("anna", "ben"):
        world.ready(name)
        world.tell(TakeBreak(world.request_id(), AgentId(name), "lunch"))
    first, second = world.call_billing(), world.call_billing()
    world.tell(LogOut(world.request_id(), AgentId("ben")))
    assert (where(world, first), where(world, second)) == (BILLING, PRODUCTS)


def test_a_break_counts_after_a_while_and_only_if_nobody_comes_back() -> None:
    world = centre(on(Nobody(Staff.READY)))
    world.ready("anna")
    world.connect_call(world.call_billing())
    leg = world.call_billing()
    talk = world.last(Ring).leg
    world.tell(TakeBreak(world.request_id(), AgentId("anna"), "lunch"))
    world.hang_up(talk)
    world.wait(20)  # after-call work, then the break
    world.wait(29)
    assert where(world, leg) == BILLING
    world.wait(1)
    assert where(world, leg) == PRODUCTS


def test_all_conditions_of_a_rule_must_hold() -> None:
    world = centre(rules(Rule((Waited(60.0), Nobody(Staff.READY)), TO_PRODUCTS)))
    world.ready("anna")
    world.connect_call(world.call_billing())
    leg = world.call_billing()
    world.wait(100)
    assert where(world, leg) == BILLING
    world.tell(LogOut(world.request_id(), AgentId("anna")))
    world.tell(TakeBreak(world.request_id(), AgentId("anna"), "lunch"))
    world.hang_up(world.last(Ring).leg)
    world.wait(20)
    world.wait(30)
    assert where(world, leg) == PRODUCTS


def test_nothing_is_done_while_his_pbx_is_away() -> None:
    world = centre(on(Waited(60.0)))
    leg = world.call_billing()
    seen = found(world, (leg,))
    world.tell(PbxLost(NODE, "cut"))
    world.wait(100)
    assert where(world, leg) == BILLING
    world.tell(PbxSynchronized(NODE, seen.legs))
    world.wait(1)
    assert where(world, leg) == PRODUCTS


# -- round and round ---------------------------------------------------------------------------------------------------


def test_nobody_is_sent_back_to_a_queue_that_has_sent_him_on() -> None:
    world = centre(on(Length(1)), on(Length(1), ToQueue(BILLING)))
    world.call_billing()
    other = world.dial()
    world.press(other, "2")
    leg = world.call_billing()
    assert where(world, leg) == PRODUCTS
    assert closed(world) == [(BILLING, "overflowed", "full")]
    world.wait(1000)
    assert where(world, leg) == PRODUCTS


def test_nor_round_through_a_flow_for_ever() -> None:
    world = centre(on(Nobody(Staff.LOGGED_IN), TO_FLOW))
    leg = world.dial()
    for _ in range(20):
        world.press(leg, "1")
    assert where(world, leg) == BILLING
    assert len(closed(world)) == 5


def test_a_restart_does_not_begin_it_anew() -> None:
    before = centre(on(Waited(60.0)), on(Waited(30.0), ToQueue(BILLING)))
    leg = before.call_billing()
    before.wait(60)
    assert where(before, leg) == PRODUCTS
    world = after(before, before.center.plan)
    world.tell(found(before, (leg,)))
    world.wait(1000)
    assert where(world, leg) == PRODUCTS


def test_what_has_gone_with_an_earlier_plan_leads_nowhere() -> None:
    world = centre(keys(k1=TO_PRODUCTS))
    leg = world.call_billing()
    world.wait(5)
    plan = world.center.plan
    world.tell(PlanChanged(replace(plan, queues={BILLING: plan.queues[BILLING]}), REVISION))
    world.wait(10)
    world.press(leg, "1")
    assert where(world, leg) == BILLING


def test_another_plan_counts_for_those_who_wait() -> None:
    world = centre(WaitingPlan())
    leg = world.call_billing()
    world.wait(50)
    world.tell(PlanChanged(_with(world.center.plan, waiting=on(Waited(60.0))), REVISION))
    world.wait(10)
    assert where(world, leg) == PRODUCTS


def _with(plan: CenterPlan, **settings: object) -> CenterPlan:
    billing: QueuePlan = replace(plan.queues[BILLING], **settings)
    return replace(plan, queues={**plan.queues, QueueName(BILLING): billing})


def test_every_stay_has_one_outcome() -> None:
    world = centre(on(Length(1)), keys(k1=BYE))
    legs = [world.call_billing() for _ in range(4)]
    world.wait(10)
    world.press(legs[1], "1")
    for leg in legs:
        world.hang_up(leg)
    opened = {one.segment for one in world.every(SegmentOpened)}
    ended = [one.segment for one in world.every(SegmentClosed)]
    assert sorted(opened) == sorted(ended)
    assert {one.outcome for one in world.every(SegmentClosed)} == {SegmentOutcome.OVERFLOWED, SegmentOutcome.ABANDONED}
    assert balanced(world)
