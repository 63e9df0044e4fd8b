"""CPU time of one decision of the brain: `ContactCenter.receive`, in a busy centre of 20, 100 and 1,000 agents.

A steady state at about 85 % occupancy: calls arrive, press a key, wait, are answered, talk, hang up, are written up.
Every message is timed by itself with the thread's CPU clock, whose own cost is measured and taken off.
"""

import random
import time
from collections.abc import Sequence

from acd.center import ContactCenter, Message
from acd.events import DesktopConnected
from acd.floor import Output
from acd.model import AgentId, PhoneKind, QueueName, RequestId, Skill
from acd.plan import AgentPlan, CenterPlan, EntryPoint, Phone, QueuePlan, Step
from acd.requests import BecomeReady, LogIn
from acd.requirement import AtLeast
from bench.figures import Figure, Part, Say, clock_cost, figure, settled_memory, times
from cti.commands import Bridge, HangUp, Ring
from cti.events import CallArrived, KeyPressed, LegAnswered, LegEnded, LegsBridged, PbxSynchronized
from cti.model import CallerId, CallId, Endpoint, HangupCause, LegId, NodeName
from ivr.flow import Choice, Flow, FlowName, MenuNode, NodeId, Prompt, Template, ToQueueNode
from ivr.hours import Hours

NODE = NodeName("pbx1")
SKILLS = ("billing", "products", "orders", "support")
MESSAGES = 20_000
TALK = 180.0
WRAP_UP = 20.0
OCCUPANCY = 0.85
SIZES = (20, 100, 1000)
"""Agents."""
KINDS = {"KeyPressed": "a caller enters a queue", "LegEnded": "a call ends, the next may be assigned"}


def plan(agents: int) -> CenterPlan:
    """A centre with four queues; every agent has two of the four skills."""
    queues = [
        QueuePlan(
            QueueName(skill), {"en": skill}, (Step(AtLeast(Skill(skill), 1)),), wrap_up=WRAP_UP, tell_if_nobody=False
        )
        for skill in SKILLS
    ]
    nodes = {NodeId(skill): ToQueueNode(skill) for skill in SKILLS}
    menu = MenuNode(
        Prompt({"en": Template("Which?")}),
        {str(i): Choice(NodeId(skill), {"en": skill}) for i, skill in enumerate(SKILLS)},
        NodeId("billing"),
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

    def __init__(self, agents: int, seed: int) -> None:
        self.center = ContactCenter(plan(agents), "bench")
        self.now = 1_800_000_000.0
        self.random = random.Random(seed)
        self.costs: list[float] = []
        self.by_kind: dict[str, list[float]] = {}
        self._todo: list[tuple[float, int, Message]] = []
        self._serial = 0
        self._callers: dict[LegId, LegId] = {}
        self.rate = agents * OCCUPANCY / (TALK + WRAP_UP)
        self._next_arrival = self.now
        self.send(PbxSynchronized(NODE, ()))
        for agent in self.center.agents:
            self.send(DesktopConnected(agent))
            self.send(LogIn(RequestId("q"), agent, PhoneKind.DESK))
            self.send(BecomeReady(RequestId("q"), agent))
        self.costs.clear()
        self.by_kind.clear()

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
        self._todo.append((self.now + seconds, self._serial, message))
        self._todo.sort(key=lambda one: -one[0])

    def run(self, messages: int) -> None:
        """Until so many messages were received."""
        while len(self.costs) < messages:
            deadline = self.center.next_deadline() or float("inf")
            due = self._todo[-1][0] if self._todo else float("inf")
            self.now = max(self.now, min(deadline, due, self._next_arrival))
            if self._next_arrival <= min(due, deadline):
                self._next_arrival = self.now + self.random.expovariate(self.rate)
                self.arrive()
            elif due <= deadline:
                self.send(self._todo.pop()[2])
            else:
                self.follow(self.center.tick(self.now))

    def arrive(self) -> None:
        """A caller, who presses a key."""
        self._serial += 1
        leg = LegId(f"{NODE}/in-{self._serial}")
        self.send(CallArrived(CallId(leg), leg, CallerId("+4930123"), "1000"))
        self.send(KeyPressed(leg, str(self.random.randrange(4))))


def run(scale: float, say: Say) -> Part:
    """The three centres, one after the other."""
    overhead = clock_cost()
    figures: list[Figure] = []
    for agents in SIZES:
        say(f"{agents} agents")
        day = Day(agents, seed=1)
        day.run(times(min(1.0, 10 * scale), 2_000 + 4 * agents))
        day.costs.clear()
        day.by_kind.clear()
        with settled_memory():
            day.run(times(scale, MESSAGES, 200))
        figures.append(figure(f"`receive`, {agents} agents, all messages", _net(day.costs, overhead), "us CPU"))
        figures.extend(
            figure(f"`receive`, {agents} agents, {what}", _net(day.by_kind[kind], overhead), "us CPU")
            for kind, what in KINDS.items()
        )
    note = f"CPU time of the deciding thread; {overhead:.2f} us for reading the clock are taken off."
    return Part("The brain: `ContactCenter.receive`", tuple(figures), (note,))


def _net(costs: Sequence[float], overhead: float) -> list[float]:
    return [cost - overhead for cost in costs]
