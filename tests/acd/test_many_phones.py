"""Several phones that ring for one call, and agents who take several calls."""

import pytest
from msgspec.structs import replace

from acd.calls.interactions import Connecting, Ringing, Waiting
from acd.calls.reservations import NO_ANSWER
from acd.events import AgentNoticed, ReservationEnded, SegmentClosed
from acd.model import AgentId, PhoneKind, ReservationOutcome, SegmentOutcome
from acd.people.agents import AfterCallWork, Busy, NotReady, Ready, Reserved
from acd.requests import BecomeReady, ChooseWrapUp, DeclineCall, FinishWrapUp, HangUpCall, LogIn
from cti.commands import HangUp, Remember, Ring
from cti.events import LegsBridged, PhoneBusy
from cti.model import Endpoint, HangupCause, LegId
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, agent, company, queue


def centre_that_rings(next_after: float | None, **settings: object) -> Centre:
    plan = company(queue(BILLING, ring_next_after=next_after, **settings))
    centre = Centre(plan)
    centre.connect()
    centre.ready("anna", "ben", "chloe")
    return centre


def rung(centre: Centre) -> list[str]:
    """Whose phones have been rung, in order."""
    return [ring.endpoint.removeprefix("PJSIP/") for ring in centre.every(Ring)]


def test_all_phones_ring_and_the_first_answer_has_the_call() -> None:
    centre = centre_that_rings(0.0)
    leg = centre.call_billing()
    assert sorted(rung(centre)) == ["anna", "ben", "chloe"]
    first, second, third = centre.every(Ring)
    centre.answer(second)
    assert isinstance(centre.interaction(leg).stage, Connecting)
    hung_up = {one.leg: one.cause for one in centre.every(HangUp)}
    assert hung_up == {one.leg: HangupCause.ANSWERED_ELSEWHERE for one in (first, third)}
    outcomes = [(one.outcome, one.cause) for one in centre.every(ReservationEnded)]
    elsewhere = (ReservationOutcome.WITHDRAWN, "answered elsewhere")
    assert outcomes == [(ReservationOutcome.ACCEPTED, ""), elsewhere, elsewhere]
    assert {one.code for one in centre.every(AgentNoticed)} == {"answered_elsewhere"}
    states = sorted(type(centre.state(name)).__name__ for name in ("anna", "ben", "chloe"))
    assert states == ["Busy", "Ready", "Ready"]


def test_two_answers_in_the_same_moment_make_one_talk() -> None:
    centre = centre_that_rings(0.0)
    leg = centre.call_billing()
    first, second, _ = centre.every(Ring)
    centre.answer(first)
    centre.answer(second)  # before the PBX has heard that it is not wanted any more
    centre.tell(LegsBridged(first.call, (leg, first.leg)))
    assert [one.outcome for one in centre.every(SegmentClosed)] == [SegmentOutcome.ANSWERED]
    assert sum(isinstance(centre.state(name), Busy) for name in ("anna", "ben", "chloe")) == 1
    assert len([one for one in centre.every(HangUp) if one.leg == second.leg]) == 2


def test_who_becomes_ready_while_all_phones_ring_is_rung_too() -> None:
    centre = Centre(company(queue(BILLING, ring_next_after=0.0)))
    centre.connect()
    centre.ready("anna")
    centre.call_billing()
    assert rung(centre) == ["anna"]
    centre.ready("ben")
    assert rung(centre) == ["anna", "ben"]


def test_one_more_phone_every_few_seconds_and_at_once_when_one_is_declined() -> None:
    centre = centre_that_rings(4.0)
    leg = centre.call_billing()
    assert len(rung(centre)) == 1
    centre.wait(3.9)
    assert len(rung(centre)) == 1
    centre.wait(0.2)
    assert len(rung(centre)) == 2
    centre.tell(DeclineCall(centre.request_id(), AgentId(rung(centre)[0])))
    assert len(rung(centre)) == 3
    stage = centre.interaction(leg).stage
    assert isinstance(stage, Ringing)
    assert [one.agent for one in stage.held] == rung(centre)[1:]


def test_when_nobody_answers_the_caller_waits_again_and_the_phones_are_silent() -> None:
    centre = centre_that_rings(0.0)
    leg = centre.call_billing()
    centre.wait(15.1)
    assert {one.outcome for one in centre.every(ReservationEnded)} == {ReservationOutcome.EXPIRED}
    assert isinstance(centre.interaction(leg).stage, Waiting)
    assert all(isinstance(centre.state(name), NotReady) for name in ("anna", "ben", "chloe"))


def test_a_caller_who_hangs_up_silences_every_phone() -> None:
    centre = centre_that_rings(0.0)
    centre.hang_up(centre.call_billing())
    assert [one.cause for one in centre.every(ReservationEnded)] == ["caller hung up"] * 3
    assert all(isinstance(centre.state(name), Ready) for name in ("anna", "ben", "chloe"))
    assert not centre.center._floor.reservations


# -- several calls for one agent -----------------------------------------------------------------------------------


@pytest.fixture
def two_lines() -> Centre:
    """Anna is alone, and takes two calls."""
    anna = replace(agent("anna", billing=5), capacity=2)
    centre = Centre(company(queue(BILLING, wrap_up=20.0), agents=(anna,)))
    centre.connect()
    centre.ready("anna")
    return centre


def talk(centre: Centre) -> LegId:
    leg = centre.call_billing()
    centre.connect_call(leg)
    return leg


def test_a_second_call_rings_while_he_talks_though_his_phone_is_in_use(two_lines: Centre) -> None:
    talk(two_lines)
    two_lines.tell(PhoneBusy(NODE, Endpoint("PJSIP/anna")))
    second, third = two_lines.call_billing(), two_lines.call_billing()
    assert len(rung(two_lines)) == 2
    assert isinstance(two_lines.state("anna"), Busy), "he talks, whatever rings beside"
    two_lines.connect_call(second)
    assert isinstance(two_lines.interaction(third).stage, Waiting)


def test_a_browser_takes_one_call_at_a_time() -> None:
    """The next one rings when he writes up, and it is no trouble of his that it did not ring before."""
    anna = replace(agent("anna", phones=2, billing=5), capacity=2)
    centre = Centre(company(queue(BILLING, wrap_up=20.0), agents=(anna,)))
    centre.connect()
    centre.ready("anna")
    centre.tell(LogIn(centre.request_id(), AgentId("anna"), PhoneKind.BROWSER))
    first = talk(centre)
    second = centre.call_billing()
    assert isinstance(centre.interaction(second).stage, Waiting)
    assert not centre.center.out_of_reach(centre.center.agents[AgentId("anna")])
    centre.hang_up(first)
    assert isinstance(centre.state("anna"), Reserved)
    centre.connect_call(second)
    assert len(centre.center.agents[AgentId("anna")].works) == 2


def test_each_call_has_its_own_end_and_its_own_wrap_up(two_lines: Centre) -> None:
    anna = AgentId("anna")
    first, second = talk(two_lines), talk(two_lines)
    of = two_lines.interaction(first).id
    two_lines.tell(HangUpCall(two_lines.request_id(), anna, of))
    kinds = [type(work) for work in two_lines.center.agents[anna].works]
    assert kinds == [AfterCallWork, Busy]
    two_lines.tell(ChooseWrapUp(two_lines.request_id(), anna, queue(BILLING).wrap_up_codes[0], "", of))
    assert two_lines.center.interactions[of].wrap_up.code == "solved"
    assert not two_lines.interaction(second).wrap_up.code
    two_lines.tell(FinishWrapUp(two_lines.request_id(), anna, of))
    assert of not in two_lines.center.interactions
    assert len(two_lines.center.agents[anna].works) == 1


def test_wrap_up_of_one_call_ends_in_its_time_beside_the_other(two_lines: Centre) -> None:
    first, _ = talk(two_lines), talk(two_lines)
    two_lines.hang_up(first)
    two_lines.wait(20.1)
    assert [type(work) for work in two_lines.center.agents[AgentId("anna")].works] == [Busy]


def test_of_two_calls_that_are_written_up_each_has_its_own_time(two_lines: Centre) -> None:
    first, second = talk(two_lines), talk(two_lines)
    of = two_lines.interaction(second).id
    two_lines.hang_up(first)
    two_lines.wait(5)
    two_lines.hang_up(second)
    two_lines.wait(15.1)
    assert [work.interaction for work in two_lines.center.agents[AgentId("anna")].works] == [of]
    two_lines.wait(5)
    assert isinstance(two_lines.state("anna"), Ready)


def test_ready_ends_what_is_written_up_and_nothing_else(two_lines: Centre) -> None:
    first, _ = talk(two_lines), talk(two_lines)
    two_lines.hang_up(first)
    two_lines.tell(BecomeReady(two_lines.request_id(), AgentId("anna")))
    assert [type(work) for work in two_lines.center.agents[AgentId("anna")].works] == [Busy]


def test_he_who_lets_the_second_call_ring_out_goes_on_with_the_first(two_lines: Centre) -> None:
    talk(two_lines)
    leg = two_lines.call_billing()
    two_lines.wait(15.1)
    assert isinstance(two_lines.state("anna"), Busy)
    assert two_lines.center.agents[AgentId("anna")].standing.presence == NotReady(two_lines.now - 0.1, NO_ANSWER)
    assert isinstance(two_lines.interaction(leg).stage, Waiting)


def test_one_phone_never_rings_for_two_calls(two_lines: Centre) -> None:
    two_lines.call_billing()
    two_lines.call_billing()
    assert len(rung(two_lines)) == 1
    assert isinstance(two_lines.state("anna"), Reserved)
    two_lines.answer()
    assert len(rung(two_lines)) == 2


def test_hundreds_who_miss_a_call_do_not_keep_its_place_from_being_written() -> None:
    agents = tuple(agent(f"agent{number:04}", billing=3) for number in range(400))
    centre = Centre(company(queue(BILLING, ring_next_after=0.0), queue(PRODUCTS), agents=agents))
    centre.connect()
    leg = centre.call_billing()
    centre.ready(*(one.id for one in agents))
    centre.wait(130)
    assert len(centre.interaction(leg).missed_by) == 400
    assert len(centre.last(Remember).memory) < 8_000
