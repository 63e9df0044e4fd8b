"""Live figures: quantiles from a sketch, time in each state, and their sums, while the centre works."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.figures import Tally
from acd.model import AgentId, PhoneKind, SegmentOutcome
from acd.people.durations import Durations, PastDay, worked_and_staffed
from acd.remembered import DayRemembered
from acd.reports.quantiles import quantile
from acd.requests import LogOut
from acd.sketch import SHORTEST, WaitSketch
from tests.acd.centre import Centre

WAITS = st.lists(st.floats(0.0, 86_400.0), min_size=1, max_size=200)


def sketch_of(waits: list[float]) -> WaitSketch:
    """With these in it."""
    sketch = WaitSketch()
    for wait in waits:
        sketch.add(wait)
    return sketch


@given(WAITS, st.sampled_from([0.0, 0.5, 0.9, 1.0]))
def test_a_quantile_is_off_by_two_percent_at_most(waits: list[float], share: float) -> None:
    """Of what a report says of the same waits."""
    exact = quantile(sorted(max(wait, SHORTEST) for wait in waits), share)
    found = sketch_of(waits).quantile(share)
    assert found == pytest.approx(exact, rel=0.021)
    assert len(sketch_of(waits).buckets) <= 400


@given(WAITS, WAITS)
def test_two_queues_make_the_centre(some: list[float], others: list[float]) -> None:
    assert (sketch_of(some) + sketch_of(others)).buckets == sketch_of(some + others).buckets
    one, other = Tally(), Tally()
    for tally, waits in ((one, some), (other, others)):
        for wait in waits:
            tally.add(SegmentOutcome.ANSWERED, wait, 20.0)
    one.merge(other)
    assert one.waits.quantile(0.5) == sketch_of(some + others).quantile(0.5)
    assert one.asa() == pytest.approx(statistics.fmean(some + others))
    assert one.service_level() == sum(wait <= 20.0 for wait in some + others) / len(some + others)


def test_nobody_has_waited_yet() -> None:
    assert WaitSketch().quantile(0.9) is None


def test_an_agents_day() -> None:
    """Ready for 100 s, a call that rings for 4 s, talks for 60 s and is written up for 20 s."""
    centre = Centre()
    centre.connect()
    centre.ready("anna")
    anna = centre.center.agents[next(one for one in centre.center.agents if one == "anna")]
    centre.wait(100.0)
    leg = centre.call_billing()
    centre.wait(4.0)
    centre.connect_call(leg)
    centre.wait(60.0)
    centre.hang_up(leg)
    centre.wait(50.0)
    times = anna.durations.until(centre.now)
    assert times["ready"] == pytest.approx(130.0)
    assert (times["reserved"], times["busy"], times["after_call_work"]) == (4.0, 60.0, 20.0)
    worked, staffed = worked_and_staffed(times)
    assert (worked, staffed) == (84.0, 214.0)
    anna.durations.new_day(centre.now)
    centre.wait(7.0)
    assert anna.durations.until(centre.now) == {"ready": 7.0}
    centre.tell(LogOut(centre.request_id(), anna.id))
    centre.wait(3.0)
    assert anna.durations.until(centre.now) == {"ready": 7.0, "logged_out": 3.0}
    assert anna.phone.kind is PhoneKind.DESK


def test_an_agents_day_goes_on_after_a_restart() -> None:
    centre = Centre()
    centre.connect()
    centre.ready("anna")
    centre.wait(5.0)
    known = AgentId("anna")
    anna = centre.center.agents[known]
    past = PastDay({"ready": 100.0, "busy": 60.0}, 3, 55.0)
    centre.tell(DayRemembered({known: past, AgentId("gone"): past}))
    assert anna.durations.until(centre.now) == {"not_ready": 0.0, "ready": 105.0, "busy": 60.0}
    assert (anna.handled, anna.talked) == (3, 55.0)


def test_who_has_not_been_here_has_no_times() -> None:
    absent = Durations()
    absent.new_day(100.0)
    assert absent.until(200.0) == {"logged_out": 0.0}
