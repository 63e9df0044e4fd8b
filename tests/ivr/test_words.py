"""Values as they are spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.speech.words import LONGEST_VALUE, digits, fill, money, slots, stray_brace


@pytest.mark.parametrize(
    ("amount", "currency", "english", "chinese"),
    [
        ("120.50", "EUR", "120 euros and 50 cents", "120欧元50欧分"),
        ("120.5", "USD", "120 US dollars and 50 cents", "120美元50美分"),
        ("1.01", "EUR", "1 euro and 1 cent", "1欧元1欧分"),
        ("0.50", "EUR", "50 cents", "50欧分"),
        ("0.00", "EUR", "0 euros", "0欧元"),
        ("7", "GBP", "7 British pounds", "7英镑"),
        ("-3.20", "EUR", "minus 3 euros and 20 cents", "负3欧元20欧分"),
        ("12.50", "CNY", "12.50 Chinese yuan", "12元5角"),
        ("12.05", "CNY", "12.05 Chinese yuan", "12元零5分"),
        ("12.55", "CNY", "12.55 Chinese yuan", "12元5角5分"),
        ("0.05", "CNY", "0.05 Chinese yuan", "5分"),
        ("1500.4", "JPY", "1500 Japanese yen", "1500日元"),
        ("5.00", "XQQ", "5.00 XQQ", "5.00XQQ"),
        ("5.00", "", "5.00", "5.00"),
    ],
)
def test_money(amount: str, currency: str, english: str, chinese: str) -> None:
    assert money(amount, currency, "en") == english
    assert money(amount, currency, "zh-CN") == chinese


@pytest.mark.parametrize("amount", ["", "a lot", "NaN", "Infinity", "1e400", "12,50"])
def test_what_is_no_amount_is_read_as_it_is(amount: str) -> None:
    assert money(amount, "EUR", "en") == amount


def test_digits() -> None:
    assert digits("1 0-01", "en") == "one zero zero one"
    assert digits("1001", "zh") == "一 零 零 一"
    assert digits("12", "fr") == "one two"
    assert digits("x", "en") == ""


def test_slots_are_filled() -> None:
    values = {"name": "Ann", "number": "42", "balance": "2.00", "currency": "EUR"}
    text = "{name}, {number:digits}, {balance:money}, {nothing}."
    assert fill(text, values, "en") == "Ann, four two, 2 euros, ."


@pytest.mark.parametrize(
    ("values", "spoken"),
    [
        ({}, "2 euros"),
        ({"due_currency": "USD"}, "2 US dollars"),
        ({"due_currency": ""}, "2 euros"),
        ({"due_currency": "USD", "due_amount_currency": "GBP"}, "2 British pounds"),
    ],
)
def test_an_amount_is_read_in_its_own_currency(values: dict[str, str], spoken: str) -> None:
    assert fill("{due_amount:money}", {"due_amount": "2.00", "currency": "EUR", **values}, "en") == spoken


def test_a_value_is_not_read_as_slots_and_not_for_ever() -> None:
    assert fill("{name}", {"name": "{number}", "number": "1"}, "en") == "{number}"
    assert len(fill("{name}", {"name": "x" * 10_000}, "en")) == LONGEST_VALUE


def test_slots_are_found() -> None:
    assert list(slots("{a} {b:money} { c} {D}")) == [("a", ""), ("b", "money")]
    assert stray_brace("{ c}")
    assert stray_brace("{Name}")
    assert not stray_brace("{name}")


@given(
    st.text(), st.dictionaries(st.sampled_from(["a", "b", "currency"]), st.text()), st.sampled_from(["en", "zh", "x"])
)
def test_anything_can_be_filled(text: str, values: dict[str, str], language: str) -> None:
    """A CRM may send anything; what is spoken is bounded by it."""
    spoken = fill(text + "{a}{a:digits}{b:money}", values, language)
    assert len(spoken) < len(text) * (LONGEST_VALUE + 100) + 10 * LONGEST_VALUE
