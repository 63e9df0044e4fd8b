"""Messages over HTTP: who sees which, and what he may do with them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest_asyncio

from acd.events import TaskDone
from acd.model import AgentId, InteractionId, VoicemailId
from tests.acd.edge.answering import Answering, answering
from tests.agent_desktop.office import HEADERS, PASSWORD, Office, office


@pytest_asyncio.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Answering]:
    """With one message for billing, one for the products and one for nobody."""
    async with answering(tmp_path) as machine:
        for name, queue in (("b1", "billing"), ("p1", "products"), ("n1", "")):
            machine.leave(name, queue)
        async with asyncio.timeout(10.0):
            while machine.keeper.waiting or machine.pbx.files:  # noqa: ASYNC110 - it happens without a sign
                await asyncio.sleep(0.01)
        await machine.history.flush(2.0)
        yield machine


@pytest_asyncio.fixture
async def desks(machine: Answering) -> AsyncIterator[Office]:
    async with office(voicemails=machine.keeper) as opened:
        yield opened


async def visitor(desks: Office, user: str) -> aiohttp.ClientSession:
    """Somebody who is logged in."""
    session = aiohttp.ClientSession(desks.url, headers=HEADERS, cookie_jar=aiohttp.CookieJar(unsafe=True))
    async with session.post("/api/login", json={"user": user, "password": PASSWORD}) as answer:
        assert answer.status == 200
    return session


async def listed(session: aiohttp.ClientSession, query: str = "") -> list[str]:
    async with session.get(f"/api/voicemails{query}") as answer:
        assert answer.status == 200
        return sorted(one["id"] for one in (await answer.json())["voicemails"])


async def posted(session: aiohttp.ClientSession, path: str) -> tuple[int, dict[str, object]]:
    async with session.post(f"/api/voicemails/{path}", json={}) as answer:
        return answer.status, await answer.json()


async def test_everybody_sees_his_own(desks: Office) -> None:
    for user, ids in (("anna", ["b1"]), ("dan", ["p1"]), ("sam", ["b1", "n1", "p1"])):
        async with await visitor(desks, user) as session:
            assert await listed(session) == ids
    async with aiohttp.ClientSession(desks.url) as stranger, stranger.get("/api/voicemails") as answer:
        assert answer.status == 401


async def test_what_is_not_his_is_not_there(desks: Office) -> None:
    async with await visitor(desks, "anna") as anna:
        for path in ("p1/heard", "p1/done", "p1/remove", "nonsense/heard", "..%2Fcentre.db/heard", "%00/heard"):
            assert (await posted(anna, path))[0] == 404, path
        for path in ("p1", "p1/audio"):
            async with anna.get(f"/api/voicemails/{path}") as answer:
                assert answer.status == 404
        async with anna.get("/api/voicemails/b1") as answer:
            assert (await answer.json())["voicemail"]["id"] == "b1"
        assert (await posted(anna, "b1/remove"))[0] == 403
        async with anna.get("/api/voicemails?done=perhaps&don=true") as answer:
            assert answer.status == 400
            told = (await answer.json())["error"]["text"]
            assert "`done` is 'perhaps'; expected `true` or `false`." in told
            assert "There is no parameter 'don'; did you mean 'done'?" in told


async def test_the_sound_comes_in_parts(desks: Office, machine: Answering) -> None:
    async with await visitor(desks, "anna") as anna:
        whole = (machine.folder / "b1.wav").read_bytes()
        async with anna.get("/api/voicemails/b1/audio") as answer:
            assert (answer.status, answer.content_type, await answer.read()) == (200, "audio/wav", whole)
            assert answer.headers["Cache-Control"] == "no-store"
        async with anna.get("/api/voicemails/b1/audio", headers={"Range": "bytes=44-143"}) as answer:
            assert (answer.status, await answer.read()) == (206, whole[44:144])


async def test_heard_done_undone_deleted(desks: Office, machine: Answering) -> None:
    async with await visitor(desks, "anna") as anna, await visitor(desks, "sam") as sam:
        status, body = await posted(anna, "b1/heard")
        assert status == 200
        message = body["voicemail"]
        assert isinstance(message, dict)
        assert message["heard"]["by"] == "Anna"
        assert message["customer"] == {"id": "1001", "name": "María Fernández"}
        assert (await posted(anna, "b1/done"))[0] == 200
        assert await listed(anna) == []
        assert await listed(anna, "?done=true") == ["b1"]
        assert (await posted(anna, "b1/undone"))[0] == 200
        assert await listed(anna) == ["b1"]
        assert (await posted(sam, "b1/remove"))[0] == 200
        assert await listed(sam, "?done=true") == ["n1", "p1"]
        assert not (machine.folder / "b1.wav").exists()


async def test_what_an_agent_has_done_with_it_at_his_desk_is_seen_at_once(desks: Office, machine: Answering) -> None:
    """His list is asked for in the same moment in which the brain tells of it."""
    done = TaskDone(InteractionId("t1"), VoicemailId("b1"), AgentId("anna"), machine.now, machine.now)
    async with await visitor(desks, "anna") as anna:
        machine.keeper.listen([done], machine.now)
        assert await listed(anna) == []


async def test_another_sites_page_cannot(desks: Office) -> None:
    async with await visitor(desks, "sam") as sam:
        async with sam.post("/api/voicemails/b1/remove", json={}, headers={"X-Callwright": "0"}) as answer:
            assert answer.status == 403
        assert "b1" in await listed(sam)
