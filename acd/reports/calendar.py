"""The intervals of a report: cut by the clock on the centre's wall, whatever summer time does.

A day lasts from its first instant to that of the next one: 23, 24 or 25 hours. Within it intervals begin where the
wall clock shows a multiple of their length, and where the clock is changed, so none spans two offsets: an hour that
comes twice is there twice, and its name says with which offset.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

MOST_DAYS = 400
"""Days of one report: a year, and some weeks to compare it with."""


class Every(Enum):
    """How long an interval is."""

    QUARTER = "15m"
    HALF = "30m"
    HOUR = "60m"
    DAY = "day"

    @property
    def seconds(self) -> int:
        """By the wall clock; what a day really lasts differs."""
        return {"15m": 900, "30m": 1800, "60m": 3600, "day": 86400}[self.value]


class Interval(msgspec.Struct, frozen=True):
    """From `start` to just before `end`, seconds since the Unix epoch."""

    start: float
    end: float
    label: str
    """Its start by the wall clock with the offset, ISO 8601 to the minute; of a day, its date."""


class RangeMistake(Exception):
    """These days cannot be reported on; the text says why."""


class Range(msgspec.Struct, frozen=True):
    """Whole days of the centre, both included."""

    first: date
    last: date

    def check(self) -> None:
        """Raises `RangeMistake`."""
        if self.last < self.first:
            raise RangeMistake(f"the last day, {self.last}, is before the first, {self.first}")
        if (self.last - self.first).days >= MOST_DAYS:
            raise RangeMistake(f"from {self.first} to {self.last} is more than {MOST_DAYS} days")
        if not 1970 <= self.first.year <= self.last.year <= 9000:
            wrong = self.first if self.first.year < 1970 else self.last
            raise RangeMistake(f"there are no figures of the year {wrong.year}")


def day_at(at: float, zone: ZoneInfo) -> date:
    """What the calendar on the wall shows."""
    return datetime.fromtimestamp(at, zone).date()


def intervals_of(days: Range, every: Every, zone: ZoneInfo) -> tuple[Interval, ...]:
    """All of them, in order, without a gap. Raises `RangeMistake`."""
    days.check()
    count = (days.last - days.first).days + 1
    starts = [_midnight(days.first + timedelta(number), zone) for number in range(count + 1)]
    found: list[Interval] = []
    for number, (start, end) in enumerate(pairwise(starts)):
        if start == end:
            continue  # a date that a country has skipped
        if every is Every.DAY:
            found.append(Interval(start, end, (days.first + timedelta(number)).isoformat()))
        else:
            found.extend(_cut(start, end, every.seconds, zone))
    return tuple(found)


class Finder:
    """Which interval an instant is in."""

    __slots__ = ("_end", "_starts", "intervals")

    def __init__(self, intervals: tuple[Interval, ...]) -> None:
        self.intervals = intervals
        self._starts = [interval.start for interval in intervals]
        self._end = intervals[-1].end if intervals else 0.0

    def find(self, at: float) -> int:
        """Its number; -1 if it is in none."""
        return bisect_right(self._starts, at) - 1 if at < self._end else -1

    def cut(self, start: float, end: float) -> Iterator[tuple[int, float]]:
        """The parts of a stretch of time: number of the interval and seconds in it."""
        at = max(0, bisect_right(self._starts, start) - 1)
        for number in range(at, len(self.intervals)):
            interval = self.intervals[number]
            if interval.start >= end:
                return
            seconds = min(end, interval.end) - max(start, interval.start)
            if seconds > 0:
                yield number, seconds


def _midnight(day: date, zone: ZoneInfo) -> float:
    """The first instant of a day. Where midnight is skipped this is when the clock is put forward."""
    return datetime.combine(day, time(), zone).timestamp()


def _cut(start: float, end: float, step: int, zone: ZoneInfo) -> Iterator[Interval]:
    at = start
    while at < end:
        local = datetime.fromtimestamp(at, zone)
        shown = local.hour * 3600 + local.minute * 60 + local.second
        until = min(at + step - shown % step, end)
        if _offset(until - 1, zone) != _offset(at, zone):
            until = _change(at, until, zone)
        yield Interval(at, until, local.isoformat(timespec="minutes"))
        at = until


def _offset(at: float, zone: ZoneInfo) -> timedelta | None:
    return datetime.fromtimestamp(at, zone).utcoffset()


def _change(before: float, after: float, zone: ZoneInfo) -> float:
    """The second in which the clock is changed, between two instants with different offsets."""
    low, high = int(before), int(after)
    offset = _offset(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == offset:
            low = middle
        else:
            high = middle
    return float(high)
