"""How soon a prompt falls silent when its caller presses a key, through everything that lies between."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pytest

from tests.journeys.conftest import running_house
from tests.journeys.on_asterisk import AsteriskStage
from tests.journeys.proxy import Proxy
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sip_call import RATE, SipCall
from tests.parts.sound import hears_tone, tone, tone_share, write_wav

PROMPT = 440.0
FRAME = RATE // 50
HELD = 0.100
"""Seconds for which the key is held. Asterisk tells of a key when it comes up."""
HELD_AND_WISHED, LATEST = HELD + 0.150, 0.400
"""Seconds from the moment in which the key goes down. The latest is what a busy machine of tests may need."""
CALLS = 3

pytestmark = [pytest.mark.asterisk, pytest.mark.phones]


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
        heard = self._call.heard
        frames = range(0, heard.size - FRAME, FRAME)
        last = max(start for start in frames if tone_share(frequency, heard[start : start + FRAME]) > 0.5)
        return next(at for at, size in self._noted if size >= last + FRAME)


@contextmanager
def sounding(file: Path) -> Iterator[None]:
    """A long tone instead of a prompt: no pause in it can be taken for its end."""
    spoken = file.read_bytes()
    write_wav(file, tone(PROMPT, 20.0))
    try:
        yield
    finally:
        file.write_bytes(spoken)


async def test_a_key_silences_the_prompt(journey_asterisk: Asterisk, tmp_path: Path) -> None:
    async with (
        Proxy(journey_asterisk.site.http.port) as proxy,
        SipPhones(journey_asterisk.site.sip.port) as phones,
        running_house(AsteriskStage(journey_asterisk, phones, proxy), tmp_path) as house,
    ):
        media = await house.stage.voice(tmp_path).media(house.prompt("menu"))
        with sounding(journey_asterisk.sounds / f"{media.rpartition('/')[2]}.wav"):
            took = [await key_to_silence(await (await phones.caller("+4930901820")).dial("1000")) for _ in range(CALLS)]
    figures = ", ".join(f"{seconds * 1000:.0f}" for seconds in took)
    print(f"key down to silence: {figures} ms, wished {HELD_AND_WISHED * 1000:.0f}")  # noqa: T201 -- the figure is the point
    assert median(took) <= LATEST, figures


async def key_to_silence(call: SipCall) -> float:
    """Seconds from the key to the last of the prompt."""
    ear = Ear(call)
    listening = asyncio.create_task(ear.listen())
    await hears_tone(call, PROMPT)
    pressed = time.monotonic()
    await call.press("1")
    await asyncio.sleep(1.0)
    listening.cancel()
    await call.hang_up()
    await call.ended()
    return ear.last_heard(PROMPT) - pressed
