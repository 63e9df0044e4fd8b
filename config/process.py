"""One process of Callwright, from its start to Ctrl-C, and what it says when it cannot start."""

import asyncio
import gc
import resource
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import click

from acd.edge.database import DatabaseMisconfigured, DatabaseUnavailable
from acd.edge.spool import SpoolFull
from agent_desktop.edge.server import CannotListen
from config.asterisk_files import AsteriskFilesExistError, AsteriskSiteError
from config.settings import SettingsError
from ivr.mistakes import FileMistakes

MENDABLE = (
    SettingsError,
    FileMistakes,
    CannotListen,
    DatabaseMisconfigured,
    DatabaseUnavailable,
    SpoolFull,
    AsteriskFilesExistError,
    AsteriskSiteError,
)
"""What an administrator can mend; its text is for him, without a traceback."""


@contextmanager
def told_plainly(*, listen: str = "") -> Iterator[None]:
    """Mistakes in files and settings end the command with their text and status 1. `listen`: what sets the address."""
    try:
        yield
    except FileMistakes as error:
        count = len(error.mistakes)
        raise click.ClickException(f"{count} mistake{'' if count == 1 else 's'}:\n{error}") from error
    except CannotListen as error:
        raise click.ClickException(f"{str(error).rstrip('.')} ({listen})" if listen else str(error)) from error
    except MENDABLE as error:
        raise click.ClickException(str(error)) from error


async def until_stopped(start: Callable[[], Awaitable[None]], stop: Callable[[], Awaitable[None]]) -> None:
    """Start, wait for Ctrl-C (or SIGTERM), stop; it may come while we start. A second one does not wait."""
    _allow_many_files()
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, _Stopper(stopped))
    starting, stopping = asyncio.ensure_future(start()), asyncio.ensure_future(stopped.wait())
    try:
        await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            settle()
            await stopping
    finally:
        for task in (starting, stopping):
            task.cancel()
        await asyncio.wait((starting, stopping))
        await stop()


def settle() -> None:
    """The process has started; what is there now stays, and is nothing for the garbage collector any more.

    Each full collection would look at all of it again: a hundred thousand objects, in which 50 to 130 ms pass without a
    call being served.
    """
    gc.collect()
    gc.freeze()


def _allow_many_files() -> None:
    """Each browser and each request to a PBX is an open file; the usual limit is for a person at a terminal."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _Stopper:
    def __init__(self, stopped: asyncio.Event) -> None:
        self._stopped = stopped

    def __call__(self) -> None:
        if self._stopped.is_set():
            raise SystemExit(130)
        self._stopped.set()
