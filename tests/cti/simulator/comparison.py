"""Makes what a real Asterisk said comparable with what the simulated PBX says.

Left out: ids that Asterisk makes up, times, versions, and the events that the simulated PBX does not send on purpose:
the sound quality that is written into variables at a hang-up, and the peer's name that is written several times over
whenever two channels meet. Two events of one moment, of which Asterisk sends now the one and now the other first, are
put into one order.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

import msgspec

Json = dict[str, object]

NOISE = re.compile(r"BRIDGEPEER|BRIDGEPVTCALLID|RTPAUDIOQOS.*")
VOLATILE = frozenset(
    {"timestamp", "asterisk_id", "creationtime", "protocol_id", "CALLWRIGHT_ENTERED", "duration_ms", "tech_cause"}
)
MEASURED = frozenset({"duration", "talking_duration", "silence_duration"})
"""Of a recording, in whole seconds; how much of it was talk is a matter of the line's noise."""
_NAME = re.compile(r"^(PJSIP/.*)-[0-9a-f]{8}$")


class Answered(msgspec.Struct, frozen=True):
    """The answer to one request."""

    request: str
    status: int
    body: object


class Log(msgspec.Struct, frozen=True):
    """What one run of a scenario gave."""

    answers: tuple[Answered, ...]
    events: tuple[Json, ...]


def normal(answers: Sequence[Answered], events: Sequence[Json], names: Mapping[str, str]) -> Log:
    """A log in its comparable form. `names` are the made-up ids, and what they are called instead."""
    kept = [
        {name: _plain(value, names) for name, value in event.items() if name not in VOLATILE}
        for event in events
        if not (event["type"] == "ChannelVarset" and NOISE.fullmatch(str(event["variable"])))
    ]
    for event in kept:
        if event["type"] == "Dial" and isinstance(event["peer"], dict):
            event["peer"]["state"] = "#"
        if isinstance(recording := event.get("recording"), dict):
            recording.update(dict.fromkeys(MEASURED & recording.keys(), "#"))
    plain = tuple(Answered(_renamed(a.request, names), a.status, _answer(a, names)) for a in answers)
    return Log(plain, tuple(_ordered(kept)))


def _answer(answered: Answered, names: Mapping[str, str]) -> object:
    body = _plain(answered.body, names)
    if answered.status == 201 and isinstance(body, dict):
        body["state"] = "#"  # a playback may have begun before the answer to its request is written
    return body


def _plain(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, dict):
        return {
            name: _sorted_if_set(name, _plain(inner, names)) for name, inner in value.items() if name not in VOLATILE
        }
    if isinstance(value, list):
        return [_plain(inner, names) for inner in value]
    if isinstance(value, str):
        return _NAME.sub(r"\1-#", _renamed(value, names))
    return value


def _renamed(text: str, names: Mapping[str, str]) -> str:
    for name, instead in names.items():
        text = text.replace(name, instead)
    return text


def _sorted_if_set(name: str, value: object) -> object:
    """Lists of ids are sets to Asterisk: their order is that of a hash table."""
    return sorted(value) if name in {"channels", "channel_ids", "bridge_ids"} and isinstance(value, list) else value


def _ordered(events: list[Json]) -> list[Json]:
    ordered: list[Json] = []
    for moment, events_of_it in groupby(events, _moment):
        together = list(events_of_it)
        if moment == "left" and len(together) > 1:
            _forget_who_is_left(together)
        ordered += sorted(together, key=_rank) if moment else together
    return ordered


def _forget_who_is_left(events: list[Json]) -> None:
    """Who is still in a bridge that two leave at once depends on their order."""
    for event in events:
        if isinstance(event["bridge"], dict):
            event["bridge"]["channels"] = "#"


def _moment(event: Json) -> str:
    """Events that come in any order among themselves have the same name here; others have none."""
    channel = event.get("channel")
    if event["type"] == "ChannelConnectedLine":
        return "connected"
    if event["type"] == "ChannelLeftBridge":
        return "left"
    if event["type"] == "Dial" and event["dialstatus"] in {"", "RINGING"}:
        return "ringing"
    if event["type"] == "ChannelStateChange" and isinstance(channel, dict) and channel["state"] == "Ringing":
        return "ringing"
    return ""


def _rank(event: Json) -> tuple[int, str]:
    """Dialled, rings, is said to ring; and of two channels the one with the lesser id."""
    peer, channel = event.get("peer"), event.get("channel")
    if isinstance(peer, dict):
        return (0 if not event["dialstatus"] else 2, "")
    return (1, str(channel["id"]) if isinstance(channel, dict) else "")
