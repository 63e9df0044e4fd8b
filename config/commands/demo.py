"""`callwright demo`: the whole centre with a demo company, nothing else needed."""

import asyncio
import os
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from config.commands.options import Number
from config.data_folder import forget
from config.demo.company import DemoCompany
from config.logs import set_up_logs
from config.process import told_plainly, until_stopped
from config.settings import Logs


@click.command()
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="Where the page is; 0 takes a free port.",
)
@click.option(
    "--calls-per-hour",
    metavar="NUMBER",
    type=Number(1, 100_000),
    default=420.0,
    show_default=True,
    help="How many customers call.",
)
@click.option(
    "--seed", metavar="NUMBER", type=int, default=1, show_default=True, help="The same number brings the same callers."
)
@click.option(
    "--data",
    metavar="DIRECTORY",
    type=click.Path(path_type=Path, file_okay=False),
    help="For the database.  [default: callwright/demo in ~/.local/state]",
)
@click.option("--fresh", is_flag=True, help="Forget what earlier demos have stored, and begin anew.")
def demo(port: int, calls_per_hour: float, seed: int, data: Path | None, fresh: bool) -> None:
    """See it work: an embedded PBX, customers who call, agents who answer, and you.

    Needs no Asterisk and no settings. Prints a link and passwords; Ctrl-C ends it.
    """
    folder = data or _state_folder()
    set_up_logs(Logs(level="warning"))
    if fresh:
        with told_plainly():
            forget(folder)

    async def run() -> None:
        company = DemoCompany(folder, port, calls_per_hour, seed)

        async def start() -> None:
            await company.start()
            _greet(company)

        await until_stopped(start, company.stop, company.is_idle)

    with told_plainly(listen="--port says which one"):
        asyncio.run(run())
    click.echo("\nStopped.")


def _greet(company: DemoCompany) -> None:
    console = Console()
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in ("User", "Password", "Who"):
        table.add_column(heading)
    for login in company.logins:
        table.add_row(login.user, f"[bold]{login.password}[/bold]", f"{login.name}, {login.role}")
    console.print("\n[bold]Callwright[/bold] is running. Customers are calling already.\n")
    console.print(f"    Open   [bold link={company.url}]{company.url}[/bold link]\n")
    console.print(table)
    console.print(
        "\nAs an agent, choose the desk phone and say Ready: the next call is yours within half a minute."
        "\nOpen it once more in a private window as the supervisor to see queues and agents live."
        "\nOther commands look at it with"
    )
    console.print(f"    --config {company.settings_file}", soft_wrap=True)
    console.print("such as `revisions`, `apply`, `explain`, `report`. Ctrl-C stops everything.\n")


def _state_folder() -> Path:
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "callwright" / "demo"
