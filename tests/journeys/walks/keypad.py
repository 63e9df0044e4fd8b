"""Which keys arrive, as Asterisk says: not those that were pressed, if the telephone of a test did not get its time.

What Asterisk tells twice counts once, as it does in Callwright (`cti.keys`), as far as that can be known. For the rest
Callwright is not to blame, and a person would dial again.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from cti.keys import Keys
from tests.journeys.house import until
from tests.parts.asterisk import Asterisk
from tests.parts.sip_call import SipCall


class MistypedError(Exception):
    """Other keys have arrived than were pressed."""


class Keypad:
    """Of everybody who calls: keys by the number that he has dialled, one call to each at a time."""

    def __init__(self) -> None:
        self.arrived: dict[str, str] = defaultdict(str)
        self._pressed: dict[str, str] = defaultdict(str)

    def begins(self, number: str) -> None:
        """Another call to the number."""
        self.arrived[number] = self._pressed[number] = ""

    async def press(self, call: SipCall, keys: str, number: str, patience: float) -> None:
        """Press them, and see that they arrive. Raises `MistypedError`, or `AssertionError` if some never do."""
        self._pressed[number] += keys
        await call.press(keys)
        wanted = len(self._pressed[number])
        await until(lambda: len(self.arrived[number]) >= wanted, f"the keys {keys}", patience)
        self.check(number)

    def check(self, number: str) -> None:
        """Raises `MistypedError` if other keys have arrived in this call than were pressed."""
        pressed, arrived = self._pressed[number], self.arrived[number]
        if arrived != pressed:
            raise MistypedError(f"{pressed} was pressed, and {arrived} has arrived")


@asynccontextmanager
async def keypad_of(asterisk: Asterisk) -> AsyncIterator[Keypad]:
    """Listens beside the centre."""
    keypad = Keypad()
    site = asterisk.site
    query = {"app": "keypad", "subscribeAll": "true", "api_key": f"{site.ari.user}:{site.ari.password}"}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{asterisk.ari_url}/events", params=query) as events,
    ):
        listening = asyncio.create_task(_listen(events, keypad))
        try:
            yield keypad
        finally:
            listening.cancel()


async def _listen(events: aiohttp.ClientWebSocketResponse, keypad: Keypad) -> None:
    keys: dict[str, Keys] = defaultdict(Keys)
    async for message in events:
        event = json.loads(message.data)
        if event["type"] != "ChannelDtmfReceived":
            continue
        channel, key = event["channel"], event["digit"]
        if keys[channel["id"]].counts(key, event["timestamp"], event["duration_ms"]):
            keypad.arrived[channel["dialplan"]["exten"]] += key
