"""What flows look up in the embedded CRM beside customers and bills, and how it is filled."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Column, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm_bridge.edge.embedded_rows import put
from crm_bridge.edge.embedded_tables import orders, payments, products, promotions, tickets
from crm_bridge.shop import Order, Payment, Product, Promotion, Shop, in_language

_LONGEST_TICKET_NUMBER = 9
"""Digits; more are more than the database's whole numbers hold."""

Fields = Mapping[str, str]


async def last_payment(connection: AsyncConnection, customer: str) -> Fields | None:
    """Of the customer with that number."""
    newest = (
        select(payments)
        .where(payments.c.customer == customer)
        .order_by(payments.c.date.desc(), payments.c.number.desc())
    )
    row = (await connection.execute(newest.limit(1))).one_or_none()
    if row is None:
        return None
    return {
        "payment_amount": row.amount,
        "payment_currency": row.currency,
        "payment_date": row.date,
        "payment_method": row.method,
    }


async def _product(connection: AsyncConnection, code: str, language: str) -> Fields | None:
    row = await _one(connection, products, products.c.code, code)
    if row is None:
        return None
    one = Product(*row)
    return {
        "product_code": one.code,
        "product_name": in_language(one.name, language),
        "product_description": in_language(one.description, language),
        "product_price": one.price,
        "product_currency": one.currency,
        "product_in_stock": "true" if one.stock > 0 else "false",
    }


async def _stock(connection: AsyncConnection, code: str, _language: str) -> Fields | None:
    row = await _one(connection, products, products.c.code, code)
    if row is None:
        return None
    one = Product(*row)
    return {"stock_code": one.code, "stock_count": str(one.stock), "stock_expected": one.expected}


async def _promotion(connection: AsyncConnection, customer_class: str, language: str) -> Fields | None:
    row = await _one(connection, promotions, promotions.c.customer_class, customer_class)
    if row is None:
        return None
    one = Promotion(*row)
    return {
        "promotion_class": one.customer_class,
        "promotion_name": in_language(one.name, language),
        "promotion_text": in_language(one.text, language),
        "promotion_until": one.until,
    }


async def _order(connection: AsyncConnection, number: str, _language: str) -> Fields | None:
    row = await _one(connection, orders, orders.c.number, number)
    if row is None:
        return None
    one = Order(*row)
    return {
        "order_number": one.number,
        "order_customer": one.customer,
        "order_status": one.status,
        "order_placed": one.placed,
        "order_expected": one.expected,
    }


async def _ticket(connection: AsyncConnection, number: str, language: str) -> Fields | None:
    if not (number.isascii() and number.isdecimal()) or len(number) > _LONGEST_TICKET_NUMBER:
        return None
    row = await _one(connection, tickets, tickets.c.number, int(number))
    if row is None:
        return None
    return {
        "ticket_number": number,
        "ticket_customer": row.customer,
        "ticket_status": row.status,
        "ticket_subject": in_language(row.subject, language),
        "ticket_opened": datetime.fromtimestamp(row.opened, UTC).date().isoformat(),
    }


KINDS: Mapping[str, Callable[[AsyncConnection, str, str], Awaitable[Fields | None]]] = {
    "product": _product,
    "stock": _stock,
    "promotion": _promotion,
    "order": _order,
    "ticket": _ticket,
}
"""What has a number or code of its own, which is asked for with it and a language."""


async def put_shop(connection: AsyncConnection, shop: Shop) -> None:
    """Add all of it, or write it anew."""
    filled: tuple[tuple[Table, Sequence[Product | Promotion | Payment | Order]], ...] = (
        (products, shop.products),
        (promotions, shop.promotions),
        (payments, shop.payments),
        (orders, shop.orders),
    )
    for table, ones in filled:
        await put(connection, table, [msgspec.to_builtins(one) for one in ones])
    await put(connection, tickets, [{**msgspec.to_builtins(one), "details": {}} for one in shop.tickets])


async def _one(connection: AsyncConnection, table: Table, key: Column[Any], value: str | int) -> Any:  # noqa: ANN401 - a row
    return (await connection.execute(select(table).where(key == value))).one_or_none()
