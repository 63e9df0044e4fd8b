"""What the telephone network tells us. Past tense: an event has happened and cannot be refused."""

import msgspec

from cti.commands import AnyCommand
from cti.model import CallerId, CallId, Endpoint, HangupCause, LegId, NodeName, PlaybackId, RecordingName


class PbxEvent(msgspec.Struct, frozen=True, tag=True):
    """Base of all that a PBX reports."""


class CallArrived(PbxEvent, frozen=True):
    """Somebody dialled one of our numbers. The leg is not answered yet."""

    call: CallId
    leg: LegId
    caller: CallerId
    dialled: str
    entered: float = 0.0
    """When he came to the PBX, seconds since the Unix epoch by the PBX's clock; 0 if it does not say. Long ago for
    somebody whom the dialplan's fallback has kept while we were down."""


class KeyPressed(PbxEvent, frozen=True):
    """A DTMF digit from a leg: one of `0123456789*#ABCD`."""

    leg: LegId
    key: str


class LegRinging(PbxEvent, frozen=True):
    """The phone of a leg that we called has begun to ring."""

    leg: LegId


class LegAnswered(PbxEvent, frozen=True):
    """A leg that we called was picked up."""

    leg: LegId


class LegsBridged(PbxEvent, frozen=True):
    """All legs of the call hear each other from now on."""

    call: CallId
    legs: tuple[LegId, ...]


class LegEnded(PbxEvent, frozen=True):
    """A leg is gone, whoever hung up. Said once per leg."""

    leg: LegId
    cause: HangupCause


class LegReturned(PbxEvent, frozen=True):
    """A leg is back in the dialplan, as `ReturnToDialplan` wanted: it lives, and is no longer ours. It may arrive anew,
    with the same id."""

    leg: LegId


class PlaybackEnded(PbxEvent, frozen=True):
    """A prompt is over: heard to its end, stopped, or (`failed`) it could not be played at all."""

    leg: LegId
    playback: PlaybackId
    failed: bool = False


class RecordingEnded(PbxEvent, frozen=True):
    """What somebody said is in its file, or (`failed`) could not be kept. Perhaps told after the leg's end."""

    leg: LegId
    recording: RecordingName
    duration: float = 0.0
    """Length of the file in seconds; the PBX counts whole ones."""
    spoken: float = 0.0
    """Seconds of it in which somebody spoke, as far as the PBX can tell that from silence."""
    failed: bool = False


class CommandFailed(PbxEvent, frozen=True):
    """The PBX could not or would not do what we asked. Carries the command, so that nobody has to remember it."""

    command: AnyCommand
    reason: str
    trouble: bool = False
    """The PBX did not answer, or was too busy to serve us: the reason is its state, and neither the leg nor a phone."""


class PhoneReachable(PbxEvent, frozen=True):
    """A phone is registered (again)."""

    node: NodeName
    endpoint: Endpoint


class PhoneUnreachable(PbxEvent, frozen=True):
    """A phone has no registration, or does not answer the PBX's qualify requests."""

    node: NodeName
    endpoint: Endpoint


class PhoneBusy(PbxEvent, frozen=True):
    """A phone rings, talks or holds somebody: in a call of ours, or in one that we know nothing of."""

    node: NodeName
    endpoint: Endpoint


class PhoneFree(PbxEvent, frozen=True):
    """That is over, or nobody can tell us any more whether it is."""

    node: NodeName
    endpoint: Endpoint


class LegSeen(msgspec.Struct, frozen=True):
    """One living leg, as found on the PBX after we had been away."""

    leg: LegId
    answered: bool
    bridged_with: tuple[LegId, ...] = ()
    memory: str = ""
    """What we last wrote on the leg with `Remember`; empty if nothing."""
    arrival: CallArrived | None = None
    """Set for a leg that entered from the dialplan; what was dialled and by whom."""


class PbxSynchronized(PbxEvent, frozen=True):
    """We are connected (again), and these are all our legs that live. What is not listed is gone."""

    node: NodeName
    legs: tuple[LegSeen, ...]


class PbxLost(PbxEvent, frozen=True):
    """The PBX does not answer, or its event stream broke. Calls may go on there; we do not see them."""

    node: NodeName
    reason: str


class PbxTaken(PbxEvent, frozen=True):
    """Another process drives this PBX now: nothing that we say reaches it, until the next `PbxSynchronized`."""

    node: NodeName


AnyPbxEvent = (
    CallArrived
    | KeyPressed
    | LegRinging
    | LegAnswered
    | LegsBridged
    | LegEnded
    | LegReturned
    | PlaybackEnded
    | RecordingEnded
    | CommandFailed
    | PhoneReachable
    | PhoneUnreachable
    | PhoneBusy
    | PhoneFree
    | PbxSynchronized
    | PbxLost
    | PbxTaken
)
