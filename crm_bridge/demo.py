"""Customers of a small company that does not exist: the same 200 each time, with bills around the given day.

Their telephone numbers are of the ranges that the Bundesnetzagentur keeps for films and books, so nobody has
them.
"""

from datetime import date, timedelta

from acd.model import Bill, ContactFacts, Customer, PastContact
from crm_bridge.mapping import balance_of

COUNT = 200
FIRST_ID = 1001
CURRENCY = "EUR"

_FIRST = ("Emma", "Noah", "Mia", "Liam", "Hannah", "Paul", "Lena", "Finn", "Clara", "Jonas", "Ida", "Oscar", "Greta")
_LAST = (
    "Bennett", "Fischer", "Clarke", "Wagner", "Hughes", "Becker", "Murphy", "Schulz", "Turner", "Hoffmann", "Walsh",
)  # fmt: skip
_FAMILY = ("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周")
_GIVEN = ("伟", "芳", "秀英", "敏", "静", "丽", "强", "磊", "军", "洋", "艳")
_COMPANIES = ("Harbour Bakery", "Linden Books", "Blue Door Studio", "Oak & Sons", "Tulip Dental", "Kiosk 24")
_NOTES = (
    "Prefers to be called in the afternoon.",
    "Moved in spring; check the meter number.",
    "Pays by direct debit since January.",
)
_CONTACTS = (
    (
        "voice",
        "billing: answered by anna. Resolved. Asked about the last bill",
        ContactFacts("answered", "billing", ("anna",), ("Resolved",), ("Asked about the last bill",)),
    ),
    ("voice", "products: hung up while waiting", ContactFacts("abandoned_in_queue", "products")),
    (
        "voice",
        "billing: answered by ben. Call back. Wants to pay in two parts",
        ContactFacts("answered", "billing", ("ben",), ("Call back",), ("Wants to pay in two parts",)),
    ),
    ("e-mail", "Sent a new meter reading", ContactFacts()),
)
_TERM = timedelta(days=21)
"""From the day of a bill to the day when it is due."""
_HOUR = 3600.0
_DAY = 24 * _HOUR


def demo_customers(today: date) -> tuple[Customer, ...]:
    """All of them, ordered by id. Bills are open, paid and overdue as seen from that day."""
    return tuple(_customer(place, today) for place in range(COUNT))


def demo_number(place: int) -> str:
    """The first telephone number (E.164) of the customer at that place, 0 to 199."""
    return f"+493023125{place:03d}"


def _customer(place: int, today: date) -> Customer:
    chinese = place % 4 == 3
    bills = _bills(place, today)
    mobile = (f"+4917604069{place:03d}",) if place % 3 == 0 else ()
    return Customer(
        id=str(FIRST_ID + place),
        name=_chinese_name(place) if chinese else _name(place),
        numbers=(demo_number(place), *mobile),
        language="zh" if chinese else "en",
        company=_COMPANIES[place % len(_COMPANIES)] if place % 5 == 0 else "",
        note=_NOTES[place % len(_NOTES)] if place % 7 == 0 else "",
        balance=balance_of(bills, CURRENCY),
        currency=CURRENCY,
        bills=bills,
        contacts=_contacts(place, today),
        customer_class=_class(place),
    )


def _class(place: int) -> str:
    return "business" if place % 5 == 0 else "gold" if place % 5 == 1 else "standard"


def _name(place: int) -> str:
    return f"{_FIRST[place % len(_FIRST)]} {_LAST[place // len(_FIRST) % len(_LAST)]}"


def _chinese_name(place: int) -> str:
    return _FAMILY[place // 4 % len(_FAMILY)] + _GIVEN[place // 4 % len(_GIVEN)]


def _bills(place: int, today: date) -> tuple[Bill, ...]:
    """One a month: the oldest are paid, of the last two some are not, and of some the day has passed."""
    months = 2 + place % 4
    bills = []
    for age in range(months):
        due = today + timedelta(days=20 - 30 * age - place % 9)
        paid = age >= 2 or (age == 1 and place % 3 != 1) or (age == 0 and place % 4 == 2)
        cents = 1850 + (place * 733 + age * 419) % 14_000
        number = f"{due.year}-{FIRST_ID + place}-{age + 1}"
        bills.append(
            Bill(
                number, due.isoformat(), f"{cents // 100}.{cents % 100:02d}", CURRENCY, paid, (due - _TERM).isoformat()
            )
        )
    return tuple(bills)


def _contacts(place: int, today: date) -> tuple[PastContact, ...]:
    nine = (today - date(1970, 1, 1)).days * _DAY + 9 * _HOUR
    return tuple(
        PastContact(nine + _HOUR * (place % 8) - _DAY * (3 + 11 * age + place % 5), *_CONTACTS[(place + age) % 4])
        for age in range(place % 4)
    )
