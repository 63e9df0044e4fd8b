"""When a centre's day begins."""

from datetime import datetime, time
from zoneinfo import ZoneInfo


def midnight_before(now: float, zone: str) -> float:
    """The last midnight in an IANA zone; both times are seconds since the Unix epoch, UTC."""
    here = ZoneInfo(zone)
    today = datetime.fromtimestamp(now, here).date()
    return datetime.combine(today, time(), here).timestamp()
