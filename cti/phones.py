"""Which phones of one PBX can be reached, said only when it changes."""

from collections.abc import Sequence

from cti.asterisk.ami_messages import AnyAmiMessage, DeviceState, PeerStatus
from cti.events import PhoneReachable, PhoneUnreachable
from cti.model import Endpoint

_OUT_OF_REACH = frozenset({"UNAVAILABLE", "INVALID"})
_REACHABLE = {"Reachable": True, "Registered": True, "Unreachable": False, "Unregistered": False}
_NO_PHONES = ("Queue:", "Custom:", "Local/", "confbridge:", "park:", "parkinglot:", "mwi:", "Stasis:")
"""Asterisk gives states to other things too, by the same name of event."""


class Phones:
    """What was last said of each phone."""

    def __init__(self) -> None:
        self._reachable: dict[Endpoint, bool] = {}

    def receive(self, message: AnyAmiMessage) -> Sequence[PhoneReachable | PhoneUnreachable]:
        """What a message of AMI says about a phone, if it is news."""
        match message:
            case DeviceState(device=device, state=state) if "/" in device and not device.startswith(_NO_PHONES):
                return self._update(Endpoint(device), state not in _OUT_OF_REACH)
            case PeerStatus(peer=peer, status=status) if status in _REACHABLE:
                return self._update(Endpoint(peer), _REACHABLE[status])
            case _:
                return ()

    def _update(self, phone: Endpoint, reachable: bool) -> Sequence[PhoneReachable | PhoneUnreachable]:
        if self._reachable.get(phone) is reachable:
            return ()
        self._reachable[phone] = reachable
        return (PhoneReachable(phone),) if reachable else (PhoneUnreachable(phone),)
