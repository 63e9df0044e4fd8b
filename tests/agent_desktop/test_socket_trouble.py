"""Sockets of strangers, of the dead, of the slow and of those who send rubbish."""

import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
import websockets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acd.model import AgentId, PhoneKind, RequestId
from acd.people.agents import NotReady, Ready
from acd.plan import AgentPlan
from acd.requests import LogIn, LogOut
from tests.acd.company import agent, company
from tests.agent_desktop.office import Browser, office, until

ANNA = AgentId("anna")


# -- tickets -----------------------------------------------------------------------------------------------------------


async def test_a_ticket_works_once_and_for_thirty_seconds() -> None:
    """And a made-up one never."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        used = await anna.ticket()
        assert (await anna.authenticate(used))["type"] == "welcome"
        assert (await anna.authenticate(used))["code"] == "ticket"
        assert await anna.ended() == ("", 4003)
        late = await anna.ticket()
        centre.now.ahead += 30.5
        assert (await anna.authenticate(late))["code"] == "ticket"
        assert (await anna.authenticate("made-up"))["code"] == "ticket"


async def test_who_says_nothing_is_put_out() -> None:
    """Five seconds for the ticket."""
    async with office() as centre, Browser(centre) as anna:
        await anna.connect()
        await centre.later(5.0)
        assert await anna.ended() == ("ticket", 4003)


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1:1"])
async def test_pages_of_others_get_no_socket(origin: str | None) -> None:
    """Refused before the upgrade."""
    async with office() as centre:
        with pytest.raises(websockets.InvalidStatus) as caught:
            await websockets.connect(
                f"ws://127.0.0.1:{centre.port}/ws", origin=websockets.Origin(origin) if origin else None
            )
        assert caught.value.response.status_code == 403
        assert centre.count("rejected_frames_total", code="origin") == 1


async def test_logout_closes_every_socket_of_the_session() -> None:
    """At once; another session of the same user stays."""
    async with office() as centre, Browser(centre) as anna, Browser(centre) as at_home:
        await anna.open("anna")
        await at_home.open("anna")
        ticket = await anna.ticket()
        async with anna.http.post("/api/logout") as response:
            assert response.status == 200
        assert await anna.ended() == ("logged_out", 4002)
        assert (await anna.authenticate(ticket))["code"] == "ticket"
        assert (await at_home.ask("log_in", phone="desk"))["type"] == "granted"
        async with anna.http.get("/api/me") as response:
            assert response.status == 401


async def test_a_session_that_expires_closes_its_sockets() -> None:
    """Twelve hours after login."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        centre.now.ahead += 12 * 3600 + 1
        assert await anna.ended() == ("logged_out", 4002)


# -- presence ----------------------------------------------------------------------------------------------------------


async def test_a_closed_browser_takes_no_calls_after_the_grace() -> None:
    """And on return she says Ready herself."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        centre.ready("anna")
        assert anna.ws
        await anna.ws.close()
        await until(lambda: centre.count("sockets", role="agent") == 0)
        await centre.later(9.0)
        assert isinstance(centre.center.agents[ANNA].state, Ready)
        await centre.later(1.0)
        await until(lambda: isinstance(centre.center.agents[ANNA].state, NotReady))
        await anna.authenticate()
        assert [one["code"] for one in anna.view["notices"]] == ["desktop_was_lost"]
        assert anna.view["state"]["kind"] == "not_ready"


async def test_a_dead_browser_is_found_by_its_silence() -> None:
    """No pong: lost within ten seconds of its last sign of life, though TCP says nothing."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        centre.ready("anna")
        assert anna.ws
        anna.ws.transport.pause_reading()
        await centre.later(9.0)
        await until(lambda: isinstance(centre.center.agents[ANNA].state, NotReady))
        assert centre.count("sockets", role="agent") == 0
        assert centre.count("ended_sockets_total", code="silent") == 1


async def test_pongs_keep_a_quiet_browser_alive() -> None:
    """The browser's own answer to a ping; and the server beats."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        beats = 0
        for _ in range(16):
            centre.clock.ahead += 1.0
            try:
                beats += (await anna.hear(within=0.26))["type"] == "beat"
            except TimeoutError:
                continue
        assert beats >= 3
        assert (await anna.ask("log_in", phone="desk"))["type"] == "granted"


async def test_a_ping_of_the_clients_own_is_answered() -> None:
    """As RFC 6455 wants it."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        assert anna.ws
        async with asyncio.timeout(2):
            await (await anna.ws.ping())


# -- standing still ----------------------------------------------------------------------------------------------------


async def test_nobody_is_put_out_for_a_standstill_of_ours() -> None:
    """No pong was read, for no ping was sent; nor was a ticket that came meanwhile. The dead are found all the same."""
    async with office() as centre, Browser(centre) as anna, Browser(centre) as ben, Browser(centre) as chloe:
        await anna.open("anna")
        await ben.open("ben")
        centre.ready("anna")
        centre.ready("ben")
        await chloe.log_in("chloe")
        ticket = await chloe.ticket()
        await chloe.connect()
        await chloe.say(type="authenticate", version=1, ticket=ticket)
        assert ben.ws
        ben.ws.transport.pause_reading()
        centre.stand_still(25.0)
        centre.hub.tick(centre.clock())
        assert (await anna.ask("take_break", reason="lunch"))["type"] == "granted"
        assert (await chloe.hear())["type"] == "welcome"
        await centre.later(11.0)
        assert centre.count("ended_sockets_total", code="silent") == 1
        assert isinstance(centre.center.agents[AgentId("ben")].state, NotReady)
        assert (await anna.ask("become_ready"))["type"] == "granted"


async def test_a_process_that_was_stopped_goes_on_with_all_its_browsers() -> None:
    """SIGSTOP for longer than any silence may last, then SIGCONT; the browser has answered and asked meanwhile."""
    command = (sys.executable, "-m", "tests.agent_desktop.stopped_office")
    child = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert child.stderr
        async with asyncio.timeout(15):
            port, ticket = (await child.stderr.readline()).decode().split()
        url = f"http://127.0.0.1:{port}"
        async with websockets.connect(
            f"ws{url[4:]}/ws", origin=websockets.Origin(url), ping_interval=None, compression=None
        ) as ws:
            await ws.send(json.dumps({"type": "authenticate", "version": 1, "ticket": ticket}))
            assert json.loads(await ws.recv())["type"] == "welcome"
            child.send_signal(signal.SIGSTOP)
            await asyncio.sleep(8.5)
            child.send_signal(signal.SIGCONT)
            await asyncio.sleep(1.5)
            await ws.send(json.dumps({"type": "request", "id": "r1", "verb": "log_in", "phone": "desk"}))
            async with asyncio.timeout(3):
                while (frame := json.loads(await ws.recv())).get("id") != "r1":
                    assert frame["type"] != "error"
    finally:
        child.kill()
        await child.wait()


# -- trouble -----------------------------------------------------------------------------------------------------------


def _all_are(kind: str, agents: Sequence[AgentPlan], view: dict[str, Any]) -> bool:
    return all(view[f"agent:{plan.id}"]["state"]["kind"] == kind for plan in agents)


async def test_one_desktop_that_reads_nothing_is_put_out_and_the_others_see_all() -> None:
    """More than 5 MB for it: evicted, whatever it still has in its pipe, and before it counts as dead."""
    many = tuple(agent(f"a{n}", billing=1) for n in range(1000))
    async with office(company(agents=many)) as centre, Browser(centre) as slow, Browser(centre) as sam:
        await sam.open("sam")
        await slow.open("sam")
        assert slow.ws
        slow.ws.transport.pause_reading()
        centre.clock.stop()
        for step in range(100):
            for plan in many:
                verb = (
                    LogOut(RequestId("x:1"), plan.id) if step % 2 else LogIn(RequestId("x:1"), plan.id, PhoneKind.DESK)
                )
                centre.runtime.post(verb)
            centre.clock.ahead += 0.05
            centre.hub.tick(centre.clock())
            await sam.until(partial(_all_are, "logged_out" if step % 2 else "not_ready", many), within=30)
            if centre.count("ended_sockets_total", code="too_slow"):
                break
        await until(lambda: centre.count("sockets", role="supervisor") == 1)
        assert centre.count("ended_sockets_total", code="too_slow") == 1
        assert (await sam.ask("log_out"))["code"] == "not_allowed"


async def test_the_server_going_away_is_told() -> None:
    """1001: the page comes back by itself."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        stopping = asyncio.create_task(centre.server.stop())
        assert await anna.ended() == ("going_away", 1001)
        await stopping


@pytest.mark.parametrize(
    ("frame", "code", "close_code"),
    [
        ("x" * 65_537, "too_large", 1009),
        (b"\x00\x01", "not_json", 1007),
        ("{", "not_json", 1007),
        ('{"type":"dance"}', "unknown_type", 1008),
    ],
)
async def test_wrong_frames_end_their_own_socket(frame: str | bytes, code: str, close_code: int) -> None:
    """With the reason; counted."""
    async with office() as centre, Browser(centre) as anna, Browser(centre) as ben:
        await anna.open("anna")
        await ben.open("ben")
        assert anna.ws
        await anna.ws.send(frame)
        assert await anna.ended() == (code, close_code)
        assert centre.count("rejected_frames_total", code=code) == 1
        assert (await ben.ask("log_in", phone="desk"))["type"] == "granted"


async def test_a_huge_frame_is_not_even_read() -> None:
    """1009 from the server's own framing."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        assert anna.ws
        try:
            await anna.ws.send("x" * 10_000_000)
        except websockets.ConnectionClosed:
            pass
        assert (await anna.ended())[1] in {1009, 1006}


@given(st.lists(st.binary(max_size=300), max_size=5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_garbage_on_the_socket_harms_nobody(frames: list[bytes]) -> None:
    """Any bytes as text frames, before and after authentication."""

    async def play() -> None:
        async with office() as centre, Browser(centre) as anna, Browser(centre) as stranger:
            await anna.open("anna")
            for ws in (anna.ws, await stranger.connect()):
                assert ws
                try:
                    for frame in frames:
                        await ws.send(frame, text=True)
                except websockets.ConnectionClosed:
                    pass
            async with anna.http.get("/health") as response:
                assert response.status == 200

    asyncio.run(play())


async def test_thousands_of_quick_cuts_leave_nothing() -> None:
    """No screen, no audience member, no task stays behind."""
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        for _ in range(100):
            await anna.authenticate()
            assert anna.ws
            anna.ws.transport.abort()
        await until(lambda: centre.count("sockets", role="agent") <= 1)
