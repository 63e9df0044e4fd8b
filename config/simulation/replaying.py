"""A recorded day under other rules: the same callers at the same moments, the same agents at work."""

from collections.abc import Mapping, Sequence
from random import Random

import msgspec

from acd.model import QueueName, SegmentOutcome
from acd.plan import CenterPlan
from acd.simulation.figures import EVERYWHERE, Figures, Grid, Place, measured
from acd.simulation.outcome import Outcome, Stay
from acd.simulation.people import Caller, Habits
from acd.simulation.recorded import Difference, RecordedCall, RecordedDay, back_after, shifts_of
from acd.simulation.shortcuts import Way, ways_of
from acd.simulation.world import World
from config.simulation.patience import Survival
from ivr.mistakes import instead

GAVE_UP = frozenset({SegmentOutcome.ABANDONED, SegmentOutcome.SHORT_ABANDONED})
USUAL_TALK, USUAL_WRAP_UP, USUAL_PICK_UP = 180.0, 20.0, 3.0
"""Seconds, for a queue in which nobody was answered on that day."""


class NoWay(Exception):
    """The other plan has no such queue, or no number leads to it. `str()` is for who wrote it."""


class Replayed(msgspec.Struct, frozen=True):
    """The day as it was and as it would have been."""

    differences: Sequence[Difference]
    """All callers, also those for whom nothing changes."""
    before: Figures
    after: Figures
    lost: int
    """Callers who would have come to no queue: outside the opening hours."""


def replayed(day: RecordedDay, plan: CenterPlan, seed: int = 1) -> Replayed:
    """Run it. What the day does not tell is drawn, with this seed: see `_Guess`. Raises `NoWay`."""
    callers = callers_of(day, plan, seed)
    habits = Habits(back_after=back_after(day, Habits().back_after))
    outcome = World(plan, callers, shifts_of(day, plan), habits).run()
    last: dict[int, Stay] = {stay.caller: stay for stay in outcome.stays}
    differences = [
        Difference(day.calls[index], stay.queue, stay.outcome, stay.agent, stay.wait)
        for index, stay in sorted(last.items())
    ]
    grid = Grid(day.start, day.end - day.start, 1)
    place = Place(EVERYWHERE, 0)
    then = [_stay(index, call) for index, call in enumerate(day.calls)]
    before = measured(Outcome(then, (), 0, 0), plan, grid)[place]
    return Replayed(differences, before, measured(outcome, plan, grid)[place], len(day.calls) - len(last))


def callers_of(day: RecordedDay, plan: CenterPlan, seed: int) -> list[Caller]:
    """Everybody who came to a queue, in the order in which they did. Raises `NoWay`."""
    ways = _ways(day, plan)
    guesses = {queue: _Guess([call for call in day.calls if call.queue == queue]) for queue in _queues(day)}
    return [
        guesses[call.queue].caller(call, ways[call.dialled, call.queue], Random(f"{seed}/{call.interaction}"))  # noqa: S311
        for call in day.calls
    ]


def _queues(day: RecordedDay) -> list[QueueName]:
    return list(dict.fromkeys(call.queue for call in day.calls))


def _ways(day: RecordedDay, plan: CenterPlan) -> Mapping[tuple[str, QueueName], Way]:
    """Which of the plan's ways each caller takes: his own number, or another one that leads to his queue."""
    ways = ways_of(plan)
    found: dict[tuple[str, QueueName], Way] = {}
    for dialled, queue in dict.fromkeys((call.dialled, call.queue) for call in day.calls):
        to_queue = [way for way in ways if way.queue == queue]
        if not to_queue:
            names = list(dict.fromkeys(str(way.queue) for way in ways))
            text = f"callers of that day came to the queue {str(queue)!r}, to which no number of this centre leads"
            raise NoWay(f"{text}; {instead(queue, names)}")
        found[dialled, queue] = next((way for way in to_queue if way.entry_point == dialled), to_queue[0])
    return found


class _Guess:
    """What a day does not tell of one queue's callers is taken from the others of that queue: the patience of who was
    answered (`Survival`), the talk of who was not (that of somebody who was)."""

    def __init__(self, calls: Sequence[RecordedCall]) -> None:
        self._patience = Survival((call.wait, call.outcome in GAVE_UP) for call in calls)
        self._talks = sorted(call.talk for call in calls if call.talk is not None)
        self._wrap_ups = sorted(call.wrap_up for call in calls if call.wrap_up is not None)
        self._pick_ups = sorted(call.pick_up for call in calls if call.pick_up is not None)

    def caller(self, call: RecordedCall, way: Way, random: Random) -> Caller:
        """One of them, again."""
        gave_up = call.outcome in GAVE_UP
        patience = call.wait if gave_up else self._patience.drawn(call.wait, random)
        answered = call.talk is not None
        no_wrap_up = 0.0 if answered else _one_of(self._wrap_ups, USUAL_WRAP_UP, random)
        return Caller(
            at=call.entered,
            entry_point=way.entry_point,
            queue=way.queue,
            talk=_one_of(self._talks, USUAL_TALK, random) if call.talk is None else call.talk,
            patience=patience,
            wrap_up=no_wrap_up if call.wrap_up is None else call.wrap_up,
            pick_up=_one_of(self._pick_ups, USUAL_PICK_UP, random) if call.pick_up is None else call.pick_up,
            missed=call.missed,
            number=call.number,
            node=call.node,
        )


def _one_of(values: Sequence[float], usual: float, random: Random) -> float:
    return random.choice(values) if values else usual


def _stay(index: int, call: RecordedCall) -> Stay:
    return Stay(index, call.last_queue, call.entered, call.wait, call.outcome, call.agent)
