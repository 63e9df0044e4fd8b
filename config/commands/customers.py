"""`callwright customers`: whom the embedded CRM knows, for a company that has no CRM."""

import asyncio
import csv
from collections.abc import Iterator
from pathlib import Path

import click

from acd.edge.database import Database
from acd.model import Customer
from config.commands.options import settings_file, settings_of
from config.process import told_plainly
from config.settings import Settings
from crm_bridge.edge.embedded import EmbeddedCrm
from crm_bridge.mapping import e164

COLUMNS = ("id", "name", "numbers", "language", "company", "note")
"""Of the file; all but `id` and `name` may be missing. `numbers`: telephone numbers, separated by `;`."""


@click.group()
def customers() -> None:
    """The customers of the embedded CRM."""


@customers.command("import")
@settings_file
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_(path: Path, file: Path) -> None:
    """Add customers from a CSV file (UTF-8, with a header), or write them anew.

    Columns: id (the customer number that callers type), name, numbers (separated by `;`), language, company, note.
    Nothing is written if there is a mistake in the file.
    """
    with told_plainly():
        settings = settings_of(path)
        people = _read(file, settings.country)
        Path(settings.data).mkdir(parents=True, exist_ok=True)
        asyncio.run(_put(settings, people))
    click.echo(f"{len(people)} customers are known now.")


def _read(file: Path, country: str) -> list[Customer]:
    mistakes: list[str] = []
    people: list[Customer] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            missing = [column for column in ("id", "name") if column not in (rows.fieldnames or ())]
            unknown = [column for column in rows.fieldnames or () if column not in COLUMNS]
            if missing or unknown:
                told = ", ".join(
                    [f"`{one}` is missing" for one in missing] + [f"`{one}` is unknown" for one in unknown]
                )
                raise click.ClickException(f"{file}, line 1: {told}; the columns are {', '.join(COLUMNS)}")
            for row in rows:
                wrong = list(_mistakes(row, country))
                mistakes += [f"{file}, line {rows.line_num}: {one}" for one in wrong]
                if not wrong:
                    people.append(_customer(row))
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file}: is not a CSV file in UTF-8: {error}") from error
    if mistakes:
        raise click.ClickException("\n".join(mistakes))
    return people


def _mistakes(row: dict[str, str], country: str) -> Iterator[str]:
    if None in row:
        yield "more fields than columns"
    if not (row["id"] or "").strip().isdigit():
        yield f"`id` must be digits, as callers type it on a telephone; it is {row['id']!r}"
    if not (row["name"] or "").strip():
        yield "`name` is empty"
    for number in _numbers(row):
        if not e164(number, country):
            yield f"{number!r} is not a telephone number"


def _numbers(row: dict[str, str]) -> list[str]:
    return [one.strip() for one in (row.get("numbers") or "").split(";") if one.strip()]


def _customer(row: dict[str, str]) -> Customer:
    return Customer(
        id=row["id"].strip(),
        name=row["name"].strip(),
        numbers=tuple(_numbers(row)),
        language=(row.get("language") or "en").strip(),
        company=(row.get("company") or "").strip(),
        note=(row.get("note") or "").strip(),
    )


async def _put(settings: Settings, people: list[Customer]) -> None:
    database = Database(settings.database_url())
    try:
        await database.prepare()
        await EmbeddedCrm(database.engine, settings.country).put(people)
    finally:
        await database.close()
