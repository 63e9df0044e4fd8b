"""What a queue has decided for those who wait in it. Durations are seconds; texts are by language, complete."""

from collections.abc import Mapping

import msgspec

Texts = Mapping[str, str]
"""Language to what is said; not empty."""


class Announcements(msgspec.Struct, frozen=True):
    """What is said into the music."""

    every: float = 30.0
    """Music between the end of one announcement and the beginning of the next."""
    messages: tuple[Texts, ...] = ()
    """In turn, and again from the first."""
    position: bool = False
    """Say his place at entry, and again whenever it has become better."""


class WaitingPlan(msgspec.Struct, frozen=True):
    """All of it, for one queue."""

    announcements: Announcements = Announcements()
