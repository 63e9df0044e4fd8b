"""`callwright explain`: why this agent and nobody else, for a call that may be long over."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from acd.edge.history_reader import HistoryReader
from acd.edge.history_records import StoredAction, StoredInteraction, StoredReservation, StoredSegment
from acd.model import AgentId, InteractionId
from acd.routing.decision import Candidate
from acd.routing.explanation import Explanation
from acd.routing.preference import Part
from config.center_file import load_center
from config.commands.options import settings_file, settings_of
from config.commands.recorded import recorded
from config.process import told_plainly

Rosters = dict[str, tuple[AgentId, ...]]
_TIMES = frozenset({Part.LONGEST_IDLE.value, Part.LONGEST_READY.value, Part.ROUND_ROBIN.value})


@click.command()
@settings_file
@click.argument("interaction")
def explain(path: Path, interaction: str) -> None:
    """Tell why each agent of INTERACTION was asked, and for everybody else at work why not.

    INTERACTION is an id as the supervisor's page, the logs and the CRM show it.
    """
    with told_plainly():
        settings = settings_of(path)
        zone = ZoneInfo(load_center(Path(settings.center)).zone)
        found, rosters = asyncio.run(_look_up(settings.database_url(), InteractionId(interaction)))
        if found is None:
            text = f"there is no interaction {interaction!r} in the database"
            raise click.BadParameter(text, param_hint="INTERACTION")
    for line in told(found, rosters, zone):
        click.echo(line)


async def _look_up(url: str, interaction: InteractionId) -> tuple[StoredInteraction | None, Rosters]:
    async with recorded(url) as database:
        reader = HistoryReader(database)
        found = await reader.interaction(interaction)
        decisions = [one.decision for one in found.reservations if one.decision] if found else []
        return found, {one.roster: await reader.roster(one.roster) for one in decisions}


def told(interaction: StoredInteraction, rosters: Rosters, zone: ZoneInfo) -> Iterator[str]:
    """Line by line, in order of time."""
    clock = _Clock(zone)
    caller = interaction.caller_number or "a caller who hides his number"
    yield f"{interaction.id}: {caller} called {interaction.dialled} on {clock.day(interaction.started)}"
    if interaction.customer:
        yield f"{'':<10}customer {interaction.customer}{', who has proved it' if interaction.verified else ''}"
    for segment in interaction.segments:
        outcome = segment.outcome.value.replace("_", " ") if segment.outcome else "still there"
        waited = f" after {segment.wait:.1f} s" if segment.wait is not None else ""
        yield f"{clock.time(segment.entered)}  queue {segment.queue}: {outcome}{waited}"
        for held in interaction.reservations:
            if held.segment == segment.id:
                yield from _reservation(held, segment, rosters, clock)
    for action in interaction.actions:
        yield f"{clock.time(action.at)}  {action.name}: {_done(action)}"


class _Clock:
    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def day(self, at: float) -> str:
        return f"{datetime.fromtimestamp(at, self._zone):%Y-%m-%d %H:%M:%S %Z}"

    def time(self, at: float) -> str:
        return f"{datetime.fromtimestamp(at, self._zone):%H:%M:%S}"


def _done(action: StoredAction) -> str:
    match action.verb:
        case "prioritise":
            return f"a head start of {action.after} s, before {action.before} s"
        case "assign":
            return f"assigned to {action.agent}"
        case _:
            return f"moved from {action.before} to {action.after}"


def _reservation(held: StoredReservation, segment: StoredSegment, rosters: Rosters, clock: _Clock) -> Iterator[str]:
    ended = f"{held.outcome or 'not over yet'}" + (f" ({held.cause})" if held.cause else "")
    after = held.made - segment.entered
    yield f"{clock.time(held.made)}    {held.agent} was asked, {after:.1f} s after the queue entry: {ended}"
    if held.decision is None:
        yield "            why was not kept"
        return
    yield from _decision(held.decision, rosters.get(held.decision.roster, ()), clock)


def _decision(why: Explanation, agents: tuple[AgentId, ...], clock: _Clock) -> Iterator[str]:
    step = f" (step {why.step + 1})" if why.step else ""
    if why.by_hand:
        yield f"            {why.by_hand}"
        return
    yield f"            needed: {why.need}{step}; candidates, best first:"
    for agent, reason in why.preferred.items():
        yield f"            asked first, if possible: {agent} ({reason})"
    names = [_name(candidate) for candidate in why.candidates]
    width = max(map(len, names), default=0)
    for number, (name, candidate) in enumerate(zip(names, why.candidates, strict=True), start=1):
        parts = "  ".join(f"{part} {_value(part, value, clock)}" for part, value in candidate.parts.items())
        yield f"            {number:>3}. {name:<{width}}  {parts}"
    if not agents:
        yield "            who else was at work is not known: this roster is not in the database"
        return
    passed = why.passed(agents)
    if passed:
        yield "            not asked:"
    for reason, those in sorted(passed.items()):
        yield f"                 {reason}: {', '.join(those)}"


def _name(candidate: Candidate) -> str:
    return f"{candidate.agent}, {candidate.reason}" if candidate.reason else candidate.agent


def _value(part: str, value: int, clock: _Clock) -> str:
    if part in _TIMES:
        return f"since {clock.time(value / 1000)}" if value else "for ever"
    if part == Part.OCCUPANCY.value:
        return f"{value * 5}%"
    return str(value)
