"""One open browser: its conversation (`Session`), its socket (`Wire`), and who is sitting there."""

from collections.abc import Callable, Iterable
from typing import Protocol, assert_never

from aiohttp import WSMsgType

from acd.model import AgentId, InteractionId
from acd.requests import AnyRequest, AnySupervisorRequest
from agent_desktop.edge.accounts import LoginSession
from agent_desktop.edge.metrics import DesktopMetrics
from agent_desktop.edge.socket import Wire
from agent_desktop.session import Ask, End, Output, PopSeen, Rejected, Send, Session, SocketId, TicketShown

PING_EVERY = 3.0
SILENCE = 7.0
"""Seconds without a frame or a pong after which the browser is taken for dead."""


class Office(Protocol):
    """What a screen needs of the centre's side."""

    def ticket_shown(self, screen: "Screen", ticket: str) -> None:
        """Somebody wants in."""

    def asked(self, screen: "Screen", request: AnyRequest | AnySupervisorRequest) -> None:
        """An authorised request."""

    def pop_seen(self, agent: AgentId, interaction: InteractionId) -> None:
        """The page has painted a pop."""


class Screen:
    """Receives what a browser says and does what its session answers. `clock` only moves forward."""

    def __init__(
        self, socket: SocketId, wire: Wire, office: Office, metrics: DesktopMetrics, clock: Callable[[], float]
    ) -> None:
        self.session = Session(socket, clock())
        self.login: LoginSession | None = None
        self.last_heard = clock()
        self._last_ping = clock()
        self._wire = wire
        self._office = office
        self._metrics = metrics
        self._clock = clock

    def received(self, frame: bytes) -> None:
        """A text frame came."""
        self.heard()
        self.perform(self.session.receive(frame, self._clock()))

    def received_binary(self) -> None:
        """A binary frame came."""
        self.perform(self.session.receive_binary())

    def heard(self) -> None:
        """The browser lives."""
        self.last_heard = self._clock()

    def end(self, code: str, text: str) -> None:
        """Put the browser out, and tell it why."""
        self.perform(self.session.end(code, text))

    def perform(self, outputs: Iterable[Output]) -> None:
        """Do what the session says, in its order."""
        for output in outputs:
            match output:
                case Send(frame):
                    self._wire.send(frame)
                case Ask(request):
                    self._office.asked(self, request)
                case PopSeen(agent, interaction):
                    self._office.pop_seen(agent, interaction)
                case TicketShown(ticket):
                    self._office.ticket_shown(self, ticket)
                case Rejected(code):
                    self._metrics.rejected.labels(code).inc()
                case End(close_code, code):
                    self._metrics.ended.labels(code).inc()
                    self._wire.close(close_code)
                case _:
                    assert_never(output)

    def upkeep(self, now: float) -> None:
        """To be called about once a second: deadlines, pings, and whether anybody reads."""
        self.perform(self.session.tick(now))
        if self._wire.too_slow(now):
            self.end("too_slow", "this client does not read what it is sent")
        elif now - self.last_heard > SILENCE:
            self.end("silent", f"nothing heard for {SILENCE:.0f} seconds")
        elif now - self._last_ping >= PING_EVERY:
            self._last_ping = now
            self._wire.send(b"", WSMsgType.PING)
