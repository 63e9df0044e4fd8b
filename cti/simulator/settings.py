"""What can be chosen about the simulated PBX: its numbers, sounds, passwords and habits."""

from collections.abc import Mapping

import msgspec


class Service(msgspec.Struct, frozen=True):
    """What the dialplan does with a number: `Stasis(app,args...)`."""

    app: str
    args: tuple[str, ...] = ()


def services(*numbers: str, app: str = "callwright") -> dict[str, Service]:
    """Numbers that the dialplan hands to the application as the one we ship does: `Stasis(callwright,in,<number>)`."""
    return {number: Service(app, ("in", number)) for number in numbers}


class Fallback(msgspec.Struct, frozen=True):
    """What the dialplan does when `Stasis()` fails or hands a caller back: it tries again, then lets him wait."""

    tries: int = 5
    """How often `Stasis()` is tried before the fallback begins."""
    pause: float = 0.5
    """Seconds between those."""
    announcement: str = "sound:pls-hold-while-try"
    music: str = "music:callwright"
    wait: float = 60.0
    """Seconds of music after which `Stasis()` is tried again."""
    rounds: int = 10
    """How often; then the caller is told to call later, and hung up."""


class Transfers(msgspec.Struct, frozen=True):
    """What the dialplan does with a caller who is to be put through to a number outside."""

    answers: Mapping[str, float] = {}
    """Numbers at which somebody answers, with the seconds that it rings there; nobody answers at any other."""
    sorry: str = "sound:vm-nobodyavail"
    """Said if nobody answers; then he is where he began."""
    rounds: int = 3
    """How often; then he is told to call later, and hung up."""
    there: bool = True
    """Whether the dialplan has a part for that at all."""


class PbxSettings(msgspec.Struct, frozen=True):
    """All of it; each field has a value that fits a first try."""

    services: Mapping[str, Service] = msgspec.field(default_factory=dict)
    """Dialled number -> service. Any other number is refused as unallocated."""
    fallback: Fallback = Fallback()
    transfers: Transfers = Transfers()
    channelvars: tuple[str, ...] = ("CALLWRIGHT", "CALLWRIGHT_ENTERED")
    """Variables shown in every channel of an event, as `channelvars` of ari.conf."""
    entered_variable: str = "CALLWRIGHT_ENTERED"
    """The dialplan writes the time of arrival into it, seconds since the epoch with milliseconds."""
    sounds: Mapping[str, float] = msgspec.field(default_factory=dict)
    """Length in seconds of sounds by name, without the `sound:`."""
    missing_sounds: frozenset[str] = frozenset()
    """Names that cannot be played."""
    user: str = "callwright"
    password: str = "simulated"
    ami_user: str = "callwright"
    ami_password: str = "simulated"
    version: str = "22.10.1"
    asterisk_id: str = "02:00:00:00:00:01"
    trunk: str = "callwright-trunk"
    """PJSIP endpoint over which callers come."""
    write_timeout: float = 0.1
    """Seconds after which a reader who does not take an event is dropped; `websocket_write_timeout` of ari.conf."""
    network_delay: float = 0.002
    """Seconds from an INVITE to the 180 of the phone."""
    key_seconds: float = 0.1
    """How long a caller holds a key, and pauses before the next."""
    remembered_ears: int = 1000
    """Ended channels whose `heard` is kept."""
