"""Random histories of events, commands and snapshots: a leg ends once, and is silent afterwards."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from cti.asterisk.ari_events import (
    AnyAriEvent,
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
)
from cti.asterisk.ari_objects import Bridge, Playback, Snapshot
from cti.commands import Answer, AnyCommand, HangUp, ReturnToDialplan, Ring
from cti.events import (
    AnyPbxEvent,
    CallArrived,
    KeyPressed,
    LegAnswered,
    LegEnded,
    LegRinging,
    PlaybackEnded,
)
from cti.model import LegId
from cti.tracker import Tracker
from tests.cti.tracker_parts import AGENT, ANSWERS, ARRIVES, BRIDGE, CALLER, ID, NODE, RING, TO_BRIDGE, agent, caller

_channels = st.sampled_from([caller("Ring"), caller(), agent("Ringing", inside=False), agent()])
_causes = st.integers(0, 127)
_bridges = st.builds(Bridge, st.sampled_from([BRIDGE, "theirs"]), st.sampled_from([(), ("1.1",), ("1.1", "leg-1")]))
_ari: st.SearchStrategy[AnyAriEvent] = st.one_of(
    st.sampled_from([ARRIVES, ANSWERS, ApplicationReplaced()]),
    st.builds(StasisEnd, _channels),
    st.builds(ChannelStateChange, _channels),
    st.builds(ChannelDtmfReceived, _channels, st.sampled_from("0123456789*#ABCD")),
    st.builds(ChannelHangupRequest, _channels, st.booleans(), _causes),
    st.builds(ChannelDestroyed, _channels, _causes),
    st.builds(ChannelEnteredBridge, _bridges, _channels),
    st.builds(ChannelLeftBridge, _bridges, _channels),
    st.builds(BridgeDestroyed, _bridges),
    st.builds(PlaybackFinished, st.just(Playback("p1", "channel:1.1", "done"))),
)
_commands: st.SearchStrategy[AnyCommand] = st.sampled_from(
    [RING, TO_BRIDGE, HangUp(ID, CALLER), HangUp(ID, AGENT), ReturnToDialplan(ID, CALLER), Answer(ID, CALLER)]
)
_snapshots = st.builds(
    Snapshot, st.lists(_channels, unique_by=lambda c: c.id).map(tuple), st.lists(_bridges, max_size=1).map(tuple)
)


class Step(NamedTuple):
    """Something that happens, and the legs that are new, or alive again, by it."""

    take: Callable[[Tracker], Sequence[AnyPbxEvent]]
    revives: frozenset[LegId] = frozenset()


def _asked(command: AnyCommand) -> Step:
    def take(tracker: Tracker) -> Sequence[AnyPbxEvent]:
        tracker.asked(command)
        return ()

    return Step(take, frozenset({command.leg}) if isinstance(command, Ring) else frozenset())


def _swept(snapshot: Snapshot) -> Step:
    def take(tracker: Tracker) -> Sequence[AnyPbxEvent]:
        tracker.begin_sweep()
        said = tracker.repair(snapshot)
        tracker.begin_sweep()
        assert tracker.repair(snapshot) == [], "a second look at the same things finds nothing"
        return said

    return Step(take, _legs_in(snapshot))


def _reconciled(snapshot: Snapshot) -> Step:
    return Step(lambda tracker: (tracker.reconcile(snapshot),), _legs_in(snapshot))


def _legs_in(snapshot: Snapshot) -> frozenset[LegId]:
    return frozenset(LegId(f"pbx1/{channel.id}") for channel in snapshot.channels)


_steps: st.SearchStrategy[Step] = st.one_of(
    _ari.map(lambda event: Step(lambda tracker: tracker.receive(event))),
    _commands.map(_asked),
    _commands.map(lambda command: Step(lambda tracker: tracker.accepted(command))),
    _commands.map(lambda command: Step(lambda tracker: tracker.refused(command, "no"))),
    _snapshots.map(_reconciled),
    _snapshots.map(_swept),
)


@given(st.lists(_steps, max_size=30))
def test_whatever_comes_a_leg_ends_once_and_is_silent_afterwards(steps: list[Step]) -> None:
    tracker = Tracker(NODE, "callwright")
    ended: set[LegId] = set()
    for step in steps:
        ended -= step.revives
        for said in step.take(tracker):
            match said:
                case CallArrived(leg=leg) | LegAnswered(leg=leg):
                    ended.discard(leg)
                case LegEnded(leg=leg):
                    assert leg not in ended
                    ended.add(leg)
                case KeyPressed(leg=leg) | PlaybackEnded(leg=leg) | LegRinging(leg=leg):
                    assert leg not in ended
                case _:
                    pass
        tracker.take_empty_bridges()
