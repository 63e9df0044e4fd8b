"""Turns a prompt's text and the values of its slots into words that a voice reads well.

`{balance:money}` is an amount, `{number:digits}` is read digit by digit; a slot without a form is read as it is. How
a language says a value is its own module's (`english`, `mandarin`, `spanish`); any other language gets English words,
which its voice at least pronounces. What is no value of the form is read as it is: a caller hears something odd rather
than nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from ivr.flow.variables import currencies_of
from ivr.speech.english import English
from ivr.speech.mandarin import Mandarin
from ivr.speech.spanish import Spanish
from ivr.speech.tongue import Tongue, locale_of
from ivr.speech.values import ALONE, Agreement, date_of, number_of, phone_of, time_of, whole_of

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)(?::([a-z]+(?::[a-z]+)?))?\}")
"""`{name}`, `{name:form}` or `{name:form:f}`."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}", re.ASCII)

LONGEST_VALUE = 200
"""Characters. A CRM may hold a novel where a name should be; nobody wants to hear it."""


FORMS = frozenset(
    {"digits", "number", "number:f", "ordinal", "ordinal:f", "money", "date", "day", "time", "phone", "duration"}
)
"""In which a value can be read; `:f` is for what has to agree with a feminine noun."""


def slots(text: str) -> Iterator[tuple[str, str]]:
    """The variables a text speaks of, each with its form (empty: as it is)."""
    for found in SLOT.finditer(text):
        yield found[1], found[2] or ""


def stray_brace(text: str) -> bool:
    """Whether a brace is left that belongs to no slot, as in `{Name}` or `{ name }`."""
    return any(brace in SLOT.sub("", text) for brace in "{}")


def fill(text: str, values: Mapping[str, str], language: str) -> str:
    """The text as it is spoken. A value that is not there is not spoken."""
    if "{" not in text:  # as most are
        return text
    tongue = tongue_of(language)

    def read(slot: re.Match[str]) -> str:
        form, _, gender = (slot[2] or "").partition(":")
        value = values.get(slot[1], "")
        currency = next((values[of] for of in currencies_of(slot[1]) if values.get(of)), "") if form == "money" else ""
        return said(value, form, tongue, currency, Agreement(gender == "f", text[slot.end() :]))

    return SLOT.sub(read, text)


def name_slots(text: str, values: Mapping[str, str]) -> str:
    """The text with names in its slots, as in `{language}>=5`. What is no name stays a slot, which whoever reads the
    text will not take for one: it may have been typed by a caller, or sent by a CRM."""
    if "{" not in text:
        return text

    def name(slot: re.Match[str]) -> str:
        value = values.get(slot[1], "").strip().lower()
        return value if _NAME.fullmatch(value) else slot[0]

    return SLOT.sub(name, text)


def said(value: str, form: str, tongue: Tongue, currency: str = "", agreement: Agreement = ALONE) -> str:
    """A value in words. One that is too long is cut, and one that is not of that form is read as it is."""
    say = _SAY.get(form.partition(":")[0])
    spoken = say(tongue, value, currency, agreement) if say and len(value) <= LONGEST_VALUE else None
    return value[:LONGEST_VALUE] if spoken is None else spoken


@lru_cache(maxsize=200)
def tongue_of(language: str) -> Tongue:
    """How that language says things (`zh`, `es-MX`); English, if Callwright has no words of its own for it."""
    match ours(language):
        case "zh":
            return Mandarin(locale_of(language, "zh"))
        case "es":
            return Spanish(locale_of(language, "es"))
        case _:
            return English(locale_of(language, "en"))


def ours(language: str) -> str:
    """Which of Callwright's own languages that is: `en`, `zh` or `es`; `en` for all others."""
    root = language.partition("-")[0].lower()
    return _ROOTS.get(root, "en")


_ROOTS = {"zh": "zh", "cmn": "zh", "es": "es"}

_Say = Callable[[Tongue, str, str, Agreement], str | None]
"""A value in words: by language, text, currency, and what it must agree with. None: it is no value of that form."""


def _digits(tongue: Tongue, value: str, currency: str, agreement: Agreement) -> str | None:
    del currency, agreement
    return tongue.digits(value) if any(one.isalnum() for one in value) else None


def _number(tongue: Tongue, value: str, currency: str, agreement: Agreement) -> str | None:
    del currency
    return tongue.number(number, agreement) if (number := number_of(value)) else None


def _ordinal(tongue: Tongue, value: str, currency: str, agreement: Agreement) -> str | None:
    del currency
    return tongue.ordinal(place, agreement) if (place := whole_of(value)) else None


def _money(tongue: Tongue, value: str, currency: str, agreement: Agreement) -> str | None:
    del agreement
    code = currency[:LONGEST_VALUE].strip().upper()
    return tongue.money(amount, code) if (amount := number_of(value)) else None


def _date(tongue: Tongue, value: str, currency: str, agreement: Agreement) -> str | None:
    del currency, agreement
    return tongue.date(date) if (date := date_of(value)) else None


def _day(tongue: Tongue, value: str, currency: str, agreement: Agreement) -> str | None:
    del currency, agreement
    return tongue.day(date) if (date := date_of(value)) else None


def _time(tongue: Tongue, value: str, currency: str, agreement: Agreement) -> str | None:
    del currency, agreement
    return None if (time := time_of(value)) is None else tongue.time(time)


def _phone(tongue: Tongue, value: str, currency: str, agreement: Agreement) -> str | None:
    del currency, agreement
    return tongue.phone(groups) if (groups := phone_of(value, tongue.home)) else None


def _duration(tongue: Tongue, value: str, currency: str, agreement: Agreement) -> str | None:
    del currency, agreement
    return tongue.duration(seconds) if (seconds := number_of(value)) else None


_SAY: Mapping[str, _Say] = {
    "digits": _digits,
    "number": _number,
    "ordinal": _ordinal,
    "money": _money,
    "date": _date,
    "day": _day,
    "time": _time,
    "phone": _phone,
    "duration": _duration,
}
