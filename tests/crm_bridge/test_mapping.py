"""One telephone number has many spellings, and a CRM's answer is not to be trusted."""

from datetime import date
from typing import Any

import msgspec
import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.model import Bill, Customer, PastContact
from acd.numbers import e164, readings, shown
from crm_bridge.demo import COUNT, demo_customers, demo_number
from crm_bridge.mapping import NotACustomer, fields_of, has_number, trusted, trusted_fields
from ivr.flow.variables import LOOK_UPS, Type, fits

BERLIN = "+493023125001"


@pytest.mark.parametrize(
    "spelling",
    [
        "+493023125001",
        "00493023125001",
        "03023125001",
        "030 23125 001",
        "(030) 23125-001",
        "030/23125001",
        "+49 (0)30 23125001",
        "0049 (0) 30 / 23125-001",
        " +49 30 23125001 ",
        "tel:+493023125001",
        "+４９３０２３１２５００１",
        "493023125001",
        "\u202a+49 30 23125001\u202c",
    ],
)
def test_spellings_of_one_number(spelling: str) -> None:
    assert e164(spelling, "DE") == BERLIN


@pytest.mark.parametrize(
    ("number", "country", "as_shown"),
    [
        ("03023125042", "DE", "+493023125042"),
        ("0049 30 23125042", "DE", "+493023125042"),
        ("+493023125042", "DE", "+493023125042"),
        ("493023125042", "DE", "+493023125042"),
        ("12125550100", "DE", "+12125550100"),
        ("442071234567", "DE", "442071234567"),  # also a number of Germany
        ("1001", "DE", "1001"),
        ("anonymous", "DE", "anonymous"),
        ("", "DE", ""),
        ("03023125042", "", "03023125042"),
    ],
)
def test_a_number_is_shown_in_one_spelling_if_it_is_surely_one(number: str, country: str, as_shown: str) -> None:
    assert shown(number, country) == as_shown


@pytest.mark.parametrize(
    ("number", "country", "means"),
    [
        ("010 8888 1234", "CN", "+861088881234"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("011442079460123", "US", "+442079460123"),
        ("00442079460123", "US", "+442079460123"),
        ("442079460123", "CN", "+442079460123"),
    ],
)
def test_numbers_of_other_countries(number: str, country: str, means: str) -> None:
    assert means in readings(number, country)


@pytest.mark.parametrize(
    "garbage",
    [
        *("", " ", "anonymous", "Restricted", "unknown", "0", "7", "110", "+", "00", "+49", "++49", "*21#", "１２"),
        *("x" * 100, "+" + "1" * 30, "9" * 10_000, "\0", "\u200b", "<sip:a@b>", "'; DROP TABLE crm_customers; --"),
        *("0/00000", "0 00 1 31400", "0(0)001-8", "+49 (0)030 23125001"),
    ],
)
def test_garbage_is_nobody(garbage: str) -> None:
    assert readings(garbage, "DE") == ()


@given(st.text(max_size=60), st.sampled_from(["DE", "US", "CN", "GB", "XX", ""]))
def test_no_text_breaks_the_reader(text: str, country: str) -> None:
    for reading in readings(text, country):
        assert reading.startswith("+")
        assert reading[1:].isdecimal()
        assert len(reading) <= 16


@given(st.from_regex(r"\A(\+|00|0)?[0-9 ()/-]{3,20}\Z"))
def test_a_reading_reads_as_itself(text: str) -> None:
    for reading in readings(text, "DE"):
        assert readings(reading, "US") == (reading,)


@given(
    st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)),
    st.sampled_from(["", "0", "00", "000", "1", "8", "06", "15", "+"]),
    st.text("0123456789", min_size=2, max_size=14),
)
def test_what_was_read_once_is_read_the_same_again(country: str, before: str, digits: str) -> None:
    """In every country, with whatever is dialled there before a number: the first digits may look like it."""
    abroad = f"+{phonenumbers.country_code_for_region(country)}{before}{digits}"
    for number in (before + digits, abroad):
        if spelled := e164(number, country):
            assert e164(spelled, "DE") == spelled


def test_what_a_flow_may_say() -> None:
    bills = (
        Bill("3", "2026-12-01", "10.00", "EUR", paid=False),
        Bill("2", "2026-11-01", "20.50", "EUR", paid=False),
        Bill("1", "2026-10-01", "99.00", "EUR", paid=True),
    )
    customer = Customer("1001", "Emma", balance="30.50", bills=bills, owner="anna")
    assert fields_of(customer) == {
        "id": "1001",
        "name": "Emma",
        "company": "",
        "language": "en",
        "customer_class": "",
        "owner": "anna",
        "balance": "30.50",
        "currency": "EUR",
        "open_bills": "2",
        "due": "2026-11-01",
        "due_amount": "20.50",
        "due_currency": "EUR",
    }
    assert fields_of(customer).keys() == LOOK_UPS["customer"].keys()
    assert fields_of(Customer("1", "N"))["due"] == ""


@pytest.mark.parametrize(
    "answer",
    [
        None,
        7,
        "Emma",
        {},
        {"id": "1"},
        {"id": 1, "name": "Emma"},
        {"id": "", "name": "Emma"},
        {"id": "1", "name": ["Emma"]},
        {"id": "1", "name": "Emma", "bills": [{"number": "1"}]},
        object(),
    ],
)
def test_what_is_no_customer(answer: object) -> None:
    with pytest.raises(NotACustomer):
        trusted(answer)


def test_too_much_is_cut() -> None:
    monster = Customer(
        "1",
        "N" * 5_000_000,
        numbers=("+1",) * 1000,
        balance="NaN",
        currency="EUROPEAN",
        bills=(
            Bill("b", "soon", "1e999999", "EUR", paid=False),
            *[Bill("c" * 9999, "d", "1.00", "EUR", paid=False)] * 1000,
        ),
        contacts=(PastContact(1.0, "voice", "s" * 9999),) * 1000,
    )
    customer = trusted(monster)
    assert len(msgspec.json.encode(customer)) < 120_000
    assert (customer.balance, customer.currency) == ("0.00", "EUR")
    assert len(customer.name) == 500
    assert trusted(customer) == customer


@pytest.mark.parametrize("fields", [None, [], "text", 7])
def test_what_are_no_fields(fields: Any) -> None:  # noqa: ANN401 - a CRM may give anything
    with pytest.raises(NotACustomer):
        trusted_fields("bill", fields)


@given(st.dictionaries(st.sampled_from(sorted(LOOK_UPS["bill"])) | st.text(), st.text() | st.integers() | st.none()))
def test_whatever_the_crm_gives_a_flow_learns_values_of_their_types(fields: Any) -> None:  # noqa: ANN401 - as above
    found = trusted_fields("bill", fields)
    assert found.keys() == LOOK_UPS["bill"].keys()
    assert all(not text or fits(text, LOOK_UPS["bill"][name]) for name, text in found.items())
    assert msgspec.json.decode(msgspec.json.encode(found)) == found


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (Type.MONEY, ["0", "-1.50", "120.50"], ["", "NaN", "1e999999", "1,50", "Infinity", "9" * 21, "١"]),
        (Type.NUMBER, ["3", "+3", "2.5"], ["three", " 3"]),
        (Type.DATE, ["2026-11-22"], ["", "20261122", "2026-02-30", "2026-W47-7", "soon"]),
        (Type.TIME, ["00:00", "17:30"], ["24:00", "7:30", "17:30:00"]),
        (Type.FLAG, ["true", "false"], ["", "yes", "True"]),
        (Type.TEXT, ["", "anything"], []),
    ],
)
def test_what_is_of_a_type(kind: Type, right: list[str], wrong: list[str]) -> None:
    assert [text for text in right if not fits(text, kind)] == []
    assert [text for text in wrong if fits(text, kind)] == []


def test_has_number() -> None:
    customer = Customer("1", "N", numbers=("030 23125 001", "nonsense"))
    assert has_number(customer, BERLIN, "DE")
    assert not has_number(customer, "+442079460123", "DE")
    assert has_number(Customer("1", "N"), BERLIN, "DE")


def test_the_demo_company_is_the_same_each_time() -> None:
    today = date(2026, 11, 21)
    people = demo_customers(today)
    assert people == demo_customers(today)
    assert [person.id for person in people] == [str(number) for number in range(1001, 1001 + COUNT)]
    numbers = [number for person in people for number in person.numbers]
    assert len(set(numbers)) == len(numbers)
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(number)) for number in numbers)
    assert all(e164(number, "DE") == number for number in numbers)
    assert [person.numbers[0] for person in people] == [demo_number(place) for place in range(COUNT)]
    assert sum(person.language == "zh" for person in people) == 50
    assert all(trusted(person) == person for person in people)


def test_the_demo_company_has_bills_of_every_kind() -> None:
    today = date(2026, 11, 21)
    bills = [bill for person in demo_customers(today) for bill in person.bills]
    kinds = {(bill.paid, bill.due < today.isoformat()) for bill in bills}
    assert kinds >= {(True, True), (False, True), (False, False)}
    assert len({bill.number for bill in bills}) == len(bills)
    assert demo_customers(date(2024, 2, 29))[0].bills != demo_customers(today)[0].bills
    assert any(person.balance != "0.00" for person in demo_customers(today))
    assert all(contact.at < 1_795_300_000 for person in demo_customers(today) for contact in person.contacts)
