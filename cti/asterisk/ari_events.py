"""Events of ARI's WebSocket, decoded.

Asterisk 22 has 45 types of event; these are the ones that move a call. The link asks for them alone (`EVENT_TYPES`),
so the others seldom get here. Source: `rest-api/api-docs/events.json`.
"""

from typing import get_args

import msgspec

from cti.asterisk.ari_objects import Bridge, Channel, LiveRecording, Playback
from cti.asterisk.understanding import Irrelevant, NotUnderstood, not_understood


class AriEvent(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Base of all events; ARI calls the field with the kind `type`."""


class StasisStart(AriEvent, frozen=True):
    """A channel has entered our application; `args` are those of `Stasis()` behind the application's name."""

    channel: Channel
    args: tuple[str, ...] = ()


class StasisEnd(AriEvent, frozen=True):
    """A channel has left our application: hung up, or on its way in the dialplan."""

    channel: Channel


class ChannelStateChange(AriEvent, frozen=True):
    """A channel rings, or was answered."""

    channel: Channel


class ChannelDtmfReceived(AriEvent, frozen=True):
    """The end of a key's tone; now and then told twice (`cti.keys`)."""

    channel: Channel
    digit: str
    duration_ms: int = 0
    timestamp: str = ""
    """Asterisk's own time."""


class ChannelHangupRequest(AriEvent, frozen=True):
    """Somebody wants the channel to end: the phone itself, or (`soft`) somebody on the PBX, such as ourselves.

    `cause` is of Q.850, and 0 after a plain BYE; of a soft request it is something else altogether (Asterisk's own
    flag).
    """

    channel: Channel
    soft: bool = False
    cause: int = 0
    tech_cause: int = 0
    """SIP's own status, if there was one."""


class ChannelDestroyed(AriEvent, frozen=True):
    """The last of a channel; `cause` is of Q.850."""

    channel: Channel
    cause: int = 0
    tech_cause: int = 0


class ChannelEnteredBridge(AriEvent, frozen=True):
    """A channel takes part in a bridge."""

    bridge: Bridge
    channel: Channel


class ChannelLeftBridge(AriEvent, frozen=True):
    """A channel takes part no more."""

    bridge: Bridge
    channel: Channel


class BridgeDestroyed(AriEvent, frozen=True):
    """A bridge is gone."""

    bridge: Bridge


class PlaybackFinished(AriEvent, frozen=True):
    """A prompt is over; `playback.state` is `done` or `failed`."""

    playback: Playback


class RecordingFinished(AriEvent, frozen=True):
    """A recording is over, for whatever reason, and its file is whole."""

    recording: LiveRecording


class RecordingFailed(AriEvent, frozen=True):
    """Nothing could be recorded."""

    recording: LiveRecording


class ApplicationReplaced(AriEvent, frozen=True):
    """Another WebSocket has taken our application."""

    application: str = ""


AnyAriEvent = (
    StasisStart
    | StasisEnd
    | ChannelStateChange
    | ChannelDtmfReceived
    | ChannelHangupRequest
    | ChannelDestroyed
    | ChannelEnteredBridge
    | ChannelLeftBridge
    | BridgeDestroyed
    | PlaybackFinished
    | RecordingFinished
    | RecordingFailed
    | ApplicationReplaced
)

EVENT_TYPES = tuple(event.__name__ for event in get_args(AnyAriEvent))
"""Names of the events that we understand, for the application's event filter."""

_OTHER_TYPES = frozenset(
    {
        "ApplicationMoveFailed",
        "ApplicationRegistered",
        "ApplicationUnregistered",
        "BridgeAttendedTransfer",
        "BridgeBlindTransfer",
        "BridgeCreated",
        "BridgeMerged",
        "BridgeVideoSourceChanged",
        "ChannelCallerId",
        "ChannelConnectedLine",
        "ChannelCreated",
        "ChannelDialplan",
        "ChannelHold",
        "ChannelTalkingFinished",
        "ChannelTalkingStarted",
        "ChannelToneDetected",
        "ChannelTransfer",
        "ChannelUnhold",
        "ChannelUserevent",
        "ChannelVarset",
        "ContactStatusChange",
        "DeviceStateChanged",
        "Dial",
        "EndpointStateChange",
        "PeerStatusChange",
        "PlaybackContinuing",
        "PlaybackStarted",
        "RecordingStarted",
        "RESTResponse",
        "TextMessageReceived",
    }
)


class _AnyType(msgspec.Struct, frozen=True):
    type: str


_decoder: msgspec.json.Decoder[AnyAriEvent] = msgspec.json.Decoder(AnyAriEvent)
_type_decoder = msgspec.json.Decoder(_AnyType)


def decode_event(frame: bytes | str) -> AnyAriEvent | Irrelevant | NotUnderstood:
    """One WebSocket frame as a typed value. Never raises, whatever is in the frame."""
    try:
        return _decoder.decode(frame)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _explain(frame)


def _explain(frame: bytes | str) -> Irrelevant | NotUnderstood:
    """Why a frame could not be decoded; slower, but seldom."""
    try:
        kind = _type_decoder.decode(frame).type
    except msgspec.ValidationError:
        return not_understood("not an event", frame)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return not_understood("not JSON", frame)
    if kind in EVENT_TYPES:
        return not_understood("field missing or of a wrong kind", frame)
    if kind in _OTHER_TYPES:
        return Irrelevant(kind)
    return not_understood("unknown type of event", frame)
