"""The CRM for a company that has none, in the centre's own database.

It knows customers with bills, what is sold, ordered and paid, tickets, and PINs; what it is to send is written down.
"""

import time
from collections.abc import Callable, Mapping, Sequence

import argon2
import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from acd.model import Customer
from crm_bridge.connector import Contact, Created, CrmCannot, Found, facts_of
from crm_bridge.edge.embedded_creating import Creating
from crm_bridge.edge.embedded_customers import customer_of, put_customers
from crm_bridge.edge.embedded_pins import HASHER, Pins
from crm_bridge.edge.embedded_rows import put, stored, transaction
from crm_bridge.edge.embedded_shop import KINDS, last_payment, put_shop
from crm_bridge.edge.embedded_tables import contact_numbers, contacts, customers
from crm_bridge.mapping import bill_fields, fields_of
from crm_bridge.shop import Shop
from ivr.flow.secret import Secret

_AT_ONCE = 1000
"""Customers of one statement."""


class EmbeddedCrm:
    """A `Connector`; `now` is UTC.

    A telephone number that several customers share is taken for the one with the lowest id: somebody of the
    household.
    """

    def __init__(self, engine: AsyncEngine, now: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._pins = Pins(engine)
        self._creating = Creating(engine, now)

    # -- the connector ---------------------------------------------------------------------------------------------

    async def customer_by_number(self, number: str) -> Customer | None:
        """See `Connector`."""
        question = (
            select(contact_numbers.c.customer)
            .where(contact_numbers.c.number == number)
            .order_by(contact_numbers.c.customer)
            .limit(1)
        )
        async with transaction(self._engine) as connection:
            found = (await connection.execute(question)).scalar_one_or_none()
            return None if found is None else await customer_of(connection, found)

    async def customer_by_id(self, customer: str) -> Customer | None:
        """See `Connector`."""
        async with transaction(self._engine) as connection:
            return await customer_of(connection, customer)

    async def look_up(self, kind: str, key: str, language: str) -> Found | None:
        """See `Connector`."""
        async with transaction(self._engine) as connection:
            if kind in KINDS:
                fields = await KINDS[kind](connection, key, language)
                return None if fields is None else Found(fields)
            if kind not in {"customer", "bill", "payment"}:
                raise CrmCannot(f"the embedded CRM knows nothing of the kind {kind!r}")
            customer = await customer_of(connection, key)
            if customer is None:
                return None
            fields = await _of_customer(connection, kind, customer)
            return None if fields is None else Found(fields, customer)

    async def create(self, kind: str, fields: Mapping[str, str], once: str) -> Created:
        """See `Connector`."""
        return await self._creating.create(kind, fields, once)

    async def verify(self, customer: str, pin: Secret) -> bool:
        """See `Connector`."""
        return await self._pins.are_right(customer, pin)

    async def write_back(self, contact: Contact) -> None:
        """See `Connector`."""
        row = {
            "interaction": contact.interaction,
            "customer": contact.customer,
            "at": contact.started,
            "channel": contact.channel,
            "summary": stored(contact.summary),
            "facts": msgspec.to_builtins(facts_of(contact)),
        }
        async with transaction(self._engine) as connection:
            await put(connection, contacts, [row], anew=False)  # what we heard first was told by who saw it end

    # -- filling it ------------------------------------------------------------------------------------------------

    async def count(self) -> int:
        """How many customers there are."""
        async with transaction(self._engine) as connection:
            found = await connection.execute(select(func.count()).select_from(customers))
            return int(found.scalar_one())

    async def put(self, people: Sequence[Customer], written: Callable[[int], None] = lambda _: None) -> None:
        """Add customers, or write them anew, all or none; their numbers, bills and contacts are added to what is
        there.

        Numbers are in E.164, else nobody finds them. `written` is told now and then how many there are so far.
        """
        async with transaction(self._engine) as connection:
            for start in range(0, len(people), _AT_ONCE):
                some = people[start : start + _AT_ONCE]
                await put_customers(connection, some)
                written(start + len(some))

    async def put_shop(self, shop: Shop) -> None:
        """Add what is sold, offered, paid, ordered and complained of, or write it anew, all or none."""
        async with transaction(self._engine) as connection:
            await put_shop(connection, shop)

    async def put_pins(self, pins: Mapping[str, Secret], hasher: argon2.PasswordHasher = HASHER) -> None:
        """Give customers PINs, by customer number, in place of those that they have."""
        await self._pins.put(pins, hasher)


async def _of_customer(connection: AsyncConnection, kind: str, customer: Customer) -> Mapping[str, str] | None:
    match kind:
        case "bill":
            return bill_fields(customer.bills[0]) if customer.bills else None
        case "payment":
            return await last_payment(connection, customer.id)
        case _:
            return fields_of(customer)
