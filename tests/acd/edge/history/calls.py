"""What the brain says about calls, as the tests need it: one call of each ending, and a whole day of them."""

import random
from collections import Counter

from acd.events import (
    AfterCallWorkEnded,
    AgentStateChanged,
    CenterEvent,
    CustomerIdentified,
    InteractionClosed,
    InteractionStarted,
    ReservationEnded,
    ReservationMade,
    SegmentClosed,
    SegmentOpened,
    TalkEnded,
    TalkStarted,
    WrapUpChosen,
)
from acd.model import (
    AgentId,
    Customer,
    CustomerKnown,
    InteractionId,
    InteractionOutcome,
    PathStep,
    PhoneKind,
    QueueName,
    ReservationId,
    ReservationOutcome,
    SegmentId,
    SegmentOutcome,
    WrapUpCode,
)
from acd.people.agents import AfterCallWork, Busy, NotReady, Ready, Reserved
from acd.routing.decision import Decision, roster_of
from acd.routing.preference import PRESETS, Order
from cti.model import CallerId, CallId

ANNA = AgentId("anna")
BILLING = QueueName("billing")
CALLER = CallerId("+442079460123", "张伟")
WHY = Decision(
    roster_of([ANNA, AgentId("bert")]),
    "billing>=7",
    0,
    Order(PRESETS["longest_idle"]),
    (990_500 << 20,),
    {"": 0b11},
    {"billing>=7": 0b10},
    {},
)
PATH = (PathStep("menu", "Main menu", "1"), PathStep("number", "Customer number", ""))


def started(name: str, at: float) -> InteractionStarted:
    """A customer calls."""
    return InteractionStarted(InteractionId(name), CallId(f"pbx1/{name}"), CALLER, "1000", "main", at)


def closed(name: str, start: float, at: float, outcome: InteractionOutcome) -> InteractionClosed:
    """The contact is over."""
    return InteractionClosed(
        InteractionId(name), CallId(f"pbx1/{name}"), CALLER, "1000", "main", start, at, outcome, PATH, "1001"
    )


def entered(name: str, queue: QueueName, at: float) -> SegmentOpened:
    """He enters a queue."""
    return SegmentOpened(SegmentId(f"{name}-s"), InteractionId(name), queue, at)


def left(
    name: str, queue: QueueName, start: float, at: float, outcome: SegmentOutcome, *agents: AgentId
) -> SegmentClosed:
    """He leaves it."""
    return SegmentClosed(SegmentId(f"{name}-s"), InteractionId(name), queue, start, at, outcome, at - start, agents)


def answered_call(name: str, at: float, agent: AgentId = ANNA, queue: QueueName = BILLING) -> list[CenterEvent]:
    """A call from arrival to wrap-up: 10 s of menu, 5 s of waiting, 3 s of ringing, 60 s of talk, 20 s of wrap-up."""
    of, segment, held = InteractionId(name), SegmentId(f"{name}-s"), ReservationId(f"{name}-r")
    desk = PhoneKind.DESK
    ready = Ready(at)
    reserved = Reserved(at + 15, held, of, at + 30)
    busy = Busy(at + 18, of)
    writing = AfterCallWork(at + 78, of, at + 108)
    return [
        AgentStateChanged(agent, NotReady(at - 50, "lunch"), ready, desk),
        started(name, at),
        CustomerIdentified(of, CustomerKnown(Customer("1001", "Anna"))),
        entered(name, queue, at + 10),
        AgentStateChanged(agent, ready, reserved, desk),
        ReservationMade(held, of, segment, agent, at + 15, at + 30, WHY),
        ReservationEnded(held, of, segment, agent, at + 15, at + 18, ReservationOutcome.ACCEPTED, ""),
        AgentStateChanged(agent, reserved, busy, desk),
        left(name, queue, at + 10, at + 18, SegmentOutcome.ANSWERED, agent),
        TalkStarted(of, segment, agent, at + 18),
        TalkEnded(of, segment, agent, at + 18, at + 78, "customer"),
        AgentStateChanged(agent, busy, writing, desk),
        WrapUpChosen(of, agent, WrapUpCode("paid"), "has paid; 已付", at + 90),
        AfterCallWorkEnded(of, agent, at + 78, at + 98),
        AgentStateChanged(agent, writing, Ready(at + 98), desk),
        closed(name, at, at + 98, InteractionOutcome.ANSWERED),
    ]


def day(seed: int, calls: int) -> tuple[list[CenterEvent], Counter[tuple[str, str]]]:
    """Calls of every ending, and how many of each (queue, outcome) there are; the last tenth still waits."""
    luck = random.Random(seed)
    events: list[CenterEvent] = []
    expected: Counter[tuple[str, str]] = Counter()
    for number in range(calls):
        name, at = f"i{number}", 1000.0 + number
        queue = QueueName(luck.choice(["billing", "products"]))
        outcome = luck.choice([one for one in SegmentOutcome if one is not SegmentOutcome.CALLBACK_REQUESTED])
        if number >= calls * 9 // 10:
            events += [started(name, at), entered(name, queue, at + 10)]
            expected[queue, "still_open"] += 1
        elif outcome is SegmentOutcome.ANSWERED:
            events += answered_call(name, at, AgentId(f"agent{number % 7}"), queue)
            expected[queue, outcome.value] += 1
        else:
            events += [
                started(name, at),
                entered(name, queue, at + 10),
                left(name, queue, at + 10, at + 20, outcome),
                closed(name, at, at + 20, InteractionOutcome.ABANDONED_IN_QUEUE),
            ]
            expected[queue, outcome.value] += 1
    return events, expected
