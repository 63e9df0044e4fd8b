"""CPU time of one decision of the brain: `ContactCenter.receive`, in centres of 20 to 10,000 agents.

A steady state: calls arrive, press a key, wait, are answered, talk, hang up, are written up. Either so many call that
agents are handling for about 85 % of their time, or half as many callers wait as there are agents, and nobody is ever
free. Every message is timed by itself with the thread's CPU clock, whose own cost is measured and taken off.
"""

import random
import time
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from acd.center import ContactCenter, Message
from acd.floor import Output
from acd.model import AgentId, PhoneKind, QueueName, RequestId, Skill
from acd.plan import AgentPlan, CenterPlan, EntryPoint, Phone, QueuePlan, Step
from acd.requests import BecomeReady, DeclineCall, LogIn, LogOut
from acd.routing.requirement import AtLeast
from acd.told import DesktopConnected
from bench.figures import Figure, Part, Say, clock_cost, figure, settled_memory, times
from cti.commands import Bridge, HangUp, Ring
from cti.events import CallArrived, KeyPressed, LegAnswered, LegEnded, LegsBridged, PbxSynchronized
from cti.model import CallerId, CallId, Endpoint, HangupCause, LegId, NodeName
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId
from ivr.hours import Hours
from ivr.nodes.menu import Choice, MenuNode
from ivr.nodes.to_queue import ToQueueNode

NODE = NodeName("pbx1")
SKILLS = ("billing", "products", "orders", "support")
MESSAGES = 20_000
TALK = 180.0
WRAP_UP = 20.0
OCCUPANCY = 0.85
KINDS = {"KeyPressed": "a caller enters a queue", "LegEnded": "a call ends, the next may be assigned"}
SHIFT = {"LogIn": "somebody logs in", "BecomeReady": "he is ready", "LogOut": "he goes home"}
SHIFTS = 200
"""How often somebody comes and goes."""
GOAL = "p99 <= 200"


class Size(NamedTuple):
    """How large a centre is."""

    agents: int
    waiting: int = 0
    """Callers who wait all the time."""

    def __str__(self) -> str:
        crowd = f", {self.waiting:,} waiting" if self.waiting else ""
        return f"{self.agents:,} agents{crowd}"


LARGE = 10_000
"""So many agents are left out where it is only tried whether this can be measured."""
CROWDED = Size(100, 50), Size(1_000, 500), Size(LARGE, 5_000)
SIZES = (Size(20), Size(100), Size(1000), Size(LARGE), *CROWDED)


def plan(agents: int) -> CenterPlan:
    """A centre with four queues; every agent has two of the four skills."""
    queues = [
        QueuePlan(QueueName(skill), {"en": skill}, (Step(AtLeast(Skill(skill), 1)),), wrap_up=WRAP_UP)
        for skill in SKILLS
    ]
    nodes = {NodeId(skill): ToQueueNode(skill) for skill in SKILLS}
    menu = MenuNode(
        prompt={"en": "Which?"},
        choices={str(i): Choice(NodeId(skill), {"en": skill}) for i, skill in enumerate(SKILLS)},
        give_up=NodeId("billing"),
    )
    flow = Flow(FlowName("menu"), NodeId("menu"), {NodeId("menu"): menu, **nodes}, NodeId("billing"))
    staff = [
        AgentPlan(
            AgentId(f"a{n}"),
            f"Agent {n}",
            {Skill(SKILLS[n % 4]): 1 + n % 9, Skill(SKILLS[(n // 4 + 1 + n) % 4]): 1 + n % 7},
            (Phone(PhoneKind.DESK, Endpoint(f"PJSIP/a{n}"), NODE),),
        )
        for n in range(agents)
    ]
    entry = EntryPoint("1000", "service", flow.name, Hours.always(), flow.name)
    return CenterPlan(
        "Bench",
        "UTC",
        {queue.name: queue for queue in queues},
        {one.id: one for one in staff},
        {},
        {"1000": entry},
        {flow.name: flow},
    )


class Day:
    """A virtual clock, callers who arrive at random, and a PBX that does at once what it is told."""

    def __init__(self, size: Size, seed: int) -> None:
        self.center = ContactCenter(plan(size.agents + 1), "bench")
        *staff, self._newcomer = self.center.agents
        self._size = size
        self.now = 1_800_000_000.0
        self.random = random.Random(seed)
        self.costs: list[float] = []
        self.by_kind: dict[str, list[float]] = {}
        self._todo: list[tuple[float, int, Message]] = []
        self._serial = 0
        self.rate = size.agents * OCCUPANCY / (TALK + WRAP_UP)
        self._next_arrival = self.now
        self.send(PbxSynchronized(NODE, ()))
        for agent in staff:
            self.begin_work(agent)
        for _ in range(size.agents if size.waiting else 0):
            self.arrive()
        self.forget()

    def forget(self) -> None:
        """What was measured so far."""
        self.costs.clear()
        self.by_kind.clear()

    def begin_work(self, agent: AgentId) -> None:
        """He logs in and is ready."""
        self.send(DesktopConnected(agent))
        self.send(LogIn(RequestId("q"), agent, PhoneKind.DESK))
        self.send(BecomeReady(RequestId("q"), agent))

    def send(self, message: Message) -> None:
        """One message, timed."""
        before = time.thread_time_ns()
        outputs = self.center.receive(message, self.now)
        cost = (time.thread_time_ns() - before) / 1000
        self.costs.append(cost)
        self.by_kind.setdefault(type(message).__name__, []).append(cost)
        self.follow(outputs)

    def follow(self, outputs: Sequence[Output]) -> None:
        """What the PBX and the callers do about it."""
        for one in outputs:
            if isinstance(one, Ring):
                self.later(2.0, LegAnswered(one.leg))
            elif isinstance(one, Bridge):
                self.later(0.0, LegsBridged(one.call, (one.leg, *one.others)))
                self.later(self.random.expovariate(1 / TALK), LegEnded(one.leg, HangupCause.NORMAL))
            elif isinstance(one, HangUp):
                self.later(0.0, LegEnded(one.leg, HangupCause.NORMAL))

    def later(self, seconds: float, message: Message) -> None:
        """Put a message into the future."""
        self._serial += 1
        heappush(self._todo, (self.now + seconds, self._serial, message))

    def run(self, messages: int) -> None:
        """Until so many messages were received."""
        while len(self.costs) < messages:
            while sum(map(len, self.center.queues.values())) < self._size.waiting:
                self.arrive()
            deadline = self.center.next_deadline() or float("inf")
            due = self._todo[0][0] if self._todo else float("inf")
            self.now = max(self.now, min(deadline, due, self._next_arrival))
            if self._next_arrival <= min(due, deadline):
                self._next_arrival = self.now + self.random.expovariate(self.rate)
                self.arrive()
            elif due <= deadline:
                self.send(heappop(self._todo)[2])
            else:
                self.follow(self.center.tick(self.now))

    def change_of_shift(self) -> None:
        """Somebody comes, is given a call that is taken from him again, and goes."""
        self.begin_work(self._newcomer)
        self.send(DeclineCall(RequestId("q"), self._newcomer))
        self.send(LogOut(RequestId("q"), self._newcomer))
        self.now += 0.01

    def arrive(self) -> None:
        """A caller, who presses a key."""
        self._serial += 1
        leg = LegId(f"{NODE}/in-{self._serial}")
        self.send(CallArrived(CallId(leg), leg, CallerId("+4930123"), "1000"))
        self.send(KeyPressed(leg, str(self.random.randrange(4))))


def run(scale: float, say: Say) -> Part:
    """The centres, one after the other."""
    overhead = clock_cost()
    figures: list[Figure] = []
    for size in SIZES if scale >= 0.01 else [size for size in SIZES if size.agents < LARGE]:
        say(str(size))
        day = Day(size, seed=1)
        day.run(2_000 + 5 * size.agents)  # until those with whom it began have talked, and others too
        day.forget()
        with settled_memory():
            day.run(times(scale, MESSAGES, 200))
        figures.append(_row(size, "all messages", day.costs, overhead, GOAL))
        figures += [_row(size, what, day.by_kind[kind], overhead) for kind, what in KINDS.items()]
        day.forget()
        with settled_memory():
            for _ in range(times(scale, SHIFTS)):
                day.change_of_shift()
        figures += [_row(size, what, day.by_kind[kind], overhead) for kind, what in SHIFT.items()]
    note = f"CPU time of the deciding thread; {overhead:.2f} us for reading the clock are taken off."
    return Part("The brain: `ContactCenter.receive`", tuple(figures), (_growth(figures), note))


def _row(size: Size, what: str, costs: Sequence[float], overhead: float, goal: str = "") -> Figure:
    return figure(f"`receive`, {size}, {what}", [cost - overhead for cost in costs], "us CPU", goal)


def _growth(figures: Sequence[Figure]) -> str:
    """From the small centre to the large one, with callers who wait."""
    names = {f"`receive`, {size}, all messages": str(size) for size in CROWDED}
    small, *_, large = (one for one in figures if one.name in names)
    return (
        f"From {names[small.name]} to {names[large.name]}: {large.median / small.median:.1f} times the median and "
        f"{large.p99 / small.p99:.1f} times the P99; at most 3 times are asked for."
    )
