"""Where a plan comes from: the files as somebody had them when he let them take effect."""

from collections.abc import Mapping
from typing import NewType

import msgspec

RevisionId = NewType("RevisionId", str)


class Revision(msgspec.Struct, frozen=True):
    """One state of the company's files."""

    id: RevisionId
    by: str
    """The person at the machine, as its users are called."""
    summary: str
    """What it changed, in a line."""
    files: Mapping[str, str]
    """Name to text: `center.yaml` first, then its flows, each seen from the folder of the first."""

    @property
    def text(self) -> str:
        """The first file."""
        return next(iter(self.files.values()), "")
