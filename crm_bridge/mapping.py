"""Between the CRM's world and ours: answers that are what they claim, and texts for flows."""

import re
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from acd.model import Bill, ContactFacts, Customer, PastContact
from acd.numbers import readings
from crm_bridge.connector import Created, Found
from ivr.flow.variables import LOOK_UPS, LOOKED_UP_BY, Type, fits

LONGEST_TEXT = 500
MOST_BILLS = 50
MOST_CONTACTS = 20
MOST_FACTS = 10
"""Agents, codes and notes of one contact."""
MOST_NUMBERS = 20


class NotACustomer(Exception):
    """What the CRM gave is no customer, or is somebody else."""


def fields_of(customer: Customer) -> Mapping[str, str]:
    """What a flow may say of a customer; `due` and its amount are those of the open bill that is due first."""
    unpaid = sorted((bill for bill in customer.bills if not bill.paid), key=lambda bill: bill.due)
    earliest = unpaid[0] if unpaid else None
    return {
        "id": customer.id,
        "name": customer.name,
        "company": customer.company,
        "language": customer.language,
        "customer_class": customer.customer_class,
        "owner": customer.owner,
        "balance": customer.balance,
        "currency": customer.currency,
        "open_bills": str(len(unpaid)),
        "due": earliest.due if earliest else "",
        "due_amount": earliest.amount if earliest else "0.00",
        "due_currency": earliest.currency if earliest else customer.currency,
    }


def bill_fields(bill: Bill) -> Mapping[str, str]:
    """What a flow may say of a bill."""
    return {
        "bill_number": bill.number,
        "bill_amount": bill.amount,
        "bill_currency": bill.currency,
        "bill_issued": bill.issued,
        "bill_due": bill.due,
        "bill_paid": "true" if bill.paid else "false",
    }


def balance_of(bills: tuple[Bill, ...], currency: str) -> str:
    """What is to be paid: the sum of the open bills in that currency."""
    total = Decimal("0.00")
    for bill in bills:
        if not bill.paid and bill.currency == currency:
            total += _decimal(bill.amount)
    return str(total)


def trusted(answer: object) -> Customer:
    """A CRM's answer as a customer that cannot hurt: of the right types, with texts and lists of bearable length.

    Raises `NotACustomer`.
    """
    try:
        customer = msgspec.convert(msgspec.to_builtins(answer), Customer)
    except (msgspec.ValidationError, TypeError, RecursionError, UnicodeError) as error:
        raise NotACustomer(f"the CRM's answer is no customer ({type(error).__name__})") from error
    if not customer.id:
        raise NotACustomer("the CRM's customer has no id")
    return msgspec.structs.replace(
        customer,
        **{
            name: _short(getattr(customer, name))
            for name in ("id", "name", "company", "note", "language", "url", "owner", "customer_class")
        },
        balance=customer.balance if _is_amount(customer.balance) else "0.00",
        currency=readable(customer.currency[:3]),
        numbers=tuple(_short(number) for number in customer.numbers[:MOST_NUMBERS]),
        bills=tuple(_trusted_bill(bill) for bill in customer.bills[:MOST_BILLS] if _is_amount(bill.amount)),
        contacts=tuple(
            PastContact(contact.at, _short(contact.channel), _short(contact.summary), _short_facts(contact.facts))
            for contact in customer.contacts[:MOST_CONTACTS]
        ),
    )


def trusted_found(kind: str, key: str, answer: object) -> Found:
    """A CRM's answer to a look-up as one that cannot hurt, and that answers what was asked. Raises `NotACustomer`."""
    if not isinstance(answer, Found):
        raise NotACustomer(f"the CRM's answer is no {kind} ({type(answer).__name__})")
    fields = trusted_fields(kind, answer.fields)
    customer = None if answer.customer is None else trusted(answer.customer)
    again = LOOKED_UP_BY.get(kind)
    if (fields.get(again) if again else customer and customer.id) != key:
        raise NotACustomer(f"the CRM answered with another {kind}")
    return Found(fields, customer)


def trusted_fields(kind: str, fields: object) -> Mapping[str, str]:
    """All variables of a look-up of that kind, as short texts of their types; empty where the CRM has nothing fit.

    None is missing: a flow must not go on with what an earlier look-up has found. Raises `NotACustomer`.
    """
    if not isinstance(fields, Mapping):
        raise NotACustomer(f"the CRM's fields are no fields ({type(fields).__name__})")
    found = {}
    for name, wanted in LOOK_UPS[kind].items():
        text = fields.get(name, "")
        found[name] = _short(text) if isinstance(text, str) and fits(text, wanted) else ""
    return found


def trusted_number(answer: object) -> str:
    """Of what a CRM says that it has made. Raises `NotACustomer`."""
    number: object = answer.number if isinstance(answer, Created) else None
    if not isinstance(number, str) or not number:
        raise NotACustomer("the CRM does not say the number of what it has made")
    return _short(number)


def has_number(customer: Customer, number: str, country: str) -> bool:
    """Whether the CRM says that the customer has the number; True if it names no numbers of his at all."""
    return not customer.numbers or any(number in readings(one, country) for one in customer.numbers)


def _short_facts(facts: ContactFacts) -> ContactFacts:
    return ContactFacts(
        _short(facts.outcome), _short(facts.queue), *map(_short_list, (facts.agents, facts.codes, facts.notes))
    )


def _short_list(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_short, texts[:MOST_FACTS]))


def _trusted_bill(bill: Bill) -> Bill:
    return Bill(
        _short(bill.number), _short(bill.due), bill.amount, readable(bill.currency[:3]), bill.paid, _short(bill.issued)
    )


def _is_amount(text: str) -> bool:
    return fits(text, Type.MONEY)


def _decimal(text: str) -> Decimal:
    return Decimal(text) if _is_amount(text) else Decimal(0)


def readable(text: str) -> str:
    """Without what is no text: control characters, of which some are commands to a voice or a terminal, and those that
    turn the direction of what follows them. Line breaks and tabs stay."""
    return _NO_TEXT.sub(" ", text)


_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


def _short(text: str) -> str:
    cut = readable(text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…")
    return cut.encode(errors="replace").decode()  # half a character (a lone surrogate) cannot be written down
