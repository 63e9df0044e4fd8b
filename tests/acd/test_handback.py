"""A PBX that another process has driven for a while, and its calls when it is ours again."""

import pytest

from acd.calls.interactions import Talking, Waiting
from acd.events import InteractionClosed, ReservationMade, SegmentClosed
from acd.model import AgentId
from acd.people.agents import Busy, NotReady, Ready
from acd.recovery.memory import AgentMemory, CallerMemory, CallerTalking, CallerWaiting, read, written
from cti.commands import HangUp, Remember, Ring
from cti.events import CommandFailed, LegSeen, PbxSynchronized, PbxTaken
from cti.model import CallerId, LegId, leg_on
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, company, queue
from tests.acd.test_crashes import after, arrival_of, found, talk

THEIRS = leg_on(NODE, "theirs-1")
"""A leg that the other process has rung."""


@pytest.fixture
def centre() -> Centre:
    """A centre with its PBX."""
    centre = Centre()
    centre.connect()
    return centre


def note(centre: Centre, leg: LegId) -> CallerMemory:
    """What was last written on a caller's leg."""
    memory = read([one.memory for one in centre.every(Remember) if one.leg == leg][-1])
    assert isinstance(memory, CallerMemory)
    return memory


def seen(leg: LegId, memory: CallerMemory | AgentMemory, *with_whom: LegId) -> LegSeen:
    """A leg as it is found."""
    arrival = arrival_of(leg) if isinstance(memory, CallerMemory) else None
    return LegSeen(leg, True, with_whom, written(memory), arrival)


def back(centre: Centre, *legs: LegSeen) -> None:
    """The PBX is ours again, and these are on it."""
    centre.tell(PbxSynchronized(NODE, legs))


def balanced(centre: Centre) -> bool:
    return all(queue.figures.balanced(len(queue)) for queue in centre.center.queues.values())


def test_while_it_is_taken_nothing_is_decided_about_it(centre: Centre) -> None:
    leg = centre.call_billing()
    centre.tell(PbxTaken(NODE))
    assert NODE in centre.center.pbx_taken
    centre.ready("anna")
    centre.wait(3600)
    assert not centre.every(Ring)
    assert isinstance(centre.interaction(leg).stage, Waiting), "who knows how he fares"


def test_a_call_that_nobody_has_touched_is_as_it_was(centre: Centre) -> None:
    leg = centre.call_billing()
    waits = centre.interaction(leg)
    centre.tell(PbxTaken(NODE))
    centre.wait(60)
    back(centre, seen(leg, note(centre, leg)))
    assert centre.interaction(leg) is waits
    assert not centre.center.pbx_taken
    centre.ready("anna")
    assert len(centre.every(Ring)) == 1
    assert balanced(centre)


def test_who_talks_with_us_still_does(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    ring = centre.connect_call(leg)
    centre.tell(PbxTaken(NODE))
    centre.wait(60)
    mine = AgentMemory(centre.interaction(leg).id, AgentId("anna"))
    back(centre, seen(leg, note(centre, leg), ring.leg), seen(ring.leg, mine, leg))
    assert isinstance(centre.state("anna"), Busy)
    assert not centre.every(HangUp)


def test_a_talk_that_began_under_the_other_process_is_taken_up_and_not_cut(centre: Centre) -> None:
    leg = centre.call_billing()
    memory = note(centre, leg)
    centre.tell(PbxTaken(NODE))
    centre.ready("ben")
    centre.wait(60)
    assert isinstance(memory.stage, CallerWaiting)
    talking = CallerTalking(BILLING, memory.stage.segment, memory.stage.since, AgentId("ben"), centre.now - 30)
    now = CallerMemory(memory.interaction, CallerId("+493012345"), memory.dialled, memory.started, talking)
    back(centre, seen(leg, now, THEIRS), seen(THEIRS, AgentMemory(memory.interaction, AgentId("ben")), leg))
    assert not centre.every(HangUp)
    assert not centre.every(Ring)
    assert isinstance(centre.interaction(leg).stage, Talking)
    assert isinstance(centre.state("ben"), Busy)
    assert balanced(centre)
    centre.hang_up(leg)
    assert [one.leg for one in centre.every(HangUp)] == [THEIRS]


def test_a_talk_that_has_ended_leaves_its_agent_free_and_says_nothing(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    centre.connect_call(leg)
    centre.call_billing()
    centre.tell(PbxTaken(NODE))
    centre.wait(3600)
    said = len(centre.said)
    back(centre)
    assert isinstance(centre.state("anna"), Ready)
    assert not centre.center.interactions
    assert not [one for one in centre.said[said:] if isinstance(one, InteractionClosed | SegmentClosed | HangUp)]
    assert balanced(centre)
    centre.wait(7200)
    assert centre.nothing_is_due()


def test_a_ring_of_ours_that_the_other_process_has_ended_frees_the_agent(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    memory = note(centre, leg)
    centre.tell(PbxTaken(NODE))
    now = CallerMemory(memory.interaction, CallerId("+493012345"), memory.dialled, memory.started + 1, memory.stage)
    assert isinstance(memory.stage, CallerWaiting)
    missed = CallerWaiting(BILLING, memory.stage.segment, memory.stage.since, memory.stage.place, {AgentId("ben"): "x"})
    now = CallerMemory(memory.interaction, now.caller, now.dialled, now.started, missed)
    back(centre, seen(leg, now))
    assert len(centre.every(ReservationMade)) == 2, "she is asked again, as nothing came of the first ring"
    assert balanced(centre)


def test_whom_we_wanted_to_hang_up_on_may_talk_by_now(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    memory = note(centre, leg)
    ring = centre.connect_call(leg)
    centre.tell(PbxTaken(NODE))
    centre.hang_up(ring.leg)
    centre.tell(CommandFailed(centre.last(HangUp), "another process drives this PBX", trouble=True))
    assert isinstance(memory.stage, CallerWaiting)
    talking = CallerTalking(BILLING, memory.stage.segment, memory.stage.since, AgentId("ben"), centre.now)
    now = CallerMemory(memory.interaction, CallerId("+493012345"), memory.dialled, memory.started, talking)
    said = len(centre.said)
    back(centre, seen(leg, now, THEIRS), seen(THEIRS, AgentMemory(memory.interaction, AgentId("ben")), leg))
    assert not [one for one in centre.said[said:] if isinstance(one, HangUp)]


def test_an_answer_that_could_not_be_written_down_is_counted_once(centre: Centre) -> None:
    centre.ready("anna")
    leg = centre.call_billing()
    waiting = note(centre, leg)
    ring = centre.connect_call(leg)
    centre.tell(PbxTaken(NODE))  # before the PBX has carried out what was to be written
    centre.wait(45)
    mine = AgentMemory(waiting.interaction, AgentId("anna"))
    back(centre, seen(leg, waiting, ring.leg), seen(ring.leg, mine, leg))
    assert balanced(centre)
    assert len(centre.every(SegmentClosed)) == 1
    figures = centre.center.queues[BILLING].figures
    assert (figures.entered, figures.tally.answered) == (1, 1)
    assert centre.center.agents[AgentId("anna")].handled == 1
    assert isinstance(centre.interaction(leg).stage, Talking)
    assert isinstance(note(centre, leg).stage, CallerTalking), "written now"


def test_nobody_without_a_screen_is_ready_when_his_call_is_forgotten(centre: Centre) -> None:
    legs = talk(centre)
    successor = after(centre)
    successor.tell(found(centre, legs))
    assert isinstance(successor.state("anna"), Busy)
    successor.tell(PbxTaken(NODE))
    successor.wait(40)
    back(successor)
    assert isinstance(successor.state("anna"), NotReady)
    successor.call_billing()
    assert not successor.every(Ring)


def test_the_longest_wait_does_not_end_a_call_that_another_process_has() -> None:
    centre = Centre(company(queue(BILLING, max_wait=60.0), queue(PRODUCTS)))
    centre.connect()
    leg = centre.call_billing()
    centre.wait(50)
    centre.ready("anna")
    waiting = note(centre, leg)
    centre.tell(PbxTaken(NODE))
    centre.wait(100)  # the ring and the wait are over
    assert not centre.every(SegmentClosed)
    assert isinstance(waiting.stage, CallerWaiting)
    talking = CallerTalking(BILLING, waiting.stage.segment, waiting.stage.since, AgentId("ben"), centre.now - 90)
    now = CallerMemory(waiting.interaction, waiting.caller, waiting.dialled, waiting.started, talking)
    back(centre, seen(leg, now, THEIRS), seen(THEIRS, AgentMemory(waiting.interaction, AgentId("ben")), leg))
    assert balanced(centre)
    assert {one.outcome.value for one in centre.every(SegmentClosed)} == {"answered"}
