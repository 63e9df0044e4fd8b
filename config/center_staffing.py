"""Whether queues and agents of `center.yaml` come together at all: an agent in no queue and a queue that nobody can
serve are mistakes, once there are agents.

A queue is served by its steps that come before `max_wait` is over; who would do only for a later one is never asked.
"""

from collections.abc import Iterator, Mapping

from acd.model import QueueName, Skill
from acd.plan import CenterPlan, Step
from acd.routing.requirement import AllOf, AtLeast, OneOf, Requirement, is_met, lacking, skills_in, written
from config.center_shapes import CenterFile, QueueEntry
from ivr.files.shapes import Path

People = Mapping[str, Mapping[Skill, int]]
"""Agents with their skills."""
Steps = Mapping[QueueName, tuple[Step, ...]]


def people_of(plan: CenterPlan) -> People:
    """All agents."""
    return {name: agent.skills for name, agent in plan.agents.items()}


def people_in(read: CenterFile) -> People:
    """All agents of a file that may have mistakes elsewhere."""
    return {name: {Skill(skill): level for skill, level in one.skills.items()} for name, one in read.agents.items()}


def meets(need: Requirement, people: People) -> bool:
    """Whether any agent does."""
    return any(is_met(need, skills) for skills in people.values())


def why_nobody(need: Requirement, people: People) -> str:
    """The first skill that nobody has at its level, if there is one; and of several, who comes nearest."""
    for asked in skills_in(need):
        best, who = max((skills.get(asked.skill, 0), name) for name, skills in people.items())
        if best < asked.level:
            return f"nobody has {written(asked)}" + (f" ({who!r} has {best})" if best else "")
    who = min(people, key=lambda name: _short_of(need, people[name]))
    return f"nobody has {written(need)} together ({who!r} comes nearest and lacks {lacking(need, people[who])})"


def steps_in_time(steps: tuple[Step, ...], queue: QueueEntry) -> tuple[Step, ...]:
    """Those that come before a caller is sent away."""
    return tuple(step for step in steps if step.after <= queue.max_wait)


def unstaffed(read: CenterFile, steps: Steps) -> Iterator[tuple[Path, str]]:
    """Queues that no agent can serve, and agents who can serve no queue, each with its reason and what to do."""
    people = people_in(read)
    if not people:
        return  # a file that is being written; told as a doubt
    needs = {name: [step.need for step in steps_in_time(of, read.queues[name])] for name, of in steps.items()}
    empty = [name for name, of in needs.items() if not any(meets(need, people) for need in of)]
    for name in empty:
        yield _queue_unserved(name, read, steps[name], people)
    for who, skills in people.items():
        if not any(is_met(need, skills) for of in needs.values() for need in of):
            name, need = _nearest(skills, needs)
            if name not in empty:  # else he is what that queue lacks, and mended with it
                yield ("agents", who), _serves_nothing(who, skills, name, need)


def _queue_unserved(name: QueueName, read: CenterFile, steps: tuple[Step, ...], people: People) -> tuple[Path, str]:
    entry = read.queues[name]
    in_time = steps_in_time(steps, entry)
    number, step = min(enumerate(in_time), key=lambda one: min(_short_of(one[1].need, of) for of in people.values()))
    why = why_nobody(step.need, people)
    if any(meets(late.need, people) for late in steps[len(in_time) :]):
        why += f", and a step that somebody meets comes only after `max_wait` ({entry.max_wait:g} s)"
    place: Path = () if isinstance(entry.requires, str) else (number, "skills")
    path: Path = ("queues", name, "requires", *place)
    return path, f"no agent can serve {name!r}: {why}; ask for less, or give an agent these `skills`"


def _serves_nothing(who: str, skills: Mapping[Skill, int], nearest: QueueName, need: Requirement) -> str:
    has = ", ".join(f"{skill} {level}" for skill, level in skills.items()) or "none"
    lacks = f"the nearest is {nearest!r}, for which he lacks {lacking(need, skills)}"
    return f"{who!r} can serve no queue, his `skills` are {has}; {lacks}: give him that, or take him out of `agents`"


def _nearest(
    skills: Mapping[Skill, int], needs: Mapping[QueueName, list[Requirement]]
) -> tuple[QueueName, Requirement]:
    return min(((name, need) for name, of in needs.items() for need in of), key=lambda one: _short_of(one[1], skills))


def _short_of(need: Requirement, skills: Mapping[Skill, int]) -> int:
    """How many levels are missing altogether."""
    match need:
        case AtLeast(skill, level):
            return max(0, level - skills.get(skill, 0))
        case AllOf(parts):
            return sum(_short_of(part, skills) for part in parts)
        case OneOf(parts):
            return min(_short_of(part, skills) for part in parts)
        case _:
            return 0
