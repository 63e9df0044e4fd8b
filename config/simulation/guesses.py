"""What a recorded day does not tell of its callers, and the others of the same queue do."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from random import Random

from acd.model import SegmentOutcome
from acd.simulation.people import Caller
from acd.simulation.recorded import RecordedCall
from acd.simulation.shortcuts import Way
from config.simulation.patience import Survival

GAVE_UP = frozenset({SegmentOutcome.ABANDONED, SegmentOutcome.SHORT_ABANDONED})
USUAL_TALK, USUAL_WRAP_UP, USUAL_PICK_UP = 180.0, 20.0, 3.0
"""Seconds, for a queue in which nobody was answered on that day."""


class Guess:
    """Of one queue: the patience of who was answered (`Survival`), and the talk of who was not."""

    def __init__(self, calls: Sequence[RecordedCall]) -> None:
        self._patience = Survival((call.stayed, call.outcome in GAVE_UP) for call in calls)
        self._talks = sorted(call.talk for call in calls if call.talk is not None)
        self._wrap_ups = sorted(call.wrap_up for call in calls if call.wrap_up is not None)
        self._pick_ups = sorted(call.pick_up for call in calls if call.pick_up is not None)

    def caller(self, call: RecordedCall, way: Way, random: Random) -> Caller:
        """One of them, again."""
        answered = call.talk is not None
        no_wrap_up = 0.0 if answered else _one_of(self._wrap_ups, USUAL_WRAP_UP, random)
        return Caller(
            at=call.entered,
            entry_point=way.entry_point,
            queue=way.queue,
            talk=_one_of(self._talks, USUAL_TALK, random) if call.talk is None else call.talk,
            patience=self._patience_of(call, random),
            wrap_up=no_wrap_up if call.wrap_up is None else call.wrap_up,
            pick_up=self._pick_up_of(call, random) if call.pick_up is None else call.pick_up,
            connect=call.connect,
            missed=call.missed,
            number=call.number,
            node=call.node,
        )

    def _patience_of(self, call: RecordedCall, random: Random) -> float:
        if call.outcome in GAVE_UP or call.left_by_himself:
            return call.stayed
        return self._patience.drawn(call.stayed, random)

    def _pick_up_of(self, call: RecordedCall, random: Random) -> float:
        """Longer than the phone rang that he did not wait for."""
        first = bisect_right(self._pick_ups, call.rang)
        if first == len(self._pick_ups):
            return math.ceil(call.rang) + USUAL_PICK_UP
        return self._pick_ups[random.randrange(first, len(self._pick_ups))]


def _one_of(values: Sequence[float], usual: float, random: Random) -> float:
    return random.choice(values) if values else usual
