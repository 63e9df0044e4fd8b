"""What all kinds of node have in common: where they lead, what they say, and which variables they speak of.

A node is read from a file as it is (`ivr.files.shapes`): its fields are the settings that the file may have. What the
file
leaves to the flow as a whole is filled in afterwards (`Node.settled`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Self

import msgspec

from ivr.flow.settings import Label, NodeId, Prompt, Recorded
from ivr.speech.words import slots

Path = tuple[str | int, ...]
"""From a node to one of its settings, as in a file."""

LabelTexts = Mapping[str, str]
"""A few words for the agent's screen: language to text, the centre's first language first, at least one."""

NOT_ANSWERED: LabelTexts = {"en": "No valid answer", "zh": "未有效作答"}
"""Of a caller who has used up all his tries at a menu or question."""

KEYS = "0123456789*#"
"""What a telephone can send, as far as callers find it on their keypad."""


class Way(msgspec.Struct, frozen=True):
    """One way from a node to the next."""

    name: str
    """Which of its node's: a setting (`then`), or a key."""
    to: NodeId
    by_caller: bool = False
    """Only what the caller presses leads along it."""
    learns: frozenset[str] = frozenset()
    """Variables that are known at its end."""


class Settling(msgspec.Struct, frozen=True):
    """What a node may leave to its flow."""

    otherwise: NodeId
    """Where a caller goes who cannot be helped."""
    languages: Sequence[str]
    """Of the centre."""


class Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """One step of a dialogue. A kind overrides what it has something to say to."""

    def settled(self, by: Settling) -> Self:
        """With what its file has left open."""
        del by
        return self

    def ways(self) -> Iterator[Way]:
        """Where it leads."""
        yield from ()

    def prompts(self) -> Iterator[tuple[str, Prompt]]:
        """All that it may say, with the setting that says it."""
        yield from ()

    def speaks_of(self) -> Iterator[tuple[Path, str]]:
        """The variables that it needs, each with its place."""
        for setting, prompt in self.prompts():
            for language, said in prompt.items():
                for name, kind in () if isinstance(said, Recorded) else slots(said):
                    yield (setting, language), name
                    if kind == "money":
                        yield (setting, language), "currency"

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


def label_texts(label: Label, languages: Sequence[str]) -> dict[str, str]:
    """In every language of the centre; where there is none for one, in the first that is given."""
    texts = {"": label} if isinstance(label, str) else label
    otherwise = next(iter(texts.values()), "")
    return {language: texts.get(language, otherwise) for language in languages}


def shown_label(label: Label) -> LabelTexts:
    """Of a node that has been settled."""
    return {"": label} if isinstance(label, str) else label
