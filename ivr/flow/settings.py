"""The values that a flow's file may hold, each with what it means in words and which are possible.

Files are checked against these, and the published JSON Schema is made of them; `docs/flows.md` explains them to those
who write flows.
"""

from typing import Annotated, NewType

import msgspec
from msgspec import Meta

FlowName = NewType("FlowName", str)

NodeId = NewType("NodeId", str)
"""Names a node within its flow."""

NodeName = Annotated[
    NodeId, Meta(title="a node's name: letters, digits, `_` and `-`", pattern=r"^[A-Za-z0-9_-]{1,64}$")
]
NodeRef = Annotated[NodeId, Meta(title="the name of a node of this flow", extra={"name_of": "node"})]
QueueRef = Annotated[str, Meta(title="the name of a queue", extra={"name_of": "queue"})]
Language = Annotated[str, Meta(title="one of the centre's languages", extra={"name_of": "language"})]
Key = Annotated[str, Meta(title="a key of a telephone: 0 to 9, * or #", pattern=r"^[0-9*#]$")]
Terminator = Annotated[str, Meta(title='a key of a telephone, or "" for none', pattern=r"^[0-9*#]?$")]
Variable = Annotated[
    str,
    Meta(title="a variable's name: small letters, digits and `_`", pattern=r"^[a-z][a-z0-9_]{0,63}$"),
]
VariableRef = Annotated[str, Meta(title="the name of a variable")]
Seconds = Annotated[float, Meta(title="seconds", ge=0, le=86_400)]
Wait = Annotated[float, Meta(title="seconds", ge=1, le=60)]
Tries = Annotated[int, Meta(title="how often it is asked", ge=1, le=9)]

LabelText = Annotated[str, Meta(title="a few words for the agent's screen", min_length=1, max_length=80)]
Label = Annotated[
    Annotated[dict[Language, LabelText], Meta(min_length=1)] | LabelText,
    Meta(title="a few words for the agent's screen, in one language or by language"),
]

ExpressionText = Annotated[
    str, Meta(title="a condition or a value, such as open_bills > 0", min_length=1, max_length=300)
]

Words = Annotated[str, Meta(title="words to say", min_length=1, max_length=2000)]


class Recorded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sound file that the PBX has already."""

    recording: Annotated[
        str,
        Meta(
            title="a sound file as Asterisk names it, without its ending",
            pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}$",
        ),
    ]


Prompt = Annotated[dict[Language, Words | Recorded], Meta(title="what is said, by language")]
SILENCE: Prompt = {}
"""Said in no language; it ends at once."""

Ladder = (
    Prompt
    | Annotated[
        tuple[Prompt, ...],
        Meta(
            title="what is said the first time, the second time, ...",
            min_length=1,
            max_length=9,
            extra={"may_repeat": True},
        ),
    ]
)
"""What is said to a caller who has failed, or a list of it: each time the next, and at last always the last."""


def rungs(ladder: Ladder) -> tuple[Prompt, ...]:
    """What is said each time."""
    return ladder if isinstance(ladder, tuple) else (ladder,)


def rung(ladder: Ladder, failures: int) -> Prompt:
    """What is said to him who has failed so often before."""
    steps = rungs(ladder)
    return steps[min(failures, len(steps) - 1)]
