"""A whole desktop on real sockets: the real centre and its runtime, the real web server, real clients."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypedDict, Unpack

import aiohttp
import argon2
import websockets
from prometheus_client import CollectorRegistry
from websockets.asyncio.client import ClientConnection

from acd.center import ContactCenter
from acd.edge.clock import Clock
from acd.edge.database import Database
from acd.edge.history_reader import HistoryReader
from acd.edge.report_process import ReportProcesses
from acd.edge.reports import Reports
from acd.edge.runtime import Runtime
from acd.edge.voicemails import VoicemailKeeper
from acd.model import AgentId, PhoneKind, RequestId, UserId
from acd.plan import CenterPlan
from acd.requests import BecomeReady, LogIn
from agent_desktop.edge.accounts import Accounts, AccountStore, MemoryAccountStore
from agent_desktop.edge.door import Door, Limits
from agent_desktop.edge.guard import Boundary
from agent_desktop.edge.hub import Hub
from agent_desktop.edge.metrics import DesktopMetrics
from agent_desktop.edge.reports import READ_WITHIN, ReportDesk
from agent_desktop.edge.server import DesktopServer
from agent_desktop.edge.voicemails import VoicemailRoutes
from agent_desktop.edge.web import Desktop, Part, Room
from agent_desktop.views import SipAccounts, no_account
from cti.commands import AnyCommand, Ring
from cti.events import CallArrived, KeyPressed, PbxSynchronized
from cti.model import CallerId, CallId, LegId
from tests.acd.company import NODE, SERVICE_NUMBER, company

PASSWORD = "correct horse"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
HEADERS = {"X-Callwright": "1"}


class Shift:
    """A clock that a test can move forward, and that goes on by itself."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.ahead = 0.0

    def __call__(self) -> float:
        return self._clock() + self.ahead

    def stop(self) -> None:
        """From now on only the test moves it, so it is all the same how busy the machine is."""
        now = self._clock()
        self._clock = lambda: now


class Settings(TypedDict, total=False):
    """What a test may want otherwise."""

    store: AccountStore
    boundary: Boundary
    sip: SipAccounts
    parts: Callable[[], Mapping[str, Part]]
    static: Path
    limits: Limits
    trusted: frozenset[str]
    database: Database
    voicemails: VoicemailKeeper
    read_within: float
    troubles: Mapping[str, str]


class Office:
    """The server side. `commands` are those that went to the PBX, in order."""

    def __init__(self, plan: CenterPlan, settings: Settings) -> None:
        clock = Clock()
        self.now = Shift(clock.now)
        self.clock = Shift(asyncio.get_running_loop().time)
        self.commands: list[AnyCommand] = []
        self.on_command: Callable[[AnyCommand], None] = self.commands.append
        self.center = ContactCenter(plan, "t1")
        self.runtime = Runtime(self.center, clock)
        self.runtime.senders[NODE] = self._send
        self.accounts = Accounts(settings.get("store") or MemoryAccountStore(), self.now, hasher=CHEAP)
        self.metrics = DesktopMetrics(CollectorRegistry())
        self.hub = Hub(
            self.center,
            self.runtime.post,
            self.now,
            accounts=self.accounts,
            metrics=self.metrics,
            sip=settings.get("sip", no_account),
            troubles=lambda: settings.get("troubles", {}),
            clock=self.clock,
        )
        self.runtime.desktops.append(self.hub.told)
        boundary = settings.get("boundary") or Boundary()
        desktop = Desktop(
            self.center,
            self.hub,
            self.accounts,
            self.metrics,
            boundary,
            parts=settings.get("parts", dict),
            rooms=self._rooms(settings, boundary),
            static=settings.get("static", Path("/nonexistent")),
        )
        door = Door(self.metrics, trusted=settings.get("trusted", frozenset()), limits=settings.get("limits"))
        self.server = DesktopServer(desktop.application(), door, self.metrics)
        self.port = 0
        self._calls = 0

    @property
    def url(self) -> str:
        """Of the page."""
        return f"http://127.0.0.1:{self.port}"

    def _rooms(self, settings: Settings, boundary: Boundary) -> list[Room]:
        rooms: list[Room] = []
        if (database := settings.get("database")) is not None:
            reports = Reports(database, lambda: self.center.plan)
            processes = ReportProcesses(database, lambda: self.center.plan)
            within = settings.get("read_within", READ_WITHIN)
            rooms.append(ReportDesk(reports, processes, HistoryReader(database), self.now, read_within=within))
        if (keeper := settings.get("voicemails")) is not None:
            rooms.append(VoicemailRoutes(self.center, keeper, boundary))
        return rooms

    def _send(self, command: AnyCommand) -> None:
        self.on_command(command)

    async def start(self) -> None:
        """Everybody gets the password; the PBX is there; the server listens."""
        for user in [*self.center.plan.agents, *self.center.plan.supervisors]:
            await self.accounts.set_password(UserId(user), PASSWORD, keep_logins=True)
        self.runtime.post(PbxSynchronized(NODE, ()))
        self.port = await self.server.start("127.0.0.1", 0)

    async def stop(self) -> None:
        """Nothing is left."""
        await self.server.stop()
        self.runtime.close()

    def ready(self, name: str) -> None:
        """An agent logs in at the desk phone and says Ready, as if by another browser."""
        self.runtime.post(LogIn(RequestId("x:1"), AgentId(name), PhoneKind.DESK))
        self.runtime.post(BecomeReady(RequestId("x:2"), AgentId(name)))

    def call_billing(self) -> LegId:
        """A caller comes and presses 1."""
        return self._call("1")

    def call_products(self) -> LegId:
        """A caller comes and presses 2."""
        return self._call("2")

    def _call(self, key: str) -> LegId:
        self._calls += 1
        leg = LegId(f"{NODE}/in-{self._calls}")
        self.runtime.post(CallArrived(CallId(leg), leg, CallerId("+493012345"), SERVICE_NUMBER))
        self.runtime.post(KeyPressed(leg, key))
        return leg

    def last_ring(self) -> Ring:
        """The latest command that rings a phone."""
        return [command for command in self.commands if isinstance(command, Ring)][-1]

    async def later(self, seconds: float) -> None:
        """Let time pass for the screens, attended as always: faster than it does, and nobody misses a ping."""
        for _ in range(round(seconds * 2)):
            self.clock.ahead += 0.5
            self.hub.tick(self.clock())
            await asyncio.sleep(0.02)

    def stand_still(self, seconds: float) -> None:
        """Let the process not run for so long: nothing is read, nothing sent."""
        self.clock.ahead += seconds

    def count(self, name: str, **labels: str) -> float:
        """A figure as `/metrics` would show it."""
        return self.metrics.registry.get_sample_value(f"callwright_desktop_{name}", labels) or 0.0


@asynccontextmanager
async def office(plan: CenterPlan | None = None, **settings: Unpack[Settings]) -> AsyncIterator[Office]:
    """An office that is open for the time of a test."""
    opened = Office(plan or company(), settings)
    await opened.start()
    try:
        yield opened
    finally:
        await opened.stop()


async def until(true: Callable[[], bool], within: float = 5.0) -> None:
    """Wait until something has become true on the server's side."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - what is waited for is a figure, not an event
            await asyncio.sleep(0.02)


class Browser:
    """One browser: its cookies and one WebSocket at a time. Keeps the view as the page does."""

    def __init__(self, where: Office) -> None:
        self.office = where
        self.cookies = aiohttp.CookieJar(unsafe=True)
        self.http = aiohttp.ClientSession(where.url, cookie_jar=self.cookies, headers=HEADERS)
        self.ws: ClientConnection | None = None
        self.view: dict[str, Any] = {}
        self.stream, self.seq = "", -1
        self.user: dict[str, Any] = {}
        self._requests = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.ws:
            self.ws.transport.abort()
        await self.http.close()

    async def move(self, where: Office) -> None:
        """The server is another process now; the browser keeps its cookies."""
        await self.http.close()
        self.office = where
        self.http = aiohttp.ClientSession(where.url, cookie_jar=self.cookies, headers=HEADERS)

    async def log_in(self, user: str, password: str = PASSWORD) -> int:
        """Gives the HTTP status."""
        async with self.http.post("/api/login", json={"user": user, "password": password}) as response:
            return response.status

    async def ticket(self) -> str:
        """A fresh one."""
        async with self.http.post("/api/ticket") as response:
            assert response.status == 200
            return str((await response.json())["ticket"])

    async def connect(self) -> ClientConnection:
        """A socket on which nothing has been said."""
        # No keepalive of the client's own, and no compression: what we see is what the server does.
        self.ws = await websockets.connect(
            f"ws://127.0.0.1:{self.office.port}/ws",
            origin=websockets.Origin(self.office.url),
            ping_interval=None,
            compression=None,
        )
        return self.ws

    async def authenticate(self, ticket: str | None = None, *, resume: bool = False) -> dict[str, Any]:
        """Connect and show a ticket; gives the answer."""
        await self.connect()
        frame: dict[str, Any] = {"type": "authenticate", "version": 1, "ticket": ticket or await self.ticket()}
        if resume:
            frame["resume"] = {"stream": self.stream, "seq": self.seq}
        await self.say(**frame)
        return await self.hear()

    async def open(self, user: str) -> Self:
        """Log in and be welcomed."""
        assert await self.log_in(user) == 200
        assert (await self.authenticate())["type"] == "welcome"
        return self

    async def say(self, **frame: object) -> None:
        """Send one frame."""
        assert self.ws
        await self.ws.send(json.dumps(frame))

    async def hear(self, within: float = 5.0) -> dict[str, Any]:
        """The next frame, applied to the view."""
        assert self.ws
        async with asyncio.timeout(within):
            frame: dict[str, Any] = json.loads(await self.ws.recv())
        if frame["type"] == "welcome":
            self.view, self.stream, self.seq = frame["view"], frame["stream"], frame["seq"]
            self.user = frame["user"]
        elif frame["type"] == "change":
            assert frame["seq"] == self.seq + 1
            self.seq = frame["seq"]
            self.view.update(frame["set"])
            for key in frame["unset"]:
                del self.view[key]
        return frame

    async def until(self, true: Callable[[dict[str, Any]], bool], within: float = 5.0) -> dict[str, Any]:
        """Hear until the view is as wanted."""
        async with asyncio.timeout(within):
            while not true(self.view):
                await self.hear(within)
        return self.view

    async def ask(self, verb: str, **fields: object) -> dict[str, Any]:
        """Make a request; gives its answer."""
        self._requests += 1
        request = f"r{self._requests}"
        await self.say(type="request", id=request, verb=verb, **fields)
        while True:
            frame = await self.hear()
            if frame.get("id") == request:
                return frame

    async def ended(self, within: float = 5.0) -> tuple[str, int]:
        """Hear until the server closes: the code of its error frame, and the close code."""
        code = ""
        try:
            while True:
                frame = await self.hear(within)
                if frame["type"] == "error":
                    code = frame["code"]
        except websockets.ConnectionClosed as closed:
            return code, closed.rcvd.code if closed.rcvd else 1006
