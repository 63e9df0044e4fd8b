"""The figures of a simulated day mean what those of the centre's own reports mean."""

from acd.model import AgentId, QueueName, SegmentOutcome
from acd.simulation.figures import EVERYWHERE, WHOLE, Grid, Place, measured
from acd.simulation.outcome import Doing, Outcome, Span, Stay
from tests.acd.company import BILLING, company

DAWN = 1_800_000_000.0
ANNA, BEN = AgentId("anna"), AgentId("ben")


def answered(caller: int, wait: float) -> Stay:
    """In billing."""
    return Stay(caller, BILLING, DAWN + caller, wait, SegmentOutcome.ANSWERED, ANNA)


def span(agent: AgentId, doing: Doing, since: float, until: float) -> Span:
    """Of the first interval, or both."""
    return Span(agent, doing, DAWN + since, DAWN + until)


def test_a_quantile_lies_between_two_waits_in_proportion() -> None:
    day = Outcome([answered(0, 10.0), answered(1, 20.0)], [], 0, 0)
    found = measured(day, company(), Grid(DAWN, 1800.0, 1))[Place(EVERYWHERE, WHOLE)]
    assert (found.median_wait, found.p90_wait) == (15.0, 19.0)


def test_who_works_for_longer_counts_for_more() -> None:
    """Anna comes for a moment and is busy all of it; Ben has the rest of the day."""
    spans = [
        span(ANNA, Doing.HANDLING, 0, 100),
        span(BEN, Doing.READY, 0, 800),
        span(BEN, Doing.HANDLING, 800, 900),
        span(BEN, Doing.AWAY, 900, 1800),
    ]
    found = measured(Outcome([], spans, 0, 0), company(), Grid(DAWN, 900.0, 2))
    for place in (Place(EVERYWHERE, WHOLE), Place(QueueName("billing"), 0)):
        assert found[place].occupancy == 200 / 1000
        assert found[place].occupancy_spread == (1 - 1 / 9) / 2
