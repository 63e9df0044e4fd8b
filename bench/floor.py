"""The floor: the least that can be done over ARI to bring the next caller to a free phone. Nothing is behind it: no
state tables, no screens, no history, no recovery, no order between commands, and nobody to tell when one fails.

What a centre needs beyond this is what Callwright adds, and what is to be seen beside it.
"""

import asyncio
import itertools
import time
from collections import deque

import aiohttp
import msgspec

from bench.child import Entered, Started, order, tell, until_told_to_stop

APP = "floor"


class FloorOrder(msgspec.Struct, frozen=True):
    """Where ARI is, and the endpoints to ring."""

    url: str
    user: str
    password: str
    endpoints: tuple[str, ...]


class Floor:
    """The loop."""

    def __init__(self, session: aiohttp.ClientSession, url: str, endpoints: tuple[str, ...]) -> None:
        self._session = session
        self._url = url
        self._free = deque(endpoints)
        self._waiting: deque[str] = deque()
        self._calls: dict[str, tuple[str, str]] = {}
        """By the phone's channel: endpoint and caller."""
        self._serial = itertools.count(1)
        self._posts: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """For ever."""
        async with self._session.ws_connect(f"{self._url}/events?app={APP}") as socket:
            tell(Started())
            async for message in socket:
                self._receive(message.json())

    def _receive(self, event: dict[str, object]) -> None:
        channel = event.get("channel")
        name = str(channel["id"]) if isinstance(channel, dict) else ""
        match event["type"]:
            case "StasisStart" if name in self._calls:
                caller = self._calls[name][1]
                self._ask(
                    ("DELETE", f"/channels/{caller}/moh"),
                    ("POST", f"/bridges/{name}?type=mixing"),
                    ("POST", f"/bridges/{name}/addChannel?channel={name},{caller}"),
                )
            case "StasisStart":
                self._waiting.append(name)
                entered = time.monotonic()
                self._ring()
                tell(Entered(entered))
                if name in self._waiting:  # what the others' callers hear, too
                    self._ask(("POST", f"/channels/{name}/moh"))
            case "ChannelHangupRequest" if name in self._calls:
                endpoint, caller = self._calls.pop(name)
                self._free.append(endpoint)
                self._ring()
                self._ask(("DELETE", f"/channels/{caller}"), ("DELETE", f"/bridges/{name}"))
            case "StasisEnd" if name in self._waiting:
                self._waiting.remove(name)

    def _ring(self) -> None:
        if self._free and self._waiting:
            leg, endpoint = f"floor-{next(self._serial)}", self._free.popleft()
            self._calls[leg] = (endpoint, self._waiting.popleft())
            self._ask(("POST", f"/channels/{leg}?endpoint={endpoint}&app={APP}&appArgs=leg"))

    def _ask(self, *requests: tuple[str, str]) -> None:
        async def ask() -> None:
            for method, path in requests:
                async with self._session.request(method, self._url + path) as answer:
                    await answer.read()

        task = asyncio.create_task(ask())
        self._posts.add(task)
        task.add_done_callback(self._posts.discard)


async def main(what: FloorOrder) -> None:
    """Until told to stop."""
    headers = {"Authorization": aiohttp.encode_basic_auth(what.user, what.password)}
    async with aiohttp.ClientSession(headers=headers) as session:
        loop = asyncio.create_task(Floor(session, what.url, what.endpoints).run())
        await until_told_to_stop()
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(order(FloorOrder)))
