"""An AMI made by hand, on a real socket: it answers, notes what it was told, and behaves badly on demand."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from cti.edge.ami import AmiAddress

Headers = Mapping[str, str]

SECRET = "geheim"


class FakeAmi:
    """To be used with `async with`; then `address` is where it is."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self.actions: list[Headers] = []
        """Every action that came, over all connections."""
        self.connections = 0
        self.phones = {"PJSIP/alice": "NOT_INUSE", "PJSIP/bob": "UNAVAILABLE", "Queue:billing_avail": "INUSE"}
        self.greeting = b"Asterisk Call Manager/11.0.0\r\n"
        self.mute = False
        """Takes everything, answers nothing."""
        self.unanswered: set[str] = set()
        """Actions that get no answer."""
        self.login_refusal = "Authentication failed"
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._came = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self.address = AmiAddress("127.0.0.1", self._server.sockets[0].getsockname()[1], "callwright", SECRET)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*self._tasks)

    async def say(self, *pieces: bytes) -> None:
        """Send bytes to whoever connected last, each piece in a TCP segment of its own."""
        for piece in pieces:
            self._writers[-1].write(piece)
            await self._writers[-1].drain()
            await asyncio.sleep(0.02)

    def cut(self) -> None:
        """Break the connection."""
        self._writers[-1].transport.abort()

    async def was_told(self, action: str, times: int = 1) -> Headers:
        """Waits until an action has come that often; the last of them."""
        async with asyncio.timeout(5), self._came:
            await self._came.wait_for(lambda: len(self.all_told(action)) >= times)
        return self.all_told(action)[-1]

    def all_told(self, action: str) -> list[Headers]:
        """Every such action so far."""
        return [headers for headers in self.actions if headers.get("Action") == action]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self._writers.append(writer)
        writer.write(self.greeting)
        try:
            while True:
                await self._act(await reader.readuntil(b"\r\n\r\n"), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
        finally:
            self._tasks.discard(task)

    async def _act(self, packet: bytes, writer: asyncio.StreamWriter) -> None:
        lines = packet.decode().strip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        async with self._came:
            self.actions.append(headers)
            self._came.notify_all()
        if not self.mute and headers["Action"] not in self.unanswered:
            writer.write(self._answer(headers))

    def _answer(self, headers: Headers) -> bytes:
        action_id = headers["ActionID"]
        match headers["Action"]:
            case "Login" if headers["Secret"] != SECRET:
                return packet(Response="Error", ActionID=action_id, Message=self.login_refusal)
            case "Login":
                accepted = packet(Response="Success", ActionID=action_id, Message="Authentication accepted")
                return accepted + packet(Event="FullyBooted", Status="Fully Booted")
            case "DeviceStateList":
                states = [
                    packet(Event="DeviceStateChange", ActionID=action_id, Device=device, State=state)
                    for device, state in self.phones.items()
                ]
                start = packet(Response="Success", ActionID=action_id, EventList="start", Message="will follow")
                end = packet(Event="DeviceStateListComplete", ActionID=action_id, EventList="Complete")
                return b"".join([start, *states, end])
            case "Ping":
                return packet(Response="Success", ActionID=action_id, Ping="Pong")
            case "PJSIPNotify":
                return packet(Response="Success", ActionID=action_id, Message="NOTIFY sent")
            case _:
                return packet(Response="Error", ActionID=action_id, Message="Invalid/unknown command")


def packet(**headers: str) -> bytes:
    """A packet as AMI sends it."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n"


def phone_state(phone: str, state: str) -> bytes:
    """A phone's state has changed."""
    return packet(Event="DeviceStateChange", Privilege="call,all", Device=phone, State=state)
