"""One recording of what a channel's far end says: data, JSON, and a file with sound where somebody spoke."""

import io
import math
import wave
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

import msgspec

from cti.simulator.timers import Timer
from cti.simulator.wire import JsonValue

RATE = 8000
"""Samples a second, 16 bits each."""
VOICE = 440
"""Hz of the tone that stands for a voice."""

Spans = Sequence[tuple[float, float]]
"""From when to when somebody spoke, in order."""


class Stored(msgspec.Struct, frozen=True):
    """A recording that is over. Spans are seconds from its beginning."""

    name: str
    format: str
    duration: float
    spoken: tuple[tuple[float, float], ...] = ()

    def as_json(self) -> dict[str, JsonValue]:
        """As in answers."""
        return {"name": self.name, "format": self.format}

    def file(self) -> bytes:
        """WAV: a tone where somebody spoke, silence elsewhere."""
        samples = bytearray(2 * round(self.duration * RATE))
        for since, until in self.spoken:
            first, last = (2 * round(min(at, self.duration) * RATE) for at in (since, until))
            tone = _second_of_voice()
            samples[first:last] = (tone * ((last - first) // len(tone) + 1))[: last - first]
        file = io.BytesIO()
        with wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(bytes(samples))
        return file.getvalue()


@cache
def _second_of_voice() -> bytes:
    return array("h", [round(8000 * math.sin(2 * math.pi * VOICE * n / RATE)) for n in range(RATE)]).tobytes()


def _nothing() -> None:
    """Until `recorder` says what is to be done."""


@dataclass(slots=True, eq=False)
class Recording:
    """One that waits for its turn on the channel, or is being made."""

    name: str
    format: str
    target: str
    longest: float = 0.0
    """Seconds; 0: no bound."""
    silence: float = 0.0
    """Seconds of silence that end it; 0: none do."""
    terminators: str = ""
    began: float | None = None
    timers: list[Timer] = field(default_factory=list)
    begin: Callable[[], None] = _nothing
    """What the channel calls when it is its turn."""
    give_up: Callable[[], None] = _nothing
    """What the channel calls when it goes away."""
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    """What the channel is to do when this is over, before it plays or records the next."""

    def as_json(self, state: str) -> dict[str, JsonValue]:
        """As in events and answers."""
        return {"name": self.name, "format": self.format, "state": state, "target_uri": f"channel:{self.target}"}

    @property
    def state(self) -> str:
        """Asterisk's word."""
        return "queued" if self.began is None else "recording"
