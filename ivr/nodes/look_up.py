"""Asks the CRM."""

from collections.abc import Iterator
from typing import Annotated, Self

from msgspec import Meta
from msgspec.structs import replace

from ivr.flow.node import Node, Path, Settling, Way
from ivr.flow.settings import NodeId, NodeRef, VariableRef, Wait
from ivr.flow.variables import LOOK_UPS

LookUpKind = Annotated[str, Meta(title="what is looked up", extra={"name_of": "look_up"})]


class LookUpNode(Node, frozen=True, tag="look_up"):
    """A question to the CRM; the variables of `LOOK_UPS[look_up]` are filled in when it finds something."""

    look_up: LookUpKind
    by: VariableRef
    """The variable that holds the key."""
    found: NodeRef
    not_found: NodeRef = NodeId("")
    failed: NodeRef = NodeId("")
    timeout: Wait = 5.0

    def settled(self, by: Settling) -> Self:
        """Whose question has no answer goes where nobody can be helped."""
        return replace(self, not_found=self.not_found or by.otherwise, failed=self.failed or by.otherwise)

    def ways(self) -> Iterator[Way]:
        """One for each answer, and one for none."""
        yield Way("found", self.found, learns=LOOK_UPS.get(self.look_up, frozenset()))
        yield Way("not_found", self.not_found)
        yield Way("failed", self.failed)

    def speaks_of(self) -> Iterator[tuple[Path, str]]:
        """The key."""
        yield ("by",), self.by
