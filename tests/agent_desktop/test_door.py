"""Visitors who take their time, and visitors in crowds, on real sockets."""

import asyncio
import resource
import ssl
import subprocess
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from agent_desktop.addresses import network_of
from agent_desktop.edge.door import Door, Limits
from agent_desktop.edge.metrics import DesktopMetrics
from agent_desktop.edge.server import DesktopServer
from tests.agent_desktop.office import Browser, Office, office, until
from tests.agent_desktop.visitor import visitor

QUICK = Limits(head=0.4, body=0.4, idle=0.8, answer=1.6)
HEAD = b"GET /health HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /api/login HTTP/1.1\r\nHost: x\r\nX-Callwright: 1\r\nContent-Length: 100\r\n\r\n"


# -- time --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [b"", b"GET /", HEAD, b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Le"])
async def test_a_head_that_never_ends_is_cut(said: bytes) -> None:
    """Also if a little more comes all the time. Who has said nothing at all is not counted: browsers do that."""
    async with office(limits=QUICK) as centre, visitor(centre) as slow:
        slow.say(said)
        started = time.monotonic()
        cut = asyncio.create_task(slow.is_cut())
        while said and not cut.done() and time.monotonic() - started < 3:
            slow.say(b"A: b\r\n" if said.endswith(b"\n") else b"a")
            await asyncio.sleep(0.1)
        assert await cut
        assert time.monotonic() - started < 1.0
        assert centre.count("cut_connections_total", reason="slow_head") == bool(said)
        await until(lambda: centre.count("connections") == 0)


async def test_a_body_that_never_ends_is_cut() -> None:
    """Though its head was quick."""
    async with office(limits=QUICK) as centre, visitor(centre) as slow:
        slow.say(POST + b'{"user": ')
        assert await slow.is_cut()
        assert centre.count("cut_connections_total", reason="slow_body") == 1


async def test_who_is_quick_may_stay_between_requests() -> None:
    """For as long as `idle`, and each request begins that anew; then it ends politely, and is nobody's fault."""
    async with office(limits=QUICK) as centre, visitor(centre) as guest:
        for _ in range(4):
            guest.say(HEAD + b"\r\n")
            assert b" 200 " in await guest.head()
            await asyncio.sleep(0.5)
        guest.say(POST + b"x" * 100)
        assert b" 400 " in await guest.head()
        await asyncio.sleep(0.5)
        guest.say(HEAD)
        started = time.monotonic()
        assert await guest.is_cut()
        assert time.monotonic() - started < 0.6
        assert centre.metrics.registry.get_sample_value("callwright_desktop_cut_connections_total") is None


async def test_who_never_reads_his_answer_is_cut(tmp_path: Path) -> None:
    """A file that is larger than all buffers on the way."""
    (tmp_path / "large").write_bytes(b"x" * 20_000_000)
    async with office(limits=QUICK, static=tmp_path) as centre, visitor(centre, buffer=4096) as slow:
        slow.say(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: centre.count("cut_connections_total", reason="slow_answer") == 1)
        await until(lambda: centre.count("connections") == 0)


async def test_open_websockets_are_left_alone() -> None:
    """However long they are open."""
    async with office(limits=QUICK) as centre, Browser(centre) as anna:
        await anna.open("anna")
        await asyncio.sleep(2.0)
        assert (await anna.ask("log_in", phone="desk"))["type"] == "granted"


async def test_a_head_that_came_while_we_slept_is_read() -> None:
    """We were late, not he."""
    async with office(limits=QUICK) as centre, visitor(centre) as guest:
        guest.say(HEAD)
        await asyncio.sleep(0.1)
        guest.say(b"\r\n")
        await asyncio.sleep(0)
        time.sleep(1.6)  # noqa: ASYNC251 - the loop is to stand still
        assert b" 200 " in await guest.head()


# -- crowds ------------------------------------------------------------------------------------------------------------


async def test_one_address_has_a_bound() -> None:
    """The others come in; and when one has gone, the next may."""
    async with office(limits=Limits(from_one_address=3)) as centre, AsyncExitStack() as crowd:
        first = await crowd.enter_async_context(visitor(centre, "127.0.0.2"))
        for _ in range(2):
            await crowd.enter_async_context(visitor(centre, "127.0.0.2"))
        async with visitor(centre, "127.0.0.2") as fourth:
            assert await fourth.is_cut()
        assert centre.count("cut_connections_total", reason="too_many_from_address") == 1
        assert await _is_served(centre, "127.0.0.3")
        first.leave()
        await until(lambda: centre.count("connections") == 2)
        assert await _is_served(centre, "127.0.0.2")


async def test_proxies_and_this_machine_have_no_bound_of_their_own() -> None:
    """All others come through them."""
    limits = Limits(from_one_address=1)
    async with office(limits=limits, trusted=frozenset({"127.0.0.2"})) as centre, AsyncExitStack() as crowd:
        for source in ["127.0.0.1", "127.0.0.2"] * 3:
            await crowd.enter_async_context(visitor(centre, source))
        assert await _is_served(centre, "127.0.0.1")
        assert await _is_served(centre, "127.0.0.2")


async def test_all_together_have_a_bound() -> None:
    """Also those of this machine; who is inside stays."""
    async with office(limits=Limits(in_all=2)) as centre, Browser(centre) as anna:
        await anna.open("anna")
        await until(lambda: centre.count("connections") == 2)
        async with visitor(centre) as third:
            assert await third.is_cut()
        assert centre.count("cut_connections_total", reason="too_many") == 1
        assert (await anna.ask("log_in", phone="desk"))["type"] == "granted"


def test_the_bound_leaves_files_for_the_pbx_and_the_database() -> None:
    """With as few open files as a terminal allows."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1000, before[1]))
    try:
        assert Limits().here().in_all == 750
        assert Limits(in_all=10).here().in_all == 10
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_whose_an_address_is(address: str, network: str) -> None:
    """An IPv6 machine has 2^64 of them."""
    assert network_of(address) == network


async def _is_served(centre: Office, source: str) -> bool:
    async with visitor(centre, source) as guest:
        guest.say(HEAD + b"\r\n")
        return b" 200 " in await guest.head()


# -- with TLS ----------------------------------------------------------------------------------------------------------


async def test_the_door_is_the_same_with_tls(tmp_path: Path) -> None:
    """For those who have no proxy before us."""
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", str(key), "-out", str(cert))
    making = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *names, *files)
    await asyncio.to_thread(subprocess.run, making, check=True, capture_output=True)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(cert, key)
    trust = ssl.create_default_context(cafile=str(cert))
    metrics = DesktopMetrics(CollectorRegistry())
    app = web.Application()
    app.add_routes([web.post("/api/login", _reads)])
    server = DesktopServer(app, Door(metrics, limits=QUICK), metrics)
    port = await server.start("127.0.0.1", 0, tls)
    try:
        for said, answer, reason in (
            (HEAD, b"", "slow_head"),
            (POST, b"", "slow_body"),
            (HEAD + b"\r\n", b" 404 ", ""),
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust)
            writer.write(said)
            async with asyncio.timeout(3):
                assert answer in await reader.read()
            writer.transport.abort()
            labels = {"reason": reason or "slow_answer"}
            count = metrics.registry.get_sample_value("callwright_desktop_cut_connections_total", labels)
            assert (count or 0) == bool(reason), reason
        await until(lambda: metrics.registry.get_sample_value("callwright_desktop_connections") == 0)
    finally:
        await server.stop()


async def _reads(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())
