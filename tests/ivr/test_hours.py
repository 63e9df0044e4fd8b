"""Opening hours, in wall time."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hours import DAY, Hours, Span

OFFICE = Hours(
    tuple(Span(day, 9 * 60, 17 * 60 + 30) for day in range(5)),
    "Europe/Berlin",
    frozenset({date(2026, 12, 25)}),
)
NIGHT = Hours(tuple(Span(day, 0, 4 * 60) for day in range(7)), "Europe/Berlin")


def at(text: str) -> float:
    """A time in UTC, as seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("2026-11-23 07:59:59", False),  # winter: one hour behind Berlin
        ("2026-11-23 08:00:00", True),
        ("2026-11-23 16:29:59", True),
        ("2026-11-23 16:30:00", False),
        ("2026-07-06 06:59:59", False),  # summer: two hours
        ("2026-07-06 07:00:00", True),
        ("2026-11-22 12:00:00", False),  # Sunday
        ("2026-12-25 12:00:00", False),  # a holiday, on a Friday
        ("2026-12-24 23:30:00", False),
    ],
)
def test_office_hours(when: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(when)) is is_open


def test_an_hour_that_happens_twice_is_open_twice() -> None:
    # 2026-10-25: at 03:00 in Berlin the clocks go back to 02:00.
    night = [at("2026-10-24 22:00") + 900 * quarter for quarter in range(24)]
    assert sum(NIGHT.is_open(now) for now in night) == 5 * 4


def test_an_hour_that_does_not_happen_is_not_open() -> None:
    # 2026-03-29: at 02:00 in Berlin the clocks go on to 03:00.
    night = [at("2026-03-28 23:00") + 900 * quarter for quarter in range(24)]
    assert sum(NIGHT.is_open(now) for now in night) == 3 * 4


@given(st.floats(0, 4e9))
def test_always_is_always_and_never_is_never(now: float) -> None:
    assert Hours.always().is_open(now)
    assert not Hours(()).is_open(now)


@given(st.integers(0, 6), st.integers(0, DAY - 1), st.floats(0, 4e9))
def test_a_day_in_two_halves_is_the_day(weekday: int, middle: int, now: float) -> None:
    halves = Hours((Span(weekday, 0, middle), Span(weekday, middle, DAY)), "America/New_York")
    whole = Hours((Span(weekday, 0, DAY),), "America/New_York")
    assert halves.is_open(now) == whole.is_open(now)


@pytest.mark.parametrize(
    ("when", "ends"),
    [
        ("2026-11-23 08:00:00", "2026-11-23 16:30:00"),
        ("2026-11-23 16:29:30", "2026-11-23 16:30:00"),
        ("2026-07-06 07:00:00", "2026-07-06 15:30:00"),
    ],
)
def test_when_they_end(when: str, ends: str) -> None:
    assert OFFICE.ends(at(when)) == at(ends)


def test_who_is_closed_or_never_closes_does_not_end() -> None:
    assert OFFICE.ends(at("2026-11-22 12:00")) is None
    assert Hours.always().ends(at("2026-11-22 12:00")) is None
    assert Hours.always().ends(0.0) is None


@given(st.floats(1_700_000_000, 1_900_000_000))
def test_they_are_open_until_they_end(now: float) -> None:
    if (ends := NIGHT.ends(now)) is not None:
        assert NIGHT.is_open(max(now, ends - 1))
        assert not NIGHT.is_open(ends)
        assert ends > now
