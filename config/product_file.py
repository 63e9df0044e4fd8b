"""Reads a CSV file of products for the embedded CRM."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from config.center_shapes import LanguageTag
from config.csv_file import CsvFile, Row, wrong_columns
from crm_bridge.shop import Product
from ivr.files.mistakes import quoted
from ivr.flow.variables import Type, fits

COLUMNS = ("code", "name:LANGUAGE", "description:LANGUAGE", "price", "currency", "stock", "expected")
"""Of the file; all but `code`, one name, `price` and `currency` may be missing. There is a column for each language, as
in `name:en` and `name:zh`; `stock`: how many there are; `expected`: when there will be more (2026-12-24)."""

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


class ProductFile(CsvFile[Product]):
    """One product a row."""

    key = "code"

    def about_columns(self, names: Sequence[str]) -> Iterator[str]:
        """See `CsvFile`."""
        plain = [name for name in names if not _is_text(name)]
        known = [column for column in COLUMNS if ":" not in column]
        yield from wrong_columns(plain, ("code", "price", "currency"), known)
        if not any(name.startswith("name:") for name in names):
            yield "a column with names is missing, such as `name:en`"
        for name in names:
            if _is_text(name) and not _is_language(name.partition(":")[2]):
                yield f"the column {quoted(name)} ends in no language such as en or zh (BCP 47)"

    def of_row(self, row: Row) -> Product | list[str]:
        """See `CsvFile`."""
        cells = {column: text.strip() for column, text in row.items()}
        name = _texts(cells, "name")
        wrong = list(_about(cells))
        if not name:
            wrong.append("it has no name in any language")
        return wrong or Product(
            cells["code"],
            name,
            _texts(cells, "description"),
            cells["price"],
            cells["currency"],
            int(cells.get("stock") or 0),
            cells.get("expected", ""),
        )


def _about(cells: Row) -> Iterator[str]:
    code = cells["code"]
    if not (code.isascii() and code.isdigit()):
        yield f"`code` must be digits, as callers type it on a telephone; it is {quoted(code)}"
    if not fits(cells["price"], Type.MONEY) or cells["price"].startswith("-"):
        yield f"`price` must be an amount such as 19.90; it is {quoted(cells['price'])}"
    if not _CURRENCY.fullmatch(cells["currency"]):
        yield f"`currency` must be one of ISO 4217, such as EUR; it is {quoted(cells['currency'])}"
    if (stock := cells.get("stock")) and not _WHOLE.fullmatch(stock):
        yield f"`stock` must be a whole number; it is {quoted(stock)}"
    if (expected := cells.get("expected")) and not fits(expected, Type.DATE):
        yield f"`expected` must be a day such as 2026-12-24; it is {quoted(expected)}"


def _texts(cells: Row, what: str) -> dict[str, str]:
    return {column.partition(":")[2]: text for column, text in cells.items() if text and column.startswith(f"{what}:")}


def _is_text(column: str) -> bool:
    return column.startswith(("name:", "description:"))


def _is_language(tag: str) -> bool:
    try:
        msgspec.convert(tag, LanguageTag)
    except msgspec.ValidationError:
        return False
    return True
