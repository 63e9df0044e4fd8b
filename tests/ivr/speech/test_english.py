"""English, as its speakers read values aloud."""

import pytest

from tests.ivr.speech.reading import read


@pytest.mark.parametrize(
    ("value", "heard"),
    [
        ("1001", "one zero zero one"),
        ("1 0-01", "one zero zero one"),
        ("AB-120", "A B one two zero"),
        ("007", "zero zero seven"),
        ("9", "nine"),
    ],
)
def test_digits(value: str, heard: str) -> None:
    assert read(value, "digits", "en") == heard
    assert read(value, "digits", "fr") == heard, "other languages hear English words"


@pytest.mark.parametrize(
    ("value", "heard"),
    [
        ("0", "0"),
        ("1", "1"),
        ("-7", "minus 7"),
        ("999", "999"),
        ("1234", "1,234"),
        ("1234567.05", "1,234,567.05"),
        ("3.50", "3.5"),
        ("-0.00", "0"),
        ("+12", "12"),
    ],
)
def test_numbers_stay_in_digits(value: str, heard: str) -> None:
    assert read(value, "number", "en") == heard


@pytest.mark.parametrize(
    ("value", "heard"),
    [
        ("1", "first"),
        ("2", "second"),
        ("3", "third"),
        ("4", "fourth"),
        ("5", "fifth"),
        ("8", "eighth"),
        ("9", "ninth"),
        ("10", "tenth"),
        ("11", "eleventh"),
        ("12", "twelfth"),
        ("13", "thirteenth"),
        ("20", "twentieth"),
        ("21", "twenty-first"),
        ("22", "twenty-second"),
        ("30", "thirtieth"),
        ("40", "fortieth"),
        ("99", "ninety-ninth"),
        ("100", "one hundredth"),
        ("101", "one hundred first"),
        ("112", "one hundred twelfth"),
        ("1000", "one thousandth"),
        ("1000000", "one millionth"),
        ("1234", "one thousand two hundred thirty-fourth"),
    ],
)
def test_ordinals(value: str, heard: str) -> None:
    assert read(value, "ordinal", "en") == heard


@pytest.mark.parametrize(
    ("value", "currency", "heard"),
    [
        ("120.50", "EUR", "120 euros and 50 cents"),
        ("120.5", "USD", "120 US dollars and 50 cents"),
        ("1234.50", "USD", "1,234 US dollars and 50 cents"),
        ("1.01", "EUR", "1 euro and 1 cent"),
        ("1", "EUR", "1 euro"),
        ("1.00", "USD", "1 US dollar"),
        ("0.50", "EUR", "50 cents"),
        ("0.01", "GBP", "1 penny"),
        ("2.02", "GBP", "2 British pounds and 2 pence"),
        ("0.00", "EUR", "0 euros"),
        ("7", "GBP", "7 British pounds"),
        ("-3.20", "EUR", "minus 3 euros and 20 cents"),
        ("-0.20", "EUR", "minus 20 cents"),
        ("1000000", "EUR", "1,000,000 euros"),
        ("12.50", "CNY", "12.50 Chinese yuan"),
        ("12.5", "CNY", "12.50 Chinese yuan"),
        ("1.499", "EUR", "1.499 euros"),
        ("1500", "JPY", "1,500 Japanese yen"),
        ("1500.4", "JPY", "1,500.4 Japanese yen"),
        ("1", "MXN", "1 Mexican peso"),
        ("10.10", "MXN", "10 Mexican pesos and 10 centavos"),
        ("5.00", "XQQ", "5 XQQ"),
        ("5.10", "XQQ", "5.10 XQQ"),
        ("5", "eur", "5 euros"),
        ("5.00", "", "5"),
    ],
)
def test_money(value: str, currency: str, heard: str) -> None:
    assert read(value, "money", "en", currency) == heard


@pytest.mark.parametrize(
    ("value", "american", "british"),
    [
        ("2026-11-22", "November twenty-second, twenty twenty-six", "the twenty-second of November, twenty twenty-six"),
        ("2026-01-01", "January first, twenty twenty-six", "the first of January, twenty twenty-six"),
        ("2000-02-29", "February twenty-ninth, two thousand", "the twenty-ninth of February, two thousand"),
        ("2005-03-03", "March third, two thousand five", "the third of March, two thousand five"),
        ("2010-05-12", "May twelfth, twenty ten", "the twelfth of May, twenty ten"),
        ("1999-12-31", "December thirty-first, nineteen ninety-nine", None),
        ("1905-08-30", "August thirtieth, nineteen oh five", None),
        ("1900-07-04", "July fourth, nineteen hundred", None),
        ("2100-09-20", "September twentieth, twenty-one hundred", None),
        ("0987-10-05", "October fifth, nine hundred eighty-seven", None),
    ],
)
def test_dates(value: str, american: str, british: str | None) -> None:
    assert read(value, "date", "en") == american
    assert read(value, "date", "en-US") == american
    assert read(value, "day", "en") == american.partition(",")[0]
    if british is not None:
        assert read(value, "date", "en-GB") == british
        assert read(value, "day", "en-AU") == british.partition(",")[0]


@pytest.mark.parametrize(
    ("value", "heard"),
    [
        ("00:00", "midnight"),
        ("00:05", "twelve oh five AM"),
        ("01:00", "one AM"),
        ("05:30", "five thirty AM"),
        ("09:15", "nine fifteen AM"),
        ("12:00", "noon"),
        ("12:01", "twelve oh one PM"),
        ("17:00", "five PM"),
        ("17:30", "five thirty PM"),
        ("21:21", "nine twenty-one PM"),
        ("23:59", "eleven fifty-nine PM"),
    ],
)
def test_times(value: str, heard: str) -> None:
    assert read(value, "time", "en") == heard


@pytest.mark.parametrize(
    ("value", "language", "heard"),
    [
        ("+12125551234", "en", "two one two, five five five, one two three four"),
        ("+12125551234", "en-GB", "plus one, two one two, five five five, one two three four"),
        ("+442071234567", "en-GB", "zero two zero, seven one two three, four five six seven"),
        ("+442071234567", "en", "plus four four, two zero, seven one two three, four five six seven"),
        ("+49 30 123456", "en", "plus four nine, three zero, one two three four five six"),
        ("+49 30 123456", "de", "zero three zero, one two three four five six"),
        ("030/1234-5", "en", "zero three zero, one two three four, five"),
        ("+950000000", "en", "plus nine five zero zero zero zero zero zero zero"),
        ("+99900000", "en", "plus nine nine nine zero zero zero zero zero"),
        ("112", "en", "one one two"),
    ],
)
def test_telephone_numbers(value: str, language: str, heard: str) -> None:
    assert read(value, "phone", language) == heard


@pytest.mark.parametrize(
    ("value", "heard"),
    [
        ("0", "0 seconds"),
        ("1", "1 second"),
        ("20", "20 seconds"),
        ("60", "1 minute"),
        ("90", "1 minute and 30 seconds"),
        ("300", "5 minutes"),
        ("3600", "1 hour"),
        ("3661", "1 hour, 1 minute and 1 second"),
        ("7205", "2 hours and 5 seconds"),
        ("90000", "1 day and 1 hour"),
        ("172800", "2 days"),
        ("2.5", "2.5 seconds"),
        ("-60", "minus 1 minute"),
    ],
)
def test_durations(value: str, heard: str) -> None:
    assert read(value, "duration", "en") == heard
