"""Asks the caller for digits."""

from collections.abc import Iterator
from typing import Annotated, Self

from msgspec import Meta
from msgspec.structs import replace

from ivr.flow.node import (
    LabelTexts,
    Node,
    Path,
    Settling,
    Way,
    label_texts,
    ladder_contradictions,
    ladder_prompts,
    shown_label,
)
from ivr.flow.settings import SILENCE, Label, Ladder, NodeId, NodeRef, Prompt, Terminator, Tries, Variable, Wait
from ivr.flow.variables import Type

Digits = Annotated[int, Meta(title="a number of digits", ge=1, le=32)]


class CollectNode(Node, frozen=True, tag="collect"):
    """A question that is answered with digits; who gives no valid answer is asked again, as in a menu."""

    prompt: Prompt
    variable: Variable
    label: Label
    """What he was asked."""
    then: NodeRef
    give_up: NodeRef = NodeId("")
    shortest: Digits = 1
    longest: Digits = 20
    terminator: Terminator = "#"
    """The key that ends the digits before there are `longest`; empty: none does."""
    ask_again: bool = False
    """Also who has typed it in an earlier flow of this call is asked; else he is spared."""
    secret: bool = False
    """The digits are not shown, logged, or saved (a PIN)."""
    no_input: Ladder = SILENCE
    no_match: Ladder = SILENCE
    tries: Tries = 3
    wait: Wait = 8.0
    """How long he may look for his number after the prompt."""
    between: Wait = 4.0
    """How long he may pause between two digits; then what he typed counts."""

    def settled(self, by: Settling) -> Self:
        """With a label in all languages."""
        return replace(self, label=label_texts(self.label, by.languages), give_up=self.give_up or by.otherwise)

    def ways(self) -> Iterator[Way]:
        """With the digits, or without."""
        yield Way("then", self.then, by_caller=True, learns={self.variable: Type.TEXT})
        yield Way("give_up", self.give_up)

    def prompts(self) -> Iterator[tuple[str, Prompt]]:
        """The question, and why it is asked again."""
        yield "prompt", self.prompt
        yield from ladder_prompts(no_input=self.no_input, no_match=self.no_match)

    def contradictions(self) -> Iterator[tuple[Path, str]]:
        """Numbers that nobody could type, and words that nobody hears."""
        yield from ladder_contradictions(self.tries, no_input=self.no_input, no_match=self.no_match)
        if self.shortest > self.longest:
            yield ("shortest",), f"`shortest` is {self.shortest}, but `longest` is {self.longest}"
        if self.terminator.isdigit():
            yield ("terminator",), "a digit cannot end a number that holds digits; use # or *"

    def label_of(self, said: str) -> LabelTexts:
        """What he was asked, whatever he typed."""
        del said
        return shown_label(self.label)

    @property
    def secret_variable(self) -> str:
        """Its own, if it is to be kept from everybody."""
        return self.variable if self.secret else ""
