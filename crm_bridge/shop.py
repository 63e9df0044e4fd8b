"""What the embedded CRM is filled with beside customers: what is sold, ordered, paid and complained of.

Dates are ISO 8601 (`2026-11-22`), amounts decimals (`19.90`), codes and numbers digits, so that callers can type them.
"""

from collections.abc import Mapping

import msgspec

Texts = Mapping[str, str]
"""The same by language, at least one."""


class Product(msgspec.Struct, frozen=True):
    """Something that can be bought."""

    code: str
    name: Texts
    description: Texts
    price: str
    currency: str
    stock: int
    expected: str = ""
    """When there will be more of it; empty if nobody knows."""


class Promotion(msgspec.Struct, frozen=True):
    """What customers of one class are offered."""

    customer_class: str
    name: Texts
    text: Texts
    until: str


class Payment(msgspec.Struct, frozen=True):
    """Money that has come."""

    number: str
    customer: str
    date: str
    amount: str
    currency: str
    method: str
    """`transfer`, `direct_debit`, `card` or `cash`."""


class Order(msgspec.Struct, frozen=True):
    """What a customer has bought."""

    number: str
    customer: str
    status: str
    """`placed`, `packed`, `sent`, `delivered` or `cancelled`."""
    placed: str
    expected: str = ""
    """When it reaches him; empty if it does no more."""


class Ticket(msgspec.Struct, frozen=True):
    """Something that somebody sees to."""

    number: int
    customer: str
    status: str
    """`open`, `in_progress`, `waiting` (for the customer) or `solved`."""
    subject: Texts
    opened: float
    """Seconds since the Unix epoch, UTC."""


class Shop(msgspec.Struct, frozen=True):
    """All of it."""

    products: tuple[Product, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    payments: tuple[Payment, ...] = ()
    orders: tuple[Order, ...] = ()
    tickets: tuple[Ticket, ...] = ()


def in_language(texts: Texts, language: str) -> str:
    """The text for somebody who speaks it; in English, or else in any language, if there is none."""
    for one in (language, language.partition("-")[0], "en"):
        if one in texts:
            return texts[one]
    return next(iter(texts.values()), "")
