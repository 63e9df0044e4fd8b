"""Asks how good something was, on a scale."""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Self

from msgspec import Meta
from msgspec.structs import replace

from ivr.flow.node import LabelTexts, Settling, Way, label_texts, shown_label
from ivr.flow.settings import Label, NodeRef, Variable
from ivr.flow.variables import Type
from ivr.nodes.one_key import OneKeyNode

Highest = Annotated[int, Meta(title="the highest mark, 2 to 9", ge=2, le=9)]


class SurveyNode(OneKeyNode, frozen=True, kw_only=True, tag="survey"):
    """A question that is answered with a mark from 1 (worst) to `highest` (best). The marks are counted in reports; a
    reason is asked for in a menu."""

    variable: Variable
    """Holds the mark, a number: whoever is not content may be asked why."""
    label: Label
    """What he was asked."""
    then: NodeRef
    highest: Highest = 5

    def settled(self, by: Settling) -> Self:
        """With a label in all languages."""
        return replace(self, label=label_texts(self.label, by.languages), give_up=self.give_up or by.otherwise)

    def ways(self) -> Iterator[Way]:
        """One for each mark, all to the same node: so each mark is a figure of its own."""
        learns = {self.variable: Type.NUMBER}
        yield from (Way(mark, self.then, by_caller=True, learns=learns) for mark in self.keys)
        yield Way("give_up", self.give_up)

    @property
    def keys(self) -> Collection[str]:
        """The marks."""
        return tuple(str(mark) for mark in range(1, self.highest + 1))

    def learnt(self, key: str) -> Mapping[str, str]:
        """His mark."""
        return {self.variable: key}

    def label_of(self, said: str) -> LabelTexts:
        """What he was asked, whatever he answered."""
        del said
        return shown_label(self.label)
