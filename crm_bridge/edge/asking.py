"""How a CRM is asked: within a deadline, a bounded number of questions at once, and not at all while it fails.

A question has a deadline of 1.5 seconds, or as long as a flow waits. A CRM that fails five times in a row is left alone
for ten seconds. Nothing is raised but `CrmFailed`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from crm_bridge.breaker import Breaker, Closed
from crm_bridge.connector import CrmCannot, CrmFailed
from crm_bridge.mapping import NotACustomer

DEADLINE = 1.5
AT_ONCE = 16
"""Questions that are with the CRM at one time."""

log = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")


class Asking:
    """Of one CRM. The counts are for `/metrics`."""

    def __init__(self) -> None:
        self.breaker = Breaker()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.asked = 0
        self.failed = 0
        """Questions without an answer, whatever the reason."""
        self.last_failure = ""

    @property
    def ready(self) -> bool:
        """Whether the CRM is being asked (the breaker is closed)."""
        return isinstance(self.breaker.state, Closed)

    async def ask(self, question: Callable[[], Awaitable[T]], *, within: float = DEADLINE, secret: bool = False) -> T:
        """Ask, if the breaker allows. Raises `CrmFailed`, and nothing else.

        `within`: seconds, with the wait for others. `secret`: the question holds one, so that no word of an error in
        answering it may be written down.
        """
        loop = asyncio.get_running_loop()
        if not self.breaker.allows(loop.time()):
            self.failed += 1
            raise CrmFailed("the CRM is left alone after failures")
        self.asked += 1
        try:
            async with asyncio.timeout(within), self._slots:
                answer = await question()
        except asyncio.CancelledError:
            raise
        except CrmCannot as error:
            self.breaker.succeeded()
            reason = self._failed("the CRM cannot do this" if secret else str(error))
        except Exception as error:  # noqa: BLE001 - a connector is anybody's code
            self.breaker.failed(loop.time())
            reason = self._failed(_told(error, within, secret=secret))
        else:
            self.breaker.succeeded()
            return answer
        raise CrmFailed(reason)

    def _failed(self, reason: str) -> str:
        self.failed += 1
        self.last_failure = reason
        return reason


def _told(error: Exception, within: float, *, secret: bool) -> str:
    """For people. A mistake in the connector's code goes to the log with all that is known of it."""
    kind = type(error).__name__
    match error:
        case TimeoutError():
            return f"the CRM did not answer within {within:g} s"
        case CrmFailed() | NotACustomer() if not secret:
            return str(error)
        case CrmFailed() | NotACustomer():
            return "the CRM could not answer"
        case _ if secret:
            log.error("the CRM's connector failed", error=kind)
        case _:
            log.error("the CRM's connector failed", exc_info=error)
    return f"the CRM's connector failed ({kind})"
