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
from config.plainly import mistakes_told
from config.settings import SettingsError

MENDABLE = (
    SettingsError,
    CannotListen,
    DatabaseMisconfigured,
    DatabaseUnavailable,
    SpoolFull,
    AsteriskFilesExistError,
    AsteriskSiteError,
)
"""What an administrator can mend, beside mistakes in files; its text is for him, without a traceback."""

NEVER = 1_000_000
"""Collections of what is younger, until the garbage collector looks at everything by itself."""
OFTEN = 2
"""Collections of what has just been made, until it looks at what has survived them. Ten, as is usual, are 8,000
objects at once, up to 17 ms; and who has survived is looked at once all the same."""
SETTLE_EVERY = 5.0
IDLE_AFTER, BUSY_AFTER = 3600.0, 86_400.0
"""Seconds between two looks at everything, with nobody on the line and with somebody."""


@contextmanager
def told_plainly(*, listen: str = "") -> Iterator[None]:
    """Mistakes in files and settings end the command with their text and status 1. `listen`: what sets the address."""
    try:
        with mistakes_told():
            yield
    except CannotListen as error:
        raise click.ClickException(f"{str(error).rstrip('.')} ({listen})" if listen else str(error)) from error
    except MENDABLE as error:
        raise click.ClickException(str(error)) from error


async def until_stopped(
    start: Callable[[], Awaitable[None]], stop: Callable[[], Awaitable[None]], is_idle: Callable[[], bool]
) -> None:
    """Start, wait for Ctrl-C (or SIGTERM), stop; it may come while we start. A second one does not wait.

    `is_idle` says, once started, whether nobody would notice if we were away for a quarter of a second.
    """
    allow_many_files()
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, _Stopper(stopped))
    starting, stopping = asyncio.ensure_future(start()), asyncio.ensure_future(stopped.wait())
    tasks = [starting, stopping]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            settle()
            tasks.append(asyncio.ensure_future(keep_settled(is_idle)))
            await stopping
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await stop()


def settle() -> None:
    """The process has started; what is there now stays, and is nothing for the garbage collector any more.

    Each full collection would look at all of it again: a hundred thousand objects, in which 50 to 130 ms pass without a
    call being served. So none comes by itself; `keep_settled` sees to what has come since.
    """
    gc.collect()
    gc.freeze()
    young, _, _ = gc.get_threshold()
    gc.set_threshold(young, OFTEN, NEVER)


async def keep_settled(
    is_idle: Callable[[], bool], *, every: float = SETTLE_EVERY, idle_after: float = IDLE_AFTER
) -> None:
    """What has lived for a while is settled, too, until this is cancelled.

    Rings of objects that die later are found when nobody is on the line (`is_idle`), at the latest a day after.
    """
    found = asyncio.get_running_loop().time()
    while True:
        await asyncio.sleep(every)
        now = asyncio.get_running_loop().time()
        if now - found > (idle_after if is_idle() else BUSY_AFTER):
            found = now
            gc.unfreeze()
            gc.collect()
        else:
            gc.collect(1)
        gc.freeze()


def allow_many_files() -> None:
    """As many as the system lets us have. Each browser and each request to a PBX is one; the usual limit is for
    somebody at a terminal."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _Stopper:
    def __init__(self, stopped: asyncio.Event) -> None:
        self._stopped = stopped

    def __call__(self) -> None:
        if self._stopped.is_set():
            raise SystemExit(130)
        self._stopped.set()
