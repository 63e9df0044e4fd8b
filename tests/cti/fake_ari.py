"""An ARI made by hand, on a real socket: it answers as told, notes what it was asked, and breaks on demand."""

import asyncio
import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiohttp import WSCloseCode, encode_basic_auth, web

from cti.edge.ari_rest import AriAddress

Json = Mapping[str, Any]


class Asked(NamedTuple):
    """One request that came in."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Json


class Answer(NamedTuple):
    """What to answer: after `when` is set, if it is given; not at all, if `status` is 0 (the connection is
    closed)."""

    status: int = 200
    body: Any = None
    when: asyncio.Event | None = None
    server: str = "Asterisk/22.0.0"


NOTHING = Answer(204)


class FakeAri:
    """To be used with `async with`; then `address` is where it is."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self.asked: list[Asked] = []
        self.headers: list[Mapping[str, str]] = []
        self.channels: list[Json] = []
        self.bridges: list[Json] = []
        self.subscribed: list[str] = []
        self.version = "22.10.1"
        self.sign = ""
        """The sign of life of whoever drives."""
        self.application_lives = True
        self.answers: dict[tuple[str, str], list[Answer]] = {}
        """Answers to come, one for each request; the last one stays."""
        self.sockets: list[web.WebSocketResponse] = []
        self._came = asyncio.Condition()
        app = web.Application()
        app.router.add_get("/ari/events", self._events)
        app.router.add_route("*", "/{anything:.*}", self._request)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await self._site.start()
        self.port: int = self._runner.addresses[0][1]
        self.address = AriAddress(f"http://127.0.0.1:{self.port}/ari", "callwright", "päss:word", "callwright")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def will_answer(self, method: str, path: str, *answers: Answer) -> None:
        """How to answer requests for a path, relative to ARI's root."""
        self.answers[method, path] = list(answers)

    async def say(self, event: Json) -> None:
        """Send an event to whoever is connected last."""
        await self.sockets[-1].send_str(json.dumps(event))

    async def say_raw(self, frame: str | bytes) -> None:
        """Send anything at all."""
        send = self.sockets[-1].send_str(frame) if isinstance(frame, str) else self.sockets[-1].send_bytes(frame)
        await send

    async def cut(self) -> None:
        """Break the event stream, without a farewell."""
        transport = self.sockets[-1].get_extra_info("socket")
        await self.sockets[-1].close(code=WSCloseCode.GOING_AWAY, drain=False)
        assert transport is not None

    async def was_asked(self, method: str, path: str, times: int = 1) -> Asked:
        """Waits until a request has come that often; the last of them."""
        async with asyncio.timeout(5), self._came:
            await self._came.wait_for(lambda: len(self.all_asked(method, path)) >= times)
        return self.all_asked(method, path)[-1]

    def all_asked(self, method: str, path: str) -> list[Asked]:
        """Every such request so far."""
        return [asked for asked in self.asked if (asked.method, asked.path) == (method, path)]

    def orders(self) -> list[str]:
        """What was asked to be done, in order, without the questions and the signs of life."""
        done = [asked for asked in self.asked if asked.method != "GET" and asked.path != "/asterisk/variable"]
        return [f"{asked.method} {asked.path}" for asked in done]

    async def _events(self, request: web.Request) -> web.WebSocketResponse:
        self.headers.append(dict(request.headers))
        await self._note(request, {})
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        async for _ in socket:
            pass
        return socket

    async def _request(self, request: web.Request) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        body = await request.read()
        path = await self._note(request, json.loads(body) if body else {})
        if request.headers.get("Authorization") != encode_basic_auth("callwright", "päss:word", "utf-8"):
            return web.json_response({"message": "Authentication required"}, status=401)
        waiting = self.answers.get((request.method, path), [])
        if (request.method, path) == ("POST", "/asterisk/variable") and not waiting:
            self.sign = json.loads(body)["value"]
        answer = (waiting.pop(0) if len(waiting) > 1 else waiting[0]) if waiting else self._usual(request.method, path)
        if answer.when:
            await answer.when.wait()
        if not answer.status:
            assert request.transport is not None
            request.transport.abort()
        headers = {"Server": answer.server, "Date": "Sat, 21 Nov 2026 20:55:13 GMT"}
        if answer.body is None:
            return web.Response(status=answer.status or 500, headers=headers)
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        return web.Response(status=answer.status, text=text, headers=headers)

    async def _note(self, request: web.Request, body: Json) -> str:
        path = request.raw_path.partition("?")[0].removeprefix("/ari")
        async with self._came:
            self.asked.append(Asked(request.method, path, dict(request.query), body))
            self._came.notify_all()
        return path

    def _usual(self, method: str, path: str) -> Answer:
        match method, path:
            case "GET", "/asterisk/info":
                return Answer(body={"system": {"version": self.version, "entity_id": "00:00"}})
            case "GET", "/channels":
                return Answer(body=self.channels)
            case "GET", "/bridges":
                return Answer(body=self.bridges)
            case "GET", "/asterisk/variable":
                return Answer(body={"value": self.sign})
            case "GET", "/applications/callwright" if self.application_lives:
                return Answer(body={"name": "callwright", "channel_ids": self.subscribed})
            case "GET", _:
                return Answer(404, {"message": "Channel not found"})
            case _:
                return NOTHING


def caller_channel(channel: str, state: str = "Up", memory: str = "", number: str = "+15550100") -> dict[str, Any]:
    """A caller's channel as Asterisk shows it."""
    return {
        "id": channel,
        "name": f"PJSIP/line-{channel}",
        "state": state,
        "caller": {"name": "", "number": number},
        "dialplan": {"exten": "5551000", "app_name": "Stasis", "app_data": "callwright,in,5551000"},
        "channelvars": {"CALLWRIGHT": memory},
    }


def phone_channel(channel: str, *, answered: bool, memory: str = "agent") -> dict[str, Any]:
    """An agent's channel as Asterisk shows it."""
    app = ("Stasis", "callwright,leg") if answered else ("AppDial2", "(Outgoing Line)")
    return {
        "id": channel,
        "state": "Up" if answered else "Ringing",
        "dialplan": {"exten": "s", "app_name": app[0], "app_data": app[1]},
        "channelvars": {"CALLWRIGHT": memory},
    }


def event(kind: str, **fields: object) -> dict[str, Any]:
    """An event as Asterisk words it."""
    return {"type": kind, "timestamp": "2026-11-21T20:55:13.899+0000", "application": "callwright", **fields}


def stasis_start(channel: str) -> dict[str, Any]:
    """A caller comes in."""
    return event("StasisStart", args=["in", "5551000"], channel=caller_channel(channel, state="Ring"))
