"""`callwright replay`: what was, once more: a session with a PBX, or a day of the centre under other rules."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from acd.edge.recorded_day import recorded_day
from acd.edge.revision_reader import KeptRevision, RevisionReader
from acd.plan import CenterPlan
from acd.reports.calendar import Range, RangeMistake
from acd.simulation.recorded import RecordedDay
from config.commands.options import day_of, plan_of, progress, settings_of
from config.commands.recorded import recorded
from config.process import told_plainly
from config.simulation.own_rules import OwnRules, own_rules
from config.simulation.replay_text import Frame, told
from config.simulation.replaying import NoWay, replayed, with_ways
from cti.edge.trace import BadTrace
from cti.edge.trace import replay as replayed_trace


@click.command()
@click.argument("what", metavar="TRACE|DAY")
@click.option(
    "--json", "as_json", is_flag=True, help="A trace for programs: one JSON object a line, seconds since 1970."
)
@click.option(
    "--with", "center", metavar="FILE", type=click.Path(path_type=Path, readable=False), help="A center.yaml."
)
@click.option(
    "--config",
    "settings",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    envvar="CALLWRIGHT_CONFIG",
    show_envvar=True,
    help="The settings of this installation, for the days that its database keeps.",
)
@click.option(
    "--show", metavar="NUMBER", type=click.IntRange(0), default=20, show_default=True, help="Callers to tell of."
)
def replay(what: str, center: Path | None, settings: Path | None, *, as_json: bool, show: int) -> None:
    """Tell a session with a PBX again, or run a day of the centre under other rules.

    TRACE, a file of `callwright record`: every event that the brain would get today, with the seconds since the first.

    DAY, such as 2026-11-20, with --with CENTER.yaml: the callers and agents of that day, from the database, once by the
    rules of that day and once by those of the file, and which of the calls would have gone elsewhere, and why.
    """
    if center is None:
        _trace(Path(what), as_json=as_json)
        return
    day = day_of(what, "DAY")
    try:
        Range(day, day).check()
    except RangeMistake as mistake:
        raise click.BadParameter(str(mistake), param_hint="DAY") from mistake
    if settings is None:
        raise click.UsageError("a day is read from the database, so --config (or CALLWRIGHT_CONFIG) is needed")
    with told_plainly():
        of = settings_of(settings)
        plan = plan_of(center)
        found, kept = asyncio.run(_recorded(of.database_url(), day, ZoneInfo(plan.zone)))
        if not found.calls:
            raise click.ClickException(f"nobody came to a queue on {day}, as far as the database knows")
        own = own_rules(kept, of, found.start)
    for line in _compared(found, own, plan, Frame(str(day), plan.zone, own.name, str(center), most=show)):
        click.echo(line)


def _compared(day: RecordedDay, own: OwnRules, plan: CenterPlan, frame: Frame) -> Iterator[str]:
    known = with_ways(day, own.rules)
    left_out = len(day.calls) - len(known.calls)
    notes = [own.note] if own.note else []
    if left_out:
        notes.append(f"{left_out:,} more came to a queue to which no number led by these rules; they are left out")
    try:
        with progress("replaying") as tell:
            outcome = replayed(known, own.rules, plan, tell=tell)
    except NoWay as error:
        raise click.ClickException(f"{frame.other}: {error}") from error
    return told(outcome, msgspec.structs.replace(frame, notes=notes))


async def _recorded(url: str, day: date, zone: ZoneInfo) -> tuple[RecordedDay, list[KeptRevision]]:
    start, end = (datetime.combine(one, time(), zone).timestamp() for one in (day, day + timedelta(days=1)))
    async with recorded(url) as database:
        return await recorded_day(database, start, end), await RevisionReader(database).in_force(start, end)


def _trace(path: Path, *, as_json: bool) -> None:
    if not path.is_file():
        raise click.BadParameter(f"there is no file {str(path)!r}", param_hint="TRACE")
    first: float | None = None
    try:
        for at, event in replayed_trace(path):
            first = at if first is None else first
            if as_json:
                click.echo(msgspec.json.encode({"at": at, "event": event}).decode())
            else:
                click.echo(f"{at - first:10.3f}  {event}")
    except BadTrace as error:
        raise click.ClickException(str(error)) from error
