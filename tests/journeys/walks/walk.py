"""A written dialogue as a walk: what the caller does, stretch by stretch, and all that he must hear after it.

The words come from a rehearsal of the same file, so dialogues and telephones cannot disagree.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from cti.model import Sound, Speech
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName
from ivr.rehearsal.dialogue_file import Step
from ivr.rehearsal.line import BETWEEN_KEYS, INTO_PROMPT, REACTION, Happening, What, duration
from ivr.rehearsal.reading import NOTHING, Script
from ivr.rehearsal.rehearse import rehearse

ACTS = {What.PRESSES, What.WAITS, What.SAYS}


class Stretch(NamedTuple):
    """From one thing that the caller does to the next."""

    step: Step
    """What he does; `NOTHING` at the beginning."""
    heard: tuple[Sound, ...]
    """All that is said to him, in this order."""
    cut: tuple[Sound, ...]
    """What would have been said to him if he had not typed on."""
    asked: tuple[str, ...]
    """What the flow asks of others, and how that is answered."""
    recorded: bool
    """Whether he is recorded at its end."""


class Walk(NamedTuple):
    """One dialogue, ready for the telephone."""

    script: Script
    stretches: tuple[Stretch, ...]

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.script.flow}: {self.script.name}"

    @property
    def end(self) -> str:
        """What the file says: a queue after `queue `, `hang_up`, or nothing if the caller is the one to end it."""
        ends = self.script.steps[-1].step.ends if isinstance(self.script.steps[-1].step, Step) else ""
        return ends if isinstance(ends, str) else " ".join(f"{name} {value}" for name, value in ends.items())

    @property
    def language(self) -> str:
        """In which the caller is spoken to at last."""
        heard = [sound for stretch in self.stretches for sound in stretch.heard if isinstance(sound, Speech)]
        return heard[-1].language


def walk_of(script: Script, flows: Mapping[FlowName, Flow]) -> Walk:
    """The dialogue as its rehearsal went, which must go as it is written."""
    outcome = rehearse(script, flows)
    assert outcome.mistake is None, outcome.mistake
    assert set(script.known) == {"caller", "dialled"}, "what an earlier flow has learnt cannot be dialled"
    return Walk(script, tuple(_stretches(script, outcome.story)))


def _stretches(script: Script, story: tuple[Happening, ...]) -> Iterator[Stretch]:
    steps = [one.step for one in script.steps if isinstance(one.step, Step)]
    assert len(steps) == len(script.steps), "who hangs up in a dialogue does so at its end here"
    doing = [step for step in steps if step.presses or step.interrupts or step.waits or step.says is not None]
    first = NOTHING if doing[:1] == steps[:1] else steps[0]
    acts = [number for number, one in enumerate(story) if one.what in ACTS]
    assert len(acts) == len(doing)
    for step, begin, end in zip([first, *doing], [0, *acts], [*acts, len(story)], strict=True):
        yield _stretch(step, story[begin:end])


def _stretch(step: Step, story: tuple[Happening, ...]) -> Stretch:
    keys = step.presses or step.interrupts
    last_key = story[0].at + (INTO_PROMPT if step.interrupts else REACTION) + BETWEEN_KEYS * (len(keys) - 1)
    heard: list[Sound] = []
    cut: list[Sound] = []
    for one, following in pairwise((*story, None)):
        if one is not None and one.what is What.HEARS:
            typed = bool(keys) and one.at < last_key - BETWEEN_KEYS / 2
            (cut if typed or _is_cut(one, following) else heard).extend(one.sounds)
    asked = tuple(one.text for one in story if one.what is What.IS_ASKED)
    return Stretch(step, tuple(heard), tuple(cut), asked, recorded=any(one.what is What.CAN_SPEAK for one in story))


def _is_cut(prompt: Happening, following: Happening | None) -> bool:
    """Whether something else has happened before its end, which only a key can bring about."""
    return following is not None and following.at < prompt.at + duration(prompt.text) - BETWEEN_KEYS / 2
