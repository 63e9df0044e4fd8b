"""`callwright passwd`: who may log in to the page."""

import asyncio
from pathlib import Path

import click

from acd.edge.clock import Clock
from acd.edge.database import Database
from acd.model import UserId
from agent_desktop.edge.account_rows import AccountRows
from agent_desktop.edge.accounts import Accounts
from agent_desktop.people import find_user
from config.center_file import load_center
from config.commands.options import settings_file, settings_of
from config.commands.typed import typed_secret
from config.data_folder import make_folder
from config.process import told_plainly
from ivr.files.mistakes import instead

SHORTEST = 10


@click.command()
@settings_file
@click.argument("user")
@click.option("--password", metavar="TEXT", help="Instead of being asked; others on this machine can see it meanwhile.")
def passwd(path: Path, user: str, password: str | None) -> None:
    """Give USER, an agent or supervisor of center.yaml, a (new) password for the page.

    It is asked for, and needs at least 10 characters. Logins with the old one end. Without a terminal it is read from
    standard input, as one line.

    Example: callwright passwd --config /etc/callwright/callwright.toml anna < password.txt
    """
    with told_plainly():
        settings = settings_of(path)
        plan = load_center(Path(settings.center))
        if find_user(plan, UserId(user)) is None:
            names = [*map(str, plan.agents), *map(str, plan.supervisors)]
            text = f"{settings.center} has no agent or supervisor {user!r}; {instead(user, names)}"
            raise click.BadParameter(text, param_hint="USER")
        if password is None:
            password = typed_secret("password")
        if len(password) < SHORTEST:
            raise click.BadParameter(f"too short: at least {SHORTEST} characters", param_hint="password")
        make_folder(Path(settings.data), "data")
        asyncio.run(_set(settings.database_url(), UserId(user), password))
    click.echo(f"{user} can log in now.")


async def _set(url: str, user: UserId, password: str) -> None:
    database = Database(url)
    try:
        await database.prepare()
        await Accounts(AccountRows(database.engine), Clock().now).set_password(user, password)
    finally:
        await database.close()
