"""What the `overflow` rules of `center.yaml` say against each other: what contradicts itself outright is a mistake,
what only comes to nothing is told as a doubt.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from math import ceil

from acd.model import QueueName
from acd.routing.requirement import is_met
from config.center_shapes import CenterFile, QueueEntry, RuleEntry, WhenEntry
from config.center_staffing import Steps, people_in, steps_in_time
from ivr.files.shapes import Path
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.record import RecordNode
from ivr.nodes.sub_flow import SubFlowNode
from ivr.nodes.to_queue import ToQueueNode
from ivr.nodes.transfer import TransferNode

Told = tuple[Path, str]
Leads = Mapping[str, list[tuple[int, str]]]
"""By queue: the numbers of its rules that lead to a queue, and to which."""

_STRENGTHS: tuple[Callable[[WhenEntry], float], ...] = (
    lambda when: when.waited,
    lambda when: when.longest_wait,
    lambda when: when.length,
    lambda when: when.per_agent,
    lambda when: when.estimated_wait,
    lambda when: ("no", "ready", "logged_in").index(when.nobody),
    lambda when: when.closing,
)
"""How much each condition asks for. With nobody logged in nobody is ready, either."""

# -- contradictions ----------------------------------------------------------------------------------------------------


def contradictory_rules(read: CenterFile, steps: Steps, flows: Mapping[FlowName, Flow]) -> Iterator[Told]:
    """Rules that can do nothing of what they say."""
    for name, queue in read.queues.items():
        for number, rule in enumerate(queue.overflow):
            place: Path = ("queues", name, "overflow", number)
            if (why := _excludes_itself(rule.when)) or (why := _always(name, queue, rule.when, read, steps)):
                yield (*place, "when"), why
            if other := _same_condition(queue.overflow[:number], rule):
                text = f"rule {other} says something else of the very same callers, and is asked first"
                yield place, f"{text}; take one of them out, or let them ask for different things"
            flow = flows.get(FlowName(rule.flow))
            if flow is not None and _asks_no_figure(rule.when) and _leads_only_to(name, flow):
                text = f"this leads back to {name!r}: the flow {rule.flow!r} has no other end, and then this rule holds"
                yield (*place, "flow"), f"{text} again; let the flow end elsewhere, or lead to another one"
    yield from _rings(read, steps)


def _excludes_itself(when: WhenEntry) -> str:
    """Conditions of which one says nothing whenever the other holds; see `acd.waiting.rules.first_place`."""
    for said, asks in (("per_agent", when.per_agent), ("estimated_wait", when.estimated_wait)):
        if asks and (when.nobody == "logged_in" or (when.nobody == "ready" and said == "estimated_wait")):
            text = f"`{said}` says nothing while nobody is there (`nobody: {when.nobody}`), so this never holds"
            return f"{text}; make two rules of it"
    return ""


def _always(name: str, queue: QueueEntry, when: WhenEntry, read: CenterFile, steps: Steps) -> str:
    """Why it holds for everybody who comes, so that nobody ever joins the queue; empty if it does not."""
    if when == WhenEntry(closing=True) and queue.hours in read.hours:
        if not any(read.hours[queue.hours].open.values()):
            return f"nobody ever joins {name!r}: its hours {queue.hours!r} are never open; give them times"
    elif when == WhenEntry(per_agent=when.per_agent):
        needs = [step.need for step in steps_in_time(steps[QueueName(name)], queue)]
        able = sum(any(is_met(need, skills) for need in needs) for skills in people_in(read).values())
        if able and int(when.per_agent * able) == 0:
            many = f"{when.per_agent:g} callers for each of the {able} who can serve {name!r} are less than one"
            return f"nobody ever joins {name!r}: {many}; {ceil(100 / able) / 100:g} would let one in"
    return ""


def _same_condition(earlier: tuple[RuleEntry, ...], rule: RuleEntry) -> int:
    """The number, from 1, of a rule that sends the same callers elsewhere; 0: none does.

    One that leads to a queue is no contradiction: for who comes from there the next rule counts.
    """
    for number, other in enumerate(earlier, 1):
        if other.to != "queue" and (other.when, other.at) == (rule.when, rule.at) and _way(other) != _way(rule):
            return number
    return 0


def _way(rule: RuleEntry) -> tuple[object, ...]:
    return rule.to, rule.queue, rule.flow, tuple(rule.say.items())


def _asks_no_figure(when: WhenEntry) -> bool:
    """Whether it surely holds again a moment later: the next shift and the morning are far."""
    return when == WhenEntry(nobody=when.nobody, closing=when.closing)


def _leads_only_to(queue: str, flow: Flow) -> bool:
    reached: dict[NodeId, None] = {flow.start: None}
    ahead = [flow.start]
    while ahead:
        for way in flow.nodes[ahead.pop()].ways():
            if way.to not in reached:
                reached[way.to] = None
                ahead.append(way.to)
    nodes = [flow.nodes[node] for node in reached]
    ends = [node for node in nodes if not any(node.ways())]
    elsewhere = any(isinstance(node, RecordNode | SubFlowNode | TransferNode) for node in nodes)
    return not elsewhere and all(isinstance(end, ToQueueNode) and end.queue == queue for end in ends)


def _rings(read: CenterFile, steps: Steps) -> Iterator[Told]:
    """Queues that send to each other whom the same condition sends from each."""
    shared: dict[Hashable, dict[str, list[tuple[int, str]]]] = {}
    for name, rules in _leads(read).items():
        for number, to in rules:
            # That a rule leads to its own queue is told where its way out is read.
            if to != name and (key := _shared(name, read.queues[name], number, steps)) is not None:
                shared.setdefault(key, {}).setdefault(name, []).append((number, to))
    for leads in shared.values():
        for place, way in _ways_round(leads):
            text = f"this leads round on one and the same condition, {way}: each of these queues sends away whom the"
            yield place, f"{text} other sends to it; take one of the rules out, or let them ask for different things"


def _shared(name: str, queue: QueueEntry, number: int, steps: Steps) -> Hashable | None:
    """What a rule asks of the caller, the clock and the staff, the same in every queue for which it is equal; None if
    it asks for what is each queue's own: how many wait there, and how long. Two queues may help each other out."""
    when = queue.overflow[number].when
    if when != WhenEntry(waited=when.waited, nobody=when.nobody, closing=when.closing):
        return None
    staff = steps[QueueName(name)] if when.nobody != "no" else ()
    return when.waited, when.nobody, staff, queue.hours if when.closing else ""


# -- doubts ------------------------------------------------------------------------------------------------------------


def circles(read: CenterFile) -> Iterator[Told]:
    """Rules that lead round to where they begin: allowed, for nobody is sent twice to a queue; but hardly meant."""
    for place, way in _ways_round(_leads(read)):
        yield place, f"this leads round, {way}; nobody is sent back to a queue that has sent him on"


def rules_behind_others(read: CenterFile) -> Iterator[Told]:
    """Rules that nobody comes to: an earlier one holds as soon, and sends him away.

    One that leads to a queue does not count as that: for who comes from there it does not hold.
    """
    for name, queue in read.queues.items():
        for number, rule in enumerate(queue.overflow):
            for other, earlier in enumerate(queue.overflow[:number], 1):
                if earlier.to != "queue" and _holds_as_soon(earlier, rule):
                    place = ("queues", name, "overflow", number)
                    yield (
                        place,
                        f"nobody comes to this rule: rule {other} is asked before it, and holds whenever it does",
                    )
                    break


def rules_in_vain(read: CenterFile) -> Iterator[Told]:
    """Rules and steps that come too late."""
    for name, queue in read.queues.items():
        for number, rule in enumerate(queue.overflow):
            if rule.when.waited > queue.max_wait:
                place = ("queues", name, "overflow", number, "when", "waited")
                yield place, f"this never holds: who has waited {queue.max_wait:g} s (`max_wait`) is sent away"
        for number, step in enumerate(() if isinstance(queue.requires, str) else queue.requires):
            if step.after > queue.max_wait:
                at = ("queues", name, "requires", number, "after")
                yield at, f"this step never comes: who has waited {queue.max_wait:g} s (`max_wait`) is sent away"


def _holds_as_soon(earlier: RuleEntry, rule: RuleEntry) -> bool:
    """Whether it holds whenever the other does. What is not asked for is the smallest value of all."""
    return (earlier.at == "always" or rule.at == "entry") and all(
        of(earlier.when) <= of(rule.when) for of in _STRENGTHS
    )


def _leads(read: CenterFile) -> Leads:
    return {
        name: [(number, rule.queue) for number, rule in enumerate(queue.overflow) if rule.to == "queue"]
        for name, queue in read.queues.items()
    }


def _ways_round(leads: Leads) -> Iterator[Told]:
    """Each rule from which these rules lead back to its own queue, and the way."""
    for name, rules in leads.items():
        for number, to in rules:
            if (way := _way_back(name, to, leads)) is not None:
                yield ("queues", name, "overflow", number), " -> ".join((name, *way))


def _way_back(home: str, at: str, leads: Leads) -> tuple[str, ...] | None:
    """The shortest way from one queue to another by rules."""
    ways: list[tuple[str, ...]] = [(at,)]
    seen = {at}
    for way in ways:
        if way[-1] == home:
            return way
        for _, to in leads.get(way[-1], ()):
            if to not in seen:
                seen.add(to)
                ways.append((*way, to))
    return None
