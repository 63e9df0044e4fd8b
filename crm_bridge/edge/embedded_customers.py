"""Customers of the embedded CRM, with their numbers, bills and contacts."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.model import Bill, ContactFacts, Customer, PastContact
from crm_bridge.edge.embedded_rows import put, stored
from crm_bridge.edge.embedded_tables import bills, contact_numbers, contacts, customers
from crm_bridge.mapping import MOST_CONTACTS, balance_of


async def customer_of(connection: AsyncConnection, customer: str) -> Customer | None:
    """The one with that customer number."""
    row = (await connection.execute(select(customers).where(customers.c.id == customer))).one_or_none()
    if row is None:
        return None
    numbers = await connection.execute(select(contact_numbers.c.number).where(contact_numbers.c.customer == customer))
    owed = await connection.execute(select(bills).where(bills.c.customer == customer).order_by(bills.c.due.desc()))
    past = await connection.execute(
        select(contacts).where(contacts.c.customer == customer).order_by(contacts.c.at.desc()).limit(MOST_CONTACTS)
    )
    found = tuple(Bill(bill.number, bill.due, bill.amount, bill.currency, bill.paid, bill.issued) for bill in owed)
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
        customer_class=row.customer_class,
    )


async def put_customers(connection: AsyncConnection, some: Sequence[Customer]) -> None:
    """Add them, or write them anew; numbers, bills and contacts are added to what is there."""
    await put(connection, customers, [_customer_row(one) for one in some])
    await put(connection, contact_numbers, [row for one in some for row in _number_rows(one)])
    await put(connection, bills, [_bill_row(one, bill) for one in some for bill in one.bills])
    await put(connection, contacts, [row for one in some for row in _contact_rows(one)])


def _customer_row(one: Customer) -> dict[str, Any]:
    names = ("id", "name", "language", "company", "note", "currency", "url", "owner", "customer_class")
    return {name: stored(getattr(one, name)) for name in names}


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
        "issued": bill.issued,
    }


def _contact_rows(one: Customer) -> Iterable[dict[str, Any]]:
    """Contacts from elsewhere have no interaction of ours; what makes them one and the same is customer and time."""
    for contact in one.contacts:
        yield {
            "interaction": f"{one.id}@{contact.at:.0f}",
            "customer": one.id,
            "at": contact.at,
            "channel": contact.channel,
            "summary": stored(contact.summary),
            "facts": msgspec.to_builtins(contact.facts),
        }
