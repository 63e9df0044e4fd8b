"""What is wrong with a file that a person wrote, told so that he can mend it at three in the morning.

A mistake says where it is (file, line, column), what is there, what was expected, and the nearest name that
would have been right. All mistakes of a file are told at once.
"""

import difflib
from collections.abc import Collection, Iterable

import msgspec


class Mark(msgspec.Struct, frozen=True):
    """A place in a text; both count from 1. Line 0: the file as a whole."""

    line: int = 0
    column: int = 0


WHOLE_FILE = Mark()


class Mistake(msgspec.Struct, frozen=True):
    """One mistake."""

    file: str
    mark: Mark
    text: str

    def __str__(self) -> str:
        """One line, in the form that editors jump to."""
        return f"{self.place}: {self.text}"

    @property
    def place(self) -> str:
        """Where it is, in that form."""
        return f"{self.file}:{self.mark.line}:{self.mark.column}" if self.mark.line else self.file

    def as_warning(self) -> str:
        """The same of something that is only doubtful, as compilers say it."""
        return str(msgspec.structs.replace(self, text=f"warning: {self.text}"))


MOST_TOLD = 100
"""Mistakes that are told one by one: nobody reads on, and the last line on the screen is to say what to do."""


class FileMistakes(Exception):
    """A file, or several that belong together, cannot be used. `str()` is for the person who wrote them."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Told in the order of their places, each once."""
        found = set(mistakes)
        self.mistakes = tuple(sorted(found, key=lambda m: (m.file, m.mark.line, m.mark.column, m.text)))
        lines = [str(mistake) for mistake in self.mistakes[:MOST_TOLD]]
        more = len(self.mistakes) - len(lines)
        super().__init__("\n".join([*lines, f"... and {more:,} more"] if more else lines))


LONGEST_QUOTE = 60
"""Characters of what a person wrote that are said again."""


def quoted(text: str) -> str:
    """Something out of the file, as it is said again in a mistake: it may be a whole file that was named by mistake."""
    return repr(text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…")


def nearest(name: str, valid: Collection[str]) -> str:
    """The valid name that could be meant; empty if none is near."""
    near = difflib.get_close_matches(name, valid, n=1, cutoff=0.6)
    return near[0] if near else ""


def instead(name: str, valid: Collection[str]) -> str:
    """What could be meant: the nearest valid name, or all of them if there are few."""
    if near := nearest(name, valid):
        return f"did you mean {quoted(near)}?"
    if not valid:
        return "there is none yet"
    if len(valid) == 1:
        return f"there is only {quoted(next(iter(valid)))}"
    shown = sorted(valid)[:8]
    more = f" and {len(valid) - len(shown)} more" if len(valid) > len(shown) else ""
    return f"there are {', '.join(map(quoted, shown))}{more}"
