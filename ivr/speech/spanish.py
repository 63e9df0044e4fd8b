"""Spanish, as it is spoken in Spain and in America.

All numbers are words, because no voice can make them agree: it is `veintiún euros`, `veintiuna libras`, `un millón de
euros`, and espeak-ng reads `21 euros` as `veintiuno euros`. Where the two sides of the ocean differ, the country of the
language decides: `uno de enero` in Spain (`es`, `es-ES`), `primero de enero` in America (`es-MX`, `es-419`), and the
decimal sign is Babel's. The time brings its article along (`las dos`, but `la una`), so a prompt says `a {at:time}`.
Telephone numbers are read in their groups, those of two digits as numbers, as people there say them.
"""

import datetime as dt

from babel import Locale
from babel.dates import get_month_names, get_period_id, get_period_names
from babel.numbers import get_decimal_symbol

from ivr.speech.tongue import coins, currency_name, home_of, spelled
from ivr.speech.values import ALONE, Agreement, Number, PhoneGroups, clock_of

_SPANISH = Locale("es")
_PARTS_OF_THE_DAY = get_period_names("abbreviated", "format", locale=_SPANISH)
_ONES = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
).split()
_TENS = "_ diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_HUNDREDS = (
    "_ ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
).split()
_ORDINALS = (
    "_ primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo decimotercero "
    "decimocuarto decimoquinto decimosexto decimoséptimo decimoctavo decimonoveno"
).split()
_TENTHS = ("_ _ vigésimo trigésimo cuadragésimo quincuagésimo sexagésimo septuagésimo octogésimo nonagésimo").split()
_BEFORE_NOUN = Agreement(follows=" n")
_BEFORE_FEMININE = Agreement(feminine=True, follows=" n")
_NO_NOUNS = frozenset("a al con de del desde e en hasta más menos no o para por que se sin u y".split())
"""Words before which a number stands by itself."""

_CENTAVOS = ("USD", "MXN", "ARS", "COP", "CLP", "BOB", "BRL", "DOP", "GTQ", "HNL", "NIO", "CUP", "PHP", "AUD", "CAD")
_COINS = {
    **dict.fromkeys(_CENTAVOS, "centavo"),
    **dict.fromkeys(("EUR", "PEN", "CRC", "VES", "PYG"), "céntimo"),
    **dict.fromkeys(("UYU", "PAB"), "centésimo"),
    "GBP": "penique",
}


class Spanish:
    """As it is spoken in one country."""

    def __init__(self, locale: Locale) -> None:
        self.home = home_of(locale)
        self._locale = locale
        self._months = get_month_names("wide", locale=locale)
        self._point = "coma" if get_decimal_symbol(locale) == "," else "punto"
        self._first = "uno" if self.home == "ES" else "primero"

    def digits(self, text: str) -> str:
        """`1001` as `uno cero cero uno`."""
        return " ".join(spelled(text, _ONES.__getitem__))

    def number(self, value: Number, agreement: Agreement) -> str:
        """`veintiuno`, `veintiún` before a noun, `veintiuna` before a feminine one."""
        return _minus(value) + self._amount(value, agreement)

    def ordinal(self, value: int, agreement: Agreement) -> str:
        """`primero`, `primer` before a noun, `primera`; from a hundred on people count, as they do in Spanish."""
        if value >= 100:
            return _agreeing(value, agreement)
        high, low = divmod(value, 10)
        words = [_TENTHS[high], *([_ORDINALS[low]] if low else [])] if high > 1 else [_ORDINALS[value]]
        if agreement.feminine:
            return " ".join(f"{word[:-1]}a" for word in words)
        if _before_noun(agreement) and words[-1].endswith(("primero", "tercero")):
            words[-1] = words[-1][:-1]
        return " ".join(words)

    def money(self, value: Number, currency: str) -> str:
        """`un euro con cincuenta céntimos`."""
        rest = coins(value, currency)
        name = currency_name(currency, self._locale, value.whole, value.fraction)
        unit = _noun_after(currency_name(currency, self._locale, 1))
        if not name:
            return self.number(value, ALONE)
        if rest is None or (rest and currency not in _COINS):
            amount = value if rest is None else value._replace(fraction=f"{rest:02}")
            return f"{_minus(value)}{self._amount(amount, unit)} {name}"
        said = []
        if value.whole or not rest:
            said.append(f"{_agreeing(value.whole, unit)} {currency_name(currency, self._locale, value.whole)}")
        if rest:
            said.append(_counted(rest, _COINS[currency]))
        return _minus(value) + " con ".join(said)

    def date(self, value: dt.date) -> str:
        """`veintidós de noviembre de dos mil veintiséis`."""
        return f"{self.day(value)} de {_cardinal(value.year)}"

    def day(self, value: dt.date) -> str:
        """`uno de enero`."""
        return f"{self._first if value.day == 1 else _cardinal(value.day)} de {self._months[value.month]}"

    def time(self, value: dt.time) -> str:
        """`la una y media de la tarde`."""
        hour = value.hour % 12 or 12
        said = "la una" if hour == 1 else f"las {_cardinal(hour)}"
        match value.minute:
            case 0:
                pass
            case 15:
                said += " y cuarto"
            case 30:
                said += " y media"
            case minute:
                said += f" y {_cardinal(minute)}"
        # Babel counts midnight among the small hours, but nobody says "las doce de la madrugada".
        period = get_period_id(value, locale=_SPANISH) if value.hour else "night1"
        return f"{said} {_PARTS_OF_THE_DAY[period]}"

    def phone(self, value: PhoneGroups) -> str:
        """`seis uno dos, treinta y cuatro, cincuenta y seis, setenta y ocho`."""
        groups = [self._phone_group(group) for group in value.groups]
        return ", ".join([f"más {self._phone_group(value.country)}", *groups] if value.country else groups)

    def duration(self, seconds: Number) -> str:
        """`una hora y cinco minutos`."""
        days, hours, minutes, left = clock_of(seconds)
        said = [_counted(count, unit) for count, unit in ((days, "día"), (hours, "hora"), (minutes, "minuto")) if count]
        if left.fraction:
            said.append(f"{self._amount(left, _BEFORE_NOUN)} segundos")
        elif left.whole or not said:
            said.append(_counted(left.whole, "segundo"))
        return _minus(seconds) + (f"{', '.join(said[:-1])} y {said[-1]}" if len(said) > 1 else said[0])

    def _amount(self, value: Number, agreement: Agreement) -> str:
        if not value.fraction:
            return _agreeing(value.whole, agreement)
        return f"{_cardinal(value.whole)} {self._point} {_behind_the_point(value.fraction)}"

    def _phone_group(self, digits: str) -> str:
        return _cardinal(int(digits)) if len(digits) == 2 and digits[0] != "0" else self.digits(digits)


def _minus(value: Number) -> str:
    return "menos " if value.negative else ""


def _behind_the_point(fraction: str) -> str:
    """`veinticinco`, `cero cinco`; more than two digits one by one."""
    if len(fraction) == 2 and fraction[0] != "0":
        return _cardinal(int(fraction))
    return " ".join(_ONES[int(one)] for one in fraction)


def _noun_after(name: str) -> Agreement:
    """Of a currency: `libra esterlina` is feminine, `euro` is not."""
    return _BEFORE_FEMININE if name.partition(" ")[0].endswith("a") else _BEFORE_NOUN


def _counted(count: int, unit: str) -> str:
    said = _agreeing(count, _noun_after("" if unit == "día" else unit))
    return f"{said} {unit if count == 1 else f'{unit}s'}"


def _before_noun(agreement: Agreement) -> bool:
    """Whether a noun follows: a space, and a word with which nothing new begins."""
    if not agreement.follows.startswith(" "):
        return False
    word = agreement.follows.split(maxsplit=1)[:1]
    return bool(word) and word[0][0].isalpha() and word[0].strip(",.;:!?").casefold() not in _NO_NOUNS


def _agreeing(value: int, agreement: Agreement) -> str:
    before = _before_noun(agreement)
    said = _cardinal(value, "una" if agreement.feminine else "un" if before else "uno")
    return f"{said} de" if before and value and value % 10**6 == 0 else said


def _cardinal(value: int, one: str = "uno") -> str:
    """`one`: what 1 is at the end, by which the hundreds go, too."""
    said = []
    for size, single, many in ((10**12, "un billón", "billones"), (10**6, "un millón", "millones")):
        high, value = divmod(value, size)
        if high:
            said.append(single if high == 1 else f"{_cardinal(high, 'un')} {many}")
    high, low = divmod(value, 1000)
    if high:
        said.append("mil" if high == 1 else f"{_below_thousand(high, 'una' if one == 'una' else 'un')} mil")
    if low or not said:
        said.append(_below_thousand(low, one))
    return " ".join(said)


def _below_thousand(value: int, one: str) -> str:
    if value == 100:
        return "cien"
    said = []
    high, low = divmod(value, 100)
    if high:
        hundreds = _HUNDREDS[high]
        said.append(f"{hundreds[:-2]}as" if one == "una" and hundreds.endswith("os") else hundreds)
    if low >= 30:
        said.append(_TENS[low // 10])
        if low % 10:
            said += ["y", _last(low % 10, one)]
    elif low or not high:
        said.append(_last(low, one))
    return " ".join(said)


def _last(value: int, one: str) -> str:
    """Below 30."""
    match value:
        case 1:
            return one
        case 21:
            return {"uno": "veintiuno", "un": "veintiún", "una": "veintiuna"}[one]
        case _:
            return _ONES[value]
