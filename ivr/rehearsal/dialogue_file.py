"""What a file of dialogues may hold: what callers do, what they must hear, and where they must end.

`docs/flow-tools.md` explains it to those who write flows; the published JSON Schema is made of these structs.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ivr.flow.settings import FlowName, Language, Variable
from ivr.nodes.sub_flow import FlowRef

REPEATS = {"may_repeat": True}

Part = Annotated[str, Meta(title="a part of what is said", min_length=1, max_length=2000)]
Parts = Part | Annotated[tuple[Part, ...], Meta(title="parts of what is said", min_length=1, extra=REPEATS)]
Keys = Annotated[str, Meta(title='keys of a telephone, such as "1001#"', pattern=r"^[0-9*#]{1,64}$")]
Duration = Annotated[float, Meta(title="seconds", ge=0, le=86_400)]
WayName = Annotated[str, Meta(title="how it is answered, such as not_found, or `never`", min_length=1)]
Learnt = Annotated[dict[Variable, str], Meta(title="variables with what is learnt")]
Known = Annotated[dict[Variable, str], Meta(title="variables with what must be in them", min_length=1)]
Answer = WayName | Learnt
Answers = Answer | Annotated[tuple[Answer, ...], Meta(title="a list of answers", min_length=1, extra=REPEATS)]
Asked = Annotated[
    str, Meta(title="what is asked, such as `customer 1001`, or the name of a node", min_length=1, max_length=200)
]
AnswersByName = Annotated[dict[Asked, Answer], Meta(title="what is asked, with its answer")]
At = Annotated[
    str,
    Meta(
        title="a time such as mon 10:00, or 2026-12-25 10:00",
        pattern=r"^((mon|tue|wed|thu|fri|sat|sun)|[0-9]{4}-[0-9]{2}-[0-9]{2}) ([01][0-9]|2[0-3]):[0-5][0-9]$",
    ),
]
Number = Annotated[str, Meta(title='a telephone number, or "" for none', pattern=r"^\+?[0-9*#]{0,32}$")]
End = Annotated[str, Meta(title="how it ends, such as hang_up", min_length=1)]
HangsUp = Annotated[Literal["hangs_up"], Meta(title="what the caller does: `hangs_up`, or a step with settings")]


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that the caller does after he has listened, and what follows it."""

    presses: Keys = ""
    interrupts: Keys = ""
    """The same while he is still spoken to."""
    waits: Duration = 0.0
    """Seconds in which he does nothing; while he is spoken to they do not pass."""
    says: Duration | None = None
    """Seconds of speech, of a message that is recorded."""
    answer: Answers = ()
    """To what is asked of others after this, in this order, before what is said for the file or the dialogue."""
    answer_after: Duration | None = None
    """Seconds until each answer, from here on."""
    hears: Parts = ()
    """In this order, since what he did last."""
    asks: Parts = ()
    """What is asked of others after this, in this order."""
    sees: Parts = ()
    """What the agent's screen tells of the caller's way by now, in this order."""
    knows: Known = {}
    """Variables that must have these values by now."""
    ends: End | Annotated[dict[str, str], Meta(title="where it ends, such as {queue: billing}", min_length=1)] = ""


Steps = Annotated[tuple[HangsUp | Step, ...], Meta(title="a list of steps", min_length=1, extra=REPEATS)]


class DialogueEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One dialogue with what is otherwise than in the rest of its file."""

    steps: Steps
    flow: FlowRef = FlowName("")
    language: Language = ""
    at: At = ""
    caller: Number | None = None
    dialled: Number = ""
    known: Learnt = {}
    """What an earlier flow has learnt of him."""
    answers: AnswersByName = {}


Title = Annotated[str, Meta(title="what the dialogue shows", min_length=1, max_length=200)]
Dialogue = Annotated[
    DialogueEntry | Steps,
    Meta(title="a list of steps, or settings with `steps`"),
]


class DialogueFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Dialogues by name, and what holds for all of them."""

    dialogues: Annotated[dict[Title, Dialogue], Meta(title="at least one dialogue", min_length=1)]
    flow: FlowRef = FlowName("")
    """Which flow they are in; empty: the one that the dialled number leads to."""
    language: Language = ""
    """In which the caller is spoken to at first; empty: the centre's first one."""
    at: At = "wed 10:00"
    """When he calls, by the clock on the centre's wall."""
    caller: Number = "+4930555010"
    """His number."""
    dialled: Number = ""
    """Which number he has dialled; where no flow is named, he comes into the flow that it leads to at that time."""
    answers: AnswersByName = {}
