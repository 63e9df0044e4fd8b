"""Against guessing passwords: who fails often waits, twice as long each time.

Counted per user and per network address, because a guesser changes either.
"""

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
    failures: int
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

    def failed(self, key: str, now: float) -> None:
        """One more failure."""
        record = self._records.pop(key, None)
        if record is None or now - record.last > self._limits.memory:
            record = _Record(0, now, now)
        record.failures += 1
        record.last = now
        over = record.failures - self._limits.free
        record.until = now + min(self._limits.longest, 2.0 ** min(over - 1, 30)) if over > 0 else now
        self._records[key] = record
        if len(self._records) > self._limits.most_keys:
            del self._records[next(iter(self._records))]

    def forgive(self, key: str) -> None:
        """The right password came: start again."""
        self._records.pop(key, None)

    def take_back(self, key: str, now: float) -> None:
        """One failure less: somebody of an address that is shared by many has got it right."""
        if record := self._records.get(key):
            record.failures -= 1
            record.until = now
            if record.failures <= 0:
                del self._records[key]
