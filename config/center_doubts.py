"""What is not wrong in `center.yaml`, but hardly meant: agents may be hired tomorrow, and a flow be kept for Christmas.

These are told as warnings, with their place, and nothing is refused for them.
"""

from collections.abc import Iterator, Mapping

from acd.plan import CenterPlan
from acd.requirement import Requirement, is_met, skills_in, written
from config.center_shapes import CenterFile
from config.center_waiting import circles
from ivr.mistakes import Mistake
from ivr.shapes import Path, Reader


def doubts(read: CenterFile, plan: CenterPlan, reader: Reader) -> tuple[Mistake, ...]:
    """All of them, in the order of their places."""
    found = (reader.mistake(path, text) for path, text in (*_nobody_serves(read, plan), *_unused(read), *circles(read)))
    return tuple(sorted(found, key=lambda doubt: (doubt.mark.line, doubt.mark.column)))


def _nobody_serves(read: CenterFile, plan: CenterPlan) -> Iterator[tuple[Path, str]]:
    if not plan.agents:
        yield (), "there are no `agents`, so nobody answers"
        return
    for name, queue in plan.queues.items():
        for number, step in enumerate(queue.steps):
            if not any(is_met(step.need, agent.skills) for agent in plan.agents.values()):
                place = () if isinstance(read.queues[name].requires, str) else (number, "skills")
                yield ("queues", name, "requires", *place), f"no agent can serve {name!r}: {_why(step.need, plan)}"
    for who, agent in plan.agents.items():
        if not any(is_met(step.need, agent.skills) for queue in plan.queues.values() for step in queue.steps):
            yield ("agents", who), f"{who!r} can serve no queue; his `skills` are {_told(read.agents[who].skills)}"


def _why(need: Requirement, plan: CenterPlan) -> str:
    """The first skill that nobody has at its level, if there is one."""
    for asked in skills_in(need):
        best, who = max((agent.skills.get(asked.skill, 0), name) for name, agent in plan.agents.items())
        if best < asked.level:
            return f"nobody has {written(asked)}" + (f" ({who!r} has {best})" if best else "")
    return f"nobody has {written(need)} together"


def _told(skills: Mapping[str, int]) -> str:
    return ", ".join(f"{skill} {level}" for skill, level in skills.items()) or "none"


def _unused(read: CenterFile) -> Iterator[tuple[Path, str]]:
    entries = read.entry_points.values()
    flows = {entry.flow for entry in entries} | {entry.closed_flow for entry in entries}
    for queue in read.queues.values():
        flows |= {way_out.flow for way_out in (*queue.keys.values(), *queue.overflow)}
    for name in read.flows:
        if name not in flows:
            yield ("flows", name), f"nothing leads to the flow {name!r}"
