"""Keys that a caller pressed and that are not (or not yet) an answer to what he is asked now.

pressed                                                  what becomes of it
------------------------------------------------------   -------------------------------------------------
before it is asked for                                   kept, for the next menu or question
the terminator, after a number complete without it       forgotten: it belongs to that number
on the heels of a wrong key, within `PAUSE` of the last  forgotten: they are one mistake, not one each
"""

from collections.abc import Container

KEPT_AT_MOST = 20
"""Keys that are kept until they are asked for; more are lost."""

PAUSE = 1.0
"""Seconds. Who presses the next key sooner than this types on, and has not heard yet that a key was wrong."""


class TypedKeys:
    """Of one dialogue. Times are UTC."""

    def __init__(self) -> None:
        """Nothing has been pressed."""
        self._kept: list[str] = []
        self._terminator = ""
        self._terminator_until = 0.0
        self._mistake_until = 0.0

    # -- kept for later --------------------------------------------------------------------------------------

    def __bool__(self) -> bool:
        """Whether keys wait to be asked for."""
        return bool(self._kept)

    def keep(self, key: str) -> None:
        """For the next menu or question."""
        if len(self._kept) < KEPT_AT_MOST:
            self._kept.append(key)

    def take(self) -> str:
        """The first key that was kept; there must be one."""
        return self._kept.pop(0)

    def take_choice(self, choices: Container[str]) -> str:
        """The first one that a menu has; those before it are forgotten. Empty if there is none."""
        while self._kept:
            if (key := self.take()) in choices:
                return key
        return ""

    def drop_to_digit(self) -> None:
        """Forget what no number can begin with."""
        while self._kept and not self._kept[0].isdigit():
            self.take()

    def forget(self) -> None:
        """What he typed ahead was meant for something else."""
        self._kept.clear()

    # -- belonging to something that is over -----------------------------------------------------------------

    def number_complete(self, terminator: str, until: float) -> None:
        """Who has typed as many digits as there may be often ends them with the terminator all the same, and some
        press it twice. It is not meant for the menu that comes next.
        """
        self._terminator, self._terminator_until = terminator, until
        if self._kept[:1] == [terminator]:
            self.take()

    def ends_last_number(self, key: str, now: float) -> bool:
        """Whether it is a terminator that comes late. Only the very next key can be one."""
        late, self._terminator = self._terminator, ""
        return key == late and now <= self._terminator_until

    def mistaken(self, now: float) -> None:
        """A wrong key was pressed, and he is told so. Nothing that was kept has a meaning any more."""
        self.forget()
        self._mistake_until = now + PAUSE

    def goes_on_with_mistake(self, now: float) -> bool:
        """Whether a key belongs to the wrong one before it; as long as he types on, they are one mistake."""
        if now >= self._mistake_until:
            return False
        self._mistake_until = now + PAUSE
        return True

    def right(self) -> None:
        """The key after the wrong one was right: what follows it is meant as it is pressed."""
        self._mistake_until = 0.0
