"""Which WebSocket client serves ARI's event stream better: aiohttp's, which we have for REST anyway, or websockets.

A server that knows nothing but the handshake and ready-made frames sends recorded events of a real Asterisk, first all
at once (CPU time for each), then one at a time (from the server's write to the reader's next line, by the clock).
"""

import asyncio
import base64
import hashlib
import socket
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import cycle, islice
from typing import Self

import aiohttp
from websockets.asyncio.client import connect

from bench.figures import Figure, figure, percentile

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_PAUSE = 0.002
_ROUNDS = 5
"""CPU time is taken over this many rounds."""

Taken = Callable[[], None]
Client = Callable[[int, int, Taken], Awaitable[None]]


def compare_clients(frames: Sequence[str], many: int, single: int) -> list[Figure]:
    """CPU time and delay of both. Each server's thread ends with its frames."""
    return [
        row
        for name, client in (("aiohttp", _with_aiohttp), ("websockets", _with_websockets))
        for row in (
            figure(f"event socket read by {name}: one event", _costs(client, frames, many), "us CPU"),
            figure(f"event socket read by {name}: from write to read", _delays(client, frames, single), "us"),
        )
    ]


def _costs(client: Client, frames: Sequence[str], count: int) -> list[float]:
    """Microseconds of this thread's CPU time for one frame, in each round; the server's thread is not in it."""

    def one_round() -> float:
        with _Server(list(islice(cycle(frames), count)), pause=0.0) as server:
            began: list[int] = []

            def taken() -> None:
                if not began:
                    began.append(time.thread_time_ns())

            asyncio.run(_until_end(client(server.port, count, taken)))
            return (time.thread_time_ns() - began[0]) / 1000 / (count - 1)

    return [one_round() for _ in range(_ROUNDS)]


def _delays(client: Client, frames: Sequence[str], count: int) -> list[float]:
    """Microseconds from the write of a frame to its being in our hands."""
    with _Server(list(islice(cycle(frames), count)), pause=_PAUSE) as server:
        arrived: list[float] = []
        asyncio.run(_until_end(client(server.port, count, lambda: arrived.append(time.perf_counter()))))
    delays = [(there - sent) * 1e6 for sent, there in zip(server.sent, arrived, strict=True)]
    assert percentile(delays, 0.5) > 0
    return delays


async def _until_end(work: Awaitable[None]) -> None:
    await work


async def _with_aiohttp(port: int, count: int, taken: Taken) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"http://127.0.0.1:{port}/") as opened:
        for _ in range(count):
            message = await opened.receive()
            assert isinstance(message.data, str)
            taken()


async def _with_websockets(port: int, count: int, taken: Taken) -> None:
    async with connect(f"ws://127.0.0.1:{port}/", compression=None) as opened:
        for _ in range(count):
            assert isinstance(await opened.recv(), str)
            taken()


class _Server:
    """Serves one client, in a thread."""

    def __init__(self, frames: Sequence[str], pause: float) -> None:
        self._frames = [_frame(text.encode()) for text in frames]
        self._pause = pause
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port: int = self._socket.getsockname()[1]
        self.sent: list[float] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        client, _ = self._socket.accept()
        with client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.sendall(_handshake(client.recv(65_536)))
            if self._pause:
                for frame in self._frames:
                    time.sleep(self._pause)
                    self.sent.append(time.perf_counter())
                    client.sendall(frame)
            else:
                client.sendall(b"".join(self._frames))
            while client.recv(65_536):  # until it has said good-bye, which nobody answers
                client.shutdown(socket.SHUT_WR)
                break


def _handshake(request: bytes) -> bytes:
    name = b"sec-websocket-key:"
    (key,) = (line[len(name) :].strip() for line in request.split(b"\r\n") if line.lower().startswith(name))
    accept = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"


def _frame(payload: bytes) -> bytes:
    """An unmasked text frame (RFC 6455)."""
    if len(payload) < 126:
        return struct.pack("!BB", 0x81, len(payload)) + payload
    return struct.pack("!BBH", 0x81, 126, len(payload)) + payload
