"""`callwright revisions`: by which center.yaml the centre has gone, and what one of them changed."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from acd.edge.revision_reader import RevisionReader, StoredRevision
from config.center_difference import difference
from config.center_file import load_center, plan_in_force_once
from config.commands.apply import tell_difference
from config.commands.options import settings_file, settings_of
from config.commands.recorded import recorded
from config.process import told_plainly
from ivr.files.mistakes import FileMistakes

Files = Mapping[str, str]


class _Kept(msgspec.Struct, frozen=True):
    """What storage says."""

    known: list[StoredRevision]
    files: Mapping[int, Files]
    """Of those that were asked for, and are there."""

    def of(self, number: int, option: str) -> Files:
        """The files of one. Raises `click.BadParameter`."""
        if number not in self.files:
            there = f"there are {len(self.known)}" if self.known else "there is none yet"
            raise click.BadParameter(f"there is no revision {number}; {there}", param_hint=option)
        return self.files[number]


@click.command()
@settings_file
@click.option("--show", "number", metavar="N", type=click.IntRange(1), help="Print the files of one of them.")
@click.option(
    "--diff",
    "pair",
    metavar="N M",
    type=click.IntRange(1),
    nargs=2,
    help="Show what changed from one to the other, in the words of `apply`.",
)
def revisions(path: Path, number: int | None, pair: tuple[int, int] | None) -> None:
    """List by which center.yaml the centre has gone, from when on, and who let it take effect; the oldest first.

    A start with other files than those of the last revision is one, too.

    Example: callwright revisions --config /etc/callwright/callwright.toml --diff 6 7
    """
    if number is not None and pair is not None:
        raise click.UsageError("--show and --diff are two questions: ask one of them")
    with told_plainly():
        settings = settings_of(path)
        wanted = pair or ((number,) if number is not None else ())
        kept = asyncio.run(_look_up(settings.database_url(), wanted))
        if number is not None:
            _print(kept.of(number, "--show"))
        elif pair is not None:
            _compare(pair, kept.of(pair[0], "--diff"), kept.of(pair[1], "--diff"))
        else:
            _list(kept.known, _zone(Path(settings.center)))


async def _look_up(url: str, numbers: tuple[int, ...]) -> _Kept:
    async with recorded(url) as database:
        reader = RevisionReader(database)
        files = {number: await reader.files(number) for number in numbers}
        return _Kept(await reader.all(), {number: of for number, of in files.items() if of is not None})


def _list(known: list[StoredRevision], zone: ZoneInfo) -> None:
    if not known:
        click.echo("There is no revision yet: the first comes with the first start.")
    for one in known:
        at = datetime.fromtimestamp(one.at, zone)
        click.echo(f"{one.number:4}  {at:%Y-%m-%d %H:%M:%S}  {one.by}  {one.summary}")


def _zone(center: Path) -> ZoneInfo:
    """The centre's. Whoever has spoilt its file looks here for the one that was right."""
    try:
        return ZoneInfo(load_center(center).zone)
    except FileMistakes as error:
        click.echo(f"note: the times are UTC, for {center} cannot be read ({error.mistakes[0]})", err=True)
        return ZoneInfo("UTC")


def _print(files: Files) -> None:
    for name, text in files.items():
        click.echo(f"# ---- {name}")
        click.echo(text, nl=not text.endswith("\n"))


def _compare(pair: tuple[int, int], before: Files, after: Files) -> None:
    """In words; line by line where today's Callwright cannot read one of them any more."""
    plans = []
    for number, files in zip(pair, (before, after), strict=True):
        try:
            plans.append(plan_in_force_once(files))
        except FileMistakes as error:
            click.echo(f"note: revision {number} cannot be read any more ({error.mistakes[0]}), so lines are compared")
            tell_difference(_lines(before, after))
            return
    lines = difference(*plans)
    tell_difference(lines)
    if not lines:
        same = before == after
        click.echo("They are the same." if same else "They say the same in other words (comments, order, spelling).")


def _lines(before: Files, after: Files) -> Iterator[str]:
    for name in dict.fromkeys((*before, *after)):
        old, new = (files.get(name, "").splitlines() for files in (before, after))
        yield from unified_diff(old, new, name, name, lineterm="")
