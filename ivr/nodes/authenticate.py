"""Makes sure who the caller is."""

from collections.abc import Iterator, Mapping
from typing import Self

from msgspec.structs import replace

from ivr.flow.node import Asking, Path, Settling, Way
from ivr.flow.questions import Verify
from ivr.flow.secret import Secret
from ivr.flow.settings import NodeId, NodeRef, VariableRef
from ivr.flow.variables import LOOK_UPS

VERIFIED = "verified"
"""The way of who is who he says."""


class AuthenticateNode(Asking, frozen=True, tag="authenticate"):
    """By the customer number and a PIN that he has typed before. Who is verified is so for the agent, too.

    `wrong` usually leads back to the question for the PIN: the CRM's side counts, over all calls, and says when it is
    `locked`.
    """

    by: VariableRef
    """The variable that holds his customer number."""
    pin: VariableRef
    verified: NodeRef
    wrong: NodeRef
    locked: NodeRef = NodeId("")
    failed: NodeRef = NodeId("")

    def settled(self, by: Settling) -> Self:
        """Who cannot be verified goes where nobody can be helped."""
        return replace(self, locked=self.locked or by.otherwise, failed=self.failed or by.otherwise)

    def ways(self) -> Iterator[Way]:
        """One for each answer, and one for none."""
        yield Way(VERIFIED, self.verified, learns=LOOK_UPS["customer"])
        yield Way("wrong", self.wrong)
        yield Way("locked", self.locked)
        yield Way("failed", self.failed)

    def speaks_of(self) -> Iterator[tuple[Path, str]]:
        """Number and PIN."""
        yield from super().speaks_of()
        yield ("by",), self.by
        yield ("pin",), self.pin

    def discreet(self) -> Iterator[Path]:
        """The PIN is shown to nobody."""
        yield ("pin",)

    def question(self, values: Mapping[str, str], language: str, secrets: frozenset[str]) -> Verify | str:
        """With what he has typed; a PIN that was lost with another process is a wrong one, and he types it again."""
        del language, secrets
        number, pin = values.get(self.by, ""), values.get(self.pin, "")
        return Verify(number, Secret(pin), self.timeout) if number and pin else "wrong"
