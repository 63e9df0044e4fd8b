"""From visits to figures, by hand: how entries end, and what is counted of each node."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from acd.reports.calendar import Every, Finder, Range, intervals_of
from acd.reports.flows import FlowBooks, FlowReport, Place, Sought, Split
from acd.reports.journeys import End, VisitRow, entries

ZONE = ZoneInfo("Europe/Berlin")
FINDER = Finder(intervals_of(Range(date(2026, 11, 2), date(2026, 11, 3)), Every.DAY, ZONE))
AT = FINDER.intervals[0].start + 9 * 3600


def visit(
    node: str,
    way: str,
    seconds: float | None = 1.0,
    *,
    flow: str = "welcome",
    came: str = "",
    kind: str = "say",
    outcome: str | None = "self_served",
    version: str = "v1",
    keys: tuple[int, int] = (0, 0),
    at: float = AT,
) -> VisitRow:
    """Of the one contact; `keys`: how often he pressed nothing, and something wrong."""
    left = None if seconds is None else at + seconds
    return VisitRow("i1", at, "service", outcome, flow, version, node, kind, at, came, left, way, *keys)


def marked(mark: str, agent: str) -> list[VisitRow]:
    """A contact of which that agent was given that mark."""
    visits = [
        visit("mark", mark, kind="survey", came="talk", flow="survey", outcome="answered"),
        visit("thanks", "hang_up", kind="hang_up", flow="survey", outcome="answered"),
    ]
    return [one._replace(queue="billing", agent=agent) for one in visits]


def test_marks_by_agent() -> None:
    books = FlowBooks(FINDER, [Split.QUEUE, Split.AGENT])
    for mark, agent in [("5", "anna"), ("2", "anna"), ("4", "ben"), ("give_up", "ben"), ("hung_up", "ben")]:
        books.contact(marked(mark, agent))
    found = {line.place.agent: line for line in books.report({}).nodes if line.place.node == "mark"}
    assert [found["anna"].figures[name] for name in ("visits", "marks", "mark_mean")] == [2, 2, 3.5]
    assert [found["ben"].figures[name] for name in ("visits", "marks", "mark_mean", "hung_up")] == [3, 1, 4.0, 1]
    assert {line.place.queue for line in found.values()} == {"billing"}
    assert Sought("survey", "mark", agent="anna", figure="mark_mean").counts(marked("2", "anna"))
    assert not Sought("survey", "mark", agent="anna", figure="mark_mean").counts(marked("give_up", "anna"))
    assert not Sought("survey", "mark", agent="anna").counts(marked("2", "ben"))


def test_no_marks_where_none_are_asked() -> None:
    books = FlowBooks(FINDER)
    books.contact([visit("menu", "1", kind="menu", came="entry")])
    (line,) = books.report({}).nodes
    assert (line.figures["marks"], line.figures["mark_mean"]) == (None, None)


def ends(*contact: VisitRow) -> list[tuple[str, End]]:
    """Of each entry, the flow and its end."""
    return [(entry.first.flow, entry.end) for entry in entries(contact)]


@pytest.mark.parametrize(
    ("way", "outcome", "end"),
    [
        ("hang_up", "self_served", End.CONTAINED),
        ("hang_up", "voicemail", End.VOICEMAIL),
        ("hung_up", "voicemail", End.VOICEMAIL),
        ("hung_up", "abandoned_in_flow", End.ABANDONED),
        ("to_queue", "answered", End.TO_QUEUE),
        ("transfer", "self_served", End.TRANSFERRED),
        ("lost", "failed", End.LOST),
        ("", "answered", End.TO_QUEUE),
        ("", "failed", End.LOST),
    ],
)
def test_an_entry_has_the_end_of_its_last_visit(way: str, outcome: str, end: End) -> None:
    assert ends(visit("menu", "1", came="entry", outcome=outcome), visit("bye", way, outcome=outcome)) == [
        ("welcome", end)
    ]


def test_who_is_there_has_not_ended() -> None:
    assert ends(visit("menu", "", None, came="entry", outcome=None)) == [("welcome", End.STILL_THERE)]


def test_whoever_comes_out_of_a_queue_enters_once_more() -> None:
    first = visit("person", "to_queue", came="entry", kind="to_queue")
    again = visit("sorry", "hang_up", flow="closed", came="queue")
    assert ends(first, again) == [("welcome", End.TO_QUEUE), ("closed", End.CONTAINED)]


def test_a_sub_flow_is_left_with_the_flow_around_it_or_before_it() -> None:
    into = visit("into", "then", came="entry", kind="sub_flow")
    ask = visit("ask", "1", flow="inner", came="sub_flow", kind="menu")
    back = visit("back", "return", flow="inner", kind="return")
    assert ends(into, ask, back, visit("bye", "hang_up")) == [("inner", End.RETURNED), ("welcome", End.CONTAINED)]
    assert ends(into, visit("ask", "hung_up", flow="inner", came="sub_flow", kind="menu")) == [
        ("welcome", End.ABANDONED),
        ("inner", End.ABANDONED),
    ]


def test_a_flow_from_which_nobody_told_the_end_is_over_when_the_next_begins() -> None:
    first = visit("menu", "", came="entry")
    assert ends(first, visit("sorry", "hang_up", came="queue"))[0] == ("welcome", End.TO_QUEUE)
    assert ends(first, visit("menu", "hang_up", came="entry"))[0] == ("welcome", End.LOST)


def three_calls(*split: Split) -> FlowReport:
    """Two are served, on two days and in two versions; one hangs up in the menu after two mistakes."""
    books = FlowBooks(FINDER, split)
    books.contact([visit("menu", "1", 4.0, came="entry", kind="menu"), visit("bye", "hang_up", 2.0, at=AT + 4)])
    tomorrow = AT + 86_400
    books.contact(
        [
            visit("menu", "2", 6.0, came="entry", kind="menu", version="v2", at=tomorrow, keys=(1, 0)),
            visit("bye", "hang_up", 2.0, version="v2", at=tomorrow + 6),
        ]
    )
    gone = "abandoned_in_flow"
    books.contact([visit("menu", "hung_up", 20.0, came="entry", kind="menu", outcome=gone, keys=(0, 2))])
    return books.report({("welcome", "v2"): (7, 1.0)})


def test_figures_of_a_flow() -> None:
    (line,) = three_calls().flows
    assert line.place == Place("", "welcome", "", "")
    counts = {end.value: line.figures[end.value] for end in End if line.figures[end.value]}
    assert (line.figures["entries"], counts) == (3, {"contained": 2, "abandoned": 1})
    shares = [line.figures[name] for name in ("containment", "transfer_out", "drop_off", "time_median", "time_p95")]
    assert shares == [0.6667, 0.0, 0.3333, 8.0, 18.8]


def test_figures_of_its_nodes() -> None:
    menu, bye = three_calls().nodes
    assert (menu.place.node, menu.kind, menu.ways) == ("menu", "menu", {"1": 1, "2": 1, "hung_up": 1})
    names = ("visits", "hung_up", "drop_off", "time_median", "time_p95")
    assert [menu.figures[name] for name in names] == [3, 1, 0.3333, 6.0, 18.6]
    keys = ("no_inputs", "no_input_rate", "no_matches", "no_match_rate")
    assert [menu.figures[name] for name in keys] == [1, 0.3333, 2, 0.3333]
    assert [bye.figures[name] for name in ("visits", "drop_off", *keys)] == [2, 0.0, None, None, None, None]


def test_lines_of_their_own() -> None:
    report = three_calls(Split.DAY, Split.VERSION, Split.ENTRY_POINT)
    assert [(line.place, line.figures["entries"]) for line in report.flows] == [
        (Place("2026-11-02", "welcome", "v1", "service"), 2),
        (Place("2026-11-03", "welcome", "v2", "service"), 1),
    ]
    assert [(one.version, one.entries, one.revision, one.since) for one in report.versions] == [
        ("v1", 2, None, None),
        ("v2", 1, 7, 1.0),
    ]


def test_a_figure_opens_into_those_that_it_counts() -> None:
    contact = [visit("menu", "1", came="entry", kind="menu", keys=(0, 1)), visit("bye", "hung_up", outcome="failed")]
    sought = {
        "entries": Sought("welcome"),
        "another flow": Sought("other"),
        "another version": Sought("welcome", version="v2"),
        "abandoned": Sought("welcome", version="v1", entry_point="service", figure="abandoned"),
        "contained": Sought("welcome", figure="contained"),
        "visits": Sought("welcome", "menu"),
        "mistaken": Sought("welcome", "menu", figure="no_matches"),
        "silent": Sought("welcome", "menu", figure="no_inputs"),
        "a share": Sought("welcome", "menu", figure="no_input_rate"),
        "gave up": Sought("welcome", "bye", figure="hung_up"),
        "pressed 1": Sought("welcome", "menu", way="1"),
        "pressed 2": Sought("welcome", "menu", way="2"),
    }
    assert {name for name, one in sought.items() if one.counts(contact)} == {
        "entries", "abandoned", "visits", "mistaken", "a share", "gave up", "pressed 1",
    }  # fmt: skip
