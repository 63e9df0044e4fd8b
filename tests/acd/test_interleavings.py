"""Two things in the same moment, things that come late, and a PBX that does not do as it is told."""

import pytest

from acd.calls.interactions import Connecting, InFlow, Leaving, Talking, Waiting
from acd.events import (
    InteractionClosed,
    ReservationEnded,
    SegmentClosed,
    TalkStarted,
)
from acd.model import (
    AgentId,
    InteractionId,
    PhoneKind,
    QueueName,
    ReservationOutcome,
    SegmentOutcome,
    Skill,
)
from acd.people.agents import AfterCallWork, Busy, NotReady, Ready, Reserved
from acd.plan import AgentPlan, Phone
from acd.remembered import AgentRemembered
from acd.requests import BecomeReady, HangUpCall
from cti.commands import Bridge, HangUp, Play, Ring, StartMusic
from cti.events import (
    CallArrived,
    CommandFailed,
    LegEnded,
    LegsBridged,
    LegSeen,
    PbxLost,
    PbxSynchronized,
    PbxTaken,
    PlaybackEnded,
)
from cti.model import CallerId, CallId, Endpoint, HangupCause, LegId, NodeName
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, agent, company, queue


@pytest.fixture
def centre() -> Centre:
    """A centre with its PBX."""
    centre = Centre()
    centre.connect()
    return centre


def legs(*seen: LegSeen) -> PbxSynchronized:
    """The PBX is back and has these."""
    return PbxSynchronized(NODE, seen)


def unwell(centre: Centre, kind: type[Ring | Bridge | Play | HangUp | StartMusic]) -> None:
    """The last command of that kind fails."""
    centre.tell(CommandFailed(centre.last(kind), "not connected"))


# -- calls and agents, many at a time --------------------------------------------------------------------------------


def test_when_several_agents_come_free_at_once_nobody_ready_stands_beside_a_call(centre: Centre) -> None:
    centre.ready("anna", "ben", "chloe")
    first = centre.call_billing()
    centre.connect_call(first)  # anna is busier than the others from now on
    second = centre.call_billing()
    centre.hang_up(second)
    centre.wait(300)
    centre.hang_up(first)
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))
    centre.tell(PbxLost(NODE, "cut"))
    arrivals = [CallArrived(CallId(leg), leg, CallerId("1"), "1000") for leg in map(LegId, ("pbx1/x1", "pbx1/x2"))]
    centre.tell(PbxSynchronized(NODE, ()))
    centre.tell(PbxLost(NODE, "cut again"))
    before = len(centre.every(Ring))
    for one in arrivals:
        centre.tell(one)
        centre.press(one.leg, "1")
    assert len(centre.every(Ring)) == before, "the PBX is away"
    centre.tell(legs(*(LegSeen(one.leg, True, (), "", one) for one in arrivals)))
    assert len(centre.every(Ring)) == before + 2


def test_a_bridge_that_fails_late_does_not_cost_the_next_agent_the_call(centre: Centre) -> None:
    centre.ready("anna", "ben")
    leg = centre.call_billing()
    centre.answer()
    late = centre.last(Bridge)
    centre.hang_up(centre.last(Ring).leg)
    centre.answer()
    assert isinstance(centre.state("ben"), Busy)
    centre.tell(CommandFailed(late, "409"))
    assert isinstance(centre.interaction(leg).stage, Connecting)
    centre.tell(LegsBridged(late.call, (leg, *late.others)))
    assert isinstance(centre.interaction(leg).stage, Connecting), "that was the other agent's leg"
    ring = centre.last(Ring)
    centre.tell(LegsBridged(ring.call, (leg, ring.leg)))
    assert isinstance(centre.interaction(leg).stage, Talking)


def test_a_bridge_that_fails_because_the_caller_has_just_hung_up_is_nobodys_fault(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.answer()
    centre.tell(CommandFailed(centre.last(Bridge), "400 Channel not found"))
    centre.wait(0.1)
    centre.hang_up(leg)
    assert isinstance(centre.state("anna"), Ready)


def test_a_bridge_that_fails_though_both_are_there_gives_the_caller_back(centre: Centre) -> None:
    centre.ready("anna", "ben")
    centre.call_billing()
    centre.answer()
    centre.tell(CommandFailed(centre.last(Bridge), "500"))
    centre.wait(0.5)
    assert centre.state("anna") == NotReady(centre.now, "no audio")
    assert centre.last(Ring).endpoint == "PJSIP/ben"


def test_two_deadlines_in_one_tick_of_which_the_first_undoes_the_second(centre: Centre) -> None:
    centre.tell(AgentRemembered(AgentId("anna"), Ready(1.0), PhoneKind.DESK))
    centre.wait(50)
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))
    leg = centre.call_billing()
    assert isinstance(centre.state("anna"), Reserved)
    centre.now += 100  # nobody looked at the clock for a while
    centre.center.tick(centre.now)
    assert isinstance(centre.state("anna"), NotReady)
    assert isinstance(centre.interaction(leg).stage, Waiting)


# -- the PBX is away ---------------------------------------------------------------------------------------------------


def test_who_is_being_connected_while_the_pbx_is_away_talks_when_it_is_back(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.answer()
    ring = centre.last(Ring)
    centre.tell(PbxLost(NODE, "cut"))
    unwell(centre, Bridge)
    centre.wait(20)
    assert isinstance(centre.interaction(leg).stage, Connecting)
    centre.tell(legs(LegSeen(leg, True, (ring.leg,)), LegSeen(ring.leg, True, (leg,))))
    assert isinstance(centre.interaction(leg).stage, Talking)
    assert not centre.every(HangUp)


def test_a_bridge_that_was_lost_on_the_way_is_made_when_the_pbx_is_back(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.answer()
    ring = centre.last(Ring)
    centre.tell(PbxLost(NODE, "cut"))
    centre.wait(20)
    outputs = centre.tell(legs(LegSeen(leg, True), LegSeen(ring.leg, True)))
    assert [one.others for one in outputs if isinstance(one, Bridge)] == [(ring.leg,)]
    centre.wait(5)
    assert centre.state("anna") == NotReady(centre.now, "no audio"), "and then it has its time, no more"


def test_nobody_is_blamed_for_what_the_pbx_did_not_do(centre: Centre) -> None:
    centre.ready("anna", "ben")
    leg = centre.call_billing()
    ring = centre.last(Ring)
    centre.tell(PbxLost(NODE, "cut"))
    unwell(centre, Ring)
    centre.wait(30)
    assert centre.last(ReservationEnded).outcome is ReservationOutcome.WITHDRAWN
    assert isinstance(centre.state("anna"), Ready)
    assert isinstance(centre.interaction(leg).stage, Waiting)
    outputs = centre.tell(legs(LegSeen(leg, True), LegSeen(ring.leg, False)))
    assert [one.leg for one in outputs if isinstance(one, HangUp)] == [ring.leg]
    assert len([one for one in outputs if isinstance(one, Ring)]) == 1


def test_an_agents_leg_that_is_gone_without_our_seeing_how_is_not_held_against_him(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.tell(PbxLost(NODE, "cut"))
    outputs = centre.tell(legs(LegSeen(leg, True)))
    assert len([one for one in outputs if isinstance(one, Ring)]) == 1, "he is asked again"


def test_a_dialogue_stands_still_while_the_pbx_is_away(centre: Centre) -> None:
    leg = centre.dial()
    centre.tell(PbxLost(NODE, "cut"))
    unwell(centre, Play)
    centre.wait(600)
    assert isinstance(centre.interaction(leg).stage, InFlow)
    centre.tell(legs(LegSeen(leg, True)))
    centre.press(leg, "2")
    assert centre.waiting("products")


def test_a_wait_does_not_end_while_nobody_could_tell_the_caller() -> None:
    centre = Centre(company(queue(BILLING, max_wait=60.0), queue(PRODUCTS)))
    centre.connect()
    leg = centre.call_billing()
    centre.tell(PbxLost(NODE, "cut"))
    centre.wait(120)
    assert isinstance(centre.interaction(leg).stage, Waiting)
    centre.tell(legs(LegSeen(leg, True)))
    centre.wait(2)
    assert isinstance(centre.interaction(leg).stage, Leaving)


def test_music_that_could_not_be_started_is_started_when_the_pbx_is_back(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.tell(PbxLost(NODE, "cut"))
    unwell(centre, StartMusic)
    outputs = centre.tell(legs(LegSeen(leg, True)))
    assert [one.leg for one in outputs if isinstance(one, StartMusic)] == [leg]
    centre.tell(PbxLost(NODE, "cut"))
    assert not [o for o in centre.tell(legs(LegSeen(leg, True))) if isinstance(o, StartMusic)], "once is enough"


def test_a_pbx_that_another_process_has_taken_is_left_alone(centre: Centre) -> None:
    centre.ready("anna")
    centre.tell(PbxTaken(NODE))
    centre.call_billing()
    assert not centre.every(Ring)


# -- commands that fail, events that never come ------------------------------------------------------------------------


def test_a_hang_up_that_fails_is_repeated(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    ring = centre.connect_call(leg)
    centre.hang_up(leg)
    unwell(centre, HangUp)
    centre.wait(1)
    assert len(centre.every(HangUp)) == 1
    centre.wait(9)
    assert [one.leg for one in centre.every(HangUp)] == [ring.leg, ring.leg]
    unwell(centre, HangUp)
    centre.hang_up(ring.leg)
    centre.wait(60)
    assert len(centre.every(HangUp)) == 2
    assert centre.nothing_is_due()


def test_who_hears_a_last_sentence_whose_end_is_never_told_is_hung_up_all_the_same(centre: Centre) -> None:
    leg = centre.dial("4711")
    centre.wait(120)
    assert [one.leg for one in centre.every(HangUp)] == [leg]
    centre.hang_up(leg)
    assert centre.nothing_is_due()


def test_an_arrival_that_is_told_twice_is_one_call(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.connect_call(leg)
    centre.tell(HangUpCall(centre.request_id(), AgentId("anna")))
    centre.tell(CallArrived(CallId(leg), leg, CallerId("+493012345"), "1000"))
    assert len(centre.center.interactions) == 1


def test_ends_that_are_told_twice_end_once(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    ring = centre.connect_call(leg)
    for one in (leg, ring.leg, leg, ring.leg):
        centre.tell(LegEnded(one, HangupCause.NORMAL))
    assert isinstance(centre.state("anna"), AfterCallWork)
    centre.wait(20)
    assert len(centre.every(InteractionClosed)) == 1


# -- several PBXs ---------------------------------------------------------------------------------------------------


def test_a_caller_on_a_pbx_where_nobody_has_a_phone_is_told_so() -> None:
    plan = company(queue(BILLING, tell_if_nobody=True), queue(PRODUCTS))
    centre = Centre(plan)
    centre.connect()
    other = NodeName("pbx2")
    centre.tell(PbxSynchronized(other, ()))
    centre.ready("anna")
    leg = LegId(f"{other}/in-1")
    centre.tell(CallArrived(CallId(leg), leg, CallerId("1"), "1000"))
    centre.press(leg, "1")
    assert centre.last(SegmentClosed).outcome is SegmentOutcome.OVERFLOWED


def test_one_pbx_is_away_and_the_other_goes_on() -> None:
    other = NodeName("pbx2")
    erik = AgentPlan(
        AgentId("erik"), "Erik", {Skill("billing"): 5}, (Phone(PhoneKind.DESK, Endpoint("PJSIP/e"), other),)
    )
    centre = Centre(company(agents=(agent("anna", billing=5), erik)))
    centre.connect()
    centre.tell(PbxSynchronized(other, ()))
    centre.ready("anna", "erik")
    centre.tell(PbxLost(NODE, "cut"))
    leg = LegId(f"{other}/in-1")
    centre.tell(CallArrived(CallId(leg), leg, CallerId("1"), "1000"))
    centre.press(leg, "1")
    assert centre.last(Ring).endpoint == "PJSIP/e"
    centre.tell(legs())
    assert isinstance(centre.state("erik"), Reserved)
    centre.connect_call(leg)
    assert centre.last(TalkStarted).agent == "erik"
    assert centre.waiting(QueueName("billing")) == ()
    assert centre.interaction(leg).id == InteractionId(centre.last(TalkStarted).interaction)


def test_a_playback_that_ends_twice_is_over_once(centre: Centre) -> None:
    leg = centre.dial()
    playback = centre.last(Play).playback
    centre.tell(PlaybackEnded(leg, playback))
    assert not centre.tell(PlaybackEnded(leg, playback))
