"""Reads CSV files that people write, row by row: what is wrong is told as it comes, with its line."""

import csv
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from ivr.files.mistakes import WHOLE_FILE, Mark, Mistake, instead, quoted

T = TypeVar("T")

Row = dict[str, str]

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What Unicode calls control characters (Cc), but for tabs and line breaks."""


class CsvFile(ABC, Generic[T]):
    """One kind of file; `name` is what mistakes call it. The first row names the columns."""

    key: str
    """The column that no two rows may have the same of."""
    several_lines: Collection[str] = ()
    """Columns whose texts may have line breaks."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: dict[str, int] = {}
        """Where each key stands."""

    @abstractmethod
    def about_columns(self, names: Sequence[str]) -> Iterator[str]:
        """What is wrong with the first row."""

    @abstractmethod
    def of_row(self, row: Row) -> T | list[str]:
        """What a row says, or all that is wrong with it."""

    def read(self, lines: Iterable[str]) -> Iterator[T | Mistake]:
        """What each row says, or all that is wrong with it.

        What cannot be read, as a whole or any further, ends with a mistake. Raises `OSError`.
        """
        rows: csv.DictReader[str] | None = None
        try:
            rows = csv.DictReader(lines, strict=True)
            names = rows.fieldnames or ()
            wrong = list(self.about_columns(names))
            yield from self._mistakes(1, wrong)
            for row in () if wrong else rows:
                yield from self._row(row, names, rows.line_num)
        except UnicodeDecodeError as error:
            text = f"not UTF-8 (byte 0x{error.object[error.start]:02x}); save the file as UTF-8"
            yield Mistake(self._name, WHOLE_FILE, text)
        except csv.Error as error:
            yield from self._mistakes(rows.line_num + 1 if rows else 1, [_not_csv(str(error))])

    def _row(self, row: Row, names: Sequence[str], last: int) -> Iterator[T | Mistake]:
        line = last - sum(len(_LINE_BREAK.findall(row.get(column) or "")) for column in names)
        wrong = ["more fields than columns"] if None in row else []
        for column in names:
            wrong += _about_characters(column, row.get(column) or "", several=column in self.several_lines)
        found = self.of_row({column: row.get(column) or "" for column in names})
        wrong += found if isinstance(found, list) else []
        if (before := self._lines.setdefault((row[self.key] or "").strip(), line)) != line:
            wrong.append(f"`{self.key}` {quoted(row[self.key] or '')} stands in line {before} already")
        if wrong or isinstance(found, list):
            yield from self._mistakes(line, wrong)
        else:
            yield found

    def _mistakes(self, line: int, texts: Iterable[str]) -> Iterator[Mistake]:
        return (Mistake(self._name, Mark(line, 1), text) for text in texts)


def wrong_columns(names: Collection[str], needed: Iterable[str], known: Sequence[str]) -> Iterator[str]:
    """Columns that are missing, and those that there are not."""
    for column in needed:
        if column not in names:
            yield f"the column `{column}` is missing; the columns are {', '.join(known)}"
    for column in names:
        if column not in known:
            yield f"there is no column {quoted(column)}; {instead(column, known)}"


def _about_characters(column: str, text: str, *, several: bool) -> Iterator[str]:
    """A line break where there should be none comes of a quotation mark that closes too late."""
    if not several and _LINE_BREAK.search(text):
        yield f"a line break in `{column}`; does a quotation mark close too late?"
    if _CONTROL.search(text):
        yield f"a control character in `{column}`"


def _not_csv(said: str) -> str:
    if said == "unexpected end of data":
        return "a quotation mark does not close; one that belongs to the text is written twice, within two others"
    return f"not CSV: {said}"
