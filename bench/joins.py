"""When callers enter app_queue, as Asterisk's own clock has it: `QueueCallerJoin` on AMI, with its time."""

import asyncio
import time
from types import TracebackType
from typing import Self

from bench.telephones import PATIENCE, Watcher


class Joins:
    """Listens while it is open."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._times: list[float] = []
        self._news = asyncio.Condition()

    async def __aenter__(self) -> Self:
        watcher = self._watcher
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", watcher.port)
        login = f"Action: Login\r\nUsername: {watcher.user}\r\nSecret: {watcher.password}\r\n\r\n"
        self._writer.write(login.encode())
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._writer.close()

    async def after(self, since: float) -> float:
        """The first entry after a `time.monotonic()`. Raises `TimeoutError`."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: self._times and self._times[-1] > since)
            return next(at for at in self._times if at > since)

    async def _listen(self) -> None:
        anchor = time.time() - time.monotonic()
        while True:
            packet = await self._reader.readuntil(b"\r\n\r\n")
            headers = dict(line.partition(": ")[::2] for line in packet.decode().splitlines())
            if headers.get("Event") == "QueueCallerJoin":
                async with self._news:
                    self._times.append(float(headers["Timestamp"]) - anchor)
                    self._news.notify_all()
