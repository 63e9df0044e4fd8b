"""What a party heard, and when: the ear that tests hold to the receiver."""

from dataclasses import dataclass, field

import msgspec

SILENCE = ""
RINGBACK = "ringback"


class Heard(msgspec.Struct, frozen=True):
    """One stretch of sound: a sound's name, `music:<class>`, `ringback` or `tone:<party>`, several joined by `+`."""

    start: float
    end: float
    media: str
    completed: bool
    """Whether a prompt was heard to its end. Music, tones and what still sounds are never complete."""


@dataclass(slots=True)
class Ear:
    """The record of one channel. Silence is not recorded."""

    media: str = SILENCE
    since: float = 0.0
    past: list[Heard] = field(default_factory=list)

    def turn_to(self, media: str, now: float, *, completed: bool = False) -> bool:
        """From now on `media` is heard; tells whether that is new. `completed` speaks of what was heard until now."""
        if media == self.media and not completed:
            return False
        if self.media != SILENCE:
            self.past.append(Heard(self.since, now, self.media, completed))
        self.media = media
        self.since = now
        return True

    def record(self, now: float) -> list[Heard]:
        """All that was heard, what sounds at `now` included."""
        if self.media == SILENCE:
            return list(self.past)
        return [*self.past, Heard(self.since, now, self.media, completed=False)]
