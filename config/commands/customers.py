"""`callwright customers`: whom the embedded CRM knows, for a company that has no CRM."""

import asyncio
import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TextIO

import click
import msgspec
from rich.console import Console
from rich.progress import open as opened_with_progress

from acd.edge.database import Database
from acd.model import Customer
from acd.numbers import e164
from config.center_shapes import LanguageTag
from config.commands.options import settings_file, settings_of
from config.data_folder import make_folder
from config.process import told_plainly
from config.settings import Settings
from crm_bridge.edge.embedded import EmbeddedCrm
from ivr.mistakes import WHOLE_FILE, FileMistakes, Mark, Mistake, instead, quoted

COLUMNS = ("id", "name", "numbers", "language", "company", "note", "owner")
"""Of the file; all but `id` and `name` may be missing. `numbers`: telephone numbers, separated by `;`; `owner`: the
agent who looks after the customer."""

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What Unicode calls control characters (Cc), but for tabs and line breaks."""


@click.group()
def customers() -> None:
    """Customers of the embedded CRM, for a company that has no CRM of its own."""


@customers.command("import")
@settings_file
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_(path: Path, file: Path) -> None:
    """Add customers from a CSV file (UTF-8, with a header), or write them anew.

    Columns: id (the customer number that callers type), name, numbers (separated by `;`), language, company, note,
    owner (the name of the agent who looks after him). Nothing is written if there is a mistake in the file.

    Example: callwright customers import --config /etc/callwright/callwright.toml customers.csv
    """
    with told_plainly():
        settings = settings_of(path)
        people = _read(file, settings.country)
        make_folder(Path(settings.data), "data")
        asyncio.run(_put(settings, people))
    click.echo("1 customer is known now." if len(people) == 1 else f"{len(people):,} customers are known now.")


def _read(file: Path, country: str) -> list[Customer]:
    """Raises `FileMistakes`."""
    mistakes: list[Mistake] = []
    people: list[Customer] = []

    def note(line: int, *texts: str) -> None:
        mistakes.extend(Mistake(str(file), Mark(line, 1) if line else WHOLE_FILE, text) for text in texts)

    lines: dict[str, int] = {}
    rows: csv.DictReader[str] | None = None
    try:
        with _opened(file) as stream:
            rows = csv.DictReader(stream, strict=True)
            note(1, *_about_columns(rows.fieldnames or ()))
            for row in () if mistakes else rows:
                line = _first_line(row, rows.line_num)
                wrong = list(_mistakes(row, country))
                if (before := lines.setdefault((row["id"] or "").strip(), line)) != line:
                    wrong.append(f"`id` {quoted(row['id'] or '')} stands in line {before} already")
                note(line, *wrong)
                if not wrong:
                    people.append(_customer(row))
    except UnicodeDecodeError as error:
        note(0, f"not UTF-8 (byte 0x{error.object[error.start]:02x}); save the file as UTF-8")
    except csv.Error as error:
        note(rows.line_num + 1 if rows else 0, _not_csv(str(error)))
    except OSError as error:
        note(0, f"cannot be read: {error.strerror}")
    if mistakes:
        raise FileMistakes(mistakes)
    return people


def _opened(file: Path) -> AbstractContextManager[TextIO]:
    """With a bar on a terminal's standard error: a million customers take a minute or two."""
    console = Console(stderr=True)
    return opened_with_progress(
        file,
        "rt",
        encoding="utf-8-sig",
        newline="",
        description="reading",
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _about_columns(names: Sequence[str]) -> Iterator[str]:
    for column in ("id", "name"):
        if column not in names:
            yield f"the column `{column}` is missing; the columns are {', '.join(COLUMNS)}"
    for column in names:
        if column not in COLUMNS:
            yield f"there is no column {column!r}; {instead(column, COLUMNS)}"


def _not_csv(said: str) -> str:
    if said == "unexpected end of data":
        return "a quotation mark does not close; one that belongs to the text is written twice, within two others"
    return f"not CSV: {said}"


def _first_line(row: dict[str, str], last: int) -> int:
    """Where a row begins that may have line breaks in it."""
    return last - sum(len(_LINE_BREAK.findall(row.get(column) or "")) for column in COLUMNS)


def _mistakes(row: dict[str, str], country: str) -> Iterator[str]:
    if None in row:
        yield "more fields than columns"
    for column in COLUMNS:
        yield from _about_characters(column, row.get(column) or "")
    number = (row["id"] or "").strip()
    if not (number.isascii() and number.isdigit()):
        yield f"`id` must be digits, as callers type it on a telephone; it is {quoted(row['id'] or '')}"
    if not (row["name"] or "").strip():
        yield "`name` is empty"
    for number in _numbers(row):
        if not e164(number, country):
            yield f"{quoted(number)} is not a telephone number"
    try:
        msgspec.convert(_language(row), LanguageTag)
    except msgspec.ValidationError:
        yield f"{quoted(_language(row))} is not right; expected a language such as en or zh (BCP 47)"


def _about_characters(column: str, text: str) -> Iterator[str]:
    """Only a note may have several lines; elsewhere a line break comes of a quotation mark that closes too late."""
    if column != "note" and _LINE_BREAK.search(text):
        yield f"a line break in `{column}`; does a quotation mark close too late?"
    if _CONTROL.search(text):
        yield f"a control character in `{column}`"


def _language(row: dict[str, str]) -> str:
    return (row.get("language") or "").strip() or "en"


def _numbers(row: dict[str, str]) -> list[str]:
    return [one.strip() for one in (row.get("numbers") or "").split(";") if one.strip()]


def _customer(row: dict[str, str]) -> Customer:
    return Customer(
        id=row["id"].strip(),
        name=row["name"].strip(),
        numbers=tuple(_numbers(row)),
        language=_language(row),
        company=(row.get("company") or "").strip(),
        note=(row.get("note") or "").strip(),
        owner=(row.get("owner") or "").strip(),
    )


async def _put(settings: Settings, people: list[Customer]) -> None:
    database = Database(settings.database_url())
    try:
        await database.prepare()
        await EmbeddedCrm(database.engine, settings.country).put(people)
    finally:
        await database.close()
