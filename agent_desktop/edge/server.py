"""Listens for browsers."""

import errno
import ssl

import structlog
from aiohttp import web

log = structlog.stdlib.get_logger(__name__)


class CannotListen(Exception):
    """The address cannot be had; the text says why in words for a person."""


class DesktopServer:
    """The desktop's application on a port."""

    def __init__(self, app: web.Application) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=3.0)

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; port 0 takes a free one. Gives the port. Raises `CannotListen`."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port, ssl_context=tls).start()
        except OSError as error:
            await self._runner.cleanup()
            raise CannotListen(_why(host, port, error)) from error
        taken: int = self._runner.addresses[0][1]
        log.info("desktop listens", host=host, port=taken)
        return taken

    async def stop(self) -> None:
        """Tell the browsers that we are going, and stop."""
        await self._runner.cleanup()


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program; choose another one."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than we have; choose one above 1023."
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}"
