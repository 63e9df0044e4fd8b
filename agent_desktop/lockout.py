"""Against guessing passwords: who fails often waits, twice as long each time.

Counted per user and per network address, because a guesser changes either. A whole office may sit behind an address,
so it is remembered whose password each failure was about: the right one forgives those alone, or whoever has an account
of his own could guess at all others.
"""

from collections import Counter

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """`free` failures cost nothing; the next costs 1 second, then 2, 4... up to `longest`.

    All is forgotten `memory` seconds after the last one.
    """

    free: int = 5
    longest: float = 900.0
    memory: float = 3600.0
    most_keys: int = 20_000


PER_USER = Limits()
PER_ADDRESS = Limits(free=20)
"""A whole office may sit behind one address."""


class _Record(msgspec.Struct):
    failures: Counter[str]
    """By whose password was tried."""
    last: float
    until: float


class LockOut:
    """Failures per key (a user, an address). Bounded in memory: the longest untouched are forgotten first."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._records: dict[str, _Record] = {}

    def seconds_left(self, key: str, now: float) -> float:
        """How long this key must wait before its next try; 0 if it may try now."""
        record = self._records.get(key)
        return max(0.0, record.until - now) if record else 0.0

    def failed(self, key: str, whose: str, now: float) -> None:
        """One more failure, with this user's password; empty if there is no such user, so memory stays bounded."""
        record = self._records.pop(key, None)
        if record is None or now - record.last > self._limits.memory:
            record = _Record(Counter(), now, now)
        record.failures[whose] += 1
        record.last = now
        over = record.failures.total() - self._limits.free
        record.until = now + min(self._limits.longest, 2.0 ** min(over - 1, 30)) if over > 0 else now
        self._records[key] = record
        if len(self._records) > self._limits.most_keys:
            del self._records[next(iter(self._records))]

    def forgive(self, key: str, whose: str) -> None:
        """The right password of this user came: the failures with it are forgotten."""
        if record := self._records.get(key):
            del record.failures[whose]
            if not record.failures:
                del self._records[key]
