"""What a flow's file may hold. The structs here are the description that files are checked against and that
the published JSON Schema is made of; `docs/flows.md` explains them to those who write flows.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

NodeName = Annotated[str, Meta(title="a node's name: letters, digits, `_` and `-`", pattern=r"^[A-Za-z0-9_-]{1,64}$")]
NodeRef = Annotated[str, Meta(title="the name of a node of this flow", extra={"name_of": "node"})]
QueueRef = Annotated[str, Meta(title="the name of a queue", extra={"name_of": "queue"})]
Language = Annotated[str, Meta(title="one of the centre's languages", extra={"name_of": "language"})]
Key = Annotated[str, Meta(title="a key of a telephone: 0 to 9, * or #", pattern=r"^[0-9*#]$")]
AgentText = Annotated[
    str,
    Meta(title="the name of an agent, or a variable such as {owner}", pattern=r"^([a-z0-9_-]{1,32}|\{[a-z0-9_]+\})$"),
]
Terminator = Annotated[str, Meta(title='a key of a telephone, or "" for none', pattern=r"^[0-9*#]?$")]
Variable = Annotated[
    str,
    Meta(title="a variable's name: small letters, digits and `_`", pattern=r"^[a-z][a-z0-9_]{0,63}$"),
]
VariableRef = Annotated[str, Meta(title="the name of a variable")]
LookUpKind = Annotated[str, Meta(title="what is looked up", extra={"name_of": "look_up"})]
NeedText = Annotated[
    str, Meta(title="skills with levels, such as billing>=7 & (zh | en>=5)", min_length=1, max_length=500)
]
Seconds = Annotated[float, Meta(title="seconds", ge=0, le=86_400)]
Words = Annotated[str, Meta(title="words to say", min_length=1, max_length=2000)]
LabelText = Annotated[str, Meta(title="a few words for the agent's screen", min_length=1, max_length=80)]
Label = Annotated[
    Annotated[dict[Language, LabelText], Meta(min_length=1)] | LabelText,
    Meta(title="a few words for the agent's screen, in one language or by language"),
]
Tries = Annotated[int, Meta(title="how often it is asked", ge=1, le=9)]
Wait = Annotated[float, Meta(title="seconds", ge=1, le=60)]
MessageShortest = Annotated[float, Meta(title="seconds of speech", ge=1, le=60)]
MessageLongest = Annotated[float, Meta(title="seconds", ge=5, le=600)]
MessageSilence = Annotated[float, Meta(title="seconds of silence", ge=2, le=30)]
MessageTerminator = Annotated[str, Meta(title='the key # or *, or "" for none', pattern=r"^[*#]?$")]
Digits = Annotated[int, Meta(title="a number of digits", ge=1, le=32)]


class StepEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What will do from some time on."""

    skills: NeedText
    after: Seconds = 0.0
    """Seconds since the queue entry."""


Needs = NeedText | Annotated[tuple[StepEntry, ...], Meta(title="a list of steps", min_length=1, max_length=10)]


class RecordedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sound file that the PBX has already."""

    recording: Annotated[
        str,
        Meta(
            title="a sound file as Asterisk names it, without its ending",
            pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}$",
        ),
    ]


Said = Annotated[dict[Language, Words | RecordedEntry], Meta(title="what is said, by language")]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    pass


class ChoiceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a key leads."""

    to: NodeRef
    label: Label


class SayEntry(_Entry, frozen=True, tag="say"):
    """Says something and goes on."""

    prompt: Said
    then: NodeRef


class MenuEntry(_Entry, frozen=True, tag="menu"):
    """Lets the caller choose with one key."""

    prompt: Said
    choices: Annotated[dict[Key, ChoiceEntry], Meta(title="at least one key with its choice", min_length=1)]
    no_input: Said = {}
    no_match: Said = {}
    give_up: NodeRef = ""
    tries: Tries = 3
    wait: Wait = 6.0


class CollectEntry(_Entry, frozen=True, tag="collect"):
    """Asks the caller for digits."""

    prompt: Said
    variable: Variable
    label: Label
    then: NodeRef
    shortest: Digits = 1
    longest: Digits = 20
    terminator: Terminator = "#"
    secret: bool = False
    no_input: Said = {}
    no_match: Said = {}
    give_up: NodeRef = ""
    tries: Tries = 3
    wait: Wait = 8.0
    between: Wait = 4.0


class LookUpEntry(_Entry, frozen=True, tag="look_up"):
    """Asks the CRM."""

    look_up: LookUpKind
    by: VariableRef
    found: NodeRef
    not_found: NodeRef = ""
    failed: NodeRef = ""
    timeout: Wait = 5.0


class RecordEntry(_Entry, frozen=True, tag="record"):
    """Keeps what the caller says."""

    prompt: Said
    then: NodeRef
    none: NodeRef = ""
    queue: QueueRef = ""
    shortest: MessageShortest = 2.0
    longest: MessageLongest = 120.0
    silence: MessageSilence = 5.0
    terminator: MessageTerminator = "#"
    beep: bool = True


class ToQueueEntry(_Entry, frozen=True, tag="to_queue"):
    """Leaves for a queue."""

    queue: QueueRef
    prompt: Said = {}
    requires: Needs = "any"
    """Beside what the queue asks for; may hold slots."""
    agent: AgentText = ""
    """Who is asked first."""


class HangUpEntry(_Entry, frozen=True, tag="hang_up"):
    """Ends the call."""

    prompt: Said = {}


NodeEntry = Annotated[
    SayEntry | MenuEntry | CollectEntry | LookUpEntry | RecordEntry | ToQueueEntry | HangUpEntry,
    Meta(title="kind of node"),
]


class FlowFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A flow: where it starts, and its nodes."""

    start: NodeRef
    nodes: Annotated[dict[NodeName, NodeEntry], Meta(title="at least one node", min_length=1)]
    otherwise: NodeRef = ""
    """Where a caller goes who cannot be helped; the first `to_queue` node if nothing is said."""
