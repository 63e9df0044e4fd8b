"""Options that several commands share."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from config.settings import Settings, load_settings

Command = TypeVar("Command", bound=Callable[..., Any])

settings_file = click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="CALLWRIGHT_CONFIG",
    required=True,
    help="The settings of this installation (callwright.toml).",
)


def settings_of(path: Path) -> Settings:
    """File and environment. Raises `SettingsError`."""
    environment = {name: value for name, value in os.environ.items() if name != "CALLWRIGHT_CONFIG"}
    return load_settings(path, environment)
