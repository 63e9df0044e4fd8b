"""The database of an installation that has run, for commands that only ask it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from acd.edge.database import Database


@asynccontextmanager
async def recorded(url: str) -> AsyncIterator[Database]:
    """Brought up to date and open. Raises `click.ClickException` if there is none, for a new one, where the settings
    name the wrong folder, would answer every question with nothing; and the errors of `Database.prepare`."""
    database = Database(url)
    if not database.exists():
        raise click.ClickException(
            f"there is no database {database.shown}: Callwright has never run with these settings, or `data` is wrong"
        )
    try:
        await database.prepare()
        yield database
    finally:
        await database.close()
