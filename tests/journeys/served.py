"""A centre in a process of its own, `callwright serve`, that can be killed and started again."""

import asyncio
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Self

import aiohttp

from acd.edge.clock import Clock
from acd.edge.database import Database
from acd.edge.history_reader import HistoryReader
from acd.edge.history_records import Ledger
from acd.model import UserId
from agent_desktop.edge.account_rows import AccountRows
from agent_desktop.edge.accounts import Accounts
from config.settings import Pbx
from tests.journeys.house import PASSWORD

SETTINGS = """
center = "{center}"
data = "{data}"
[web]
port = {port}
[logs]
format = "console"
[[pbx]]
name = "{pbx.name}"
ari = {{ url = "{pbx.ari.url}", user = "{pbx.ari.user}", password = "{pbx.ari.password}" }}
ami = {{ host = "{pbx.ami.host}", port = {pbx.ami.port}, user = "{pbx.ami.user}", password = "{pbx.ami.password}" }}
"""

PATIENCE = 30.0
"""Seconds for a start or an end, on a machine that does other things besides."""


class ServedCentre:
    """One installation. Its files are in `folder`, its page is on `port`. After `async with` it runs no more."""

    def __init__(self, folder: Path, center: Path, pbx: Pbx) -> None:
        self.port = _free_port()
        self._folder = folder
        self._settings = folder / "callwright.toml"
        self._data = folder / "data"
        self._data.mkdir()
        text = SETTINGS.format(center=center, data=self._data, port=self.port, pbx=pbx)
        self._settings.write_text(text, encoding="utf-8")
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    async def set_passwords(self, *users: str) -> None:
        """Let these people in."""
        database = Database(self._url)
        await database.prepare()
        accounts = Accounts(AccountRows(database.engine), Clock().now)
        for user in users:
            await accounts.set_password(UserId(user), PASSWORD)
        await database.close()

    async def start(self, *command: str) -> float:
        """Run it (by `callwright serve`, or another command) until it says that it is ready.

        How many seconds that took, less those in which somebody on this machine had to wait for a processor: what
        else it does meanwhile is not the centre's fault.
        """
        began, waited = time.monotonic(), _processors_missed()
        log = (self._folder / "log").open("ab")
        arguments = ("-m", "config", *(command or ("serve",)), "--config", str(self._settings))
        self._process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stderr=log, stdout=log)
        log.close()
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
            while not await self._is_ready(session):
                assert self._process.returncode is None, self.log
                await asyncio.sleep(0.05)
        return time.monotonic() - began - (_processors_missed() - waited)

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Run another command of this installation; gives its status and what it has said."""
        said = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "config", *arguments, "--config", str(self._settings)),
            stdout=said,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(PATIENCE):
            output, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode()

    async def _is_ready(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"http://127.0.0.1:{self.port}/ready") as answer:
                return answer.status == 200
        except aiohttp.ClientConnectionError:
            return False

    async def kill(self) -> None:
        """kill -9."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """As an administrator does."""
        if self._process is not None and self._process.returncode is None:
            await self._end(signal.SIGTERM)
            assert self._process.returncode == 0, self.log

    async def _end(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        async with asyncio.timeout(PATIENCE):
            await self._process.wait()

    @property
    def log(self) -> str:
        """What it has said."""
        return (self._folder / "log").read_text(encoding="utf-8")

    async def ledger(self) -> Ledger:
        """The books in its database."""
        database = Database(self._url)
        try:
            return await HistoryReader(database).ledger(0.0)
        finally:
            await database.close()

    async def closes_its_books(self) -> None:
        """Wait until the ledger adds up: who has just started closes what a killed process has left open."""
        async with asyncio.timeout(PATIENCE):
            while not (await self.ledger()).balanced:  # noqa: ASYNC110 - it is in another process
                await asyncio.sleep(0.1)

    @property
    def _url(self) -> str:
        return f"sqlite:///{self._data}/callwright.db"


def _processors_missed() -> float:
    """Seconds since the start in which there were too few processors; 0 if the kernel does not count them."""
    try:
        told = Path("/proc/pressure/cpu").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(told.partition("total=")[2].split()[0]) / 1e6


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
