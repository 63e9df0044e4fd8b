"""The demo as a newcomer starts it, and what he reads on his terminal."""

import asyncio
import os
import re
import signal
import sys
import time
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START = 20.0
"""Seconds until it must have greeted, on a machine that does other things besides."""


class Demo:
    """One running demo. `link` and `passwords` (by user) are what it printed.

    `ready_after` is how many seconds of a processor it took until then, so that a busy machine makes no difference.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self.printed = ""
        self.link = ""
        self.passwords: dict[str, str] = {}
        self.ready_after = 0.0

    @property
    def port(self) -> int:
        """Of the page."""
        return int(self.link.rstrip("/").rpartition(":")[2])

    async def greets(self) -> None:
        """Read until the newcomer knows where to go."""
        assert self._process.stdout
        try:
            async with asyncio.timeout(START):
                while "Ctrl-C" not in self.printed:
                    line = await self._process.stdout.readline()
                    assert line, f"the demo has ended: {self.printed}"
                    self.printed += line.decode()
        except TimeoutError:
            message = f"the demo did not start within {START} s: {self.printed}"
            raise AssertionError(message) from None
        self.ready_after = self._worked()
        found = re.search(r"http://\S+", self.printed)
        assert found, self.printed
        self.link = found.group()
        self.passwords = dict(re.findall(r"^(\w+) +(\S+) +.*, (?:agent|supervisor)", self.printed, re.MULTILINE))

    def _worked(self) -> float:
        times = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")  # utime and stime, proc(5)

    async def ctrl_c(self) -> tuple[int, float]:
        """What one key does: the exit status, and the seconds until it had ended. Raises `TimeoutError` after 10 s."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGINT)
        async with asyncio.timeout(10.0):
            output, _ = await self._process.communicate()
        self.printed += output.decode()
        return self._process.returncode or 0, time.monotonic() - began

    def family(self) -> set[int]:
        """It and every process under it."""
        return {self._process.pid, *children_of(self._process.pid)}

    async def is_killed(self) -> None:
        """A power cut."""
        if self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()


def children_of(process: int) -> set[int]:
    """Every process under this one."""
    found: set[int] = set()
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child, *children_of(child)}
    return found


@asynccontextmanager
async def demo(data: Path, port: int = 0) -> AsyncIterator[Demo]:
    """Start it, as `make run` does."""
    command = (sys.executable, "-m", "config", "demo", "--port", str(port), "--data", str(data))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE, stderr=STDOUT)
    running = Demo(process)
    try:
        await running.greets()
        yield running
    finally:
        await running.is_killed()
