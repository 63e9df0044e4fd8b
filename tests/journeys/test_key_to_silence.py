"""How soon a prompt falls silent when its caller presses a key, through everything that lies between."""

import asyncio
import time
from pathlib import Path
from statistics import median

import pytest

from tests.journeys.conftest import running_house
from tests.journeys.ears import ear_on, sounding
from tests.journeys.on_asterisk import AsteriskStage
from tests.journeys.proxy import Proxy
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sip_call import SipCall
from tests.parts.sound import hears_tone

PROMPT = 440.0
HELD = 0.100
"""Seconds for which the key is held. Asterisk tells of a key when it comes up."""
HELD_AND_WISHED, LATEST = HELD + 0.150, 0.400
"""Seconds from the moment in which the key goes down. The latest is what a busy machine of tests may need."""
CALLS = 3

pytestmark = [pytest.mark.asterisk, pytest.mark.phones]


async def test_a_key_silences_the_prompt(journey_asterisk: Asterisk, tmp_path: Path) -> None:
    async with (
        Proxy(journey_asterisk.site.http.port) as proxy,
        SipPhones(journey_asterisk.site.sip.port) as phones,
        running_house(AsteriskStage(journey_asterisk, phones, proxy), tmp_path) as house,
    ):
        media = await house.stage.voice(tmp_path).media(house.prompt("menu"))
        with sounding(journey_asterisk.sounds / f"{media.rpartition('/')[2]}.wav", PROMPT):
            took = [await key_to_silence(await (await phones.caller("+4930901820")).dial("1000")) for _ in range(CALLS)]
    figures = ", ".join(f"{seconds * 1000:.0f}" for seconds in took)
    print(f"key down to silence: {figures} ms, wished {HELD_AND_WISHED * 1000:.0f}")  # noqa: T201 -- the figure is the point
    assert median(took) <= LATEST, figures


async def key_to_silence(call: SipCall) -> float:
    """Seconds from the key to the last of the prompt."""
    async with ear_on(call) as ear:
        await hears_tone(call, PROMPT)
        pressed = time.monotonic()
        await call.press("1")
        await asyncio.sleep(1.0)
    await call.hang_up()
    await call.ended()
    return ear.last_heard(PROMPT) - pressed
