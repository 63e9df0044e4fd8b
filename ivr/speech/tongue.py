"""What a language must know to read values aloud, and what Babel knows of all of them.

One module of this folder is one language. Each writes numbers as words or in digits, as its voices need it; which, and
why, stands on top of it.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_currency_name, get_currency_precision

from ivr.speech.values import Agreement, Number, PhoneGroups


class Tongue(Protocol):
    """A language, as it is spoken in one country."""

    home: str
    """That country, in ISO 3166; empty if it is not known."""

    def digits(self, text: str) -> str:
        """A customer number: digit by digit, and letters as letters."""

    def number(self, value: Number, agreement: Agreement) -> str:
        """A number that counts something."""

    def ordinal(self, value: int, agreement: Agreement) -> str:
        """A place in a row, from 1."""

    def money(self, value: Number, currency: str) -> str:
        """An amount; `currency` is a code of ISO 4217, or whatever is known instead."""

    def date(self, value: dt.date) -> str:
        """With its year."""

    def day(self, value: dt.date) -> str:
        """Without its year."""

    def time(self, value: dt.time) -> str:
        """The time of day, as it is said where people do not count to 24."""

    def phone(self, value: PhoneGroups) -> str:
        """With a pause after each group."""

    def duration(self, seconds: Number) -> str:
        """In days, hours, minutes and seconds."""


@lru_cache(maxsize=200)
def locale_of(language: str, root: str) -> Locale:
    """What Babel knows of a language as it is spoken somewhere (`es-MX`); of its `root`, if it does not know that."""
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(root)


@lru_cache(maxsize=200)
def home_of(locale: Locale) -> str:
    """The country where it is spoken, or where most do who speak it: `ES` for `es`."""
    likely = get_global("likely_subtags")
    script = f"{locale.language}_{locale.script}" if locale.script else locale.language
    return locale.territory or str(likely.get(script, "")).rpartition("_")[2]


@lru_cache(maxsize=2000)
def currency_name(currency: str, locale: Locale, whole: int, fraction: str = "") -> str:
    """As many of them as that. A currency that Babel does not know is called as it is."""
    count = Decimal(f"{whole}.{fraction}" if fraction else whole)
    return get_currency_name(currency, count=count, locale=locale) if currency else ""


def coins(value: Number, currency: str) -> int | None:
    """How many hundredths there are; None where an amount has thousandths, or the currency no hundredths."""
    if len(value.fraction) > 2 or get_currency_precision(currency) != 2:
        return None
    return int(value.fraction.ljust(2, "0"))


def spelled(text: str, word: Callable[[int], str]) -> list[str]:
    """Each digit as its word and each letter as it is; what parts them (`10-01 A`) is not said."""
    return [word(int(one)) if one in "0123456789" else one for one in text if one.isalnum()]
