"""English: what Callwright says in every language for which it has no words of its own.

Amounts and counts stay in digits, in groups of three (`1,234 euros and 50 cents`): espeak-ng and every other English
voice read those right. Dates, times and ordinals are words, since `2026`, `5:30` and `22.` are read as it pleases the
voice; `AM` stays in capitals, because the `a` of `a m` is read as the article. People in the United States say the
month first, most others the day; Babel knows who.
"""

import datetime as dt
from collections.abc import Sequence

from babel import Locale
from babel.dates import get_date_format, get_month_names

from ivr.speech.tongue import coins, currency_name, home_of, spelled
from ivr.speech.values import Agreement, Number, PhoneGroups, clock_of

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "_ ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_THOUSANDS = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_CENT = ("cent", "cents")
_COINS = {
    **dict.fromkeys(("EUR", "USD", "AUD", "CAD", "NZD", "SGD", "HKD", "ZAR"), _CENT),
    **dict.fromkeys(("MXN", "ARS", "COP", "BRL", "PHP"), ("centavo", "centavos")),
    "GBP": ("penny", "pence"),
    "INR": ("paisa", "paise"),
}


class English:
    """As it is spoken in one country."""

    def __init__(self, locale: Locale) -> None:
        self.home = home_of(locale)
        self._locale = locale
        self._months = get_month_names("wide", locale=locale)
        self._day_first = get_date_format("long", locale=locale).pattern.startswith("d")

    def digits(self, text: str) -> str:
        """`1001` as `one zero zero one`."""
        return " ".join(spelled(text, _ONES.__getitem__))

    def number(self, value: Number, agreement: Agreement) -> str:
        """`1,234.5`."""
        del agreement
        return _minus(value) + _figures(value)

    def ordinal(self, value: int, agreement: Agreement) -> str:
        """`twenty-second`."""
        del agreement
        return _ordinal(value)

    def money(self, value: Number, currency: str) -> str:
        """`1,234 euros and 50 cents`."""
        rest = coins(value, currency)
        if rest is None or currency not in _COINS:
            name = currency_name(currency, self._locale, value.whole, value.fraction)
            return f"{_minus(value)}{_figures(value, 0 if rest is None else 2)} {name}".strip()
        said = []
        if value.whole or not rest:
            said.append(f"{value.whole:,} {currency_name(currency, self._locale, value.whole)}")
        if rest:
            said.append(_counted(rest, _COINS[currency]))
        return _minus(value) + " and ".join(said)

    def date(self, value: dt.date) -> str:
        """`November twenty-second, twenty twenty-six`."""
        return f"{self.day(value)}, {_year(value.year)}"

    def day(self, value: dt.date) -> str:
        """`November twenty-second`, or `the twenty-second of November`."""
        month, day = self._months[value.month], _ordinal(value.day)
        return f"the {day} of {month}" if self._day_first else f"{month} {day}"

    def time(self, value: dt.time) -> str:
        """`five thirty PM`."""
        if (value.hour, value.minute) in {(0, 0), (12, 0)}:
            return "noon" if value.hour else "midnight"
        hour = _ONES[value.hour % 12 or 12]
        half = "PM" if value.hour >= 12 else "AM"
        if not value.minute:
            return f"{hour} {half}"
        oh = "oh " if value.minute < 10 else ""
        return f"{hour} {oh}{_cardinal(value.minute)} {half}"

    def phone(self, value: PhoneGroups) -> str:
        """`two one two, five five five, one two three four`."""
        groups = [self.digits(group) for group in value.groups]
        return ", ".join([f"plus {self.digits(value.country)}", *groups] if value.country else groups)

    def duration(self, seconds: Number) -> str:
        """`1 hour and 5 minutes`."""
        days, hours, minutes, left = clock_of(seconds)
        said = [
            _counted(count, (unit, f"{unit}s"))
            for count, unit in ((days, "day"), (hours, "hour"), (minutes, "minute"))
            if count
        ]
        if left.whole or left.fraction or not said:
            said.append(f"{_figures(left)} {'second' if left == (False, 1, '') else 'seconds'}")
        return _minus(seconds) + _listed(said)


def _minus(value: Number) -> str:
    return "minus " if value.negative else ""


def _figures(value: Number, at_least: int = 0) -> str:
    """In digits; a fraction has `at_least` so many."""
    return f"{value.whole:,}" + (f".{value.fraction.ljust(at_least, '0')}" if value.fraction else "")


def _counted(count: int, names: tuple[str, str]) -> str:
    return f"{count:,} {names[count != 1]}"


def _listed(said: Sequence[str]) -> str:
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]


def _cardinal(value: int) -> str:
    for size, name in _THOUSANDS:
        if value >= size:
            high, low = divmod(value, size)
            return f"{_cardinal(high)} {name}" + (f" {_cardinal(low)}" if low else "")
    if value >= 100:
        high, low = divmod(value, 100)
        return f"{_ONES[high]} hundred" + (f" {_cardinal(low)}" if low else "")
    if value >= 20:
        high, low = divmod(value, 10)
        return _TENS[high] + (f"-{_ONES[low]}" if low else "")
    return _ONES[value]


def _ordinal(value: int) -> str:
    said = _cardinal(value)
    last = max(said.rfind(" "), said.rfind("-")) + 1
    word = said[last:]
    return said[:last] + (_ORDINALS.get(word) or (f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"))


def _year(value: int) -> str:
    """`twenty twenty-six`, `nineteen oh five`, `nineteen hundred`; but `two thousand five`."""
    century, rest = divmod(value, 100)
    if century < 11 or (century % 10 == 0 and rest < 10):
        return _cardinal(value)
    if not rest:
        return f"{_cardinal(century)} hundred"
    return f"{_cardinal(century)} {'oh ' if rest < 10 else ''}{_cardinal(rest)}"
