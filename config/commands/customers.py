"""`callwright customers`: whom the embedded CRM knows, for a company that has no CRM."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import open as opened_with_progress

from acd.edge.database import Database
from acd.model import Customer
from config.commands.customer_pins import pin, unlock
from config.commands.options import progress, settings_file, settings_of
from config.customer_file import CustomerFile
from config.data_folder import make_folder
from config.process import told_plainly
from config.settings import Settings
from crm_bridge.connector import CrmFailed
from crm_bridge.edge.embedded import EmbeddedCrm
from ivr.files.mistakes import MOST_TOLD, WHOLE_FILE, Mistake


@click.group()
def customers() -> None:
    """Customers of the embedded CRM, for a company that has no CRM of its own."""


@customers.command("import")
@settings_file
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_(path: Path, file: Path) -> None:
    """Add customers from a CSV file (UTF-8, with a header), or write them anew.

    Columns: id (the customer number that callers type), name, numbers (separated by `;`), language, company, note,
    owner (the name of the agent who looks after him), class (a word of yours, such as gold). Nothing is written if
    there is a mistake in the file. Mistakes are told as they are found; after a hundred the rest of the file is not
    read.

    Example: callwright customers import --config /etc/callwright/callwright.toml customers.csv
    """
    with told_plainly():
        settings = settings_of(path)
        people = _read(file, settings.country)
        make_folder(Path(settings.data), "data")
        asyncio.run(_put(settings, people))
    click.echo("1 customer is known now." if len(people) == 1 else f"{len(people):,} customers are known now.")


customers.add_command(pin)
customers.add_command(unlock)


def _read(file: Path, country: str) -> list[Customer]:
    """Tells mistakes where they are met. Raises `click.ClickException` if there is one."""
    console = Console(stderr=True)
    people: list[Customer] = []
    wrong = 0
    with _opened(file, console) as lines:
        for found in _found(file, lines, country):
            if isinstance(found, Customer):
                if not wrong:
                    people.append(found)
                continue
            console.print(str(found), markup=False, highlight=False, emoji=False, soft_wrap=True)
            wrong += 1
            if wrong == MOST_TOLD:
                text = (
                    f"{wrong} mistakes up to line {found.mark.line:,}; what follows was not read. Nothing was written."
                )
                raise click.ClickException(text)
    if wrong:
        raise click.ClickException(f"{wrong} mistake{'' if wrong == 1 else 's'}. Nothing was written.")
    return people


def _found(file: Path, lines: Iterator[str], country: str) -> Iterator[Customer | Mistake]:
    try:
        yield from CustomerFile(str(file), country).read(lines)
    except OSError as error:
        yield Mistake(str(file), WHOLE_FILE, f"cannot be read: {error.strerror}")


@contextmanager
def _opened(file: Path, console: Console) -> Iterator[Iterator[str]]:
    """With a bar on a terminal: a million customers take a minute or two."""
    try:
        with opened_with_progress(
            file,
            "rt",
            encoding="utf-8-sig",
            newline="",
            description="reading",
            console=console,
            transient=True,
            disable=not console.is_terminal,
        ) as lines:
            yield lines
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be read: {error.strerror}") from error


async def _put(settings: Settings, people: list[Customer]) -> None:
    database = Database(settings.database_url())
    try:
        await database.prepare()
        with progress("writing") as tell:
            await EmbeddedCrm(database.engine).put(people, lambda count: tell(count / len(people)))
    except CrmFailed as error:
        raise click.ClickException(f"{error}. Nothing was written.") from error
    finally:
        await database.close()
