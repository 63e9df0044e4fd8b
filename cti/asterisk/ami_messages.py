"""What AMI says, as typed values, and what we say to it.

We use AMI for what ARI does not tell: whether phones can be reached. `PeerStatus` and `DeviceStateChange` both speak
of a whole phone (one endpoint may have several registrations), the second one also as the answer to
`DeviceStateList`, which needs no more than the right `reporting`. Source: Asterisk's AMI documentation.
"""

import re

import msgspec

from cti.asterisk.ami_packets import Packet
from cti.asterisk.understanding import Irrelevant, NotUnderstood, not_understood
from cti.commands import PickUp
from cti.model import channel_of

Action = dict[str, str]


class Response(msgspec.Struct, frozen=True):
    """The answer to one action of ours."""

    action_id: str
    success: bool
    message: str


class FullyBooted(msgspec.Struct, frozen=True):
    """Asterisk has loaded everything; before that, lists may be incomplete."""


class Shutdown(msgspec.Struct, frozen=True):
    """Asterisk goes down, orderly."""

    restart: bool


class ContactStatus(msgspec.Struct, frozen=True):
    """One registration of a phone: it came, went, or was asked whether it is still there."""

    endpoint: str
    uri: str
    status: str
    round_trip: float
    """Seconds; 0 if it was not measured."""


class PeerStatus(msgspec.Struct, frozen=True):
    """A phone as a whole, `PJSIP/alice`: `Reachable`, `Unreachable`, and a few more of other channel drivers."""

    peer: str
    status: str


class DeviceState(msgspec.Struct, frozen=True):
    """A phone as a whole, `PJSIP/alice`: `NOT_INUSE`, `INUSE`, `RINGING`, `UNAVAILABLE`, ..."""

    device: str
    state: str


AnyAmiMessage = Response | FullyBooted | Shutdown | ContactStatus | PeerStatus | DeviceState

_REQUIRED = {
    "ContactStatus": ("EndpointName", "ContactStatus"),
    "PeerStatus": ("Peer", "PeerStatus"),
    "DeviceStateChange": ("Device", "State"),
}


def decode_packet(packet: Packet) -> AnyAmiMessage | Irrelevant | NotUnderstood:
    """One packet as a typed value. Never raises, whatever is in the packet."""
    if "Response" in packet:
        return Response(packet.get("ActionID"), packet.get("Response") == "Success", packet.get("Message"))
    kind = packet.get("Event")
    if not kind:
        return not_understood("neither event nor response", repr(packet.headers[:3]))
    if any(name not in packet for name in _REQUIRED.get(kind, ())):
        return not_understood("header missing", repr(packet.headers))
    return _decode_event(kind, packet)


def _decode_event(kind: str, packet: Packet) -> AnyAmiMessage | Irrelevant:
    match kind:
        case "FullyBooted":
            return FullyBooted()
        case "Shutdown":
            return Shutdown(packet.get("Restart") == "True")
        case "ContactStatus":
            endpoint, status = packet.get("EndpointName"), packet.get("ContactStatus")
            return ContactStatus(endpoint, packet.get("URI"), status, _seconds(packet.get("RoundtripUsec")))
        case "PeerStatus":
            return PeerStatus(packet.get("Peer"), packet.get("PeerStatus"))
        case "DeviceStateChange":
            return DeviceState(packet.get("Device"), packet.get("State"))
        case _:
            return Irrelevant(kind)


def _seconds(microseconds: str) -> float:
    return int(microseconds) / 1e6 if re.fullmatch(r"[0-9]{1,12}", microseconds) else 0.0


def login(user: str, secret: str) -> Action:
    """Who we are, and of which of Asterisk's classes of event we want to hear."""
    return {"Action": "Login", "Username": user, "Secret": secret, "Events": "system,call"}


def ask_for_phones() -> Action:
    """The state of every phone, as `DeviceStateChange` events."""
    return {"Action": "DeviceStateList"}


def ping() -> Action:
    """Are you there?"""
    return {"Action": "Ping"}


def pick_up(command: PickUp) -> Action:
    """Ask the phone that rings to answer: SIP NOTIFY inside the call's own dialogue, `Event: talk` (Broadsoft's event
    package, which desk phones of most makers know). Needs Asterisk's module res_pjsip_notify and the right `system`.

    Only for phones that are known to obey: one that answers 481 ("Subscription Does Not Exist") makes Asterisk end
    the call, as SIP wants it (RFC 3261, section 12.2.1.2).
    """
    return {"Action": "PJSIPNotify", "Channel": channel_of(command.leg), "Variable": "Event=talk"}
