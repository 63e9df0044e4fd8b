"""After a restart a queue knows what it knew: what was predicted, and how it came true, is read from its stays."""

import pytest
from msgspec.structs import replace

from acd.edge.database import DatabaseUnavailable
from acd.edge.history import History
from acd.edge.history_reader import WAITS_KNOWN, HistoryReader
from acd.events import SegmentClosed
from acd.model import InteractionId, QueueName, SegmentId, SegmentOutcome
from acd.remembered import WaitsRemembered
from acd.waiting.estimate import FEWEST_RATIOS, Estimator, Forecast, PastWait
from tests.acd.centre import Centre
from tests.acd.company import BILLING

NOW = 1_800_000_000.0


def stay(at: float, wait: float, forecast: Forecast, queue: str = "billing") -> SegmentClosed:
    """Of a caller who was answered."""
    of = f"{queue}{at}{forecast.place}"
    return SegmentClosed(
        SegmentId(of),
        InteractionId(of),
        QueueName(queue),
        at - wait,
        at,
        SegmentOutcome.ANSWERED,
        wait,
        (),
        "",
        forecast,
    )


async def told(history: History, *stays: SegmentClosed) -> None:
    """And written."""
    for one in stays:
        history.told(one)
    assert await history.flush(20.0)


async def test_the_last_day_in_order(history: History, reader: HistoryReader) -> None:
    known = Forecast(2, 60.0, agents=3)
    await told(
        history,
        stay(NOW - 100, 90.0, known),
        stay(NOW - 200, 45.0, Forecast(1, 30.0, NOW - 240, 60.0, 120.0, 4)),
        stay(NOW - 150, 10.0, known, "products"),
        stay(NOW - 50, 10.0, Forecast()),
        replace(stay(NOW - 40, 10.0, known), outcome=SegmentOutcome.ABANDONED),
        stay(NOW - WAITS_KNOWN - 1, 10.0, known),
    )
    assert (await reader.past_waits(NOW, 5.0)).past == {
        "billing": [PastWait(1, 30.0, 4, 45.0), PastWait(2, 60.0, 3, 90.0)],
        "products": [PastWait(2, 60.0, 3, 10.0)],
    }


async def test_a_database_that_takes_too_long_does_not_hold_up_the_start(
    history: History, reader: HistoryReader
) -> None:
    await told(history, stay(NOW - 200, 45.0, Forecast(1, 30.0, NOW - 240, 60.0, 120.0, 4)))
    with pytest.raises(DatabaseUnavailable, match="in time"):
        await reader.past_waits(NOW, 0.0)
    assert (await reader.past_waits(NOW, 5.0)).past, "the next question is answered as ever"


def test_an_estimator_goes_on_where_the_last_one_was() -> None:
    before, after = Estimator(), Estimator()
    before.agents = 3
    for n in range(40):
        before.left(n * 20.0, others=2)
    past = []
    for wait in range(FEWEST_RATIOS):
        predicted = before.predicted(2, 3)
        assert predicted is not None
        before.answered(Forecast(2, predicted, agents=3), 0.0, wait)
        past.append(PastWait(2, predicted, 3, wait))
    assert after.range_of(2, 3) is None
    after.take_up(past)
    assert after.range_of(2, 3) == before.range_of(2, 3)
    assert after.predicted(5, 6) == before.predicted(5, 6)
    after.take_up([PastWait(2, 1.0, 0, 1.0)])
    assert after.predicted(5, 6) == before.predicted(5, 6), "by how many agents that was, nobody knows"


def test_the_centre_takes_it_up_and_foretells_the_first_caller() -> None:
    centre = Centre(now=NOW)
    centre.connect()
    some = [PastWait(1, 30.0, 1, 30.0)] * FEWEST_RATIOS
    centre.tell(WaitsRemembered({BILLING: some, QueueName("gone"): some}))
    centre.ready("anna")
    centre.connect_call(centre.call_billing())
    leg = centre.call_billing()
    assert centre.interaction(leg).forecast == Forecast(1, 30.0, agents=1)
