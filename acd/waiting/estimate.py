"""How long a caller will wait, learnt from this queue's own past, and how well that was foretold.

Two things are learnt. The *pace*: the time between two departures while others wait, times the agents who work; it
follows the day quickly (the last `DEPARTURES`). It predicts: place * pace / agents. This is the queue-length predictor
with observed throughput (Ibrahim and Whitt, "Real-time delay estimation based on delay history", 2009). Then, for
callers at a place of about that order, the *ratios* of the wait that came true to the one predicted: their quantiles
make a range of the prediction, and take out what it does not know of (callers who give up, priorities, other queues
of the same agents). Only who was answered teaches: of the others the truth is not known.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from math import ceil

import msgspec

DEPARTURES = 20
"""So many departures make the pace."""
FEWEST_DEPARTURES = 5
RATIOS = 200
"""So many callers, for places of one order, make the quantiles."""
FEWEST_RATIOS = 20
LOW, HIGH = 0.5, 0.9
"""The range: half of the callers wait longer than its lower end, one in ten longer than its upper end."""


Pace = tuple[int, float]
"""From which place on, and seconds for each place before it and its own: half of the callers wait longer."""


class Forecast(msgspec.Struct, frozen=True):
    """What was foretold for one stay in a queue. Durations are seconds."""

    place: int = 0
    """At entry; 0: nothing was foretold."""
    predicted: float = 0.0
    told_at: float = 0.0
    """When he was told a range for the first time; 0: never."""
    told_low: float = 0.0
    told_high: float = 0.0
    agents: int = 0
    """Who worked for him then."""


class PastWait(msgspec.Struct, frozen=True):
    """A caller of an earlier process who was answered: what was predicted at his entry, and his wait in seconds."""

    place: int
    predicted: float
    agents: int
    """0: not known."""
    wait: float


class Estimator:
    """One queue's."""

    __slots__ = ("_last", "_pace", "_ratios", "agents", "told", "within")

    def __init__(self) -> None:
        self._last: float | None = None
        """When somebody left, and others still waited; None: nobody has waited since."""
        self._pace: deque[float] = deque(maxlen=DEPARTURES)
        self._ratios: dict[int, deque[float]] = {}
        self.agents = 0
        """Who worked for the queue when somebody looked last."""
        self.told = 0
        """Callers who were told a range and answered later."""
        self.within = 0
        """Of those: whose wait was in it."""

    def left(self, now: float, others: int) -> None:
        """Somebody has left; `others` still wait."""
        if self._last is not None and self.agents:
            self._pace.append(max(0.0, now - self._last) * self.agents)
        self._last = now if others else None

    def emptied(self) -> None:
        """The last who waited was sent on: the next departure says nothing about the pace."""
        self._last = None

    def predicted(self, place: int, agents: int) -> float | None:
        """Seconds until somebody at that place is answered; None: nothing is known."""
        if len(self._pace) < FEWEST_DEPARTURES or not agents:
            return None
        return place * sum(self._pace) / len(self._pace) / agents

    def range_of(self, place: int, agents: int) -> tuple[float, float] | None:
        """Between which seconds that will be; None: too little is known."""
        predicted = self.predicted(place, agents)
        ratios = sorted(self._ratios.get(_order(place), ()))
        if predicted is None or len(ratios) < FEWEST_RATIOS:
            return None
        return predicted * _quantile(ratios, LOW), predicted * _quantile(ratios, HIGH)

    def paces(self, agents: int) -> list[Pace]:
        """What `range_of` knows of the lower end, for all places at once; for those further back than was ever known,
        what is known of the last."""
        predicted = self.predicted(1, agents)
        if predicted is None:
            return []
        return [
            (1 << (order - 1), predicted * _quantile(sorted(ratios), LOW))
            for order, ratios in sorted(self._ratios.items())
            if len(ratios) >= FEWEST_RATIOS
        ]

    def take_up(self, past: Iterable[PastWait]) -> None:
        """What an earlier process has learnt, from its callers in the order in which they left."""
        for one in past:
            if one.agents:
                self._pace.append(one.predicted * one.agents / one.place)
            self._learn(one.place, one.wait / one.predicted)

    def answered(self, forecast: Forecast, entered: float, now: float) -> None:
        """A caller's wait has come true."""
        if forecast.predicted > 0:
            self._learn(forecast.place, max(0.0, now - entered) / forecast.predicted)
        if forecast.told_at:
            self.told += 1
            self.within += forecast.told_low <= now - forecast.told_at <= forecast.told_high

    def _learn(self, place: int, ratio: float) -> None:
        self._ratios.setdefault(_order(place), deque(maxlen=RATIOS)).append(ratio)


def place_of_wait(paces: Sequence[Pace], seconds: float) -> int | None:
    """The first place at which somebody waits so long, as likely as not. Who is behind it waits no shorter."""
    for number, (first, each) in enumerate(paces):
        place = max(first, ceil(seconds / each)) if each > 0 else None
        if place is not None and (number + 1 == len(paces) or place < paces[number + 1][0]):
            return place
    return None


def _order(place: int) -> int:
    """Places 1, 2 to 3, 4 to 7...: further back, waits scatter less about what is predicted."""
    return place.bit_length()


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered), ceil(share * len(ordered))) - 1]
