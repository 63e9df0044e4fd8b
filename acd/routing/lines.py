"""What the PBXs and the phones let us do just now, as far as they have said."""

from acd.plan import Phone, PhoneAt
from cti.model import LegId, NodeName, node_of


class Lines:
    """All PBXs and phones of the centre."""

    def __init__(self) -> None:
        self.connected: dict[NodeName, bool] = {}
        """Whether we see and drive that PBX."""
        self.taken: set[NodeName] = set()
        """PBXs that another process has taken over."""
        self.resting: set[NodeName] = set()
        """PBXs that have just been too busy to serve us."""
        self.reachable: dict[PhoneAt, bool] = {}
        """Whether a phone is registered, for those of which something was said."""
        self.in_use: set[PhoneAt] = set()
        """Phones that ring or talk, with us or without us."""
        self.refused: dict[PhoneAt, float] = {}
        """When a phone last said that it is busy, though it only had not closed our call before that one yet."""

    def sees(self, leg: LegId) -> bool:
        """Whether we see and drive the PBX that this leg is on."""
        return self.connected.get(node_of(leg), False)

    def trouble_of(self, phone: Phone, *, our_call: bool) -> str:
        """Why this phone cannot be rung; empty if it can. `our_call`: that it is in use is our own doing."""
        node = phone.node
        if not self.connected.get(node, False):
            return "another process has taken over the PBX" if node in self.taken else "the PBX is away"
        if node in self.resting:
            return "the PBX is too busy"
        if not self.reachable.get(phone.at, True):
            return "phone unreachable"
        if phone.at in self.in_use and not our_call and not phone.ring_when_busy:
            return "phone in use"
        return ""
