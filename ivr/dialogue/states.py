"""The states of a dialogue with a caller. `ivr.dialogue.interpreter` says what leads from one to the next."""

from typing import NamedTuple

from ivr.dialogue.steps import Exit, Transfer
from ivr.flow.node import Asking
from ivr.nodes.collect import CollectNode
from ivr.nodes.one_key import OneKeyNode
from ivr.nodes.record import RecordNode


class Fresh(NamedTuple):
    """Not started."""


class Back(NamedTuple):
    """Out of a sub-flow."""


class Saying(NamedTuple):
    """Says something, then goes on at a node or leaves."""

    then: str | Exit | Back
    """A text: along that way of the node where he is."""


class Choosing(NamedTuple):
    """In a menu, or another question for one key."""

    node: OneKeyNode
    failures: int = 0


class Collecting(NamedTuple):
    """In a question."""

    node: CollectNode
    failures: int = 0
    digits: str = ""


class Awaiting(NamedTuple):
    """Waits for somebody's answer."""

    node: Asking
    until: float
    """When it is of no use any more."""
    told: bool = False
    """Whether he has heard that it takes some time."""


class Inviting(NamedTuple):
    """Says that a message can be left."""

    node: RecordNode


class TakingMessage(NamedTuple):
    """Records the caller."""

    node: RecordNode


class PuttingThrough(NamedTuple):
    """The PBX is to give him to another number."""

    to: Transfer


class Gone(NamedTuple):
    """Has left."""


State = Fresh | Saying | Choosing | Collecting | Awaiting | Inviting | TakingMessage | PuttingThrough | Gone
