"""What the process before us has left: books that nobody closed, and today's figures so far.

They can be told from what lives on as soon as the PBXs have said which calls they have. A PBX that stays away holds
this up for a moment only; its own calls are left open until it is there. The same is due when another process gives a
PBX back to us: what became of its calls, it may not have told our storage.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

from acd.center import ContactCenter
from acd.edge.clock import Clock
from acd.edge.database import DatabaseMisconfigured, DatabaseUnavailable
from acd.edge.history import History
from acd.edge.history_orphans import TellLost
from acd.edge.history_reader import HistoryReader
from acd.edge.recall import Recall
from acd.model import QueueName
from acd.recovery.survivors import Survivors
from acd.remembered import (
    CallersRemembered,
    DayRemembered,
    FiguresRemembered,
    QueuesRemembered,
    Remembered,
    Restarted,
)
from config.days import midnight_before
from cti.model import NodeName

PATIENCE = 120.0
"""Seconds that a PBX may take to say which calls it has, before we go on without it."""

KNOWN_WITHIN = 2.0
"""Seconds for which the start waits for each of the things that it is good to know."""

FOUND_WITHIN = 5.0
"""Seconds for those who have hung up while nobody saw it."""

log = structlog.stdlib.get_logger(__name__)


class LastProcess:
    """Closes its books. `tell` hears of what is over, `post` takes what goes on."""

    def __init__(
        self,
        center: ContactCenter,
        history: History,
        reader: HistoryReader,
        recall: Recall,
        clock: Clock,
        nodes: Iterable[NodeName],
        *,
        tell: TellLost,
        post: Callable[[Remembered], None],
    ) -> None:
        self._center = center
        self._history = history
        self._reader = reader
        self._recall = recall
        self._clock = clock
        self._started_at = clock.now()
        self._alive: float | None = None
        """When it is known to have lived last."""
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
        orphans = await self._history.close_orphans(still, at, self._tell, self._alive)
        if orphans:
            log.info("interactions of another process that are over", count=orphans)
        if not first:
            return
        try:
            if not written:
                raise DatabaseUnavailable("it is behind")  # noqa: TRY301 - sums of half the facts would be wrong all day
            remembered = await self._today(still)
        except (DatabaseUnavailable, DatabaseMisconfigured) as error:
            log.warning("today's figures begin now", reason=str(error))
        else:
            for one in remembered:
                self._post(one)

    async def _today(self, still: Survivors) -> tuple[FiguresRemembered, DayRemembered, CallersRemembered]:
        plan = self._center.plan
        in_time = {QueueName(name): queue.service_level for name, queue in plan.queues.items()}
        since = midnight_before(self._clock.now(), plan.zone)  # a PBX may have kept us waiting over midnight
        return (
            await self._reader.figures(since, self._started_at, in_time, still),
            await self._recall.day(since, self._started_at, still),
            await self._left_while_down(),
        )

    # -- at the start ----------------------------------------------------------------------------------------------

    async def remember(self, last_beat: float | None) -> None:
        """What the agents were when it ended, and what it had learnt, before their desktops and the calls are back.

        `last_beat`: of its heart; None if that is not known."""
        agents = self._center.plan.agents
        began, within = self._started_at, KNOWN_WITHIN
        self._alive = alive = await self._last_sign_of_life(last_beat, within)
        if alive is not None:
            self._post(Restarted(alive))
        await self._told(self._states, "the agents' last states are not known")
        await self._told(
            lambda: self._reader.past_work(agents, began, began if alive is None else alive, within),
            "how busy the agents have been is not known; they all begin alike",
        )
        await self._told(
            lambda: self._reader.past_waits(began, within),
            "how long callers have waited is not known; the queues learn anew",
        )
        await self._told(
            lambda: self._places(within), "who has just hung up is not known; whoever calls again waits anew"
        )

    async def _last_sign_of_life(self, last_beat: float | None, within: float) -> float | None:
        """The later of what it has said on disk and what storage knows."""
        signs = [last_beat]
        try:
            signs.append(await self._reader.last_sign(self._started_at, within))
        except (DatabaseUnavailable, DatabaseMisconfigured) as error:
            log.warning("when the last process ended is known from its heartbeat only", reason=str(error))
        last = max((sign for sign in signs if sign is not None), default=None)
        return None if last is None else min(last, self._started_at)

    async def _states(self) -> QueuesRemembered:
        for agent in await self._history.agent_states():
            self._post(agent)
        return await self._history.left_queues()

    async def _told(self, question: Callable[[], Awaitable[Remembered]], otherwise: str) -> None:
        """Post the answer; if the database has none, tell the log what follows."""
        try:
            self._post(await question())
        except (DatabaseUnavailable, DatabaseMisconfigured) as error:
            log.warning(otherwise, reason=str(error))

    async def _places(self, within: float) -> CallersRemembered:
        """Whose place in a queue is kept though he has hung up."""
        graces = {QueueName(name): queue.grace for name, queue in self._center.plan.queues.items()}
        return await self._recall.left_places(graces, self._started_at, within)

    async def _left_while_down(self) -> CallersRemembered:
        """Those who have hung up when nobody saw it: their stays were just closed, at our start."""
        known = await self._places(FOUND_WITHIN)
        return CallersRemembered(left=[one for one in known.left if one.at >= self._started_at])

    async def tell_of_talks(self) -> None:
        """Who has talked with whom, while calls come in already."""
        try:
            async for portion in self._recall.last_talks(self._started_at):
                self._post(portion)
        except (DatabaseUnavailable, DatabaseMisconfigured) as error:
            log.warning("with whom callers have talked is known from the CRM only", reason=str(error))
