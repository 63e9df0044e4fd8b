"""Turns values into words that a voice reads well: digits one by one, amounts as people say them.

English and Chinese; any other language gets English words, which its voice at least pronounces. Numbers
themselves stay in digits (`120 euros`): every voice reads those in its own language.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_name, get_currency_precision

from ivr.flow.variables import currencies_of

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)(?::([a-z]+))?\}")
"""`{name}` or `{name:format}`."""

FORMATS = frozenset({"digits", "money"})

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}", re.ASCII)

LONGEST_VALUE = 200
"""Characters. A CRM may hold a novel where a name should be; nobody wants to hear it."""

_DIGITS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "zh": ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九"),
}
_MINOR_EN = {"EUR": ("cent", "cents"), "USD": ("cent", "cents"), "GBP": ("penny", "pence")}
# Chinese names of the coin, and whether there is a tenth (角) between the unit and the hundredth.
_MINOR_ZH = {"EUR": "欧分", "USD": "美分", "GBP": "便士"}


def slots(text: str) -> Iterator[tuple[str, str]]:
    """The variables a text speaks of, each with its format (empty: as it is)."""
    for found in SLOT.finditer(text):
        yield found[1], found[2] or ""


def stray_brace(text: str) -> bool:
    """Whether a brace is left that belongs to no slot, as in `{Name}` or `{ name }`."""
    return any(brace in SLOT.sub("", text) for brace in "{}")


def fill(text: str, values: Mapping[str, str], language: str) -> str:
    """The text as it is spoken. A value that is not there is not spoken."""

    def read(slot: re.Match[str]) -> str:
        value = values.get(slot[1], "")[:LONGEST_VALUE]
        match slot[2]:
            case "digits":
                return digits(value, language)
            case "money":
                currency = next((values[of] for of in currencies_of(slot[1]) if values.get(of)), "")
                return money(value, currency, language)
            case _:
                return value

    return SLOT.sub(read, text)


def name_slots(text: str, values: Mapping[str, str]) -> str:
    """The text with names in its slots, as in `{language}>=5`. What is no name stays a slot, which whoever reads the
    text will not take for one: it may have been typed by a caller, or sent by a CRM."""

    def name(slot: re.Match[str]) -> str:
        value = values.get(slot[1], "").strip().lower()
        return value if _NAME.fullmatch(value) else slot[0]

    return SLOT.sub(name, text)


def digits(value: str, language: str) -> str:
    """`1001` as `one zero zero one`; whatever is no digit is left out."""
    words = _DIGITS[ours(language)]
    return " ".join(words[int(one)] for one in value if one in "0123456789")


def money(amount: str, currency: str, language: str) -> str:
    """`120.50` as `120 euros and 50 cents`, or `120欧元50欧分`. What is no number is read as it is."""
    try:
        value = Decimal(amount)
    except InvalidOperation:
        return amount
    if not value.is_finite() or abs(value) >= 10**15:
        return amount
    tongue = ours(language)
    value = round(value, get_currency_precision(currency))
    spoken = _chinese(abs(value), currency) if tongue == "zh" else _english(abs(value), currency)
    sign = {"en": "minus ", "zh": "负"}[tongue] if value < 0 else ""
    return sign + spoken


def ours(language: str) -> str:
    """Which of the languages of this module that is: `en` or `zh`."""
    return "zh" if language.partition("-")[0] in {"zh", "cmn"} else "en"


def _english(value: Decimal, currency: str) -> str:
    unit, coins = _parts(value)
    if currency not in _MINOR_EN:
        return f"{value} {get_currency_name(currency, count=value, locale='en')}".strip()
    one, many = _MINOR_EN[currency]
    said = [f"{unit} {get_currency_name(currency, count=unit, locale='en')}"] if unit or not coins else []
    if coins:
        said.append(f"{coins} {one if coins == 1 else many}")
    return " and ".join(said)


def _chinese(value: Decimal, currency: str) -> str:
    unit, coins = _parts(value)
    if currency == "CNY":
        return _yuan(unit, coins)
    name = get_currency_name(currency, locale="zh")
    if currency not in _MINOR_ZH:
        return f"{value}{name}"
    said = f"{unit}{name}" if unit or not coins else ""
    return f"{said}{coins}{_MINOR_ZH[currency]}" if coins else said


def _yuan(unit: int, coins: int) -> str:
    # 元, its tenth 角, its hundredth 分; a tenth that is left out in the middle is said as 零.
    said = f"{unit}元" if unit or not coins else ""
    tenths, hundredths = divmod(coins, 10)
    if tenths:
        said += f"{tenths}角"
    elif hundredths and unit:
        said += "零"
    return f"{said}{hundredths}分" if hundredths else said


def _parts(value: Decimal) -> tuple[int, int]:
    unit = int(value)
    return unit, int((value - unit) * 100)
