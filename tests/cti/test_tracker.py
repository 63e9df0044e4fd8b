"""The tracker, event by event and command by command."""

import pytest

from cti.asterisk.ari_events import (
    ApplicationReplaced,
    BridgeDestroyed,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelEnteredBridge,
    ChannelHangupRequest,
    ChannelLeftBridge,
    ChannelStateChange,
    PlaybackFinished,
    StasisEnd,
    StasisStart,
)
from cti.asterisk.ari_objects import Bridge, Channel, Playback
from cti.commands import AnyCommand, HangUp, Play, ReturnToDialplan
from cti.events import (
    CommandFailed,
    KeyPressed,
    LegAnswered,
    LegEnded,
    LegReturned,
    LegRinging,
    LegsBridged,
    PbxTaken,
    PlaybackEnded,
)
from cti.model import HangupCause, PlaybackId
from cti.tracker import NO_CHANNEL
from tests.cti.tracker_parts import (
    AGENT,
    ANSWERS,
    ARRIVAL,
    ARRIVES,
    BRIDGE,
    CALL,
    CALLER,
    ID,
    NODE,
    RING,
    RINGS,
    TO_BRIDGE,
    Told,
    agent,
    caller,
    entered,
    left,
)


def test_a_caller_arrives_once() -> None:
    assert Told().hear(ARRIVES, ARRIVES) == [ARRIVAL]


@pytest.mark.parametrize("args", [(), ("in",), ("in", ""), ("something", "")])
def test_a_dialplan_that_tells_no_number_is_believed_about_its_extension(args: tuple[str, ...]) -> None:
    assert Told().hear(StasisStart(caller("Ring"), args)) == [ARRIVAL]


def test_a_phone_rings_and_is_answered_once_each() -> None:
    told = Told()
    told.tracker.asked(RING)
    assert told.hear(ChannelStateChange(agent("Down", inside=False)), RINGS, RINGS) == [LegRinging(AGENT)]
    assert told.hear(ChannelStateChange(agent("Up", inside=False)), ANSWERS, ANSWERS) == [LegAnswered(AGENT)]


def test_the_answer_to_a_ring_may_come_after_its_events() -> None:
    told = Told()
    told.tracker.asked(RING)
    told.hear(RINGS, ANSWERS)
    assert told.tracker.accepted(RING) == ()
    assert told.hear(ChannelDtmfReceived(agent(), "1")) == [KeyPressed(AGENT, "1")]


def key(digit: str, at: float, lasted: int = 180) -> ChannelDtmfReceived:
    """A key whose end Asterisk tells `at` so many seconds."""
    return ChannelDtmfReceived(agent(), digit, lasted, f"2026-11-22T13:25:{at:06.3f}+0000")


@pytest.mark.parametrize(
    ("told_by_asterisk", "pressed"),
    [
        ([key("0", 10.0), key("0", 10.24), key("0", 10.48)], "000"),
        ([key("0", 10.0), key("0", 10.03)], "0"),
        ([key("1", 10.0), key("0", 10.24), key("0", 10.3), key("1", 10.48), key("1", 10.5), key("1", 10.58)], "101"),
        ([key("0", 10.0), key("1", 10.05), key("0", 10.08), key("1", 10.13)], "01"),
        ([key("0", 10.0), key("0", 10.12)], "00"),
        ([key("5", 59.99), ChannelDtmfReceived(agent(), "5", 180, "2026-11-22T13:26:00.010+0000")], "5"),
        ([key("7", 10.0, 50), key("7", 10.1, 50)], "77"),
        ([ChannelDtmfReceived(agent(), "8"), ChannelDtmfReceived(agent(), "8", 100, "noon")], "88"),
    ],
)
def test_a_key_that_asterisk_tells_twice_counts_once(told_by_asterisk: list[ChannelDtmfReceived], pressed: str) -> None:
    told = Told()
    told.tracker.asked(RING)
    told.hear(RINGS, ANSWERS)
    assert told.hear(*told_by_asterisk) == [KeyPressed(AGENT, one) for one in pressed]


def test_a_phone_of_ours_that_we_forgot_is_told_when_it_is_answered() -> None:
    assert Told().hear(ANSWERS) == [LegAnswered(AGENT)]


def test_legs_are_bridged_once_when_the_last_one_is_in() -> None:
    told = Told(ARRIVES).ringing()
    told.hear(ANSWERS)
    told.tracker.asked(TO_BRIDGE)
    assert told.hear(entered(caller(), "1.1")) == []
    assert told.hear(entered(agent(), "1.1", "leg-1")) == [LegsBridged(CALL, (CALLER, AGENT))]
    assert told.tracker.accepted(TO_BRIDGE) == ()


def test_legs_that_were_in_already_are_bridged_when_the_pbx_says_done() -> None:
    told = Told(ARRIVES).talking()
    told.tracker.asked(TO_BRIDGE)
    assert told.tracker.accepted(TO_BRIDGE) == (LegsBridged(CALL, (CALLER, AGENT)),)


def test_a_bridge_without_one_of_its_legs_never_comes_about() -> None:
    told = Told(ARRIVES).ringing()
    told.hear(ANSWERS)
    told.tracker.asked(TO_BRIDGE)
    told.hear(entered(caller(), "1.1"), ChannelHangupRequest(agent(), cause=16))
    assert told.tracker.accepted(TO_BRIDGE) == ()


def test_a_bridge_is_empty_when_the_last_one_has_left_it() -> None:
    told = Told(ARRIVES).talking()
    told.hear(left(agent(), "1.1"))
    assert told.tracker.take_empty_bridges() == []
    told.hear(left(caller()))
    assert told.tracker.take_empty_bridges() == [BRIDGE]
    assert told.tracker.take_empty_bridges() == []


def test_an_empty_bridge_that_is_wanted_again_is_kept() -> None:
    told = Told(ARRIVES).talking()
    told.hear(left(agent(), "1.1"), left(caller()))
    told.tracker.asked(TO_BRIDGE)
    assert told.tracker.take_empty_bridges() == []
    told.tracker.refused(TO_BRIDGE, "no")
    assert told.tracker.take_empty_bridges() == [BRIDGE]
    told.hear(BridgeDestroyed(Bridge(BRIDGE)))
    told.tracker.refused(TO_BRIDGE, "no")
    assert told.tracker.take_empty_bridges() == []


def test_bridges_of_others_are_let_alone() -> None:
    told = Told(ARRIVES)
    told.hear(ChannelEnteredBridge(Bridge("theirs", ("1.1",)), caller()), ChannelLeftBridge(Bridge("theirs"), caller()))
    assert told.tracker.take_empty_bridges() == []


@pytest.mark.parametrize(
    ("request_", "cause"),
    [
        (ChannelHangupRequest(caller()), HangupCause.NORMAL),  # BYE
        (ChannelHangupRequest(caller("Ring"), cause=127, tech_cause=487), HangupCause.NORMAL),  # CANCEL
        (ChannelHangupRequest(caller(), cause=38), HangupCause.CONGESTION),
    ],
)
def test_a_caller_ends_with_his_own_hang_up_and_nothing_follows(
    request_: ChannelHangupRequest, cause: HangupCause
) -> None:
    told = Told(ARRIVES)
    assert told.hear(request_) == [LegEnded(CALLER, cause)]
    late = PlaybackFinished(Playback("p1", "channel:1.1", "done"))
    assert told.hear(late, ChannelDtmfReceived(caller(), "1"), StasisEnd(caller()), ChannelDestroyed(caller())) == []


@pytest.mark.parametrize(
    ("cause", "status", "meaning"),
    [
        (17, 486, HangupCause.BUSY),
        (21, 603, HangupCause.REJECTED),
        (19, 480, HangupCause.NO_ANSWER),
        (20, 0, HangupCause.UNREACHABLE),
        (26, 0, HangupCause.ANSWERED_ELSEWHERE),
        (1, 404, HangupCause.UNKNOWN_NUMBER),
        (102, 0, HangupCause.FAILURE),
    ],
)
def test_a_phone_that_was_never_answered_ends_with_what_the_network_says(
    cause: int, status: int, meaning: HangupCause
) -> None:
    gone = ChannelDestroyed(agent("Ringing", inside=False), cause, status)
    assert Told().ringing().hear(gone, gone) == [LegEnded(AGENT, meaning)]


def test_our_own_hang_up_is_an_end_when_the_channel_has_left_with_the_cause_that_we_gave() -> None:
    told = Told(ARRIVES)
    told.tracker.asked(HangUp(ID, CALLER, HangupCause.BUSY))
    assert told.hear(ChannelHangupRequest(caller(), soft=True, cause=32)) == []
    assert told.hear(StasisEnd(caller()), ChannelDestroyed(caller(), 17)) == [LegEnded(CALLER, HangupCause.BUSY)]


def test_a_caller_whom_somebody_takes_out_of_our_hands_has_ended_and_may_arrive_again() -> None:
    assert Told(ARRIVES).hear(StasisEnd(caller()), ARRIVES) == [LegEnded(CALLER, HangupCause.NORMAL), ARRIVAL]


def test_a_caller_whom_we_give_back_has_not_ended_and_may_arrive_again() -> None:
    told = Told(ARRIVES)
    told.tracker.asked(ReturnToDialplan(ID, CALLER))
    assert told.hear(StasisEnd(caller()), ARRIVES) == [LegReturned(CALLER), ARRIVAL]


def test_who_comes_again_was_given_back_though_nobody_has_seen_it() -> None:
    told = Told(ARRIVES)
    told.tracker.asked(ReturnToDialplan(ID, CALLER, "200"))
    assert told.hear(ARRIVES) == [LegReturned(CALLER), ARRIVAL]


def test_whether_a_caller_was_given_back_is_not_known_if_nobody_has_answered() -> None:
    told = Told(ARRIVES)
    command = ReturnToDialplan(ID, CALLER, "200")
    told.tracker.asked(command)
    assert told.tracker.refused(command, "no answer", trouble=True) == (CommandFailed(command, "no answer", True),)
    assert told.hear(StasisEnd(caller())) == [LegReturned(CALLER)]


def test_a_caller_who_hangs_up_before_he_is_given_back_has_ended() -> None:
    told = Told(ARRIVES)
    told.tracker.asked(ReturnToDialplan(ID, CALLER))
    assert told.hear(ChannelHangupRequest(caller()), StasisEnd(caller())) == [LegEnded(CALLER, HangupCause.NORMAL)]


def test_a_caller_who_could_not_be_given_back_is_still_ours() -> None:
    told = Told(ARRIVES)
    command = ReturnToDialplan(ID, CALLER)
    told.tracker.asked(command)
    assert told.tracker.refused(command, "409") == (CommandFailed(command, "409"),)
    assert told.hear(StasisEnd(caller())) == [LegEnded(CALLER, HangupCause.NORMAL)]


@pytest.mark.parametrize("command", [Play(ID, CALLER, PlaybackId("p"), ()), ReturnToDialplan(ID, CALLER, "200")])
def test_who_is_not_there_any_more_when_something_is_done_to_him_has_hung_up(command: AnyCommand) -> None:
    told = Told(ARRIVES)
    told.tracker.asked(command)
    ended, failed = told.tracker.refused(command, NO_CHANNEL)
    assert (ended, failed) == (LegEnded(CALLER, HangupCause.NORMAL), CommandFailed(command, NO_CHANNEL))
    assert told.hear(ChannelHangupRequest(caller()), StasisEnd(caller())) == [], "his end is told once"


def test_a_phone_that_could_not_be_rung_is_not_spoken_of_again() -> None:
    told = Told()
    told.tracker.asked(RING)
    assert told.tracker.refused(RING, "500") == (CommandFailed(RING, "500"),)
    assert told.hear(RINGS, ANSWERS, ChannelDestroyed(agent())) == []


def test_prompts_end_well_or_badly() -> None:
    told = Told(ARRIVES)
    done, failed = (PlaybackFinished(Playback("p1", "channel:1.1", state)) for state in ("done", "failed"))
    playback = PlaybackId("p1")
    assert told.hear(done, failed) == [PlaybackEnded(CALLER, playback), PlaybackEnded(CALLER, playback, failed=True)]
    assert told.hear(PlaybackFinished(Playback("p1", "bridge:1.1", "done"))) == []


def test_another_process_takes_the_pbx() -> None:
    assert Told().hear(ApplicationReplaced("callwright")) == [PbxTaken(NODE)]


def test_other_peoples_channels_are_let_alone() -> None:
    stranger = Channel("7.7", state="Ringing")
    assert (
        Told().hear(
            ChannelStateChange(stranger),
            ChannelDtmfReceived(stranger, "1"),
            ChannelHangupRequest(stranger),
            StasisEnd(stranger),
            ChannelDestroyed(stranger),
        )
        == []
    )
