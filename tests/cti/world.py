"""What a test of the links needs around them: an inbox, ids, a voice that knows file names, and the way to a real
Asterisk."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random
from typing import TypeVar

from cti.edge.ami import AmiAddress, AmiLink, AmiTiming
from cti.edge.ari import AriLink, Timing
from cti.edge.ari_rest import AriAddress
from cti.edge.counters import Tally
from cti.edge.errors import VoiceFailed
from cti.edge.trace import Recorder
from cti.edge.voice import Voice
from cti.events import AnyPbxEvent
from cti.model import CommandId, LegId, NodeName, Recording, Sound, leg_on
from tests.parts.asterisk import Asterisk

NODE = NodeName("pbx1")

E = TypeVar("E", bound=AnyPbxEvent)


class RecordingsOnly:
    """A voice that cannot speak."""

    async def media(self, sound: Sound) -> str:
        if isinstance(sound, Recording):
            return f"sound:{sound.name}"
        raise VoiceFailed("nothing is recorded for this text")


class Inbox:
    """Where a test's link delivers to."""

    def __init__(self) -> None:
        self.events: list[AnyPbxEvent] = []
        self._unread: asyncio.Queue[AnyPbxEvent] = asyncio.Queue()
        self._numbers = itertools.count(1)

    def deliver(self, event: AnyPbxEvent) -> None:
        self.events.append(event)
        self._unread.put_nowait(event)

    async def until(self, kind: type[E], timeout: float = 5.0) -> E:
        """The next event of a kind; those before it are passed over."""
        async with asyncio.timeout(timeout):
            while True:
                event = await self._unread.get()
                if isinstance(event, kind):
                    return event

    def command_id(self) -> CommandId:
        return CommandId(f"c{next(self._numbers)}")

    def new_leg(self) -> LegId:
        return leg_on(NODE, f"{NODE}-leg-{next(self._numbers)}")


def ari_of(asterisk: Asterisk) -> AriAddress:
    return AriAddress(asterisk.ari_url, asterisk.site.ari.user, asterisk.site.ari.password, asterisk.site.app)


def ami_of(asterisk: Asterisk) -> AmiAddress:
    manager, account = asterisk.site.manager, asterisk.site.ami
    return AmiAddress(manager.address, manager.port, account.user, account.password)


def password_of(asterisk: Asterisk, phone: str) -> str:
    return next(each.password for each in asterisk.site.phones if each.name == phone)


def ari_link(
    address: AriAddress,
    inbox: Inbox,
    *,
    counters: Tally | None = None,
    recorder: Recorder | None = None,
    voice: Voice | None = None,
    timing: Timing | None = None,
    seed: int = 1,
) -> AriLink:
    return AriLink(
        NODE,
        address,
        inbox.deliver,
        voice or RecordingsOnly(),
        counters or Tally(),
        recorder=recorder,
        random=Random(seed),
        timing=timing,
    )


def ami_link(
    address: AmiAddress,
    inbox: Inbox,
    *,
    counters: Tally | None = None,
    recorder: Recorder | None = None,
    timing: AmiTiming | None = None,
) -> AmiLink:
    return AmiLink(
        NODE,
        address,
        inbox.deliver,
        counters or Tally(),
        recorder=recorder,
        random=Random(1),
        timing=timing,
    )


@contextlib.asynccontextmanager
async def running(run: Callable[[], Awaitable[None]]) -> AsyncIterator["asyncio.Future[None]"]:
    """A link at work; stopped, and all its tasks with it, at the end."""
    task = asyncio.ensure_future(run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
