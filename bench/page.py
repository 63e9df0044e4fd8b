"""The figures as docs/benchmarks.md shows them: the machine, and for each part when it was measured."""

import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import HEADINGS, Part

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
MARK = "### "
BEGIN, END = "<!-- figures: written by `python -m bench --write` -->", "<!-- end of the figures -->"


Rows = Sequence[tuple[str, str]]


def machine() -> Rows:
    """Where it is measured."""
    return (
        ("processor", f"{os.cpu_count()} cores, {_line('/proc/cpuinfo', 'model name')}"),
        ("memory", f"{int(_line('/proc/meminfo', 'MemTotal').split()[0]) / 2**20:.0f} GiB"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
    )


def moment() -> str:
    """When it is measured, and what else the machine had to do until then."""
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, load {loads} before (over 1, 5, 15 minutes)"


def section(part: Part, when: str) -> str:
    """One part, in Markdown."""
    lines = [f"{MARK}{part.title}", "", f"Measured {when}.", "", _row(HEADINGS), "|---|---:|---:|---:|---:|---|---|"]
    lines += [_row(figure.cells()) for figure in part.figures]
    for note in part.notes:
        lines += ["", note]
    return "\n".join(lines)


def table(rows: Rows) -> str:
    """Names and values, in Markdown."""
    return "\n".join(["| | |", "|---|---|", *(_row(row) for row in rows)])


def page_with(page: str, where: Rows, sections: Sequence[str]) -> str:
    """The page with these sections, each in the place of the one with the same title; new ones come last.

    Raises `ValueError` if it has no place for them.
    """
    head, begin, rest = page.partition(BEGIN)
    body, end, tail = rest.partition(END)
    if not begin or not end:
        message = f"the page has no place for the figures: {BEGIN!r} ... {END!r}"
        raise ValueError(message)
    _, *before = f"\n{body}".split(f"\n{MARK}")
    found = {_title(one): one for one in [*(f"{MARK}{one.strip()}" for one in before), *sections]}
    return "\n\n".join([f"{head}{BEGIN}", table(where), *found.values(), f"{END}{tail}"])


def _title(text: str) -> str:
    return text.partition("\n")[0]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _line(file: str, name: str) -> str:
    """The value of the first `name : value` in a file of /proc; what is not told there is not known."""
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"
