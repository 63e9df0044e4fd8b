"""What is not wrong in `center.yaml`, but hardly meant: an expert may be hired tomorrow, a flow kept for Christmas.

These are told as warnings, with their place, and nothing is refused for them.
"""

from collections.abc import Iterator, Mapping

from acd.model import QueueName, Skill
from acd.plan import CenterPlan, EntryPoint, QueuePlan, Step
from acd.routing.requirement import AllOf, AtLeast, Requirement, both, is_met
from config.center_flows import entered
from config.center_overflow import circles, rules_behind_others, rules_in_vain
from config.center_shapes import CenterFile
from config.center_staffing import meets, people_of, why_nobody
from ivr.files.mistakes import Mistake
from ivr.files.shapes import Path, Reader
from ivr.flow.numbers import allows
from ivr.flow.settings import FlowName
from ivr.nodes.sub_flow import flows_through
from ivr.nodes.to_queue import ToQueueNode


def doubts(read: CenterFile, plan: CenterPlan, reader: Reader) -> tuple[Mistake, ...]:
    """All of them, in the order of their places."""
    told = (
        *_nobody_serves(read, plan),
        *_numbers_in_vain(read, plan),
        *_steps_in_vain(plan),
        *rules_in_vain(read),
        *_parts_in_vain(read),
        *_all_short(read),
        *_unused(read, plan),
        *_in_a_circle(read),
        *circles(read),
        *rules_behind_others(read),
    )
    found = (reader.mistake(path, text) for path, text in told)
    return tuple(sorted(found, key=lambda doubt: (doubt.mark.line, doubt.mark.column)))


def _nobody_serves(read: CenterFile, plan: CenterPlan) -> Iterator[tuple[Path, str]]:
    """That there is nobody yet, and steps that add nobody; a queue without any is a mistake (`center_staffing`)."""
    people = people_of(plan)
    if not people:
        yield (), "there are no `agents`, so nobody answers"
        return
    for name, queue in plan.queues.items():
        for number, step in enumerate(queue.steps):
            if not meets(step.need, people):
                place = () if isinstance(read.queues[name].requires, str) else (number, "skills")
                why = why_nobody(step.need, people)
                yield ("queues", name, "requires", *place), f"no agent can serve {name!r} at this step: {why}"


def _numbers_in_vain(read: CenterFile, plan: CenterPlan) -> Iterator[tuple[Path, str]]:
    """Numbers that ask for more than anybody has, by themselves or together with the queue that they lead to."""
    people = people_of(plan)
    if not people:
        return
    for number, entry in plan.entry_points.items():
        path: Path = ("entry_points", number, "requires")
        steps = entry.requires
        if not any(meets(step.need, people) for step in steps):
            yield path, f"no agent can serve who calls {number!r}: {why_nobody(steps[-1].need, people)}"
            continue
        for queue in _queues_behind(entry, plan):
            needs = [both(mine.need, its.need) for mine in steps for its in queue.steps]
            alone = any(meets(step.need, people) for step in queue.steps)
            if alone and not any(meets(need, people) for need in needs):
                why = why_nobody(needs[-1], people)
                yield path, f"no agent can serve {queue.name!r} for who calls {number!r}: {why}"


def _queues_behind(entry: EntryPoint, plan: CenterPlan) -> Iterator[QueuePlan]:
    """Those to which its flow leads, also through others, each once."""
    nodes = (node for flow in flows_through([plan.flows[entry.flow]], plan.flows) for node in flow.nodes.values())
    for name in dict.fromkeys(node.queue for node in nodes if isinstance(node, ToQueueNode)):
        yield plan.queues[QueueName(name)]


def _steps_in_vain(plan: CenterPlan) -> Iterator[tuple[Path, str]]:
    """Steps that ask for as much as one before them, or more: whoever meets them was asked already."""
    lists: list[tuple[Path, tuple[Step, ...]]] = [
        *((("queues", name, "requires"), queue.steps) for name, queue in plan.queues.items()),
        *((("entry_points", number, "requires"), entry.requires) for number, entry in plan.entry_points.items()),
    ]
    for path, steps in lists:
        for number, step in enumerate(steps):
            least = _least(step.need)
            if least is not None and any(is_met(earlier.need, least) for earlier in steps[:number]):
                yield (*path, number, "skills"), "this step adds nobody: it asks for no less than one before it"


def _least(need: Requirement) -> Mapping[Skill, int] | None:
    """The skills of who just meets it, if there is one such set: not with `|`."""
    match need:
        case AtLeast(skill, level):
            return {skill: level}
        case AllOf(parts):
            least: dict[Skill, int] = {}
            for part in parts:
                if (these := _least(part)) is None:
                    return None
                least.update({skill: max(level, least.get(skill, 0)) for skill, level in these.items()})
            return least
        case _:
            return None


def _parts_in_vain(read: CenterFile) -> Iterator[tuple[Path, str]]:
    """Who is most above the asked levels cannot be least above them."""
    for name, queue in read.queues.items():
        fits = [part for part in queue.prefers if part in ("fit_best", "fit_nearest")]
        if len(fits) > 1:
            place = ("queues", name, "prefers", queue.prefers.index(fits[1]))
            yield place, f"`{fits[1]}` decides nothing behind `{fits[0]}`: they are opposites"


def _all_short(read: CenterFile) -> Iterator[tuple[Path, str]]:
    """Queues in which nobody who gives up counts as lost."""
    for name, queue in read.queues.items():
        if queue.short_abandon >= queue.max_wait:
            text = f"everybody who gives up counts as a short abandon: nobody waits longer than {queue.max_wait:g} s"
            yield ("queues", name, "short_abandon"), f"{text} (`max_wait`)"


def _in_a_circle(read: CenterFile) -> Iterator[tuple[Path, str]]:
    """Transfers to ourselves: the line is taken twice, and what a flow has learnt is forgotten."""
    for name, entry in read.transfer_numbers.items():
        if ours := [number for number in read.entry_points if allows(entry, number)]:
            text = f"{ours[0]!r} leads here again (`entry_points`); a flow comes to another by a node of kind sub_flow"
            yield ("transfer_numbers", name), text


def _unused(read: CenterFile, plan: CenterPlan) -> Iterator[tuple[Path, str]]:
    first = [plan.flows[FlowName(name)] for name in entered(read) if name]
    used = {flow.name for flow in flows_through(first, plan.flows)}
    for name in read.flows:
        if name not in used:
            yield ("flows", name), f"nothing leads to the flow {name!r}"
