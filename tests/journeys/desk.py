"""An agent's desktop without a browser: logs in, opens the WebSocket, keeps the screen's document, notes each time.

It reads in a thread of its own, and the time at which a frame has arrived is the kernel's.
"""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any, Self

import aiohttp
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.journeys.stamped_socket import open_stamped

Value = Any
"""A value of the screen's document: whatever JSON has."""


class Refused(Exception):
    """The centre refused a request; the text is the code."""


class Desk:
    """One open desktop. `async with await Desk.open(...)`."""

    def __init__(self, port: int, user: str, password: str) -> None:
        self._base = f"127.0.0.1:{port}"
        self._user = user
        self._password = password
        self._lock = threading.Condition()
        self._serial = 0
        self._stream = ""
        self.seq = 0
        self.view: dict[str, Value] = {}
        self.times: list[tuple[float, dict[str, Value]]] = []
        """When each change arrived (`time.monotonic()`), and what it set."""
        self.frames: list[str] = []
        """All that the centre has sent, as it came."""
        self.answers: dict[str, str] = {}
        self.resumed = False
        self.error = ""
        self._greeted = False
        self._socket: ClientConnection | None = None
        self._cookie = ""

    @classmethod
    async def open(cls, port: int, user: str, password: str) -> Self:
        """Log in and connect; the document is there when this returns."""
        desk = cls(port, user, password)
        await desk.log_in()
        await desk.connect()
        return desk

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def log_in(self) -> None:
        """Password for cookie."""
        answer = await self._post("/api/login", {"user": self._user, "password": self._password})
        self._cookie = answer.headers["Set-Cookie"].partition(";")[0]

    async def connect(self) -> None:
        """Open the WebSocket with a new ticket; resumes if there was one before."""
        answer = await self._post("/api/ticket", {})
        ticket = (await answer.json())["ticket"]
        first: dict[str, Value] = {"type": "authenticate", "version": 1, "ticket": ticket}
        if self._stream:
            first["resume"] = {"stream": self._stream, "seq": self.seq}
        self.error = ""
        self._greeted = False
        threading.Thread(target=self._read, args=(json.dumps(first),), daemon=True).start()
        await self.sees(lambda: self._greeted, "a welcome")

    async def close(self) -> None:
        """Close the browser's tab."""
        socket = self._socket
        if socket is not None:
            await asyncio.to_thread(socket.close)  # which waits for the centre's answer

    @property
    def is_connected(self) -> bool:
        """Whether the WebSocket is open."""
        return self._socket is not None

    async def _post(self, path: str, body: object) -> aiohttp.ClientResponse:
        headers = {"X-Callwright": "1", "Cookie": self._cookie}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(f"http://{self._base}{path}", json=body) as answer,
        ):
            text = await answer.text()
            assert answer.status < 300, f"{path}: {answer.status} {text}"
            return answer

    def _read(self, first: str) -> None:
        try:
            opened = open_stamped(self._base)
            with opened:
                self._socket = opened
                opened.send(first)
                for frame in opened:
                    self.frames.append(str(frame))
                    self._take(json.loads(frame), opened.arrivals.popleft())
        except ConnectionClosed:
            pass
        with self._lock:
            self._socket = None
            self._lock.notify_all()

    def _take(self, frame: dict[str, Value], arrived: float) -> None:
        with self._lock:
            match frame["type"]:
                case "welcome":
                    self.view = frame["view"]
                    self._stream, self.seq, self.resumed = frame["stream"], frame["seq"], False
                    self._greeted = True
                case "resumed":
                    self._stream, self.resumed = frame["stream"], True
                    self._greeted = True
                case "change":
                    assert frame["seq"] == self.seq + 1, "a change is missing"
                    self.seq = frame["seq"]
                    self.view.update(frame.get("set", {}))
                    for key in frame.get("unset", []):
                        self.view.pop(key, None)
                    self.times.append((arrived, frame.get("set", {})))
                case "granted":
                    self.answers[frame["id"]] = ""
                case "refused":
                    self.answers[frame["id"]] = frame["code"]
                case "error":
                    self.error = frame["code"]
                case _:
                    pass
            self._lock.notify_all()

    # -- what a person does ----------------------------------------------------------------------------------------

    async def ask(self, verb: str, **arguments: str | float | bool) -> None:
        """Press a button. Raises `Refused`."""
        self._serial += 1
        request = f"r{self._serial}"
        assert self._socket is not None
        frame = {"type": "request", "id": request, "verb": verb, **arguments}
        await asyncio.to_thread(self._socket.send, json.dumps(frame))
        await self.sees(lambda: request in self.answers, f"an answer to {verb}")
        if self.answers[request]:
            raise Refused(self.answers[request])

    async def begin_work(self, phone: str = "desk") -> None:
        """Log in at a phone and say Ready."""
        await self.ask("log_in", phone=phone)
        await self.ask("become_ready")

    # -- what a person sees ----------------------------------------------------------------------------------------

    async def sees(self, condition: Callable[[], bool], what: str, timeout: float = 5.0) -> None:
        """Wait until the screen is so."""

        def is_so() -> bool:
            try:
                return condition()
            except (KeyError, TypeError):
                return False  # what it looks at is not on the screen yet

        def wait() -> bool:
            with self._lock:
                return self._lock.wait_for(is_so, timeout)

        assert await asyncio.to_thread(wait), f"{self._user} did not see {what}: {self.view}"

    async def state(self, kind: str, timeout: float = 5.0) -> dict[str, Value]:
        """Wait until the agent is in that state."""
        await self.sees(lambda: self.view["state"]["kind"] == kind, f"state {kind}", timeout)
        state: dict[str, Value] = self.view["state"]
        return state

    async def pop(self, timeout: float = 5.0) -> dict[str, Value]:
        """Wait for a screen pop."""
        await self.sees(lambda: bool(self.view.get("pop")), "a screen pop", timeout)
        pop: dict[str, Value] = self.view["pop"]
        return pop

    def notices(self) -> list[str]:
        """The codes of what is told her, oldest first."""
        return [notice["code"] for notice in self.view["notices"]]

    def pop_arrived(self, interaction: str) -> float:
        """When the pop of that interaction was first in the browser."""
        return next(at for at, change in self.times if (change.get("pop") or {}).get("interaction") == interaction)
