"""The web server's answers: login, headers, health, the page, and what it refuses."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from acd.model import UserId
from agent_desktop.edge.accounts import LockedOut, MemoryAccountStore
from agent_desktop.edge.door import Door
from agent_desktop.edge.guard import Boundary
from agent_desktop.edge.server import CannotListen, DesktopServer
from agent_desktop.edge.web import Part
from tests.acd.company import company
from tests.agent_desktop.office import PASSWORD, Browser, office


class DownStore(MemoryAccountStore):
    """A database that answered this morning."""

    down = False

    async def get_hash(self, user: UserId) -> str | None:
        """As `AccountStore` demands."""
        if self.down:
            raise ConnectionError("down")
        return await super().get_hash(user)


async def test_login_sets_a_cookie_that_scripts_cannot_read() -> None:
    """HttpOnly, SameSite=Strict; and the user's role."""
    async with office() as centre, Browser(centre) as anna:
        credentials = {"user": "anna", "password": PASSWORD}
        async with anna.http.post("/api/login", json=credentials) as response:
            assert await response.json() == {"user": {"id": "anna", "name": "Anna", "role": "agent"}}
            cookie = response.headers["Set-Cookie"]
        assert set(cookie.split("; ")) >= {"HttpOnly", "SameSite=Strict", "Path=/"}
        assert "Secure" not in cookie
        async with anna.http.get("/api/me") as response:
            assert (await response.json())["user"]["id"] == "anna"
        async with anna.http.post("/api/logout") as response:
            assert response.status == 200
        async with anna.http.get("/api/me") as response:
            assert response.status == 401
            assert await response.json() == {
                "error": {"code": "not_logged_in", "text": "Please log in."},
                "centre": "Test company",
            }
        async with anna.http.post("/api/ticket") as response:
            assert response.status == 401


async def test_behind_a_tls_proxy_the_cookie_is_secure_and_addresses_are_true() -> None:
    """Only a proxy that was named is believed."""
    credentials = {"user": "anna", "password": PASSWORD}
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.1, 203.0.113.7"}
    boundary = Boundary(origins=frozenset({"https://desk.example.com"}), proxies=frozenset({"127.0.0.1"}))
    async with office(boundary=boundary) as centre, Browser(centre) as anna:
        headers = {**forwarded, "Origin": "https://desk.example.com"}
        async with anna.http.post("/api/login", json=credentials, headers=headers) as response:
            assert response.status == 200
            assert "Secure" in response.headers["Set-Cookie"]
            assert "Strict-Transport-Security" in response.headers
        for _ in range(21):
            await _wrong(anna, {"X-Forwarded-For": "203.0.113.9"})
        assert await _wrong(anna, {"X-Forwarded-For": "203.0.113.9"}) == 429
        assert await _wrong(anna, {"X-Forwarded-For": "203.0.113.8"}) == 401
    async with (
        office() as centre,
        Browser(centre) as anna,
        anna.http.post("/api/login", json=credentials, headers=forwarded) as response,
    ):
        assert "Secure" not in response.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("lines", "believed"),
    [
        (("198.51.100.1", "203.0.113.7"), "203.0.113.7"),
        (("198.51.100.1, 203.0.113.7",), "203.0.113.7"),
        (("198.51.100.1, 203.0.113.7, 10.0.0.9",), "203.0.113.7"),
        (("10.0.0.9",), "10.0.0.9"),
        ((" , ",), "127.0.0.1"),
        ((), "127.0.0.1"),
    ],
)
async def test_what_a_browser_says_of_its_address_is_hearsay(lines: tuple[str, ...], believed: str) -> None:
    """Only what the proxies have added counts, in one header or in several: else a guesser is always somebody else."""
    boundary = Boundary(proxies=frozenset({"127.0.0.1", "10.0.0.9"}))
    async with office(boundary=boundary) as centre, Browser(centre) as guesser:
        headers = CIMultiDict([("X-Forwarded-For", line) for line in lines])
        for _ in range(21):
            assert await _wrong(guesser, headers) == 401
        assert await _wrong(guesser, headers) == 429
        with pytest.raises(LockedOut):
            await centre.accounts.log_in(UserId("anna"), PASSWORD, believed)
        await centre.accounts.log_in(UserId("anna"), PASSWORD, "192.0.2.99")


async def _wrong(browser: Browser, headers: Mapping[str, str]) -> int:
    body = {"user": f"nobody{secrets.token_hex(4)}", "password": "x"}
    async with browser.http.post("/api/login", json=body, headers=headers) as response:
        return response.status


async def test_guessing_is_slowed_down() -> None:
    """429 with the seconds to wait."""
    async with office() as centre, Browser(centre) as anna:
        assert [await anna.log_in("anna", "wrong") for _ in range(7)] == [401] * 6 + [429]
        async with anna.http.post("/api/login", json={"user": "anna", "password": PASSWORD}) as response:
            assert response.status == 429
            error = (await response.json())["error"]
            assert (error["code"], error["seconds"]) == ("locked_out", 1)
            assert response.headers["Retry-After"] == "1"
        assert await anna.log_in("ben") == 200
        assert centre.count("logins_total", result="wrong_password") == 6
        assert centre.count("logins_total", result="locked_out") == 2


async def test_who_is_not_in_the_plan_any_more_does_not_get_in() -> None:
    """His password may still be stored."""
    async with office() as centre, Browser(centre) as fired:
        await centre.accounts.set_password(UserId("fired"), PASSWORD)
        assert await fired.log_in("fired") == 401
        async with fired.http.get("/api/me") as response:
            assert response.status == 401


async def test_a_database_that_is_down_is_told_as_such() -> None:
    """503, not a wrong password."""
    store = DownStore()
    async with office(store=store) as centre, Browser(centre) as anna:
        store.down = True
        assert await anna.log_in("anna") == 503


@pytest.mark.parametrize("path", ["/api/login", "/api/logout", "/api/ticket"])
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "csrf"),
        ({"X-Callwright": "1", "Origin": "https://evil.example"}, "origin"),
        ({"X-Callwright": "0"}, "csrf"),
    ],
)
async def test_posts_of_other_sites_are_refused(path: str, headers: dict[str, str], code: str) -> None:
    """On every route that changes something."""
    async with (
        office() as centre,
        aiohttp.ClientSession(centre.url, headers=headers) as http,
        http.post(path, json={"user": "anna", "password": PASSWORD}) as response,
    ):
        assert response.status == 403
        assert (await response.json())["error"]["code"] == code


@given(st.binary(max_size=200) | st.text(max_size=50).map(lambda text: json.dumps({"user": text}).encode()))
@settings(max_examples=20)
def test_garbage_at_the_login_is_a_bad_request(body: bytes) -> None:
    """And nothing else."""

    async def play() -> int:
        async with (
            office() as centre,
            Browser(centre) as anna,
            anna.http.post("/api/login", data=body) as response,
        ):
            assert "error" in await response.json()
            return response.status

    assert asyncio.run(play()) == 400


async def test_a_large_body_is_refused() -> None:
    """Sixteen kilobytes are plenty."""
    async with (
        office() as centre,
        Browser(centre) as anna,
        anna.http.post("/api/login", data=b"x" * 20_000) as response,
    ):
        assert response.status == 413
        assert (await response.json())["error"]["code"] == "content_too_large"


async def test_every_answer_has_the_security_headers(tmp_path: Path) -> None:
    """Pages, files, errors and JSON."""
    _build(tmp_path)
    boundary = Boundary(sip_urls=("ws://pbx.example.com:8088/ws",))
    async with office(static=tmp_path, boundary=boundary) as centre, Browser(centre) as anna:
        for path in ("/", "/assets/a-1.js", "/nothing", "/api/me", "/health"):
            async with anna.http.get(path) as response:
                policy = response.headers["Content-Security-Policy"]
                assert policy.startswith("default-src 'self'; connect-src 'self' ws://127.0.0.1:")
                assert "ws://pbx.example.com:8088;" in policy
                assert "frame-ancestors 'none'" in policy
                assert "unsafe" not in policy
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["Referrer-Policy"] == "no-referrer"
                assert response.headers["Server"] == "Callwright"


async def test_the_page_and_its_files(tmp_path: Path) -> None:
    """The page is looked up each time; what is named by its content is kept for ever."""
    _build(tmp_path)
    async with office(static=tmp_path) as centre, Browser(centre) as anna:
        async with anna.http.get("/") as response:
            assert (response.status, response.headers["Cache-Control"]) == (200, "no-cache")
            assert response.content_type == "text/html"
        async with anna.http.get("/assets/a-1.js") as response:
            assert "immutable" in response.headers["Cache-Control"]
            assert response.content_type in {"text/javascript", "application/javascript"}  # by the Python version
        for path in ("/.built-from", "/assets/../../secret", "/%2e%2e/secret", "/..%2fsecret", "/assets", "/a%00b"):
            async with anna.http.get(path) as response:
                assert response.status == 404, path


def _build(static: Path) -> None:
    (static / "assets").mkdir()
    (static / "index.html").write_text("<!doctype html><title>Callwright</title>")
    (static / "assets" / "a-1.js").write_text("1")
    (static / ".built-from").write_text("x")
    (static.parent / "secret").write_text("x")


async def test_a_page_that_is_not_built_says_how_to_build_it() -> None:
    """For developers."""
    async with office() as centre, Browser(centre) as anna, anna.http.get("/") as response:
        assert response.status == 503
        assert "make page" in await response.text()


async def test_errors_are_pages_for_people_and_json_for_programs() -> None:
    """By what they accept."""
    async with office() as centre, Browser(centre) as anna:
        async with anna.http.get("/nothing", headers={"Accept": "text/html"}) as response:
            assert (response.status, response.content_type) == (404, "text/html")
        async with anna.http.get("/nothing") as response:
            assert (await response.json())["error"]["code"] == "not_found"
        async with anna.http.put("/api/login") as response:
            assert response.status == 405
            assert "POST" in response.headers["Allow"]


async def test_ready_names_the_part_that_is_not() -> None:
    """503 until all are."""
    storage = {"storage": Part(ready=True)}
    async with office(parts=lambda: storage) as centre, Browser(centre) as anna:
        async with anna.http.get("/ready") as response:
            assert response.status == 200
            assert await response.json() == {
                "ready": True,
                "parts": {"plan": {"ready": True}, "storage": {"ready": True}},
            }
        storage["storage"] = Part(ready=False, why="the disk is full")
        async with anna.http.get("/ready") as response:
            assert response.status == 503
            assert (await response.json())["parts"]["storage"]["why"] == "the disk is full"
    async with (
        office(msgspec.structs.replace(company(), entry_points={})) as centre,
        Browser(centre) as anna,
        anna.http.get("/ready") as response,
    ):
        assert response.status == 503
        assert "nobody can call" in (await response.json())["parts"]["plan"]["why"]


async def test_health_is_false_when_nobody_looks_after_the_screens() -> None:
    """The hub's task has died, or the loop has hung."""
    async with office() as centre, Browser(centre) as anna:
        async with anna.http.get("/health") as response:
            assert await response.json() == {"ok": True}
        centre.clock.ahead += 60.0
        async with anna.http.get("/health") as response:
            assert response.status == 503


async def test_metrics_are_for_this_machine_or_with_the_token() -> None:
    """A proxy on this machine is not this machine."""
    boundary = Boundary(metrics_token="t0ken")
    async with office(boundary=boundary) as centre, Browser(centre) as anna:
        async with anna.http.get("/metrics") as response:
            assert "callwright_desktop_sockets" in await response.text()
        async with anna.http.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}) as response:
            assert response.status == 403
        headers = {"X-Forwarded-For": "203.0.113.7", "Authorization": "Bearer t0ken"}
        async with anna.http.get("/metrics", headers=headers) as response:
            assert response.status == 200


async def test_a_taken_port_is_told_in_words() -> None:
    """Two centres on one machine."""
    async with office() as centre:
        second = DesktopServer(aiohttp.web.Application(), Door(centre.metrics), centre.metrics)
        with pytest.raises(CannotListen, match=f"Port {centre.port} on 127.0.0.1 is taken"):
            await second.start("127.0.0.1", centre.port)


async def test_a_websocket_wants_an_upgrade() -> None:
    """A plain GET is told so."""
    async with office() as centre, Browser(centre) as anna:
        response = await anna.http.get("/ws", headers={"Origin": centre.url})
        assert response.status == 400
