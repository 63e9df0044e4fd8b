"""The file of an SQLite database, as long as it is the same one.

Who deletes the file, or puts another in its place, while we have it open, does not stop us: we would go on writing into
something that has no name any more, and all of it would be gone with the process. So the file is looked at before and
after each transaction.
"""

import os
from enum import Enum, auto
from pathlib import Path


class Found(Enum):
    """What is where our file was."""

    OURS = auto()
    NOTHING = auto()
    ANOTHER = auto()


TROUBLES = {
    Found.NOTHING: "the file was deleted while Callwright ran, with all that was in it; what happens now waits in the "
    "spool. Put a backup in its place, or restart Callwright to begin with an empty one",
    Found.ANOTHER: "the file was replaced while Callwright ran; it will be opened anew",
}
"""For people."""

_Identity = tuple[int, int]
_UNKNOWN: _Identity = (0, 0)


class DatabaseFile:
    """One file, by its place on the disk and not by its name. Nothing is known of it before `accept`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._known = _UNKNOWN
        self._known_log = _UNKNOWN

    def accept(self) -> None:
        """What is there now is ours."""
        self._known = _identity(self._path)

    def look(self) -> Found:
        """What is there? Takes two system calls."""
        if self._known == _UNKNOWN:
            return Found.OURS
        now = _identity(self._path)
        if now == self._known:
            self._known_log = _identity(self._log)
            return Found.OURS
        return Found.NOTHING if now == _UNKNOWN else Found.ANOTHER

    def drop_old_log(self) -> None:
        """Another file must not be opened beside the write-ahead log of the one before: SQLite would take its pages."""
        if self._known_log != _UNKNOWN and _identity(self._log) == self._known_log:
            self._log.unlink(missing_ok=True)
            self._path.with_name(f"{self._path.name}-shm").unlink(missing_ok=True)
        self._known_log = _UNKNOWN


def _identity(path: Path) -> _Identity:
    try:
        found = os.stat(path)
    except OSError:
        return _UNKNOWN
    return found.st_dev, found.st_ino
