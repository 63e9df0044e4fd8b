"""Gives variables values."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from ivr.flow.expression import ExpressionFailed, expression
from ivr.flow.node import Around, Deciding, Decision, Path, Way
from ivr.flow.settings import ExpressionText, NodeId, NodeRef, Variable
from ivr.flow.variables import Type, text_of

TypeName = Annotated[Type, Meta(title="type of a variable")]


class SetNode(Deciding, frozen=True, tag="set"):
    """All values are worked out before the first is kept. One that has none (`1 / 0`) becomes an empty text."""

    values: Annotated[dict[Variable, ExpressionText], Meta(title="at least one variable with its value", min_length=1)]
    then: NodeRef
    types: dict[Variable, TypeName] = {}  # noqa: RUF012 - msgspec copies it
    """Of the variables that are not texts."""

    def ways(self) -> Iterator[Way]:
        """One."""
        yield Way("then", NodeId(self.then), learns={name: self.types.get(name, Type.TEXT) for name in self.values})

    def expressions(self) -> Iterator[tuple[Path, str]]:
        """The values."""
        yield from ((("values", name), text) for name, text in self.values.items())

    def contradictions(self) -> Iterator[tuple[Path, str]]:
        """Types of what is not set here."""
        for name in self.types:
            if name not in self.values:
                yield ("types", name), f"{name!r} is not among the `values`"

    def decide(self, around: Around) -> Decision:
        """With what the expressions come to."""
        return Decision("then", {name: _worked_out(text, around) for name, text in self.values.items()})


def _worked_out(text: str, around: Around) -> str:
    try:
        return text_of(expression(text).value(around.values, around.types))
    except (ExpressionFailed, ValueError):
        return ""
