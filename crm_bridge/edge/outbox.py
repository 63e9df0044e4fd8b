"""Contacts on their way to the CRM: kept on disk until it has taken them, in order, however long that takes."""

import asyncio
from collections import deque

import msgspec
import structlog

from acd.edge.spool import Spool, SpoolFull
from crm_bridge.connector import Connector, Contact, ContactRefused, CrmFailed

DEADLINE = 10.0
"""Seconds for one contact: nobody waits for it."""
BACKOFF = (1.0, 60.0)
MOST_IN_MEMORY = 10_000

log = structlog.stdlib.get_logger(__name__)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Contact)


class Outbox:
    """Delivers to `connector`. The counts are for `/metrics`."""

    def __init__(self, connector: Connector, spool: Spool) -> None:
        self._connector = connector
        self._spool = spool
        self._new: deque[Contact] = deque()
        self._wake = asyncio.Event()
        self._keeping = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self.delivered = 0
        self.failures = 0
        self.refused = 0
        """Contacts that the CRM will never take, or that cannot be read; set aside in `unreadable.txt`."""
        self.lost = 0
        """Contacts dropped because the disk took nothing."""

    @property
    def waiting(self) -> int:
        """Contacts that the CRM has not taken yet."""
        return len(self._new) + self._spool.pending

    async def start(self) -> None:
        """Begin, with what an earlier process has left. Raises `SpoolFull`."""
        await asyncio.to_thread(self._spool.open)
        self._task = asyncio.create_task(self._run(), name="crm: outbox")

    async def stop(self) -> None:
        """Keep what is left for the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
            await self.keep()
        await asyncio.to_thread(self._spool.close)

    def put(self, contact: Contact) -> None:
        """Send it when the CRM takes it. Never waits."""
        if len(self._new) >= MOST_IN_MEMORY:
            self.lost += 1
            return
        self._new.append(contact)
        self._wake.set()

    async def keep(self) -> bool:
        """Bring what was put so far onto the disk. False if it takes nothing; then it is tried again later."""
        async with self._keeping:
            contacts = list(self._new)
            try:
                await asyncio.to_thread(self._spool.append, [_encoder.encode(one) for one in contacts], sync=True)
            except SpoolFull as error:
                log.error("contacts cannot be kept", reason=str(error), waiting=len(contacts))  # noqa: TRY400
                return False
            for _ in contacts:
                self._new.popleft()
            return True

    async def _run(self) -> None:
        delay = BACKOFF[0]
        while True:
            if not self.waiting:
                await self._wake.wait()
            self._wake.clear()
            try:
                done = await self.keep() and await self._deliver()
            except OSError as error:  # the spool cannot be read; what is in it stays there
                done = self._failed(f"the outbox on disk: {error}")
            if done:
                delay = BACKOFF[0]
            else:
                await asyncio.sleep(delay)
                delay = min(2 * delay, BACKOFF[1])

    async def _deliver(self) -> bool:
        """The oldest of what is on the disk. False if the CRM fails."""
        for line in await asyncio.to_thread(self._spool.take, 20):
            try:
                async with asyncio.timeout(DEADLINE):
                    await self._connector.write_back(_decoder.decode(line))
                self.delivered += 1
            except (ContactRefused, msgspec.DecodeError) as error:
                self.refused += 1
                log.warning("a contact is set aside", why=type(error).__name__)
                await asyncio.to_thread(self._spool.set_aside, line)
            except (CrmFailed, TimeoutError) as error:
                return self._failed(str(error) or "it does not answer in time")
            except Exception as error:  # noqa: BLE001 - a connector's mistake must not end the delivery of all others
                return self._failed(type(error).__name__)
            await asyncio.to_thread(self._spool.advance, 1)
        return True

    def _failed(self, reason: str) -> bool:
        self.failures += 1
        log.warning("the CRM takes no contacts", reason=reason, waiting=self.waiting)
        return False
