"""How callers fare in the flows: how entries into each flow ended, how long callers stay at each node and how they go.

docs/figures.md says what each figure means; the names are an interface.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum

import msgspec

from acd.reports.calendar import Finder
from acd.reports.columns import Figures, Kind, ratio, shown
from acd.reports.journeys import End, Entry, VisitRow, entries
from acd.reports.quantiles import quantile
from ivr.dialogue.visits import HUNG_UP, LOST
from ivr.flow.node import LabelTexts

FLOW_COLUMNS: Mapping[str, Kind] = {
    "entries": Kind.COUNT,
    **{end.value: Kind.COUNT for end in End},
    "containment": Kind.SHARE,
    "transfer_out": Kind.SHARE,
    "drop_off": Kind.SHARE,
    "time_median": Kind.SECONDS,
    "time_p95": Kind.SECONDS,
}
NODE_COLUMNS: Mapping[str, Kind] = {
    "visits": Kind.COUNT,
    HUNG_UP: Kind.COUNT,
    LOST: Kind.COUNT,
    "still_there": Kind.COUNT,
    "drop_off": Kind.SHARE,
    "time_median": Kind.SECONDS,
    "time_p95": Kind.SECONDS,
    "no_inputs": Kind.COUNT,
    "no_input_rate": Kind.SHARE,
    "no_matches": Kind.COUNT,
    "no_match_rate": Kind.SHARE,
    "marks": Kind.COUNT,
    "mark_mean": Kind.NUMBER,
}


class Split(Enum):
    """What has lines of its own, beside flow and node."""

    DAY = "day"
    VERSION = "version"
    ENTRY_POINT = "entry_point"
    QUEUE = "queue"
    """Of the talk that a survey is about; there is none in other flows."""
    AGENT = "agent"
    """Of that talk."""


class Place(msgspec.Struct, frozen=True, order=True):
    """What a line is about; empty where it is about all of them."""

    day: str
    flow: str
    version: str
    entry_point: str
    node: str = ""
    queue: str = ""
    agent: str = ""

    @property
    def of_flow(self) -> tuple[str, ...]:
        """Without the node."""
        return self.day, self.flow, self.version, self.entry_point, self.queue, self.agent


class FlowLine(msgspec.Struct, frozen=True):
    """The figures of a flow, or of one of its nodes."""

    place: Place
    figures: Figures
    kind: str = ""
    """Of the node, as flows name it."""
    ways: Mapping[str, int] = {}
    """How often each way out of the node was taken, the most frequent first."""
    labels: Mapping[str, LabelTexts] = {}
    """What people call those ways that are keys of a menu, by way and language (`acd.reports.flow_labels`)."""


class FlowVersion(msgspec.Struct, frozen=True):
    """One version of a flow."""

    flow: str
    version: str
    entries: int
    revision: int | None = None
    """The first revision of the company's files that had it, and when that took effect; None: it is not known."""
    since: float | None = None


class FlowReport(msgspec.Struct, frozen=True):
    """All of it; lines in the order of their places, nodes of a flow in the order in which callers come to them."""

    flows: tuple[FlowLine, ...]
    nodes: tuple[FlowLine, ...]
    versions: tuple[FlowVersion, ...] = ()
    """Those that callers were in, the oldest first."""


class FlowBooks:
    """Sums over contacts."""

    def __init__(self, finder: Finder, split: Iterable[Split] = ()) -> None:
        """The days of a contact are those of the `finder`."""
        self._finder = finder
        self._split = frozenset(split)
        self._flows: dict[Place, _Entries] = {}
        self._nodes: dict[Place, _Visits] = {}
        self._versions: Counter[tuple[str, str]] = Counter()

    def contact(self, visits: Sequence[VisitRow]) -> None:
        """All visits of one contact, in order."""
        for place, visit in enumerate(visits):
            self._nodes.setdefault(self._place(visit, visit.node), _Visits()).add(visit, place)
        for entry in entries(visits):
            self._flows.setdefault(self._place(entry.first), _Entries()).add(entry)
            self._versions[entry.first.flow, entry.first.version] += 1

    def _place(self, visit: VisitRow, node: str = "") -> Place:
        split = self._split
        return Place(
            self._finder.intervals[self._finder.find(visit.started)].label if Split.DAY in split else "",
            visit.flow,
            visit.version if Split.VERSION in split else "",
            visit.entry_point if Split.ENTRY_POINT in split else "",
            node,
            visit.queue if Split.QUEUE in split else "",
            visit.agent if Split.AGENT in split else "",
        )

    def report(self, known: Mapping[tuple[str, str], tuple[int, float]]) -> FlowReport:
        """The figures. `known`: by flow and version, the first revision with it, and when that took effect."""
        nodes = sorted(self._nodes.items(), key=lambda one: (one[0].of_flow, one[1].mean_place, one[0].node))
        flows = sorted(self._flows.items(), key=lambda one: one[0])
        return FlowReport(
            tuple(FlowLine(place, sums.figures()) for place, sums in flows),
            tuple(FlowLine(place, sums.figures(), sums.kind, dict(sums.ways.most_common())) for place, sums in nodes),
            tuple(sorted(self._seen(known), key=lambda one: (one.flow, one.revision or 0, one.version))),
        )

    def _seen(self, known: Mapping[tuple[str, str], tuple[int, float]]) -> Iterator[FlowVersion]:
        for (flow, version), count in self._versions.items():
            yield FlowVersion(flow, version, count, *known.get((flow, version), (None, None)))


class _Entries:
    """Of one flow."""

    def __init__(self) -> None:
        self._ends: Counter[End] = Counter()
        self._seconds = array("d")

    def add(self, entry: Entry) -> None:
        self._ends[entry.end] += 1
        if entry.until is not None:
            self._seconds.append(entry.until - entry.first.entered)

    def figures(self) -> Figures:
        ends = self._ends
        entered = ends.total()
        over = entered - ends[End.STILL_THERE]
        return _rounded(
            {
                "entries": entered,
                **{end.value: ends[end] for end in End},
                "containment": ratio(ends[End.CONTAINED], over),
                "transfer_out": ratio(ends[End.TO_QUEUE] + ends[End.TRANSFERRED], over),
                "drop_off": ratio(ends[End.ABANDONED], over),
                **_times(self._seconds),
            },
            FLOW_COLUMNS,
        )


class _Visits:
    """Of one node."""

    def __init__(self) -> None:
        self.kind = ""
        self.visits = self._places = 0
        self.ways: Counter[str] = Counter()
        self._marks: Counter[int] = Counter()
        self._still_there = 0
        self._no_inputs = self._no_matches = 0
        self._silent = self._mistaken = 0
        self._seconds = array("d")

    @property
    def mean_place(self) -> float:
        """How many nodes callers have visited before."""
        return self._places / self.visits

    def add(self, visit: VisitRow, place: int) -> None:
        self.kind = visit.kind
        self.visits += 1
        self._places += place
        self._no_inputs += visit.no_inputs
        self._no_matches += visit.no_matches
        self._silent += visit.no_inputs > 0
        self._mistaken += visit.no_matches > 0
        if visit.way:
            self.ways[visit.way] += 1
        if _is_mark(visit):
            self._marks[int(visit.way)] += 1
        if visit.left is None:
            self._still_there += 1
        elif visit.way != LOST:
            self._seconds.append(visit.left - visit.entered)

    def figures(self) -> Figures:
        asks = self.kind in _ASKING or self._silent or self._mistaken
        marks, marked = self._marks, self.kind == _SURVEY
        return _rounded(
            {
                "visits": self.visits,
                HUNG_UP: self.ways[HUNG_UP],
                LOST: self.ways[LOST],
                "still_there": self._still_there,
                "drop_off": ratio(self.ways[HUNG_UP], self.visits),
                **_times(self._seconds),
                "no_inputs": self._no_inputs if asks else None,
                "no_input_rate": ratio(self._silent, self.visits) if asks else None,
                "no_matches": self._no_matches if asks else None,
                "no_match_rate": ratio(self._mistaken, self.visits) if asks else None,
                "marks": marks.total() if marked else None,
                "mark_mean": ratio(sum(marks.elements()), marks.total()) if marked else None,
            },
            NODE_COLUMNS,
        )


_SURVEY = "survey"
"""The kind of node whose ways are marks."""
_ASKING = frozenset({"menu", "collect", _SURVEY})
"""Kinds of node that wait for keys, also if nobody has been silent or mistaken."""


def _times(seconds: "array[float]") -> Figures:
    ordered = sorted(seconds)
    return {"time_median": quantile(ordered, 0.5), "time_p95": quantile(ordered, 0.95)}


def _rounded(figures: Figures, columns: Mapping[str, Kind]) -> Figures:
    return {name: shown(figures[name], kind) for name, kind in columns.items()}


# -- what stands behind a figure ---------------------------------------------------------------------------------------


class Sought(msgspec.Struct, frozen=True):
    """A figure of a flow, or of one of its nodes. None: of all versions, entry points, queues, agents."""

    flow: str
    node: str = ""
    """Empty: of the flow."""
    version: str | None = None
    entry_point: str | None = None
    queue: str | None = None
    agent: str | None = None
    figure: str = ""
    """A column; empty: all entries, or all visits."""
    way: str = ""
    """Of the node: only visits that were left by it."""

    def counts(self, contact: Sequence[VisitRow]) -> bool:
        """Whether it counts something of a contact."""
        if self.node:
            meant = _OF_VISITS.get(self.figure, _any)
            found = (one for one in contact if one.node == self.node and (not self.way or one.way == self.way))
            return any(self._is_there(one) and meant(one) for one in found)
        ends = _OF_ENTRIES.get(self.figure, frozenset(End))
        return any(self._is_there(entry.first) and entry.end in ends for entry in entries(contact))

    @property
    def figures(self) -> Collection[str]:
        """All that there may be."""
        return NODE_COLUMNS if self.node else FLOW_COLUMNS

    def _is_there(self, visit: VisitRow) -> bool:
        return (
            visit.flow == self.flow
            and self.version in (None, visit.version)
            and self.entry_point in (None, visit.entry_point)
            and self.queue in (None, visit.queue)
            and self.agent in (None, visit.agent)
        )


def _is_mark(visit: VisitRow) -> bool:
    """An older version may have had a menu in that place."""
    return visit.kind == _SURVEY and visit.way.isdigit()


def _any(visit: VisitRow) -> bool:
    del visit
    return True


_OF_VISITS: Mapping[str, Callable[[VisitRow], bool]] = {
    HUNG_UP: lambda visit: visit.way == HUNG_UP,
    LOST: lambda visit: visit.way == LOST,
    "still_there": lambda visit: visit.left is None,
    "no_inputs": lambda visit: visit.no_inputs > 0,
    "no_matches": lambda visit: visit.no_matches > 0,
    "marks": _is_mark,
    "mark_mean": _is_mark,
}
"""All other figures are of all visits: a share opens into what it is a share of."""
_OVER = frozenset(End) - {End.STILL_THERE}
_OF_ENTRIES: Mapping[str, frozenset[End]] = {
    **{end.value: frozenset({end}) for end in End},
    **dict.fromkeys(("containment", "transfer_out", "drop_off", "time_median", "time_p95"), _OVER),
}
