"""What several commands share: options, how they are read, and how far something is."""

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import Progress

from acd.plan import CenterPlan
from config.center_file import read_center
from config.center_source import CenterSource
from config.loaded import Loaded, load
from config.settings import Settings
from config.settings_file import load_settings

Command = TypeVar("Command", bound=Callable[..., Any])


class Number(click.FloatRange):
    """A number within limits; `nan`, which is within all of them, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        """As usual."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is no number", param, ctx)
        return float(number)


settings_file = click.option(
    "--config",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),  # what is wrong with it, the reader tells better
    envvar="CALLWRIGHT_CONFIG",
    show_envvar=True,
    required=True,
    help="The settings of this installation (callwright.toml).",
)


def plan_of(path: Path) -> CenterPlan:
    """What a center.yaml says; what is hardly meant goes to standard error. Raises `FileMistakes`."""
    plan, doubts = read_center(CenterSource(path))
    for doubt in doubts:
        click.echo(doubt.as_warning(), err=True)
    return plan


@contextmanager
def progress(what: str) -> Iterator[Callable[[float], None]]:
    """A bar on a terminal's standard error, of which nothing stays; to be told the share that is done, 0 to 1."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda done: bar.update(task, completed=done)


def day_of(said: str, hint: str | None = None) -> date:
    """A day as people write it in commands. `hint`: the argument's name, if click does not know which it is. Raises
    `click.BadParameter`."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise click.BadParameter(f"{said!r} is no day such as 2026-11-20", param_hint=hint) from None


def settings_of(path: Path) -> Settings:
    """File and environment. Raises `FileMistakes`."""
    return load_settings(path, os.environ)


def loaded(path: Path) -> Loaded:
    """File, environment, and the center.yaml that they name. Raises `FileMistakes`."""
    return load(path, os.environ)
