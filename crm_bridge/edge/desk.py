"""Answers what the brain wants to know of customers, in time or not at all, and tells the CRM what has happened.

A question has a deadline of 1.5 seconds. A CRM that fails five times in a row is left alone for ten seconds;
until then every question is answered at once with "unavailable". Nothing that a CRM does is ever raised into
the runtime.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TypeVar

import structlog

from acd.events import CenterEvent, CustomerWanted, QuestionAsked
from acd.model import Customer, CustomerAnswer, CustomerKnown, CustomerUnavailable, CustomerUnknown
from acd.numbers import readings
from acd.told import CustomerAnswered, QuestionAnswered
from crm_bridge.breaker import Breaker, Closed
from crm_bridge.connector import Connector, CrmFailed, Found
from crm_bridge.contacts import ContactNotes
from crm_bridge.edge.outbox import Outbox
from crm_bridge.mapping import NotACustomer, fields_of, has_number, trusted, trusted_fields, trusted_found
from ivr.flow.node import FAILED
from ivr.flow.questions import LookUp, Request
from ivr.flow.secret import Secret

DEADLINE = 1.5
AT_ONCE = 16
"""Questions that are with the CRM at one time."""
MOST_WAITING = 400
"""Questions that are not answered yet; more are not asked."""

log = structlog.stdlib.get_logger(__name__)

Answer = CustomerAnswered | QuestionAnswered
T = TypeVar("T")


class CrmDesk:
    """Sits between the brain and one CRM. Answers go to `post`. The counts are for `/metrics`."""

    def __init__(self, connector: Connector, outbox: Outbox, post: Callable[[Answer], None], country: str) -> None:
        self._connector = connector
        self._outbox = outbox
        self._post = post
        self._country = country
        self._breaker = Breaker()
        self._notes = ContactNotes()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self.asked = 0
        self.found = 0
        self.unknown = 0
        self.failed = 0
        """Questions without an answer, whatever the reason."""
        self.last_failure = ""

    @property
    def ready(self) -> bool:
        """Whether the CRM is being asked (the breaker is closed)."""
        return isinstance(self._breaker.state, Closed)

    @property
    def waiting(self) -> int:
        """Questions that are not answered yet."""
        return len(self._tasks)

    def listen(self, outputs: Sequence[object], _now: float) -> None:
        """As a listener of the runtime."""
        for output in outputs:
            if isinstance(output, CenterEvent):
                self.told(output)

    def told(self, event: CenterEvent) -> None:
        """Answer a question, note an end. Never waits, never raises."""
        match event:
            case CustomerWanted():
                self._start(self._answer_who(event), event)
            case QuestionAsked(question=Request()):
                pass  # for a service
            case QuestionAsked():
                self._start(self._answer_flow(event), event)
            case _:
                if (contact := self._notes.heard(event)) is not None:
                    self._outbox.put(contact)

    async def tell_of_lost(self, events: Sequence[CenterEvent]) -> None:
        """What ended while we were not there; when this returns the outbox has it on the disk (or says why not)."""
        for event in events:
            self.told(event)
        await self._outbox.keep()

    async def stop(self) -> None:
        """Give up what is not answered yet."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    # -- questions -------------------------------------------------------------------------------------------------

    async def _answer_who(self, wanted: CustomerWanted) -> None:
        self._post(CustomerAnswered(wanted.interaction, await self._who(wanted.number)))

    async def _who(self, number: str) -> CustomerAnswer:
        meanings = readings(number, self._country)
        if not meanings:
            self.unknown += 1
            return CustomerUnknown()
        try:
            found = await self._ask(lambda: self._by_number(meanings))
        except CrmFailed as error:
            return CustomerUnavailable(str(error))
        if found is None:
            self.unknown += 1
            return CustomerUnknown()
        self.found += 1
        return CustomerKnown(found)

    async def _by_number(self, meanings: Sequence[str]) -> Customer | None:
        for number in meanings:
            answer = await self._connector.customer_by_number(number)
            if answer is None:
                continue
            customer = trusted(answer)
            if not has_number(customer, number, self._country):
                raise NotACustomer("the CRM answered with somebody who has another number")
            return customer
        return None

    async def _answer_flow(self, asked: QuestionAsked) -> None:
        question = asked.question
        if not isinstance(question, LookUp):
            self._post(QuestionAnswered(asked.id, FAILED, reason="the CRM cannot do this"))
            return
        try:
            found = await self._ask(lambda: self._looked_up(question))
        except CrmFailed as error:
            self._post(QuestionAnswered(asked.id, FAILED, reason=str(error)))
            return
        if found is None:
            self.unknown += 1
            self._post(QuestionAnswered(asked.id, "not_found"))
        else:
            self.found += 1
            self._post(QuestionAnswered(asked.id, "found", found.fields, found.customer))

    async def _looked_up(self, wanted: LookUp) -> Found | None:
        key = wanted.key.reveal() if isinstance(wanted.key, Secret) else wanted.key
        if wanted.kind == "customer":
            answer = await self._connector.customer_by_id(key)
            if answer is None:
                return None
            customer = trusted(answer)
            if customer.id != key:
                raise NotACustomer("the CRM answered with another customer")
            return Found(trusted_fields("customer", fields_of(customer)), customer)
        found = await self._connector.look_up(wanted.kind, key, wanted.language)
        return None if found is None else trusted_found(wanted.kind, key, found)

    # -- how they are asked ----------------------------------------------------------------------------------------

    async def _ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Ask within the deadline, if the breaker allows. Raises `CrmFailed`, and nothing else."""
        loop = asyncio.get_running_loop()
        if not self._breaker.allows(loop.time()):
            self.failed += 1
            raise CrmFailed("the CRM is left alone after failures")
        self.asked += 1
        try:
            async with asyncio.timeout(DEADLINE), self._slots:
                answer = await question()
        except asyncio.CancelledError:
            raise
        except TimeoutError:
            reason = f"the CRM did not answer within {DEADLINE} s"
        except (CrmFailed, NotACustomer) as error:
            reason = str(error)
        except Exception as error:
            log.exception("the CRM's connector failed")
            reason = f"the CRM's connector failed ({type(error).__name__})"
        else:
            self._breaker.succeeded()
            return answer
        self._breaker.failed(loop.time())
        self.failed += 1
        self.last_failure = reason
        raise CrmFailed(reason)

    def _start(self, answering: Coroutine[None, None, None], event: CustomerWanted | QuestionAsked) -> None:
        if len(self._tasks) >= MOST_WAITING:
            answering.close()
            self.failed += 1
            self._post(_refused(event))
            return
        task = asyncio.get_running_loop().create_task(answering, name="crm: question")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _refused(event: CustomerWanted | QuestionAsked) -> Answer:
    reason = "too many questions wait for the CRM"
    if isinstance(event, CustomerWanted):
        return CustomerAnswered(event.interaction, CustomerUnavailable(reason))
    return QuestionAnswered(event.id, FAILED, reason=reason)
