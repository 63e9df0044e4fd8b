"""A report as a file: CSV for spreadsheets, JSON for programs, a table for a terminal."""

import csv
import io
from collections.abc import Iterator, Sequence

import msgspec

from acd.reports.columns import Kind, Value
from acd.reports.report import Line, Report

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula; a caller's name may begin so, too (OWASP, CSV injection)."""

SHORT = (
    "entered",
    "answered",
    "abandoned",
    "short_abandoned",
    "overflowed",
    "service_level",
    "asa",
    "wait_median",
    "wait_p90",
    "handled",
    "aht",
    "reservations",
    "not_answered",
    "declined",
    "occupancy",
    "utilisation",
    "contacts",
    "containment",
)
"""What a terminal has room for, as far as the report has it."""


def csv_text(report: Report) -> str:
    """One line for each interval and name below a header, as RFC 4180; empty where there is nothing to divide by."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["interval", "from", "to", report.by.value, *report.columns])
    for line in report.lines:
        when = [line.interval.label, _number(line.interval.start), _number(line.interval.end)]
        writer.writerow([*when, safe(line.name), *(_plain(line.figures[name]) for name in report.columns)])
    return out.getvalue()


def table_csv(header: Sequence[str], rows: Sequence[Sequence[str | Value]]) -> str:
    """Any other table, in the same way."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([safe(cell) if isinstance(cell, str) else _plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def json_text(report: Report) -> bytes:
    """The whole report."""
    return msgspec.json.encode(report)


def safe(text: str) -> str:
    """Text that no spreadsheet will calculate."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def text_table(report: Report) -> Iterator[str]:
    """For a terminal: the figures that matter most, one line each, and the sums."""
    columns = [name for name in SHORT if name in report.columns]
    rows = [_cells(report, columns, line, line.interval.label) for line in report.lines]
    rows += [_cells(report, columns, line, "all") for line in report.totals]
    if len(report.totals) != 1 or report.whole != report.totals[0]:
        rows.append(["all", "all", *_figures(report, columns, report.whole)])
    header = ["interval", report.by.value, *(name.replace("_", " ") for name in columns)]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in [header, *rows]:
        left = f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}"
        yield "  ".join([left, *(f"{cell:>{width}}" for cell, width in zip(row[2:], widths[2:], strict=True))]).rstrip()
    for mistake in report.mistakes:
        where = f"{mistake.queue}, {mistake.interval.label}"
        yield f"The books do not add up: {where}: {mistake.missing} without an outcome"


def _cells(report: Report, columns: Sequence[str], line: Line, when: str) -> list[str]:
    return [when, line.name or "(none)", *_figures(report, columns, line)]


def _figures(report: Report, columns: Sequence[str], line: Line) -> Iterator[str]:
    return (cell(line.figures[column], report.columns[column]) for column in columns)


def cell(value: Value, kind: Kind) -> str:
    """As a terminal shows it."""
    if value is None:
        return "-"
    match kind:
        case Kind.SHARE:
            return f"{value:.1%}"
        case Kind.SECONDS:
            return f"{value:.1f}"
        case Kind.NUMBER:
            return f"{value:.2f}"
        case Kind.COUNT:
            return str(value)
        case Kind.CHECK:
            return "yes" if value else "NO"


def _plain(value: Value) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _number(at: float) -> str:
    return f"{at:.0f}"
