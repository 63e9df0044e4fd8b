"""How long to wait before the next attempt to connect."""

from random import Random


class Backoff:
    """Doubles from 0.1 s to 2 s, each time with a random half taken off, so that many nodes do not come at once."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.reset()

    def reset(self) -> None:
        """The connection was good; start from the beginning next time."""
        self._delay = 0.1

    def next(self) -> float:
        """Seconds to wait now."""
        delay = self._delay * (1 - self._random.random() / 2)
        self._delay = min(2.0, self._delay * 2)
        return delay
