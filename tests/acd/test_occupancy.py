"""Occupancy over the last hour, against a plain sum over the same intervals."""

from hypothesis import given
from hypothesis import strategies as st

from acd.people.occupancy import WINDOW, Occupancy, Span

Spans = st.lists(
    st.tuples(st.floats(0.0, 2000.0), st.sampled_from(["idle", "handling", "away"])), min_size=1, max_size=40
)


def plain(spans: list[tuple[float, str]], start: float, now: float) -> float:
    """Share of handling, summed the slow way."""
    sums = {"idle": 0.0, "handling": 0.0, "away": 0.0}
    at = start
    for seconds, kind in spans:
        sums[kind] += max(0.0, at + seconds - max(at, now - WINDOW))
        at += seconds
    staffed = sums["idle"] + sums["handling"]
    return sums["handling"] / staffed if staffed > 0 else 0.0


@given(Spans)
def test_it_is_the_share_of_the_last_hour(spans: list[tuple[float, str]]) -> None:
    occupancy = Occupancy()
    now = start = 1_800_000_000.0
    for seconds, kind in spans:
        occupancy.change(now, staffed=kind != "away", handling=kind == "handling")
        now += seconds
        assert 0.0 <= occupancy.share(now) <= 1.0
    assert abs(occupancy.share(now) - plain(spans, start, now)) < 1e-3


@given(Spans, Spans)
def test_it_goes_on_after_a_restart(before: list[tuple[float, str]], after: list[tuple[float, str]]) -> None:
    """What is taken up counts as if we had been there."""
    one, two = Occupancy(), Occupancy()
    now = 1_800_000_000.0
    spans: list[Span] = []
    for seconds, kind in before:
        one.change(now, staffed=kind != "away", handling=kind == "handling")
        if kind != "away":
            spans.append((now, now + seconds, kind == "handling"))
        now += seconds
    two.take_up(spans)
    for seconds, kind in after:
        for each in (one, two):
            each.change(now, staffed=kind != "away", handling=kind == "handling")
        now += seconds
        assert abs(one.share(now) - two.share(now)) < 1e-6


def test_a_break_does_not_reset_it() -> None:
    occupancy = Occupancy()
    occupancy.change(0.0, staffed=True, handling=True)
    occupancy.change(600.0, staffed=False, handling=False)
    occupancy.change(1200.0, staffed=True, handling=False)
    assert occupancy.share(1800.0) == 0.5
    assert occupancy.step(1800.0) == 10
