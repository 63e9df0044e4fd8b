"""Callers while Callwright is away, on the shipped dialplan: nobody is hung up on, and who waited comes back."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sites import TRIAL_DIALPLAN, trial_site
from tests.parts.sound import decode, find

pytestmark = [pytest.mark.asterisk, pytest.mark.phones]

_CUSTOMER = "+15551234567"


@pytest.fixture
def impatient_asterisk() -> Iterator[Asterisk]:
    """An Asterisk whose fallback queue gives a caller back after 2 s instead of a minute."""
    asterisk = Asterisk(trial_site(), dialplan=TRIAL_DIALPLAN)
    dialplan = asterisk.folder / "etc" / "extensions.conf"
    text = dialplan.read_text(encoding="utf-8")
    assert ",,,,60)" in text
    dialplan.write_text(text.replace(",,,,60)", ",,,,2)").replace(">= 10]", ">= 1]"), encoding="utf-8")
    with asterisk:
        yield asterisk


@asynccontextmanager
async def _application(asterisk: Asterisk) -> AsyncIterator[ClientConnection]:
    account = asterisk.site.ari
    credentials = base64.b64encode(f"{account.user}:{account.password}".encode()).decode()
    url = f"{asterisk.ari_url.replace('http', 'ws', 1)}/events?app={asterisk.site.app}"
    async with connect(url, additional_headers={"Authorization": f"Basic {credentials}"}) as socket:
        yield socket


async def _start_of_a_call(socket: ClientConnection) -> dict[str, object]:
    async with asyncio.timeout(10):
        while True:
            event: dict[str, object] = json.loads(await socket.recv())
            if event["type"] == "StasisStart":
                return event


async def test_a_call_is_given_to_callwright(asterisk: Asterisk, sip_phones: SipPhones) -> None:
    async with _application(asterisk) as socket:
        caller = await sip_phones.caller(_CUSTOMER)
        call = await caller.dial("5551000")
        event = await _start_of_a_call(socket)
        await call.hang_up()
    assert event["args"] == ["in", "5551000"]
    assert event["channel"]["caller"]["number"] == _CUSTOMER  # type: ignore[index]
    assert event["channel"]["dialplan"]["exten"] == "5551000"  # type: ignore[index]


async def test_a_call_during_a_restart_rings_until_callwright_is_back(
    asterisk: Asterisk, sip_phones: SipPhones
) -> None:
    caller = await sip_phones.caller(_CUSTOMER)
    call = await caller.dial("5551000")
    await asyncio.sleep(0.7)
    async with _application(asterisk) as socket:
        await _start_of_a_call(socket)
        assert call.answered_at is None
        await call.hang_up()


async def test_who_waits_in_the_fallback_comes_back_with_his_place(impatient_asterisk: Asterisk) -> None:
    dialled = time.time()
    async with SipPhones(impatient_asterisk.site.sip.port) as phones:
        caller = await phones.caller(_CUSTOMER)
        call = await caller.dial("5552000")
        await call.answered()
        async with _application(impatient_asterisk) as socket:
            event = await _start_of_a_call(socket)
            assert call.ended_at is None
            await call.hang_up()
    entered = float(event["channel"]["channelvars"]["CALLWRIGHT_ENTERED"])  # type: ignore[index]
    assert entered == pytest.approx(dialled, abs=0.5)
    assert event["args"] == ["in", "5552000"]


async def test_who_waited_long_enough_is_asked_to_call_later(impatient_asterisk: Asterisk) -> None:
    async with SipPhones(impatient_asterisk.site.sip.port) as phones:
        caller = await phones.caller(_CUSTOMER)
        call = await caller.dial("5551000")
        await call.ended(timeout=30)
        apology = decode(impatient_asterisk.english_sounds / "please-try-call-later.gsm")
        assert find(apology, call.heard).found


async def test_without_a_queue_the_caller_is_told(own_asterisk: Asterisk) -> None:
    own_asterisk.console("module unload app_queue.so")
    async with SipPhones(own_asterisk.site.sip.port) as phones:
        caller = await phones.caller(_CUSTOMER)
        call = await caller.dial("5551000")
        await call.ended(timeout=30)
        apology = decode(own_asterisk.english_sounds / "please-try-call-later.gsm")
        assert find(apology, call.heard).found
