"""Gives the centre its voice: text becomes a sound file that the PBX can play, and is kept for the next caller.

A file is named after all that makes it what it is (voice, language, text), so it is never wrong, two callers who are to
hear the same share it, and a changed text simply is another file. It is 8 kHz, 16 bit, mono WAV: what a telephone
carries. A recording takes the place of the spoken text where there is one; see `recording_name`.

A caller never waits for a voice that does not come: whatever goes wrong here, he hears a beep, the dialogue goes on,
and the failure is logged and counted.
"""

import asyncio
import hashlib
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from cti.edge.counters import Counters, Tally
from cti.model import Recording, Sound, Speech
from ivr.edge.programs import ProgramFailed, run

log = structlog.stdlib.get_logger(__name__)

FALLBACK = "sound:beep"
"""One of Asterisk's own, in every installation."""

VOICES: Mapping[str, str] = {
    "en": "en-us",
    # The voice `cmn` of espeak-ng 1.51 spells many a word: it makes pinyin of it and reads that as English.
    "zh": "cmn-latn-pinyin",
}
"""Language to espeak-ng's voice; any other language has a voice of its own name, or of its root's."""

KEPT_FOR = 24 * 3600.0
"""Seconds. What was not prepared and nobody has heard for so long is deleted: it may speak of a customer."""

PREPARED_WITHIN = 60.0
"""Seconds for all that is made ahead; a prompt takes 0.03 to 0.2. A program that hangs must not keep us from calls."""

PRUNE_EVERY = 200
"""Sounds that are made between two looks for old ones."""

_MAKING = 2
"""Bump it when the same text should sound otherwise."""

_SMALLEST = 45
"""Bytes; a WAV file with at least one sample."""


def recording_name(text: str) -> str:
    """What the recording of a text is called: its words in small letters, joined by `-`; long ones are cut and marked.

    `Please hold the line.` becomes `please-hold-the-line`, so whoever records the prompts can do it from a list of
    names, and punctuation does not matter.
    """
    name = "-".join(re.findall(r"\w+", text.casefold()))
    if len(name) <= 60:
        return name
    return f"{name[:60].rstrip('-')}-{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:8]}"


class EspeakVoice:
    """Speaks with espeak-ng and keeps what it has said in a folder that Asterisk can read too."""

    def __init__(
        self,
        here: Path,
        there: str,
        *,
        recordings: Path | None = None,
        voices: Mapping[str, str] = VOICES,
        at_once: int = 2,
        counters: Counters | None = None,
    ) -> None:
        """Nothing is spoken yet, and no folder made.

        `here`: the folder as we see it; `there`: as Asterisk sees it. `recordings`: holds `<language>/<name>.wav`, see
        `recording_name`; any rate and width that SoX reads. `at_once`: sounds that are made at the same time.
        """
        self._here = here
        self._there = there.rstrip("/")
        self._recordings = recordings
        self._voices = voices
        self._slots = asyncio.Semaphore(at_once)
        self._counters = Tally() if counters is None else counters
        self._making: dict[str, asyncio.Task[str]] = {}
        self._behind: set[asyncio.Task[None]] = set()
        self._prepared: set[str] = set()
        self._made = 0

    async def __aenter__(self) -> Self:
        """For `async with`."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Closes."""
        await self.close()

    async def close(self) -> None:
        """Stops what is being made."""
        making = [*self._behind, *self._making.values()]
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)

    async def media(self, sound: Sound) -> str:
        """The ARI media URI of a sound, made first if it must be (30 to 200 ms). Never raises for want of a voice."""
        match sound:
            case Recording(name):
                return f"sound:{name}"
            case Speech(text, language):
                return await self._spoken(text, language)

    async def prepare(
        self, sounds: Iterable[Sound], within: float = PREPARED_WITHIN, *, later: Iterable[Sound] = ()
    ) -> None:
        """Makes sounds ahead, so that no caller waits for them, and keeps them for as long as this process lives.

        What is not there `within` so many seconds is made while calls come in; so are those that are wanted `later`,
        one after another, so that somebody whose prompt is wanted now does not wait for them.
        """
        speeches = {sound for sound in sounds if isinstance(sound, Speech)}
        behind = [sound for sound in dict.fromkeys(later) if isinstance(sound, Speech)]
        self._prepared.update(self._source(s.text, s.language)[0] for s in (*speeches, *behind))
        try:
            async with asyncio.timeout(within):
                await asyncio.gather(*(self.media(speech) for speech in speeches))
        except TimeoutError:
            left = len(self._making)
            log.warning("prompts are not spoken yet; callers come in all the same", seconds=within, prompts=left)
        await asyncio.to_thread(self._prune)
        if behind:
            task = asyncio.create_task(self._make_behind(behind), name="speech that is wanted later")
            self._behind.add(task)
            task.add_done_callback(self._behind.discard)

    async def _make_behind(self, speeches: Iterable[Speech]) -> None:
        for speech in speeches:
            await self.media(speech)

    # -- one sound -----------------------------------------------------------------------------------------------------

    async def _spoken(self, text: str, language: str) -> str:
        name, recording = self._source(text, language)
        if self._is_there(name):
            return f"sound:{self._there}/{name}"
        task = self._making.get(name)
        if task is None:
            task = asyncio.create_task(self._make(name, text, language, recording), name=f"speech {name}")
            self._making[name] = task
            task.add_done_callback(lambda _: self._making.pop(name, None))
        # Whoever waits may go (the caller hung up); the others go on waiting.
        return await asyncio.shield(task)

    def _source(self, text: str, language: str) -> tuple[str, Path | None]:
        """The name of the sound, and the recording that it is to be made of, if there is one."""
        of: tuple[object, ...] = (_MAKING, self._voice(language), language, text)
        recording = self._recording(text, language)
        if recording is not None:
            try:
                found = recording.stat()
                of = (_MAKING, str(recording), found.st_mtime_ns, found.st_size)
            except OSError:
                recording = None
        return hashlib.sha256(repr(of).encode()).hexdigest()[:40], recording

    def _recording(self, text: str, language: str) -> Path | None:
        name = recording_name(text)
        if self._recordings is None or not name or not re.fullmatch(r"[A-Za-z0-9-]+", language):
            return None
        return self._recordings / language / f"{name}.wav"

    def _voice(self, language: str) -> str:
        root = language.partition("-")[0]
        return self._voices.get(language) or self._voices.get(root) or language

    def _is_there(self, name: str) -> bool:
        path = self._here / f"{name}.wav"
        try:
            found = path.stat()
            if time.time() - found.st_mtime > KEPT_FOR / 24:
                path.touch()  # it is still wanted
        except OSError:
            return False
        return found.st_size >= _SMALLEST

    async def _make(self, name: str, text: str, language: str, recording: Path | None) -> str:
        began = time.perf_counter()
        try:
            async with self._slots:
                await self._write(name, text, language, recording)
        except (ProgramFailed, OSError) as error:
            self._counters.count("speech_failures", language=language)
            log.warning("no voice for a prompt; the caller hears a beep", language=language, reason=str(error))
            return FALLBACK
        self._counters.count("speech_made", language=language)
        log.debug("spoke a prompt", language=language, seconds=round(time.perf_counter() - began, 3))
        self._made += 1
        if self._made % PRUNE_EVERY == 0:
            await asyncio.to_thread(self._prune)
        return f"sound:{self._there}/{name}"

    async def _write(self, name: str, text: str, language: str, recording: Path | None) -> None:
        self._here.mkdir(parents=True, exist_ok=True)
        raw = self._here / f".{name}.raw.wav"
        part = self._here / f".{name}.part.wav"
        try:
            if recording is None:
                await self._speak(text, language, raw)
            # No dither: the same text is the same file. A little silence: the first moment of sound is often lost.
            form = ("-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer")
            await run("sox", "-D", str(recording or raw), *form, str(part), "norm", "-3", "pad", "0.1", "0.1")
            part.chmod(0o644)  # Asterisk is somebody else
            part.replace(self._here / f"{name}.wav")
        finally:
            raw.unlink(missing_ok=True)
            part.unlink(missing_ok=True)

    async def _speak(self, text: str, language: str, path: Path) -> None:
        arguments = ("-v", self._voice(language), "-s", "150", "-w", str(path), "--stdin")
        if not any(one.isalnum() for one in text):
            raise ProgramFailed("there is nothing to say")  # espeak-ng would write no file, and be content
        await run("espeak-ng", *arguments, given=_plain(text))

    def _prune(self) -> None:
        """Deletes what nobody has heard for long, and what a process left that died."""
        too_old = time.time() - KEPT_FOR
        for path in self._here.glob("*.wav"):
            try:
                if path.stem not in self._prepared and path.stat().st_mtime < too_old:
                    path.unlink()
            except OSError as error:
                log.info("an old sound stays", path=str(path), reason=str(error))


def _plain(text: str) -> str:
    """Without espeak-ng's `[[phonemes]]`, and in one line."""
    return " ".join(text.replace("[", " ").replace("]", " ").split())
