"""Goes one way or another, by what is known."""

from collections.abc import Iterator
from typing import Annotated, Self

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from ivr.flow.expression import ExpressionFailed, expression
from ivr.flow.node import Around, Deciding, Decision, Path, Settling, Way
from ivr.flow.settings import ExpressionText, NodeId, NodeRef


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way, and when it is taken."""

    when: ExpressionText
    then: NodeRef


class BranchNode(Deciding, frozen=True, tag="branch"):
    """The first case whose condition holds. A condition that cannot be worked out does not hold."""

    cases: Annotated[tuple[Case, ...], Meta(title="a list of cases", min_length=1, max_length=50)]
    otherwise: NodeRef = NodeId("")

    def settled(self, by: Settling) -> Self:
        """Who is in no case goes where nobody can be helped."""
        return replace(self, otherwise=self.otherwise or by.otherwise)

    def ways(self) -> Iterator[Way]:
        """One for each case, numbered from 1 as they stand in the file."""
        yield from (Way(str(number), case.then) for number, case in enumerate(self.cases, start=1))
        yield Way("otherwise", self.otherwise)

    def expressions(self) -> Iterator[tuple[Path, str]]:
        """The conditions."""
        yield from ((("cases", number, "when"), case.when) for number, case in enumerate(self.cases))

    def discreet(self) -> Iterator[Path]:
        """What it decides tells a secret to nobody."""
        yield from (path for path, _ in self.expressions())

    def decide(self, around: Around) -> Decision:
        """By the conditions."""
        for number, case in enumerate(self.cases, start=1):
            try:
                if expression(case.when).value(around.values, around.types) is True:
                    return Decision(str(number))
            except ExpressionFailed:
                continue
        return Decision("otherwise")
