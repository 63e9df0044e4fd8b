"""What a queue asks of agents and whom it prefers, from the words of `center.yaml`."""

from collections.abc import Collection

from acd.model import Skill
from acd.plan import Familiar, Step
from acd.routing.preference import PRESETS, Part, Parts
from acd.routing.requirement import Anybody, Requirement, RequirementMistake, parsed
from config.center_shapes import PreferredEntry, QueueEntry
from ivr.flow_file import Needs
from ivr.mistakes import instead, quoted
from ivr.needs import needs_at, step_findings
from ivr.shapes import Path, Reader
from ivr.words import SLOT


def steps_of(entry: Needs, path: Path, skills: Collection[str], reader: Reader) -> tuple[Step, ...]:
    """The steps of a requirement; what is wrong is noted."""
    for finding in step_findings(entry, path):
        reader.note(finding.path, finding.text)
    known = {Skill(skill) for skill in skills}
    afters = [0.0] if isinstance(entry, str) else [step.after for step in entry]
    return tuple(
        Step(_need(text, place, known, reader), after)
        for (place, text), after in zip(needs_at(entry, path), afters, strict=True)
    )


def _need(text: str, path: Path, known: Collection[Skill], reader: Reader) -> Requirement:
    try:
        return parsed(text, known)
    except RequirementMistake as wrong:
        reader.note(path, _told(text, wrong, known))
        return Anybody()


def wrong_need(text: str, skills: Collection[str]) -> str:
    """What is wrong with an expression in a flow, whatever skill will be named in its slots; empty if nothing is."""
    filled = SLOT.sub(lambda slot: "_" * len(slot[0]), text)
    known = {Skill(skill) for skill in skills}
    try:
        parsed(filled, known | {Skill("_" * len(slot[0])) for slot in SLOT.finditer(text)})
    except RequirementMistake as wrong:
        return _told(text, wrong, known)
    return ""


def parts_of(entry: QueueEntry) -> Parts:
    """The order in which a queue prefers its agents."""
    if isinstance(entry.prefers, str):
        return PRESETS[entry.prefers]
    return tuple(Part(part) for part in entry.prefers)


def familiar_of(entry: QueueEntry) -> tuple[Familiar, ...]:
    """Whom a queue's customers are given to first, if they know him."""
    match entry.preferred:
        case None:
            return ()
        case PreferredEntry(who="owner"):
            return (Familiar.OWNER,)
        case PreferredEntry(who="last_agent"):
            return (Familiar.LAST_AGENT,)
        case _:
            return Familiar.OWNER, Familiar.LAST_AGENT


def _told(text: str, wrong: RequirementMistake, known: Collection[Skill]) -> str:
    hint = f"; {instead(wrong.name, known)}" if wrong.name else ""
    return f"{quoted(text)}, at its character {wrong.position + 1}: {wrong}{hint}"
