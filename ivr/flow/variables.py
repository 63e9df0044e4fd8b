"""What a flow may speak of: what is known of the call, what can be looked up, and of which type each is.

A value is a text wherever it is kept (`120.50`, `2026-11-22`), so that nothing is lost on the way. Its type says how a
condition compares it and how it can be said.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum


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


CALL_VARIABLES: Mapping[str, Type] = {"caller": Type.TEXT, "dialled": Type.TEXT}
"""Known in every flow from the start: who calls and what he dialled, as the network gave them."""

LOOK_UPS: Mapping[str, Mapping[str, Type]] = {
    "customer": {
        "id": Type.TEXT,
        "name": Type.TEXT,
        "company": Type.TEXT,
        "language": Type.TEXT,
        "balance": Type.MONEY,
        "currency": Type.TEXT,
        "owner": Type.TEXT,
    },
}
"""What can be looked up, and the variables that it fills in when it is found."""

Value = str | int | float | bool


def value_of(text: str, kind: Type) -> Value:
    """The value that conditions see. Raises `ValueError` for what is none of its type."""
    match kind:
        case Type.NUMBER | Type.MONEY:
            try:
                number = Decimal(text)
            except InvalidOperation:
                raise ValueError(f"{text!r} is no number") from None
            whole = kind is Type.NUMBER and number == number.to_integral_value()
            return int(number) if whole else float(number)
        case Type.FLAG:
            return text == "true"
        case _:
            return text


def text_of(value: object) -> str:
    """How a condition's result is kept. Raises `ValueError` for what is neither text, number nor truth."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return f"{Decimal(str(value)):f}"
        case _:
            raise ValueError(f"{type(value).__name__} is no value of a variable")
