"""Reads the text of files that people write."""

from pathlib import Path

from ivr.files.marked_yaml import LARGEST_FILE
from ivr.files.mistakes import WHOLE_FILE, FileMistakes, Mark, Mistake


def read_text(path: Path) -> str:
    """A text file in UTF-8. Raises `FileMistakes` if it is not there, or not that."""
    try:
        with path.open("rb") as file:
            content = file.read(4 * LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: no name that a file can have
        reason = getattr(error, "strerror", None) or str(error)
        raise FileMistakes([Mistake(str(path), WHOLE_FILE, f"cannot be read: {reason}")]) from None
    if len(content) > 4 * LARGEST_FILE:
        raise FileMistakes([Mistake(str(path), WHOLE_FILE, f"larger than {LARGEST_FILE:,} characters")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        text = f"not UTF-8 (byte 0x{content[error.start]:02x}); save the file as UTF-8"
        raise FileMistakes([Mistake(str(path), Mark(line, column), text)]) from None
