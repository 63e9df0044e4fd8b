"""What follows a missed call, breaks with a limit, and how long wrap-up may last."""

import pytest
from msgspec.structs import replace

from acd.calls.reservations import DECLINED, NO_ANSWER
from acd.events import AgentNoticed, RequestRefused
from acd.model import AgentId
from acd.people.agents import AfterCallWork, NotReady, Ready
from acd.requests import BecomeReady, DeclineCall, ExtendWrapUp, FinishWrapUp, TakeBreak
from acd.told import DesktopConnected, DesktopLost
from cti.commands import Ring
from tests.acd.centre import Centre
from tests.acd.company import BILLING, agent, company, queue

ANNA = AgentId("anna")


def at_work(centre: Centre) -> Centre:
    centre.connect()
    centre.ready("anna")
    return centre


def alone(**settings: object) -> Centre:
    return at_work(Centre(company(queue(BILLING, **settings), agents=(agent("anna", billing=5),))))


def with_consequences(after: dict[str, float | None]) -> Centre:
    plan = company(queue(BILLING), agents=(agent("anna", billing=5), agent("ben", billing=5)))
    return at_work(Centre(replace(plan, after_miss=after)))


def test_a_pause_after_a_miss_ends_by_itself() -> None:
    centre = with_consequences({NO_ANSWER: 30.0})
    centre.call_billing()
    centre.wait(15.0)
    assert centre.state("anna") == NotReady(centre.now, NO_ANSWER, 30.0, returns=True)
    centre.wait(29.9)
    assert isinstance(centre.state("anna"), NotReady)
    centre.wait(0.2)
    assert centre.center.agents[ANNA].wants_calls


def test_he_who_stays_ready_is_asked_for_the_next_call_but_not_for_the_one_he_declined() -> None:
    centre = with_consequences({DECLINED: 0.0})
    centre.ready("ben")
    centre.call_billing()
    (ring,) = centre.every(Ring)
    who = AgentId(ring.endpoint.removeprefix("PJSIP/"))
    centre.tell(DeclineCall(centre.request_id(), who))
    assert isinstance(centre.state(who), Ready)
    centre.call_billing()
    assert [one.endpoint for one in centre.every(Ring)].count(ring.endpoint) == 2
    assert len(centre.every(Ring)) == 3


def test_a_pause_is_not_ended_behind_the_back_of_one_whose_browser_is_gone() -> None:
    centre = with_consequences({NO_ANSWER: 30.0})
    centre.call_billing()
    centre.wait(15.0)
    centre.tell(DesktopLost(ANNA))
    centre.wait(60.0)
    assert isinstance(centre.state("anna"), NotReady)
    centre.tell(DesktopConnected(ANNA))
    assert isinstance(centre.state("anna"), NotReady)


def test_a_break_with_a_limit_is_remembered_when_it_has_lasted_too_long() -> None:
    plan = company(queue(BILLING), agents=(agent("anna", billing=5),))
    centre = at_work(Centre(replace(plan, break_reasons={"lunch": 1800.0})))
    centre.tell(TakeBreak(centre.request_id(), ANNA, "lunch"))
    assert centre.state("anna") == NotReady(centre.now, "lunch", 1800.0)
    centre.wait(1799)
    assert not centre.every(AgentNoticed)
    centre.wait(2)
    assert centre.last(AgentNoticed).code == "break_over"
    assert isinstance(centre.state("anna"), NotReady), "nobody is made ready behind his back"


def test_the_limit_of_a_break_that_comes_after_a_call_begins_with_the_break() -> None:
    plan = company(queue(BILLING, wrap_up=0.0), agents=(agent("anna", billing=5),))
    centre = at_work(Centre(replace(plan, break_reasons={"lunch": 1800.0})))
    leg = centre.call_billing()
    centre.connect_call(leg)
    centre.tell(TakeBreak(centre.request_id(), ANNA, "lunch"))
    centre.wait(3600)
    assert not centre.every(AgentNoticed)
    centre.hang_up(leg)
    assert centre.state("anna") == NotReady(centre.now, "lunch", 1800.0)


# -- wrap-up -------------------------------------------------------------------------------------------------------


def writing_up(**settings: object) -> Centre:
    centre = alone(**settings)
    leg = centre.call_billing()
    centre.connect_call(leg)
    centre.hang_up(leg)
    assert isinstance(centre.state("anna"), AfterCallWork)
    return centre


def test_open_ended_wrap_up_ends_when_he_says_so() -> None:
    centre = writing_up(wrap_up=None)
    centre.wait(7200)
    assert isinstance(centre.state("anna"), AfterCallWork)
    centre.tell(FinishWrapUp(centre.request_id(), ANNA))
    assert isinstance(centre.state("anna"), Ready)
    assert not centre.center.interactions


def test_wrap_up_can_be_cut_short_for_a_break_that_was_wished_for() -> None:
    centre = alone(wrap_up=20.0)
    leg = centre.call_billing()
    centre.connect_call(leg)
    centre.tell(TakeBreak(centre.request_id(), ANNA, "lunch"))
    centre.hang_up(leg)
    centre.tell(FinishWrapUp(centre.request_id(), ANNA))
    assert centre.state("anna") == NotReady(centre.now, "lunch")


def test_more_time_is_given_as_often_as_the_queue_allows() -> None:
    centre = writing_up(wrap_up=20.0, wrap_up_extension=60.0, wrap_up_extensions=1)
    centre.wait(19)
    centre.tell(ExtendWrapUp(centre.request_id(), ANNA))
    centre.wait(60)
    assert isinstance(centre.state("anna"), AfterCallWork)
    centre.tell(ExtendWrapUp(centre.request_id(), ANNA))
    assert centre.last(RequestRefused).refusal.code == "no_more_time"
    centre.wait(1.1)
    assert isinstance(centre.state("anna"), Ready)


@pytest.mark.parametrize("request_type", [ExtendWrapUp, FinishWrapUp])
def test_there_is_nothing_to_write_up(request_type: type[ExtendWrapUp | FinishWrapUp]) -> None:
    centre = alone()
    centre.tell(request_type(centre.request_id(), ANNA))
    assert centre.last(RequestRefused).refusal.code == "no_call"
    centre.tell(BecomeReady(centre.request_id(), ANNA))
