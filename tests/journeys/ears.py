"""When somebody hears what: a prompt becomes a tone, and the ear notes when its samples come in."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from tests.parts.sip_call import RATE, SipCall
from tests.parts.sound import hears_tone, tone, tone_share, write_wav

FRAME = RATE // 50
HELD = 0.180
"""Seconds for which baresip holds a key: nine packets at least, though it lets go after five. Asterisk tells of it when
it comes up."""


class Ear:
    """Notes when how much had been heard on a call."""

    def __init__(self, call: SipCall) -> None:
        self._call = call
        self._noted: list[tuple[float, int]] = []

    async def listen(self) -> None:
        """Until cancelled."""
        while True:
            self._noted.append((time.monotonic(), self._call.heard.size))
            await asyncio.sleep(0.005)

    def last_heard(self, frequency: float) -> float:
        """When the last of a tone came in, `time.monotonic()`."""
        return self._arrived(max(self._frames_with(frequency)))

    def first_heard(self, frequency: float) -> float:
        """When the first of a tone came in, `time.monotonic()`."""
        return self._arrived(min(self._frames_with(frequency)))

    def _frames_with(self, frequency: float) -> list[int]:
        heard = self._call.heard
        frames = range(0, heard.size - FRAME, FRAME)
        return [start for start in frames if tone_share(frequency, heard[start : start + FRAME]) > 0.5]

    def _arrived(self, frame: int) -> float:
        return next(at for at, size in self._noted if size >= frame + FRAME)


@asynccontextmanager
async def ear_on(call: SipCall) -> AsyncIterator[Ear]:
    """An ear that listens."""
    ear = Ear(call)
    listening = asyncio.create_task(ear.listen())
    try:
        yield ear
    finally:
        listening.cancel()


async def key_to_silence(call: SipCall, frequency: float, key: str) -> tuple[float, float]:
    """When the key went down, and when the last came in of the tone that it stops, `time.monotonic()`."""
    async with ear_on(call) as ear:
        await hears_tone(call, frequency)
        pressed = time.monotonic()
        await call.press(key)
        await asyncio.sleep(1.0)
    await call.hang_up()
    await call.ended()
    return pressed, ear.last_heard(frequency)


@contextmanager
def sounding(file: Path, frequency: float) -> Iterator[None]:
    """A long tone instead of a prompt: no pause in it can be taken for its end."""
    spoken = file.read_bytes()
    write_wav(file, tone(frequency, 20.0))
    try:
        yield
    finally:
        file.write_bytes(spoken)
