"""One browser's WebSocket. What we say leaves at once; whoever does not read is put out, and nobody waits for him.

aiohttp's `send_frame` is a coroutine, but without compression its first step hands the frame to the transport, and
asyncio's transport hands it to the kernel in the same call if nothing is queued before it. The only thing that the
coroutine ever waits for is a full buffer, which `writer_limit` turns off: the bound is ours (`Backlog`). So one step is
a whole send, and a screen pop is in the kernel before the command that makes the phone ring is even looked at.
"""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Literal, Protocol, TypeVar

from aiohttp import WSMsgType, web

from agent_desktop.backlog import Backlog
from agent_desktop.protocol import MAX_FRAME

CLOSE_WITHIN = 2.0
"""Seconds a browser has to answer our close frame."""


class Wire:
    """The outgoing side of a socket, and its end. No method waits."""

    def __init__(self, ws: "web.WebSocketResponse[Literal[False]]", transport: asyncio.Transport) -> None:
        self._ws = ws
        self._transport = transport
        self._backlog = Backlog()
        self._closing: asyncio.Task[None] | None = None

    def send(self, frame: bytes, kind: WSMsgType = WSMsgType.TEXT) -> None:
        """Write a frame. Silently nothing if the socket is going down: its reader will find out."""
        if self._closing or self._ws.closed:
            return
        try:
            _at_once(self._ws.send_frame(frame, kind))
        except ConnectionError:
            return
        self._backlog.wrote(len(frame))

    def too_slow(self, now: float) -> bool:
        """Look whether the browser reads; to be asked about once a second."""
        return self._backlog.too_slow(self._transport.get_write_buffer_size(), now)

    def close(self, code: int) -> None:
        """Begin to close; who does not answer within two seconds is cut."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(code))

    async def closed(self) -> None:
        """Wait until nothing is left of it."""
        if self._closing:
            await self._closing

    async def _close(self, code: int) -> None:
        try:
            async with asyncio.timeout(CLOSE_WITHIN):
                await self._ws.close(code=code)
        except TimeoutError:
            pass
        finally:
            if self._transport.get_write_buffer_size():
                self._transport.abort()  # a polite close would keep megabytes for somebody who does not read


class Receiver(Protocol):
    """What a socket's frames are told to."""

    def received(self, frame: bytes) -> None:
        """A text frame."""

    def received_binary(self) -> None:
        """A binary frame."""

    def heard(self) -> None:
        """A sign of life that is not a frame."""


SomeReceiver = TypeVar("SomeReceiver", bound=Receiver)


class Host(Protocol[SomeReceiver]):
    """Who wants sockets."""

    def opened(self, wire: Wire) -> SomeReceiver:
        """A browser has connected."""

    def gone(self, receiver: SomeReceiver, /) -> None:
        """Its socket is closed."""


async def serve_socket(request: web.Request, host: Host[SomeReceiver]) -> web.StreamResponse:
    """Upgrade a request whose origin has been checked, and read the socket to its end."""
    ws: web.WebSocketResponse[Literal[False]] = web.WebSocketResponse(
        timeout=CLOSE_WITHIN,
        autoping=False,  # pongs are signs of life, we want to see them
        compress=False,
        max_msg_size=2 * MAX_FRAME,  # up to here we say what is wrong; beyond, aiohttp closes with 1009 unread
        writer_limit=sys.maxsize,
        decode_text=False,
    )
    await ws.prepare(request)
    transport = request.transport
    if transport is None:
        return ws
    wire = Wire(ws, transport)
    receiver = host.opened(wire)
    try:
        await _read(ws, wire, receiver)
    finally:
        host.gone(receiver)
        await wire.closed()
    return ws


async def _read(ws: "web.WebSocketResponse[Literal[False]]", wire: Wire, receiver: Receiver) -> None:
    while True:
        message = await ws.receive()
        match message.type:
            case WSMsgType.TEXT:
                receiver.received(message.data)
            case WSMsgType.BINARY:
                receiver.received_binary()
            case WSMsgType.PING:
                wire.send(message.data, WSMsgType.PONG)
                receiver.heard()
            case WSMsgType.PONG:
                receiver.heard()
            case WSMsgType.CLOSE:
                receiver.heard()
                return
            case _:
                return


def _at_once(sending: Coroutine[object, object, None]) -> None:
    """Run a coroutine that has nothing to wait for."""
    try:
        sending.send(None)
    except StopIteration:
        return
    sending.close()
    raise RuntimeError("aiohttp wanted to wait while sending a WebSocket frame")
