"""Barge-in: how soon a prompt falls silent when its caller presses a key, on a real Asterisk with a SIP caller.

The way is that of the journey `tests/journeys/test_key_to_silence.py`: the prompt is a tone, so that no pause in it is
taken for its end, and what counts is when the last of its samples came in at the caller's telephone.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from acd.floor import Output
from bench.figures import Part, Say, figure, times
from cti.commands import StopPlayback
from tests.journeys.conftest import running_house
from tests.journeys.ears import HELD, key_to_silence, sounding
from tests.journeys.on_asterisk import AsteriskStage
from tests.journeys.proxy import Proxy
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sites import trial_site

PRESSES = 30
NUMBER = "1000"
TONE = 440.0
GOAL = "max <= 150"


class Press(NamedTuple):
    """One of them, `time.monotonic()`."""

    down: float
    """When the key went down."""
    decided: float
    """When we have said that the prompt is to stop."""
    silent: float
    """When the last of it came in."""

    @property
    def up(self) -> float:
        """When the key came up: before that Asterisk does not tell of it."""
        return self.down + HELD


async def measured(presses: int, folder: Path) -> list[Press]:
    """So many, each in a call of its own."""
    decided: list[float] = []

    def told(outputs: Sequence[Output], _: float) -> None:
        decided.extend(time.monotonic() for one in outputs if isinstance(one, StopPlayback))

    found = []
    with Asterisk(trial_site(desk=(), browser=(), numbers=(NUMBER,))) as asterisk:
        async with (
            Proxy(asterisk.site.http.port) as proxy,
            SipPhones(asterisk.site.sip.port) as phones,
            running_house(AsteriskStage(asterisk, phones, proxy), folder) as house,
        ):
            house.centre.runtime.desktops.append(told)
            media = await house.stage.voice(folder).media(house.prompt("menu"))
            caller = await phones.caller("+4930901820")
            with sounding(asterisk.sounds / f"{media.rpartition('/')[2]}.wav", TONE):
                for _ in range(presses):
                    decided.clear()
                    pressed, silent = await key_to_silence(await caller.dial(NUMBER), TONE, "1")
                    found.append(Press(pressed, decided[0], silent))
    return found


def run(scale: float, say: Say) -> Part:
    """The table."""
    presses = times(scale, PRESSES)
    say(f"{presses} keys")
    with tempfile.TemporaryDirectory(prefix="callwright-bench-") as folder:
        found = asyncio.run(measured(presses, Path(folder)))
    rows = (
        figure("key up to silence", [(one.silent - one.up) * 1000 for one in found], "ms", GOAL),
        figure("key up to the command that stops it", [(one.decided - one.up) * 1000 for one in found], "ms"),
        figure("key down to silence", [(one.silent - one.down) * 1000 for one in found], "ms"),
    )
    note = (
        f"The telephone holds a key for {HELD * 1000:.0f} ms, and Asterisk tells of it when it comes up. It is silent "
        "once the last samples have come in, in frames of 20 ms."
    )
    return Part("Barge-in: how soon a key stops a prompt", rows, (note,))
