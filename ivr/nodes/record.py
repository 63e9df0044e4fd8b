"""Keeps what the caller says: a voicemail. It ends with his key, his silence, its length, or his hanging up."""

from collections.abc import Iterator
from typing import Annotated, Self

from msgspec import Meta
from msgspec.structs import replace

from ivr.flow.node import LabelTexts, Node, Path, Settling, Way
from ivr.flow.settings import NodeId, NodeRef, Prompt, QueueRef

MESSAGE_LEFT: LabelTexts = {"en": "Left a message", "zh": "已留言", "es": "Dejó un mensaje"}
"""Of a caller whose message is kept."""

Shortest = Annotated[float, Meta(title="seconds of speech", ge=1, le=60)]
Longest = Annotated[float, Meta(title="seconds", ge=5, le=600)]
Silence = Annotated[float, Meta(title="seconds of silence", ge=2, le=30)]
MessageTerminator = Annotated[str, Meta(title='the key # or *, or "" for none', pattern=r"^[*#]?$")]


class RecordNode(Node, frozen=True, tag="record"):
    """A message, and whose it is."""

    prompt: Prompt
    then: NodeRef
    none: NodeRef = NodeId("")
    """Where a caller goes who said nothing, or less than `shortest`, or whom the PBX could not record."""
    queue: QueueRef = ""
    """Whose message it is; empty: the supervisors'."""
    shortest: Shortest = 2.0
    """Seconds of speech; less counts as no message."""
    longest: Longest = 120.0
    silence: Silence = 5.0
    """Seconds after which we believe that he has finished."""
    terminator: MessageTerminator = "#"
    """The key with which he ends it; empty: none does."""
    beep: bool = True

    def settled(self, by: Settling) -> Self:
        """Who leaves no message goes on all the same."""
        del by
        return replace(self, none=self.none or self.then)

    def ways(self) -> Iterator[Way]:
        """With a message, or without."""
        yield Way("then", self.then, by_caller=True)
        yield Way("none", self.none)

    def prompts(self) -> Iterator[tuple[str, Prompt]]:
        """What is said before the beep."""
        yield "prompt", self.prompt

    def contradictions(self) -> Iterator[tuple[Path, str]]:
        """Messages that nobody could leave."""
        if self.shortest > self.longest:
            yield ("shortest",), f"`shortest` is {self.shortest:g} s, but `longest` is {self.longest:g} s"

    def label_of(self, said: str) -> LabelTexts:
        """That there is one."""
        del said
        return MESSAGE_LEFT
