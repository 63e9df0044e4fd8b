"""Mandarin Chinese, in simplified characters, which its voices read wherever it is spoken.

All numbers are words: espeak-ng counts in thousands where Chinese counts in ten-thousands, and makes
`十二千三百四十五` of `12345`. A telephone number is read with 幺 for 1, as hotlines on the mainland do, so that nobody
hears 七 for 一; elsewhere (`zh-TW`, `zh-HK`) people say 一. All other digits, such as those of a customer number, are
read with 一 everywhere, as they are in a bank.
"""

import datetime as dt
import unicodedata

from babel import Locale
from babel.dates import get_period_id, get_period_names

from ivr.speech.tongue import coins, currency_name, home_of, spelled
from ivr.speech.values import Agreement, Number, PhoneGroups, clock_of

_SIMPLIFIED = Locale("zh")
_PARTS_OF_THE_DAY = get_period_names("abbreviated", "format", locale=_SIMPLIFIED)
_DIGITS = "零一二三四五六七八九"
_YEAR_DIGITS = "〇一二三四五六七八九"
_COINS = {
    "EUR": "欧分",
    "USD": "美分",
    "GBP": "便士",
    "AUD": "分",
    "CAD": "分",
    "SGD": "分",
}
_NAMED_NOT_COUNTED = frozenset("月日号楼层级年")
"""Before these two is 二 and not 两: they are named by a number, not counted."""


class Mandarin:
    """As it is spoken in one country."""

    def __init__(self, locale: Locale) -> None:
        self.home = home_of(locale)
        self._one_on_the_telephone = "幺" if self.home == "CN" else "一"

    def digits(self, text: str) -> str:
        """`1001` as `一 零 零 一`."""
        return " ".join(spelled(text, _DIGITS.__getitem__))

    def number(self, value: Number, agreement: Agreement) -> str:
        """`一万二千三百四十五`; two is 两 where something is counted (`{count:number}位`)."""
        follows = agreement.follows.lstrip()[:1]
        counts = follows and unicodedata.category(follows) == "Lo" and follows not in _NAMED_NOT_COUNTED
        return _minus(value) + (_counted(value) if counts else _plain(value))

    def ordinal(self, value: int, agreement: Agreement) -> str:
        """`第二`."""
        del agreement
        return f"第{_cardinal(value)}"

    def money(self, value: Number, currency: str) -> str:
        """`一百二十欧元五十欧分`, `十二元五角`."""
        rest = coins(value, currency)
        if rest is not None and currency == "CNY":
            return _minus(value) + _yuan(value.whole, rest)
        name = currency_name(currency, _SIMPLIFIED, value.whole)
        if rest is None or currency not in _COINS:
            return f"{_minus(value)}{_plain(value) if name == currency else _counted(value)}{name}"
        said = f"{_count(value.whole)}{name}" if value.whole or not rest else ""
        return _minus(value) + said + (f"{_count(rest)}{_COINS[currency]}" if rest else "")

    def date(self, value: dt.date) -> str:
        """`二〇二六年十一月二十二日`."""
        return f"{''.join(_YEAR_DIGITS[int(one)] for one in str(value.year))}年{self.day(value)}"

    def day(self, value: dt.date) -> str:
        """`十一月二十二日`."""
        return f"{_cardinal(value.month)}月{_cardinal(value.day)}日"

    def time(self, value: dt.time) -> str:
        """`下午两点半`."""
        part = _PARTS_OF_THE_DAY[get_period_id(value, locale=_SIMPLIFIED, type="selection")]
        hour = "零" if value.hour == 0 else _count(value.hour if value.hour == 12 else value.hour % 12)
        match value.minute:
            case 0:
                minutes = ""
            case 30:
                minutes = "半"
            case minute:
                minutes = f"{'零' if minute < 10 else ''}{_cardinal(minute)}分"
        return f"{part}{hour}点{minutes}"

    def phone(self, value: PhoneGroups) -> str:
        """`幺三八，一二三四，五六七八`."""
        groups = [self._phone_digits(group) for group in value.groups]
        return "，".join([f"加{self._phone_digits(value.country)}", *groups] if value.country else groups)

    def duration(self, seconds: Number) -> str:
        """`一小时零五分钟`, `一分三十秒`."""
        days, hours, minutes, left = clock_of(seconds)
        said = f"{_count(days)}天" if days else ""
        said += f"{_count(hours)}小时" if hours else ""
        more = left.whole or left.fraction
        if minutes:
            said += f"{'零' if hours and minutes < 10 else ''}{_count(minutes)}{'分' if more else '分钟'}"
        elif said and more:
            said += "零"
        if more or not said:
            said += f"{_counted(left)}秒"
        return _minus(seconds) + said

    def _phone_digits(self, text: str) -> str:
        return "".join(self._one_on_the_telephone if one == "1" else _DIGITS[int(one)] for one in text)


def _minus(value: Number) -> str:
    return "负" if value.negative else ""


def _plain(value: Number) -> str:
    return _cardinal(value.whole) + _behind_the_point(value)


def _counted(value: Number) -> str:
    """Of something."""
    return _plain(value) if value.fraction else _count(value.whole)


def _behind_the_point(value: Number) -> str:
    return "点" + "".join(_DIGITS[int(one)] for one in value.fraction) if value.fraction else ""


def _count(value: int) -> str:
    """So many of something."""
    return "两" if value == 2 else _cardinal(value)


def _cardinal(value: int) -> str:
    said = _grouped(value)
    if said.startswith("一十"):
        said = said[1:]
    # 两 is said in front of 千, 万 and 亿, but further back in a number only 二 is.
    return f"两{said[1:]}" if said[:1] == "二" and said[1:2] in set("千万亿") else said


def _grouped(value: int) -> str:
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if value >= size:
            high, low = divmod(value, size)
            if not low:
                return f"{_grouped(high)}{name}"
            return f"{_grouped(high)}{name}{'零' if low < size // 10 else ''}{_grouped(low)}"
    for size, name in ((1000, "千"), (100, "百"), (10, "十")):
        if value >= size:
            high, low = divmod(value, size)
            if not low:
                return f"{_DIGITS[high]}{name}"
            return f"{_DIGITS[high]}{name}{'零' if low < size // 10 else ''}{_grouped(low)}"
    return _DIGITS[value]


def _yuan(whole: int, rest: int) -> str:
    # 元, its tenth 角, its hundredth 分; a tenth that is left out in the middle is said as 零.
    said = f"{_count(whole)}元" if whole or not rest else ""
    tenths, hundredths = divmod(rest, 10)
    if tenths:
        said += f"{_count(tenths)}角"
    elif hundredths and whole:
        said += "零"
    return f"{said}{_count(hundredths)}分" if hundredths else said
