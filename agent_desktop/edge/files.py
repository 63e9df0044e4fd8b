"""What stands behind a figure as an answer for programs, and as a file for spreadsheets."""

from collections.abc import Mapping
from typing import Literal

import msgspec
from aiohttp import web

from acd.edge.behind.contacts import ContactBehind
from acd.edge.behind.segments import SegmentBehind
from acd.edge.behind.stays import StayBehind
from acd.edge.reports import Opened
from acd.reports.columns import Value
from acd.reports.export import table_csv
from agent_desktop.edge.guard import json_response

MARK = "\ufeff".encode()
"""By which spreadsheets know UTF-8."""

_FORMS: Mapping[str, type[msgspec.Struct]] = {
    "segments": SegmentBehind,
    "contacts": ContactBehind,
    "stays": StayBehind,
}


def opened_response(opened: Opened, form: Literal["json", "csv"]) -> web.Response:
    """The rows by the name of their kind, and how many there are; or a file of them."""
    if form == "csv":
        return _file(_csv(opened), f"callwright-{opened.kind}.csv")
    sums = {"count": opened.count} | ({} if opened.seconds is None else {"seconds": opened.seconds})
    return json_response({opened.kind: opened.rows, **sums})


def csv_headers(name: str) -> Mapping[str, str]:
    """Of a file that a spreadsheet opens."""
    return {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}"',
    }


def _file(text: str, name: str) -> web.Response:
    return web.Response(body=MARK + text.encode(), headers=csv_headers(name))


def _csv(opened: Opened) -> str:
    """A column for each field."""
    names = _FORMS[opened.kind].__struct_fields__
    header = ["segment" if name == "id" else name for name in names]
    return table_csv(header, [[_cell(getattr(row, name)) for name in names] for row in opened.rows])


def _cell(value: str | Value | tuple[str, ...]) -> str | Value:
    return " ".join(value) if isinstance(value, tuple) else value
