"""ARI of the simulated PBX on a real port: REST over HTTP, events over a WebSocket.

Like Asterisk it wants Basic authentication (or `api_key=user:password`), keeps one event socket per application, and
drops a reader that does not take an event in time.
"""

import asyncio
import socket
import struct
from collections import deque
from functools import partial
from urllib.parse import parse_qsl

import aiohttp
import msgspec
from aiohttp import web

from cti.edge.simulated_driver import Driver
from cti.edge.simulated_faults import Faults
from cti.simulator.arguments import LARGEST_BODY
from cti.simulator.wire import Later, Response
from cti.simulator.world import Event

ROOT = "/ari"
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Asterisk REST Interface"'}
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, zero seconds: closing sends RST."""


def reset(transport: asyncio.BaseTransport | None) -> None:
    """Cut a connection the way a crashed host does."""
    if isinstance(transport, asyncio.WriteTransport) and not transport.is_closing():
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        transport.abort()


class _EventSocket:
    """One event socket. Frames are queued and written by a task of its own, so that a slow reader delays nobody."""

    def __init__(
        self, ws: web.WebSocketResponse, transport: asyncio.BaseTransport | None, faults: Faults, write_timeout: float
    ) -> None:
        self._write_timeout = write_timeout
        self._ws = ws
        self._transport = transport
        self._faults = faults
        self._frames: deque[bytes] = deque()
        self._wake = asyncio.Event()

    def send(self, frame: bytes) -> None:
        self._frames.append(frame)
        self._wake.set()

    async def write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._frames:
                await self._faults.passed()
                try:
                    async with asyncio.timeout(self._write_timeout):
                        await self._write_some()
                except (TimeoutError, ConnectionError):
                    self.reset()
                    return

    async def _write_some(self) -> None:
        """Few enough that only a reader who does not read can make them late."""
        for _ in range(min(len(self._frames), 50)):
            await self._ws.send_frame(self._frames.popleft(), aiohttp.WSMsgType.TEXT)

    def reset(self) -> None:
        reset(self._transport)


async def _given(later: Later) -> Response:
    """The answer, once it is there. Who asked may have gone away by then."""
    answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
    later.when_given(lambda given: None if answer.done() else answer.set_result(given))
    return await answer


class SimulatedAri:
    """The server. `port` is 0 until it has started, if none was asked for."""

    def __init__(self, driver: Driver, faults: Faults, host: str, port: int) -> None:
        self._driver = driver
        self._faults = faults
        self._host = host
        self.port = port
        settings = driver.pbx.settings
        self._authorization = aiohttp.encode_basic_auth(settings.user, settings.password)
        self._api_key = f"{settings.user}:{settings.password}"
        self._sockets: dict[str, _EventSocket] = {}
        self._open: set[_EventSocket] = set()
        self._transports: set[asyncio.BaseTransport] = set()
        self._runner: web.ServerRunner | None = None
        driver.on_event = self._publish

    async def start(self) -> None:
        """Listen. Raises `OSError` if the port is taken."""
        self._runner = web.ServerRunner(web.Server(self._handle), handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Cut all connections and listen no more."""
        for transport in list(self._transports):
            reset(transport)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def drop_event_sockets(self) -> None:
        """Cut all event sockets with RST."""
        for connection in list(self._open):
            connection.reset()

    def _publish(self, app: str, event: Event) -> None:
        connection = self._sockets.get(app)
        if connection is not None and not self._faults.is_black_hole:
            for _ in range(self._faults.copies()):
                connection.send(msgspec.json.encode(event))

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        transport = request.transport
        if transport is not None:
            self._transports.add(transport)
        try:
            return await self._answer(request)
        finally:
            if transport is not None:
                self._transports.discard(transport)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, text = request.raw_path.partition("?")
        query = dict(parse_qsl(text, keep_blank_values=True)) if text else {}
        await self._faults.passed()
        if not path.startswith(ROOT):
            return web.Response(status=404, text="Not Found")
        if request.headers.get("Authorization") != self._authorization and query.get("api_key") != self._api_key:
            return web.json_response({"message": "Authentication required"}, status=401, headers=_CHALLENGE)
        if path == f"{ROOT}/events":
            return await self._events(request, query)
        failure = self._faults.rest_failure()
        if failure:
            return web.json_response({"message": "Simulated failure"}, status=failure)
        return await self._rest(request, path[len(ROOT) :], query)

    async def _rest(self, request: web.BaseRequest, path: str, query: dict[str, str]) -> web.Response:
        body = b""
        if request.can_read_body:
            if (request.content_length or 0) > LARGEST_BODY:
                return web.json_response({"message": "Request body too large"}, status=413)
            body = await request.read()
            if request.content_type != "application/json":
                body = b""
        driver = self._driver
        asked = driver.act(lambda: driver.pbx.request(request.method, path, query, body, driver.pbx.world.now))
        answer = await _given(asked) if isinstance(asked, Later) else asked
        if self._faults.rest_delay:
            await asyncio.sleep(self._faults.rest_delay)
        await self._faults.passed()
        if answer.file:
            return web.Response(status=answer.status, body=answer.file, content_type="audio/wav")
        if answer.body is None:
            return web.Response(status=answer.status)
        return web.Response(
            status=answer.status, body=msgspec.json.encode(answer.body), content_type="application/json"
        )

    async def _events(self, request: web.BaseRequest, query: dict[str, str]) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return web.Response(status=426, text="Upgrade Required", content_type="text/html")
        apps = [app for app in query.get("app", "").split(",") if app]
        if not apps:
            return web.Response(
                status=400, text="<p>HTTP request is missing param: [app]</p>", content_type="text/html"
            )
        if self._faults.accept_delay:
            await asyncio.sleep(self._faults.accept_delay)
        ws = web.WebSocketResponse(autoping=False, compress=False)
        await ws.prepare(request)
        connection = _EventSocket(ws, request.transport, self._faults, self._driver.pbx.settings.write_timeout)
        self._open.add(connection)
        writer = asyncio.create_task(connection.write())
        try:
            self._connect(apps, connection, subscribe_all=query.get("subscribeAll") == "true")
            await self._read(ws)
        finally:
            writer.cancel()
            self._open.discard(connection)
            self._disconnect(apps, connection)
        return ws

    def _connect(self, apps: list[str], connection: _EventSocket, *, subscribe_all: bool) -> None:
        pbx = self._driver.pbx
        for app in apps:
            # The one who is replaced is told so on his own socket, so the new one takes its place after that.
            now = self._driver.now()
            self._driver.act(partial(pbx.connect_app, app, now, subscribe_all=subscribe_all))
            self._sockets[app] = connection

    def _disconnect(self, apps: list[str], connection: _EventSocket) -> None:
        pbx = self._driver.pbx
        for app in apps:
            if self._sockets.get(app) is connection:
                del self._sockets[app]
                self._driver.act(partial(pbx.disconnect_app, app, self._driver.now()))

    async def _read(self, ws: web.WebSocketResponse) -> None:
        """Nothing that is sent here matters, but pings are answered, unless nothing comes through."""
        async for message in ws:
            if message.type is aiohttp.WSMsgType.PING and not self._faults.is_black_hole:
                await ws.pong(message.data)
