"""What protects the pages: who may connect from where, headers on every answer, and errors that a person can read."""

import hmac
import html
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
import structlog
from aiohttp import web

from agent_desktop.addresses import is_this_machine
from agent_desktop.people import User
from agent_desktop.query import QueryMistake, read_query

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Query = TypeVar("Query", bound=msgspec.Struct)
Who = Callable[[web.Request], Awaitable[User]]
"""Who asks; raises `Refusal` if he is not logged in."""

_HOST = re.compile(r"([A-Za-z0-9.\-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(:\d{1,5})?")

_PHRASES = {413: "Content Too Large"}
"""RFC 9110's, where Python's own has changed: before 3.13 it was that of RFC 2616."""

log = structlog.stdlib.get_logger(__name__)


class Boundary(msgspec.Struct, frozen=True):
    """How the desktop is reached from outside.

    `origins`: further addresses of the page, as the browser sees them (`https://desk.example.com`), when a proxy
    changes the `Host` header. `proxies`: peers whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    `sip_urls`: where browser phones connect (`wss://pbx.example.com:8089/ws`). `metrics_token`: see `may_read_metrics`.
    """

    origins: frozenset[str] = frozenset()
    proxies: frozenset[str] = frozenset()
    sip_urls: tuple[str, ...] = ()
    metrics_token: str = ""

    def is_own_origin(self, request: web.Request) -> bool:
        """Whether the page that sends this request is ours. A request without an `Origin` is from no page."""
        origin = request.headers.get("Origin", "")
        if origin in self.origins:
            return True
        try:
            parts = urlsplit(origin)
        except ValueError:  # no browser sends such a thing
            return False
        return parts.scheme in {"http", "https"} and bool(parts.netloc) and parts.netloc == request.host

    def address(self, request: web.Request) -> str:
        """Where the browser is: the nearest network address that is not one of our proxies."""
        address = request.remote or ""
        # Each proxy adds whom it has heard at the end, be it in a header of its own; what stands before is hearsay.
        for heard in reversed(_all(request, "X-Forwarded-For")):
            if address not in self.proxies:
                break
            address = heard[:64]
        return address

    def is_secure(self, request: web.Request) -> bool:
        """Whether the browser came by HTTPS."""
        told = _all(request, "X-Forwarded-Proto") if request.remote in self.proxies else []
        return told[-1] == "https" if told else request.secure

    def may_read_metrics(self, request: web.Request) -> bool:
        """From this machine itself (not through a proxy on it), or with the bearer token if one is set."""
        given = request.headers.get("Authorization", "")
        if self.metrics_token and _same(given, f"Bearer {self.metrics_token}"):
            return True
        return is_this_machine(request.remote or "") and "X-Forwarded-For" not in request.headers

    def check_post(self, request: web.Request) -> None:
        """Raise `Refusal` for a state-changing request that another site's page could have sent."""
        if request.headers.get("X-Callwright") != "1":
            raise Refusal(403, "csrf", "The header `X-Callwright: 1` is missing.")
        if "Origin" in request.headers and not self.is_own_origin(request):
            raise Refusal(403, "origin", "This page is not of this centre.")

    async def add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        """Signal handler: security headers on every answer."""
        headers = response.headers
        headers["Content-Security-Policy"] = self._policy(request)
        headers["Server"] = "Callwright"  # instead of the versions of all that it is made of
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["X-Frame-Options"] = "DENY"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)"
        headers.setdefault("Cache-Control", "no-store")
        if self.is_secure(request):
            headers["Strict-Transport-Security"] = "max-age=31536000"

    def _policy(self, request: web.Request) -> str:
        # 'self' covers WebSockets of the own host only in newer browsers, so they are named.
        own = (f"ws://{request.host}", f"wss://{request.host}") if _HOST.fullmatch(request.host) else ()
        sip = {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, self.sip_urls)}
        connect = " ".join(("'self'", *own, *sorted(sip)))
        return (
            f"default-src 'self'; connect-src {connect}; img-src 'self' data:; object-src 'none'; "
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )


class Refusal(Exception):
    """An answer with an error status and a stable code, as JSON."""

    def __init__(
        self, status: int, code: str, text: str, *, seconds: int | None = None, centre: str | None = None
    ) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text
        self.seconds = seconds
        self.centre = centre

    def response(self) -> web.Response:
        """`{"error": {"code", "text"}}`, with `seconds` to wait and the name of the `centre` where they help."""
        error: dict[str, object] = {"code": self.code, "text": self.text}
        headers = {}
        if self.seconds is not None:
            error["seconds"] = self.seconds
            headers["Retry-After"] = str(self.seconds)
        body: dict[str, object] = {"error": error}
        if self.centre is not None:
            body["centre"] = self.centre
        return json_response(body, self.status, headers)


def asked(request: web.Request, shape: type[Query]) -> Query:
    """What stands behind the `?` of the address."""
    try:
        return read_query(request.query.items(), shape)
    except QueryMistake as mistake:
        raise Refusal(400, "bad_request", str(mistake)) from mistake


@web.middleware
async def readable_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Middleware: every error becomes JSON for programs and a plain page for people."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return refusal.response()
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _error(request, error.status, {k: v for k, v in error.headers.items() if k == "Allow"})
    except web.RequestPayloadError:
        return _error(request, 400, {})
    except ConnectionError:
        # From the account store (see AccountStore); with a browser that has gone, nobody reads the answer.
        return Refusal(503, "storage_down", "The database does not answer. Please try again.").response()
    except Exception:
        # The boundary to the web server: a mistake of ours is logged, told, and harms this request alone.
        log.exception("a request could not be answered", path=request.path)
        return _error(request, 500, {})


def json_response(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON by msgspec."""
    return web.Response(body=msgspec.json.encode(body), status=status, headers=headers, content_type="application/json")


def page_response(status: int, title: str, text: str) -> web.Response:
    """A plain page with a sentence."""
    body = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)} - Callwright</title>'
        f"<h1>{html.escape(title)}</h1><p>{html.escape(text)}</p></html>"
    )
    return web.Response(text=body, status=status, content_type="text/html")


def _error(request: web.Request, status: int, headers: dict[str, str]) -> web.Response:
    phrase = _PHRASES.get(status) or HTTPStatus(status).phrase
    if request.path.startswith("/api/") or "text/html" not in request.headers.get("Accept", ""):
        code = phrase.lower().replace(" ", "_").replace("'", "")
        response = Refusal(status, code, f"{phrase}.").response()
    else:
        response = page_response(status, phrase, "The desktop is at the address without a path: /")
    response.headers.update(headers)
    return response


def _all(request: web.Request, header: str) -> list[str]:
    return [one.strip() for line in request.headers.getall(header, ()) for one in line.split(",") if one.strip()]


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
