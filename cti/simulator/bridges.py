"""One bridge and one playback: data and JSON; what happens to them is in `bridging` and `playing`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from cti.simulator.timers import Timer
from cti.simulator.wire import JsonValue, timestamp


@dataclass(slots=True)
class Bridge:
    """Channels that hear each other (`mixing`), or wait together without hearing each other (`holding`)."""

    id: str
    name: str
    kind: str
    created: float
    channels: list[str] = field(default_factory=list)
    interest: dict[str, int] = field(default_factory=dict)
    music: str = ""
    playbacks: "list[Playback]" = field(default_factory=list)

    def as_json(self) -> dict[str, JsonValue]:
        """As Asterisk 22 shows a bridge made over ARI."""
        return {
            "id": self.id,
            "technology": self._technology(),
            "bridge_type": self.kind,
            "bridge_class": "stasis",
            "creator": "Stasis",
            "name": self.name,
            "channels": list(self.channels),
            "creationtime": timestamp(self.created),
            "video_mode": "talker",
        }

    def _technology(self) -> str:
        if self.kind == "holding":
            return "holding_bridge"
        return "simple_bridge" if len(self.channels) <= 2 else "softmix"


class PlaybackState(Enum):
    """Asterisk's words; `done` also says that it was stopped."""

    QUEUED = "queued"
    PLAYING = "playing"
    PAUSED = "paused"
    CONTINUING = "continuing"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True, eq=False)
class Playback:
    """Sounds played one after another to a channel or a bridge. `target` is their id.

    Two may have the same id: Asterisk takes a second one without complaint, and queues it behind the first.
    """

    id: str
    target: str
    target_kind: str
    media: tuple[str, ...]
    language: str
    index: int = 0
    state: PlaybackState = PlaybackState.QUEUED
    ends: float = 0.0
    left: float = 0.0
    """While paused, seconds that remain of the sound."""
    cancelled: bool = False
    """Stopped while it waited: it is over when its turn comes, and not before."""
    timers: list[Timer] = field(default_factory=list)
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    """What the channel is to do when this is over, before it plays the next."""

    def as_json(self) -> dict[str, JsonValue]:
        """As in events and answers."""
        json: dict[str, JsonValue] = {
            "id": self.id,
            "media_uri": self.media[self.index],
            "target_uri": f"{self.target_kind}:{self.target}",
            "language": self.language,
            "state": self.state.value,
        }
        if self.index + 1 < len(self.media):
            json["next_media_uri"] = self.media[self.index + 1]
        return json
