"""Reads a CSV file of customers for the embedded CRM, row by row: a million of them are told as they come."""

from collections.abc import Iterator, Sequence

import msgspec

from acd.model import Customer
from acd.numbers import e164
from config.center_shapes import LanguageTag
from config.csv_file import CsvFile, Row, wrong_columns
from ivr.files.mistakes import quoted

COLUMNS = ("id", "name", "numbers", "language", "company", "note", "owner", "class")
"""Of the file; all but `id` and `name` may be missing. `numbers`: telephone numbers, separated by `;`; `owner`: the
agent who looks after the customer; `class`: what kind of customer he is, in one word of the company's."""


class CustomerFile(CsvFile[Customer]):
    """`country` (ISO 3166) is where numbers without a country code belong; they become E.164."""

    key = "id"
    several_lines = ("note",)

    def __init__(self, name: str, country: str) -> None:
        super().__init__(name)
        self._country = country

    def about_columns(self, names: Sequence[str]) -> Iterator[str]:
        """See `CsvFile`."""
        yield from wrong_columns(names, ("id", "name"), COLUMNS)

    def of_row(self, row: Row) -> Customer | list[str]:
        """See `CsvFile`."""
        wrong = list(_about(row))
        spelled = {number: e164(number, self._country) for number in _numbers(row)}
        wrong += [f"{quoted(number)} is not a telephone number" for number, found in spelled.items() if not found]
        return wrong or _customer(row, tuple(spelled.values()))


def _about(row: Row) -> Iterator[str]:
    number = row["id"].strip()
    if not (number.isascii() and number.isdigit()):
        yield f"`id` must be digits, as callers type it on a telephone; it is {quoted(row['id'])}"
    if not row["name"].strip():
        yield "`name` is empty"
    try:
        msgspec.convert(_language(row), LanguageTag)
    except msgspec.ValidationError:
        yield f"{quoted(_language(row))} is not right; expected a language such as en or zh (BCP 47)"


def _language(row: Row) -> str:
    return row.get("language", "").strip() or "en"


def _numbers(row: Row) -> list[str]:
    return [one.strip() for one in row.get("numbers", "").split(";") if one.strip()]


def _customer(row: Row, numbers: tuple[str, ...]) -> Customer:
    return Customer(
        id=row["id"].strip(),
        name=row["name"].strip(),
        numbers=numbers,
        language=_language(row),
        company=row.get("company", "").strip(),
        note=row.get("note", "").strip(),
        owner=row.get("owner", "").strip(),
        customer_class=row.get("class", "").strip(),
    )
