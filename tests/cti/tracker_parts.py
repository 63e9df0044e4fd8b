"""A caller, an agent, their channels and events, for the tests of the tracker."""

from cti.asterisk.ari_events import (
    AnyAriEvent,
    ChannelEnteredBridge,
    ChannelLeftBridge,
    ChannelStateChange,
    StasisStart,
)
from cti.asterisk.ari_objects import Bridge, Channel, DialplanPlace, Party
from cti.commands import Bridge as BridgeCommand
from cti.commands import Ring
from cti.events import (
    AnyPbxEvent,
    CallArrived,
)
from cti.model import CallerId, CallId, CommandId, Endpoint, LegId, NodeName
from cti.tracker import Tracker

NODE = NodeName("pbx1")
CALLER, AGENT = LegId("pbx1/1.1"), LegId("pbx1/leg-1")
CALL = CallId("pbx1/1.1")
BRIDGE = "callwright-1.1"
ARRIVAL = CallArrived(CALL, CALLER, CallerId("+15550100", "Ann"), "5551000")
ID = CommandId("c1")
RING = Ring(ID, AGENT, CALL, Endpoint("PJSIP/alice"), CallerId(), 20.0)
TO_BRIDGE = BridgeCommand(ID, CALLER, CALL, (AGENT,))


def caller(state: str = "Up", app: str = "Stasis", data: str = "callwright,in,5551000", memory: str = "") -> Channel:
    place = DialplanPlace("callwright-in", "5551000", app, data)
    return Channel("1.1", "PJSIP/line-1", state, Party("+15550100", "Ann"), place, {"CALLWRIGHT": memory})


def agent(state: str = "Up", inside: bool = True, memory: str | None = "-") -> Channel:
    place = DialplanPlace("", "s", *(("Stasis", "callwright,leg") if inside else ("AppDial2", "(Outgoing Line)")))
    return Channel("leg-1", "PJSIP/alice-1", state, Party(), place, {"CALLWRIGHT": memory})


ARRIVES = StasisStart(caller("Ring"), ("in", "5551000"))
RINGS = ChannelStateChange(agent("Ringing", inside=False))
ANSWERS = StasisStart(agent(), ("leg",))


def entered(channel: Channel, *inside: str) -> ChannelEnteredBridge:
    return ChannelEnteredBridge(Bridge(BRIDGE, inside), channel)


def left(channel: Channel, *inside: str) -> ChannelLeftBridge:
    return ChannelLeftBridge(Bridge(BRIDGE, inside), channel)


class Told:
    """A tracker, and everything it has said."""

    def __init__(self, *events: AnyAriEvent) -> None:
        self.tracker = Tracker(NODE, "callwright")
        self.hear(*events)

    def hear(self, *events: AnyAriEvent) -> list[AnyPbxEvent]:
        return [said for event in events for said in self.tracker.receive(event)]

    def ring(self) -> None:
        self.tracker.asked(RING)
        self.tracker.accepted(RING)

    def ringing(self) -> "Told":
        self.ring()
        self.hear(RINGS)
        return self

    def talking(self) -> "Told":
        self.ringing()
        self.hear(ANSWERS)
        self.tracker.asked(TO_BRIDGE)
        self.hear(entered(caller(), "1.1"), entered(agent(), "1.1", "leg-1"))
        self.tracker.accepted(TO_BRIDGE)
        return self
