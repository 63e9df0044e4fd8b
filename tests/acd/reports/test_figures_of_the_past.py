"""Every figure from hand-made rows: tables that were worked out with a pencil, and laws that hold for any rows."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.model import SegmentOutcome
from acd.reports.books import Books, TalkRow
from acd.reports.calendar import Every, Range, intervals_of
from acd.reports.columns import Figures, Value
from acd.reports.export import csv_text, safe, text_table
from acd.reports.quantiles import quantile
from acd.reports.report import By, Form, Report, report_of
from acd.reports.service_levels import GenesysSwitches
from acd.reports.teams import Teams
from acd.reports.thresholds import Thresholds

ZONE = ZoneInfo("Europe/Berlin")
LONG_DAY = Range(date(2026, 10, 25), date(2026, 10, 25))
START = intervals_of(LONG_DAY, Every.DAY, ZONE)[0].start
IN_TIME = Thresholds([(0.0, {"billing": 20.0, "sales": 10.0})])

WAITS = [
    ("answered", 5.0),
    ("answered", 10.0),
    ("answered", 20.0),
    ("answered", 21.0),
    ("answered", 60.0),
    ("answered", 4.0),
    ("abandoned", 15.0),
    ("abandoned", 50.0),
    ("short_abandoned", 2.0),
    ("callback_requested", 12.0),
    ("callback_requested", 90.0),
    ("overflowed", 100.0),
]
"""T = 20: A = 6 (4 in time), B = 3 (2 in time, 1 short), C = 2 (1 in time), F = 1, N = 12."""


def books(every: Every = Every.HOUR) -> Books:
    """Empty ones of a day of 25 hours, with Anna in the team of the north."""
    return Books(intervals_of(LONG_DAY, every, ZONE), IN_TIME, Teams([(0.0, {"anna": "north"})]))


def form(by: By, every: Every = Every.HOUR, switches: GenesysSwitches | None = None) -> Form:
    """As it is asked for."""
    return Form(every, by, "Europe/Berlin", switches or GenesysSwitches())


def twelve_calls() -> Books:
    """In the first hour, to billing."""
    kept = books()
    for number, (outcome, wait) in enumerate(WAITS):
        entered = START + number * 60
        kept.segment("billing", entered, entered + wait, outcome, wait)
    return kept


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("entered", 12),
        ("answered", 6),
        ("still_open", 0),
        ("ledger_ok", True),
        ("service_level", 4 / (12 - 1 - 1)),
        ("service_level_asterisk", 4 / 6),
        ("service_level_asterisk2", (4 + 2) / (6 + 3)),
        ("service_level_amazon", (4 + 2 + 1) / 12),
        ("service_level_genesys", (6 - 2) / (6 + 3)),
        ("abandon_rate", 2 / (12 - 1)),
        ("asa", 120 / 6),
        ("wait_median", 15.0),
        ("wait_p90", 40.5),
        ("longest_wait", 100.0),
        ("aht", None),
    ],
)
def test_twelve_calls(figure: str, value: Value) -> None:
    (line,) = report_of(twelve_calls(), form(By.QUEUE)).lines
    assert line.name == "billing"
    assert line.interval.label == "2026-10-25T00:00+02:00"
    found = line.figures[figure]
    assert found == (pytest.approx(value, abs=1e-4) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("switches", "value"),
    [
        (GenesysSwitches(flow_outs=True), 4 / 10),
        (GenesysSwitches(without_short=True), 4 / 8),
        (GenesysSwitches(without_abandoned=True), 4 / 6),
        (GenesysSwitches(flow_outs=True, without_short=True), 4 / 9),
        (GenesysSwitches(flow_outs=True, without_short=True, without_abandoned=True), 4 / 7),
    ],
)
def test_the_switches_of_genesys(switches: GenesysSwitches, value: float) -> None:
    report = report_of(twelve_calls(), form(By.QUEUE, switches=switches))
    assert report.whole.figures["service_level_genesys"] == pytest.approx(value, abs=1e-4)


def test_an_agents_time_is_cut_and_his_calls_are_not() -> None:
    """He talks from 00:50 to 01:20 with somebody who came at 00:49: the call is of the first hour, his time of both."""
    kept = books()
    for state, reason, since, until in [
        ("logged_out", "", 0, 1800),
        ("ready", "", 1800, 2940),
        ("reserved", "i1", 2940, 3000),
        ("busy", "i1", 3000, 4800),
        ("after_call_work", "i1", 4800, 5400),
        ("not_ready", "lunch", 5400, 7200),
    ]:
        kept.state("anna", state, reason, START + since, START + until)
    kept.reservation("anna", START + 2940, START + 2940, "expired", 15.0)
    kept.reservation("anna", START + 2940, START + 2940, "accepted", 60.0)
    kept.talk(TalkRow(START + 2940, START + 3000, "billing", "anna", 1800.0, 600.0, True, True))
    first, second = report_of(kept, form(By.AGENT)).lines
    expected: Figures = {
        "handled": 1,
        "aht": 2400.0,
        "reservations": 2,
        "accepted": 1,
        "not_answered": 1,
        "ring_mean": 37.5,
        "ready_time": 1140.0,
        "reserved_time": 60.0,
        "busy_time": 600.0,
        "logged_out_time": 1800.0,
        "occupancy": round(660 / 1800, 4),
        "utilisation": round(660 / 1800, 4),
    }
    assert {name: first.figures[name] for name in expected} == expected
    assert second.figures["handled"] == 0
    assert second.figures["busy_time"] == 1200.0
    assert second.figures["occupancy"] == 1.0
    assert second.figures["utilisation"] == 0.5
    (team,) = report_of(kept, form(By.TEAM)).totals
    assert team.name == "north"
    assert team.figures["break_time"] == 1800.0


def test_a_past_goal_counts_for_the_past() -> None:
    """The company has allowed itself a minute since 12:00."""
    changed = START + 13 * 3600
    since = Thresholds([(changed - 9e6, {"billing": 20.0}), (changed, {"billing": 60.0})])
    assert [since.of("billing", at) for at in (0.0, changed - 1, changed, changed + 9e6)] == [20.0, 20.0, 60.0, 60.0]
    assert since.of("gone", changed) == 20.0
    assert Thresholds([], 45.0).of("billing", changed) == 45.0
    kept = Books(intervals_of(LONG_DAY, Every.DAY, ZONE), since)
    for entered in (changed - 600, changed + 600):
        kept.segment("billing", entered, entered + 40, "answered", 40.0)
    (line,) = report_of(kept, form(By.QUEUE, Every.DAY)).totals
    assert line.figures["service_level"] == 0.5


def test_a_team_keeps_what_was_done_in_it() -> None:
    """Anna moves from the north to the south at 12:00, in the middle of a stay."""
    moved = START + 13 * 3600
    teams = Teams([(moved - 9e6, {"anna": "north"}), (moved, {"anna": "south", "ben": "south"})])
    kept = Books(intervals_of(LONG_DAY, Every.DAY, ZONE), IN_TIME, teams)
    kept.state("anna", "ready", "", moved - 600, moved + 300)
    kept.reservation("anna", moved - 60, moved - 40, "expired", 15.0)
    kept.reservation("anna", moved - 60, moved + 5, "accepted", 5.0)
    kept.talk(TalkRow(moved - 60, moved + 10, "billing", "anna", 50.0, 5.0, True, True))
    kept.state("chloe", "ready", "", moved, moved + 7)
    wanted = ("ready_time", "reservations", "not_answered", "talk")
    by_team = report_of(kept, form(By.TEAM, Every.DAY)).lines
    assert {line.name: [line.figures[name] for name in wanted] for line in by_team} == {
        "": [7.0, 0, 0, 0.0],
        "north": [600.0, 1, 1, 0.0],
        "south": [300.0, 1, 0, 50.0],
    }
    by_agent = report_of(kept, form(By.AGENT, Every.DAY)).lines
    assert [line.figures["ready_time"] for line in by_agent] == [900.0, 7.0]


def test_books_that_do_not_add_up_are_told() -> None:
    kept = books()
    kept.segment("billing", START + 5, START + 9, None, 4.0)
    kept.segment("billing", START + 6, None, None, None)
    report = report_of(kept, form(By.QUEUE))
    (mistake,) = report.mistakes
    assert (mistake.queue, mistake.missing) == ("billing", 1)
    assert report.whole.figures["ledger_ok"] is False
    assert report.whole.figures["still_open"] == 1
    assert "do not add up: billing" in "\n".join(text_table(report))


def test_the_repeated_hour_is_two_lines() -> None:
    kept = books()
    for hour in (2, 3):
        kept.segment("billing", START + hour * 3600, START + hour * 3600 + 3, "answered", 3.0)
    found = [line.interval.label for line in report_of(kept, form(By.CENTRE)).lines]
    assert found == ["2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00"]


def test_nothing_is_divided_by_nothing() -> None:
    report = report_of(books(), form(By.CENTRE))
    assert report.lines == ()
    assert {report.whole.figures[name] for name in ("service_level", "asa", "occupancy", "containment")} == {None}
    assert "-" in list(text_table(report))[-1]


def test_contacts_that_stay_in_the_dialogue() -> None:
    kept = books()
    for outcome in ("self_served", "self_served", "answered", "abandoned_in_flow", "rejected", None):
        kept.contact("main", START + 5, outcome)
    (line,) = report_of(kept, form(By.ENTRY_POINT)).lines
    assert line.figures["contacts"] == 6
    assert line.figures["contacts_open"] == 1
    assert line.figures["containment"] == 0.5


def test_no_spreadsheet_calculates_a_name() -> None:
    kept = books()
    kept.segment('=HYPERLINK("http://x")', START, START + 3, "answered", 3.0)
    header, line = csv_text(report_of(kept, form(By.QUEUE))).splitlines()
    assert header.startswith("interval,from,to,queue,entered,answered,")
    assert ",\"'=HYPERLINK(" in line
    assert [safe(text) for text in ("+1", "-1", "@a", "\tb", "a=1")] == ["'+1", "'-1", "'@a", "'\tb", "a=1"]


def test_quantiles() -> None:
    assert quantile([], 0.5) is None
    assert quantile([3.0], 0.9) == 3.0
    assert quantile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.5


SEGMENT = st.tuples(
    st.sampled_from(["billing", "sales", "gone"]),
    st.integers(-3600, 26 * 3600),
    st.sampled_from([*SegmentOutcome, None]),
    st.integers(0, 200),
)
STATE = st.tuples(
    st.sampled_from(["anna", "ben"]),
    st.sampled_from(["ready", "reserved", "busy", "after_call_work", "not_ready", "logged_out"]),
    st.integers(-3600, 26 * 3600),
    st.integers(0, 90_000),
)
ADDITIVE = [*(one.value for one in SegmentOutcome), "entered", "still_open"]


def filled(every: Every, segments: list[tuple[str, int, SegmentOutcome | None, int]]) -> Books:
    """With these segments."""
    kept = books(every)
    for queue, at, outcome, wait in segments:
        ended = None if outcome is None else START + at + wait
        kept.segment(queue, START + at, ended, outcome.value if outcome else None, float(wait))
    return kept


def total(report: Report, figure: str) -> float:
    """Over all lines."""
    return sum(float(line.figures[figure] or 0.0) for line in report.lines)


@given(st.lists(SEGMENT, max_size=60), st.sampled_from(list(Every)))
def test_intervals_sum_to_the_day_and_queues_to_the_centre(
    segments: list[tuple[str, int, SegmentOutcome | None, int]], every: Every
) -> None:
    cut, whole = filled(every, segments), filled(Every.DAY, segments)
    by_queue, day = report_of(cut, form(By.QUEUE, every)), report_of(whole, form(By.CENTRE, Every.DAY))
    inside = [one for one in segments if 0 <= one[1] < 25 * 3600]
    assert by_queue.whole.figures["entered"] == len(inside)
    assert by_queue.mistakes == ()
    for figure in ADDITIVE:
        assert total(by_queue, figure) == by_queue.whole.figures[figure] == day.whole.figures[figure]
    for figure in ("service_level", "service_level_amazon", "asa", "wait_p90", "longest_wait"):
        assert by_queue.whole.figures[figure] == day.whole.figures[figure]


@given(st.lists(STATE, max_size=20), st.sampled_from(list(Every)))
def test_agents_time_sums_to_the_day_and_to_the_centre(states: list[tuple[str, str, int, int]], every: Every) -> None:
    kept = books(every)
    expected = 0.0
    for agent, state, since, length in states:
        kept.state(agent, state, "", START + since, START + since + length)
        expected += max(0, min(since + length, 25 * 3600) - max(since, 0))
    times = ("ready_time", "reserved_time", "busy_time", "after_call_time", "break_time", "logged_out_time")
    for by in (By.AGENT, By.TEAM, By.CENTRE):
        report = report_of(kept, form(by, every))
        assert sum(total(report, figure) for figure in times) == pytest.approx(
            expected, abs=0.06 * len(report.lines) * 6
        )
        assert sum(float(report.whole.figures[figure] or 0) for figure in times) == pytest.approx(expected, abs=0.5)
