"""When the centre is open: weekly hours as the clock on the wall shows them, and dates on which it is closed.

Everything is compared in wall time, so a day on which the clocks change needs no care: 09:00 is when the
clock in the centre's zone says 09:00. An hour that happens twice is open twice; one that does not happen is
nobody's.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

DAY = 24 * 60
"""Minutes."""


class Span(msgspec.Struct, frozen=True):
    """Open on one weekday from `opens` until just before `closes`."""

    weekday: int
    """0 is Monday, as in `datetime.weekday`."""
    opens: int
    """Minutes since midnight."""
    closes: int
    """Minutes since midnight; 1440 is the end of the day."""


class Hours(msgspec.Struct, frozen=True):
    """Opening hours. No spans: never open."""

    spans: tuple[Span, ...]
    zone: str = "UTC"
    """IANA name, e.g. `Europe/Berlin`."""
    closed: frozenset[date] = frozenset()
    """Holidays, as dates in that zone."""

    @classmethod
    def always(cls) -> "Hours":
        """Open day and night."""
        return cls(tuple(Span(weekday, 0, DAY) for weekday in range(7)))

    def is_open(self, now: float) -> bool:
        """Whether a call that arrives now (seconds since the epoch, UTC) finds the centre open."""
        here = datetime.fromtimestamp(now, zone_of(self.zone))
        if here.date() in self.closed:
            return False
        minute = here.hour * 60 + here.minute
        return any(s.weekday == here.weekday() and s.opens <= minute < s.closes for s in self.spans)

    def is_holiday(self, now: float) -> bool:
        """Whether that day (`now`: seconds since the epoch, UTC) is one on which it is closed whatever the weekday."""
        return datetime.fromtimestamp(now, zone_of(self.zone)).date() in self.closed

    def ends(self, now: float) -> float | None:
        """When the centre closes next, UTC; None if it is closed now, or does not close within a week."""
        at = now
        while at < now + 7 * 86_400 and self.is_open(at):
            here = datetime.fromtimestamp(at, zone_of(self.zone))
            minute = here.hour * 60 + here.minute
            closes = max(s.closes for s in self.spans if s.weekday == here.weekday() and s.opens <= minute < s.closes)
            midnight = datetime.combine(here.date(), time(), here.tzinfo)
            closing = (midnight + timedelta(minutes=closes)).timestamp()
            at = closing if closing > at else at + 60  # in an hour that happens twice
        return None if self.is_open(at) or at == now else at


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name, which the machine must know."""
    # UTC needs no time zone database, which small machines lack.
    return UTC if name == "UTC" else ZoneInfo(name)
