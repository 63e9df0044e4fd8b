"""`callwright customers pin` and `unlock`: with what customers of the embedded CRM prove who they are."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import click

from acd.edge.clock import Clock
from acd.edge.database import Database
from config.commands.options import settings_file, settings_of
from config.commands.recorded import recorded
from config.commands.typed import typed_secret
from config.process import told_plainly
from crm_bridge.connector import CrmFailed
from crm_bridge.edge.embedded import EmbeddedCrm
from crm_bridge.edge.embedded_pins import LONGEST_PIN
from crm_bridge.edge.wrong_pins import WrongPins
from ivr.flow.secret import Secret

SHORTEST_PIN = 4


@click.command()
@settings_file
@click.argument("customer")
def pin(path: Path, customer: str) -> None:
    """Give CUSTOMER, by his customer number, a (new) PIN, which he types in flows that ask for it.

    It is asked for: 4 to 32 digits, not all the same. Without a terminal it is read from standard input, as one line.
    Only its hash is kept. Wrong PINs that were typed before are forgotten.

    Example: callwright customers pin --config /etc/callwright/callwright.toml 1001 < pin.txt
    """
    with told_plainly():
        settings = settings_of(path)
        given = typed_secret("PIN")
        if not (given.isascii() and given.isdecimal() and SHORTEST_PIN <= len(given) <= LONGEST_PIN):
            raise click.BadParameter(f"expected {SHORTEST_PIN} to {LONGEST_PIN} digits", param_hint="PIN")
        if len(set(given)) == 1:
            raise click.BadParameter("all its digits are the same", param_hint="PIN")
        asyncio.run(_with(settings.database_url(), lambda database: _set(database, customer, Secret(given))))
    click.echo(f"Customer {customer} has a PIN now.")


@click.command()
@settings_file
@click.argument("customer")
def unlock(path: Path, customer: str) -> None:
    """Forget wrong PINs for CUSTOMER: after too many of them he would have to wait.

    Whoever asks for it on the telephone may be the one who typed them.

    Example: callwright customers unlock --config /etc/callwright/callwright.toml 1001
    """
    with told_plainly():
        settings = settings_of(path)
        asyncio.run(_with(settings.database_url(), lambda database: _unlock(database, customer)))
    click.echo(f"Wrong PINs for {customer} are forgotten.")


async def _with(url: str, do: Callable[[Database], Coroutine[None, None, None]]) -> None:
    async with recorded(url) as database:
        try:
            await do(database)
        except (CrmFailed, ConnectionError) as error:
            raise click.ClickException(str(error)) from error


async def _set(database: Database, customer: str, given: Secret) -> None:
    crm = EmbeddedCrm(database.engine)
    if await crm.customer_by_id(customer) is None:
        raise click.BadParameter(f"nobody has the customer number {customer!r}", param_hint="CUSTOMER")
    await crm.put_pins({customer: given})
    await _unlock(database, customer)


async def _unlock(database: Database, customer: str) -> None:
    await WrongPins(database.engine, Clock().now).forget(customer)
