"""ARI's requests over HTTP: one deadline, one repetition where it can do no harm, and errors that say what is
wrong."""

import asyncio
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
import msgspec
from yarl import URL

from cti.asterisk.ari_objects import AsteriskInfo, Complaint
from cti.asterisk.ari_requests import AriRequest
from cti.edge.errors import (
    AriMissing,
    ConnectionBroken,
    NoAnswer,
    NotAsterisk,
    NothingListens,
    OddAnswer,
    PbxDown,
    PbxMisconfigured,
    Refused,
    TooLarge,
    TooOld,
    WrongPassword,
)

DEADLINE = 2.0
"""Seconds in which Asterisk has to answer a request; it needs one or two thousandths of one."""
OLDEST_VERSION = 20

TOO_BUSY = frozenset({429, 502, 503, 504})
"""Statuses that speak of the server. (500 is Asterisk's word for a phone that is not registered.)"""

_LARGEST_ANSWER = 100_000_000
"""Bytes; some ten thousand channels in one list, and no more than our memory bears."""
_CONNECTIONS = 32
"""Requests in flight at once. Asterisk's own limit (`session_limit` in http.conf) is 100 for everybody."""
_FAREWELL = aiohttp.ClientWSTimeout(ws_close=1.0)
"""Seconds for the other side's goodbye when we close the event stream; a PBX that is away says none."""
_KEEP_ALIVE = 10.0
"""Seconds; less than Asterisk's 15 (`session_keep_alive`), so that we never write into a connection it is closing."""

T = TypeVar("T")


class AriAddress(msgspec.Struct, frozen=True):
    """Where ARI is, and who we are there."""

    url: str
    """Its root, `http://127.0.0.1:8088/ari`."""
    user: str
    password: str
    app: str = "callwright"

    def __repr__(self) -> str:
        return f"AriAddress({self.url!r}, user={self.user!r}, app={self.app!r})"


class AriRest:
    """A client of one Asterisk's ARI; to be used with `async with`."""

    def __init__(self, address: AriAddress) -> None:
        self._root = address.url.rstrip("/")
        self.trouble = ""
        """Why the last request was not served, if that speaks of the PBX and not of the request; empty if it was."""
        self.answered_at = ""
        """Asterisk's clock at its last answer, as HTTP writes it (`Sat, 21 Nov 2026 20:55:13 GMT`)."""
        self.fenced = False
        """While it is so, questions may be asked and nothing may be done: another process drives this PBX."""
        self._headers = {"Authorization": aiohttp.encode_basic_auth(address.user, address.password, "utf-8")}

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEEP_ALIVE)
        timeout = aiohttp.ClientTimeout(total=None)
        self._session = aiohttp.ClientSession(connector=connector, timeout=timeout, headers=self._headers)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._session.close()

    async def perform(self, request: AriRequest) -> None:
        """Carry out a request. Raises `PbxError`; of these, only `Refused` means that it certainly was not done."""
        try:
            await self._try(request)
        except PbxDown:
            if not request.repeatable:
                raise
            await self._try_again(request)

    async def ask(self, path: str, answer: type[T]) -> T:
        """What is at a path (with its query). Raises `PbxError`."""
        body = await self._exchange("GET", path, b"")
        try:
            return msgspec.json.decode(body, type=answer)
        except (msgspec.MsgspecError, ValueError) as error:
            raise OddAnswer(
                f"ARI's answer to GET {path.partition('?')[0]} is not what it should be: {error}"
            ) from error

    async def file(self, path: str, within: float, largest: int) -> bytes:
        """The file at a path. `within` seconds it must be here, and have no more than `largest` bytes.

        Raises `PbxError`: `TooLarge`, or what `ask` raises.
        """
        return await self._exchange("GET", path, b"", within, largest)

    async def version(self) -> str:
        """Asterisk's version, once it is certain that it is one and that we can work with it. Raises `PbxError`."""
        try:
            info = await self.ask("/asterisk/info?only=system", AsteriskInfo)
        except OddAnswer as error:
            raise NotAsterisk(f"what answers at {self._root} is not Asterisk's ARI") from error
        version = info.system.version
        major = version.partition(".")[0]
        if major.isdecimal() and int(major[:4]) < OLDEST_VERSION:
            raise TooOld(f"the Asterisk at {self._root} is {version}; Callwright needs {OLDEST_VERSION} or later")
        return version

    async def events(self, app: str, heartbeat: float) -> aiohttp.ClientWebSocketResponse:
        """The event stream of an application; from now on it is ours, and who had it before is told so.

        After half of `heartbeat` seconds too many without a sign of life it breaks. Raises `PbxError`.
        """
        target = URL(f"{self._root}/events", encoded=True).with_query(app=app, subscribeAll="false")
        try:
            async with asyncio.timeout(DEADLINE):
                return await self._session.ws_connect(target, heartbeat=heartbeat, timeout=_FAREWELL)
        except aiohttp.WSServerHandshakeError as error:
            raise self._refusal(error.status, error.message, from_asterisk=True) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._failure(error) from error

    async def _try(self, request: AriRequest) -> None:
        body = msgspec.json.encode(request.body) if request.body else b""
        try:
            await self._exchange(request.method, request.target, body)
        except Refused as refusal:
            if refusal.status not in request.done_if:
                raise

    async def _try_again(self, request: AriRequest) -> None:
        if request.creates and await self._exists(request.creates):
            return  # only the answer was lost
        await self._try(request)

    async def _exists(self, path: str) -> bool:
        try:
            await self._exchange("GET", path, b"")
        except Refused:
            return False
        return True

    async def _exchange(
        self, method: str, target: str, body: bytes, within: float = DEADLINE, largest: int = _LARGEST_ANSWER
    ) -> bytes:
        if self.fenced and method != "GET":
            raise PbxDown("another process drives this PBX")
        url = URL(self._root + target, encoded=True)
        headers = {"Content-Type": "application/json"} if body else None
        try:
            async with (
                asyncio.timeout(within),
                self._session.request(method, url, data=body or None, headers=headers) as response,
            ):
                answer = await _whole(response, largest)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = self._failure(error, within)
            self.trouble = str(failure)
            raise failure from error
        self.answered_at = response.headers.get("Date", "")
        self.trouble = ""
        if response.status < 300:
            return answer
        from_asterisk = "Asterisk" in response.headers.get("Server", "")
        refusal = self._refusal(response.status, _complaint(answer), from_asterisk)
        if response.status in TOO_BUSY or not isinstance(refusal, Refused):
            self.trouble = str(refusal)
        raise refusal

    def _failure(self, error: Exception, within: float = DEADLINE) -> PbxDown | PbxMisconfigured:
        match error:
            case TimeoutError():
                return NoAnswer(f"no answer from {self._root} within {within:g} s")
            case aiohttp.ClientConnectorError():
                return NothingListens(f"nothing listens at {self._root} ({error.strerror or error.os_error})")
            case aiohttp.InvalidURL():
                return PbxMisconfigured(f"{self._root!r} is not the address of an ARI")
            case aiohttp.ClientResponseError():
                return NotAsterisk(f"what answers at {self._root} does not speak HTTP as Asterisk does")
            case _:
                return ConnectionBroken(f"the connection to {self._root} broke")

    def _refusal(
        self, status: int, complaint: str, from_asterisk: bool
    ) -> Refused | AriMissing | NotAsterisk | WrongPassword:
        if status == 401:
            return WrongPassword(f"the ARI at {self._root} does not accept this user and password")
        if complaint or status not in {404, 503}:
            return Refused(status, complaint)
        if from_asterisk:
            return AriMissing(f"there is an Asterisk at {self._root}, but its ARI is not loaded or not enabled")
        return NotAsterisk(f"what answers at {self._root} is not Asterisk's ARI")


async def _whole(response: aiohttp.ClientResponse, largest: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > largest:
            raise TooLarge(f"an answer of more than {largest:,} bytes")
    return b"".join(parts)


def _complaint(body: bytes) -> str:
    """ARI's own words; empty if the refusal is not ARI's."""
    try:
        complaint = msgspec.json.decode(body, type=Complaint)
    except (msgspec.MsgspecError, ValueError):
        return ""
    return complaint.message or complaint.error
