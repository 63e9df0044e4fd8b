"""What we write on a leg, so that a process with an empty memory can take up its calls where they are.

Kept short: it travels in one channel variable. Anything that cannot be read is treated as nothing remembered.
"""

from collections.abc import Mapping, Sequence
from math import inf

import msgspec
from msgspec.structs import replace

from acd.calls.interactions import Surveyed
from acd.events import SegmentClosed
from acd.model import AgentId, InteractionId, InteractionOutcome, PathStep, QueueName, SegmentId, VoicemailId
from cti.model import CallerId
from ivr.dialogue.steps import Resumed, Saved, Shown
from ivr.nodes.to_queue import Need


class CallerInFlow(msgspec.Struct, frozen=True, tag="flow", omit_defaults=True):
    """The caller talks with a flow."""

    flow: str
    saved: Saved
    voicemail: VoicemailId = VoicemailId("")
    """The message that he is leaving just now."""
    recorded_since: float = 0.0
    surveyed: Surveyed | None = None
    """The talk that he is asked about."""


class CallerWaiting(msgspec.Struct, frozen=True, tag="waiting"):
    """The caller waits, or an agent's phone rings for him."""

    queue: QueueName
    segment: SegmentId
    since: float
    place: float
    missed_by: dict[AgentId, str] = {}
    needs: tuple[Need, ...] = ()
    named_agent: AgentId = AgentId("")
    ahead: float = 0.0


class CallerTalking(msgspec.Struct, frozen=True, tag="talking"):
    """The caller talks with an agent."""

    queue: QueueName
    segment: SegmentId
    entered: float
    agent: AgentId
    since: float


class CallerLeaving(msgspec.Struct, frozen=True, tag="leaving"):
    """The caller hears a last sentence."""

    outcome: InteractionOutcome
    after: tuple[SegmentClosed, ...] = ()
    """The stay in a queue that ended so, if there was one: the crash may have taken the fact."""
    texts: Mapping[str, str] = {}


CallerStage = CallerInFlow | CallerWaiting | CallerTalking | CallerLeaving

PATH_KEPT = 30
"""Steps of the path that are written down. Asterisk takes no more than 8,000 characters for the variable; a caller who
goes round in the menu must not lose his place for it."""

MISSED_KEPT = 50
"""Agents who have missed the call that are written down, the last ones: where many phones ring at once, they may be
hundreds. After a crash the first of them may be asked again."""


class CallerMemory(msgspec.Struct, frozen=True, tag="caller", omit_defaults=True):
    """On the customer's leg."""

    interaction: InteractionId
    caller: CallerId
    dialled: str
    started: float
    stage: CallerStage
    path: tuple[PathStep, ...] = ()
    """The last `PATH_KEPT` steps (`brief`)."""
    typed: str = ""
    """The customer's id, where he typed it."""
    left_message: bool = False
    sent_on_from: tuple[QueueName, ...] = ()
    language: str = ""
    """In which he is spoken to, if it is not his number's."""
    known: Mapping[str, str] = {}
    """What flows have learnt of him, if he is in none now."""
    visits: int = 0
    """How many of nodes he had begun."""
    verified: str = ""
    """The customer's id that he has proved to be his."""
    shown: tuple[Shown, ...] = ()
    """What the agent is to see of him."""


class AgentMemory(msgspec.Struct, frozen=True, tag="agent"):
    """On an agent's leg."""

    interaction: InteractionId
    agent: AgentId


Memory = CallerMemory | AgentMemory

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Memory] = msgspec.json.Decoder(Memory)


def began(stage: CallerStage) -> float:
    """When he came to where he is; `inf` if that is not written down."""
    match stage:
        case CallerInFlow(_, Saved(visit=Resumed(_, entered, _))):
            return entered
        case CallerWaiting() | CallerTalking():
            return stage.since
        case CallerInFlow() | CallerLeaving():
            return inf


def brief(path: Sequence[PathStep]) -> tuple[PathStep, ...]:
    """The last steps; their flow is named only where another one begins."""
    kept = path[-PATH_KEPT:]
    before = ("", *(step.flow for step in kept))
    return tuple(
        replace(step, flow="") if step.flow == flow else step for flow, step in zip(before, kept, strict=False)
    )


def brief_of_shown(shown: Sequence[Shown]) -> tuple[Shown, ...]:
    """In the centre's first language: all of it travels in one variable of the PBX's channel."""
    return tuple(Shown(dict(tuple(one.label.items())[:1]), one.text) for one in shown)


def in_full(path: Sequence[PathStep]) -> tuple[PathStep, ...]:
    """Each step with its flow again."""
    flow = ""
    return tuple(replace(step, flow=(flow := step.flow or flow)) for step in path)


def written(memory: Memory) -> str:
    """As text for `Remember`."""
    return _encoder.encode(memory).decode()


def read(text: str) -> Memory | None:
    """From a leg; None for nothing, or for what we cannot read (another version's, or somebody else's)."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
