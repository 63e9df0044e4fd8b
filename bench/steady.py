"""A queueing model of the textbooks, run through the real brain: callers at random, and agents who never rest.

Rings, bridges and wrap-up take no time here, so what is left is what the formulas speak of. One long run is cut into
batches (the first tenth is left out): their means are nearly independent, and Student's t makes an interval of them.
"""

import math
from collections.abc import Iterator, Sequence
from random import Random

import msgspec

from acd.model import AgentId, PhoneKind, QueueName, SegmentOutcome, Skill
from acd.plan import AgentPlan, CenterPlan, EntryPoint, Phone, QueuePlan, Step
from acd.routing.preference import PRESETS
from acd.routing.requirement import AtLeast
from acd.simulation.outcome import Doing, Outcome, Span, Stay
from acd.simulation.people import Caller, Habits, Shift
from acd.simulation.world import World
from config.simulation.uncollected import uncollected
from cti.model import Endpoint, NodeName
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId
from ivr.hours import Hours
from ivr.nodes.to_queue import ToQueueNode

BATCHES = 20
WARM_UP = 0.1
"""Share of the callers who come before the batches begin."""
DAWN = 1_800_000_000.0
NUMBER = "1000"
FOR_EVER = 1e9


class Sort(msgspec.Struct, frozen=True):
    """One sort of caller; `rate` is calls per second."""

    queue: QueueName
    rate: float


class Stream(msgspec.Struct, frozen=True):
    """Who calls. Times are seconds and exponential, but for a `talk` that is the same for all if `fixed`."""

    sorts: tuple[Sort, ...]
    talk: float
    patience: float = math.inf
    fixed: bool = False


def queue(name: str, preset: str = "least_busy", *, head_start: float = 0.0, strict_class: int = 0) -> QueuePlan:
    """A queue that asks for the skill of its name, without any limit."""
    return QueuePlan(
        QueueName(name),
        {"en": name},
        (Step(AtLeast(Skill(name), 1)),),
        prefers=PRESETS[preset],
        wrap_up=0.0,
        head_start=head_start,
        strict_class=strict_class,
        short_abandon=0.0,
        max_wait=FOR_EVER,
        tell_if_nobody=False,
    )


def agent(number: int, skills: Sequence[str]) -> AgentPlan:
    """One of the agents."""
    phone = Phone(PhoneKind.DESK, Endpoint(f"PJSIP/a{number}"), NodeName("pbx1"))
    return AgentPlan(AgentId(f"a{number:04}"), f"Agent {number}", {Skill(skill): 1 for skill in skills}, (phone,))


def plan(queues: Sequence[QueuePlan], agents: Sequence[AgentPlan]) -> CenterPlan:
    """A centre whose one number leads to all queues."""
    nodes = {NodeId(one.name): ToQueueNode(one.name) for one in queues}
    start = next(iter(nodes))
    flow = Flow(FlowName("flow"), start, {**nodes}, start)
    entry = EntryPoint(NUMBER, "service", flow.name, Hours.always(), flow.name)
    return CenterPlan(
        "Textbook",
        "UTC",
        {one.name: one for one in queues},
        {one.id: one for one in agents},
        {},
        {NUMBER: entry},
        {flow.name: flow},
    )


def alike(count: int, preset: str = "least_busy") -> CenterPlan:
    """One queue, and so many agents who are all the same."""
    return plan([queue("q", preset)], [agent(number, ["q"]) for number in range(count)])


def callers(stream: Stream, count: int, seed: int) -> list[Caller]:
    """So many callers; the same for the same seed."""
    random = Random(seed)
    total = sum(sort.rate for sort in stream.sorts)
    rates = [sort.rate for sort in stream.sorts]
    found: list[Caller] = []
    at = DAWN
    for _ in range(count):
        at += random.expovariate(total)
        (sort,) = random.choices(stream.sorts, rates)
        talk = random.expovariate(1 / stream.talk)
        patience = random.expovariate(1 / stream.patience) if stream.patience < math.inf else math.inf
        found.append(Caller(at, NUMBER, sort.queue, stream.talk if stream.fixed else talk, patience))
    return found


def simulated(centre: CenterPlan, those: Sequence[Caller], lines: int = 0) -> Outcome:
    """Everybody at work from before the first caller until after the last."""
    end = those[-1].at + FOR_EVER / 100
    shifts = [Shift(name, DAWN, end) for name in centre.agents]
    with uncollected():
        return World(centre, those, shifts, Habits(lines=lines)).run()


class Batch(msgspec.Struct, frozen=True):
    """What one batch came to: waits over those who came into a queue, in seconds."""

    p_wait: float
    p_abandon: float
    mean_wait: float
    """Over all, those who gave up included."""
    mean_wait_answered: float
    in_time: float
    """Answered within 20 s / all."""
    occupancy: float


def batches(those: Sequence[Caller], outcome: Outcome, agents: int) -> list[Batch]:
    """The run in batches of equal numbers of callers."""
    first = int(len(those) * WARM_UP)
    size = (len(those) - first) / BATCHES
    bounds = [first + round(size * number) for number in range(BATCHES + 1)]
    stays: list[list[Stay]] = [[] for _ in range(BATCHES)]
    for stay in outcome.stays:
        if stay.caller >= first:
            stays[min(int((stay.caller - first) / size), BATCHES - 1)].append(stay)
    times = [those[min(bound, len(those) - 1)].at for bound in bounds]
    busy = handled(outcome.spans, times)
    shares = (seconds / (end - begin) / agents for seconds, begin, end in zip(busy, times, times[1:], strict=False))
    return [_batch(some, share) for some, share in zip(stays, shares, strict=True)]


def _batch(stays: Sequence[Stay], occupancy: float) -> Batch:
    answered = [stay.wait for stay in stays if stay.outcome is SegmentOutcome.ANSWERED]
    count = len(stays)
    return Batch(
        p_wait=sum(stay.wait > 0 for stay in stays) / count,
        p_abandon=1 - len(answered) / count,
        mean_wait=math.fsum(stay.wait for stay in stays) / count,
        mean_wait_answered=math.fsum(answered) / len(answered),
        in_time=sum(wait <= 20 for wait in answered) / count,
        occupancy=occupancy,
    )


def occupancies(those: Sequence[Caller], outcome: Outcome) -> list[float]:
    """Of each agent, from the end of the warm-up to the last arrival."""
    begin, end = those[int(len(those) * WARM_UP)].at, those[-1].at
    each: dict[AgentId, list[Span]] = {}
    for span in outcome.spans:
        each.setdefault(span.agent, []).append(span)
    return [handled(spans, (begin, end))[0] / (end - begin) for spans in each.values()]


def handled(spans: Sequence[Span], times: Sequence[float]) -> list[float]:
    """Seconds of handling between each two times."""
    found = [0.0] * (len(times) - 1)
    for slot, begin, end in _overlaps(spans, times):
        found[slot] += end - begin
    return found


def _overlaps(spans: Sequence[Span], times: Sequence[float]) -> Iterator[tuple[int, float, float]]:
    ordered = sorted((span.since, span.until) for span in spans if span.doing is Doing.HANDLING)
    slot = 0
    for since, until in ordered:
        while slot < len(times) - 2 and times[slot + 1] <= since:
            slot += 1
        for one in range(slot, len(times) - 1):
            if times[one] >= until:
                break
            if times[one + 1] > since:
                yield one, max(since, times[one]), min(until, times[one + 1])
