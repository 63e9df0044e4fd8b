"""Telephone numbers in one spelling, however the network, the CRM, or a person writes them.

Numbers follow ITU-T E.164 and are read with Google's libphonenumber: `0049 30 23125 001`, `+49 (0)30 23125-001`
and, in Germany, `030/23125001` are one and the same.
"""

import re
from collections.abc import Iterator
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberFormat, ValidationResult

LONGEST_NUMBER = 40
"""Characters; no spelling of a number is longer."""


def readings(number: str, country: str) -> tuple[str, ...]:
    """What a number as the network gave it may mean, in E.164, the likeliest first; empty for what is no number.

    `country` (ISO 3166, `DE`) is where a number without a country code belongs. Some trunks leave out the `+`,
    so digits that could begin with a country code are read so too, in the second place.
    """
    return tuple(dict.fromkeys(_readings(number, country)))


def e164(number: str, country: str) -> str:
    """The likeliest meaning of a number, or the empty string."""
    return next(_readings(number, country), "")


def shown(number: str, country: str) -> str:
    """A caller's number for people: in E.164 if it is surely one, else as the network gave it.

    Not sure are an extension (`1001`), and what is a number of this country and, with a `+` before it, of another.
    Nothing is read without a country.
    """
    if not country:
        return number
    sure = [one for one in readings(number, country) if _is_valid(one)]
    return sure[0] if len(sure) == 1 else number


def _readings(number: str, country: str) -> Iterator[str]:
    text = number.strip().removeprefix("tel:")
    if not text or len(text) > LONGEST_NUMBER:
        return
    if text.startswith("00"):  # what the ITU recommends for +; some countries use another, and no number begins with 00
        text = "+" + text[2:]
    if found := _e164(text, country):
        yield found
    if not text.startswith("+") and text.isdecimal():
        abroad = _parsed("+" + text, None)
        if abroad is not None and phonenumbers.is_valid_number(abroad):
            yield phonenumbers.format_number(abroad, PhoneNumberFormat.E164)


def _is_valid(spelled: str) -> bool:
    parsed = _parsed(spelled, None)
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def _e164(text: str, country: str) -> str:
    parsed = _parsed(text, country)
    if parsed is None or phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        return ""
    spelled = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if not _begins_like_a_prefix(spelled, parsed.country_code or 0):
        return spelled
    again = _parsed(spelled, None)  # a row of zeros loses one each time that it is read
    return spelled if again and phonenumbers.format_number(again, PhoneNumberFormat.E164) == spelled else ""


def _begins_like_a_prefix(spelled: str, code: int) -> bool:
    """Whether what is dialled before numbers within the country stands behind its code, so that it may be taken away
    when this is read again. Reading is what costs time, and nine numbers of ten need not be read twice."""
    national = spelled[len(f"+{code}") :]
    return national.startswith("0") or re.match(_prefix(code), national) is not None


@cache
def _prefix(code: int) -> str:
    """A regular expression for it; it matches nothing where there is none."""
    region = phonenumbers.region_code_for_country_code(code)
    nowhere = region == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY
    of = PhoneMetadata.metadata_for_nongeo_region(code) if nowhere else PhoneMetadata.metadata_for_region(region)
    return (of.national_prefix_for_parsing if of else None) or "(?!)"


def _parsed(text: str, country: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None
