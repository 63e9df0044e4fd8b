"""What the voice makes is what a caller hears: a real Asterisk plays it to real SIP telephones, narrow and wide."""

import asyncio
from pathlib import Path

import aiohttp
import numpy as np
import pytest

from cti.model import Speech
from ivr.edge.speech import Speaker
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sites import trial_site
from tests.parts.sound import find, read_wav

pytestmark = [pytest.mark.asterisk, pytest.mark.phones]


async def test_a_caller_hears_what_was_spoken(tmp_path: Path) -> None:
    async with Speaker(tmp_path, str(tmp_path)) as voice:
        english = await voice.media(Speech("Your balance is 5 euros.", "en"))
        chinese = await voice.media(Speech("您的余额是五欧元。", "zh"))
        spanish = await voice.media(Speech("Su saldo es de cinco euros.", "es"))
        unheard = await voice.media(Speech("Please enter your customer number.", "en"))
    files = [Path(media.removeprefix("sound:")) for media in (english, chinese, spanish, unheard)]
    dialplan = f"[callwright-in](+)\nexten => 650,1,Answer()\n same => n,Playback({'&'.join(map(str, files[:3]))})\n"
    prompts = [read_wav(file.with_name(f"{file.name}.wav")) for file in files]
    with Asterisk(trial_site(), dialplan=dialplan) as asterisk:
        async with SipPhones(asterisk.site.sip.port) as phones:
            caller = await phones.caller("+15551234567")
            call = await caller.dial("650")
            await call.ended(timeout=30.0)
    *played, other = (find(prompt, call.heard) for prompt in prompts)
    assert all(match.score > 0.98 for match in played)
    assert [match.start for match in played] == sorted(match.start for match in played)
    assert not other.found


def high_share(recorded: Path) -> float:
    """How much of a sound in 16 kHz is above what 8 kHz can hold."""
    power = np.abs(np.fft.rfft(np.frombuffer(recorded.read_bytes(), dtype="<i2").astype(float))) ** 2
    return float(power[int(len(power) * 0.55) :].sum() / power.sum())


async def test_a_wideband_telephone_hears_the_wide_sound(tmp_path: Path) -> None:
    """A phone without SIP: the other half of a channel of Asterisk's own, which has one codec and records all of it."""
    async with Speaker(tmp_path, str(tmp_path)) as voice:
        prompt = (await voice.media(Speech("Yes, six sausages. Yes, six sausages.", "en"))).removeprefix("sound:")
    dialplan = (
        f"[callwright-in](+)\nexten => 650,1,Answer()\n same => n,Playback({prompt})\n"
        f"exten => 651,1,Record({tmp_path}/${{CODEC}}.sln16,0,20,kq)\n"
    )
    shares = {}
    with Asterisk(trial_site(), dialplan=dialplan) as asterisk:
        for codec in ("alaw", "g722", "slin16"):
            await _dialled(asterisk, codec)
            shares[codec] = high_share(tmp_path / f"{codec}.sln16")
    assert shares["alaw"] < 0.01
    assert min(shares["g722"], shares["slin16"]) > 10 * shares["alaw"]
    assert min(shares["g722"], shares["slin16"]) > 0.02


async def _dialled(asterisk: Asterisk, codec: str) -> None:
    """A call with that codec, until it is over."""
    user = asterisk.site.ari
    phone = {"endpoint": "Local/650@callwright-in/n", "extension": "651", "context": "callwright-in", "priority": "1"}
    headers = {"Authorization": aiohttp.encode_basic_auth(user.user, user.password)}
    async with aiohttp.ClientSession(asterisk.ari_url.rstrip("/") + "/", headers=headers) as http:
        variables = {"variables": {"CODEC": codec}}
        async with http.post("channels", params={**phone, "formats": codec}, json=variables) as answer:
            assert answer.status == 200
        async with asyncio.timeout(30.0):
            while True:
                async with http.get("channels") as answer:
                    if not await answer.json():
                        return
                await asyncio.sleep(0.1)
