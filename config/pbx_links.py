"""The links to all PBXs: each is made, looked after, and tried again until somebody has mended what keeps it away."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import structlog

from config.metrics import EdgeCounters
from config.pbx_addresses import ami_address, ari_address
from config.settings import Pbx as PbxSettings
from config.settings import SettingsError
from cti.edge.errors import PbxMisconfigured
from cti.edge.pbx import Pbx
from cti.edge.trace import Recorder
from cti.edge.voice import WatchedVoice
from cti.events import AnyPbxEvent
from cti.model import NodeName

log = structlog.stdlib.get_logger(__name__)

RETRY = 15.0
"""Seconds until a PBX whose settings are wrong is tried again: somebody may be mending it just now."""


class Traces(NamedTuple):
    """Where sessions are recorded (`cti.edge.trace`). They hold telephone numbers."""

    folder: Path
    started_at: float
    now: Callable[[], float]
    asks_for_secrets: Callable[[], bool]
    """Whether keys that callers press are nobody's business."""


class PbxLinks:
    """Of one centre."""

    def __init__(
        self,
        deliver: Callable[[AnyPbxEvent], None],
        cannot_use: Callable[[NodeName, str], None],
        voice: WatchedVoice,
        counters: EdgeCounters,
        traces: Traces | None = None,
    ) -> None:
        """Events go to `deliver`; `cannot_use` is told of a PBX that is away until it is synchronized, and why."""
        self._deliver = deliver
        self._cannot_use = cannot_use
        self._voice = voice
        self._counters = counters
        self._traces = traces
        self._stack = AsyncExitStack()

    def start(self, settings: PbxSettings) -> Pbx:
        """Connect, and stay connected until `stop`. Raises `SettingsError` if no trace can be written."""
        node = NodeName(settings.name)
        pbx = Pbx(
            node,
            ari_address(settings),
            ami_address(settings),
            self._deliver,
            self._voice,
            self._counters,
            recorder=self._recorder(node, settings),
        )
        task = asyncio.create_task(self._keep_connected(pbx), name=f"pbx {node}")
        self._stack.push_async_callback(_cancelled, task)
        return pbx

    async def stop(self) -> None:
        """Leave all of them. Calls go on there."""
        await self._stack.aclose()

    def _recorder(self, node: NodeName, settings: PbxSettings) -> Recorder | None:
        if self._traces is None:
            return None
        folder, started_at, now, asks_for_secrets = self._traces
        path = folder / f"{node}-{int(started_at)}.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            recorder = self._stack.enter_context(Recorder(path, node, settings.ari.app, now, asks_for_secrets))
        except OSError as error:
            raise SettingsError(f"{path}: no trace can be written there: {error.strerror}") from error
        log.info("recording", file=str(path))
        return recorder

    async def _keep_connected(self, pbx: Pbx) -> None:
        told = ""
        while True:
            try:
                await pbx.run()
            except PbxMisconfigured as error:
                if told != str(error):
                    told = str(error)
                    log.error("the PBX cannot be used until a setting is changed", node=pbx.node, reason=told)  # noqa: TRY400 - the reason says it all
                self._cannot_use(pbx.node, str(error))
            except Exception:
                # A fault of ours must not leave a PBX without us for good, and in silence.
                self._cannot_use(pbx.node, "a fault in Callwright; the log has it")
                log.exception("the link to the PBX failed", node=pbx.node)
            await asyncio.sleep(RETRY)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
