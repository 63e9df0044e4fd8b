"""What the process before us has left: books that nobody closed, and today's figures so far.

They can be told from what lives on as soon as the PBXs have said which calls they have. A PBX that stays away holds
this up for a moment only; its own calls are left open until it is there. The same is due when another process gives a
PBX back to us: what became of its calls, it may not have told our storage.
"""

import asyncio
from collections.abc import Callable, Iterable

import structlog

from acd.center import ContactCenter
from acd.edge.clock import Clock
from acd.edge.database import DatabaseMisconfigured, DatabaseUnavailable
from acd.edge.history import History
from acd.edge.history_orphans import TellLost
from acd.edge.history_reader import HistoryReader
from acd.events import FiguresRemembered
from acd.model import QueueName
from acd.recovery.survivors import Survivors
from config.days import midnight_before
from cti.model import NodeName

PATIENCE = 120.0
"""Seconds that a PBX may take to say which calls it has, before we go on without it."""

log = structlog.stdlib.get_logger(__name__)


class LastProcess:
    """Closes its books. `tell` hears of what is over, `post` takes the figures."""

    def __init__(
        self,
        center: ContactCenter,
        history: History,
        reader: HistoryReader,
        clock: Clock,
        nodes: Iterable[NodeName],
        *,
        tell: TellLost,
        post: Callable[[FiguresRemembered], None],
    ) -> None:
        self._center = center
        self._history = history
        self._reader = reader
        self._clock = clock
        self._started_at = clock.now()
        self._unseen = set(nodes)
        self._begun = False
        self._tell = tell
        self._post = post

    def is_due(self, node: NodeName, *, handed_back: bool) -> bool:
        """That PBX has said which calls it has, and the brain knows: whether `close_books` is due now."""
        first = node in self._unseen
        self._unseen.discard(node)
        if self._begun:
            return first or handed_back
        return not self._unseen

    async def close_books_without_the_absent(self, patience: float = PATIENCE) -> None:
        """Should a PBX still be away then."""
        await asyncio.sleep(patience)
        if not self._begun:
            log.warning("going on without the calls of PBXs that are away", nodes=sorted(self._unseen))
            await self.close_books()

    async def close_books(self) -> None:
        """What storage believes in besides the calls that live is over; the first time, it counts in today's sums."""
        first, self._begun = not self._begun, True
        at = self._started_at if first else self._clock.now()
        still = self._center.survivors(self._unseen | set(self._center.pbx_taken))
        written = await self._history.flush(patience=10.0)
        orphans = await self._history.close_orphans(still, at, self._tell)
        if orphans:
            log.info("interactions of another process that are over", count=orphans)
        if not first:
            return
        try:
            if not written:
                raise DatabaseUnavailable("it is behind")  # noqa: TRY301 - sums of half the facts would be wrong all day
            figures = await self._figures(still)
        except (DatabaseUnavailable, DatabaseMisconfigured) as error:
            log.warning("today's figures begin now", reason=str(error))
        else:
            self._post(figures)

    async def _figures(self, still: Survivors) -> FiguresRemembered:
        plan = self._center.plan
        in_time = {QueueName(name): queue.service_level for name, queue in plan.queues.items()}
        since = midnight_before(self._clock.now(), plan.zone)  # a PBX may have kept us waiting over midnight
        return await self._reader.figures(since, self._started_at, in_time, still)
