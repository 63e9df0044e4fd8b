"""Where the files of a centre are read from: the disk, or what somebody has sent or kept of them.

Every file that was read is kept in `files`, under the name by which `center.yaml` calls it: these are a revision.
"""

from collections.abc import Mapping
from pathlib import Path

from ivr.edge.flow_files import read_text
from ivr.files.mistakes import WHOLE_FILE, FileMistakes, Mistake


class CenterSource:
    """`path` is that of `center.yaml`. `given`: its text and those of its flows, by name; nothing is read from disk."""

    def __init__(self, path: Path, given: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.files: dict[str, str] = {}
        self._given = given

    def center(self) -> str:
        """The text of `center.yaml`. Raises `FileMistakes`."""
        return self._text(self.path.name, self.path)

    def where(self, name: str) -> Path:
        """The place of a file that `center.yaml` names."""
        return self.path.parent / name

    def text(self, name: str) -> str:
        """The text of a file that `center.yaml` names. Raises `FileMistakes`."""
        return self._text(name, self.where(name))

    def is_missing(self, name: str) -> bool:
        """Not there at all; why one that is there cannot be read, its reader tells."""
        return name not in self._given if self._given is not None else is_missing(self.where(name))

    def others(self) -> list[str]:
        """Files that might be meant."""
        folder = self.path.parent
        found = [*folder.glob("*.y*ml"), *folder.glob("*/*.y*ml")] if self._given is None else []
        return [str(one.relative_to(folder)) for one in sorted(found) if one != self.path]

    def _text(self, name: str, where: Path) -> str:
        if self._given is None:
            text = read_text(where)
        elif name in self._given:
            text = self._given[name]
        else:
            raise FileMistakes([Mistake(str(where), WHOLE_FILE, "is not among the files")])
        self.files[name] = text
        return text


def is_missing(file: Path) -> bool:
    """Not there at all; why one that is there cannot be read, its reader tells."""
    try:
        file.stat()
    except FileNotFoundError:
        return True
    except (OSError, ValueError):  # ValueError: no name that a file can have
        return False
    return False
