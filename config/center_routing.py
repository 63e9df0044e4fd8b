"""What a queue asks of agents and whom it prefers, from the words of `center.yaml`."""

from collections.abc import Collection, Sequence

from acd.model import Skill
from acd.plan import Familiar, Step
from acd.routing.preference import PRESETS, Part, Parts
from acd.routing.requirement import Anybody, Requirement, RequirementMistake, Slip, parsed
from config.center_shapes import PreferredEntry, QueueEntry
from ivr.files.mistakes import instead, quoted
from ivr.files.shapes import Path, Reader
from ivr.nodes.to_queue import Needs, needs_at, step_mistakes
from ivr.speech.words import SLOT


def steps_of(entry: Needs, path: Path, skills: Collection[str], reader: Reader) -> tuple[Step, ...]:
    """The steps of a requirement; what is wrong is noted."""
    for place, wrong in step_mistakes(entry, path):
        reader.note(place, wrong)
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
        for slip in wrong.slips:
            hint = reader.hint(slip.name, known) if slip.name else ""
            reader.note(path, _told(text, slip) + hint, slip.position)
        return Anybody()


def wrong_need(text: str, skills: Collection[str]) -> Sequence[tuple[int, str]]:
    """All that is wrong with an expression in a flow, whatever skill will be named in its slots; see `WrongNeed`."""
    filled = SLOT.sub(lambda slot: "_" * len(slot[0]), text)
    known = {Skill(skill) for skill in skills}
    try:
        parsed(filled, known | {Skill("_" * len(slot[0])) for slot in SLOT.finditer(text)})
    except RequirementMistake as wrong:
        hints = (f"; {instead(slip.name, known)}" if slip.name else "" for slip in wrong.slips)
        return [(slip.position, _told(text, slip) + hint) for slip, hint in zip(wrong.slips, hints, strict=True)]
    return ()


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


def _told(text: str, slip: Slip) -> str:
    return f"{quoted(text)}, at its character {slip.position + 1}: {slip.text}"
