"""A raw connection to the desktop's server, for what no browser does."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.agent_desktop.office import Office


class Visitor:
    """A raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._bodiless = False

    def say(self, text: bytes) -> None:
        """Write, whatever becomes of it."""
        self._bodiless = text.startswith(b"HEAD")
        self._writer.write(text)

    def leave(self) -> None:
        """Hang up."""
        self._writer.transport.abort()

    async def head(self) -> bytes:
        """The head of the next answer; its body is read as well."""
        async with asyncio.timeout(5):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            if not self._bodiless:
                await self._reader.readexactly(length)
        return head

    async def is_cut(self, within: float = 3.0) -> bool:
        """Whether the server ends the connection."""
        try:
            async with asyncio.timeout(within):
                while await self._reader.read(65_536):
                    pass
        except ConnectionError:
            pass
        except TimeoutError:
            return False
        return True


@asynccontextmanager
async def visitor(centre: Office, source: str = "127.0.0.1", buffer: int = 0) -> AsyncIterator[Visitor]:
    """One who has connected from a given address of the loopback, with a receive buffer of so many bytes."""
    with socket.socket() as plain:
        plain.setblocking(False)
        if buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        plain.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", centre.port))
        reader, writer = await asyncio.open_connection(sock=plain, limit=2**12)
        try:
            yield Visitor(reader, writer)
        finally:
            writer.transport.abort()
            await asyncio.sleep(0)
