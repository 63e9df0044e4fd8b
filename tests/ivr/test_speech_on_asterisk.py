"""What the voice makes is what a caller hears: a real Asterisk plays it to a real SIP telephone."""

from pathlib import Path

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
        chinese = await voice.media(Speech("您的余额是5欧元。", "zh"))
        unheard = await voice.media(Speech("Please enter your customer number.", "en"))
    files = [Path(media.removeprefix("sound:")) for media in (english, chinese, unheard)]
    dialplan = f"[callwright-in](+)\nexten => 650,1,Answer()\n same => n,Playback({files[0]}&{files[1]})\n"
    prompts = [read_wav(file.with_name(f"{file.name}.wav")) for file in files]
    with Asterisk(trial_site(), dialplan=dialplan) as asterisk:
        async with SipPhones(asterisk.site.sip.port) as phones:
            caller = await phones.caller("+15551234567")
            call = await caller.dial("650")
            await call.ended(timeout=30.0)
    first, second, third = (find(prompt, call.heard) for prompt in prompts)
    assert first.score > 0.98
    assert second.score > 0.98
    assert first.start < second.start
    assert not third.found
