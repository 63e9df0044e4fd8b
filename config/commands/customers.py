"""`callwright customers`: whom the embedded CRM knows, for a company that has no CRM."""

import asyncio
from pathlib import Path

import click

from acd.edge.database import Database
from acd.model import Customer
from config.commands.csv_import import read_whole
from config.commands.customer_pins import pin, unlock
from config.commands.options import progress, settings_file, settings_of
from config.customer_file import CustomerFile
from config.data_folder import make_folder
from config.process import told_plainly
from config.settings import Settings
from crm_bridge.connector import CrmFailed
from crm_bridge.edge.embedded import EmbeddedCrm


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
        people = read_whole(file, CustomerFile(str(file), settings.country))
        make_folder(Path(settings.data), "data")
        asyncio.run(_put(settings, people))
    click.echo("1 customer is known now." if len(people) == 1 else f"{len(people):,} customers are known now.")


customers.add_command(pin)
customers.add_command(unlock)


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
