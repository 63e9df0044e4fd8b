"""`callwright report`: the figures of past days, for a terminal, a spreadsheet or a program."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import click
import msgspec
from click.core import ParameterSource

from acd.edge.reports import Reports, Wanted
from acd.plan import CenterPlan
from acd.reports.calendar import Every, Range, RangeMistake
from acd.reports.columns import Value
from acd.reports.contacts import MOST_DAYS_AFTER, RESOLVED_WITHIN, Resolution
from acd.reports.export import csv_text, json_text, table_csv, text_table
from acd.reports.flow_tables import About, flows_csv, short_table
from acd.reports.flows import FlowReport, Split
from acd.reports.report import By
from acd.reports.service_levels import GenesysSwitches
from config.center_file import load_center
from config.commands.options import Number, day_of, settings_file, settings_of
from config.commands.recorded import recorded
from config.process import told_plainly

_ONLY_FOR = {
    "every": "figures",
    "by": "figures",
    "service_level": "figures",
    "genesys": "figures",
    "resolved_within": "resolution",
    "split": "flows or nodes",
}
_TOLD = {
    "figures": "the figures are of each interval",
    "flows": "how callers fared in the flows is told for all days together, if not --split",
    "nodes": "how callers fared at each node is told for all days together, if not --split",
    "resolution": "first contact resolution is told for all days together, by group of queues",
}
_SWITCHES = {"flow-outs": "flow_outs", "without-short": "without_short", "without-abandoned": "without_abandoned"}


class _Asked(msgspec.Struct, frozen=True):
    """The command line, understood as far as it can be without the centre."""

    first: date | None
    last: date | None
    every: Every
    by: By
    format: str
    about: str
    service_level: float | None
    genesys: tuple[str, ...]
    resolved_within: int
    split: tuple[Split, ...]

    def days(self, reports: Reports, now: float) -> Range:
        """Today, if nothing is said; one day, if only the first or the last is."""
        last = self.last or self.first
        first = self.first or self.last
        today = reports.today(now)
        return Range(first or today, last or today)


def _day(_context: click.Context, _option: click.Parameter, said: str | None) -> date | None:
    return None if said is None else day_of(said)


@click.command()
@settings_file
@click.option("--from", "first", callback=_day, metavar="DAY", help="First day, such as 2026-11-02; today if not said.")
@click.option("--to", "last", callback=_day, metavar="DAY", help="Last day, included; the first one if not said.")
@click.option("--every", type=click.Choice([one.value for one in Every]), default="30m", show_default=True)
@click.option("--by", type=click.Choice([one.value for one in By]), default="queue", show_default=True)
@click.option("--format", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@click.option(
    "--about",
    type=click.Choice(["figures", "flows", "nodes", "resolution"]),
    default="figures",
    show_default=True,
    help="The figures; how callers fared in each flow, or at each of its nodes; or first contact resolution.",
)
@click.option(
    "--split", type=click.Choice([one.value for one in Split]), multiple=True,
    help="Flows and nodes: a line for each of these, too.",
)  # fmt: skip
@click.option("--service-level", type=Number(0, 86_400), metavar="SECONDS", help="For all queues alike.")
@click.option("--genesys", type=click.Choice(list(_SWITCHES)), multiple=True, help="A switch of that service level.")
@click.option(
    "--resolved-within", type=click.IntRange(1, MOST_DAYS_AFTER), default=RESOLVED_WITHIN, show_default=True,
    metavar="DAYS", help="Who comes again within these days had not been helped.",
)  # fmt: skip
def report(path: Path, first: date | None, last: date | None, every: str, by: str, **rest: object) -> None:
    """Tell the figures of whole days in the centre's time zone, per interval.

    docs/figures.md says what each means. CSV and JSON have all of them, the table those that matter most.
    """
    _check_options(str(rest["about"]))
    asked = msgspec.convert({"first": first, "last": last, "every": every, "by": by, **rest}, _Asked)
    with told_plainly():
        settings = settings_of(path)
        plan = load_center(Path(settings.center))
        try:
            lines = asyncio.run(_answer(settings.database_url(), plan, asked, time.time()))
        except RangeMistake as mistake:
            raise click.BadParameter(str(mistake), param_hint="--from, --to") from mistake
    for line in lines:
        click.echo(line)


def _check_options(about: str) -> None:
    """What was asked for and would be passed over is refused."""
    context = click.get_current_context()
    for option, only in _ONLY_FOR.items():
        if context.get_parameter_source(option) is ParameterSource.COMMANDLINE and about not in only.split(" or "):
            name = f"--{option.replace('_', '-')}"
            raise click.UsageError(f"{name} is for --about {only}: {_TOLD[about]}")


async def _answer(url: str, plan: CenterPlan, asked: _Asked, now: float) -> list[str]:
    async with recorded(url) as database:
        reports = Reports(database, lambda: plan)
        days = asked.days(reports, now)
        days.check()
        if asked.about in ("flows", "nodes"):
            return _of_flows(await reports.flows(days, asked.split), asked)
        if asked.about == "resolution":
            return _table(asked.format, *_of_groups(await reports.resolution(days, now, asked.resolved_within)))
        switches = GenesysSwitches(**{_SWITCHES[name]: True for name in asked.genesys})
        wanted = Wanted(days, asked.every, asked.by, switches, asked.service_level)
        found = await reports.report(wanted, now)
    if asked.format == "csv":
        return [csv_text(found).rstrip("\r\n")]
    if asked.format == "json":
        return [json_text(found).decode()]
    return [*text_table(found), *([] if found.lines else _not_yet(days, reports, now))]


def _not_yet(days: Range, reports: Reports, now: float) -> Iterator[str]:
    """Noughts that mean nothing are told as such."""
    if days.first > (today := reports.today(now)):
        yield f"{days.first} is still to come: in {reports.zone} it is {today}"


_Table = tuple[Sequence[str], list[Sequence[str | Value]]]


def _of_flows(report: FlowReport, asked: _Asked) -> list[str]:
    about = About(asked.about)
    if asked.format == "json":
        return [msgspec.json.encode(report).decode()]
    if asked.format == "csv":
        return [flows_csv(report, about).rstrip("\r\n")]
    of_nodes = about is About.NODES
    table = list(short_table(report, about, asked.split))
    return list(_in_columns(table, 1 + len(asked.split) + 2 * of_nodes, last_is_text=of_nodes))


def _of_groups(groups: Iterable[Resolution]) -> _Table:
    header = (
        "group",
        "closed",
        "followed",
        "young",
        "unknown",
        "resolution",
        "declared",
        "solved",
        "declared_resolution",
    )
    return header, [
        (
            one.group,
            one.closed,
            one.followed,
            one.young,
            one.unknown,
            one.share,
            one.declared,
            one.solved,
            one.declared_share,
        )
        for one in groups
    ]


def _table(form: str, header: Sequence[str], rows: list[Sequence[str | Value]]) -> list[str]:
    if form == "csv":
        return [table_csv(header, rows).rstrip("\r\n")]
    if form == "json":
        return [msgspec.json.encode([dict(zip(header, row, strict=True)) for row in rows]).decode()]
    return list(_aligned(header, rows))


def _aligned(header: Sequence[str], rows: list[Sequence[str | Value]]) -> Iterator[str]:
    names = [str(name).replace("_", " ") for name in header]
    yield from _in_columns([names, *([_cell(cell) for cell in row] for row in rows)], 1)


def _in_columns(rows: Sequence[Sequence[str]], names: int, *, last_is_text: bool = False) -> Iterator[str]:
    """The first so many columns are words, perhaps the last one too, the others numbers."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        words = {*range(names), *((len(row) - 1,) if last_is_text else ())}
        said = (f"{c:<{w}}" if place in words else f"{c:>{w}}" for place, (c, w) in enumerate(cells))
        yield "  ".join(said).rstrip()


def _cell(value: str | Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.1%}"
    return str(value) or "(at once)"
