"""The telephone numbers to which flows may put callers through: the centre's list, from names to numbers.

An entry is one number, or all of one beginning and one length: `2XX` stands for 200 to 299. There is no entry for
numbers of any length, because behind a short beginning all the expensive ones would be found.
"""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

ANY_DIGIT = "X"

NumberPattern = Annotated[
    str,
    Meta(
        title='a telephone number such as "+49301234567", or a beginning with an X for each digit that follows ("2XX")',
        pattern=r"^\+?([0-9*#]{1,20}|[0-9]{1,19}X{1,8})$",
    ),
]
NumberName = Annotated[
    str,
    Meta(
        title="a short name: a small letter, then small letters, digits, `_`, `-`", pattern=r"^[a-z][a-z0-9_-]{0,31}$"
    ),
]


def is_pattern(entry: str) -> bool:
    """Whether an entry stands for several numbers."""
    return entry.endswith(ANY_DIGIT)


def allows(entry: str, number: str) -> bool:
    """Whether the entry is that number, or stands for it. Both are as they are dialled: no other spelling will do."""
    if not is_pattern(entry):
        return number == entry
    beginning = entry.rstrip(ANY_DIGIT)
    rest = number[len(beginning) :]
    return number.startswith(beginning) and len(number) == len(entry) and rest.isascii() and rest.isdigit()


def number_for(wanted: str, allowed: Mapping[str, str]) -> str:
    """The number of that name, or the number itself if an entry allows it; empty for all else."""
    if (entry := allowed.get(wanted)) is not None and not is_pattern(entry):
        return entry
    return wanted if is_allowed(wanted, allowed) else ""


def is_allowed(number: str, allowed: Mapping[str, str]) -> bool:
    """Whether the list has it."""
    return any(allows(entry, number) for entry in allowed.values())


def an_example(entry: str) -> str:
    """A number that the entry allows."""
    return entry.replace(ANY_DIGIT, "0")
