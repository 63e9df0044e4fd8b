"""The things that ARI talks about, with the few of their fields that we use.

Source: Asterisk's own description of ARI (`rest-api/api-docs/*.json`). Fields that an Asterisk might leave out have a
default; only an object without an id is of no use.
"""

import msgspec

ENTERED_VARIABLE = "CALLWRIGHT_ENTERED"
"""Set by the dialplan that we ship: when the caller came, seconds since the Unix epoch."""
MEMORY_VARIABLE = "CALLWRIGHT"
"""The channel variable that holds our memory of a leg. ari.conf names it in `channelvars`, so that snapshots carry
it."""


class Party(msgspec.Struct, frozen=True):
    """One side's number and name, as the network gave them."""

    number: str = ""
    name: str = ""


class DialplanPlace(msgspec.Struct, frozen=True):
    """Where in the dialplan a channel is, and the application that has it."""

    context: str = ""
    exten: str = ""
    app_name: str = ""
    app_data: str = ""


class Channel(msgspec.Struct, frozen=True):
    """A channel's snapshot. `state` is `Down`, `Ring` (calls us), `Ringing` (we call it), `Up`, and a few more."""

    id: str
    name: str = ""
    state: str = ""
    caller: Party = Party()
    dialplan: DialplanPlace = DialplanPlace()
    channelvars: dict[str, str | None] = {}


class Bridge(msgspec.Struct, frozen=True):
    """A bridge's snapshot; `channels` are the ids of those in it."""

    id: str
    channels: tuple[str, ...] = ()


class Playback(msgspec.Struct, frozen=True):
    """A prompt on its way; `target_uri` is `channel:<id>` or `bridge:<id>`."""

    id: str
    target_uri: str = ""
    state: str = ""


class LiveRecording(msgspec.Struct, frozen=True):
    """What somebody says, on its way into a file; `target_uri` is `channel:<id>`. Lengths are known at the end."""

    name: str
    target_uri: str = ""
    state: str = ""
    duration: int = 0
    """Seconds."""
    talking_duration: int | None = None
    """Seconds of speech; only where silence ends a recording the PBX listens for it."""


class ApplicationInfo(msgspec.Struct, frozen=True):
    """What a Stasis application is subscribed to."""

    name: str
    channel_ids: tuple[str, ...] = ()
    bridge_ids: tuple[str, ...] = ()


class SystemInfo(msgspec.Struct, frozen=True):
    """Which Asterisk this is."""

    version: str
    entity_id: str = ""


class AsteriskInfo(msgspec.Struct, frozen=True):
    """Answer of `GET /asterisk/info`."""

    system: SystemInfo


class Complaint(msgspec.Struct, frozen=True):
    """The body of a refusal; ARI uses one of the two names."""

    message: str = ""
    error: str = ""


class Snapshot(msgspec.Struct, frozen=True):
    """All channels and bridges of one Asterisk at one moment (nearly: they are asked for one after the other)."""

    channels: tuple[Channel, ...] = ()
    bridges: tuple[Bridge, ...] = ()
