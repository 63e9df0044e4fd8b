"""One Asterisk as the rest of Callwright sees it: commands go in, events come out, over ARI and AMI together."""

import asyncio
from collections.abc import Callable
from random import Random

import structlog

from cti.commands import AnyCommand, PickUp
from cti.edge.ami import AmiAddress, AmiLink
from cti.edge.ari import AriLink
from cti.edge.ari_rest import AriAddress
from cti.edge.counters import Counters
from cti.edge.errors import PbxMisconfigured
from cti.edge.recordings import StoredRecordings
from cti.edge.trace import Recorder
from cti.edge.voice import Voice
from cti.events import AnyPbxEvent
from cti.model import NodeName

_log = structlog.get_logger()


AMI_RETRY = 60.0
"""Seconds until AMI is tried again after a wrong password: somebody may be mending it, and nobody likes a knocker."""


class Pbx:
    """Both links of one node. `deliver` gets every event, on the event loop, and must not block.

    `CommandFailed` may be delivered while `send` still runs (when there is no connection), so `deliver` must not call
    `send` itself: it puts the event into an inbox.
    """

    def __init__(
        self,
        node: NodeName,
        ari: AriAddress,
        ami: AmiAddress,
        deliver: Callable[[AnyPbxEvent], None],
        voice: Voice,
        counters: Counters,
        *,
        recorder: Recorder | None = None,
        random: Random | None = None,
    ) -> None:
        self.node = node
        self._ami_trouble = ""
        self._counters = counters
        self._ari = AriLink(node, ari, deliver, voice, counters, recorder=recorder, random=random)
        self._ami = AmiLink(node, ami, deliver, counters, recorder=recorder, random=random)
        self._tasks: set[asyncio.Task[None]] = set()
        self.recordings = StoredRecordings(self._ari)

    @property
    def connected(self) -> bool:
        """Whether calls are seen and can be steered."""
        return self._ari.connected

    @property
    def trouble(self) -> str:
        """Why calls cannot be steered though they may be seen: ARI's requests are not served. Empty if they are."""
        return self._ari.trouble

    @property
    def ami_trouble(self) -> str:
        """What has to be mended before phones are seen; empty if nothing has."""
        return "" if self._ami.connected else self._ami_trouble

    @property
    def sees_phones(self) -> bool:
        """Whether we hear of phones that come and go."""
        return self._ami.connected

    def send(self, command: AnyCommand) -> None:
        """Have a command carried out, after those given before for the same legs. If that fails, `CommandFailed`
        tells."""
        if isinstance(command, PickUp):
            self._ami.send(command)
        else:
            self._ari.send(command)

    async def run(self) -> None:
        """Connect and stay connected, until `close`.

        Raises `PbxMisconfigured` if ARI cannot work before somebody changes a setting. If that is so of AMI alone,
        calls go on, and `ami_trouble` says what is wrong.
        """
        ari = asyncio.create_task(self._ari.run())
        ami = asyncio.create_task(self._watch_phones())
        self._tasks = {ari, ami}
        try:
            await asyncio.wait({ari})
        finally:
            await self.close()
        if not ari.cancelled():
            ari.result()

    async def close(self) -> None:
        """Disconnect. Calls go on on the PBX."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _watch_phones(self) -> None:
        while True:
            try:
                await self._ami.run()
            except PbxMisconfigured as error:
                if str(error) != self._ami_trouble:
                    _log.error("AMI cannot be used", node=self.node, reason=str(error))
                self._ami_trouble = str(error)
                self._counters.count("ami_given_up")
            await asyncio.sleep(AMI_RETRY)
