"""Storage listens: every fact that the brain says is kept, in the database, without ever being in the way of a call.

    told(event) -> memory --(20 ms)--> spool on disk --(0.2 s or 500 facts)--> database

Facts go through the spool always, so there is one path whether the database is up, slow, down or not there yet.
While it is up the spool is written without fsync (the end of the process cannot lose it) and is empty again a
moment later; while it is down each write is synced. What is in the spool after a crash is written again at the
next start; upserts make that harmless.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from itertools import islice

import structlog

from acd.edge.database import Database, DatabaseMisconfigured, DatabaseUnavailable
from acd.edge.history_facts import Fact, RosterNoted, encoded, fact_of, last_agent_states, last_left_queues
from acd.edge.history_orphans import TellLost
from acd.edge.history_reader import agents_remembered, left_queues
from acd.edge.history_writer import FactWriter
from acd.edge.spool import Spool, SpoolFull
from acd.events import CenterEvent, ReservationMade
from acd.recovery.survivors import Survivors
from acd.remembered import AgentRemembered, QueuesRemembered
from acd.routing.decision import Roster

GATHER = 0.02
"""Seconds in which facts are gathered before they are spooled: what a kill can lose."""
INTERVAL = 0.2
BATCH = 500
MOST_IN_MEMORY = 200_000
"""Facts that wait in memory for a disk that takes none; beyond that they are lost, and counted."""
PROBE = 5.0
"""Seconds between two looks at an idle database."""
BACKOFF = (0.2, 5.0)

log = structlog.stdlib.get_logger(__name__)


class History:
    """Keeps facts. `start` before the centre runs, `stop` after it; between them `told` may be called from the loop.

    The public counts are for `/metrics`; `ready` and `reason` for `/ready`.
    """

    def __init__(self, database: Database, spool: Spool) -> None:
        self._database = database
        self._spool = spool
        self._new: deque[Fact] = deque()
        self._new_there = asyncio.Event()
        self._enough = asyncio.Event()
        self._settled = asyncio.Event()
        self._grown = asyncio.Event()
        self._moving = asyncio.Lock()
        self._writer_of_facts = FactWriter(database, spool)
        self._prepared = False
        self._stopping = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._writer: asyncio.Task[None] | None = None
        self._orphans: tuple[Survivors, float, TellLost, float] | None = None
        self._rosters: set[str] = set()
        """Those that were told since the process began."""
        self._behind_since = 0.0
        self.ready = False
        """Whether the database takes what we write."""
        self.reason = "not started"
        """Why not; empty while it does."""
        self.spool_reason = ""
        """Why the disk takes nothing; empty while it does."""
        self.spool_failures = 0
        """Attempts to spool that the disk did not take."""
        self.told_count = 0
        self.written = 0
        self.failures = 0
        """Attempts to write that the database did not take."""
        self.unreadable = 0
        """Facts that could not be stored for what they are; set aside in `unreadable.txt`."""
        self.lost = 0
        """Facts dropped because neither the disk nor the database took anything."""

    # -- telling ---------------------------------------------------------------------------------------------------

    def told(self, event: CenterEvent) -> None:
        """Keep what of the event is to be kept. Never waits, never raises."""
        if isinstance(event, ReservationMade):
            self._keep_roster(event.why.roster)
        if (fact := fact_of(event)) is not None:
            self.keep(fact)

    def _keep_roster(self, roster: Roster) -> None:
        """Once for each that comes up; it is the plan's, so there are few."""
        if roster.id not in self._rosters:
            self._rosters.add(roster.id)
            self.keep(RosterNoted(roster.id, roster.agents))

    def keep(self, fact: Fact) -> None:
        """Keep a fact that is not the brain's. Never waits, never raises."""
        self.told_count += 1
        if len(self._new) >= MOST_IN_MEMORY:
            self.lost += 1
            return
        if not self.behind:
            self._behind_since = time.monotonic()
        self._new.append(fact)
        self._settled.clear()
        self._new_there.set()

    def listen(self, outputs: Sequence[object], _now: float) -> None:
        """As a listener of the runtime: keep what is to be kept of what the brain has said."""
        for output in outputs:
            if isinstance(output, CenterEvent):
                self.told(output)

    @property
    def queued(self) -> int:
        """Facts in memory."""
        return len(self._new)

    @property
    def spooled(self) -> int:
        """Facts on disk that are not yet in the database."""
        return self._spool.pending

    @property
    def behind(self) -> int:
        """Facts that are not yet in the database."""
        return self.queued + self.spooled

    @property
    def lag(self) -> float:
        """Seconds since the database last had everything; 0 while it has."""
        return time.monotonic() - self._behind_since if self.behind else 0.0

    # -- life ------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Open the spool, bring the schema to the present, write what an earlier process has left.

        Raises `DatabaseMisconfigured` and `SpoolFull`, which an administrator has to mend. A database that is
        down does not raise: `ready` is False, facts are spooled until it is back.
        """
        await asyncio.to_thread(self._spool.open)
        self._behind_since = time.monotonic()
        try:
            await self._prepare()
            while self.spooled:
                await self._write_batch()
        except DatabaseUnavailable as error:
            self._failed(error)
        except BaseException:
            self._spool.close()
            raise
        self._keeper = asyncio.create_task(self._keep(), name="history: spool")
        self._writer = asyncio.create_task(self._write(), name="history: database")

    async def stop(self, patience: float = 5.0) -> None:
        """Write what is left, for `patience` seconds at most; the rest stays in the spool for the next start."""
        self._stopping.set()
        self._new_there.set()
        if self._keeper is not None and self._writer is not None:
            await asyncio.wait([self._keeper])
            self._grown.set()
            self._enough.set()
            # Left to end by itself: a connection that is cancelled while it is being made would not be closed.
            _, unfinished = await asyncio.wait([self._writer], timeout=patience)
            if unfinished:
                self._writer.cancel()
                await asyncio.wait([self._writer])
        await asyncio.to_thread(self._spool.close)

    async def flush(self, patience: float) -> bool:
        """Wait until everything told so far is in the database; False if it is not after `patience` seconds."""
        self._enough.set()
        try:
            async with asyncio.timeout(patience):
                while self.behind:
                    self._settled.clear()
                    await self._settled.wait()
        except TimeoutError:
            return False
        return True

    async def close_orphans(self, still: Survivors, at: float, tell: TellLost, alive: float | None = None) -> int:
        """Close what the last process left open and the PBX no longer knows; returns how many interactions.

        `at` is when this process began (seconds since the epoch): nothing that began later is touched; `alive` is when
        the last one is known to have lived, if that is known. `tell` hears of them, perhaps twice if we are killed
        just then. While the database is down all this is put off until it is back and the spool is empty; then 0 is
        returned.
        """
        orphans = still, at, tell, at if alive is None else alive
        if not self.ready or self.spooled:
            self._orphans = orphans
            return 0
        try:
            return await self._writer_of_facts.close_orphans(*orphans)
        except (DatabaseUnavailable, DatabaseMisconfigured) as error:
            self._failed(error)
            self._orphans = orphans
            return 0

    async def agent_states(self) -> list[AgentRemembered]:
        """What each agent was when the last process ended. Call it after `start`, before anything is told.

        While the database is down, only the agents are known who changed their state since it went.
        """
        known = {}
        if self.ready:
            known = await agents_remembered(self._database)
        spooled = await asyncio.to_thread(lambda: last_agent_states(self._spool.everything()))
        return list({**known, **spooled}.values())

    async def left_queues(self) -> QueuesRemembered:
        """For which queues the agents were not asked when the last process ended; as with `agent_states`."""
        known = await left_queues(self._database) if self.ready else {}
        spooled = await asyncio.to_thread(lambda: last_left_queues(self._spool.everything()))
        return QueuesRemembered({**known, **spooled})

    # -- to the disk -----------------------------------------------------------------------------------------------

    async def _keep(self) -> None:
        while self._new or not self._stopping.is_set():
            await self._new_there.wait()
            if not self._stopping.is_set():
                await asyncio.sleep(1.0 if self.spool_reason else GATHER)
            self._new_there.clear()
            await self._spool_new()
            if self._new:
                self._new_there.set()
            if self.spool_reason and self._stopping.is_set():
                return  # what the writer cannot save either is lost with the process

    async def _spool_new(self) -> None:
        """Move the oldest of what is in memory to the disk."""
        async with self._moving:
            facts = list(islice(self._new, 2 * BATCH))
            lines = [encoded(fact) for fact in facts]
            try:
                await asyncio.to_thread(
                    self._spool.append, [line for line in lines if line is not None], sync=not self.ready
                )
            except SpoolFull as error:
                if not self.spool_reason:  # once per trouble, not once per fact
                    log.error("facts cannot be spooled", reason=str(error))  # noqa: TRY400 - the reason says it all
                self.spool_reason = str(error)
                self.spool_failures += 1
            else:
                self.spool_reason = ""
                self.unreadable += lines.count(None)
                self._forget_new(len(facts))
        self._grown.set()
        if self.behind >= BATCH:
            self._enough.set()

    def _forget_new(self, count: int) -> None:
        for _ in range(count):
            self._new.popleft()

    # -- to the database -------------------------------------------------------------------------------------------

    async def _write(self) -> None:
        delay = BACKOFF[0]
        while self._writable or not self._stopping.is_set():
            await self._due()
            try:
                await self._write_all()
            except Exception as error:
                # Mostly the database or the spool's folder. A fault of ours must not end the writing either: the
                # spool would grow until the next restart.
                if not isinstance(error, DatabaseUnavailable | DatabaseMisconfigured | OSError):
                    log.exception("a fault while the database was written")
                self._failed(error)
                if self._stopping.is_set():
                    return  # the next process writes the rest
                await _wait(self._stopping, delay)
                delay = min(2 * delay, BACKOFF[1])
            else:
                delay = BACKOFF[0]

    @property
    def _writable(self) -> bool:
        """Whether there is something for the database: on disk, or in memory while the disk takes nothing."""
        return bool(self.spooled or (self.spool_reason and self._new))

    async def _due(self) -> None:
        """Until there are enough facts, or some are old enough; or it is time to look whether the database is there."""
        if not self._writable and not self._stopping.is_set():
            await _wait(self._grown, PROBE)
        self._grown.clear()
        if self.ready and self.behind < BATCH and not self._stopping.is_set():
            await _wait(self._enough, INTERVAL)
        self._enough.clear()

    async def _write_all(self) -> None:
        """Everything that is there. Raises both errors of the database."""
        if not self._prepared:
            await self._prepare()
        elif not self.behind:
            await self._database.check()
        while self._writable:
            await self._write_batch()
        if self._orphans is not None:
            await self._writer_of_facts.close_orphans(*self._orphans)
            self._orphans = None
        self._succeeded()

    async def _prepare(self) -> None:
        await self._database.prepare()
        self._prepared = True
        self._succeeded()

    async def _write_batch(self) -> None:
        """One transaction: from the spool, or straight from memory while the disk takes nothing."""
        lines = await asyncio.to_thread(self._spool.take, BATCH)
        if lines:
            self.unreadable += await self._writer_of_facts.write_lines(lines)
            await asyncio.to_thread(self._spool.advance, len(lines))
            self.written += len(lines)
        else:
            async with self._moving:
                facts = list(islice(self._new, BATCH))
                self.unreadable += await self._writer_of_facts.write(facts)
                self._forget_new(len(facts))
                self.written += len(facts)
        self._succeeded()

    def _succeeded(self) -> None:
        if not self.ready:
            log.info("the database takes what we write", database=self._database.shown, waiting=self.behind)
        self.ready, self.reason = True, ""
        if not self.behind:
            self._settled.set()

    def _failed(self, error: Exception) -> None:
        self.failures += 1
        if self.ready or str(error) != self.reason:
            log.error("the database takes nothing; facts are spooled", reason=str(error))
        if isinstance(error, DatabaseMisconfigured):
            self._prepared = False  # somebody emptied it, or gave it another schema
        self.ready, self.reason = False, str(error)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
