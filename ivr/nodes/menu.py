"""Lets the caller choose with one key."""

from collections.abc import Collection, Iterator
from typing import Annotated, Self

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from ivr.flow.node import LabelTexts, Settling, Way, label_texts, shown_label
from ivr.flow.settings import Key, Label, NodeRef
from ivr.nodes.one_key import OneKeyNode

ZERO = "0"
A_PERSON = {"en": "A person", "zh": "人工服务", "es": "Una persona"}
"""Of a caller who has pressed it though no menu named it: callers try it everywhere."""


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a key leads."""

    to: NodeRef
    label: Label
    """What the caller chose."""


class MenuNode(OneKeyNode, frozen=True, kw_only=True, tag="menu"):
    """A choice; who gives no valid answer is asked again, and then goes where `give_up` leads."""

    choices: Annotated[dict[Key, Choice], Meta(title="at least one key with its choice", min_length=1)]
    in_each_language: bool = False
    """The prompt is said in all its languages, one after another, each in its own voice: to choose one of them."""

    def settled(self, by: Settling) -> Self:
        """With labels in all languages."""
        choices = {key: Choice(one.to, label_texts(one.label, by.languages)) for key, one in self.choices.items()}
        if by.person:
            choices.setdefault(ZERO, Choice(by.person, {of: A_PERSON.get(of, A_PERSON["en"]) for of in by.languages}))
        return replace(self, choices=choices, give_up=self.give_up or by.otherwise)

    def ways(self) -> Iterator[Way]:
        """One for each key."""
        yield from (Way(key, choice.to, by_caller=True) for key, choice in self.choices.items())
        yield Way("give_up", self.give_up)

    @property
    def keys(self) -> Collection[str]:
        """Those of the choices."""
        return self.choices.keys()

    def label_of(self, said: str) -> LabelTexts:
        """What the key means."""
        return shown_label(self.choices[said].label) if said in self.choices else {}
