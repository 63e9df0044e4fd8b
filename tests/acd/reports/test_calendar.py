"""Intervals by the wall clock, on days on which the wall clock is moved."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.reports.calendar import Every, Finder, Range, RangeMistake, day_at, intervals_of

BERLIN = ZoneInfo("Europe/Berlin")
ODD_ZONES = ["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "America/Havana", "Asia/Kathmandu", "UTC"]


def labels(zone: str, day: date, every: Every = Every.HOUR) -> list[str]:
    """Of one day, without its date."""
    return [one.label[11:] for one in intervals_of(Range(day, day), every, ZoneInfo(zone))]


def test_a_day_of_23_hours_has_no_third_hour() -> None:
    found = labels("Europe/Berlin", date(2026, 3, 29))
    assert len(found) == 23
    assert found[:3] == ["00:00+01:00", "01:00+01:00", "03:00+02:00"]


def test_a_day_of_25_hours_has_its_third_hour_twice() -> None:
    found = labels("Europe/Berlin", date(2026, 10, 25))
    assert len(found) == 25
    assert found[1:5] == ["01:00+02:00", "02:00+02:00", "02:00+01:00", "03:00+01:00"]
    assert len(labels("Europe/Berlin", date(2026, 10, 25), Every.QUARTER)) == 100
    (day,) = intervals_of(Range(date(2026, 10, 25), date(2026, 10, 25)), Every.DAY, BERLIN)
    assert (day.end - day.start, day.label) == (25 * 3600, "2026-10-25")


def test_half_an_hour_of_summer_time_cuts_an_hour() -> None:
    assert labels("Australia/Lord_Howe", date(2026, 4, 5))[1:4] == ["01:00+11:00", "01:30+10:30", "02:00+10:30"]


def test_a_midnight_that_is_skipped() -> None:
    assert labels("America/Santiago", date(2026, 9, 6))[0] == "01:00-03:00"


def test_a_day_that_a_country_skipped() -> None:
    found = intervals_of(Range(date(2011, 12, 29), date(2011, 12, 31)), Every.DAY, ZoneInfo("Pacific/Apia"))
    assert [one.label for one in found] == ["2011-12-29", "2011-12-31"]


@given(
    st.sampled_from(ODD_ZONES),
    st.dates(date(2020, 1, 1), date(2030, 12, 1)),
    st.integers(0, 3),
    st.sampled_from(list(Every)),
)
def test_nothing_is_between_the_intervals(zone: str, first: date, more: int, every: Every) -> None:
    days = Range(first, first + timedelta(more))
    found = intervals_of(days, every, ZoneInfo(zone))
    assert all(a.end == b.start for a, b in pairwise(found))
    assert len({one.label for one in found}) == len(found)
    assert all(0 < one.end - one.start <= (every.seconds if every is not Every.DAY else 25 * 3600) for one in found)
    assert day_at(found[0].start, ZoneInfo(zone)) == days.first
    assert day_at(found[0].start - 1, ZoneInfo(zone)) == days.first - timedelta(1)
    assert day_at(found[-1].end, ZoneInfo(zone)) == days.last + timedelta(1)
    if every is not Every.DAY:
        whole = intervals_of(days, Every.DAY, ZoneInfo(zone))
        assert {one.start for one in whole} <= {one.start for one in found}


@given(st.floats(-1e5, 3e5), st.floats(0, 2e5))
def test_a_stretch_of_time_is_cut_without_loss(start: float, length: float) -> None:
    finder = Finder(intervals_of(Range(date(2026, 10, 24), date(2026, 10, 25)), Every.HOUR, BERLIN))
    begin, end = finder.intervals[0].start, finder.intervals[-1].end
    since, until = begin + start, begin + start + length
    parts = list(finder.cut(since, until))
    assert sum(seconds for _, seconds in parts) == pytest.approx(
        max(0.0, min(until, end) - max(since, begin)), abs=1e-3
    )
    for number, _ in parts:
        assert finder.find(finder.intervals[number].start) == number
    assert finder.find(end) == finder.find(begin - 1) == -1


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 2, 2), date(2026, 2, 1), "before the first"),
        (date(2026, 2, 2), date(2028, 2, 1), "more than 400 days"),
        (date(1, 1, 1), date(1, 1, 2), "no figures of the year 1"),
    ],
)
def test_days_that_cannot_be(first: date, last: date, text: str) -> None:
    with pytest.raises(RangeMistake, match=text):
        intervals_of(Range(first, last), Every.DAY, BERLIN)
