"""`callwright products`: what flows tell of products and stock, for a company that has no CRM."""

import asyncio
from pathlib import Path

import click

from acd.edge.database import Database
from config.commands.csv_import import read_whole
from config.commands.options import settings_file, settings_of
from config.data_folder import make_folder
from config.process import told_plainly
from config.product_file import ProductFile
from config.settings import Settings
from crm_bridge.connector import CrmFailed
from crm_bridge.edge.embedded import EmbeddedCrm
from crm_bridge.shop import Product, Shop


@click.group()
def products() -> None:
    """Products of the embedded CRM, for a company that has no CRM of its own."""


@products.command("import")
@settings_file
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_(path: Path, file: Path) -> None:
    """Add products from a CSV file (UTF-8, with a header), or write them anew.

    Columns: code (digits, which callers type), a name in each language (name:en, name:zh), likewise descriptions
    (description:en), price (19.90), currency (EUR), stock (how many there are), expected (when there will be more:
    2026-12-24). Nothing is written if there is a mistake in the file.

    Example: callwright products import --config /etc/callwright/callwright.toml products.csv
    """
    with told_plainly():
        settings = settings_of(path)
        found = read_whole(file, ProductFile(str(file)))
        make_folder(Path(settings.data), "data")
        asyncio.run(_put(settings, found))
    click.echo("1 product is known now." if len(found) == 1 else f"{len(found):,} products are known now.")


async def _put(settings: Settings, found: list[Product]) -> None:
    database = Database(settings.database_url())
    try:
        await database.prepare()
        await EmbeddedCrm(database.engine).put_shop(Shop(products=tuple(found)))
    except CrmFailed as error:
        raise click.ClickException(f"{error}. Nothing was written.") from error
    finally:
        await database.close()
