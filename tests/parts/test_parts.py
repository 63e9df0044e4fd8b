"""The real parts work: Asterisk on the shipped files, SIP telephones, sound and digits both ways."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.parts.asterisk import Asterisk, AsteriskFailedError, sweep
from tests.parts.sip import SipPhones
from tests.parts.sites import trial_site
from tests.parts.sound import (
    NotHeardError,
    decode,
    find,
    hears,
    hears_something,
    hears_tone,
    speak,
    tone,
    write_wav,
)

pytestmark = [pytest.mark.asterisk, pytest.mark.phones]

_CUSTOMER = "+15551234567"


def _password(asterisk: Asterisk, name: str) -> str:
    return next(phone.password for phone in asterisk.site.phones if phone.name == name)


def test_asterisk_boots_from_the_shipped_files(asterisk: Asterisk) -> None:
    endpoints = asterisk.console("pjsip show endpoints")
    for phone in asterisk.site.phones:
        assert phone.name in endpoints
    assert "callwright-fallback" in asterisk.console("queue show")
    assert "moh/" in asterisk.console("moh show files")
    assert "callwright" in asterisk.console("ari show users")
    for module in ("res_ari_channels", "res_pjsip_transport_websocket", "res_srtp", "codec_opus", "app_queue"):
        assert "Running" in asterisk.console(f"module show like {module}"), module


async def test_a_prompt_is_heard(asterisk: Asterisk, sip_phones: SipPhones) -> None:
    prompt = speak("Welcome. For billing, press one.")
    write_wav(asterisk.sounds / "trial.wav", prompt)
    caller = await sip_phones.caller(_CUSTOMER)
    call = await caller.dial("601")
    await call.ended()
    assert find(prompt, call.heard).score > 0.99
    with pytest.raises(NotHeardError, match=r"best score 0\.[0-4]"):
        await hears(call, speak("Please enter your customer number."))


async def test_digits_arrive(asterisk: Asterisk, sip_phones: SipPhones) -> None:
    right, wrong = speak("These are the right keys."), speak("Something else was pressed.")
    write_wav(asterisk.sounds / "digits-1*9#.wav", wrong)
    write_wav(asterisk.sounds / "digits-1590.wav", right)
    caller = await sip_phones.caller(_CUSTOMER)
    call = await caller.dial("602")
    await call.answered()
    await asyncio.sleep(0.2)
    await call.press("1590")
    await call.ended()
    assert find(right, call.heard).found
    assert not find(wrong, call.heard).found


async def test_caller_and_phone_hear_each_other(asterisk: Asterisk, sip_phones: SipPhones) -> None:
    phone = await sip_phones.phone("alice", _password(asterisk, "alice"))
    caller = await sip_phones.caller(_CUSTOMER)
    call = await caller.dial("603")
    ringing = await phone.rings()
    assert _CUSTOMER in ringing.peer
    assert call.started_at < ringing.started_at
    await ringing.answer()
    await call.answered()
    call.say(tone(440, 5.0))
    ringing.say(tone(660, 5.0))
    await hears_tone(ringing, 440)
    await hears_tone(call, 660)
    await ringing.hang_up()
    await call.ended()


async def test_a_phone_declines(asterisk: Asterisk, sip_phones: SipPhones) -> None:
    phone = await sip_phones.phone("alice", _password(asterisk, "alice"))
    caller = await sip_phones.caller(_CUSTOMER)
    call = await caller.dial("603")
    await (await phone.rings()).decline()
    await call.ended()
    assert call.answered_at is None


async def test_without_callwright_the_fallback_answers(asterisk: Asterisk, sip_phones: SipPhones) -> None:
    caller = await sip_phones.caller(_CUSTOMER)
    call = await caller.dial(asterisk.site.numbers[0])
    await call.answered()
    assert call.answered_at is not None
    assert 1.9 < call.answered_at - call.started_at < 4.0  # five tries, half a second apart
    announcement = decode(asterisk.english_sounds / "pls-hold-while-try.gsm")
    await hears(call, announcement)
    await asyncio.sleep(0.5)
    await hears_something(call)  # music
    assert call.ended_at is None


async def test_the_fallback_queue_rings_the_phones(own_asterisk: Asterisk) -> None:
    async with SipPhones(own_asterisk.site.sip.port) as phones:
        phone = await phones.phone("bob", _password(own_asterisk, "bob"))
        caller = await phones.caller(_CUSTOMER)
        call = await caller.dial(own_asterisk.site.numbers[0])
        ringing = await phone.rings(timeout=15)
        await ringing.answer()
        ringing.say(tone(880, 5.0))
        await hears_tone(call, 880)


async def test_an_unknown_number_is_told_so(asterisk: Asterisk, sip_phones: SipPhones) -> None:
    caller = await sip_phones.caller(_CUSTOMER)
    call = await caller.dial("5550000")
    await call.ended()
    assert find(decode(asterisk.english_sounds / "ss-noservice.gsm"), call.heard).found
    assert call.answered_at is None
    assert call.end_reason.startswith("404")


def test_it_is_restarted_and_killed_on_the_same_ports(own_asterisk: Asterisk) -> None:
    first = own_asterisk.pid
    own_asterisk.restart()
    second = own_asterisk.pid
    own_asterisk.kill()
    assert not Path(f"/proc/{second}").exists()
    own_asterisk.start()
    assert len({first, second, own_asterisk.pid}) == 3


def test_a_taken_port_is_told(own_asterisk: Asterisk) -> None:
    own_asterisk.stop()
    http = own_asterisk.site.http
    with (
        socket.create_server((http.address, http.port)),
        pytest.raises(AsteriskFailedError, match="already in use"),
    ):
        own_asterisk.start()


def test_nothing_is_left_behind() -> None:
    with Asterisk(trial_site()) as running:
        process, folder = running.pid, running.folder
    sweep()
    assert not Path(f"/proc/{process}").exists()
    assert not folder.exists()


def test_what_a_killed_test_run_left_behind_is_swept_up() -> None:
    script = (
        "from tests.parts.asterisk import Asterisk; from tests.parts.sites import trial_site; import time;"
        "a = Asterisk(trial_site()); a.start(); print(a.pid, a.folder, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as test_run:
        assert test_run.stdout is not None
        process, folder = test_run.stdout.readline().split()
        test_run.kill()
    assert Path(f"/proc/{process}").exists()
    sweep()
    assert not Path(folder).exists()
    deadline = time.monotonic() + 5.0
    while _runs(process):  # on a busy machine it takes a moment to die
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _runs(process: str) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").split()[2]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"  # it has ended, but nobody may have reaped it yet
