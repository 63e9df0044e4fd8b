"""Simulated days: what callers and agents do around the real brain."""

import gc
import math
from collections import Counter

from msgspec.structs import replace

from acd.events import InteractionClosed
from acd.floor import Output
from acd.model import AgentId, InteractionOutcome, SegmentOutcome
from acd.simulation.outcome import Doing, Outcome
from acd.simulation.people import Break, Caller, Habits, Shift
from acd.simulation.world import World
from acd.waiting.plan import Rule, ToFlow, Waited, WaitingPlan
from ivr.flow.flow import Flow
from ivr.flow.node import Node
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.transfer import TransferNode
from tests.acd.company import BILLING, PRODUCTS, SERVICE_NUMBER, company, queue

DAWN = 1_800_000_000.0
HOUR = 3600.0
ANNA = AgentId("anna")
PLAN = company(queue(BILLING, wrap_up=20.0), queue(PRODUCTS))


def caller(at: float, talk: float = 100.0, patience: float = math.inf, missed: tuple[float, ...] = ()) -> Caller:
    return Caller(DAWN + at, SERVICE_NUMBER, BILLING, talk, patience, wrap_up=10.0, pick_up=2.0, missed=missed)


def day(*callers: Caller, habits: Habits | None = None, breaks: tuple[Break, ...] = ()) -> Outcome:
    """Anna alone, for an hour."""
    return World(PLAN, callers, [Shift(ANNA, DAWN, DAWN + HOUR, breaks)], habits or Habits()).run()


def doings(outcome: Outcome) -> list[tuple[Doing, float, float]]:
    """What Anna did, in seconds since the dawn; spans of one kind put together."""
    found: list[tuple[Doing, float, float]] = []
    for span in outcome.spans:
        since, until = span.since - DAWN, span.until - DAWN
        if found and found[-1][0] is span.doing:
            found[-1] = (span.doing, found[-1][1], until)
        else:
            found.append((span.doing, since, until))
    return found


def test_one_call() -> None:
    outcome = day(caller(60))
    (stay,) = outcome.stays
    assert (stay.caller, stay.queue, stay.entered, stay.wait) == (0, BILLING, DAWN + 60, 2.0)
    assert (stay.outcome, stay.agent) == (SegmentOutcome.ANSWERED, ANNA)
    assert doings(outcome) == [
        (Doing.READY, 0.0, 60.0),
        (Doing.HANDLING, 60.0, 172.0),  # ring, talk and what she needs of the wrap-up
        (Doing.READY, 172.0, HOUR),
    ]


def test_the_second_waits_and_the_third_gives_up() -> None:
    outcome = day(caller(0), caller(10), caller(20, patience=30), caller(21, patience=3))
    waits = {stay.caller: (stay.outcome, stay.wait) for stay in outcome.stays}
    assert waits == {
        0: (SegmentOutcome.ANSWERED, 2.0),
        1: (SegmentOutcome.ANSWERED, 104.0),
        2: (SegmentOutcome.ABANDONED, 30.0),
        3: (SegmentOutcome.SHORT_ABANDONED, 3.0),
    }


def test_a_missed_ring_costs_the_caller_the_ring_time_and_the_agent_is_away_for_a_while() -> None:
    outcome = day(caller(0, missed=(math.inf,)), habits=Habits(back_after=40.0))
    (stay,) = outcome.stays
    assert stay.wait == 15.0 + 40.0 + 2.0
    assert (Doing.AWAY, 15.0, 55.0) in doings(outcome)


def test_a_break_waits_for_the_end_of_the_call() -> None:
    outcome = day(caller(0), caller(5), breaks=(Break(DAWN + 50, 600.0, "lunch"),))
    assert (Doing.AWAY, 112.0, 712.0) in doings(outcome)
    assert [stay.wait for stay in outcome.stays] == [2.0, 709.0]


def test_who_goes_home_ends_his_call_and_takes_no_other() -> None:
    outcome = day(caller(HOUR - 10), caller(HOUR - 5, patience=200))
    assert [(stay.outcome, stay.wait) for stay in outcome.stays] == [
        (SegmentOutcome.ANSWERED, 2.0),
        (SegmentOutcome.ABANDONED, 200.0),
    ]
    assert doings(outcome)[-1] == (Doing.HANDLING, HOUR - 10, HOUR + 102.0)


def test_who_is_put_through_to_another_number_takes_no_line_any_more() -> None:
    nodes: dict[NodeId, Node] = {
        NodeId("out"): TransferNode("office", failed=NodeId("bye")),
        NodeId("bye"): HangUpNode(),
    }
    outward = Flow(FlowName("outward"), NodeId("out"), nodes, NodeId("bye"), numbers={"office": "100"})
    rule = Rule((Waited(20.0),), ToFlow(outward.name))
    plan = replace(
        company(queue(BILLING, waiting=WaitingPlan(rules=(rule,))), queue(PRODUCTS)),
        flows={**PLAN.flows, outward.name: outward},
        transfer_numbers=outward.numbers,
    )
    said: list[Output] = []
    shifts = [Shift(ANNA, DAWN, DAWN + HOUR)]
    outcome = World(plan, [caller(0), caller(1), caller(60)], shifts, Habits(lines=2), said.append).run()
    assert [stay.outcome for stay in outcome.stays] == [
        SegmentOutcome.ANSWERED,
        SegmentOutcome.OVERFLOWED,
        SegmentOutcome.OVERFLOWED,
    ], "the third one found a free line"
    closed = [one.outcome for one in said if isinstance(one, InteractionClosed)]
    assert closed.count(InteractionOutcome.TRANSFERRED) == 2


def test_a_full_trunk() -> None:
    outcome = day(caller(0), caller(1), caller(2), caller(3), habits=Habits(lines=2))
    assert (len(outcome.stays), outcome.blocked) == (2, 2)


def test_nobody_waits_for_ever() -> None:
    outcome = World(company(queue(BILLING, max_wait=86_400.0)), [caller(0)], []).run()
    assert Counter(stay.outcome for stay in outcome.stays) == {SegmentOutcome.ABANDONED: 1}


def test_the_same_day_twice() -> None:
    callers = [caller(n * 7.0, talk=90 + n % 50, patience=60 + n % 90) for n in range(300)]
    shifts = [Shift(agent, DAWN, DAWN + HOUR) for agent in PLAN.agents]
    first, second = (World(PLAN, callers, shifts).run() for _ in range(2))
    assert first == second
    assert len(first.stays) == len(callers)


def test_a_day_makes_no_rings_of_objects() -> None:
    """So those who run one after another may do without the garbage collector."""
    callers = [
        caller(n * 7.0, talk=90 + n % 50, patience=60 + n % 90, missed=(math.inf,) * (n % 3)) for n in range(300)
    ]
    shifts = [Shift(agent, DAWN, DAWN + HOUR, (Break(DAWN + 900, 300.0, "lunch"),)) for agent in PLAN.agents]
    World(PLAN, callers, shifts).run()  # what is made once and kept may be in rings
    world = World(PLAN, callers, shifts)
    gc.collect()
    gc.disable()
    try:
        world.run()
        assert gc.collect() == 0
    finally:
        gc.enable()
