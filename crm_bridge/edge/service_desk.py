"""Answers flows that ask the company's services (`ivr.nodes.http`), in time or not at all.

A request has as long as its caller waits. Each service is by itself: one that never answers, or fails five times in a
row and is left alone for ten seconds, keeps nobody from the others.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import msgspec
import structlog

from acd.events import QuestionAsked
from acd.model import QuestionId
from acd.told import QuestionAnswered
from crm_bridge.breaker import Breaker
from crm_bridge.edge.services import ServiceFailed, ServiceRefused, Services
from ivr.flow.node import FAILED
from ivr.flow.questions import Request

AT_ONCE = 64
"""Requests that are under way to one service at one time."""
MOST_WAITING = 400
"""Requests to one service that are not answered yet; more are not made."""

ANSWERED = "answered"
NOT_FOUND = "not_found"

log = structlog.stdlib.get_logger(__name__)


class _Line:
    """To one service."""

    def __init__(self) -> None:
        self.breaker = Breaker()
        self.slots = asyncio.Semaphore(AT_ONCE)
        self.waiting = 0


class ServiceDesk:
    """Sits between the brain and the services. Answers go to `post`. The counts are for `/metrics`."""

    def __init__(self, services: Services, post: Callable[[QuestionAnswered], None]) -> None:
        self._services = services
        self._post = post
        self._lines: defaultdict[str, _Line] = defaultdict(_Line)
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: Counter[tuple[str, str]] = Counter(
            {(service, outcome): 0 for service in services.names for outcome in (ANSWERED, NOT_FOUND, FAILED)}
        )
        """By service, and by how they ended; those that were not made because the service is left alone have failed."""

    def listen(self, outputs: Sequence[object], _now: float) -> None:
        """As a listener of the runtime."""
        for output in outputs:
            if isinstance(output, QuestionAsked) and isinstance(output.question, Request):
                once = f"{output.interaction}/{output.question.once}"
                self._start(output.id, msgspec.structs.replace(output.question, once=once))

    async def stop(self) -> None:
        """Give up what is not answered yet."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _start(self, asked: QuestionId, request: Request) -> None:
        line = self._lines[request.service]
        if line.waiting >= MOST_WAITING:
            self._fail(asked, request, f"too many requests wait for the service {request.service!r}")
            return
        line.waiting += 1
        task = asyncio.get_running_loop().create_task(self._answer(asked, request, line), name="service: request")
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._over(done, line))

    def _over(self, task: asyncio.Task[None], line: _Line) -> None:
        self._tasks.discard(task)
        line.waiting -= 1

    async def _answer(self, asked: QuestionId, request: Request, line: _Line) -> None:
        loop, breaker = asyncio.get_running_loop(), line.breaker
        if not breaker.allows(loop.time()):
            self._fail(asked, request, f"the service {request.service!r} is left alone after failures")
            return
        try:
            async with asyncio.timeout(request.within), line.slots:
                learnt = await self._services.ask(request)
        except (ServiceFailed, TimeoutError) as error:
            if isinstance(error, ServiceRefused):
                breaker.succeeded()
            else:
                breaker.failed(loop.time())
            reason = str(error) or f"the service {request.service!r} did not answer within {request.within:g} s"
            log.warning("a flow's request has failed", service=request.service, reason=reason)
            self._fail(asked, request, reason)
            return
        breaker.succeeded()
        self.requests[request.service, NOT_FOUND if learnt is None else ANSWERED] += 1
        self._post(QuestionAnswered(asked, NOT_FOUND) if learnt is None else QuestionAnswered(asked, "then", learnt))

    def _fail(self, asked: QuestionId, request: Request, reason: str) -> None:
        self.requests[request.service, FAILED] += 1
        self._post(QuestionAnswered(asked, FAILED, reason=reason))
