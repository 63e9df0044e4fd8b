"""Telephones without sound, for exact times.

A real SIP stack spends some tens of milliseconds of its one thread on closing the sound of a call before it looks at
the next INVITE, which would hide all that is measured here. These phones do nothing but signalling, and an INVITE's
time is that at which the kernel took it off the wire, whatever the process was doing then. They repeat nothing: the
loopback loses nothing.
"""

import asyncio
import itertools
import socket
import time
from types import TracebackType
from typing import Self

from bench.sip_messages import SipMessage, authorization, description, message, parse
from tests.parts.arrivals import arrival_of, ask_for_arrivals

_HOST = "127.0.0.1"
_LARGEST = 65_535


class SoundSink:
    """A port where sound may go. Nobody listens; what comes is dropped when the kernel's buffer is full."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((_HOST, 0))
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()


class SipCall:
    """One call, either way. Times are `time.monotonic()`."""

    def __init__(self, phone: "SipPhone", call_id: str, *, ours: str, theirs: str, target: str) -> None:
        self._phone = phone
        self.call_id = call_id
        self.ours = ours
        """`From` of our requests."""
        self.theirs = theirs
        """`To` of our requests."""
        self.target = target
        self.invite: SipMessage | None = None
        """The one to be answered, if it rings here."""
        self.started_at = 0.0
        """When the INVITE was sent, or arrived."""
        self.is_answered = asyncio.Event()
        self.is_over = asyncio.Event()
        self.sequence = itertools.count(1)

    def answer(self) -> None:
        """200 OK to what rings."""
        if self.invite is not None and not self.is_over.is_set():
            self._phone.respond(self.invite, "200 OK", self, with_sound=True)
            self.is_answered.set()

    def hang_up(self) -> float:
        """BYE, unless it is over; when it went out."""
        now = time.monotonic()
        if not self.is_over.is_set():
            self.is_over.set()
            self._phone.request("BYE", self.target, self)
        return now

    async def answered(self, timeout: float) -> None:
        """Wait until it is. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout):
            await self.is_answered.wait()

    async def ended(self, timeout: float) -> None:
        """Wait until it is over. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout):
            await self.is_over.wait()


class SipPhone:
    """One telephone, or the line of many callers: `user` at a socket of its own."""

    def __init__(self, user: str, password: str, server: int, sound: SoundSink) -> None:
        self.name = user
        self._password = password
        self._server = f"{_HOST}:{server}"
        self._sound = sound
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ask_for_arrivals(self._socket)
        self._socket.bind((_HOST, 0))
        self._socket.setblocking(False)
        self._socket.connect((_HOST, server))
        self._port: int = self._socket.getsockname()[1]
        self._own = f"{_HOST}:{self._port}"
        self._calls: dict[str, SipCall] = {}
        self._ringing: asyncio.Queue[SipCall] = asyncio.Queue()
        self._registered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._serial = itertools.count(1)
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    def close(self) -> None:
        """Hear nothing more."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    # -- what people do --------------------------------------------------------------------------------------------

    async def register(self, timeout: float) -> None:
        """Tell Asterisk where it is. Raises `TimeoutError`, `PermissionError`."""
        self._send_register()
        async with asyncio.timeout(timeout):
            await self._registered

    def dial(self, number: str) -> SipCall:
        """Call a number."""
        target = f"sip:{number}@{self._server}"
        call_id = f"{next(self._serial)}-{self._own}"
        call = SipCall(self, call_id, ours=f"<sip:{self.name}@{_HOST}>;tag=1", theirs=f"<{target}>", target=target)
        self._calls[call_id] = call
        call.started_at = time.monotonic()
        self.request("INVITE", target, call, description(self._sound.port))
        return call

    async def rings(self, timeout: float) -> SipCall:
        """The next call that rings here. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout):
            return await self._ringing.get()

    # -- out -------------------------------------------------------------------------------------------------------

    def request(self, method: str, target: str, call: SipCall, body: str = "", *extra: str, number: int = 0) -> None:
        """Send a request of a call; `number` is that of the INVITE that an ACK is for."""
        headers = [
            f"Via: SIP/2.0/UDP {self._own};branch=z9hG4bK-{self._port}-{next(self._serial)}",
            "Max-Forwards: 70",
            f"From: {call.ours}",
            f"To: {call.theirs}",
            f"Call-ID: {call.call_id}",
            f"CSeq: {number or next(call.sequence)} {method}",
            f"Contact: <sip:{self.name}@{self._own}>",
            *extra,
        ]
        self._socket.send(message(f"{method} {target} SIP/2.0", headers, body))

    def respond(self, to: SipMessage, status: str, call: SipCall | None, *, with_sound: bool = False) -> None:
        """Answer a request."""
        headers = to.all("via", "from", "call-id", "cseq")
        headers.append(f"To: {to.of('to') if call is None or 'tag=' in to.of('to') else call.ours}")
        headers.append(f"Contact: <sip:{self.name}@{self._own}>")
        self._socket.send(message(f"SIP/2.0 {status}", headers, description(self._sound.port) if with_sound else ""))

    def _send_register(self, challenge: str = "") -> None:
        uri = f"sip:{self._server}"
        address = f"<sip:{self.name}@{self._server}>"
        call = SipCall(self, f"register-{self._own}", ours=f"{address};tag=1", theirs=address, target=uri)
        number = 1
        extra = ["Expires: 3600"]
        if challenge:
            number = 2
            extra.append(authorization(challenge, "REGISTER", uri, self.name, self._password))
        self.request("REGISTER", uri, call, "", *extra, number=number)

    # -- in --------------------------------------------------------------------------------------------------------

    def _readable(self) -> None:
        while True:
            try:
                data, ancillary, _, _ = self._socket.recvmsg(_LARGEST, 64)
            except BlockingIOError:
                return
            arrived = arrival_of(ancillary, time.monotonic())
            heard = parse(data)
            if heard.status:
                self._response(heard)
            else:
                self._request(heard, arrived)

    def _request(self, heard: SipMessage, arrived: float) -> None:
        call = self._calls.get(heard.of("call-id"))
        match heard.method:
            case "INVITE" if call is None:
                self._invited(heard, arrived)
            case "INVITE":  # the same once more, or something about the sound, which we have none of
                self.respond(heard, "200 OK", call, with_sound=True)
            case "ACK":
                pass
            case "BYE" | "CANCEL":
                self.respond(heard, "200 OK", call)
                if call is not None:
                    call.is_over.set()
                    del self._calls[call.call_id]
                    if heard.method == "CANCEL" and call.invite is not None:
                        self.respond(call.invite, "487 Request Terminated", call)
            case _:
                self.respond(heard, "200 OK", call)

    def _invited(self, heard: SipMessage, arrived: float) -> None:
        ours = f"{heard.of('to')};tag={next(self._serial)}"
        call = SipCall(self, heard.of("call-id"), ours=ours, theirs=heard.of("from"), target=heard.target)
        call.started_at, call.invite = arrived, heard
        self._calls[call.call_id] = call
        self.respond(heard, "100 Trying", call)
        self._ringing.put_nowait(call)

    def _response(self, heard: SipMessage) -> None:
        if heard.method == "REGISTER":
            self._register_answered(heard)
            return
        call = self._calls.get(heard.of("call-id"))
        if call is None or heard.status < 200:
            return
        if heard.method == "INVITE":
            self._dial_answered(call, heard)
        elif heard.method == "BYE":
            del self._calls[call.call_id]

    def _register_answered(self, heard: SipMessage) -> None:
        if heard.status == 401 and heard.of("cseq").startswith("1 "):
            self._send_register(heard.of("www-authenticate"))
        elif not self._registered.done() and heard.status >= 200:
            if heard.status == 200:
                self._registered.set_result(None)
            else:
                self._registered.set_exception(PermissionError(f"{self.name} cannot register: {heard.first}"))

    def _dial_answered(self, call: SipCall, heard: SipMessage) -> None:
        call.theirs = heard.of("to")
        if heard.status < 300:
            call.target = heard.target
            call.is_answered.set()
        else:
            call.is_over.set()
            del self._calls[call.call_id]
        self.request("ACK", call.target, call, number=int(heard.of("cseq").split(" ")[0]))
