"""Listens for browsers."""

import asyncio
import errno
import logging
import ssl
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http import HttpProcessingError

from agent_desktop.edge.door import Door
from agent_desktop.edge.metrics import DesktopMetrics

log = structlog.stdlib.get_logger(__name__)

HANDSHAKE_WITHIN = 10.0
"""Seconds for TLS to begin; only then does the door know of somebody."""
BACKLOG = 1024
"""Connections that the kernel keeps for us while we are busy: a whole shift may come back at once."""


class CannotListen(Exception):
    """The address cannot be had; the text says why in words for a person."""


class DesktopServer:
    """The desktop's application on a port, behind a door."""

    def __init__(self, app: web.Application, door: Door, metrics: DesktopMetrics) -> None:
        app.middlewares.insert(0, door.accompany)
        self._door = door
        self._runner = web.AppRunner(
            app,
            access_log=None,
            logger=_Complaints(logging.getLogger(__name__), metrics),
            shutdown_timeout=3.0,
            keepalive_timeout=door.limits.idle,
            auto_decompress=False,  # no page of ours sends anything compressed
        )
        self._listening: asyncio.Server | None = None

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; port 0 takes a free one. Gives the port. Raises `CannotListen`."""
        await self._runner.setup()
        try:
            self._listening = await self._listen(host, port, tls)
        except OSError as error:
            await self._runner.cleanup()
            raise CannotListen(_why(host, port, error)) from error
        taken: int = self._listening.sockets[0].getsockname()[1]
        log.info("desktop listens", host=host, port=taken)
        return taken

    async def stop(self) -> None:
        """Tell the browsers that we are going, and stop."""
        if self._listening:
            self._listening.close()
        await self._runner.cleanup()

    async def _listen(self, host: str, port: int, tls: ssl.SSLContext | None) -> asyncio.Server:
        assert self._runner.server is not None  # noqa: S101 - for the type checker: it is set up
        return await asyncio.get_running_loop().create_server(
            self._door.wrap(self._runner.server),
            host,
            port,
            ssl=tls,
            ssl_handshake_timeout=HANDSHAKE_WITHIN if tls else None,
            backlog=BACKLOG,
        )


class _Complaints(logging.LoggerAdapter[logging.Logger]):
    """What aiohttp logs. Requests that are none come with a traceback each, and whoever likes could fill our disk."""

    def __init__(self, logger: logging.Logger, metrics: DesktopMetrics) -> None:
        super().__init__(logger, {})
        self._metrics = metrics

    def log(self, level: int, msg: object, *args: object, **details: Any) -> None:  # noqa: ANN401 - as `logging` has it
        if isinstance(details.get("exc_info"), HttpProcessingError | web.RequestPayloadError):
            self._metrics.malformed.inc()
        else:
            super().log(level, msg, *args, **details)


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program; choose another one."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than we have; choose one above 1023."
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}"
