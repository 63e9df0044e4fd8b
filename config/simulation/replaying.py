"""A recorded day once more, by its own rules and by others: the same callers at the same moments, the same agents at
work."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from random import Random

import msgspec

from acd.events import ReservationMade
from acd.floor import Output
from acd.model import QueueName
from acd.plan import CenterPlan
from acd.routing.decision import Decision
from acd.simulation.effects import Ending, Fate, fate
from acd.simulation.figures import EVERYWHERE, Figures, Grid, Place, measured
from acd.simulation.outcome import Outcome, Stay
from acd.simulation.people import Caller, Habits
from acd.simulation.recorded import RecordedCall, RecordedDay, back_after, shifts_of
from acd.simulation.shortcuts import Way, ways_of
from acd.simulation.world import World
from config.simulation.guesses import GAVE_UP, Guess
from config.simulation.uncollected import uncollected
from ivr.files.mistakes import instead

Rules = Sequence[tuple[float, CenterPlan]]
"""Plans, each with the time from which on it is in force: the first one from the start on."""


class NoWay(Exception):
    """A plan has no such queue, or no number leads to it. `str()` is for who wrote it."""


class Replayed(msgspec.Struct, frozen=True):
    """The day as it was, by its own rules and by the others."""

    fates: Sequence[Fate]
    """All callers, also those for whom nothing changes."""
    then: Figures
    own: Figures
    other: Figures


class _Run(msgspec.Struct, frozen=True):
    endings: Sequence[Ending]
    """Of each caller."""
    figures: Figures
    asked: Mapping[int, Decision]
    """Why the last agent asked for a caller was asked, where he is none who is expected."""


def replayed(
    day: RecordedDay, own: Rules, other: CenterPlan, seed: int = 1, tell: Callable[[float], None] = lambda _: None
) -> Replayed:
    """Run it twice. What the day does not tell is drawn, with this seed (`Guess`). Raises `NoWay`.

    `tell` gets the share that is done, 0 to 1, now and then.
    """
    all_callers = 2 * max(1, len(day.calls))
    first = _run(day, own, seed, (), lambda came: tell(came / all_callers))
    second = _run(day, [(day.start, other)], seed, first.endings, lambda came: tell(0.5 + came / all_callers))
    fates = [
        fate(call, first.endings[index], second.endings[index], second.asked.get(index))
        for index, call in enumerate(day.calls)
    ]
    stays = [
        Stay(index, call.last_queue, call.entered, call.wait, call.outcome, call.agent)
        for index, call in enumerate(day.calls)
    ]
    return Replayed(fates, _figures(day, Outcome(stays, (), 0, 0), other), first.figures, second.figures)


def _run(day: RecordedDay, rules: Rules, seed: int, expected: Sequence[Ending], tell: Callable[[int], None]) -> _Run:
    callers = callers_of(day, rules, seed)
    agents = {name: agent for _, plan in rules for name, agent in plan.agents.items()}
    habits = Habits(back_after=back_after(day, Habits().back_after))
    asked: dict[int, Decision] = {}

    def hear(output: Output) -> None:
        if isinstance(output, ReservationMade) and expected and output.segment:  # a message has none
            index = world.caller_of(output.interaction)
            asked.pop(index, None)
            if expected[index].agent not in ("", output.agent):
                asked[index] = output.why

    (_, plan), *later = rules
    with uncollected():
        world = World(plan, callers, shifts_of(day, agents), habits, hear, later, [*day.messages.values()])
        outcome = _with_keys(world.run(tell), day)
    endings = [Ending()] * len(callers)
    for stay in outcome.stays:  # the last one of each counts
        endings[stay.caller] = Ending(stay.queue, stay.outcome, stay.agent, stay.wait, stay.cause)
    return _Run(endings, _figures(day, outcome, plan), asked)


def _with_keys(outcome: Outcome, day: RecordedDay) -> Outcome:
    """Who left the queue by a key then leaves it now, too, if he is still there: the machine presses none."""
    calls = day.calls
    stays = [
        stay._replace(outcome=calls[stay.caller].outcome)
        if stay.outcome in GAVE_UP and calls[stay.caller].left_by_himself
        else stay
        for stay in outcome.stays
    ]
    return msgspec.structs.replace(outcome, stays=stays)


def _figures(day: RecordedDay, outcome: Outcome, plan: CenterPlan) -> Figures:
    grid = Grid(day.start, day.end - day.start, 1)
    return measured(outcome, plan, grid)[Place(EVERYWHERE, 0)]


def callers_of(day: RecordedDay, rules: Rules, seed: int) -> list[Caller]:
    """Everybody who came to a queue, in the order in which they did. Raises `NoWay`."""
    guesses = {queue: Guess([call for call in day.calls if call.queue == queue]) for queue in _queues(day)}
    since = [at for at, _ in rules]
    ways: dict[tuple[int, str, QueueName], Way] = {}
    found = []
    for call in day.calls:
        number = _in_force(since, call)
        key = number, call.dialled, call.queue
        if key not in ways:
            ways[key] = _way(rules[number][1], call)
        random = Random(f"{seed}/{call.interaction}")  # noqa: S311 - chance that can be repeated is wanted
        found.append(guesses[call.queue].caller(call, ways[key], random))
    return found


def _queues(day: RecordedDay) -> list[QueueName]:
    return list(dict.fromkeys(call.queue for call in day.calls))


def _way(plan: CenterPlan, call: RecordedCall) -> Way:
    """Which of the plan's ways a caller takes: his own number, or another one that leads to his queue."""
    ways = ways_of(plan)
    to_queue = [way for way in ways if way.queue == call.queue]
    if not to_queue:
        names = list(dict.fromkeys(str(way.queue) for way in ways))
        text = f"callers of that day came to the queue {str(call.queue)!r}, to which no number of this centre leads"
        raise NoWay(f"{text}; {instead(call.queue, names)}")
    return next((way for way in to_queue if way.entry_point == call.dialled), to_queue[0])


def with_ways(day: RecordedDay, rules: Rules) -> RecordedDay:
    """The day without the callers to whose first queue no number led: a flow for closed hours did, or a supervisor."""
    since = [at for at, _ in rules]
    queues = [{way.queue for way in ways_of(plan)} for _, plan in rules]
    calls = [call for call in day.calls if call.queue in queues[_in_force(since, call)]]
    return msgspec.structs.replace(day, calls=calls)


def _in_force(since: Sequence[float], call: RecordedCall) -> int:
    return max(0, bisect_right(since, call.entered) - 1)
