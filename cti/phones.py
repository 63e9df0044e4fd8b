"""Which phones of one PBX can be reached, and which are in use, said only when it changes."""

from collections.abc import Sequence

from cti.asterisk.ami_messages import AnyAmiMessage, DeviceState, PeerStatus
from cti.events import PhoneBusy, PhoneFree, PhoneReachable, PhoneUnreachable
from cti.model import Endpoint, NodeName

AnyPhoneEvent = PhoneReachable | PhoneUnreachable | PhoneBusy | PhoneFree

_OUT_OF_REACH = frozenset({"UNAVAILABLE", "INVALID"})
_IN_USE = frozenset({"INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD"})
_REACHABLE = {"Reachable": True, "Registered": True, "Unreachable": False, "Unregistered": False}
_NO_PHONES = ("Queue:", "Custom:", "Local/", "confbridge:", "park:", "parkinglot:", "mwi:", "Stasis:")
"""Asterisk gives states to other things too, by the same name of event."""


class Phones:
    """What was last said of each phone."""

    def __init__(self, node: NodeName) -> None:
        self._node = node
        self._reachable: dict[Endpoint, bool] = {}
        self._busy: dict[Endpoint, None] = {}

    def receive(self, message: AnyAmiMessage) -> Sequence[AnyPhoneEvent]:
        """What a message of AMI says about a phone, if it is news."""
        match message:
            case DeviceState(device=device, state=state) if "/" in device and not device.startswith(_NO_PHONES):
                phone = Endpoint(device)
                return (*self._reach(phone, state not in _OUT_OF_REACH), *self._use(phone, state in _IN_USE))
            case PeerStatus(peer=peer, status=status) if status in _REACHABLE:
                return self._reach(Endpoint(peer), _REACHABLE[status])
            case _:
                return ()

    def no_longer_seen(self) -> Sequence[AnyPhoneEvent]:
        """The connection is lost. Nobody would tell us when a call ends, so none keeps a phone from being rung."""
        return tuple(event for phone in tuple(self._busy) for event in self._use(phone, False))

    def _reach(self, phone: Endpoint, reachable: bool) -> Sequence[AnyPhoneEvent]:
        if self._reachable.get(phone) is reachable:
            return ()
        self._reachable[phone] = reachable
        return (PhoneReachable(self._node, phone) if reachable else PhoneUnreachable(self._node, phone),)

    def _use(self, phone: Endpoint, busy: bool) -> Sequence[AnyPhoneEvent]:
        if (phone in self._busy) is busy:
            return ()
        if busy:
            self._busy[phone] = None
            return (PhoneBusy(self._node, phone),)
        del self._busy[phone]
        return (PhoneFree(self._node, phone),)
