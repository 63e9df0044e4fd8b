"""Asks the CRM."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from msgspec import Meta
from msgspec.structs import replace

from ivr.flow.node import Asking, Path, Settling, Way
from ivr.flow.questions import LookUp
from ivr.flow.secret import Secret
from ivr.flow.settings import NodeId, NodeRef, VariableRef
from ivr.flow.variables import LOOK_UPS

LookUpKind = Annotated[str, Meta(title="what is looked up", extra={"name_of": "look_up"})]


class LookUpNode(Asking, frozen=True, tag="look_up"):
    """A question to the CRM; the variables of `LOOK_UPS[look_up]` are filled in when it finds something."""

    look_up: LookUpKind
    by: VariableRef
    """The variable that holds the key."""
    found: NodeRef
    not_found: NodeRef = NodeId("")
    failed: NodeRef = NodeId("")

    def question(self, values: Mapping[str, str], language: str, secrets: frozenset[str]) -> LookUp | str:
        """For what he typed; nobody is found by nothing (a call without a number, a secret that was not kept)."""
        if key := values.get(self.by, ""):
            return LookUp(self.look_up, Secret(key) if self.by in secrets else key, language, self.timeout)
        return "not_found"

    def settled(self, by: Settling) -> Self:
        """Whose question has no answer goes where nobody can be helped."""
        return replace(self, not_found=self.not_found or by.otherwise, failed=self.failed or by.otherwise)

    def ways(self) -> Iterator[Way]:
        """One for each answer, and one for none."""
        yield Way("found", self.found, learns=LOOK_UPS.get(self.look_up, {}))
        yield Way("not_found", self.not_found)
        yield Way("failed", self.failed)

    def discreet(self) -> Iterator[Path]:
        """The CRM is asked, and nothing is written down."""
        yield ("by",)

    def speaks_of(self) -> Iterator[tuple[Path, str]]:
        """The key."""
        yield from super().speaks_of()
        yield ("by",), self.by
