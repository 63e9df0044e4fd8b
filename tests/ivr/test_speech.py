"""The voice: real espeak-ng, real SoX, real files."""

import asyncio
import os
import subprocess
import time
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from cti.edge.counters import Tally
from cti.model import Recording, Speech
from ivr.edge.engines import ESPEAK_VOICES
from ivr.edge.programs import ProgramFailed, run
from ivr.edge.speech import FALLBACK, KEPT_FOR, WIDE, Speaker, recording_name

HELLO = Speech("Welcome to Northwind Water.", "en")
THERE = "/var/lib/callwright/speech"


class Studio:
    """A voice with its folders."""

    def __init__(self, folder: Path) -> None:
        self.here = folder / "speech"
        self.recordings = folder / "recordings"
        self.counters = Tally()
        self.voice = Speaker(self.here, f"{THERE}/", recordings=self.recordings, counters=self.counters)

    def file(self, media: str) -> Path:
        """What Asterisk would open."""
        assert media.startswith(f"sound:{THERE}/")
        return self.here / f"{media.rpartition('/')[2]}.wav"

    def record(self, name: str, seconds: float, language: str = "en") -> Path:
        """A tone in studio quality, as a recording."""
        path = self.recordings / language / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        command = ["sox", "-n", "-r", "44100", "-b", "24", "-c", "2", str(path), "synth", str(seconds), "sine", "440"]
        subprocess.run(command, check=True)
        return path


@pytest_asyncio.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    """A voice that has said nothing yet."""
    studio = Studio(tmp_path)
    async with studio.voice:
        yield studio


def length(path: Path) -> float:
    """Seconds; the file is what a telephone carries, and not silent."""
    with wave.open(str(path)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
        samples = memoryview(sound.readframes(sound.getnframes())).cast("h")
        assert 10_000 < max(samples.tolist()) < 32_768
        return len(samples) / 8000


async def test_words_become_a_file_that_asterisk_can_read(studio: Studio) -> None:
    path = studio.file(await studio.voice.media(HELLO))
    assert 1.0 < length(path) < 4.0
    assert path.stat().st_mode & 0o777 == 0o644
    wide = path.with_suffix(WIDE)
    assert sorted(os.listdir(studio.here)) == sorted([path.name, wide.name])
    assert wide.stat().st_mode & 0o777 == 0o644
    assert wide.stat().st_size / 32_000 == pytest.approx(length(path), abs=0.001)


async def test_what_has_been_said_is_not_made_again(studio: Studio) -> None:
    first = await studio.voice.media(HELLO)
    assert await studio.voice.media(HELLO) == first
    assert studio.counters.total("speech_made") == 1


async def test_another_process_finds_it(studio: Studio, tmp_path: Path) -> None:
    first = await studio.voice.media(HELLO)
    other = Studio(tmp_path)
    async with other.voice:
        assert await other.voice.media(HELLO) == first
    assert other.counters.total("speech_made") == 0


async def test_callers_who_want_the_same_share_it(studio: Studio) -> None:
    heard = await asyncio.gather(*(studio.voice.media(HELLO) for _ in range(20)))
    assert len(set(heard)) == 1
    assert studio.counters.total("speech_made") == 1


async def test_a_caller_who_goes_does_not_take_it_from_the_others(studio: Studio) -> None:
    first = asyncio.create_task(studio.voice.media(HELLO))
    second = asyncio.create_task(studio.voice.media(HELLO))
    await asyncio.sleep(0.005)
    first.cancel()
    assert length(studio.file(await second)) > 1.0
    assert first.cancelled()


async def test_chinese_is_not_spelled_in_english(studio: Studio) -> None:
    path = studio.file(await studio.voice.media(Speech("没有找到客户号码。您的余额是120欧元。", "zh")))
    assert 2.0 < length(path) < 10.0
    command = ["espeak-ng", "-q", "-x", "-v", ESPEAK_VOICES["zh"], "没有找到客户号码，余额是一百二十欧元五十欧分。"]
    phonemes = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "(en)" not in phonemes


async def test_languages_sound_different(studio: Studio) -> None:
    english, german = await asyncio.gather(*(studio.voice.media(Speech("Wein", tongue)) for tongue in ("en", "de")))
    assert studio.file(english).read_bytes() != studio.file(german).read_bytes()


async def test_a_recording_takes_the_place_of_the_words(studio: Studio) -> None:
    spoken = await studio.voice.media(HELLO)
    studio.record("welcome-to-northwind-water", 5.0)
    recorded = await studio.voice.media(HELLO)
    assert recorded != spoken
    assert length(studio.file(recorded)) == pytest.approx(5.2, abs=0.01)
    path = studio.record("welcome-to-northwind-water", 3.0)
    os.utime(path, (1, 1))
    assert length(studio.file(await studio.voice.media(HELLO))) == pytest.approx(3.2, abs=0.01)
    path.unlink()
    assert await studio.voice.media(HELLO) == spoken


async def test_a_broken_recording_is_spoken_instead(studio: Studio) -> None:
    spoken = await studio.voice.media(HELLO)
    path = studio.recordings / "en" / "welcome-to-northwind-water.wav"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no sound")
    assert await studio.voice.media(HELLO) == spoken
    assert studio.counters.total("speech_failures") == 1
    assert "sox failed" in studio.voice.trouble


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Please hold the line.", "please-hold-the-line"),
        ("Press 1!", "press-1"),
        ("请按一。", "请按一"),
        ("../../etc/passwd", "etc-passwd"),
        ("...", ""),
    ],
)
def test_names_of_recordings(text: str, name: str) -> None:
    assert recording_name(text) == name


def test_long_texts_with_the_same_beginning_have_names_of_their_own() -> None:
    names = {recording_name("word " * 40 + end) for end in ("one", "two")}
    assert len(names) == 2
    assert all(len(name) < 75 for name in names)


@pytest.mark.parametrize(
    "speech",
    [
        Speech("hello", "tlh-nowhere"),
        Speech("hello", "../en"),
        Speech("", "en"),
        Speech("...", "en"),
    ],
)
async def test_no_voice_is_a_beep(studio: Studio, speech: Speech) -> None:
    assert await studio.voice.media(speech) == FALLBACK
    assert studio.counters.total("speech_failures") == 1
    assert list(studio.here.glob("*")) == []


@pytest.mark.parametrize("text", ["-x --help", "a\nb\x00c", "[[h@'loU]] there", "\ud800 lonely", "&<speak>hello"])
async def test_odd_texts_are_spoken(studio: Studio, text: str) -> None:
    assert length(studio.file(await studio.voice.media(Speech(text, "en")))) > 0.2


async def test_no_folder_is_a_beep(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with Speaker(tmp_path / "file" / "speech", THERE) as voice:
        assert await voice.media(HELLO) == FALLBACK


async def test_a_file_that_was_cut_is_made_again(studio: Studio) -> None:
    path = studio.file(await studio.voice.media(HELLO))
    path.write_bytes(b"")
    await studio.voice.media(HELLO)
    assert length(path) > 1.0


async def test_what_is_prepared_is_there_and_stays(studio: Studio) -> None:
    other = studio.file(await studio.voice.media(Speech("Your balance is 5 euros.", "en")))
    await studio.voice.prepare([HELLO, HELLO, Recording("custom/x")])
    assert studio.counters.total("speech_made") == 2
    path = studio.file(await studio.voice.media(HELLO))
    long_ago = time.time() - KEPT_FOR - 60
    for old in (path, other):
        os.utime(old, (long_ago, long_ago))
    await studio.voice.prepare([])
    assert path.exists()
    assert path.with_suffix(WIDE).exists()
    assert not other.exists()
    assert not other.with_suffix(WIDE).exists()


async def test_what_is_wanted_later_is_made_behind_and_holds_up_nobody(studio: Studio) -> None:
    later = [Speech(f"You are number {n} in the queue.", "en") for n in range(8)]
    await studio.voice.prepare([HELLO], later=[*later, HELLO])
    assert studio.counters.total("speech_made") == 1, "the start waits for what is wanted first, and for no more"
    await studio.voice.media(Speech("Now, please.", "en"))
    assert studio.counters.total("speech_made") < 5, "somebody waited for what nobody wants yet"
    async with asyncio.timeout(20.0):
        while studio.counters.total("speech_made") < 2 + len(later):  # noqa: ASYNC110 - a counter tells nobody
            await asyncio.sleep(0.02)


async def test_a_caller_does_not_wait_for_all_that_is_made_ahead(studio: Studio) -> None:
    ahead = [Speech(f"New words, number {n}.", "en") for n in range(30)]
    preparing = asyncio.create_task(studio.voice.prepare(ahead))
    await asyncio.sleep(0.05)
    await studio.voice.media(Speech("Your balance is 5 euros.", "en"))
    assert studio.counters.total("speech_made") < 15
    await preparing
    assert studio.counters.total("speech_made") == 31


async def test_what_is_not_prepared_in_time_is_made_all_the_same(studio: Studio) -> None:
    await studio.voice.prepare([Speech(f"New words, number {n}.", "en") for n in range(10)], within=0.001)
    assert studio.counters.total("speech_made") < 10
    async with asyncio.timeout(20.0):
        while studio.counters.total("speech_made") < 10:  # noqa: ASYNC110 - a counter tells nobody
            await asyncio.sleep(0.02)


async def test_a_prompt_that_takes_too_long_is_not_waited_for(studio: Studio) -> None:
    await studio.voice.prepare([Speech("a long story " * 300, "en")], within=0.001)
    path = studio.file(await studio.voice.media(Speech("a long story " * 300, "en")))
    assert studio.counters.total("speech_made") == 1, "it was still being made"
    assert length(path) > 1.0


async def test_what_is_heard_again_stays(studio: Studio) -> None:
    path = studio.file(await studio.voice.media(HELLO))
    long_ago = time.time() - KEPT_FOR - 60
    os.utime(path, (long_ago, long_ago))
    await studio.voice.media(HELLO)
    await studio.voice.prepare([])
    assert path.exists()


async def test_closing_stops_what_is_being_made(tmp_path: Path) -> None:
    voice = Speaker(tmp_path, THERE)
    waiting = asyncio.create_task(voice.media(Speech("a long story " * 100, "en")))
    await asyncio.sleep(0.002)
    await voice.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert list(tmp_path.iterdir()) == []


async def test_what_the_pbx_has_is_only_named(studio: Studio) -> None:
    assert await studio.voice.media(Recording("custom/hello")) == "sound:custom/hello"


async def test_programs_that_fail() -> None:
    with pytest.raises(ProgramFailed, match="no-such-program cannot be started: No such file"):
        await run("no-such-program")
    with pytest.raises(ProgramFailed, match=r"sh failed \(3\): oh no"):
        await run("sh", "-c", "echo oh no >&2; exit 3")
    with pytest.raises(ProgramFailed, match=r"sleep took more than 0\.05 s"):
        await run("sleep", "60", at_most=0.05)
    await run("cat", given="something")
