"""A word to the agent before he is connected: never to the caller, never for long, and never in anybody's way."""

import pytest

from acd.calls.interactions import Connecting, Talking, Waiting
from acd.events import AgentNoticed, SegmentClosed
from acd.model import AgentId, SegmentOutcome
from acd.people.agents import Busy, NotReady, Ready
from acd.requests import HangUpCall
from acd.waiting.announcing import SILENT
from acd.waiting.plan import Announcements, WaitingPlan, Whisper
from acd.waiting.whisper import LONGEST, all_whispers, whispered
from cti.commands import Bridge, Command, HangUp, Play, Ring, StopPlayback
from cti.events import CommandFailed, LegsBridged, LegSeen, PbxLost, PbxSynchronized
from cti.model import LegId, Speech
from ivr.speech.waiting_words import all_waited, usual_whisper, waited_said
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, company, queue
from tests.acd.test_crashes import after, arrival_of, found
from tests.acd.test_recovery import memory_of

BILLS = Whisper(usual_whisper("en"), "Bills", "en")


def centre(**settings: object) -> Centre:
    """With its PBX, and Anna and Ben at work."""
    waiting = WaitingPlan(Announcements(30.0, position=True), whisper=BILLS)
    made = Centre(company(queue(BILLING, waiting=waiting, **settings), queue(PRODUCTS)))
    made.connect()
    return made


def answered(world: Centre, waited: float = 25.0) -> tuple[LegId, Ring]:
    """Somebody has waited, and Anna answers."""
    leg = world.call_billing()
    world.prompt_ends(leg)
    world.wait(waited)
    world.ready("anna")
    ring = world.last(Ring)
    world.said.clear()
    world.answer(ring)
    return leg, ring


def commands(world: Centre) -> list[str]:
    return [type(one).__name__ for one in world.said if isinstance(one, Command)]


@pytest.mark.parametrize(
    ("seconds", "english", "chinese", "spanish"),
    [
        (0, "less than 10 seconds", "不到十秒", "menos de diez segundos"),
        (29.9, "20 seconds", "二十秒", "veinte segundos"),
        (60, "1 minute", "一分钟", "un minuto"),
        (3599, "55 minutes", "五十五分钟", "cincuenta y cinco minutos"),
        (3600, "1 hour", "一小时", "una hora"),
        (90_000, "more than an hour", "超过一小时", "más de una hora"),
    ],
)
def test_a_wait_in_words(seconds: float, english: str, chinese: str, spanish: str) -> None:
    for language, words in (("en", english), ("zh-CN", chinese), ("es", spanish)):
        assert waited_said(seconds, language) == words
        assert words in all_waited(language)


def test_all_that_is_said_can_be_made_ahead() -> None:
    ahead = set(all_whispers(BILLS))
    assert {whispered(BILLS, seconds) for seconds in range(0, 8000, 7)} <= ahead
    assert not list(all_whispers(Whisper()))


def test_he_is_told_then_they_are_connected() -> None:
    world = centre()
    leg, ring = answered(world)
    play = world.last(Play)
    assert play.leg == ring.leg
    assert play.sounds == (Speech("Bills. Waited 20 seconds.", "en"),)
    assert commands(world) == ["Play"], "the caller goes on with his music"
    assert isinstance(world.state("anna"), Busy)
    world.wait(3.0)
    world.prompt_ends(ring.leg)
    assert commands(world) == ["Play", "Bridge"]
    world.tell(LegsBridged(ring.call, (leg, ring.leg)))
    assert isinstance(world.interaction(leg).stage, Talking)
    assert world.last(SegmentClosed).wait == pytest.approx(28.0)
    world.wait(20.0)
    assert commands(world).count("Bridge") == 1


def test_an_announcement_to_the_caller_is_cut_only_then() -> None:
    world = centre()
    leg = world.call_billing()
    playing = world.interaction(leg).announced.playback
    assert playing != SILENT
    world.ready("anna")
    ring = world.last(Ring)
    world.said.clear()
    world.answer(ring)
    assert commands(world) == ["Play"]
    world.prompt_ends(ring.leg)
    assert commands(world) == ["Play", "StopPlayback", "Bridge"]
    assert world.last(StopPlayback).playback == playing


def test_it_holds_up_nobody_whose_end_is_not_told() -> None:
    world = centre()
    leg, ring = answered(world)
    world.wait(LONGEST - 0.1)
    assert not world.every(Bridge)
    world.wait(0.1)
    assert commands(world) == ["Play", "StopPlayback", "Bridge"]
    assert world.last(StopPlayback).leg == ring.leg
    world.prompt_ends(ring.leg)  # the end of what was cut
    assert len(world.every(Bridge)) == 1
    assert isinstance(world.interaction(leg).stage, Connecting)


def test_what_cannot_be_played_is_left_out() -> None:
    world = centre()
    _, ring = answered(world)
    world.tell(CommandFailed(world.last(Play), "no such sound"))
    assert commands(world) == ["Play", "Bridge"]
    assert world.last(Bridge).others == (ring.leg,)


def test_a_key_of_the_agent_cuts_it_short() -> None:
    world = centre()
    _, ring = answered(world)
    world.press(ring.leg, "#")
    assert commands(world) == ["Play", "StopPlayback", "Bridge"]
    world.press(ring.leg, "#")
    assert len(world.every(Bridge)) == 1


def test_the_connection_has_its_whole_time_after_it() -> None:
    world = centre()
    leg, ring = answered(world)
    world.wait(8.0)
    world.prompt_ends(ring.leg)
    world.wait(4.9)
    assert isinstance(world.interaction(leg).stage, Connecting)
    world.wait(0.2)
    assert isinstance(world.interaction(leg).stage, Waiting)


def test_the_caller_hangs_up_meanwhile() -> None:
    world = centre()
    leg, ring = answered(world)
    world.hang_up(leg)
    assert world.last(HangUp).leg == ring.leg
    assert world.last(AgentNoticed).code == "caller_hung_up"
    assert world.last(SegmentClosed).outcome is SegmentOutcome.ABANDONED
    assert isinstance(world.state("anna"), Ready)
    world.wait(30.0)
    assert world.nothing_is_due()


@pytest.mark.parametrize("by_request", [True, False])
def test_the_agent_hangs_up_meanwhile(by_request: bool) -> None:
    world = centre()
    leg, ring = answered(world)
    if by_request:
        world.tell(HangUpCall(world.request_id(), AgentId("anna")))
    else:
        world.hang_up(ring.leg)
    assert isinstance(world.interaction(leg).stage, Waiting)
    assert isinstance(world.state("anna"), NotReady)
    world.wait(20.0)
    assert not world.every(Bridge)
    world.ready("ben")
    world.answer()
    assert world.last(Play).sounds == (Speech("Bills. Waited 40 seconds.", "en"),)


def test_whose_phone_rings_too_is_released_at_the_answer() -> None:
    world = centre(ring_next_after=0.0)
    world.ready("anna", "ben")
    world.call_billing()
    first, second = world.every(Ring)
    world.answer(first)
    assert world.last(HangUp).leg == second.leg
    assert not world.every(Bridge)


def test_the_pbx_goes_away_and_comes_back() -> None:
    world = centre()
    leg, ring = answered(world)
    world.tell(PbxLost(NODE, "cut"))
    world.wait(60.0)
    assert not world.every(Bridge)
    caller, agent = (
        LegSeen(one, answered=True, memory=memory_of(world, one), arrival=arrival_of(one)) for one in (leg, ring.leg)
    )
    world.tell(PbxSynchronized(NODE, (caller, agent)))
    assert commands(world) == ["Play", "StopPlayback", "Bridge"]
    world.tell(LegsBridged(ring.call, (leg, ring.leg)))
    assert isinstance(world.interaction(leg).stage, Talking)


def test_killed_meanwhile_the_caller_keeps_his_place() -> None:
    world = centre()
    world.ready("anna")
    leg = world.call_billing()
    ring = world.last(Ring)
    world.answer(ring)
    since = world.center.queues[BILLING].longest_wait(world.now)
    then = after(world, world.center.plan)
    then.tell(found(world, (leg,), (ring.leg,)))
    assert [one.leg for one in then.every(HangUp)] == [ring.leg]
    assert isinstance(then.interaction(leg).stage, Waiting)
    assert then.center.queues[BILLING].longest_wait(then.now) == pytest.approx(since + 2.0)
    then.ready("ben")
    then.answer()
    then.prompt_ends(then.last(Ring).leg)
    assert isinstance(then.last(Bridge), Bridge)
