"""Requests that no page of ours makes: answered or refused, never given what is not theirs, never in the log."""

import asyncio
import logging
from pathlib import Path

import pytest

from agent_desktop.edge.door import Limits
from tests.agent_desktop.office import Browser, office
from tests.agent_desktop.visitor import visitor

HOST = b"Host: 127.0.0.1\r\n"
LOGIN = b"POST /api/login HTTP/1.1\r\n" + HOST + b"X-Callwright: 1\r\n"
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
    + b"A" * 22
    + b"==\r\n"
)


def _build(static: Path) -> None:
    (static / "assets").mkdir()
    (static / "index.html").write_text("<!doctype html><title>Callwright</title>")
    (static / "assets" / "a-1.js").write_text("1")
    (static.parent / "secret").write_text("secret")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"HEAD / HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        (b"HEAD /assets/a-1.js HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        (b"HEAD /api/me HTTP/1.1\r\n" + HOST + b"\r\n", 401),
        (b"HEAD /ws HTTP/1.1\r\nOrigin: http://127.0.0.1\r\n" + HOST + UPGRADE + b"\r\n", 404),
        (b"GET / HTTP/1.1\r\n" + HOST + UPGRADE + b"\r\n", 200),
        (b"OPTIONS /api/login HTTP/1.1\r\n" + HOST + b"\r\n", 405),
        (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", 405),
        (b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        (b"GET //evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET /assets/../../secret HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET /assets/..%2f..%2fsecret HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET /%2fetc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET /%ff%fe%00 HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET /health HTTP/1.0\r\n\r\n", 200),
        (b"GET /api/me HTTP/1.1\r\n" + HOST + b"Cookie: callwright_session=" + b"a" * 8000 + b"\r\n\r\n", 401),
        (b"GET /api/me HTTP/1.1\r\n" + HOST + b'Cookie: callwright_session="\xff\\";;==;,\r\n\r\n', 401),
        (b"GET /metrics HTTP/1.1\r\n" + HOST + b"X-Forwarded-For: x\r\nAuthorization: Bearer \xff\r\n\r\n", 403),
        (LOGIN + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (LOGIN + b"Transfer-Encoding: chunked\r\n\r\n4\r\n{}{}\r\n0\r\n\r\n", 400),
    ],
)
async def test_odd_requests_have_a_plain_answer(
    request_: bytes, status: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With the security headers, and without a word in the log."""
    _build(tmp_path)
    async with office(static=tmp_path) as centre, visitor(centre) as stranger:
        stranger.say(request_)
        head = await stranger.head()
        assert head.split()[1] == str(status).encode()
        assert b"\r\nX-Content-Type-Options: nosniff\r\n" in head
        assert b"frame-ancestors 'none'" in head
        assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /health HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /health HTTP/1.1\r\n" + HOST + b"Cookie: callwright_session=" + b"a" * 9000 + b"\r\n\r\n",
        b"GET /health HTTP/1.1\r\n" + HOST + b"".join(b"X%d: y\r\n" % n for n in range(200)) + b"\r\n",
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /health HTTP/1.1\n" + HOST + b"\n\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        LOGIN + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        LOGIN + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
        LOGIN + b"Content-Length: -4\r\n\r\nabcd",
        LOGIN + b"Transfer-Encoding: chunked\r\n\r\n4\r\nabcdefghi\r\n",
    ],
)
async def test_what_is_no_request_is_refused_and_counted(request_: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """400 and the end, for whoever may be behind the proxy could read it otherwise than the proxy has."""
    async with office() as centre, visitor(centre) as stranger:
        stranger.say(request_)
        assert b" 400 " in await stranger.head()
        assert await stranger.is_cut()
        assert centre.count("malformed_requests_total") == 1
        assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_body_that_breaks_off_in_nonsense_ends_with_its_time(caplog: pytest.LogCaptureFixture) -> None:
    """Its head was good and has been taken; aiohttp lets whoever reads such a body wait for ever."""
    async with office(limits=Limits(body=0.5)) as centre, visitor(centre) as stranger:
        stranger.say(LOGIN + b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
        assert b" 100 " in await stranger.head()  # in one piece with the head, it would be no request at all
        stranger.say(b"nonsense\r\n")
        assert await stranger.is_cut()
        assert centre.count("cut_connections_total", reason="slow_body") == 1
        assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("host", [b"", b"a; script-src *", b"\xff\xfe", b"a, b", b"[::1", b"x" * 3000])
async def test_a_wrong_host_is_not_repeated(host: bytes) -> None:
    """The policy names the host; it must not be written by whoever sends the header."""
    async with office() as centre, visitor(centre) as stranger:
        stranger.say(b"GET /health HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
        head = await stranger.head()
        assert b"connect-src 'self'; img-src" in head
        assert b"script-src" not in head


async def test_requests_in_advance_are_answered_in_their_order() -> None:
    """Pipelining; also behind an upgrade that was refused, and more of them than aiohttp keeps at once."""
    get = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"
    async with office() as centre, visitor(centre) as stranger:
        stranger.say(get * 100 + b"GET /ws HTTP/1.1\r\n" + HOST + UPGRADE + b"\r\n" + get)
        for _ in range(100):
            assert b" 200 " in await stranger.head()
        assert b" 403 " in await stranger.head()
        assert b" 200 " in await stranger.head()


async def test_a_flood_of_tickets_leaves_the_last_ten() -> None:
    """Of each login; somebody else's stay good."""
    async with office() as centre, Browser(centre) as anna, Browser(centre) as ben:
        await anna.log_in("anna")
        await ben.log_in("ben")
        bens = await ben.ticket()
        annas = await asyncio.gather(*(anna.ticket() for _ in range(200)))
        assert (await ben.authenticate(bens))["type"] == "welcome"
        good = [ticket for ticket in annas if centre.accounts.redeem(ticket)]
        assert len(good) == 10
