"""The company's own services, asked by HTTP on behalf of a flow (`ivr.nodes.http`).

The settings name them with their address and their secrets. An answer is believed as little as a CRM's: it must be JSON
of bearable size, and every value that is wanted must be there and of its type.
"""

import re
from collections.abc import Collection, Mapping
from types import TracebackType
from typing import Self
from urllib.parse import quote

import aiohttp
import msgspec
from yarl import URL

from crm_bridge.mapping import LONGEST_TEXT, readable
from ivr.flow.questions import Request, Wanted
from ivr.flow.secret import Secret
from ivr.flow.variables import fits

ONCE = "Idempotency-Key"
"""By which a service knows a request that was made before (draft-ietf-httpapi-idempotency-key-header)."""

LARGEST_ANSWER = 256 * 1024
"""Bytes."""

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


class ServiceFailed(Exception):
    """The service did not answer, or not what was asked. The text is for people and names no caller."""


class ServiceRefused(ServiceFailed):
    """It does not want this request (4xx), perhaps because of what the caller has typed. It is at work: callers who
    mistype must not cost the others its answers."""


_OVERLOADED = frozenset({408, 429})
"""Answers that begin with 4, and say that it is not."""


class Service(msgspec.Struct, frozen=True):
    """One, as the settings describe it."""

    url: str
    """What all paths are added to."""
    headers: Mapping[str, str] = {}


class Services:
    """All of them. To be entered before the first question."""

    def __init__(self, services: Mapping[str, Service]) -> None:
        self._services = services
        self._session: aiohttp.ClientSession | None = None

    @property
    def names(self) -> Collection[str]:
        """Of those that the settings name."""
        return self._services.keys()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(self, request: Request) -> Mapping[str, str] | None:
        """What the answer says of what is wanted; None if there is no such thing (404). Raises `ServiceFailed`.

        It may take its time: who asks sets the deadline.
        """
        service = self._services.get(request.service)
        if service is None or self._session is None:
            raise ServiceFailed(f"the settings have no service {request.service!r}")
        try:
            async with self._session.request(
                request.method,
                URL(service.url.rstrip("/") + request.path, encoded=True).extend_query(request.query),
                headers={**service.headers, **_once(request)},
                json={name: _revealed(value) for name, value in request.body.items()} or None,
                allow_redirects=False,
            ) as answer:
                if answer.status == 404:
                    return None
                if not 200 <= answer.status < 300:
                    refused = 400 <= answer.status < 500 and answer.status not in _OVERLOADED
                    kind = ServiceRefused if refused else ServiceFailed
                    raise kind(f"the service {request.service!r} answered {answer.status}")
                content = await _read(answer) if request.wanted else b""
        except (aiohttp.ClientError, ValueError, OSError) as error:
            raise ServiceFailed(f"the service {request.service!r} cannot be asked ({type(error).__name__})") from error
        return _learnt(request, content)


def _once(request: Request) -> Mapping[str, str]:
    """After a restart in the middle of it a request is made again."""
    return {ONCE: f'"{quote(request.once)}"'} if request.once and request.method in {"POST", "PATCH"} else {}


def _revealed(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_any():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise ValueError("an answer that is too large")
    return bytes(content)


def _learnt(request: Request, content: bytes) -> Mapping[str, str]:
    if not request.wanted:
        return {}
    try:
        answer = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ServiceFailed(f"the service {request.service!r} did not answer with JSON") from None
    return {name: _text(answer, wanted, request.service) for name, wanted in request.wanted.items()}


def _text(answer: object, wanted: Wanted, service: str) -> str:
    found = _at(answer, wanted.at)
    match found:
        case bool():
            text = "true" if found else "false"
        case float():
            text = f"{found:.6f}".rstrip("0").rstrip(".")  # 0.30000000000000004 was meant to be 0.3
        case str() | int():
            text = str(found)
        case _:
            raise ServiceFailed(f"the service {service!r} said no value at {wanted.at!r}")
    if not fits(text, wanted.type):
        raise ServiceFailed(f"the service {service!r} said no {wanted.type} at {wanted.at!r}")
    if len(text) > LONGEST_TEXT:
        raise ServiceFailed(f"the service {service!r} said a text at {wanted.at!r} that is too long")
    return readable(text)


def _at(answer: object, pointer: str) -> object:
    """The value at a JSON Pointer (RFC 6901); None if there is none."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        match answer:
            case dict():
                answer = answer.get(name)
            case list() if _INDEX.fullmatch(name) and int(name) < len(answer):
                answer = answer[int(name)]
            case _:
                return None
    return answer
