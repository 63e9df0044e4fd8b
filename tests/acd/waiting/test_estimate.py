"""The wait foretold: learnt from the queue's own past, told as a range, and true as often as it should be."""

import heapq
import random

import pytest

from acd.events import SegmentClosed
from acd.model import SegmentOutcome
from acd.waiting.announcing import Announced, next_one, said_to_everybody
from acd.waiting.estimate import FEWEST_DEPARTURES, FEWEST_RATIOS, Estimator, Forecast, place_of_wait
from acd.waiting.plan import Announcements, Closed, Goodbye, Rule, WaitingPlan
from cti.commands import Play
from cti.model import LegId, Speech
from ivr.hours import Hours
from ivr.speech.waiting_words import all_waits, minutes_of, wait_said
from tests.acd.centre import Centre
from tests.acd.company import BILLING, PRODUCTS, company, queue


def busy(gap: float = 30.0, agents: int = 2) -> Estimator:
    """Of a queue that somebody leaves every half minute."""
    estimator = Estimator()
    estimator.agents = agents
    for n in range(FEWEST_DEPARTURES + 1):
        estimator.left(n * gap, others=3)
    return estimator


def test_the_pace_is_that_of_departures_while_others_wait() -> None:
    estimator = busy()
    assert estimator.predicted(1, 2) == 30.0
    assert estimator.predicted(4, 2) == 120.0
    assert estimator.predicted(4, 4) == 60.0  # twice as many agents
    estimator.left(200.0, others=0)
    estimator.left(9000.0, others=2)  # nobody has waited in between
    assert estimator.predicted(1, 2) == pytest.approx((5 * 60 + 100) / 6 / 2)


def test_nothing_is_known_at_first_and_with_nobody_at_work() -> None:
    assert Estimator().predicted(1, 3) is None
    assert busy().predicted(1, 0) is None
    assert busy().range_of(1, 2) is None


def test_the_range_comes_from_how_it_came_true() -> None:
    estimator = busy()
    for n in range(1, FEWEST_RATIOS + 1):
        estimator.answered(Forecast(1, 30.0), 0.0, n * 3.0)
    assert estimator.range_of(1, 2) == (30.0, 54.0)
    assert estimator.range_of(2, 2) is None  # further back it is another matter


def test_the_place_from_which_on_a_wait_is_likely() -> None:
    estimator = busy()
    assert not estimator.paces(2)
    for place, share in ((1, 2.0), (2, 1.0), (4, 0.5)):
        for _ in range(FEWEST_RATIOS):
            estimator.answered(Forecast(place, 100.0), 0.0, 100.0 * share)
    paces = estimator.paces(2)
    assert paces == [(1, 60.0), (2, 30.0), (4, 15.0)]
    assert estimator.paces(4) == [(1, 30.0), (2, 15.0), (4, 7.5)]
    assert not estimator.paces(0)
    places = {seconds: place_of_wait(paces, seconds) for seconds in (30.0, 60.0, 70.0, 90.0, 95.0, 600.0)}
    assert places == {30.0: 1, 60.0: 1, 70.0: 3, 90.0: 3, 95.0: 7, 600.0: 40}
    assert place_of_wait([], 30.0) is None
    assert place_of_wait([(1, 0.0)], 30.0) is None


def test_who_is_sent_on_says_nothing_about_the_pace() -> None:
    always = WaitingPlan(rules=(Rule((Closed(),), Goodbye()),))
    world = Centre(company(queue(BILLING, waiting=always, hours=Hours(())), queue(PRODUCTS)))
    world.connect()
    world.ready("anna")
    estimator = world.center.queues[BILLING].estimator
    estimator.agents, estimator._last = 1, world.now
    for _ in range(3):
        world.call_billing()
    assert world.last(SegmentClosed).outcome is SegmentOutcome.OVERFLOWED
    assert not estimator._pace
    assert estimator._last is None


def test_how_often_it_was_true_is_counted() -> None:
    estimator = Estimator()
    told = Forecast(1, 30.0, 10.0, 60.0, 120.0)
    for now in (69.0, 70.0, 130.0, 131.0):
        estimator.answered(told, 0.0, now)
    estimator.answered(Forecast(1, 30.0), 0.0, 50.0)
    assert (estimator.told, estimator.within) == (4, 2)


@pytest.mark.parametrize("agents", [2, 10])
def test_the_range_holds_what_it_promises(agents: int) -> None:
    """A queue of its own, with Poisson arrivals and exponential handling times, at 95 % occupancy."""
    luck = random.Random(7)
    estimator = Estimator()
    estimator.agents = agents
    line: list[tuple[float, Forecast, tuple[float, float] | None]] = []
    talks: list[float] = []
    now, below, within, told = 0.0, 0, 0, 0
    arrival = 0.0
    for _ in range(20_000):
        if talks and (talks[0] < arrival):
            now = heapq.heappop(talks)
            if line:
                came, forecast, between = line.pop(0)
                estimator.left(now, len(line))
                estimator.answered(forecast, came, now)
                heapq.heappush(talks, now + luck.expovariate(1 / 180))
                if between is not None:
                    told += 1
                    below += now - came < between[0]
                    within += between[0] <= now - came <= between[1]
            continue
        now = arrival
        arrival = now + luck.expovariate(0.95 * agents / 180)
        if len(talks) < agents:
            heapq.heappush(talks, now + luck.expovariate(1 / 180))
            continue
        place = len(line) + 1
        predicted = estimator.predicted(place, agents)
        line.append((now, Forecast(place, predicted or 0.0), estimator.range_of(place, agents)))
    assert told > 3000
    assert below / told == pytest.approx(0.5, abs=0.05)
    assert within / told == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize(
    ("low", "high", "minutes"),
    [
        (5, 50, (0, 1)),
        (65, 118, (1, 2)),
        (130, 239, (2, 4)),
        (700, 1000, (10, 20)),
        (20, 600, None),  # anything may happen
        (3000, 4000, None),  # more than an hour
    ],
)
def test_what_can_be_said_of_a_range(low: float, high: float, minutes: tuple[int, int] | None) -> None:
    assert minutes_of(low, high) == minutes
    assert minutes is None or minutes in all_waits()


@pytest.mark.parametrize(
    ("minutes", "english", "chinese", "spanish"),
    [
        ((0, 1), "You will wait less than a minute.", "预计等待时间不到一分钟。", "Esperará menos de un minuto."),
        (
            (2, 4),
            "You will wait about 2 to 4 minutes.",
            "预计等待约两到四分钟。",
            "Esperará entre dos y cuatro minutos.",
        ),
        ((5, 5), "You will wait about 5 minutes.", "预计等待约五分钟。", "Esperará unos cinco minutos."),
    ],
)
def test_a_wait_in_words(minutes: tuple[int, int], english: str, chinese: str, spanish: str) -> None:
    said = (wait_said(minutes, "en"), wait_said(minutes, "zh-CN"), wait_said(minutes, "es"))
    assert said == (english, chinese, spanish)


def test_a_wait_is_told_when_it_is_another() -> None:
    of = Announcements(estimate=True)
    first = next_one(of, Announced(), 3, "en", (2, 4))
    assert [sound.text for sound in first.sounds] == ["You will wait about 2 to 4 minutes."]
    assert not next_one(of, first.then, 2, "en", (2, 4)).sounds
    assert next_one(of, first.then, 2, "en", (1, 2)).sounds
    assert not next_one(of, first.then, 2, "en", None).sounds
    assert set(first.sounds) <= set(said_to_everybody(of, ("en",)))


# -- in the centre -----------------------------------------------------------------------------------------------------


def serve(world: Centre, legs: list[LegId], seconds: float) -> None:
    """Anna talks with the first of them for so long."""
    leg = legs.pop(0)
    world.connect_call(leg)
    world.wait(seconds)
    world.hang_up(leg)


def test_learnt_told_and_kept_with_the_stay() -> None:
    waiting = WaitingPlan(Announcements(estimate=True))
    world = Centre(company(queue(BILLING, waiting=waiting, wrap_up=0.0), queue(PRODUCTS)))
    world.connect()
    world.ready("anna")
    legs = [world.call_billing(), world.call_billing(), world.call_billing()]
    for _ in range(60):
        serve(world, legs, 150.0)
        legs.append(world.call_billing())
    said = [sound.text for play in world.every(Play) for sound in play.sounds if isinstance(sound, Speech)]
    assert "You will wait about 5 minutes." in said
    last = world.last(SegmentClosed)
    assert last.forecast.place == 3  # behind one for whom the phone rings, and one who waits
    assert last.forecast.predicted == pytest.approx(450.0)  # but experience says that it is less
    assert (last.forecast.told_low, last.forecast.told_high) == (300.0, 300.0)
    estimator = world.center.queues[BILLING].estimator
    assert estimator.told > 10
    assert estimator.within >= estimator.told - 1  # the first was told before all stood still
