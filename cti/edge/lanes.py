"""Work in order where order matters, side by side where it does not.

Each job names what it works on (legs, a bridge). A job starts when it is the oldest one for everything it names. So
one leg has one command in flight at a time, a `Bridge` waits for both its legs and holds them until it is done, and
another leg waits for none of that. Asterisk has crashed when it was told several things at once about one bridge
(asterisk#1201).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection

Job = Callable[[], Awaitable[None]]


class _Ticket:
    __slots__ = ("ahead", "job", "lanes")

    def __init__(self, lanes: frozenset[str], job: Job) -> None:
        self.lanes = lanes
        self.job = job
        self.ahead = 0
        """In how many of its lanes others come first."""


class Lanes:
    """The jobs of one link. A job must not raise."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[_Ticket]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def put(self, lanes: Collection[str], job: Job) -> None:
        """Have the job done when it is its turn; returns at once."""
        ticket = _Ticket(frozenset(lanes), job)
        for lane in ticket.lanes:
            queue = self._lanes.setdefault(lane, deque())
            ticket.ahead += bool(queue)
            queue.append(ticket)
        self._start_if_first(ticket)

    def __len__(self) -> int:
        """Jobs that run or wait."""
        return len({id(ticket) for queue in self._lanes.values() for ticket in queue})

    async def close(self) -> None:
        """Stop the jobs that run, drop those that wait."""
        self._lanes.clear()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _start_if_first(self, ticket: _Ticket) -> None:
        if ticket.ahead:
            return
        task = asyncio.get_running_loop().create_task(self._work(ticket))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _work(self, ticket: _Ticket) -> None:
        try:
            await ticket.job()
        finally:
            self._leave(ticket)

    def _leave(self, ticket: _Ticket) -> None:
        for lane in ticket.lanes:
            queue = self._lanes.get(lane)
            if queue is None:  # closed meanwhile
                continue
            queue.popleft()
            if queue:
                queue[0].ahead -= 1
                self._start_if_first(queue[0])
            else:
                del self._lanes[lane]
