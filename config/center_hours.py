"""From opening hours as people write them (`mon-fri: ["09:00-17:30"]`) to those that the centre keeps."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from config.center_shapes import HoursEntry
from ivr.files.mistakes import quoted
from ivr.files.shapes import Path, Reader
from ivr.hours import DAY, Hours, Span

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def check_zone(zone: str, path: Path, reader: Reader) -> None:
    """Notes a time zone that the machine does not know."""
    if not _is_zone(zone):
        reader.note(path, f"there is no time zone {quoted(zone)}{reader.hint(zone, available_timezones())}")


def hours_of(entry: HoursEntry, zone: str, path: Path, reader: Reader) -> Hours:
    """The hours, in the given zone unless they name one; what is wrong with them is noted at the reader."""
    if entry.zone:
        check_zone(entry.zone, (*path, "zone"), reader)
    spans: list[Span] = []
    for days, times in entry.open.items():
        for index, some in enumerate(times):
            opens, closes = (_minutes(part) for part in some.split("-"))
            if opens == closes:
                reader.note((*path, "open", days, index), f"{some!r} is no time at all; the whole day is 00:00-24:00")
            spans.extend(span for day in _days(days) for span in _spans(day, opens, closes))
    closed = frozenset(_dates(entry, path, reader))
    return Hours(tuple(spans), entry.zone or zone, closed)


def _days(days: str) -> Iterator[int]:
    """`fri-mon` goes on over Sunday."""
    first, _, last = days.partition("-")
    day = DAYS.index(first)
    yield day
    while DAYS[day] != (last or first):
        day = (day + 1) % 7
        yield day


def _spans(day: int, opens: int, closes: int) -> Iterator[Span]:
    """Hours that end before they begin go on into the next day."""
    if opens < closes:
        yield Span(day, opens, closes)
    elif opens > closes:
        yield Span(day, opens, DAY)
        if closes:
            yield Span((day + 1) % 7, 0, closes)


def _minutes(time: str) -> int:
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)


def _dates(entry: HoursEntry, path: Path, reader: Reader) -> Iterator[date]:
    for index, day in enumerate(entry.closed):
        try:
            yield date.fromisoformat(day)
        except ValueError:
            reader.note((*path, "closed", index), f"{day!r} is not in the calendar")


def _is_zone(name: str) -> bool:
    if name == "UTC":
        return True
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
