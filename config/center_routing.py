"""What a queue asks of agents and whom it prefers, from the words of `center.yaml`."""

from collections.abc import Collection
from itertools import pairwise

from acd.model import Skill
from acd.plan import Step
from acd.preference import PRESETS, Part, Parts
from acd.requirement import Anybody, Requirement, RequirementMistake, parsed
from config.center_shapes import QueueEntry
from ivr.mistakes import instead, quoted
from ivr.shapes import Path, Reader


def steps_of(entry: QueueEntry, path: Path, skills: Collection[str], reader: Reader) -> tuple[Step, ...]:
    """The steps of a queue's requirement; what is wrong is noted."""
    if isinstance(entry.requires, str):
        return (Step(_need(entry.requires, path, skills, reader)),)
    for number, (earlier, later) in enumerate(pairwise(entry.requires), start=1):
        if later.after <= earlier.after:
            reader.note((*path, number), "a step begins `after` the one before it, in seconds from the queue entry")
    if entry.requires[0].after:
        reader.note((*path, 0, "after"), "the first step begins at once, so without `after`")
    return tuple(
        Step(_need(step.skills, (*path, number, "skills"), skills, reader), step.after)
        for number, step in enumerate(entry.requires)
    )


def parts_of(entry: QueueEntry) -> Parts:
    """The order in which a queue prefers its agents."""
    if isinstance(entry.prefers, str):
        return PRESETS[entry.prefers]
    return tuple(Part(part) for part in entry.prefers)


def _need(text: str, path: Path, skills: Collection[str], reader: Reader) -> Requirement:
    known = {Skill(skill) for skill in skills}
    try:
        return parsed(text, known)
    except RequirementMistake as wrong:
        hint = f"; {instead(wrong.name, known)}" if wrong.name else ""
        reader.note(path, f"{quoted(text)}, at its character {wrong.position + 1}: {wrong}{hint}")
        return Anybody()
