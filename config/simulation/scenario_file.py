"""Reads a scenario's file, or makes up a day for a centre that has none."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import yaml
from msgspec.structs import replace

from acd.model import AgentId
from acd.plan import CenterPlan
from acd.simulation.figures import able
from acd.simulation.shortcuts import ways_of
from config.simulation.scenario import Scenario, scenario_of
from config.simulation.shapes import CallsEntry, ScenarioFile, ShiftEntry
from ivr.edge.flow_files import read_text
from ivr.files.marked_yaml import parse
from ivr.files.mistakes import FileMistakes, Mistake
from ivr.files.shapes import Reader

LOAD = 0.78
"""Share of the agents' time that the made-up day's calls take on average."""
HANDLING = 205.0
"""Seconds that one of its calls takes: ring, talk and wrap-up."""
PROFILE = {
    "08:00": 0.7,
    "09:00": 1.1,
    "10:00": 1.2,
    "11:00": 1.1,
    "12:00": 0.8,
    "13:30": 1.1,
    "15:30": 1.0,
    "17:00": 0.7,
}
"""How the made-up day's calls are spread: times the average, from each hour on."""
LUNCHES = ("12:00-12:30", "12:30-13:00", "13:00-13:30")


def read_scenario(path: Path | None, plans: Sequence[CenterPlan]) -> Scenario:
    """The day in a file, or the usual one, checked against each of the centres. Raises `FileMistakes`."""
    agents = list(dict.fromkeys(agent for plan in plans for agent in plan.agents))
    if path is None:
        return _scenario(usual_day(plans[0], agents), plans, agents, Reader("the usual day", {}))
    parsed = parse(read_text(path), str(path))
    reader = Reader(
        str(path),
        {
            "entry_point": [one for one in plans[0].entry_points if all(one in plan.entry_points for plan in plans)],
            "queue": [one for one in plans[0].queues if all(one in plan.queues for plan in plans)],
            "agent": agents,
            "break_reason": list(dict.fromkeys(reason for plan in plans for reason in plan.break_reasons)),
        },
    )
    reader.mistakes.extend(parsed.mistakes)
    file = reader.read(parsed.tree, ScenarioFile)
    if file is None or reader.mistakes:
        raise FileMistakes(reader.mistakes)
    return _scenario(file, plans, agents, reader)


def usual_day(plan: CenterPlan, agents: Sequence[AgentId]) -> ScenarioFile:
    """A day that keeps a centre's agents about as busy as people can be kept for long."""
    serves = {queue: able(plan, queue) for queue in plan.queues}
    first = {way.queue: way for way in reversed(ways_of(plan))}
    reached = [queue for queue in plan.queues if queue in first]
    calls = {}
    for queue in reached:
        people = sum(1 / sum(agent in serves[other] for other in reached) for agent in serves[queue])
        mean = people * LOAD * 1800 / HANDLING
        arrivals = {since: round(factor * mean, 1) for since, factor in PROFILE.items()}
        calls[str(queue)] = CallsEntry(arrivals, first[queue].entry_point, str(queue))
    reason = "lunch" if "lunch" in plan.break_reasons else next(iter(plan.break_reasons), "")
    shifts = {
        f"lunch-{number}": ShiftEntry(tuple(agents[number - 1 :: 3]), breaks={reason: when} if reason else {})
        for number, when in enumerate(LUNCHES, start=1)
        if agents[number - 1 :: 3]
    }
    return ScenarioFile(calls, shifts=shifts)


def as_yaml(file: ScenarioFile) -> str:
    """The text of a scenario's file."""
    return str(yaml.safe_dump(msgspec.to_builtins(file), sort_keys=False, allow_unicode=True, default_flow_style=None))


def _scenario(file: ScenarioFile, plans: Sequence[CenterPlan], agents: Sequence[AgentId], reader: Reader) -> Scenario:
    scenario = scenario_of(file, plans[0], agents, reader)
    known = set(reader.mistakes)
    for plan in plans[1:]:
        scenario_of(file, plan, agents, reader)
    if reader.mistakes:
        raise FileMistakes([one if one in known else _of_the_other(one) for one in reader.mistakes])
    return scenario


def _of_the_other(mistake: Mistake) -> Mistake:
    """The day suits the first centre, and not the one that it is compared with."""
    return replace(mistake, text=f"{mistake.text} (in the centre to compare with)")
