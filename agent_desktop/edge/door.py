"""The door of the desktop's server: who may come in, and how long he may take over it.

aiohttp has patience with everybody. Somebody who says half a request and no more, or never reads what he asked for,
costs a file; a few thousand such, and no agent gets in. So each connection is watched while it is the visitor's turn:

    connected --head is here--> our turn --we have answered--> answered --next head--> our turn ...
    | head           | body, until it is here                  | answer
    v                v                                         v
    cut              cut                                       cut

An open WebSocket is always "our turn": who is silent or slow there is put out by `screen` and `socket`.
"""

import asyncio
import resource
import socket
from collections import Counter
from collections.abc import Callable

import msgspec
import structlog
from aiohttp import web

from agent_desktop.addresses import network_of
from agent_desktop.edge.guard import Handler
from agent_desktop.edge.metrics import DesktopMetrics

STALL = 1.0
"""Seconds of lateness from which on it was us who did not listen; then what has come meanwhile is read first."""
TELL_EVERY = 60.0
_END = "end"
_HERE = frozenset({"127.0.0.1", "::1"})
"""Where a proxy on this machine comes from."""

log = structlog.stdlib.get_logger(__name__)


class Limits(msgspec.Struct, frozen=True):
    """Times in seconds."""

    head: float = 10.0
    """From the connection to a whole request head."""
    body: float = 10.0
    """From a head to its whole body; 16 kB are the most that we take."""
    idle: float = 75.0
    """Between two requests; longer than browsers and proxies usually keep a connection."""
    answer: float = 150.0
    """From an answer to the next head, so it is also the longest that reading the answer may take."""
    from_one_address: int = 2000
    """Connections at once: 200 agents behind one address, each with a WebSocket and the six of a page that loads."""
    in_all: int = 10_000
    """Fewer if the process may not open as many files: the last quarter is for the PBX and the database."""

    def here(self) -> "Limits":
        """What of it this process can do."""
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return self if files < 0 else msgspec.structs.replace(self, in_all=min(self.in_all, files * 3 // 4))


class Door:
    """Wraps what makes aiohttp's protocols; its `accompany` must be the outermost middleware of that application.

    `trusted` are proxies, for which, as for this machine, there is no bound by address: whole towns come through them.
    """

    def __init__(
        self, metrics: DesktopMetrics, *, trusted: frozenset[str] = frozenset(), limits: Limits | None = None
    ) -> None:
        self.limits = (limits or Limits()).here()
        self._metrics = metrics
        self._trusted = trusted | _HERE
        self._visits = 0
        self._by_network: Counter[str] = Counter()
        self._told: dict[str, float] = {}

    def wrap(self, make: Callable[[], asyncio.Protocol]) -> Callable[[], asyncio.Protocol]:
        """A factory of protocols for `loop.create_server`."""
        return lambda: Visit(self, make())

    def enter(self, address: str) -> bool:
        """Whether one more from that address may come in; if so, he must `leave`."""
        network = network_of(address)
        if self._visits >= self.limits.in_all:
            self.cut("too_many", address)
            return False
        if self._by_network[network] >= self.limits.from_one_address and self._is_bounded(address):
            self.cut("too_many_from_address", address)
            return False
        self._visits += 1
        self._by_network[network] += 1
        self._metrics.connections.set(self._visits)
        return True

    def leave(self, address: str) -> None:
        """One who was let in is gone."""
        network = network_of(address)
        self._visits -= 1
        self._by_network[network] -= 1
        if not self._by_network[network]:
            del self._by_network[network]
        self._metrics.connections.set(self._visits)

    def cut(self, reason: str, address: str) -> None:
        """Count it; and tell it, but not each of thousands."""
        self._metrics.cut.labels(reason).inc()
        now = asyncio.get_running_loop().time()
        if now - self._told.get(reason, -TELL_EVERY) >= TELL_EVERY:
            self._told[reason] = now
            log.warning("connection cut", reason=reason, address=address)

    def _is_bounded(self, address: str) -> bool:
        return address.removeprefix("::ffff:") not in self._trusted

    @web.middleware
    async def accompany(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Middleware: between a request's head and our answer it is our turn, and the visitor has all the time."""
        transport = request.transport
        visit = transport.get_protocol() if transport else None
        if not isinstance(visit, Visit):
            return await handler(request)  # he has gone
        visit.begin(request)
        try:
            return await handler(request)
        finally:
            visit.end()


class Visit(asyncio.Protocol):
    """One connection: aiohttp's protocol, and a watch on the visitor's time."""

    def __init__(self, door: Door, inner: asyncio.Protocol) -> None:
        self._door = door
        self._inner = inner
        self._address = ""
        self._inside = False
        self._has_spoken = False
        self._waiting_for = ""
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport

    # -- asyncio's protocol ----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let him in, or not."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker: TCP, or TLS over it
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._address = str(peer[0]) if peer else ""
        self._inside = self._door.enter(self._address)
        if not self._inside:
            transport.abort()
            return
        self._wait_for("head", self._door.limits.head)
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """He is gone."""
        if self._inside:
            self._inside = False
            self._stop_waiting()
            self._door.leave(self._address)
            self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """For aiohttp."""
        if self._inside:
            self._has_spoken = True
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """For aiohttp."""
        return self._inner.eof_received() if self._inside else None

    def pause_writing(self) -> None:
        """For aiohttp."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """For aiohttp."""
        self._inner.resume_writing()

    # -- whose turn it is ------------------------------------------------------------------------------------------

    def begin(self, request: web.Request) -> None:
        """The head is here; the body, if there is to be one, may still be on its way."""
        self._stop_waiting()
        if request.can_read_body:
            self._wait_for("body", self._door.limits.body)
            request.content.on_eof(self._body_is_here)

    def end(self) -> None:
        """The answer is ready to be sent."""
        if self._inside:
            self._wait_for("answer", self._door.limits.answer)

    def _body_is_here(self) -> None:
        if self._waiting_for == "body":
            self._stop_waiting()

    def _wait_for(self, what: str, seconds: float) -> None:
        self._stop_waiting()
        self._waiting_for = what
        loop = asyncio.get_running_loop()
        due = loop.time() + seconds
        self._timer = loop.call_at(due, self._took_too_long, due)

    def _stop_waiting(self) -> None:
        self._waiting_for = ""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _took_too_long(self, due: float) -> None:
        if asyncio.get_running_loop().time() - due > STALL:
            self._wait_for(self._waiting_for, STALL)
            return
        if self._waiting_for == _END:
            self._transport.abort()
            return
        if self._has_spoken:  # browsers open connections in advance, which is nobody's fault
            self._door.cut(f"slow_{self._waiting_for}", self._address)
        self._hang_up()

    def _hang_up(self) -> None:
        # Not `abort` at once: it closes the file under a `sendfile` that is under way, which then never returns.
        try:
            self._transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # he has gone in this moment
        self._wait_for(_END, STALL)
