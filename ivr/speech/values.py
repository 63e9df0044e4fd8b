"""Values as they are kept, read from their texts: what a voice has to say of them.

A text that is no value of a kind is `None` here. Nothing is rounded: a number is kept digit by digit.
"""

import re
from datetime import date, time
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat

_NUMBER = re.compile(r"([+-]?)([0-9]{1,15})(?:\.([0-9]+))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_GROUP = re.compile(r"[0-9]+")
_WRITTEN_PHONE = re.compile(r"\+?[ (]*[0-9][0-9 ()./-]*")
_BETWEEN = re.compile(r"[ ()./-]")


class Number(NamedTuple):
    """A number, whatever it counts."""

    negative: bool
    whole: int
    """Below 10**15."""
    fraction: str
    """The digits behind the point, without zeros at their end; empty: there are none."""


class PhoneGroups(NamedTuple):
    """A telephone number as people group it."""

    country: str
    """The country's code, where the number has to be read as from abroad, or all of it where its country is not known;
    else empty."""
    groups: tuple[str, ...]


class Agreement(NamedTuple):
    """What a number has to agree with in its sentence."""

    feminine: bool = False
    follows: str = ""
    """The text that comes next."""


ALONE = Agreement()


def number_of(text: str) -> Number | None:
    """`-120.50`: a sign, digits, a point."""
    found = _NUMBER.fullmatch(text.strip(" "))
    if found is None:
        return None
    whole, fraction = int(found[2]), (found[3] or "").rstrip("0")
    return Number(found[1] == "-" and bool(whole or fraction), whole, fraction)


def whole_of(text: str) -> int | None:
    """One of the numbers with which people count: 1, 2, 3..."""
    number = number_of(text)
    return number.whole if number and number.whole and not number.negative and not number.fraction else None


def date_of(text: str) -> date | None:
    """`2026-11-22`."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:  # the 30th of February
        return None


def time_of(text: str) -> time | None:
    """`17:30`."""
    found = _TIME.fullmatch(text)
    return time(int(found[1]), int(found[2])) if found else None


def phone_of(text: str, home: str) -> PhoneGroups | None:
    """A number in E.164 in the groups of its country; any other one in the groups in which it is written.

    `home`: the country (ISO 3166) whose people listen: they hear its numbers as they would dial them.
    """
    if not _WRITTEN_PHONE.fullmatch(text := text.strip(" ")):
        return None
    international = _BETWEEN.sub("", text)
    if _E164.fullmatch(international):
        return _grouped(international, home)
    return PhoneGroups("", tuple(_GROUP.findall(text)))


def _grouped(international: str, home: str) -> PhoneGroups:
    digits = international[1:]
    try:
        number = phonenumbers.parse(international)
    except phonenumbers.NumberParseException:  # no country has such numbers
        return PhoneGroups(digits, ())
    country = str(number.country_code)
    if number.country_code == phonenumbers.country_code_for_region(home):
        groups = _GROUP.findall(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))
        # Argentina's mobile numbers are others at home, and what is dialled ahead (0, 8) is not part of a number.
        if "".join(groups).endswith(digits.removeprefix(country)):
            return PhoneGroups("", tuple(groups))
    groups = _GROUP.findall(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))
    # What looks like a 0 to dial ahead is left out of a number that nobody has.
    return PhoneGroups(country, tuple(groups[1:])) if "".join(groups) == digits else PhoneGroups(digits, ())


def clock_of(seconds: Number) -> tuple[int, int, int, Number]:
    """A duration in days, hours, minutes, and the seconds that are left."""
    minutes, left = divmod(seconds.whole, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return days, hours, minutes, Number(False, left, seconds.fraction)
