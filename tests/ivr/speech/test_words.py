"""Slots: what is read how, and what cannot be."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.flow.variables import READ_AS
from ivr.speech.words import FORMS, LONGEST_VALUE, fill, slots, stray_brace, tongue_of
from tests.ivr.speech.reading import read

LANGUAGES = ["en", "en-GB", "zh", "zh-TW", "es", "es-MX", "de"]
FORM = st.sampled_from(sorted(FORMS))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("money", "a lot"),
        ("money", "NaN"),
        ("money", "Infinity"),
        ("money", "1e400"),
        ("money", "12,50"),
        ("money", "1_000"),
        ("number", "٣"),
        ("number", "1."),
        ("number", "1" * 16),
        ("number", "1" * (LONGEST_VALUE - 1) + "x"),
        ("ordinal", "0"),
        ("ordinal", "-1"),
        ("ordinal", "1.5"),
        ("date", "2026-02-30"),
        ("date", "22.11.2026"),
        ("date", "20261122"),
        ("day", "tomorrow"),
        ("time", "24:00"),
        ("time", "7:30"),
        ("time", "17:30:05"),
        ("phone", "anonymous"),
        ("phone", "+"),
        ("digits", "--"),
        ("duration", "PT5M"),
    ],
)
def test_what_is_no_value_of_the_form_is_read_as_it_is(form: str, value: str, language: str) -> None:
    assert read(value, form, language) == value


def test_slots_are_filled() -> None:
    values = {"name": "Ann", "number": "42", "balance": "2.00", "currency": "EUR"}
    text = "{name}, {number:digits}, {balance:money}, {nothing}{nothing:date}."
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
    text = "{a} {b:money} { c} {D} {e:number:f}"
    assert list(slots(text)) == [("a", ""), ("b", "money"), ("e", "number:f")]
    assert stray_brace("{ c}")
    assert stray_brace("{Name}")
    assert stray_brace("{name:number:f:f}")
    assert not stray_brace("{name}{name:number:f}")


def test_every_form_can_be_checked() -> None:
    assert {form.partition(":")[0] for form in FORMS} == READ_AS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_values_are_read_alike(language: str) -> None:
    """Of those whose words are not read back by a test of their own."""
    start = date(1890, 1, 1)
    dates = [(start + timedelta(days=day)).isoformat() for day in range(0, 80_000, 7)]
    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60)]
    durations = [str(seconds) for seconds in (*range(8000), *range(80_000, 100_000, 13))]
    for form, values in (("date", dates), ("time", times), ("duration", durations), ("ordinal", durations[1:])):
        assert len({read(value, form, language) for value in values}) == len(values)
    days = {value[5:] for value in dates}
    assert len({read(value, "day", language) for value in dates}) == len(days)


AMOUNTS = st.decimals(-(10**9), 10**9, places=2).map(str)


@given(AMOUNTS, AMOUNTS, st.sampled_from(["EUR", "GBP", "JPY", "CNY", "XQQ", ""]), st.sampled_from(LANGUAGES))
def test_no_two_amounts_are_read_alike(one: str, other: str, currency: str, language: str) -> None:
    alike = read(one, "money", language, currency) == read(other, "money", language, currency)
    assert alike == (float(one) == float(other))


@given(st.from_regex(r"\+[1-9][0-9]{5,14}", fullmatch=True))
def test_no_digit_of_a_telephone_number_is_lost(number: str) -> None:
    """From abroad all of them are read, one by one."""
    words = "zero one two three four five six seven eight nine".split()
    heard = read(number, "phone", "en-GB" if number.startswith("+1") else "en")
    assert heard.startswith("plus ")
    assert "".join(str(words.index(word)) for word in re.findall("[a-z]+", heard)[1:]) == number[1:]


@given(
    st.text(),
    st.dictionaries(st.sampled_from(["a", "b", "currency"]), st.text() | st.from_regex(r"[-+0-9.: ]{1,20}")),
    st.sampled_from(LANGUAGES) | st.text(),
    FORM,
    FORM,
)
def test_anything_can_be_filled(text: str, values: dict[str, str], language: str, one: str, other: str) -> None:
    """A CRM may send anything; what is spoken is bounded by it."""
    spoken = fill(f"{text}{{a}}{{a:{one}}}{{b:{other}}}", values, language)
    assert len(spoken) < len(text) * (LONGEST_VALUE + 100) + 20 * LONGEST_VALUE


@given(st.text())
def test_every_language_has_a_tongue(language: str) -> None:
    assert tongue_of(language).digits("1")
