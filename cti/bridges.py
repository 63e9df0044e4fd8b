"""The bridges of one PBX: who is in, who is still expected, and which bridge nobody needs any more."""

from collections.abc import Sequence

from cti.asterisk.ari_objects import Bridge
from cti.asterisk.ari_requests import BRIDGE_PREFIX
from cti.events import LegsBridged
from cti.model import CallId, LegId, NodeName, channel_of


class Bridges:
    """Our bridges, by id. Those of others on the same PBX are ignored."""

    def __init__(self, node: NodeName) -> None:
        self._node = node
        self._inside: dict[str, frozenset[str]] = {}
        self._wanted: dict[str, tuple[LegId, ...]] = {}
        self._empty: set[str] = set()
        self.touched: set[str] = set()
        """Bridges that something happened to; a snapshot taken before is out of date about them."""

    def want(self, bridge: str, legs: tuple[LegId, ...]) -> None:
        """All of them shall hear each other; `LegsBridged` says once that they do."""
        self.touched.add(bridge)
        self._wanted[bridge] = legs
        self._empty.discard(bridge)

    def give_up(self, bridge: str) -> None:
        """They shall not, after all."""
        self.touched.add(bridge)
        self._wanted.pop(bridge, None)
        self._note_if_empty(bridge)

    def leg_ended(self, leg: LegId) -> None:
        """No bridge with this leg in it will come about."""
        for bridge in [bridge for bridge, legs in self._wanted.items() if leg in legs]:
            del self._wanted[bridge]

    def enter(self, bridge: Bridge, channel: str) -> Sequence[LegsBridged]:
        """Somebody is in; the event's own list of channels may or may not have him yet."""
        return self._update(bridge.id, frozenset(bridge.channels) | {channel})

    def leave(self, bridge: Bridge, channel: str) -> None:
        """Somebody is out."""
        self._update(bridge.id, frozenset(bridge.channels) - {channel})
        self._note_if_empty(bridge.id)

    def forget(self, bridge: str) -> None:
        """It was destroyed."""
        self.touched.add(bridge)
        self._inside.pop(bridge, None)

    def check(self, bridge: str) -> Sequence[LegsBridged]:
        """Says so, once, if all who are wanted in a bridge are in."""
        wanted = self._wanted.get(bridge)
        if not wanted or not self._inside.get(bridge, frozenset()).issuperset(map(channel_of, wanted)):
            return ()
        del self._wanted[bridge]
        return (LegsBridged(self._call_of(bridge), wanted),)

    def take_empty(self) -> Sequence[str]:
        """Bridges to be destroyed, each said once."""
        empty = sorted(self._empty)
        self._empty.clear()
        return empty

    def reset(self, bridges: Sequence[Bridge]) -> None:
        """Believe nothing but this."""
        self._wanted.clear()
        self._inside = {bridge.id: frozenset(bridge.channels) for bridge in bridges if _is_ours(bridge.id)}
        self._empty = {bridge for bridge, channels in self._inside.items() if not channels}

    def repair(self, bridges: Sequence[Bridge]) -> Sequence[LegsBridged]:
        """What a snapshot shows and no event has told."""
        found = {bridge.id: frozenset(bridge.channels) for bridge in bridges if _is_ours(bridge.id)}
        said: list[LegsBridged] = []
        for bridge in [bridge for bridge in self._inside if bridge not in found and bridge not in self.touched]:
            del self._inside[bridge]
        for bridge, channels in found.items():
            if bridge not in self.touched:
                said += self._update(bridge, channels)
                self._note_if_empty(bridge)
        return said

    def _update(self, bridge: str, channels: frozenset[str]) -> Sequence[LegsBridged]:
        if not _is_ours(bridge):
            return ()
        self.touched.add(bridge)
        self._inside[bridge] = channels
        return self.check(bridge)

    def _note_if_empty(self, bridge: str) -> None:
        if bridge in self._inside and not self._inside[bridge] and bridge not in self._wanted:
            self._empty.add(bridge)

    def _call_of(self, bridge: str) -> CallId:
        return CallId(f"{self._node}/{bridge.removeprefix(BRIDGE_PREFIX)}")


def _is_ours(bridge: str) -> bool:
    return bridge.startswith(BRIDGE_PREFIX)
