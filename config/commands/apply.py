"""`callwright apply`: another center.yaml while the centre runs."""

import os
from collections.abc import Iterable
from pathlib import Path

import click

from config.center_file import load_center, read_center
from config.center_source import CenterSource
from config.commands.options import settings_file, settings_of
from config.control import Applied, Apply, NobodyRuns, ask
from config.process import told_plainly
from config.settings import Settings
from ivr.files.mistakes import FileMistakes

COLOURS = {"+": "green", "-": "red", "~": "yellow"}


@click.command()
@settings_file
@click.argument("center", type=click.Path(path_type=Path), metavar="CENTER.yaml")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def apply(path: Path, center: Path, dry_run: bool) -> None:
    """Let CENTER.yaml and its flows take effect in the centre that runs. No call is dropped, nobody is logged out.

    Shows what changes: `+` new, `-` gone, `~` another value. If anything is wrong, nothing is changed. To be run as the
    user that runs the centre, or as root.

    Example: callwright apply --config /etc/callwright/callwright.toml /etc/callwright/center.yaml --dry-run
    """
    with told_plainly():
        settings = settings_of(path)
        source = CenterSource(center)
        _, doubts = read_center(source, settings.installed())
        for doubt in doubts:
            click.echo(doubt.as_warning())
        question = Apply(str(center), source.files, dry_run, os.environ.get("SUDO_USER", ""))
        try:
            told = ask(Path(settings.data), question)
        except NobodyRuns:
            raise click.ClickException(_nobody_runs(settings, source)) from None
    _tell(told)
    if told.mistakes:
        raise click.ClickException("The centre that runs cannot go by these files. Nothing was changed.")
    _tell_outcome(told, dry_run)
    if told.in_force or not told.difference:
        _warn_of_next_start(settings, source)


def tell_difference(lines: Iterable[str]) -> None:
    """What changes, in the colours in which people know it."""
    for line in lines:
        click.secho(line, fg=COLOURS.get(line[:1]))


def _tell(told: Applied) -> None:
    tell_difference(told.difference)
    for line in told.consequences:
        click.echo(f"note: {line}")
    for line in told.mistakes:
        click.echo(line, err=True)


def _tell_outcome(told: Applied, dry_run: bool) -> None:
    if not told.difference:
        click.echo("Nothing changes: the centre goes by this already.")
    elif dry_run:
        count = len(told.difference)
        click.echo(f"{count} change{'' if count == 1 else 's'}. This was a trial: nothing is changed.")
    elif told.revision:
        click.echo(f"In force as revision {told.revision}.")
    else:
        click.echo("In force. The revision is kept as soon as the database is back.")


def _nobody_runs(settings: Settings, source: CenterSource) -> str:
    text = f"no centre runs with the folder {settings.data} (data in the settings), so nothing was applied."
    if _is_next(settings, source):
        return f"{text} The file is in order, and counts from the next start."
    return f"{text} The next start reads {settings.center}, which says something else."


def _warn_of_next_start(settings: Settings, source: CenterSource) -> None:
    if not _is_next(settings, source):
        click.echo(f"warning: the next start reads {settings.center}, which says something else")


def _is_next(settings: Settings, source: CenterSource) -> bool:
    """Whether the file of the settings says the same."""
    try:
        return load_center(Path(settings.center)) == load_center(source.path)
    except FileMistakes:
        return False
