"""Says each second on disk that the process lives, so that the next one knows until when its figures are true.

Facts tell it, too, but in a quiet night there may be none for hours. A power cut can lose what the operating system had
not written: then the latest fact in storage is the last sign of life.
"""

import asyncio
import math
import os
from collections.abc import Callable
from pathlib import Path

import structlog

EVERY = 1.0
"""Seconds."""
NAME = "alive"

log = structlog.stdlib.get_logger(__name__)


class Heartbeat:
    """A file in the data folder, with a time in it: seconds since the epoch, UTC."""

    def __init__(self, folder: Path, now: Callable[[], float]) -> None:
        self._path = folder / NAME
        self._now = now
        self._beats: asyncio.Task[None] | None = None

    def last(self) -> float | None:
        """When the process before us beat last; None if that is not known. To be asked before `start`."""
        try:
            found = float(self._path.read_text("ascii"))
        except (OSError, ValueError):
            return None
        return found if math.isfinite(found) else None

    def start(self) -> None:
        """The first beat is in a second: what the start says of the last process is in the spool by then."""
        self._beats = asyncio.create_task(self._beat_on(), name="heartbeat")

    async def stop(self) -> None:
        """With a last beat, that of the orderly end."""
        if self._beats is None:
            return
        self._beats.cancel()
        await asyncio.gather(self._beats, return_exceptions=True)
        self._beats = None
        await asyncio.to_thread(self._beat)

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await asyncio.to_thread(self._beat)

    def _beat(self) -> None:
        """In place: of so few bytes none is ever missing. A disk that takes nothing is told of by the spool."""
        try:
            file = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            try:
                os.pwrite(file, f"{self._now():017.6f}".encode("ascii"), 0)
            finally:
                os.close(file)
        except OSError as error:
            log.debug("the heartbeat cannot be written", reason=error.strerror)
