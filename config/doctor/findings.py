"""What the doctor says: how bad it is, what is so, and how to mend it."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """Calls are lost, or something that was asked for does not work at all."""
    WARNING = "warning"
    """It works, but not as it should, or not for long."""
    FINE = "fine"


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    level: Level
    part: str
    """Of what: `files`, `this machine`, `database`, `pbx1`."""
    what: str
    """One sentence."""
    mend: str = ""
    """One sentence; empty if all is well."""


class Findings:
    """Gathers what is found about one part."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.all: list[Finding] = []

    def error(self, what: str, mend: str) -> None:
        """Must be mended."""
        self.all.append(Finding(Level.ERROR, self.part, what, mend))

    def warning(self, what: str, mend: str) -> None:
        """Should be mended."""
        self.all.append(Finding(Level.WARNING, self.part, what, mend))

    def fine(self, what: str) -> None:
        """Is as it should be."""
        self.all.append(Finding(Level.FINE, self.part, what))


def worst(findings: Iterable[Finding]) -> Level:
    """The worst level among them."""
    levels = {finding.level for finding in findings}
    return next((level for level in (Level.ERROR, Level.WARNING) if level in levels), Level.FINE)


def listed(names: Iterable[str], most: int = 6) -> str:
    """`a, b and c`; long lists are cut: `a, b, c and 12 more`."""
    wanted = sorted(names)
    if len(wanted) > most:
        return f"{', '.join(wanted[: most - 1])} and {len(wanted) - most + 1} more"
    return " and ".join(filter(None, [", ".join(wanted[:-1]), *wanted[-1:]]))
