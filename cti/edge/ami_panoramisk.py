"""panoramisk, fenced in. Nothing else in Callwright imports it.

We take its manager, its actions with their ids, and its dispatch of events; what it does when something goes wrong is
replaced, because as it stands a line end in a value becomes an action of its own, an action that was unanswered when
the link broke is sent again (a customer is dialled twice), a callback that raises drops the link, a letter cut in two
by TCP is lost, a silent server is never noticed, and after a wrong password or `close()` it goes on connecting.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from panoramisk import Manager
from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

from cti.asterisk.ami_messages import Response
from cti.asterisk.ami_packets import Banner, Packet, PacketReader, serialize
from cti.asterisk.understanding import NotUnderstood
from cti.edge.errors import ConnectionBroken, NoAnswer, NotAsterisk, NothingListens

SLICE = 8_192
"""Bytes that are taken in at a time, some hundred events. asyncio reads thirty times as much at once, which would keep
everybody else waiting for a fifth of a second when a PBX tells of all its phones."""
DEADLINE = 5.0
"""Seconds to connect, and seconds for each answer. A refused login takes Asterisk one second, on purpose."""


class FencedProtocol(AMIProtocol):  # type: ignore[misc]  # panoramisk has no types
    """One connection. Bytes go through our own reader and serializer; an answer is a typed `Response`."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """asyncio's word for: the connection is there."""
        super().connection_made(transport)
        self._reader = PacketReader()
        self._unread = b""
        self.heard_at = 0.0
        """When bytes came last, by the event loop's clock."""
        self.greeted: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        """asyncio's word for: these bytes came. No more of them are read before all are taken in."""
        self._unread = data
        self.heard_at = asyncio.get_running_loop().time()
        if len(data) > SLICE:
            self.transport.pause_reading()
        self._take_in()

    def _take_in(self) -> None:
        """One slice; the rest when others have had their turn."""
        taken, self._unread = self._unread[:SLICE], self._unread[SLICE:]
        for heard in self._reader.feed(taken):
            self._heard(heard)
        if self.closed:
            return
        if self._unread:
            asyncio.get_running_loop().call_soon(self._take_in)
        elif not self.transport.is_reading():
            self.transport.resume_reading()

    def _heard(self, heard: Banner | Packet | NotUnderstood) -> None:
        match heard:
            case Banner(version=version):
                if not self.greeted.done():
                    self.greeted.set_result(version)
            case Packet():
                self._packet(heard)
            case NotUnderstood():
                self.factory.odd(heard)
                if not self.greeted.done():
                    self.greeted.set_exception(NotAsterisk("what answers there does not greet as AMI does"))

    def send(self, data: dict[str, str], as_list: bool = False) -> "asyncio.Future[Response]":
        """Send one action, once. Raises `UnsafeHeader`; the future fails if the connection is lost."""
        action = Action(data, as_list=as_list)
        self.transport.write(serialize(dict(action)))
        self.responses[action.id] = action
        future: asyncio.Future[Response] = action.future
        return future

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio's word for: the connection is gone. What was not answered fails; nothing is kept to be sent
        again."""
        self.closed = True
        for action in self.responses.values():
            if not action.future.done():
                action.future.set_exception(ConnectionBroken("the AMI connection broke"))
                action.future.exception()  # nobody may be waiting for it any more
        self.responses.clear()
        for future in (self.greeted, self.lost):
            if not future.done():
                future.set_exception(ConnectionBroken("the AMI connection broke"))
                future.exception()

    def close(self) -> None:
        """Close the connection."""
        self.transport.close()

    def _packet(self, packet: Packet) -> None:
        if "Response" not in packet:
            message = Message(dict(packet.headers))
            message.packet = packet
            self.factory.dispatch(message)
            return
        action = self.responses.pop(packet.get("ActionID"), None)
        if action and not action.future.done():
            success = packet.get("Response") == "Success"
            action.future.set_result(Response(packet.get("ActionID"), success, packet.get("Message")))


class FencedManager(Manager):  # type: ignore[misc]  # panoramisk has no types
    """One connection to one AMI server: it is opened once, and when it is lost that is all. Who wants another makes
    another.

    `hear` gets every event, on the event loop, and must neither block nor raise.
    """

    def __init__(
        self, host: str, port: int, hear: Callable[[Packet], None], odd: Callable[[NotUnderstood], None]
    ) -> None:
        super().__init__(host=host, port=port, protocol_factory=FencedProtocol)
        self._where = f"{host}:{port}"
        self.odd = odd

        def heard(_: Manager, event: Any) -> None:  # noqa: ANN401 -- panoramisk's Message, which has no types
            hear(event.packet)

        self.register_event("*", heard)

    async def open(self) -> str:
        """Connect; the version with which the server greets. Raises `PbxError`."""
        self.loop = asyncio.get_running_loop()
        connecting = self.loop.create_task(
            self.loop.create_connection(FencedProtocol, self.config["host"], self.config["port"])
        )
        try:
            async with asyncio.timeout(DEADLINE):
                await connecting
                self.connection_made(connecting)
                greeting: str = await self.protocol.greeted
        except TimeoutError as error:
            raise NoAnswer(f"no greeting from AMI at {self._where} within {DEADLINE:g} s") from error
        except OSError as error:
            raise NothingListens(f"no AMI listens at {self._where} ({error.strerror})") from error
        return greeting

    async def act(self, action: dict[str, str], deadline: float = DEADLINE) -> Response:
        """Send an action and wait for its answer. Raises `UnsafeHeader`, `PbxError`."""
        future: asyncio.Future[Response] = self.protocol.send(action)
        try:
            async with asyncio.timeout(deadline):
                return await future
        except TimeoutError as error:
            raise NoAnswer(f"no answer from AMI at {self._where} within {deadline:g} s") from error

    def has_spoken_since(self, moment: float) -> bool:
        """Whether anything has come since then, by the event loop's clock."""
        return bool(self.protocol.heard_at > moment)

    async def lost(self) -> None:
        """Waits until the connection is gone, then raises `ConnectionBroken`."""
        await asyncio.shield(self.protocol.lost)

    def ping(self) -> None:
        """panoramisk's own ping, which nobody listens to the answer of. The link has a better one."""

    def connection_lost(self, exc: Exception | None) -> None:
        """panoramisk would connect again here."""
