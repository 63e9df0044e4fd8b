"""How callers fare in the flows, as tables: all of it for spreadsheets, what matters most for a terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum

from acd.reports.columns import Kind, Value
from acd.reports.export import cell, table_csv
from acd.reports.flows import FLOW_COLUMNS, NODE_COLUMNS, FlowLine, FlowReport, Split

SHORT = (
    "entries",
    "contained",
    "to_queue",
    "transferred",
    "voicemail",
    "abandoned",
    "lost",
    "containment",
    "transfer_out",
    "visits",
    "hung_up",
    "drop_off",
    "time_median",
    "time_p95",
    "no_input_rate",
    "no_match_rate",
    "marks",
    "mark_mean",
)
"""What a terminal has room for, as far as the table has it."""


class About(Enum):
    """What has a line."""

    FLOWS = "flows"
    NODES = "nodes"


def whole_table(report: FlowReport, about: About) -> tuple[Sequence[str], list[Sequence[str | Value]]]:
    """Header and rows with all that there is."""
    lines, columns = _of(report, about)
    place = ("day", "flow", "version", "entry_point", "queue", "agent")
    if about is About.FLOWS:
        return (*place, *columns), [(*one.place.of_flow, *_figures(one, columns)) for one in lines]
    rows: list[Sequence[str | Value]] = [
        (*one.place.of_flow, one.place.node, one.kind, *_figures(one, columns), _ways(one)) for one in lines
    ]
    return (*place, "node", "kind", *columns, "ways"), rows


def flows_csv(report: FlowReport, about: About) -> str:
    """As RFC 4180."""
    return table_csv(*whole_table(report, about))


def short_table(report: FlowReport, about: About, split: Iterable[Split]) -> Iterator[Sequence[str]]:
    """Header and rows as a terminal shows them; of nodes, the ways out are the last column."""
    lines, columns = _of(report, about)
    place = ["flow", *(one.value for one in Split if one in set(split))]
    if about is About.NODES:
        place += ["node", "kind"]
    short = [name for name in SHORT if name in columns]
    ways = ["ways"] if about is About.NODES else []
    yield [name.replace("_", " ") for name in (*place, *short, *ways)]
    for line in lines:
        said = {**{name: getattr(line.place, name) for name in place if name != "kind"}, "kind": line.kind}
        figures = (cell(line.figures[name], columns[name]) for name in short)
        yield [*(said[name] for name in place), *figures, *(", ".join(_named(line)) for _ in ways)]


def _named(line: FlowLine) -> Iterator[str]:
    """Such as `Billing: 20`, `give up: 3`; what has columns of its own is left out."""
    for way, count in line.ways.items():
        label = line.labels.get(way, {})
        name = label.get("en") or next(iter(label.values()), way.replace("_", " "))
        if way not in NODE_COLUMNS:
            yield f"{name}: {count}"


def _of(report: FlowReport, about: About) -> tuple[Sequence[FlowLine], Mapping[str, Kind]]:
    return (report.flows, FLOW_COLUMNS) if about is About.FLOWS else (report.nodes, NODE_COLUMNS)


def _figures(line: FlowLine, columns: Iterable[str]) -> Iterator[Value]:
    return (line.figures[name] for name in columns)


def _ways(line: FlowLine) -> str:
    """Such as `1:20 2:13 hung_up:4`."""
    return " ".join(f"{way}:{count}" for way, count in line.ways.items())
