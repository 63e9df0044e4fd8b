"""Reads a CSV file of customers for the embedded CRM, row by row: a million of them are told as they come."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from acd.model import Customer
from acd.numbers import e164
from config.center_shapes import LanguageTag
from ivr.files.mistakes import WHOLE_FILE, Mark, Mistake, instead, quoted

COLUMNS = ("id", "name", "numbers", "language", "company", "note", "owner", "class")
"""Of the file; all but `id` and `name` may be missing. `numbers`: telephone numbers, separated by `;`; `owner`: the
agent who looks after the customer; `class`: what kind of customer he is, in one word of the company's."""

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What Unicode calls control characters (Cc), but for tabs and line breaks."""


class CustomerFile:
    """`name` is what mistakes call it; `country` (ISO 3166) is where numbers without a country code belong."""

    def __init__(self, name: str, country: str) -> None:
        self._name = name
        self._country = country
        self._lines: dict[str, int] = {}
        """Where each customer stands."""

    def read(self, lines: Iterable[str]) -> Iterator[Customer | Mistake]:
        """A customer of each row, his numbers in E.164, or all that is wrong with it.

        What cannot be read, as a whole or any further, ends with a mistake. Raises `OSError`.
        """
        rows: csv.DictReader[str] | None = None
        try:
            rows = csv.DictReader(lines, strict=True)
            wrong = list(_about_columns(rows.fieldnames or ()))
            yield from self._mistakes(1, wrong)
            for row in () if wrong else rows:
                yield from self._row(row, _first_line(row, rows.line_num))
        except UnicodeDecodeError as error:
            text = f"not UTF-8 (byte 0x{error.object[error.start]:02x}); save the file as UTF-8"
            yield Mistake(self._name, WHOLE_FILE, text)
        except csv.Error as error:
            yield from self._mistakes(rows.line_num + 1 if rows else 1, [_not_csv(str(error))])

    def _mistakes(self, line: int, texts: Iterable[str]) -> Iterator[Mistake]:
        return (Mistake(self._name, Mark(line, 1), text) for text in texts)

    def _row(self, row: dict[str, str], line: int) -> Iterator[Customer | Mistake]:
        wrong = list(_about(row))
        spelled = {number: e164(number, self._country) for number in _numbers(row)}
        wrong += [f"{quoted(number)} is not a telephone number" for number, found in spelled.items() if not found]
        if (before := self._lines.setdefault((row["id"] or "").strip(), line)) != line:
            wrong.append(f"`id` {quoted(row['id'] or '')} stands in line {before} already")
        if wrong:
            yield from self._mistakes(line, wrong)
        else:
            yield _customer(row, tuple(spelled.values()))


def _about_columns(names: Sequence[str]) -> Iterator[str]:
    for column in ("id", "name"):
        if column not in names:
            yield f"the column `{column}` is missing; the columns are {', '.join(COLUMNS)}"
    for column in names:
        if column not in COLUMNS:
            yield f"there is no column {quoted(column)}; {instead(column, COLUMNS)}"


def _not_csv(said: str) -> str:
    if said == "unexpected end of data":
        return "a quotation mark does not close; one that belongs to the text is written twice, within two others"
    return f"not CSV: {said}"


def _first_line(row: dict[str, str], last: int) -> int:
    """Where a row begins that may have line breaks in it."""
    return last - sum(len(_LINE_BREAK.findall(row.get(column) or "")) for column in COLUMNS)


def _about(row: dict[str, str]) -> Iterator[str]:
    if None in row:
        yield "more fields than columns"
    for column in COLUMNS:
        yield from _about_characters(column, row.get(column) or "")
    number = (row["id"] or "").strip()
    if not (number.isascii() and number.isdigit()):
        yield f"`id` must be digits, as callers type it on a telephone; it is {quoted(row['id'] or '')}"
    if not (row["name"] or "").strip():
        yield "`name` is empty"
    try:
        msgspec.convert(_language(row), LanguageTag)
    except msgspec.ValidationError:
        yield f"{quoted(_language(row))} is not right; expected a language such as en or zh (BCP 47)"


def _about_characters(column: str, text: str) -> Iterator[str]:
    """Only a note may have several lines; elsewhere a line break comes of a quotation mark that closes too late."""
    if column != "note" and _LINE_BREAK.search(text):
        yield f"a line break in `{column}`; does a quotation mark close too late?"
    if _CONTROL.search(text):
        yield f"a control character in `{column}`"


def _language(row: dict[str, str]) -> str:
    return (row.get("language") or "").strip() or "en"


def _numbers(row: dict[str, str]) -> list[str]:
    return [one.strip() for one in (row.get("numbers") or "").split(";") if one.strip()]


def _customer(row: dict[str, str], numbers: tuple[str, ...]) -> Customer:
    return Customer(
        id=row["id"].strip(),
        name=row["name"].strip(),
        numbers=numbers,
        language=_language(row),
        company=(row.get("company") or "").strip(),
        note=(row.get("note") or "").strip(),
        owner=(row.get("owner") or "").strip(),
        customer_class=(row.get("class") or "").strip(),
    )
