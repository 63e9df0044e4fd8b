"""Announcements into the music: in turn, never in the way of the connection."""

import pytest

from acd.plan import CenterPlan
from acd.waiting.announcing import Announced, at_entry, next_one, said_to_everybody
from acd.waiting.plan import Announcements, WaitingPlan
from cti.commands import Bridge, Command, Play, Remember, StartMusic, StopPlayback
from cti.events import LegAnswered, PbxLost, PlaybackEnded
from cti.model import HangupCause, LegId, Speech
from ivr.speech.waiting_words import position_said
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, company, queue

HOLD = {"en": "Please hold.", "zh": "请稍候。"}
SOON = {"en": "It will not be long.", "zh": "很快就好。"}
BOTH = Announcements(30.0, (HOLD, SOON), position=True)


def plan(announcements: Announcements = BOTH) -> CenterPlan:
    """The small company, with something to say."""
    return company(queue(BILLING, waiting=WaitingPlan(announcements)), queue(PRODUCTS))


def centre(announcements: Announcements = BOTH) -> Centre:
    """At work, with the PBX there."""
    made = Centre(plan(announcements))
    made.connect()
    return made


def heard(centre: Centre, leg: LegId) -> list[str]:
    """What was played to him since he chose."""
    return [" ".join(one.text for one in play.sounds if isinstance(one, Speech)) for play in plays(centre, leg)][1:]


def plays(centre: Centre, leg: LegId) -> list[Play]:
    return [play for play in centre.every(Play) if play.leg == leg]


@pytest.mark.parametrize(
    ("language", "position", "said"),
    [
        ("en", 1, "You are next in the queue."),
        ("en", 3, "You are number 3 in the queue."),
        ("en-GB", 21, "There are more than 19 callers before you."),
        ("zh-TW", 1, "您是下一位。"),
        ("zh", 12, "您排在第十二位。"),
        ("zh", 40, "您前面有超过十九位来电者。"),
        ("es", 1, "Usted es el siguiente."),
        ("es-MX", 3, "Ocupa el tercer lugar de la cola."),
        ("es", 13, "Ocupa el decimotercer lugar de la cola."),
        ("es", 25, "Hay más de diecinueve llamadas antes que la suya."),
        ("fr", 2, "You are number 2 in the queue."),
    ],
)
def test_a_place_in_words(language: str, position: int, said: str) -> None:
    assert position_said(position, language) == said


@pytest.mark.parametrize(
    ("told", "position", "says"),
    [(3, 2, True), (3, 3, False), (3, 4, False), (0, 4, True), (30, 25, False), (25, 20, True)],
)
def test_a_place_is_told_only_when_it_is_better(told: int, position: int, says: bool) -> None:
    one = next_one(Announcements(position=True), Announced(position=told), position, "en")
    assert bool(one.sounds) is says
    assert one.then.position == (position if says else told)


def test_messages_in_turn_and_in_the_callers_language() -> None:
    told = at_entry(BOTH, Announced(), 2, "zh").then
    said = []
    for _ in range(3):
        one = next_one(BOTH, told, 2, "zh")
        said.append([sound.text for sound in one.sounds])
        told = one.then
    assert said == [[HOLD["zh"]], [SOON["zh"]], [HOLD["zh"]]]


def test_all_that_is_said_can_be_made_ahead() -> None:
    ahead = set(said_to_everybody(BOTH, ("en", "zh")))
    for position in (1, 2, 20, 21, 300):
        for language in ("en", "zh"):
            assert set(next_one(BOTH, Announced(), position, language).sounds) <= ahead


def test_place_at_entry_then_messages_with_music_between() -> None:
    world = centre()
    first, second = world.call_billing(), world.call_billing()
    assert heard(world, first) == ["You are next in the queue."]
    assert heard(world, second) == ["You are number 2 in the queue."]
    world.wait(60)  # it plays on: nothing is said into it
    assert len(heard(world, second)) == 1
    world.prompt_ends(second)
    world.wait(29)
    assert len(heard(world, second)) == 1
    world.wait(1)
    assert heard(world, second)[1:] == ["Please hold."]
    world.hang_up(first)
    world.prompt_ends(second)
    world.wait(30)
    assert heard(world, second)[2:] == ["You are next in the queue. It will not be long."]


def test_the_pbx_goes_on_with_music_by_itself() -> None:
    world = centre()
    leg = world.call_billing()
    commands = [one for one in world.every(Command) if one.leg == leg]
    assert [type(one) for one in commands[-2:]] == [Play, StartMusic]


def test_the_announcement_is_cut_before_they_are_connected() -> None:
    world = centre()
    leg = world.call_billing()
    playing = plays(world, leg)[-1].playback
    world.ready("anna")
    outputs = [one for one in world.answer() if isinstance(one, Command)]
    assert [type(one) for one in outputs] == [StopPlayback, Bridge]
    assert isinstance(outputs[0], StopPlayback)
    assert outputs[0].playback == playing


def test_nothing_is_said_while_they_are_connected_and_all_goes_on_if_that_fails() -> None:
    world = centre()
    leg = world.call_billing()
    world.ready("anna")
    world.answer()
    said = len(plays(world, leg))
    world.wait(4)
    world.hang_up(world.last(Bridge).others[0])
    assert len(plays(world, leg)) == said
    world.wait(30)
    assert heard(world, leg)[-1] == "Please hold."


def test_what_is_written_on_his_leg_does_not_wait_for_an_announcement() -> None:
    world = centre()
    leg = world.call_billing()
    world.ready("anna")
    world.said.clear()
    ring = world.center._floor.agent_legs
    world.hang_up(next(iter(ring)), HangupCause.NO_ANSWER)
    kinds = [type(one) for one in world.every(Command) if one.leg == leg]
    assert kinds == [StopPlayback, Remember]


def test_nothing_is_said_while_his_pbx_is_away() -> None:
    world = centre()
    leg = world.call_billing()
    world.prompt_ends(leg)
    world.tell(PbxLost(NODE, "cut"))
    world.wait(300)
    assert len(heard(world, leg)) == 1


def test_an_end_that_was_never_told() -> None:
    world = centre()
    leg = world.call_billing()
    world.wait(120)
    assert heard(world, leg)[1:] == ["Please hold."]


def test_a_late_end_of_what_was_cut_changes_nothing() -> None:
    world = centre()
    leg = world.call_billing()
    playing = plays(world, leg)[-1].playback
    world.ready("anna")
    ring = world.connect_call(leg)
    world.tell(PlaybackEnded(leg, playing))
    world.tell(LegAnswered(ring.leg))
    world.hang_up(leg)
    world.wait(300)
    assert world.nothing_is_due()


def test_who_is_served_at_once_hears_nothing() -> None:
    world = centre()
    world.ready("anna")
    leg = world.call_billing()
    assert heard(world, leg) == []
