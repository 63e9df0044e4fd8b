"""What opens behind a figure is what the figure counts, also on a day that goes on."""

from acd.edge.behind.segments import SegmentBehind
from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.reports import Line, Reports, Wanted
from acd.model import SegmentOutcome
from acd.reports.calendar import Every
from acd.reports.opening import OfSegments, opening
from acd.reports.report import By
from tests.acd.edge.history.calls import BILLING, answered_call, entered, started
from tests.acd.edge.history.test_reports import AT, DAY, gone, plan, told

UNTIL_HE_TALKS = 10
"""Events of an answered call."""


async def test_what_is_not_over_opens_as_it_counts(history: History, database: Database) -> None:
    """One has talked, one talks still, one waits, one has hung up soon."""
    await told(
        history,
        *answered_call("i1", AT),
        *answered_call("i2", AT + 600)[:UNTIL_HE_TALKS],
        *gone("i3", AT + 700, 3.0, SegmentOutcome.SHORT_ABANDONED),
        started("i4", AT + 790),
        entered("i4", BILLING, AT + 800),
    )
    reports = Reports(database, plan)
    (line,) = (await reports.report(Wanted(DAY, Every.DAY), AT + 900)).totals
    assert [line.figures[name] for name in ("answered", "handled", "entered", "short_abandoned")] == [2, 1, 4, 1]
    for by, name, figure, expected in [
        (By.QUEUE, "billing", "answered", ["i1", "i2"]),
        (By.QUEUE, "billing", "handled", ["i1"]),
        (By.AGENT, "anna", "aht", ["i1"]),
        (By.TEAM, "north", "wrap_up", ["i1"]),
        (By.CENTRE, "centre", "talk", ["i1"]),
        (By.QUEUE, "billing", "abandon_rate", ["i1", "i2", "i4"]),
    ]:
        of = opening(figure)
        assert isinstance(of, OfSegments)
        found = await reports.behind(Line(by, name, AT, AT + 3600), of, AT + 900)
        those = [one.interaction for one in found.rows if isinstance(one, SegmentBehind)]
        assert (those, found.count) == (expected, len(expected)), (by, figure)
