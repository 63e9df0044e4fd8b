"""What all kinds of node have in common: where they lead, what they say, and which variables they speak of.

A node is read from a file as it is (`ivr.files.shapes`): its fields are the settings that the file may have. What the
file leaves to the flow as a whole is filled in afterwards (`Node.settled`).
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ivr.flow.expression import expression
from ivr.flow.questions import WAITED_FOR, Question
from ivr.flow.settings import SILENCE, Label, Ladder, NodeId, Prompt, Recorded, Wait
from ivr.flow.variables import Type
from ivr.hours import Hours
from ivr.speech.words import slots

FAILED = "failed"
"""The way of every `Asking` node that is taken when there is no answer."""

Path = tuple[str | int, ...]
"""From a node to one of its settings, as in a file."""

LabelTexts = Mapping[str, str]
"""A few words for the agent's screen: language to text, the centre's first language first, at least one."""

NOT_ANSWERED: LabelTexts = {"en": "No valid answer", "zh": "未有效作答", "es": "Sin respuesta válida"}
"""Of a caller who has used up all his tries at a menu or question."""

KEYS = "0123456789*#"
"""What a telephone can send, as far as callers find it on their keypad."""


def ladder_prompts(**ladders: Ladder) -> Iterator[tuple[str, Prompt]]:
    """By setting; of a list `no_input.0`, `no_input.1`, ..."""
    for setting, ladder in ladders.items():
        if isinstance(ladder, tuple):
            yield from ((f"{setting}.{number}", prompt) for number, prompt in enumerate(ladder))
        else:
            yield setting, ladder


def ladder_contradictions(tries: int, **ladders: Ladder) -> Iterator[tuple[Path, str]]:
    """Rungs that nobody comes to."""
    for setting, ladder in ladders.items():
        if isinstance(ladder, tuple) and len(ladder) >= max(2, tries):
            yield (setting,), f"`tries` is {tries}, so nobody hears more than {tries - 1} of these {len(ladder)}"


def path_of(setting: str) -> Path:
    """From a node to one of its prompts, as in a file."""
    name, _, number = setting.partition(".")
    return (name, int(number)) if number else (name,)


class Way(msgspec.Struct, frozen=True):
    """One way from a node to the next."""

    name: str
    """Which of its node's: a setting (`then`), or a key."""
    to: NodeId
    by_caller: bool = False
    """Only what the caller presses leads along it."""
    learns: Mapping[str, Type] = {}
    """Variables that are known at its end."""


class Settling(msgspec.Struct, frozen=True):
    """What a node may leave to its flow."""

    otherwise: NodeId
    """Where a caller goes who cannot be helped."""
    languages: Sequence[str]
    """Of the centre."""
    person: NodeId = NodeId("")
    """Where `0` leads in a menu that does not use it otherwise; empty: nowhere."""


class Around(NamedTuple):
    """What a node that decides can see."""

    values: Mapping[str, str]
    types: Mapping[str, Type]
    hours: Mapping[str, Hours]
    language: str
    now: float


class Decision(NamedTuple):
    """What has been decided."""

    way: str
    """Which of the node's ways is taken."""
    learnt: Mapping[str, str] = {}
    language: str = ""
    """In which the rest is spoken; empty: as before."""


class Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """One step of a dialogue. A kind overrides what it has something to say to."""

    def settled(self, by: Settling) -> "Node":
        """With what its file has left open."""
        del by
        return self

    def ways(self) -> Iterator[Way]:
        """Where it leads."""
        yield from ()

    def way(self, name: str) -> NodeId:
        """Where that one of its ways leads."""
        return next(way.to for way in self.ways() if way.name == name)

    def prompts(self) -> Iterator[tuple[str, Prompt]]:
        """All that it may say, with the setting that says it (`path_of`)."""
        yield from ()

    def speaks_of(self) -> Iterator[tuple[Path, str]]:
        """The variables that it needs, each with its place."""
        for setting, prompt in self.prompts():
            for language, said in prompt.items():
                for name, _ in () if isinstance(said, Recorded) else slots(said):
                    yield (*path_of(setting), language), name
        for path, text in self.expressions():
            yield from ((path, name) for name in sorted(expression(text).names))

    def discreet(self) -> Iterator[Path]:
        """The settings that may speak of secrets, because nobody hears of it who should not."""
        yield from ()

    def forgiving(self) -> Iterator[Path]:
        """The settings that may speak of what is not known, because it is empty then and does no harm."""
        yield from ()

    def amounts(self) -> Iterator[tuple[Path, str]]:
        """The variables that it says as money, each with its place: their currencies must be known, too."""
        for setting, prompt in self.prompts():
            for language, said in prompt.items():
                for name, kind in () if isinstance(said, Recorded) else slots(said):
                    if kind == "money":
                        yield (*path_of(setting), language), name

    def expressions(self) -> Iterator[tuple[Path, str]]:
        """What it has worked out, in the words of `ivr.flow.expression`."""
        yield from ()

    def contradictions(self) -> Iterator[tuple[Path, str]]:
        """Settings that are fine by themselves, but not together."""
        yield from ()

    def label_of(self, said: str) -> LabelTexts:
        """What the caller did here, where he pressed `said`; empty if nothing worth a word."""
        del said
        return {}

    @property
    def secret_variable(self) -> str:
        """The variable that it learns and that nobody may see; empty if there is none."""
        return ""


class Deciding(Node, frozen=True):
    """A node that says nothing and waits for nothing."""

    @abstractmethod
    def decide(self, around: Around) -> Decision:
        """Where to go on."""


class Asking(Node, frozen=True, kw_only=True):
    """A node that asks somebody who is not the caller, and goes on with the answer. `failed` is one of its ways."""

    timeout: Wait = WAITED_FOR
    """Seconds after which there is no answer."""
    waiting: Prompt = SILENCE
    """Said when the answer takes longer than a second."""

    def prompts(self) -> Iterator[tuple[str, Prompt]]:
        """What is said while he waits."""
        yield "waiting", self.waiting

    @abstractmethod
    def question(self, values: Mapping[str, str], language: str, secrets: frozenset[str]) -> Question | str:
        """What is asked; or the name of the way that is taken because there is nothing to ask."""


def label_texts(label: Label, languages: Sequence[str]) -> dict[str, str]:
    """In every language of the centre; where there is none for one, in the first that is given."""
    texts = {"": label} if isinstance(label, str) else label
    otherwise = next(iter(texts.values()), "")
    return {language: texts.get(language, otherwise) for language in languages}


def shown_label(label: Label) -> LabelTexts:
    """Of a node that has been settled."""
    return {"": label} if isinstance(label, str) else label
