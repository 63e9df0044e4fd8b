"""The tracker and snapshots: who lives, what was missed, and what must not be told twice."""

import time
from collections.abc import Sequence

from cti.asterisk.ari_events import (
    ChannelDestroyed,
    ChannelHangupRequest,
    StasisEnd,
)
from cti.asterisk.ari_objects import Bridge, Channel, DialplanPlace, Snapshot
from cti.commands import Answer, ReturnToDialplan
from cti.events import (
    AnyPbxEvent,
    LegAnswered,
    LegEnded,
    LegReturned,
    LegsBridged,
    PbxSynchronized,
)
from cti.model import HangupCause
from tests.cti.tracker_parts import (
    AGENT,
    ANSWERS,
    ARRIVAL,
    ARRIVES,
    BRIDGE,
    CALL,
    CALLER,
    ID,
    RING,
    TO_BRIDGE,
    Told,
    agent,
    caller,
)


def seen(told: Told, *channels: Channel, bridges: Sequence[Bridge] = ()) -> PbxSynchronized:
    return told.tracker.reconcile(Snapshot(channels, tuple(bridges)))


def test_only_our_legs_are_in_a_snapshot() -> None:
    legs = seen(
        Told(),
        caller(),
        agent("Ringing", inside=False, memory="agent"),
        Channel("8.1", state="Up", dialplan=DialplanPlace(app_name="Stasis", app_data="another,in,1")),
        Channel("8.2", state="Up", dialplan=DialplanPlace(app_name="Stasis", app_data="callwright2")),
        Channel("8.3", state="Ringing", dialplan=DialplanPlace(app_name="AppDial2")),
        Channel("8.4", state="Up", dialplan=DialplanPlace(app_name="Queue"), channelvars={"CALLWRIGHT": "waited"}),
        Channel("8.5", channelvars={"CALLWRIGHT": None}),
    ).legs
    assert [(leg.leg, leg.answered, leg.memory) for leg in legs] == [(CALLER, True, ""), (AGENT, False, "agent")]
    assert [leg.arrival for leg in legs] == [ARRIVAL, None]


def test_a_caller_who_rings_is_not_answered_yet() -> None:
    assert not seen(Told(), caller("Ring")).legs[0].answered


def test_what_a_snapshot_has_told_is_not_told_again() -> None:
    told = Told()
    seen(told, caller("Ring"), agent(), bridges=[Bridge(BRIDGE, ("1.1", "leg-1"))])
    assert told.hear(ARRIVES, ANSWERS) == []
    assert told.hear(ChannelHangupRequest(agent()), ChannelDestroyed(agent())) == [LegEnded(AGENT, HangupCause.NORMAL)]


def test_a_leg_whose_end_was_told_is_not_seen_to_live() -> None:
    told = Told(ARRIVES)
    told.hear(ChannelHangupRequest(caller()))
    assert seen(told, caller()).legs == ()
    assert told.hear(StasisEnd(caller())) == []


def test_empty_bridges_of_an_earlier_process_are_tidied_up() -> None:
    told = Told()
    seen(told, bridges=[Bridge("callwright-0.5"), Bridge("theirs"), Bridge(BRIDGE, ("1.1",))])
    assert told.tracker.take_empty_bridges() == ["callwright-0.5"]


def sweep(told: Told, *channels: Channel, bridges: Sequence[Bridge] = ()) -> list[AnyPbxEvent]:
    told.tracker.begin_sweep()
    return [*told.tracker.repair(Snapshot(channels, tuple(bridges)))]


def test_a_sweep_that_finds_everything_as_it_should_be_says_nothing() -> None:
    told = Told(ARRIVES).talking()
    assert sweep(told, caller(), agent(), bridges=[Bridge(BRIDGE, ("1.1", "leg-1"))]) == []


def test_a_sweep_tells_what_was_missed() -> None:
    assert sweep(Told(), caller()) == [ARRIVAL]
    assert sweep(Told(ARRIVES)) == [LegEnded(CALLER, HangupCause.LOST)]
    assert sweep(Told().ringing(), agent()) == [LegAnswered(AGENT)]
    assert sweep(Told(), agent()) == [LegAnswered(AGENT)]
    told = Told(ARRIVES).ringing()
    told.hear(ANSWERS)
    told.tracker.asked(TO_BRIDGE)
    assert sweep(told, caller(), agent(), bridges=[Bridge(BRIDGE, ("1.1", "leg-1"))]) == [
        LegsBridged(CALL, (CALLER, AGENT))
    ]


def test_a_sweep_does_not_miss_what_cannot_be_there_yet_and_tells_who_is_rightly_gone() -> None:
    told = Told(ARRIVES)
    told.tracker.asked(RING)
    told.tracker.asked(ReturnToDialplan(ID, CALLER))
    assert sweep(told) == [LegReturned(CALLER)]
    told.tracker.accepted(RING)
    assert sweep(told) == [LegEnded(AGENT, HangupCause.LOST)]


def test_a_ringing_phone_of_an_earlier_process_is_noted_silently() -> None:
    told = Told()
    assert sweep(told, agent("Ringing", inside=False)) == []
    assert told.hear(ANSWERS) == [LegAnswered(AGENT)]


def test_what_was_touched_since_a_sweep_began_is_newer_than_its_snapshot() -> None:
    told = Told(ARRIVES)
    told.tracker.begin_sweep()
    told.hear(StasisEnd(caller()))
    assert told.tracker.repair(Snapshot((caller(),))) == []
    told.tracker.begin_sweep()
    told.hear(ARRIVES)
    told.tracker.asked(Answer(ID, CALLER))
    assert told.tracker.repair(Snapshot()) == []


def looked_through(channels: int) -> float:
    """CPU seconds of a sweep that finds nothing wrong."""
    told = Told()
    several = tuple(Channel(f"other-{number}", state="Up", dialplan=caller().dialplan) for number in range(channels))
    snapshot = Snapshot((*several, caller()))
    seen(told, *snapshot.channels)
    began = time.thread_time()
    assert told.tracker.unheard(snapshot, [channel.id for channel in several]) == ["1.1"]
    told.tracker.begin_sweep()
    assert told.tracker.repair(snapshot) == []
    return time.thread_time() - began


def test_a_large_pbx_is_looked_through_before_a_call_has_waited_for_long() -> None:
    small, large = (min(looked_through(channels) for _ in range(3)) for channels in (1_000, 10_000))
    assert large < 35 * small, "ten times as much, and not a hundred times"
