"""Answers what the brain wants to know of customers, in time or not at all, and tells the CRM what has happened.

Nothing that a CRM does is ever raised into the runtime.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence

from acd.events import CenterEvent, CustomerWanted, QuestionAsked
from acd.model import Customer, CustomerAnswer, CustomerKnown, CustomerUnavailable, CustomerUnknown
from acd.numbers import readings
from acd.told import CustomerAnswered, QuestionAnswered
from crm_bridge.connector import Connector, CrmFailed
from crm_bridge.contacts import ContactNotes
from crm_bridge.edge.asking import Asking
from crm_bridge.edge.flow_questions import FlowQuestions
from crm_bridge.edge.outbox import Outbox
from crm_bridge.edge.wrong_pins import WrongPins
from crm_bridge.mapping import NotACustomer, has_number, trusted
from ivr.flow.node import FAILED
from ivr.flow.questions import Create, LookUp, Verify

MOST_WAITING = 400
"""Questions of one kind that are not answered yet; more are not asked."""

Answer = CustomerAnswered | QuestionAnswered


class CrmDesk:
    """Sits between the brain and one CRM. Answers go to `post`."""

    def __init__(
        self,
        connector: Connector,
        outbox: Outbox,
        wrong_pins: WrongPins,
        post: Callable[[Answer], None],
        country: str,
    ) -> None:
        self._connector = connector
        self._outbox = outbox
        self._post = post
        self._country = country
        self._notes = ContactNotes()
        self._tasks: set[asyncio.Task[None]] = set()
        self._of_kind: Counter[type] = Counter()
        """How many of them there are: flows may wait for long, and must not keep pops from being asked."""
        self.asking = Asking()
        """Who is calling."""
        self.flows = FlowQuestions(connector, wrong_pins)

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
            case QuestionAsked(question=LookUp() | Create() | Verify() as question):
                self._start(self._answer_flow(event, question), event)
            case QuestionAsked():
                pass  # for a service
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
            return CustomerUnknown()
        try:
            found = await self.asking.ask(lambda: self._by_number(meanings))
        except CrmFailed as error:
            return CustomerUnavailable(str(error))
        return CustomerUnknown() if found is None else CustomerKnown(found)

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

    async def _answer_flow(self, asked: QuestionAsked, question: LookUp | Create | Verify) -> None:
        self._post(await self.flows.answer(asked, question))

    def _start(self, answering: Coroutine[None, None, None], event: CustomerWanted | QuestionAsked) -> None:
        kind = type(event)
        if self._of_kind[kind] >= MOST_WAITING:
            answering.close()
            (self.asking if kind is CustomerWanted else self.flows.asking).failed += 1
            self._post(_refused(event))
            return
        task = asyncio.get_running_loop().create_task(answering, name="crm: question")
        self._tasks.add(task)
        self._of_kind[kind] += 1
        task.add_done_callback(lambda done: self._over(done, kind))

    def _over(self, task: asyncio.Task[None], kind: type) -> None:
        self._tasks.discard(task)
        self._of_kind[kind] -= 1


def _refused(event: CustomerWanted | QuestionAsked) -> Answer:
    reason = "too many questions wait for the CRM"
    if isinstance(event, CustomerWanted):
        return CustomerAnswered(event.interaction, CustomerUnavailable(reason))
    return QuestionAnswered(event.id, FAILED, reason=reason)
