"""One channel: what Asterisk calls a leg. Data and its JSON; what happens to it is in `life`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from cti.simulator.bridges import Playback
from cti.simulator.hearing import Ear
from cti.simulator.recordings import Recording
from cti.simulator.timers import Timer
from cti.simulator.wire import JsonValue, timestamp


class ChannelState(Enum):
    """Asterisk's words. `RING` is somebody who calls us, `RINGING` a phone that we call."""

    DOWN = "Down"
    RING = "Ring"
    RINGING = "Ringing"
    UP = "Up"


class Party(Protocol):
    """Who is at the far end of a channel: a virtual caller or a virtual phone. Told what it would notice."""

    @property
    def tone(self) -> str:
        """The sound it makes while it talks; what the others in its bridge hear."""

    def answered(self) -> None:
        """The PBX picked up (a caller's call), or the pick-up reached the PBX (a phone's)."""

    def hears(self, media: str) -> None:
        """Another sound than before; empty for silence."""

    def ended(self, cause: int) -> None:
        """The channel is gone."""


class Nobody:
    """The far end of a channel that was created but not dialled."""

    tone = "tone:nobody"

    def answered(self) -> None:
        """Cannot happen: nobody was called."""

    def hears(self, media: str) -> None:
        """Nobody listens."""

    def ended(self, cause: int) -> None:
        """Nobody minds."""


NOBODY = Nobody()


@dataclass(slots=True)
class Position:
    """Where in the dialplan a channel is."""

    context: str
    exten: str
    priority: int = 1
    app_name: str = ""
    app_data: str = ""

    def as_json(self) -> dict[str, JsonValue]:
        """As in `channel.dialplan`."""
        return {
            "context": self.context,
            "exten": self.exten,
            "priority": self.priority,
            "app_name": self.app_name,
            "app_data": self.app_data,
        }


@dataclass(slots=True)
class Channel:
    """A living channel. `app` is the Stasis application that controls it, empty outside Stasis."""

    id: str
    name: str
    state: ChannelState
    created: float
    position: Position
    protocol_id: str = ""
    caller_number: str = ""
    caller_name: str = ""
    connected_number: str = ""
    connected_name: str = ""
    language: str = "en"
    variables: dict[str, str] = field(default_factory=dict)
    interest: dict[str, int] = field(default_factory=dict)
    """Applications that get its events; the number counts why."""
    app: str = ""
    wanted_app: str = ""
    """The application that a channel which we dial enters once it is answered."""
    wanted_args: tuple[str, ...] = ()
    bridge: str = ""
    playbacks: list[Playback | Recording] = field(default_factory=list)
    """The first is playing, or being made; the others wait."""
    spoken: list[tuple[float, float]] = field(default_factory=list)
    """From when to when the far end has spoken to whoever records it."""
    when_idle: Callable[[], None] | None = None
    """What is to be done when nothing plays any more, and all that waited for that is done."""
    music: str = ""
    """Class of its own music on hold; empty for none."""
    ringback: bool = False
    announcement: str = ""
    """What the dialplan itself lets it hear, outside Stasis."""
    tries: int = 0
    rounds: int = 0
    transfers: int = 0
    """How often the dialplan has tried Stasis for it, the fallback has gone round, and it was put through."""
    service: str = ""
    """The number that a caller has dialled."""
    held: bool = False
    dialled: str = ""
    """Name of the phone that was or will be called; empty for a caller's channel."""
    dialstring: str = ""
    """What `Dial` events say of it; empty for a channel that was created and dialled in two steps."""
    resting: tuple[str, str] = ("", "")
    """`app_name` and `app_data` that it shows outside Stasis."""
    party: Party = NOBODY
    ear: Ear = field(default_factory=Ear)
    timers: list[Timer] = field(default_factory=list)
    """Cancelled when it ends."""

    def as_json(self, channelvars: Sequence[str]) -> dict[str, JsonValue]:
        """As in every event; field names of Asterisk 22."""
        json: dict[str, JsonValue] = {
            "id": self.id,
            "name": self.name,
            "state": self.state.value,
            "protocol_id": self.protocol_id,
            "caller": {"name": self.caller_name, "number": self.caller_number},
            "connected": {"name": self.connected_name, "number": self.connected_number},
            "accountcode": "",
            "dialplan": self.position.as_json(),
            "creationtime": timestamp(self.created),
            "language": self.language,
        }
        if channelvars:
            json["channelvars"] = {name: self.variables.get(name, "") for name in channelvars}
        return json
