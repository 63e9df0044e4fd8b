"""Leaves for a telephone number outside the centre: a blind transfer, of which we hear no more.

Toll fraud is the risk: a caller must reach nothing at the company's expense that the company has not named. So a node
names a number of the centre's list and holds none itself; and what a slot brings, typed by a caller or told by a CRM,
is compared with that list when it happens.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from msgspec import Meta
from msgspec.structs import replace

from ivr.flow.filling import filled
from ivr.flow.node import LabelTexts, Node, Path, Settling, Way
from ivr.flow.numbers import number_for
from ivr.flow.settings import SILENCE, NodeId, NodeRef, Prompt
from ivr.speech.words import slots

NumberText = Annotated[
    str,
    Meta(
        title="the name of one of the centre's `transfer_numbers`, or a variable such as {extension}",
        pattern=r"^([a-z][a-z0-9_-]{0,31}|\{[a-z0-9_]+\})$",
    ),
]

PUT_THROUGH: LabelTexts = {"en": "Put through", "zh": "已转接", "es": "Transferido"}
"""Of a caller who has been given to another number."""


class TransferNode(Node, frozen=True, tag="transfer"):
    """An exit to another number."""

    to: NumberText
    """A name of the list; or a slot, whose value must be such a name or a number that the list allows."""
    prompt: Prompt = SILENCE
    failed: NodeRef = NodeId("")
    """Where a caller goes whose number is not allowed, or whom the PBX cannot put through."""

    def settled(self, by: Settling) -> Self:
        """Who cannot be put through goes where nobody can be helped."""
        return replace(self, failed=self.failed or by.otherwise)

    def ways(self) -> Iterator[Way]:
        """There is only one that does not leave the flow."""
        yield Way("failed", self.failed)

    def prompts(self) -> Iterator[tuple[str, Prompt]]:
        """What is said before he is put through."""
        yield "prompt", self.prompt

    def speaks_of(self) -> Iterator[tuple[Path, str]]:
        """Beside the prompt's: whoever he is put through to."""
        yield from super().speaks_of()
        yield from ((("to",), name) for name, _ in slots(self.to))

    def label_of(self, said: str) -> LabelTexts:
        """That he has left so."""
        del said
        return PUT_THROUGH

    def number(self, values: Mapping[str, str], allowed: Mapping[str, str]) -> str:
        """What is dialled; empty if the list does not allow it."""
        return number_for(filled(self.to, values), allowed)
