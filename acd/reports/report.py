"""A report: for each interval the figures of each queue, agent, team, entry point or the whole centre; and the sums."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TypeVar

import msgspec

from acd.reports.books import Books, Cell
from acd.reports.calendar import Every, Interval
from acd.reports.columns import (
    AGENT_COLUMNS,
    CENTRE_COLUMNS,
    CONTACT_COLUMNS,
    SEGMENT_COLUMNS,
    Figures,
    Kind,
    agent_figures,
    centre_figures,
    contact_figures,
    segment_figures,
    shown,
)
from acd.reports.service_levels import GenesysSwitches
from acd.reports.tallies import AgentTally, ContactTally, SegmentTally

CENTRE = "centre"


class By(Enum):
    """What has a line of its own in each interval."""

    QUEUE = "queue"
    AGENT = "agent"
    TEAM = "team"
    ENTRY_POINT = "entry_point"
    CENTRE = "centre"


class Line(msgspec.Struct, frozen=True):
    """The figures of one interval and one name."""

    interval: Interval
    name: str
    figures: Figures


class LedgerMistake(msgspec.Struct, frozen=True):
    """Entries of a queue in an interval are more than its outcomes and who is still there."""

    interval: Interval
    queue: str
    missing: int


class Report(msgspec.Struct, frozen=True):
    """All of it. `lines` has only those for whom there was anything; `totals` are the same over all intervals."""

    zone: str
    every: Every
    by: By
    columns: Mapping[str, Kind]
    lines: tuple[Line, ...]
    totals: tuple[Line, ...]
    whole: Line
    """Over all intervals and names."""
    mistakes: tuple[LedgerMistake, ...]


class Form(msgspec.Struct, frozen=True):
    """How the books are to be shown."""

    every: Every
    by: By
    zone: str
    switches: GenesysSwitches = GenesysSwitches()


Tally = TypeVar("Tally", SegmentTally, AgentTally, ContactTally)


def report_of(books: Books, form: Form) -> Report:
    """The report that these books give."""
    if form.by is By.QUEUE:
        return _by_queue(books, form)
    if form.by is By.CENTRE:
        return _by_centre(books, form)
    if form.by is By.ENTRY_POINT:
        return _assembled(books, form, CONTACT_COLUMNS, books.entry_points, contact_figures, ContactTally)
    members = books.teams if form.by is By.TEAM else books.agents
    return _assembled(books, form, AGENT_COLUMNS, members, agent_figures, AgentTally)


def _by_queue(books: Books, form: Form) -> Report:
    return _assembled(
        books, form, SEGMENT_COLUMNS, books.queues, lambda tally: segment_figures(tally, form.switches), SegmentTally
    )


def _by_centre(books: Books, form: Form) -> Report:
    segments = _regrouped(books.queues, lambda _: CENTRE, SegmentTally)
    agents = _regrouped(books.agents, lambda _: CENTRE, AgentTally)
    contacts = _regrouped(books.entry_points, lambda _: CENTRE, ContactTally)
    keys = sorted({*segments, *agents, *contacts})
    lines = tuple(
        Line(
            books.intervals[number],
            name,
            _rounded(
                centre_figures(
                    segments.get((number, name), SegmentTally()),
                    agents.get((number, name), AgentTally()),
                    contacts.get((number, name), ContactTally()),
                    form.switches,
                ),
                CENTRE_COLUMNS,
            ),
        )
        for number, name in keys
    )
    sums = (_sum(segments, SegmentTally), _sum(agents, AgentTally), _sum(contacts, ContactTally))
    whole = Line(_span(books), CENTRE, _rounded(centre_figures(*sums, form.switches), CENTRE_COLUMNS))
    return Report(form.zone, form.every, form.by, CENTRE_COLUMNS, lines, (whole,), whole, _mistakes(books))


def _assembled(
    books: Books,
    form: Form,
    columns: Mapping[str, Kind],
    cells: Mapping[Cell, Tally],
    figures: Callable[[Tally], Figures],
    kind: Callable[[], Tally],
) -> Report:
    totals: dict[str, Tally] = {}
    for (_, name), tally in sorted(cells.items(), key=lambda item: item[0]):
        totals.setdefault(name, kind()).merge(tally)
    span = _span(books)
    lines = (
        Line(books.intervals[number], name, _rounded(figures(cells[number, name]), columns))
        for number, name in sorted(cells)
    )
    return Report(
        form.zone,
        form.every,
        form.by,
        columns,
        tuple(lines),
        tuple(Line(span, name, _rounded(figures(totals[name]), columns)) for name in sorted(totals)),
        Line(span, "", _rounded(figures(_sum(cells, kind)), columns)),
        _mistakes(books),
    )


def _regrouped(
    cells: Mapping[Cell, Tally], group: Callable[[str], str], kind: Callable[[], Tally]
) -> dict[Cell, Tally]:
    found: dict[Cell, Tally] = {}
    for (number, name), tally in cells.items():
        found.setdefault((number, group(name)), kind()).merge(tally)
    return found


def _sum(cells: Mapping[Cell, Tally], kind: Callable[[], Tally]) -> Tally:
    whole = kind()
    for tally in cells.values():
        whole.merge(tally)
    return whole


def _span(books: Books) -> Interval:
    first, last = books.intervals[0], books.intervals[-1]
    return Interval(first.start, last.end, first.label)


def _rounded(figures: Figures, columns: Mapping[str, Kind]) -> Figures:
    return {name: shown(figures[name], kind) for name, kind in columns.items()}


def _mistakes(books: Books) -> tuple[LedgerMistake, ...]:
    return tuple(
        LedgerMistake(books.intervals[number], queue, tally.missing)
        for (number, queue), tally in sorted(books.queues.items(), key=lambda item: item[0])
        if tally.missing
    )
