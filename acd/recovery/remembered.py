"""What storage tells a new process of the time before it: so that figures, estimates, and who knows whom, go on.

Of agents and queues that are not in the plan any more, nothing is taken up.
"""

from acd.floor import Floor
from acd.model import AgentId
from acd.people.durations import PastDay
from acd.people.occupancy import PastWork
from acd.remembered import (
    CallersRemembered,
    DayRemembered,
    FiguresRemembered,
    WaitsRemembered,
    WorkRemembered,
)

Learnt = WorkRemembered | WaitsRemembered | FiguresRemembered | CallersRemembered | DayRemembered


def take_up(floor: Floor, remembered: Learnt) -> None:
    """Add it to what the process has seen itself."""
    match remembered:
        case WorkRemembered(works):
            for who, work in works.items():
                _of_agent(floor, who, work)
        case DayRemembered(days):
            for who, day in days.items():
                _of_agent(floor, who, day)
        case CallersRemembered():
            _of_callers(floor, remembered)
        case WaitsRemembered(waits):
            for name in waits.keys() & floor.queues.keys():
                floor.queues[name].estimator.take_up(waits[name])
        case FiguresRemembered(figures):
            for name in figures.keys() & floor.queues.keys():
                floor.queues[name].figures.take_up(figures[name])


def _of_agent(floor: Floor, who: AgentId, past: PastWork | PastDay) -> None:
    if (agent := floor.agents.get(who)) is None:
        return
    if isinstance(past, PastWork):
        agent.take_up(past)
    else:
        agent.take_up_day(past)
    floor.availability.look_again(agent, floor.now)


def _of_callers(floor: Floor, remembered: CallersRemembered) -> None:
    for talk in remembered.talks:
        floor.last_talks.note(talk.number, talk.agent, talk.at)
    for left in remembered.left:
        if (queue := floor.queues.get(left.queue)) is not None:
            queue.take_up_left(left)
