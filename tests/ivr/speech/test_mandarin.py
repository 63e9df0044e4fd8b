"""Mandarin, as its speakers read values aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ivr.speech.reading import read

NUMBERS = [
    ("0", "零"),
    ("1", "一"),
    ("2", "二"),
    ("9", "九"),
    ("10", "十"),
    ("11", "十一"),
    ("12", "十二"),
    ("19", "十九"),
    ("20", "二十"),
    ("22", "二十二"),
    ("99", "九十九"),
    ("100", "一百"),
    ("101", "一百零一"),
    ("110", "一百一十"),
    ("111", "一百一十一"),
    ("120", "一百二十"),
    ("200", "二百"),
    ("202", "二百零二"),
    ("222", "二百二十二"),
    ("999", "九百九十九"),
    ("1000", "一千"),
    ("1001", "一千零一"),
    ("1010", "一千零一十"),
    ("1012", "一千零一十二"),
    ("1100", "一千一百"),
    ("1234", "一千二百三十四"),
    ("2000", "两千"),
    ("2002", "两千零二"),
    ("2200", "两千二百"),
    ("9999", "九千九百九十九"),
    ("10000", "一万"),
    ("10001", "一万零一"),
    ("10010", "一万零一十"),
    ("10100", "一万零一百"),
    ("11000", "一万一千"),
    ("12345", "一万二千三百四十五"),
    ("20000", "两万"),
    ("20002", "两万零二"),
    ("22222", "两万二千二百二十二"),
    ("100000", "十万"),
    ("100010", "十万零一十"),
    ("110000", "十一万"),
    ("120350", "十二万零三百五十"),
    ("200000", "二十万"),
    ("1000000", "一百万"),
    ("1010101", "一百零一万零一百零一"),
    ("2000000", "二百万"),
    ("10000000", "一千万"),
    ("10001000", "一千万一千"),
    ("10000100", "一千万零一百"),
    ("20002000", "两千万二千"),
    ("100000000", "一亿"),
    ("100000001", "一亿零一"),
    ("100001000", "一亿零一千"),
    ("100010000", "一亿零一万"),
    ("110000000", "一亿一千万"),
    ("123456789", "一亿二千三百四十五万六千七百八十九"),
    ("200000000", "两亿"),
    ("1000000000", "十亿"),
    ("1200000000", "十二亿"),
    ("10000000000", "一百亿"),
    ("1000000000000", "一万亿"),
    ("1000100000000", "一万零一亿"),
    ("-5", "负五"),
    ("3.05", "三点零五"),
    ("0.5", "零点五"),
    ("12.50", "十二点五"),
    ("-10.25", "负十点二五"),
]


@pytest.mark.parametrize(("value", "heard"), NUMBERS)
def test_numbers(value: str, heard: str) -> None:
    assert read(value, "number", "zh") == heard


@pytest.mark.parametrize(
    ("value", "follows", "heard"),
    [
        ("2", "位", "两"),
        ("2", " 张账单", "两"),
        ("2", "个", "两"),
        ("2", "到三分钟", "两"),
        ("2", "。", "二"),
        ("2", "月", "二"),
        ("2", "号", "二"),
        ("2", "楼", "二"),
        ("12", "位", "十二"),
        ("22", "位", "二十二"),
        ("2.5", "倍", "二点五"),
    ],
)
def test_two_of_something_is_another_two(value: str, follows: str, heard: str) -> None:
    assert read(value, "number", "zh", follows=follows) == heard


@pytest.mark.parametrize(
    ("value", "heard"), [("1", "第一"), ("2", "第二"), ("10", "第十"), ("12", "第十二"), ("112", "第一百一十二")]
)
def test_ordinals(value: str, heard: str) -> None:
    assert read(value, "ordinal", "zh") == heard


@pytest.mark.parametrize(
    ("value", "currency", "heard"),
    [
        ("120.50", "EUR", "一百二十欧元五十欧分"),
        ("120.5", "USD", "一百二十美元五十美分"),
        ("1.01", "EUR", "一欧元一欧分"),
        ("2", "EUR", "两欧元"),
        ("0.50", "EUR", "五十欧分"),
        ("0.02", "USD", "两美分"),
        ("0.00", "EUR", "零欧元"),
        ("7", "GBP", "七英镑"),
        ("-3.20", "EUR", "负三欧元二十欧分"),
        ("1", "CNY", "一元"),
        ("2", "CNY", "两元"),
        ("10", "CNY", "十元"),
        ("12.50", "CNY", "十二元五角"),
        ("12.05", "CNY", "十二元零五分"),
        ("12.55", "CNY", "十二元五角五分"),
        ("12.20", "CNY", "十二元两角"),
        ("0.50", "CNY", "五角"),
        ("0.05", "CNY", "五分"),
        ("0.55", "CNY", "五角五分"),
        ("0", "CNY", "零元"),
        ("10000", "CNY", "一万元"),
        ("20350.08", "CNY", "两万零三百五十元零八分"),
        ("-100", "CNY", "负一百元"),
        ("1.499", "CNY", "一点四九九人民币"),
        ("1500", "JPY", "一千五百日元"),
        ("1500.4", "JPY", "一千五百点四日元"),
        ("5.00", "XQQ", "五XQQ"),
        ("2", "XQQ", "二XQQ"),
        ("5.50", "", "五点五"),
    ],
)
def test_money(value: str, currency: str, heard: str) -> None:
    assert read(value, "money", "zh-CN", currency) == heard


@pytest.mark.parametrize(
    ("value", "heard"),
    [
        ("2026-11-22", "二〇二六年十一月二十二日"),
        ("2026-01-01", "二〇二六年一月一日"),
        ("2026-02-02", "二〇二六年二月二日"),
        ("2000-10-10", "二〇〇〇年十月十日"),
        ("1999-12-31", "一九九九年十二月三十一日"),
        ("2030-06-20", "二〇三〇年六月二十日"),
    ],
)
def test_dates(value: str, heard: str) -> None:
    assert read(value, "date", "zh") == heard
    assert read(value, "day", "zh") == heard.partition("年")[2]


@pytest.mark.parametrize(
    ("value", "heard"),
    [
        ("00:00", "凌晨零点"),
        ("00:05", "凌晨零点零五分"),
        ("02:00", "凌晨两点"),
        ("05:15", "早上五点十五分"),
        ("07:30", "早上七点半"),
        ("08:00", "上午八点"),
        ("10:02", "上午十点零二分"),
        ("11:59", "上午十一点五十九分"),
        ("12:00", "中午十二点"),
        ("12:30", "中午十二点半"),
        ("13:00", "下午一点"),
        ("14:30", "下午两点半"),
        ("18:10", "下午六点十分"),
        ("19:00", "晚上七点"),
        ("22:20", "晚上十点二十分"),
        ("23:59", "晚上十一点五十九分"),
    ],
)
def test_times(value: str, heard: str) -> None:
    assert read(value, "time", "zh") == heard


@pytest.mark.parametrize(
    ("value", "language", "heard"),
    [
        ("+8613812345678", "zh", "幺三八，幺二三四，五六七八"),
        ("+8613812345678", "zh-CN", "幺三八，幺二三四，五六七八"),
        ("+861012345678", "zh", "零幺零，幺二三四，五六七八"),
        ("+4930123456", "zh", "加四九，三零，幺二三四五六"),
        ("+886912345678", "zh-TW", "零九一二，三四五，六七八"),
        ("+8613812345678", "zh-TW", "加八六，一三八，一二三四，五六七八"),
        ("10086", "zh", "幺零零八六"),
        ("95588", "zh", "九五五八八"),
    ],
)
def test_telephone_numbers_are_read_with_their_own_one(value: str, language: str, heard: str) -> None:
    assert read(value, "phone", language) == heard


@pytest.mark.parametrize(
    ("value", "heard"), [("1001", "一 零 零 一"), ("20", "二 零"), ("A1", "A 一"), ("9-8", "九 八")]
)
def test_other_digits_are_read_with_the_usual_one(value: str, heard: str) -> None:
    assert read(value, "digits", "zh") == heard
    assert read(value, "digits", "cmn") == heard


@pytest.mark.parametrize(
    ("value", "heard"),
    [
        ("0", "零秒"),
        ("1", "一秒"),
        ("2", "两秒"),
        ("30", "三十秒"),
        ("60", "一分钟"),
        ("90", "一分三十秒"),
        ("120", "两分钟"),
        ("3600", "一小时"),
        ("3900", "一小时零五分钟"),
        ("5400", "一小时三十分钟"),
        ("7201", "两小时零一秒"),
        ("7261", "两小时零一分一秒"),
        ("86400", "一天"),
        ("176400", "两天一小时"),
        ("1.5", "一点五秒"),
        ("-30", "负三十秒"),
    ],
)
def test_durations(value: str, heard: str) -> None:
    assert read(value, "duration", "zh") == heard


UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def number_heard(words: str) -> int:
    """As a Chinese hears it: what stands before 亿 counts that often, then before 万, and so on."""
    for unit in "亿万千百十":
        before, found, after = words.rpartition(unit)
        if found:
            return (number_heard(before) if before else 1) * UNITS[unit] + number_heard(after.lstrip("零") or "零")
    return "零一二三四五六七八九".index(words.replace("两", "二"))


@given(st.integers(0, 10**15 - 1) | st.integers(0, 10**6))
def test_every_number_is_understood(value: int) -> None:
    heard = read(str(value), "number", "zh")
    assert number_heard(heard) == value
    assert "零零" not in heard
    assert value == 0 or not heard.endswith("零")
