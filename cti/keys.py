"""Keys of one leg: each counts once, however often Asterisk tells of it.

Asterisk (22, `__ast_read` in channel.c) tells of a key when its end comes off the wire, before it looks whether it can
deal with it. While it makes up the key before (which it does if that began under a prompt and ended when the prompt was
stopped), it lays a key aside, and tells of it again when it takes it up. A network or a telephone that is a little late
brings that about for keys that come quickly, such as a number that the telephone has stored.

The second time comes as long after the first as the key was early, a few hundredths of a second. Only on a machine that
is short of processors is it later than we look; then a key counts twice, which is better than to lose one of two.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

_NEVER: Mapping[str, float] = MappingProxyType({})


class Keys:
    """When each key was told last."""

    __slots__ = ("_told",)

    def __init__(self) -> None:
        self._told: Mapping[str, float] = _NEVER

    def counts(self, key: str, at: str, lasted: int) -> bool:
        """Whether it was not told before. Nobody is through with a key that he has pressed for `lasted` milliseconds
        sooner than so long after he was through with the same key; half of that is left to what comes late.

        `at`: as ARI writes a time. What cannot be read counts.
        """
        try:
            now = datetime.fromisoformat(at).timestamp()
        except ValueError:
            return True
        before = self._told.get(key)
        self._told = {**self._told, key: now}
        return before is None or not 0.0 <= now - before < lasted / 1000 / 2
