"""A caller who hangs up and calls again has his old place, within the queue's grace."""

import pytest

from acd.calls.interactions import Waiting
from acd.model import PastLeave, QueueName
from acd.remembered import CallersRemembered
from cti.events import LegEnded
from cti.model import HangupCause, LegId
from tests.acd.centre import Centre
from tests.acd.company import BILLING, PRODUCTS, company, queue

EVA = "+4930111"
MAX = "+4930222"


def waits(centre: Centre, number: str, key: str = "1") -> LegId:
    """A call that is in a queue."""
    leg = centre.dial(caller=number)
    centre.press(leg, key)
    assert isinstance(centre.interaction(leg).stage, Waiting)
    return leg


def eva_hangs_up(grace: float = 120.0, cause: HangupCause = HangupCause.NORMAL, number: str = EVA) -> Centre:
    """Eva was there before Max, and has hung up."""
    centre = Centre(company(queue(BILLING, grace=grace), queue(PRODUCTS, grace=grace)))
    centre.connect()
    eva = waits(centre, number)
    centre.wait(10.0)
    waits(centre, MAX)
    centre.wait(10.0)
    centre.tell(LegEnded(eva, cause))
    return centre


def first(centre: Centre) -> str:
    """The number of whoever is served next."""
    return centre.center.interactions[centre.waiting(BILLING)[0]].caller.number


@pytest.mark.parametrize("cause", [HangupCause.NORMAL, HangupCause.LOST])
def test_his_place_is_kept(cause: HangupCause) -> None:
    centre = eva_hangs_up(cause=cause)
    centre.wait(119.0)
    leg = waits(centre, EVA)
    assert first(centre) == EVA
    stage = centre.interaction(leg).stage
    assert isinstance(stage, Waiting)
    assert stage.since == centre.now, "his waiting time begins anew"


@pytest.mark.parametrize(
    ("grace", "later", "number"), [(120.0, 121.0, EVA), (0.0, 1.0, EVA), (120.0, 1.0, ""), (120.0, 1.0, "anonymous")]
)
def test_it_is_not_kept(grace: float, later: float, number: str) -> None:
    centre = eva_hangs_up(grace, number=number)
    centre.wait(later)
    waits(centre, number)
    assert first(centre) == MAX


def test_it_is_his_once() -> None:
    centre = eva_hangs_up()
    waits(centre, EVA)
    assert first(centre) == EVA
    second = waits(centre, EVA)
    assert centre.waiting(BILLING)[-1] == centre.interaction(second).id


def test_it_is_in_that_queue_only() -> None:
    centre = eva_hangs_up()
    centre.wait(1.0)
    waits(centre, EVA, "2")
    stage = centre.center.interactions[centre.waiting(PRODUCTS)[0]].stage
    assert isinstance(stage, Waiting)
    assert stage.place == centre.now


def test_who_returns_and_hangs_up_again_has_his_place_again() -> None:
    centre = eva_hangs_up()
    centre.hang_up(waits(centre, EVA))
    centre.wait(100.0)
    waits(centre, EVA)
    assert first(centre) == EVA


def test_those_who_do_not_return_are_forgotten() -> None:
    centre = eva_hangs_up()
    left = centre.center.queues[BILLING]._left
    for number in range(50):
        centre.hang_up(waits(centre, f"+49301{number:03}"))
        centre.wait(20.0)
    assert len(left) <= 7


def test_his_place_is_kept_over_a_restart() -> None:
    centre = eva_hangs_up()
    place = centre.now - 20.0
    after = centre.successor(30.0)
    after.connect()
    max_again = waits(after, MAX)
    after.tell(CallersRemembered(left=[PastLeave(BILLING, EVA, place, centre.now)]))
    leg = waits(after, EVA)
    assert first(after) == EVA
    after.hang_up(leg)
    after.tell(CallersRemembered(left=[PastLeave(BILLING, EVA, place + 1e6, centre.now)]))
    waits(after, EVA)
    assert first(after) == EVA, "what he did since counts more"
    after.hang_up(max_again)


def test_it_is_not_kept_over_a_long_one() -> None:
    centre = eva_hangs_up()
    after = centre.successor(121.0)
    after.connect()
    waits(after, MAX)
    after.tell(CallersRemembered(left=[PastLeave(BILLING, EVA, centre.now - 20.0, centre.now)]))
    after.tell(CallersRemembered(left=[PastLeave(QueueName("gone"), EVA, 0.0, centre.now)]))
    waits(after, EVA)
    assert first(after) == MAX
