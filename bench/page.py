"""The figures as docs/benchmarks.md shows them, with the machine, the date and the command."""

import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import HEADINGS, Part

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: written by `python -m bench --write` -->", "<!-- end of the figures -->"


def machine() -> tuple[tuple[str, str], ...]:
    """Where it was measured; the load as it is now."""
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        ("processor", f"{os.cpu_count()} cores, {_line('/proc/cpuinfo', 'model name')}"),
        ("memory", f"{int(_line('/proc/meminfo', 'MemTotal').split()[0]) / 2**20:.0f} GiB"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("load before it began", f"{loads} (over 1, 5, 15 minutes)"),
        ("date", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())),
    )


def tables(parts: Sequence[Part], where: Sequence[tuple[str, str]], command: str) -> str:
    """Everything, in Markdown."""
    lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in (*where, ("command", f"`{command}`")))]
    for part in parts:
        lines += ["", f"### {part.title}", "", _row(HEADINGS), "|---|---:|---:|---:|---:|---|---|"]
        lines += [_row(figure.cells()) for figure in part.figures]
        for note in part.notes:
            lines += ["", note]
    return "\n".join(lines)


def page_with(page: str, text: str) -> str:
    """The page with these tables between its marks. Raises `ValueError` if it has none."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        message = f"the page has no place for the figures: {BEGIN!r} ... {END!r}"
        raise ValueError(message)
    return f"{head}{BEGIN}\n\n{text}\n\n{END}{tail}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _line(file: str, name: str) -> str:
    """The value of the first `name : value` in a file of /proc; what is not told there is not known."""
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"
