"""A real Asterisk takes the shipped files as they are meant: what is open is open, and nothing else."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from config.asterisk_files import render
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sites import trial_site

pytestmark = pytest.mark.asterisk

_QUIET_SECONDS = 0.3
# What Asterisk says of files that the site may have or not, and that Callwright has nothing to do with.
_OUR_FILES = re.compile(r"(http|ari|manager|pjsip|pjsip_notify|extensions|queues|rtp|musiconhold)\.conf")


class _Manager:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, **headers: str) -> str:
        lines = [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        return await self.heard()

    async def heard(self) -> str:
        text = b""
        while True:
            try:
                async with asyncio.timeout(_QUIET_SECONDS):
                    received = await self._reader.read(65536)
            except TimeoutError:
                return text.decode()
            if not received:
                return text.decode()
            text += received


@asynccontextmanager
async def _manager(asterisk: Asterisk) -> AsyncIterator[_Manager]:
    listener, account = asterisk.site.manager, asterisk.site.ami
    reader, writer = await asyncio.open_connection(listener.address, listener.port)
    manager = _Manager(reader, writer)
    try:
        assert "FullyBooted" in await manager.ask(Action="Login", Username=account.user, Secret=account.password)
        yield manager
    finally:
        writer.close()
        await writer.wait_closed()


def test_asterisk_has_no_complaint_about_our_files(own_asterisk: Asterisk) -> None:
    own_asterisk.console("core reload")
    log = own_asterisk.log_tail(10_000).splitlines()
    complaints = [line for line in log if ("ERROR" in line or "WARNING" in line) and _OUR_FILES.search(line)]
    assert complaints == []
    assert set(render(own_asterisk.site)) == {path.name for path in (own_asterisk.folder / "etc").iterdir()} - {
        *("asterisk.conf", "cdr.conf", "logger.conf", "modules.conf", "extensions_callwright_local.conf")
    }


async def test_ami_answers_questions_and_refuses_the_rest(asterisk: Asterisk) -> None:
    async with _manager(asterisk) as manager:
        assert "DeviceStateListComplete" in await manager.ask(Action="DeviceStateList")
        assert "AsteriskVersion" in await manager.ask(Action="CoreSettings")
        for action in ("Originate", "Command", "GetConfig", "UpdateConfig", "ModuleLoad", "PJSIPNotify", "DBPut"):
            assert "Message: Permission denied" in await manager.ask(Action=action), action
        assert "Access Forbidden" in await manager.ask(Action="Getvar", Variable="SHELL(id)")


async def test_ami_sends_the_wanted_events_only(own_asterisk: Asterisk) -> None:
    async with _manager(own_asterisk) as manager, SipPhones(own_asterisk.site.sip.port) as phones:
        await phones.phone("alice", own_asterisk.site.phones[0].password)
        caller = await phones.caller("+15551234567")
        call = await caller.dial("600")
        await call.answered()
        await call.hang_up()
        text = await manager.heard()
    kinds = set(re.findall(r"^Event: (\w+)", text, re.MULTILINE))
    assert kinds == {"ContactStatus", "DeviceStateChange", "PeerStatus"}
    assert "Device: Queue:" not in text


async def test_desk_phones_may_be_told_to_pick_up() -> None:
    site = msgspec.structs.replace(trial_site(), desk_phones_obey=True)
    with Asterisk(site) as asterisk:
        async with _manager(asterisk) as manager, SipPhones(asterisk.site.sip.port) as phones:
            await phones.phone("alice", asterisk.site.phones[0].password)
            answer = await manager.ask(Action="PJSIPNotify", Endpoint="alice", Option="callwright-talk")
            assert "Response: Success" in answer


async def test_ari_wants_the_password_and_browsers_find_their_socket(asterisk: Asterisk) -> None:
    listener, account = asterisk.site.http, asterisk.site.ari
    credentials = base64.b64encode(f"{account.user}:{account.password}".encode()).decode()
    key = base64.b64encode(b"sixteen bytes ok").decode()
    requests = {
        "GET /ari/asterisk/info HTTP/1.1\r\n": "401",
        f"GET /ari/asterisk/info HTTP/1.1\r\nAuthorization: Basic {credentials}\r\n": "200",
        "GET /static/index.html HTTP/1.1\r\n": "40",
        "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: sip\r\n": "101",
    }
    for request, status in requests.items():
        reader, writer = await asyncio.open_connection(listener.address, listener.port)
        writer.write(f"{request}Host: {listener.address}\r\n\r\n".encode())
        line = (await reader.readline()).decode()
        writer.close()
        await writer.wait_closed()
        assert line.split()[1].startswith(status), (request, line)
