"""The CRM for a company that has none: customers, their numbers, bills and contacts, in the centre's own database."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from acd.model import Bill, ContactFacts, Customer, PastContact
from crm_bridge.connector import Contact, CrmFailed, Found, facts_of
from crm_bridge.edge.embedded_tables import bills, contact_numbers, contacts, customers
from crm_bridge.mapping import MOST_CONTACTS, balance_of, fields_of

_AT_ONCE = 1000
"""Customers of one statement."""


class EmbeddedCrm:
    """A `Connector`.

    A telephone number that several customers share is taken for the one with the lowest id: somebody of the
    household.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    # -- the connector ---------------------------------------------------------------------------------------------

    async def customer_by_number(self, number: str) -> Customer | None:
        """See `Connector`."""
        question = (
            select(contact_numbers.c.customer)
            .where(contact_numbers.c.number == number)
            .order_by(contact_numbers.c.customer)
            .limit(1)
        )
        async with self._transaction() as connection:
            found = (await connection.execute(question)).scalar_one_or_none()
            return None if found is None else await _customer(connection, found)

    async def customer_by_id(self, customer: str) -> Customer | None:
        """See `Connector`."""
        async with self._transaction() as connection:
            return await _customer(connection, customer)

    async def look_up(self, kind: str, key: str, language: str) -> Found | None:
        """See `Connector`."""
        del language
        match kind:
            case "customer":
                customer = await self.customer_by_id(key)
                return None if customer is None else Found(fields_of(customer), customer)
            case "bill":
                return await self._bill(key)
            case _:
                raise CrmFailed(f"the embedded CRM knows nothing of the kind {kind!r}")

    async def write_back(self, contact: Contact) -> None:
        """See `Connector`."""
        row = {
            "interaction": contact.interaction,
            "customer": contact.customer,
            "at": contact.started,
            "channel": contact.channel,
            "summary": _text(contact.summary),
            "facts": msgspec.to_builtins(facts_of(contact)),
        }
        async with self._transaction() as connection:
            await _put(connection, contacts, [row], anew=False)  # what we heard first was told by who saw it end

    # -- filling it ------------------------------------------------------------------------------------------------

    async def count(self) -> int:
        """How many customers there are."""
        async with self._transaction() as connection:
            found = await connection.execute(select(func.count()).select_from(customers))
            return int(found.scalar_one())

    async def put(self, people: Sequence[Customer], written: Callable[[int], None] = lambda _: None) -> None:
        """Add customers, or write them anew, all or none; their numbers, bills and contacts are added to what is
        there.

        Numbers are in E.164, else nobody finds them. `written` is told now and then how many there are so far.
        """
        async with self._transaction() as connection:
            for start in range(0, len(people), _AT_ONCE):
                some = people[start : start + _AT_ONCE]
                await _put(connection, customers, [_customer_row(one) for one in some])
                await _put(connection, contact_numbers, [row for one in some for row in _number_rows(one)])
                await _put(connection, bills, [_bill_row(one, bill) for one in some for bill in one.bills])
                await _put(connection, contacts, [row for one in some for row in _contact_rows(one)])
                written(start + len(some))

    # -- inside ----------------------------------------------------------------------------------------------------

    async def _bill(self, of: str) -> Found | None:
        customer = await self.customer_by_id(of)
        if customer is None or not customer.bills:
            return None
        last = customer.bills[0]
        fields = {
            "bill_number": last.number,
            "bill_amount": last.amount,
            "bill_currency": last.currency,
            "bill_due": last.due,
            "bill_paid": "true" if last.paid else "false",
        }
        return Found(fields, customer)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError, ValueError) as error:  # ValueError: text that no database takes
            raise CrmFailed("the customers' database does not answer") from error


async def _customer(connection: AsyncConnection, customer: str) -> Customer | None:
    row = (await connection.execute(select(customers).where(customers.c.id == customer))).one_or_none()
    if row is None:
        return None
    numbers = await connection.execute(select(contact_numbers.c.number).where(contact_numbers.c.customer == customer))
    owed = await connection.execute(select(bills).where(bills.c.customer == customer).order_by(bills.c.due.desc()))
    past = await connection.execute(
        select(contacts).where(contacts.c.customer == customer).order_by(contacts.c.at.desc()).limit(MOST_CONTACTS)
    )
    found = tuple(Bill(bill.number, bill.due, bill.amount, bill.currency, bill.paid) for bill in owed)
    return Customer(
        id=row.id,
        name=row.name,
        numbers=tuple(numbers.scalars()),
        language=row.language,
        company=row.company,
        note=row.note,
        balance=balance_of(found, row.currency),
        currency=row.currency,
        bills=found,
        contacts=tuple(
            PastContact(
                contact.at, contact.channel, contact.summary, msgspec.convert(contact.facts or {}, ContactFacts)
            )
            for contact in past
        ),
        url=row.url,
        owner=row.owner,
    )


async def _put(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]], *, anew: bool = True) -> None:
    """Insert; `anew`: what is there already is written anew."""
    insert = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    key = [column.name for column in table.primary_key.columns]
    written = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in key}
    statement = (
        insert.on_conflict_do_update(index_elements=key, set_=written)
        if written and anew
        else insert.on_conflict_do_nothing(index_elements=key)
    )
    if rows:
        await connection.execute(statement, rows)


def _customer_row(one: Customer) -> dict[str, Any]:
    names = ("id", "name", "language", "company", "note", "currency", "url", "owner")
    return {name: _text(getattr(one, name)) for name in names}


def _number_rows(one: Customer) -> Iterable[dict[str, Any]]:
    return ({"number": number, "customer": one.id} for number in one.numbers)


def _bill_row(one: Customer, bill: Bill) -> dict[str, Any]:
    return {
        "number": bill.number,
        "customer": one.id,
        "due": bill.due,
        "amount": bill.amount,
        "currency": bill.currency,
        "paid": bill.paid,
    }


def _contact_rows(one: Customer) -> Iterable[dict[str, Any]]:
    """Contacts from elsewhere have no interaction of ours; what makes them one and the same is customer and time."""
    for contact in one.contacts:
        yield {
            "interaction": f"{one.id}@{contact.at:.0f}",
            "customer": one.id,
            "at": contact.at,
            "channel": contact.channel,
            "summary": _text(contact.summary),
            "facts": msgspec.to_builtins(contact.facts),
        }


def _text(value: str) -> str:
    """PostgreSQL refuses NUL."""
    return value.replace("\0", "\ufffd")
