"""The day that `callwright replay` reads, on both databases."""

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.recorded_day import recorded_day
from acd.model import InteractionOutcome, SegmentOutcome
from tests.acd.edge.history.calls import ANNA, BILLING, answered_call, closed, entered, left, started

AT = 1_800_000_000.0


async def test_callers_and_states(history: History, database: Database) -> None:
    """One was answered and written up, one hung up; who is there still is none of the day's."""
    for event in (
        *answered_call("i1", AT),
        started("i2", AT + 100),
        entered("i2", BILLING, AT + 110),
        left("i2", BILLING, AT + 110, AT + 140, SegmentOutcome.ABANDONED),
        closed("i2", AT + 100, AT + 140, InteractionOutcome.ABANDONED_IN_QUEUE),
        started("i3", AT + 200),
        entered("i3", BILLING, AT + 210),
    ):
        history.told(event)
    assert await history.flush(20.0)
    day = await recorded_day(database, AT - 1000, AT + 1000)
    answered, gone = day.calls
    assert (answered.interaction, answered.agent, answered.talk, answered.wrap_up) == ("i1", ANNA, 60.0, 20.0)
    assert (answered.outcome, answered.wait, answered.pick_up) == (SegmentOutcome.ANSWERED, 8.0, 3.0)
    assert (gone.interaction, gone.outcome, gone.wait, gone.wrap_up) == ("i2", SegmentOutcome.ABANDONED, 30.0, None)
    assert [(one.state, one.until - one.since) for one in day.states if one.agent == ANNA][1:5] == [
        ("ready", 15.0),
        ("reserved", 3.0),
        ("busy", 60.0),
        ("after_call_work", 20.0),
    ]
