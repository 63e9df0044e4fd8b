"""Engines that an administrator chooses, and what callers hear when they fail: real programs, sockets and files."""

import asyncio
import json
import subprocess
import wave
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from cti.edge.counters import Tally
from cti.model import Speech
from ivr.edge.engines import DEFAULT, Engine, EngineFailed, Espeak, Program
from ivr.edge.http_engine import LARGEST, HttpEngine, Json
from ivr.edge.speech import FALLBACK, RESTS_AFTER, Speaker

HELLO = Speech("Your balance is 5 euros.", "en")
SALDO = Speech("Su saldo es de cinco euros.", "es", HELLO)

# A program as they come: words from its standard input, a file where it is told to write one.
TONE = """\
echo "$@" >> {log}
cat >> {log}
sox -n -r 22050 -b 16 -c 1 "$1" synth 1 sine "$2"
"""


def tone_program(folder: Path, script: str = TONE) -> str:
    """A program of somebody else's; what it was asked for is in `asked.log` beside it."""
    path = folder / "speak"
    path.write_text("#!/bin/sh\n" + script.format(log=folder / "asked.log"), encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def speaker(folder: Path, engines: Mapping[str, Engine], counters: Tally | None = None) -> Speaker:
    """With files under the name by which Asterisk finds them, too."""
    return Speaker(folder / "sounds", str(folder / "sounds"), engines=engines, counters=counters)


def samples(media: str) -> bytes:
    """What a caller hears, once it is there."""
    with wave.open(media.removeprefix("sound:") + ".wav") as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
        return bytes(sound.readframes(sound.getnframes()))


# -- programs ----------------------------------------------------------------------------------------------------------


async def test_any_program_speaks(tmp_path: Path) -> None:
    program = Program((tone_program(tmp_path), "{file}", "440", "--voice={voice}/{language}", "{speed}"), "amy", 120)
    async with speaker(tmp_path, {"en": program}) as voice:
        heard = samples(await voice.media(Speech("Hello\nyou [[there]].", "en-GB")))
        assert voice.trouble == ""
    assert len(heard) == pytest.approx(1.2 * 16_000, abs=100)
    assert (tmp_path / "asked.log").read_text().endswith(" 440 --voice=amy/en-GB 120\nHello you [[there]].")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 3\n", r"speak failed \(3\)"),
        ("cat > /dev/null\n", "was content, but wrote no file"),
        ("cat > /dev/null; sleep 60\n", "took more than 0.5 s"),
    ],
)
async def test_a_program_that_fails(tmp_path: Path, script: str, why: str) -> None:
    program = Program((tone_program(tmp_path, script), "{file}"), timeout=0.5)
    with pytest.raises(EngineFailed, match=why):
        await program.speak("Hello", "en", tmp_path / "x.wav")


async def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="no-such-piper cannot be started: No such file"):
        await Program(("no-such-piper", "{file}")).speak("Hello", "en", tmp_path / "x.wav")


async def test_a_program_runs_so_many_times_at_once(tmp_path: Path) -> None:
    count = "cat > /dev/null; mkdir {log}.$$; ls -d {log}.* | wc -l >> {log}; sleep 0.5; rmdir {log}.$$\n"
    script = count + 'sox -n "$1" synth 1\n'
    program = Program((tone_program(tmp_path, script), "{file}"), at_once=2)
    async with speaker(tmp_path, {DEFAULT: program}) as voice:
        await asyncio.gather(*(voice.media(Speech(f"Number {one}", "en")) for one in range(6)))
    assert max(map(int, (tmp_path / "asked.log").read_text().split())) == 2


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", "en-us"),
        ("en-GB", "en-GB"),
        ("es", "es"),
        ("es-ES", "es-ES"),
        ("es-MX", "es-419"),
        ("es-AR", "es-419"),
        ("zh-TW", "cmn-latn-pinyin"),
        ("de", "de"),
    ],
)
def test_espeak_speaks_as_people_do_in_that_country(language: str, voice: str) -> None:
    assert Espeak().mark(language) == f"espeak-ng {voice} 150"
    command = ["espeak-ng", "-q", "-v", voice, "hello"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


# -- what a sound is called --------------------------------------------------------------------------------------------


async def test_another_voice_speed_or_engine_is_another_sound(tmp_path: Path) -> None:
    tone = tone_program(tmp_path)
    engines: list[Engine] = [
        Espeak(),
        Espeak("en-gb"),
        Espeak(speed=200),
        Program((tone, "{file}", "440")),
        Program((tone, "{file}", "880")),
        Program((tone, "{file}", "440", "{voice}"), "amy"),
        Program((tone, "{file}", "440", "{voice}"), "joe"),
    ]
    media = []
    for engine in engines:
        async with speaker(tmp_path, {"en": engine}) as voice:
            media.append(await voice.media(HELLO))
            assert await voice.media(HELLO) == media[-1]
    assert len(set(media)) == len(engines)
    marks = [
        HttpEngine("http://a", {"text": "{text}", "voice": "{voice}", "speed": "{speed}"}, {}, *of).mark("en")
        for of in (("amy", 0), ("joe", 0), ("amy", 120))
    ]
    assert len({*marks, HttpEngine("http://b", {"text": "{text}"}, {"Key": "secret"}).mark("en")}) == 4
    assert "secret" not in HttpEngine("http://b", {"text": "{text}"}, {"Key": "secret"}).mark("en")


# -- services ----------------------------------------------------------------------------------------------------------


class Service:
    """A service that speaks by HTTP, as they come."""

    def __init__(self, sound: bytes) -> None:
        self.sound = sound
        self.status = 200
        self.slow = 0.0
        self.asked: list[tuple[str, Json]] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        """A WAV file."""
        self.asked.append((request.headers.get("Authorization", ""), await request.json()))
        await asyncio.sleep(self.slow)
        if self.status != 200:
            return web.Response(status=self.status, text="no more credit")
        return web.Response(body=self.sound, content_type="audio/wav")


@asynccontextmanager
async def running(sound: bytes) -> AsyncIterator[Service]:
    """On a real socket."""
    service = Service(sound)
    app = web.Application()
    app.router.add_post("/v1/speech", service.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1/speech"
    try:
        yield service
    finally:
        await runner.cleanup()


def tone(folder: Path) -> bytes:
    """A second of a neural engine's sound."""
    path = folder / "tone.wav"
    subprocess.run(["sox", "-n", "-r", "24000", "-b", "16", str(path), "synth", "1", "sine", "600"], check=True)
    return path.read_bytes()


BODY: Json = {"input": "{text}", "voice": "{voice}", "more": [{"lang": "{language}"}, 1, None, True]}


async def test_a_service_speaks(tmp_path: Path) -> None:
    async with running(tone(tmp_path)) as service:
        engine = HttpEngine(service.url, BODY, {"Authorization": "Bearer key"}, "lola")
        async with speaker(tmp_path, {"es": engine}) as voice:
            assert len(samples(await voice.media(Speech('Dice "{voice}".', "es-MX")))) == pytest.approx(19_200, abs=100)
            await voice.media(HELLO)
            assert voice.trouble == ""
    asked = {"input": 'Dice "{voice}".', "voice": "lola", "more": [{"lang": "es-MX"}, 1, None, True]}
    assert service.asked == [("Bearer key", asked)], "English was asked of espeak-ng"


async def test_a_service_that_fails(tmp_path: Path) -> None:
    async def fails(engine: HttpEngine) -> str:
        with pytest.raises(EngineFailed) as failed:
            await engine.speak("Hola", "es", tmp_path / "x.wav")
        await engine.close()
        return str(failed.value)

    async with running(b"<html>") as service:
        assert "answered with something that is no WAV file" in await fails(HttpEngine(service.url, BODY, {}))
        service.status = 402
        assert "answered 402 Payment Required: no more credit" in await fails(HttpEngine(service.url, BODY, {}))
        service.status = 307
        assert "answered 307" in await fails(HttpEngine(service.url, BODY, {}))
        service.status, service.slow = 200, 30.0
        assert "took more than 0.2 s" in await fails(HttpEngine(service.url, BODY, {}, timeout=0.2))
        service.slow, service.sound = 0.0, b"RIFF" + bytes(LARGEST)
        assert "answered with more than 20 MB" in await fails(HttpEngine(service.url, BODY, {}))
    assert "cannot be asked: Cannot connect to host 127.0.0.1" in await fails(HttpEngine(service.url, BODY, {}))
    assert not (tmp_path / "x.wav").exists()


# -- nobody hears nothing ----------------------------------------------------------------------------------------------


async def test_without_his_voice_a_caller_hears_another_one_and_somebody_is_told(tmp_path: Path) -> None:
    counters = Tally()
    gone = Program(("no-such-piper", "{file}"))
    async with speaker(tmp_path, {"es": gone}, counters) as voice:
        heard = await voice.media(SALDO)
        assert voice.trouble == (
            "es: no-such-piper cannot be started: No such file or directory; callers hear another voice"
        )
    assert counters.counts["speech_failures", (("language", "es"),)] == 1
    async with speaker(tmp_path, {}) as espeak:
        assert heard == await espeak.media(SALDO)


async def test_without_any_voice_for_his_language_he_hears_the_next_one(tmp_path: Path) -> None:
    counters = Tally()
    klingon = Speech("nuqneH", "tlh", Speech("...", "de", HELLO))
    async with speaker(tmp_path, {}, counters) as voice:
        assert await voice.media(klingon) == await voice.media(HELLO)
        assert voice.trouble.startswith("tlh: espeak-ng failed")
        assert voice.trouble.endswith("callers hear en")
        assert await voice.media(Speech("nuqneH", "tlh")) == FALLBACK
        assert voice.trouble.endswith("callers hear a beep")
    assert counters.total("speech_failures") == 2


async def test_all_is_well_again_when_the_engine_is(tmp_path: Path) -> None:
    async with (
        running(tone(tmp_path)) as service,
        speaker(tmp_path, {"es": HttpEngine(service.url, BODY, {})}) as voice,
    ):
        service.status = 503
        spoken = await voice.media(SALDO)
        assert "503" in voice.trouble
        service.status = 200
        assert await voice.media(SALDO) != spoken, "what another voice has said is not taken for the engine's"
        assert voice.trouble == ""


async def test_an_engine_that_fails_again_and_again_is_not_waited_for(tmp_path: Path) -> None:
    async with running(b"") as service, speaker(tmp_path, {"es": HttpEngine(service.url, BODY, {})}) as voice:
        for number in range(RESTS_AFTER + 3):
            assert await voice.media(Speech(f"Su saldo es de {number} euros.", "es")) != FALLBACK
        assert len(service.asked) == RESTS_AFTER
        assert "is no WAV file" in voice.trouble
        assert "not asked for a while" in voice.trouble


async def test_the_words_are_not_told_with_the_failure(tmp_path: Path) -> None:
    script = "echo cannot say: >&2; cat >&2; exit 1\n"
    async with speaker(tmp_path, {"es": Program((tone_program(tmp_path, script), "{file}"))}) as voice:
        await voice.media(SALDO)
        assert "failed (1): cannot say:\n..." in voice.trouble
        assert SALDO.text not in voice.trouble


async def test_a_failing_recording_of_the_engine_is_prepared_all_the_same(tmp_path: Path) -> None:
    counters = Tally()
    async with speaker(tmp_path, {DEFAULT: Program(("no-such-piper", "{file}"))}, counters) as voice:
        await voice.prepare([HELLO, SALDO])
        assert counters.total("speech_made") == 2
        assert json.dumps(voice.trouble).count("no-such-piper") == 2
