"""The desktop's web server: the page, login, the WebSocket, and the truth about whether the centre works.

/                the page (agent_desktop/static, built by `make page`)
/api/login ...   login, logout, who am I, a ticket for the WebSocket
/ws              the WebSocket (docs/protocol.md)
/api/reports ... figures of past days, for supervisors (`reports`)
/health /ready   for machines that watch us; /metrics for Prometheus
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Protocol

import msgspec
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from acd.center import ContactCenter
from acd.model import UserId
from agent_desktop.edge.accounts import Accounts, LockedOut, LoginSession, Token, TooManyTries, WrongPassword
from agent_desktop.edge.guard import Boundary, Refusal, Who, json_response, page_response, readable_errors
from agent_desktop.edge.hub import Hub
from agent_desktop.edge.metrics import DesktopMetrics
from agent_desktop.edge.socket import serve_socket
from agent_desktop.people import User, user_of

STATIC = Path(__file__).resolve().parent.parent / "static"
COOKIE = "callwright_session"
LARGEST_BODY = 16_384
STALLED = 5.0
"""Seconds without a tick of the hub after which we do not call ourselves healthy."""


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether a part of the centre can do its work, and why not."""

    ready: bool
    why: str = ""


Parts = Callable[[], Mapping[str, Part]]


class Room(Protocol):
    """Something that people who are logged in can ask for: reports, messages."""

    def routes(self, who: Who) -> list[web.RouteDef]:
        """Its routes; `who` tells who asks."""


class _Credentials(msgspec.Struct):
    user: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    password: Annotated[str, msgspec.Meta(max_length=1000)]


class Desktop:
    """The routes. `parts` tells `/ready` of what only the wiring knows: storage, and each PBX.

    `rooms` have routes of their own.
    """

    def __init__(
        self,
        center: ContactCenter,
        hub: Hub,
        accounts: Accounts,
        metrics: DesktopMetrics,
        boundary: Boundary,
        *,
        parts: Parts = dict,
        rooms: Sequence[Room] = (),
        static: Path = STATIC,
    ) -> None:
        self._center = center
        self._hub = hub
        self._accounts = accounts
        self._metrics = metrics
        self._boundary = boundary
        self._parts = parts
        self._rooms = rooms
        self._static = static

    def application(self) -> web.Application:
        """The whole as an aiohttp application; the hub's tasks live as long as it does."""
        app = web.Application(middlewares=[readable_errors], client_max_size=LARGEST_BODY)
        app.on_response_prepare.append(self._boundary.add_headers)
        app.cleanup_ctx.append(self._run_hub)
        app.on_shutdown.append(self._shut_down)
        app.add_routes(
            [
                web.post("/api/login", self.log_in),
                web.post("/api/logout", self.log_out),
                web.get("/api/me", self.me),
                web.post("/api/ticket", self.ticket),
                web.get("/ws", self.socket, allow_head=False),
                web.get("/health", self.health),
                web.get("/ready", self.ready),
                web.get("/metrics", self.metrics),
                *(route for room in self._rooms for route in room.routes(self._user)),
                web.get("/{path:.*}", self.page),
            ]
        )
        return app

    # -- login -----------------------------------------------------------------------------------------------------

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        """Password for cookie."""
        self._boundary.check_post(request)
        try:
            given = msgspec.json.decode(await request.read(), type=_Credentials)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Refusal(400, "bad_request", 'Wanted: {"user": "...", "password": "..."}') from None
        token, login = await self._log_in(UserId(given.user), given.password, self._boundary.address(request))
        user = user_of(self._center, login.user)
        if user is None:
            await self._accounts.log_out(login)
            self._metrics.logins.labels("not_in_plan").inc()
            raise Refusal(401, "wrong_password", "User or password is wrong.")
        self._metrics.logins.labels("granted").inc()
        response = json_response({"user": user})
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(login.expires - self._accounts.now()),
            httponly=True,
            samesite="Strict",
            secure=self._boundary.is_secure(request),
        )
        return response

    async def _log_in(self, user: UserId, password: str, address: str) -> tuple[Token, LoginSession]:
        try:
            return await self._accounts.log_in(user, password, address)
        except WrongPassword:
            self._metrics.logins.labels("wrong_password").inc()
            raise Refusal(401, "wrong_password", "User or password is wrong.") from None
        except LockedOut as locked:
            self._metrics.logins.labels("locked_out").inc()
            seconds = int(locked.seconds) + 1
            raise Refusal(429, "locked_out", f"Try again in {seconds} s.", seconds=seconds) from None
        except TooManyTries:
            self._metrics.logins.labels("too_many").inc()
            raise Refusal(503, "busy", "Very many people are logging in. Please try again.", seconds=5) from None

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        """End the session, and its sockets with it. Without a session: nothing to do."""
        self._boundary.check_post(request)
        token = request.cookies.get(COOKIE)
        login = await self._accounts.find(Token(token)) if token else None
        if login:
            await self._accounts.log_out(login)
        response = json_response({})
        response.del_cookie(COOKIE, httponly=True, samesite="Strict")
        return response

    async def me(self, request: web.Request) -> web.StreamResponse:
        """Who is logged in here."""
        _, user = await self._who(request)
        return json_response({"user": user})

    async def ticket(self, request: web.Request) -> web.StreamResponse:
        """A ticket for the WebSocket."""
        self._boundary.check_post(request)
        login, _ = await self._who(request)
        return json_response({"ticket": self._accounts.ticket(login)})

    async def _who(self, request: web.Request) -> tuple[LoginSession, User]:
        token = request.cookies.get(COOKIE)
        login = await self._accounts.find(Token(token)) if token else None
        user = user_of(self._center, login.user) if login else None
        if login is None or user is None:
            raise Refusal(401, "not_logged_in", "Please log in.", centre=self._center.plan.name)
        return login, user

    async def _user(self, request: web.Request) -> User:
        return (await self._who(request))[1]

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket, for pages of our own."""
        if not self._boundary.is_own_origin(request):
            self._metrics.rejected.labels("origin").inc()
            raise Refusal(403, "origin", "A WebSocket needs the `Origin` header, and it must be this centre's.")
        return await serve_socket(request, self._hub)

    # -- is it well? -----------------------------------------------------------------------------------------------

    async def health(self, request: web.Request) -> web.StreamResponse:
        """The process lives and its loop turns; says nothing about the world outside."""
        silent = self._hub.seconds_since_tick()
        return json_response({"ok": silent < STALLED}, 200 if silent < STALLED else 503)

    async def ready(self, request: web.Request) -> web.StreamResponse:
        """Whether calls are handled as they should be, and if not, which part is at fault."""
        can_be_called = bool(self._center.plan.entry_points)
        plan = Part(ready=can_be_called, why="" if can_be_called else "there is no entry point, so nobody can call")
        parts = {"plan": plan, **self._parts()}
        ready = all(part.ready for part in parts.values())
        return json_response({"ready": ready, "parts": parts}, 200 if ready else 503)

    async def metrics(self, request: web.Request) -> web.StreamResponse:
        """All that this process counts, in Prometheus' text format."""
        if not self._boundary.may_read_metrics(request):
            raise Refusal(403, "not_allowed", "Read from this machine, or with `Authorization: Bearer <token>`.")
        body = generate_latest(self._metrics.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    # -- the page --------------------------------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The built page. Files under assets/ are named by their content, so they may be kept for ever."""
        path = PurePosixPath(request.match_info["path"] or "index.html")
        if any(part.startswith(".") or "\0" in part or "\\" in part for part in path.parts) or path.is_absolute():
            raise web.HTTPNotFound
        file = self._static / path
        try:
            is_there = await asyncio.to_thread(file.is_file)
        except OSError:  # a name that no file can have
            is_there = False
        if not is_there:
            if path == PurePosixPath("index.html"):
                return page_response(503, "The page is not built", "Run `make page`, then load this again.")
            raise web.HTTPNotFound
        cache = "public, max-age=31536000, immutable" if path.parts[0] == "assets" else "no-cache"
        return web.FileResponse(file, headers={"Cache-Control": cache})

    # -- life ------------------------------------------------------------------------------------------------------

    async def _run_hub(self, _: web.Application) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(work, name="desktop hub") for work in (self._hub.run(), self._hub.watch_logins())]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    async def _shut_down(self, _: web.Application) -> None:
        self._hub.shut_down()
