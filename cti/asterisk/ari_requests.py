"""Our commands as requests of ARI, and the check that nothing a person typed becomes a second call or a second
request.

Ids are chosen by us, so a request whose answer got lost can be repeated: Asterisk refuses the second create, or does
the same again. `repeatable` says for which requests that holds. Source:
`rest-api/api-docs/{channels,bridges,playbacks,recordings}.json`.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

import msgspec

from cti.asterisk.ari_objects import MEMORY_VARIABLE
from cti.asterisk.q850 import REASONS
from cti.commands import (
    Answer,
    AnyCommand,
    Bridge,
    HangUp,
    LeaveBridge,
    PickUp,
    Play,
    Record,
    Remember,
    ReturnToDialplan,
    Ring,
    StartMusic,
    StopMusic,
    StopPlayback,
    StopRecording,
)
from cti.model import CallerId, CallId, LegId, RecordingName, channel_of

BRIDGE_PREFIX = "callwright-"
LEG_ARGUMENT = "leg"
"""First argument of `Stasis()` for the legs that we ring; the dialplan gives `in` and the number dialled."""
RECORDING_FORMAT = "wav"
"""What every Asterisk can write and every browser can play: 16 bit, 8 kHz, 16 kB a second."""
TRANSFER_CONTEXT, TRANSFER_LABEL = "callwright-transfer", "out"
"""Where the dialplan puts callers through to other numbers."""
NO_MEMORY = "-"
"""Stands for an empty memory, so that each leg of ours bears the variable and is known by it while it still rings."""

_ENDPOINT = re.compile(r"[A-Za-z0-9_]{1,20}/[A-Za-z0-9_.@+:;/*#~-]{1,200}")
_ID = re.compile(r"[A-Za-z0-9_.:;@+~-]{1,150}")
_PLAYBACK = re.compile(r"[A-Za-z0-9_.:;@+~/-]{1,150}")
_RECORDING = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""It becomes the name of a file; so no dots and no folders."""
_TERMINATORS = re.compile(r"[*#]?")
"""ARI takes no digit there."""
_MUSIC = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_NUMBER = re.compile(r"\+?[0-9*#]{1,30}")
_UNTOLD = re.compile(r'[\x00-\x1f\x7f"<>\\]')
_LONGEST_MEMORY = 8_000
_GONE = frozenset({404})
_NOT_INSIDE = frozenset({404, 422})


class UnsafeValue(ValueError):
    """A value that must not reach the PBX. The message names the field, never the value."""


class AriRequest(msgspec.Struct, frozen=True):
    """One REST request. `path` is quoted and relative to ARI's root; `query` and `body` are not encoded yet."""

    method: str
    path: str
    query: Mapping[str, str] = {}
    body: Mapping[str, object] = {}
    repeatable: bool = True
    """Whether sending it twice does no harm."""
    done_if: frozenset[int] = frozenset()
    """Statuses of refusal that mean: it is already so."""
    creates: str = ""
    """Path of what it makes, if that is to be looked for when the request is refused or its answer is lost."""

    @property
    def target(self) -> str:
        """Path and query, encoded."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def requests_for(command: AnyCommand, app: str, media: Sequence[str] = ()) -> tuple[AriRequest, ...]:
    """The requests that carry out a command, to be sent one after the other.

    `media` are the URIs of a `Play`'s sounds. `PickUp` is AMI's: it has none here. Raises `UnsafeValue`.
    """
    leg = _channel_path(command.leg)
    requests: list[AriRequest] = []
    match command:
        case Answer():
            requests = [AriRequest("POST", f"{leg}/answer")]
        case Play(playback=playback):
            path = f"{leg}/play/{_segment('playback', _PLAYBACK, playback)}"
            requests = [AriRequest("POST", path, body={"media": list(media)}, repeatable=False)]
        case StopPlayback(playback=playback):
            path = f"/playbacks/{_segment('playback', _PLAYBACK, playback)}"
            requests = [AriRequest("DELETE", path, done_if=_GONE)]
        case Record():
            requests = [_record(command)]
        case StopRecording(recording=recording):
            requests = [AriRequest("POST", f"{live_recording(recording)}/stop")]
        case StartMusic(music=music):
            requests = [AriRequest("POST", f"{leg}/moh", {"mohClass": _matching("music", _MUSIC, music)})]
        case StopMusic():
            requests = [AriRequest("DELETE", f"{leg}/moh")]
        case Remember(memory=memory):
            body = {"variable": MEMORY_VARIABLE, "value": _memory(memory)}
            requests = [AriRequest("POST", f"{leg}/variable", body=body)]
        case Ring():
            requests = [_ring(command, app)]
        case Bridge():
            requests = _bridge(command)
        case LeaveBridge(call=call):
            path = f"/bridges/{_segment('bridge', _ID, bridge_of(call))}/removeChannel"
            channel = _matching("leg", _ID, channel_of(command.leg))
            requests = [AriRequest("POST", path, {"channel": channel}, done_if=_NOT_INSIDE)]
        case HangUp(cause=cause):
            requests = [AriRequest("DELETE", leg, {"reason": REASONS[cause]}, done_if=_GONE)]
        case ReturnToDialplan(number=number):
            requests = [AriRequest("POST", f"{leg}/continue", body=_place(number), repeatable=False)]
        case PickUp():
            pass
    return tuple(requests)


def _place(number: str) -> Mapping[str, object]:
    """Where in the dialplan a caller goes on. Asterisk looks for a label before it lets him go, and refuses if there is
    none; a context alone it believes, and hangs up."""
    if not number:
        return {}
    return {"context": TRANSFER_CONTEXT, "extension": _matching("number", _NUMBER, number), "label": TRANSFER_LABEL}


def bridge_of(call: CallId) -> str:
    """The id of a call's bridge, on the PBX of the call."""
    return BRIDGE_PREFIX + call.partition("/")[2]


def destroy_bridge(bridge: str) -> AriRequest:
    """Take away a bridge that nobody is in any more."""
    return AriRequest("DELETE", f"/bridges/{_segment('bridge', _ID, bridge)}", done_if=_GONE)


def _ring(command: Ring, app: str) -> AriRequest:
    body = {
        "endpoint": _matching("endpoint", _ENDPOINT, command.endpoint),
        "app": app,
        "appArgs": LEG_ARGUMENT,
        "callerId": _caller_id(command.caller),
        "timeout": max(1, round(command.timeout)),
        "variables": {MEMORY_VARIABLE: _memory(command.memory)},
    }
    channel = _channel_path(command.leg)
    return AriRequest("POST", channel, body=body, creates=channel)


def _record(command: Record) -> AriRequest:
    """A second one of the name is refused, while it is made and afterwards: then only the first's answer was lost."""
    body = {
        "name": _matching("recording", _RECORDING, command.recording),
        "format": RECORDING_FORMAT,
        "maxDurationSeconds": max(1, round(command.longest)),
        "maxSilenceSeconds": round(command.silence),
        "ifExists": "fail",
        "beep": command.beep,
        "terminateOn": _matching("ends_with", _TERMINATORS, command.ends_with) or "none",
    }
    return AriRequest("POST", f"{_channel_path(command.leg)}/record", body=body, done_if=frozenset({409}))


def live_recording(recording: RecordingName) -> str:
    """Where a recording is while it is being made. Raises `UnsafeValue`."""
    return f"/recordings/live/{_segment('recording', _RECORDING, recording)}"


def stored_recording(recording: RecordingName) -> str:
    """Where it is afterwards. Raises `UnsafeValue`."""
    return f"/recordings/stored/{_segment('recording', _RECORDING, recording)}"


def _bridge(command: Bridge) -> list[AriRequest]:
    """Music goes first: a channel that still plays it would drop what the others say."""
    bridge = f"/bridges/{_segment('bridge', _ID, bridge_of(command.call))}"
    channels = ",".join(_matching("leg", _ID, channel_of(leg)) for leg in (command.leg, *command.others))
    return [
        AriRequest("DELETE", f"{_channel_path(command.leg)}/moh"),
        AriRequest("POST", bridge, body={"type": "mixing", "name": bridge_of(command.call)}, done_if=frozenset({409})),
        AriRequest("POST", f"{bridge}/addChannel", {"channel": channels}),
    ]


def _channel_path(leg: LegId) -> str:
    return f"/channels/{_segment('leg', _ID, channel_of(leg))}"


def _segment(field: str, pattern: re.Pattern[str], value: str) -> str:
    return quote(_matching(field, pattern, value), safe="")


def _matching(field: str, pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise UnsafeValue(f"{field} has characters that must not reach the PBX, or a length that cannot be right")
    return value


def _memory(value: str) -> str:
    if len(value) > _LONGEST_MEMORY or any(c in value for c in "\r\n\0"):
        raise UnsafeValue("memory is too long, or has line ends or NUL in it")
    return value or NO_MEMORY


def _caller_id(caller: CallerId) -> str:
    """`"Name" <number>`. What the network sent us is cleaned, not refused: a strange name must not cost the call."""
    number = _UNTOLD.sub("", caller.number).replace(" ", "")[:40]
    name = _UNTOLD.sub("", caller.name)[:80]
    return f'"{name}" <{number}>'
