"""What `/ready` says: each part of the centre by its name, whether it does its work, and if not, why in plain words.

    storage        the database takes facts
    pbx:NAME       we see the calls of that PBX, and it does what we ask
    phones:NAME    we see its phones come and go; calls are served without that, so it never makes the centre unready
    voice          prompts are spoken as they should be; callers hear something else meanwhile, so neither does that

The names are an interface: who watches us has them in his alarms.
"""

from collections.abc import Mapping, Sequence

from acd.center import ContactCenter
from acd.edge.history import History
from agent_desktop.edge.web import Part
from cti.edge.pbx import Pbx
from cti.edge.voice import WatchedVoice
from cti.events import AnyPbxEvent, PbxLost, PbxSynchronized
from cti.model import NodeName


class Readiness:
    """`pbxs` may grow while the centre starts."""

    def __init__(self, center: ContactCenter, history: History, pbxs: Sequence[Pbx], voice: WatchedVoice) -> None:
        self._center = center
        self._history = history
        self._pbxs = pbxs
        self._voice = voice
        self._away: dict[NodeName, str] = {}

    def heard(self, event: AnyPbxEvent) -> None:
        """Listens to every event of every PBX, for those that say why it is away."""
        match event:
            case PbxLost(node, reason):
                self.cannot_use(node, reason)
            case PbxSynchronized(node):
                self._away.pop(node, None)
            case _:
                pass

    def cannot_use(self, node: NodeName, why: str) -> None:
        """A PBX is away until it is synchronized again."""
        self._away[node] = why

    def parts(self) -> Mapping[str, Part]:
        """All of them."""
        parts = {
            "storage": Part(ready=self._history.ready, why=self._history.reason),
            "voice": Part(ready=True, why=self._voice.trouble),
        }
        for pbx in self._pbxs:
            parts[f"pbx:{pbx.node}"] = self._calls(pbx)
            parts[f"phones:{pbx.node}"] = _phones(pbx)
        if not self._pbxs:
            parts["pbx"] = Part(ready=False, why="the settings name no PBX")
        return parts

    def troubles(self) -> Mapping[str, str]:
        """Why parts do not work as they should; but for the PBXs, of which the board knows itself."""
        return {name: part.why for name, part in self.parts().items() if part.why and not name.startswith("pbx")}

    def _calls(self, pbx: Pbx) -> Part:
        if pbx.node in self._center.pbx_taken:
            return Part(ready=False, why="another process has taken over this PBX")
        if not self._center.pbx_connected.get(pbx.node, False):
            why = self._away.get(pbx.node, "no connection has been made yet")
            return Part(ready=False, why=f"not connected: {why}")
        if pbx.trouble:
            why = f"calls are seen, but the PBX does not do what it is asked: {pbx.trouble}"
            return Part(ready=False, why=why)
        return Part(ready=True)


def _phones(pbx: Pbx) -> Part:
    if pbx.sees_phones:
        return Part(ready=True)
    return Part(ready=True, why=f"phones are not seen coming and going: {pbx.ami_trouble or 'AMI is not connected'}")
