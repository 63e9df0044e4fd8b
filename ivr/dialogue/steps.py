"""What a dialogue wants done next, and what it leaves behind: values that whoever runs it carries out.

A step is no command of the PBX: it names no leg and no playback, because a dialogue does not know them.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from cti.model import Sound
from ivr.flow.questions import Question
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.record import RecordNode
from ivr.nodes.to_queue import Need


class Say(msgspec.Struct, frozen=True, tag="say"):
    """Play these one after another, in place of what plays."""

    sounds: tuple[Sound, ...]


class StopSaying(msgspec.Struct, frozen=True, tag="stop_saying"):
    """The caller has heard enough.

    The end of what is stopped must not be told to the dialogue as the end of a later prompt.
    """


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """Somebody who is not the caller; answered by `Dialogue.answered`."""

    question: Question


class Speak(msgspec.Struct, frozen=True, tag="speak"):
    """From here on in this language, also in the queue."""

    language: str


class Unverified(msgspec.Struct, frozen=True, tag="unverified"):
    """He has given another customer number since he proved who he is: that counts no more."""


class TakeMessage(msgspec.Struct, frozen=True, tag="take_message"):
    """Record the caller, until what the node says ends it; answered by `Dialogue.recorded`."""

    node: RecordNode


class StopTaking(msgspec.Struct, frozen=True, tag="stop_taking"):
    """The recording has taken longer than it can: end it."""


class MessageOver(msgspec.Struct, frozen=True, tag="message_over"):
    """The recording is over."""

    kept: bool
    """Whether what he said counts as a message."""


class PutThrough(msgspec.Struct, frozen=True, tag="put_through"):
    """Give the caller to this number; answered by `Dialogue.put_through`, or `Dialogue.not_put_through`."""

    number: str


class Visit(msgspec.Struct, frozen=True):
    """One thing the caller did, or could not (`NOT_ANSWERED`). `said` is what he pressed; empty if it was
    a secret. The label is in the centre's first language; `Flow.label_at` has it in the others."""

    node: NodeId
    label: str
    said: str = ""


class Visited(msgspec.Struct, frozen=True, tag="visited"):
    """The caller's path has grown."""

    visit: Visit


class Arrival(msgspec.Struct, frozen=True):
    """The caller has come to a node."""

    flow: FlowName
    node: NodeId
    since: float
    """Seconds since the epoch, UTC."""
    of: str = ""
    """The node of this flow that he came from; empty at its start, and where a dialogue goes on after a restart."""
    way: str = ""
    """Which of that node's ways he has taken."""


class Shown(msgspec.Struct, frozen=True):
    """Something that the agent is to see: what it is, by language, and its text."""

    label: Mapping[str, str]
    text: str


class ToQueue(msgspec.Struct, frozen=True, tag="to_queue"):
    """He wants a person."""

    queue: str
    requires: tuple[Need, ...] = ()
    """Who must be able to do this, too; the slots are filled in, as far as they could be."""
    agent: str = ""
    """Who is asked first, likewise."""
    head_start: float = 0.0
    """Seconds."""
    show: tuple[Shown, ...] = ()


class Transfer(msgspec.Struct, frozen=True, tag="transfer"):
    """He has been put through to another number, and is no longer ours."""

    to: str
    """As his flow calls it."""
    number: str
    """As it is dialled."""


class HangUp(msgspec.Struct, frozen=True, tag="hang_up"):
    """The call is over."""


Exit = ToQueue | Transfer | HangUp


class Leave(msgspec.Struct, frozen=True, tag="leave"):
    """The dialogue is over and says nothing more. Nothing plays any more when this is said."""

    exit: Exit


Step = (
    Say | StopSaying | Ask | Speak | Unverified | TakeMessage | StopTaking | MessageOver | PutThrough | Visited | Leave
)


class Resumed(NamedTuple):
    """The visit of a node that goes on: how many the caller had made before, when it began (UTC), and how he had come
    into the flow by it."""

    position: int
    entered: float
    came: str


class Saved(msgspec.Struct, frozen=True, omit_defaults=True):
    """Enough to go on with a dialogue in another process. Secrets are not in it, nor is the path so far."""

    node: NodeId
    language: str
    variables: Mapping[str, str] = {}
    typed_in: Mapping[str, FlowName] = {}
    """In which flow he has typed a variable last (`ivr.dialogue.typed_before`)."""
    spared: tuple[tuple[str, FlowName], ...] = ()
    """What each flow has not asked him for because of that."""
    within: tuple[tuple[FlowName, NodeId], ...] = ()
    """The flows from which this one was entered as a sub-flow, the first one first, each with where it goes on."""
    visit: Resumed | None = None
    """Of that node."""
