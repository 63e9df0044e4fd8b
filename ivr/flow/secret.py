"""What a caller has typed and nobody may see: a PIN."""

from typing import NoReturn


class Secret:
    """A text that shows itself to nobody by accident.

    It has no `str`, its `repr` tells nothing, and no encoder and no pickle takes it: whoever needs it says `reveal`.
    """

    __slots__ = ("_hidden",)

    def __init__(self, hidden: str) -> None:
        self._hidden = hidden

    def reveal(self) -> str:
        """The text, for whoever checks it; it must go nowhere else."""
        return self._hidden

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self._hidden)

    def __eq__(self, other: object) -> bool:
        """Whether they hide the same."""
        return isinstance(other, Secret) and other._hidden == self._hidden

    def __hash__(self) -> int:
        """The same for all: a hash of four digits tells them."""
        return hash(Secret)

    def __repr__(self) -> str:
        """Nothing, and neither does `str`, which asks this."""
        return "Secret(...)"

    def __reduce__(self) -> NoReturn:
        """It stays in this process's memory."""
        raise TypeError("a secret is not written down")
