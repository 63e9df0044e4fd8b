"""What happens on one PBX, told in a few words: ARI's events about channels and bridges in, ours about legs and calls
out.

A leg is in one of five places:

    ASKED    we have told the PBX to ring a phone, and it has not confirmed that yet
    OUTSIDE  the channel exists, the phone rings; it is not in our application
    INSIDE   it is in our application: an arrived caller, or a phone that was answered
    LEAVING  we have asked to give it back to the dialplan, so that its leaving is not its end
    ENDED    we have said that it ended, and wait for its last event to forget it

An end is told as early as it is certain, because the next caller waits for that agent: at the phone's own hang-up
request (BYE, CANCEL, or a refusal), some milliseconds before the channel is gone. A request from inside the PBX
(`soft`: our own, a redirection) is not certain, so there we wait until the channel leaves our application. The cause
is then the one we gave; without one (somebody took the channel out of our hands) it is a normal end. A phone that
rings and is never answered gives no hang-up request when it rings out: its `ChannelDestroyed` is the only sign.

After `StasisEnd` Asterisk forgets our subscription to a caller's channel, so that may be the last event of it: the
leg is forgotten there, and the `ChannelDestroyed` of a phone's channel that still follows is for an unknown leg,
which is ignored.

The tracker also keeps the bridges tidy. A call's bridge that was used and that nobody is in any more is handed to the
link (`take_empty_bridges`), which destroys it; should the call need one again, `Bridge` makes it again.
"""

from collections.abc import Collection, Sequence
from enum import Enum, auto

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
    RecordingFailed,
    RecordingFinished,
    StasisEnd,
    StasisStart,
)
from cti.asterisk.ari_objects import Channel, LiveRecording, Snapshot
from cti.asterisk.ari_requests import bridge_of
from cti.asterisk.q850 import meaning_of
from cti.bridges import Bridges
from cti.commands import AnyCommand, Bridge, HangUp, Play, Record, ReturnToDialplan, Ring
from cti.events import (
    AnyPbxEvent,
    CommandFailed,
    KeyPressed,
    LegAnswered,
    LegEnded,
    LegReturned,
    LegRinging,
    PbxSynchronized,
    PbxTaken,
    PlaybackEnded,
    RecordingEnded,
)
from cti.keys import Keys
from cti.model import HangupCause, LegId, NodeName, PlaybackId, RecordingName, channel_of, leg_on
from cti.snapshots import OurChannel, arrival_of, legs_seen, our_channels

NO_CHANNEL = "404 Channel not found"
"""Asterisk's answer where there is no such leg any more."""
_CHANNEL_URI = "channel:"
_NOTHING: tuple[AnyPbxEvent, ...] = ()


class _Place(Enum):
    ASKED = auto()
    OUTSIDE = auto()
    INSIDE = auto()
    LEAVING = auto()
    ENDED = auto()


class _Leg:
    """What is known of one leg."""

    __slots__ = ("cause", "keys", "place", "rang")

    def __init__(self, place: _Place) -> None:
        self.place = place
        self.rang = False
        self.cause = HangupCause.NORMAL
        """To be told at its end, if Asterisk says no better."""
        self.keys = Keys()


class Tracker:
    """The legs and bridges of one PBX.

    Each command is shown to it before (`asked`) and after (`accepted`, `refused`), each ARI event to `receive`, and
    each snapshot to `reconcile` (after a connection was made) or `repair` (in between, to find what got lost).
    """

    def __init__(self, node: NodeName, app: str) -> None:
        self._node = node
        self._app = app
        self._legs: dict[LegId, _Leg] = {}
        self._bridges = Bridges(node)
        self._touched: set[LegId] = set()

    # --- commands ---

    def asked(self, command: AnyCommand) -> None:
        """A command is about to go to the PBX."""
        self._touched.add(command.leg)
        leg = self._legs.get(command.leg)
        match command:
            case Ring():
                self._legs[command.leg] = _Leg(_Place.ASKED)
            case Bridge():
                self._bridges.want(bridge_of(command.call), (command.leg, *command.others))
            case HangUp(cause=cause) if leg:
                leg.cause = cause
            case ReturnToDialplan() if leg and leg.place is _Place.INSIDE:
                leg.place = _Place.LEAVING
            case _:
                pass

    def accepted(self, command: AnyCommand) -> Sequence[AnyPbxEvent]:
        """The PBX has carried the command out."""
        self._touched.add(command.leg)
        match command:
            case Ring():
                leg = self._legs.get(command.leg)
                if leg and leg.place is _Place.ASKED:
                    leg.place = _Place.OUTSIDE
                return _NOTHING
            case Bridge():
                return self._bridges.check(bridge_of(command.call))
            case _:
                return _NOTHING

    def refused(self, command: AnyCommand, reason: str, *, trouble: bool = False) -> Sequence[AnyPbxEvent]:
        """The PBX has not carried the command out, or (with `trouble`) perhaps it has and we cannot know."""
        self._touched.add(command.leg)
        leg = self._legs.get(command.leg)
        match command:
            case Ring() if leg and trouble:
                del self._legs[command.leg]  # should it ring all the same: whoever answers is told of as a new leg
            case Ring() if leg:
                leg.place = _Place.ENDED
            case Bridge():
                self._bridges.give_up(bridge_of(command.call))
            case Play() | Record() | ReturnToDialplan() if reason == NO_CHANNEL:
                # He has hung up, and the event is behind this answer: whatever the brain would say to him now, it would
                # say to nobody, and write down a stay in a queue that nobody was in.
                return (*self._end(command.leg, HangupCause.NORMAL), CommandFailed(command, reason))
            case ReturnToDialplan() if leg and leg.place is _Place.LEAVING and not trouble:
                leg.place = _Place.INSIDE
            case _:
                pass
        return (CommandFailed(command, reason, trouble),)

    def take_empty_bridges(self) -> Sequence[str]:
        """Ids of bridges that nobody needs any more, each said once; to be destroyed."""
        return self._bridges.take_empty()

    # --- events ---

    def receive(self, event: AnyAriEvent) -> Sequence[AnyPbxEvent]:
        """What an event of ARI means."""
        match event:
            case ChannelEnteredBridge(bridge=bridge, channel=channel):
                said: Sequence[AnyPbxEvent] = self._bridges.enter(bridge, channel.id)
            case ChannelLeftBridge(bridge=bridge, channel=channel):
                self._bridges.leave(bridge, channel.id)
                said = _NOTHING
            case BridgeDestroyed(bridge=bridge):
                self._bridges.forget(bridge.id)
                said = _NOTHING
            case PlaybackFinished(playback=playback):
                leg = leg_on(self._node, playback.target_uri.removeprefix(_CHANNEL_URI))
                ended = PlaybackEnded(leg, PlaybackId(playback.id), playback.state == "failed")
                said = (ended,) if self._is_alive(leg) else _NOTHING
            case RecordingFinished(recording=recording) | RecordingFailed(recording=recording):
                said = (_recorded(self._node, recording, failed=isinstance(event, RecordingFailed)),)
            case ApplicationReplaced():
                said = (PbxTaken(self._node),)
            case _:
                leg = leg_on(self._node, event.channel.id)
                self._touched.add(leg)
                said = self._of_channel(leg, event)
        return said

    def _of_channel(
        self,
        leg: LegId,
        event: StasisStart
        | StasisEnd
        | ChannelStateChange
        | ChannelDtmfReceived
        | ChannelHangupRequest
        | ChannelDestroyed,
    ) -> Sequence[AnyPbxEvent]:
        said: Sequence[AnyPbxEvent] = _NOTHING
        match event:
            case StasisStart(channel=channel, args=args):
                said = self._entered(leg, channel, args)
            case ChannelStateChange(channel=channel):
                said = self._changed(leg, channel)
            case ChannelDtmfReceived(digit=key, duration_ms=lasted, timestamp=at):
                alive = self._is_alive(leg) and self._legs[leg].keys.counts(key, at, lasted)
                said = (KeyPressed(leg, key),) if alive else _NOTHING
            case ChannelHangupRequest(soft=soft, cause=cause, tech_cause=status):
                said = _NOTHING if soft else self._end(leg, meaning_of(cause, status))
            case StasisEnd():
                said = self._left(leg)
            case ChannelDestroyed(cause=cause, tech_cause=status):
                said = self._end(leg, meaning_of(cause, status))
                self._legs.pop(leg, None)
        return said

    def _entered(self, leg: LegId, channel: Channel, args: tuple[str, ...]) -> Sequence[AnyPbxEvent]:
        known = self._legs.get(leg)
        if known and known.place in {_Place.INSIDE, _Place.ENDED}:
            return _NOTHING
        unseen = self._given_back(leg) if known and known.place is _Place.LEAVING else _NOTHING
        self._legs[leg] = _Leg(_Place.INSIDE)
        arrival = arrival_of(self._node, channel, args)
        return (LegAnswered(leg),) if arrival is None else (*unseen, arrival)

    def _changed(self, leg: LegId, channel: Channel) -> Sequence[AnyPbxEvent]:
        known = self._legs.get(leg)
        if not known or known.place not in {_Place.ASKED, _Place.OUTSIDE}:
            return _NOTHING
        known.place = _Place.OUTSIDE
        if channel.state != "Ringing" or known.rang:
            return _NOTHING
        known.rang = True
        return (LegRinging(leg),)

    def _left(self, leg: LegId) -> Sequence[AnyPbxEvent]:
        known = self._legs.get(leg)
        said: Sequence[AnyPbxEvent] = _NOTHING
        if known:
            said = self._given_back(leg) if known.place is _Place.LEAVING else self._end(leg, known.cause)
        self._legs.pop(leg, None)
        return said

    def _given_back(self, leg: LegId) -> Sequence[AnyPbxEvent]:
        self._bridges.leg_ended(leg)
        return (LegReturned(leg),)

    def _end(self, leg: LegId, cause: HangupCause) -> Sequence[AnyPbxEvent]:
        if not self._is_alive(leg):
            return _NOTHING
        self._legs[leg].place = _Place.ENDED
        self._bridges.leg_ended(leg)
        return (LegEnded(leg, cause),)

    def _is_alive(self, leg: LegId) -> bool:
        known = self._legs.get(leg)
        return known is not None and known.place is not _Place.ENDED

    # --- snapshots ---

    def unheard(self, snapshot: Snapshot, subscribed: Collection[str]) -> Sequence[str]:
        """The ids of those channels in a snapshot that are ours, and not among those whose events we are told."""
        heard = frozenset(subscribed)  # they are as many as the channels, and come as a list
        ours = (channel_of(leg) for leg in our_channels(self._node, self._app, snapshot))
        return [channel for channel in ours if channel not in heard]

    def reconcile(self, snapshot: Snapshot) -> PbxSynchronized:
        """Forget what we believed; this is the truth. For the moment after a connection was made.

        Events that came since then, and that the snapshot may contain already, are to be received afterwards.
        """
        over = {leg for leg, known in self._legs.items() if known.place is _Place.ENDED}
        found = our_channels(self._node, self._app, snapshot)
        self._legs = {leg: _Leg(_Place.ENDED) if leg in over else _place(ours) for leg, ours in found.items()}
        self._bridges.reset(snapshot.bridges)
        alive = {leg: ours for leg, ours in found.items() if leg not in over}
        return PbxSynchronized(self._node, legs_seen(self._node, alive, snapshot.bridges))

    def begin_sweep(self) -> None:
        """A snapshot for `repair` is about to be taken; what happens to a leg from now on is newer than that
        snapshot."""
        self._touched.clear()
        self._bridges.touched.clear()

    def repair(self, snapshot: Snapshot) -> Sequence[AnyPbxEvent]:
        """The events that should have come and did not. Each one is a fault to be counted."""
        found = our_channels(self._node, self._app, snapshot)
        said: list[AnyPbxEvent] = []
        for leg in [leg for leg in self._legs if leg not in found and leg not in self._touched]:
            said += self._missing(leg)
        for leg, ours in found.items():
            if leg not in self._touched:
                said += self._found(leg, ours)
        said += self._bridges.repair(snapshot.bridges)
        return said

    def _missing(self, leg: LegId) -> Sequence[AnyPbxEvent]:
        place = self._legs[leg].place
        if place is _Place.ASKED:  # still in its lane, so it cannot be there yet
            return _NOTHING
        said = self._given_back(leg) if place is _Place.LEAVING else self._end(leg, HangupCause.LOST)
        del self._legs[leg]
        return said

    def _found(self, leg: LegId, ours: OurChannel) -> Sequence[AnyPbxEvent]:
        known = self._legs.get(leg)
        channel, args = ours
        if known and (args is None or known.place in {_Place.INSIDE, _Place.LEAVING, _Place.ENDED}):
            return _NOTHING
        self._legs[leg] = _place(ours)
        if args is None:
            return _NOTHING
        arrival = arrival_of(self._node, channel, args)
        return (LegAnswered(leg),) if arrival is None else (arrival,)


def _recorded(node: NodeName, recording: LiveRecording, *, failed: bool) -> RecordingEnded:
    """Told of a leg that has ended, too: the end of the leg is mostly what ended the recording."""
    leg = leg_on(node, recording.target_uri.removeprefix(_CHANNEL_URI))
    spoken = recording.duration if recording.talking_duration is None else recording.talking_duration
    return RecordingEnded(leg, RecordingName(recording.name), recording.duration, spoken, failed)


def _place(ours: OurChannel) -> _Leg:
    return _Leg(_Place.OUTSIDE if ours.args is None else _Place.INSIDE)
