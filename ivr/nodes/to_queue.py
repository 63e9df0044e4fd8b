"""Leaves for a queue: he wants a person."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Self

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from ivr.flow.node import Node, Path, Settling, label_texts
from ivr.flow.settings import SILENCE, Label, Prompt, QueueRef, Seconds
from ivr.speech.words import slots, stray_brace

AgentText = Annotated[
    str,
    Meta(title="the name of an agent, or a variable such as {owner}", pattern=r"^([a-z0-9_-]{1,32}|\{[a-z0-9_]+\})$"),
]
NeedText = Annotated[
    str, Meta(title="skills with levels, such as billing>=7 & (zh | en>=5)", min_length=1, max_length=500)
]

ToldText = Annotated[str, Meta(title="a text, which may hold slots", min_length=1, max_length=200)]
HeadStart = Annotated[float, Meta(title="seconds", ge=0, le=3600)]
MOST_TOLD = 5
"""Things that one agent is told."""

ANYBODY = "any"
"""The expression that everybody meets."""


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the agent must be able to do, from some time on. The flow does not know what the words mean; whoever has the
    agents does."""

    skills: NeedText
    """Such as `{language}>=5 & billing`: its slots are filled in when the caller leaves."""
    after: Seconds = 0.0
    """Seconds since he entered the queue."""


Needs = NeedText | Annotated[tuple[Need, ...], Meta(title="a list of steps", min_length=1, max_length=10)]


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that the agent is told on his screen, before his phone rings."""

    label: Label
    """What it is."""
    text: ToldText
    """Its slots are filled in with the values as they are, when the caller leaves."""


class ToQueueNode(Node, frozen=True, tag="to_queue"):
    """An exit to people."""

    queue: QueueRef
    prompt: Prompt = SILENCE
    requires: Needs = ANYBODY
    """Beside what the queue asks for; may hold slots."""
    agent: AgentText = ""
    """Who is asked first, by name or by a slot (`{owner}`); empty: nobody in particular."""
    head_start: HeadStart = 0.0
    """Priority: he counts as having come so many seconds earlier, beside the queue's own head start."""
    show: Annotated[tuple[Told, ...], Meta(title="a list of label and text", max_length=MOST_TOLD)] = ()
    """What the agent sees of him beside his way through the flow; a text that turns out to be empty is left out."""

    def settled(self, by: Settling) -> Self:
        """With labels in all languages."""
        return replace(self, show=tuple(replace(one, label=label_texts(one.label, by.languages)) for one in self.show))

    @property
    def needs(self) -> tuple[Need, ...]:
        """What it requires, in steps; none if it requires nothing."""
        return needs_of(self.requires)

    def prompts(self) -> Iterator[tuple[str, Prompt]]:
        """What is said before he waits."""
        yield "prompt", self.prompt

    def speaks_of(self) -> Iterator[tuple[Path, str]]:
        """Beside the prompt's: what its agent must be able to do, and who he is."""
        yield from super().speaks_of()
        yield from ((("agent",), name) for name, _ in slots(self.agent))
        for path, text in needs_at(self.requires, ("requires",)):
            yield from ((path, name) for name, _ in slots(text))
        for number, one in enumerate(self.show):
            yield from ((("show", number, "text"), name) for name, _ in slots(one.text))

    def forgiving(self) -> Iterator[Path]:
        """What agents see is what is known."""
        yield from (("show", number, "text") for number in range(len(self.show)))

    def contradictions(self) -> Iterator[tuple[Path, str]]:
        """Steps that are no steps, and slots that would be read aloud where nobody hears them."""
        yield from step_mistakes(self.requires, ("requires",))
        for number, one in enumerate(self.show):
            if stray_brace(one.text) or any(form for _, form in slots(one.text)):
                yield ("show", number, "text"), "slots look like {name} here: the value is written as it is"


def needs_of(requires: Needs) -> tuple[Need, ...]:
    """The steps of a setting; none, if it asks for nothing."""
    if isinstance(requires, str):
        return () if requires == ANYBODY else (Need(requires),)
    return requires


def needs_at(requires: Needs, path: Path) -> Iterator[tuple[Path, str]]:
    """Each expression, and where it stands."""
    if isinstance(requires, str):
        yield path, requires
    else:
        yield from (((*path, number, "skills"), need.skills) for number, need in enumerate(requires))


def step_mistakes(requires: Needs, path: Path) -> Iterator[tuple[Path, str]]:
    """Steps that are not later than the ones before them."""
    if isinstance(requires, str):
        return
    for number, (earlier, later) in enumerate(pairwise(requires), start=1):
        if later.after <= earlier.after:
            yield (*path, number), "a step begins `after` the one before it, in seconds from the queue entry"
    if requires[0].after:
        yield (*path, 0, "after"), "the first step begins at once, so without `after`"
