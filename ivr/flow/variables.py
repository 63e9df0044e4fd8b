"""What a flow may speak of: what is known of the call, what can be looked up, and of which type each is.

A value is a text wherever it is kept (`120.50`, `2026-11-22`), so that nothing is lost on the way. Its type says how a
condition compares it and how it can be said.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import NamedTuple


class Type(StrEnum):
    """Of a variable."""

    TEXT = "text"
    """Also numbers that are names: a customer number, a telephone number."""
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    """`2026-11-22`; two of them compare as texts do."""
    TIME = "time"
    """`17:30`."""
    FLAG = "flag"
    """`true` or `false`."""


READ_AS: Mapping[str, frozenset[Type]] = {
    "digits": frozenset({Type.TEXT, Type.NUMBER}),
    "number": frozenset({Type.NUMBER}),
    "ordinal": frozenset({Type.NUMBER}),
    "money": frozenset({Type.MONEY, Type.NUMBER}),
    "date": frozenset({Type.DATE}),
    "day": frozenset({Type.DATE}),
    "time": frozenset({Type.TIME}),
    "phone": frozenset({Type.TEXT}),
    "duration": frozenset({Type.NUMBER}),
}
"""What can be read in a form of `ivr.speech.words.FORMS`, be it masculine or feminine."""

VERIFIED_AS = "verified_as"
"""The customer number that the caller has proved to be his, in whatever flow of this call, unless he has given another
since; empty if there is none."""

CALL_VARIABLES: Mapping[str, Type] = {"caller": Type.TEXT, "dialled": Type.TEXT, VERIFIED_AS: Type.TEXT}
"""Known in every flow from the start, and set by none: who calls and what he dialled, as the network gave them, and who
he is for certain."""

LOOK_UPS: Mapping[str, Mapping[str, Type]] = {
    "customer": {
        "id": Type.TEXT,
        "name": Type.TEXT,
        "company": Type.TEXT,
        "language": Type.TEXT,
        "customer_class": Type.TEXT,
        "balance": Type.MONEY,
        "currency": Type.TEXT,
        "open_bills": Type.NUMBER,
        "due": Type.DATE,
        "due_amount": Type.MONEY,
        "due_currency": Type.TEXT,
        "owner": Type.TEXT,
    },
    "bill": {
        "bill_number": Type.TEXT,
        "bill_amount": Type.MONEY,
        "bill_currency": Type.TEXT,
        "bill_issued": Type.DATE,
        "bill_due": Type.DATE,
        "bill_paid": Type.FLAG,
    },
    "payment": {
        "payment_amount": Type.MONEY,
        "payment_currency": Type.TEXT,
        "payment_date": Type.DATE,
        "payment_method": Type.TEXT,
    },
    "product": {
        "product_code": Type.TEXT,
        "product_name": Type.TEXT,
        "product_description": Type.TEXT,
        "product_price": Type.MONEY,
        "product_currency": Type.TEXT,
        "product_in_stock": Type.FLAG,
    },
    "stock": {
        "stock_code": Type.TEXT,
        "stock_count": Type.NUMBER,
        "stock_expected": Type.DATE,
    },
    "promotion": {
        "promotion_class": Type.TEXT,
        "promotion_name": Type.TEXT,
        "promotion_text": Type.TEXT,
        "promotion_until": Type.DATE,
    },
    "order": {
        "order_number": Type.TEXT,
        "order_customer": Type.TEXT,
        "order_status": Type.TEXT,
        "order_placed": Type.DATE,
        "order_expected": Type.DATE,
    },
    "ticket": {
        "ticket_number": Type.TEXT,
        "ticket_customer": Type.TEXT,
        "ticket_status": Type.TEXT,
        "ticket_subject": Type.TEXT,
        "ticket_opened": Type.DATE,
    },
}
"""What can be looked up, and the variables that it fills in when it is found; what the CRM has not got is empty.
Names begin with the kind, so that no look-up overwrites what another has found; only those of the customer, whom it is
all about, stand alone."""

WHO = "id"
"""The variable that says which customer the caller is."""

OF_A_CUSTOMER = frozenset(name for kind in ("bill", "payment", "order", "ticket") for name in LOOK_UPS[kind])
"""What is one customer's business: forgotten when the caller turns out to be another one."""

LOOKED_UP_BY: Mapping[str, str] = {
    "customer": "id",
    "product": "product_code",
    "stock": "stock_code",
    "promotion": "promotion_class",
    "order": "order_number",
    "ticket": "ticket_number",
}
"""The variable that says again what was asked for; a bill and a payment are asked for by the customer number."""


class Creation(NamedTuple):
    """What a flow may have made in the CRM."""

    needs: frozenset[str]
    """Its fields that must be there."""
    may: frozenset[str]
    """Those that may be."""
    learns: Mapping[str, Type]
    """The variables that are known afterwards."""


CREATIONS: Mapping[str, Creation] = {
    "ticket": Creation(
        frozenset({"subject"}),
        frozenset({"customer", "text", "language", "bill", "product", "order"}),
        {"ticket_number": Type.TEXT},
    ),
    "payment_link": Creation(
        frozenset({"customer"}), frozenset({"bill", "language"}), {"payment_link_number": Type.TEXT}
    ),
    "callback": Creation(
        frozenset({"number"}), frozenset({"customer", "text", "language", "at"}), {"callback_number": Type.TEXT}
    ),
    "message": Creation(
        frozenset({"text"}), frozenset({"customer", "number", "language"}), {"message_number": Type.TEXT}
    ),
}
"""What can be created: a ticket is somebody's work, a payment link is sent to the customer, a callback and a message
are wishes that somebody reads."""


def currencies_of(name: str) -> tuple[str, ...]:
    """The variables that may hold the currency of that amount; the first of them that is known does.

    Of `due_amount`: `due_amount_currency`, `due_currency`, `currency`.
    """
    stem = name.rpartition("_")[0]
    return (f"{name}_currency", f"{stem}_currency", "currency") if stem else (f"{name}_currency", "currency")


Value = str | int | float | bool

LONGEST_KEPT = 500
"""Characters of a value; what others send is cut to as many."""


def value_of(text: str, kind: Type) -> Value:
    """The value that conditions see. Raises `ValueError` for what is none of its type."""
    match kind:
        case Type.NUMBER | Type.MONEY:
            if _SEEN_AS_NUMBER.fullmatch(text) is None:
                raise ValueError(f"{text[:LONGEST_KEPT]!r} is no number")
            number = Decimal(text)
            whole = kind is Type.NUMBER and number == number.to_integral_value()
            return int(number) if whole else float(number)
        case Type.FLAG:
            return text == "true"
        case _:
            return text


def text_of(value: object) -> str:
    """How a condition's result is kept. Raises `ValueError` for what is neither text, number nor truth, for what no
    digits can write, and for texts that are too long: one that is added to itself again and again fills the memory."""
    text = _text_of(value)
    if len(text) > LONGEST_KEPT:
        raise ValueError(f"{len(text)} characters, where a variable has at most {LONGEST_KEPT}")
    return text


def _text_of(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float() if isfinite(value):
            return f"{Decimal(str(value)):f}"
        case _:
            raise ValueError(f"{type(value).__name__} is no value of a variable")


_SEEN_AS_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII)
"""More than anybody else's number may have, because sums and quotients of them are kept, too; but no exponent."""

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?", re.ASCII)
"""No exponent: `1E999999` is short, and too long to be worked with."""


def fits(text: str, kind: Type) -> bool:
    """Whether somebody else's text is a value of that type."""
    match kind:
        case Type.NUMBER | Type.MONEY:
            return _NUMBER.fullmatch(text) is not None
        case Type.DATE:
            return _is_date(text)
        case Type.TIME:
            return _TIME.fullmatch(text) is not None
        case Type.FLAG:
            return text in {"true", "false"}
        case Type.TEXT:
            return True


def _is_date(text: str) -> bool:
    try:
        return _DATE.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        return False
