"""A CRM by hand: slow, failing or lying, as a test wishes."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from acd.model import Customer
from crm_bridge.connector import Contact, Created, Found
from ivr.flow.secret import Secret

EMMA = Customer("1001", "Emma", numbers=("+493023125001",), balance="12.50")


async def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so, 20 seconds at most."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is tested has no event for it
            await asyncio.sleep(0.005)


class ObedientCrm:
    """A `Connector` whose answers and troubles are set from outside."""

    def __init__(self) -> None:
        self.answer: Any = EMMA
        self.delay = 0.0
        self.trouble: BaseException | None = None
        self.questions: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.contacts: list[Contact] = []
        self.once: list[str] = []
        self.pin = "835610274193"
        """Of everybody; so long that it is nowhere by chance."""

    async def _ask(self, question: str) -> Any:  # noqa: ANN401 - it lies, if it is told to
        self.questions.append(question)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            await asyncio.sleep(self.delay)
        finally:
            self.at_once -= 1
        if self.trouble is not None:
            raise self.trouble
        return self.answer

    async def customer_by_number(self, number: str) -> Customer | None:
        """As told."""
        found: Customer | None = await self._ask(number)
        return found

    async def customer_by_id(self, customer: str) -> Customer | None:
        """As told."""
        found: Customer | None = await self._ask(customer)
        return found

    async def look_up(self, kind: str, key: str, language: str) -> Found | None:
        """As told."""
        found: Found | None = await self._ask(f"{kind} {key} {language}")
        return found

    async def create(self, kind: str, fields: Mapping[str, str], once: str) -> Created:
        """As told."""
        self.once.append(once)
        made: Created = await self._ask(f"create {kind} {dict(fields)}")
        return made

    async def verify(self, customer: str, pin: Secret) -> bool:
        """Whether it is `pin`; or as told, if that is no answer."""
        told = await self._ask(f"verify {customer}")
        is_right: bool = pin.reveal() == self.pin if isinstance(told, Customer) else told
        return is_right

    async def write_back(self, contact: Contact) -> None:
        """As told; then it is among `contacts`."""
        await self._ask(f"contact {contact.interaction}")
        self.contacts.append(contact)
