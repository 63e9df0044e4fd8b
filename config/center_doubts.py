"""What is not wrong in `center.yaml`, but hardly meant: agents may be hired tomorrow, and a flow be kept for Christmas.

These are told as warnings, with their place, and nothing is refused for them.
"""

from collections.abc import Iterator, Mapping

from acd.model import Skill
from acd.routing import lacking
from config.center_shapes import CenterFile
from ivr.mistakes import Mistake
from ivr.shapes import Path, Reader


def doubts(read: CenterFile, reader: Reader) -> tuple[Mistake, ...]:
    """All of them, in the order of their places."""
    found = (reader.mistake(path, text) for path, text in (*_nobody_serves(read), *_unused(read)))
    return tuple(sorted(found, key=lambda doubt: (doubt.mark.line, doubt.mark.column)))


def _nobody_serves(read: CenterFile) -> Iterator[tuple[Path, str]]:
    if not read.agents:
        yield (), "there are no `agents`, so nobody answers"
        return
    for name, queue in read.queues.items():
        if all(_lacks(agent.skills, queue.requires) for agent in read.agents.values()):
            yield ("queues", name, "requires"), f"no agent can serve {name!r}: {_why(queue.requires, read)}"
    for name, agent in read.agents.items():
        if all(_lacks(agent.skills, queue.requires) for queue in read.queues.values()):
            yield ("agents", name), f"{name!r} can serve no queue; his `skills` are {_told(agent.skills)}"


def _lacks(skills: Mapping[str, int], requires: Mapping[str, int]) -> bool:
    return bool(lacking(_skills(skills), _skills(requires)))


def _skills(named: Mapping[str, int]) -> dict[Skill, int]:
    return {Skill(name): level for name, level in named.items()}


def _why(requires: Mapping[str, int], read: CenterFile) -> str:
    """The first skill that nobody has at its level, if there is one."""
    for skill, level in requires.items():
        best = max((agent.skills.get(skill, 0), name) for name, agent in read.agents.items())
        if best[0] < level:
            return f"nobody has {skill} {level}" + (f" ({best[1]!r} has {best[0]})" if best[0] else "")
    return f"nobody has {_told(requires)} together"


def _told(skills: Mapping[str, int]) -> str:
    return ", ".join(f"{skill} {level}" for skill, level in skills.items()) or "none"


def _unused(read: CenterFile) -> Iterator[tuple[Path, str]]:
    entries = read.entry_points.values()
    flows = {entry.flow for entry in entries} | {entry.closed_flow for entry in entries}
    for name in read.flows:
        if name not in flows:
            yield ("flows", name), f"no entry point leads to the flow {name!r}"
