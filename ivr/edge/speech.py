"""Gives the centre its voice: text becomes a sound file that the PBX can play, and is kept for the next caller.

A file is named after all that makes it what it is (engine, voice, speed, language, text), so it is never wrong, two
callers who are to hear the same share it, and a changed text simply is another file. It is there twice, mono and 16
bit: `.wav` in 8 kHz, which most telephones carry, and `.sln16` in 16 kHz. Asterisk (22) takes the one that its
channel's codec wants: the wider one for G.722 and Opus. A recording takes the place of the spoken text where there is
one; see `recording_name`.

A caller never waits for a voice that does not come, and never hears nothing:

    the recording -> the language's engine -> espeak-ng -> the same in the prompt's next language -> a beep

What could not be spoken as it should be is logged, counted, and told on `/ready` until it can be again.
"""

import asyncio
import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import NamedTuple, Self

import structlog

from cti.edge.counters import Counters, Tally
from cti.model import Recording, Sound, Speech
from ivr.edge.engines import Engine, EngineFailed, Espeak, engine_for
from ivr.edge.programs import ProgramFailed, run

log = structlog.stdlib.get_logger(__name__)

FALLBACK = "sound:beep"
"""One of Asterisk's own, in every installation."""

NARROW, WIDE = ".wav", ".sln16"
"""As Asterisk calls 8 kHz WAV, and 16 kHz without a head."""

KEPT_FOR = 24 * 3600.0
"""Seconds. What was not prepared and nobody has heard for so long is deleted: it may speak of a customer."""

PREPARED_WITHIN = 60.0
"""Seconds for all that is made ahead; a prompt takes 0.03 to 0.2. A program that hangs must not keep us from calls."""

AHEAD_AT_ONCE = 4
"""Sounds that are made ahead at the same time."""

RESTS_AFTER = 3
"""Failures one after another, after which an engine is not asked for a while: callers would wait for each."""
RESTS_FOR = 30.0
"""Seconds."""

LONGEST_REASON = 300
"""Characters of what an engine says of its failure."""

PRUNE_EVERY = 200
"""Sounds that are made between two looks for old ones."""

_MAKING = 4
"""Bump it when the same text should sound otherwise."""

_SMALLEST = 45
"""Bytes; a WAV file with at least one sample."""

_CONVERTED_AT_ONCE = 2


def recording_name(text: str) -> str:
    """What the recording of a text is called: its words in small letters, joined by `-`; long ones are cut and marked.

    `Please hold the line.` becomes `please-hold-the-line`, so whoever records the prompts can do it from a list of
    names, and punctuation does not matter.
    """
    name = "-".join(re.findall(r"\w+", text.casefold()))
    if len(name) <= 60:
        return name
    return f"{name[:60].rstrip('-')}-{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:8]}"


class _Take(NamedTuple):
    """One way to say something."""

    text: str
    language: str
    source: Engine | Path
    """An engine, or a recording."""
    name: str
    """Of its file."""


class Speaker:
    """Speaks every language with the engine that it is given, and keeps what has been said in a folder that Asterisk
    can read too. Fits `cti.edge.voice.Voice`."""

    def __init__(
        self,
        here: Path,
        there: str,
        *,
        recordings: Path | None = None,
        engines: Mapping[str, Engine] = MappingProxyType({}),
        counters: Counters | None = None,
    ) -> None:
        """Nothing is spoken yet, and no folder made.

        `here`: the folder as we see it; `there`: as Asterisk sees it. `recordings`: holds `<language>/<name>.wav`, see
        `recording_name`; any rate and width that SoX reads. `engines`: by language (`zh-TW`, or `zh` for all of them)
        or `DEFAULT`; espeak-ng speaks the rest.
        """
        self._here = here
        self._there = there.rstrip("/")
        self._recordings = recordings
        self._espeak = Espeak()
        self._engines = dict(engines)
        self._converting = asyncio.Semaphore(_CONVERTED_AT_ONCE)
        self._counters = Tally() if counters is None else counters
        self._making: dict[str, asyncio.Task[str]] = {}
        self._behind: set[asyncio.Task[None]] = set()
        self._prepared: set[str] = set()
        self._made = 0
        self._failures: dict[Engine, int] = {}
        self._rests: dict[Engine, tuple[float, str]] = {}
        """Until when, by the loop's clock, and why."""
        self._troubles: dict[str, str] = {}

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
        for engine in self._engines.values():
            await engine.close()

    @property
    def trouble(self) -> str:
        """Why callers do not hear what they should; empty if they do."""
        return "; ".join(f"{language}: {why}" for language, why in sorted(self._troubles.items()))

    async def media(self, sound: Sound) -> str:
        """The ARI media URI of a sound, made first if it must be (30 to 200 ms). Never raises for want of a voice."""
        match sound:
            case Recording(name):
                return f"sound:{name}"
            case Speech():
                return await self._spoken(sound)

    async def prepare(
        self, sounds: Iterable[Sound], within: float = PREPARED_WITHIN, *, later: Iterable[Sound] = ()
    ) -> None:
        """Makes sounds ahead, so that no caller waits for them, and keeps them for as long as this process lives.

        What is not there `within` so many seconds is made while calls come in; so is, one by one, what is for `later`.
        """
        speeches = {sound for sound in sounds if isinstance(sound, Speech)}
        behind = [sound for sound in dict.fromkeys(later) if isinstance(sound, Speech)]
        self._prepared.update(take.name for speech in (*speeches, *behind) for take in self._takes(speech))
        ahead = asyncio.create_task(self._make_ahead(speeches, AHEAD_AT_ONCE), name="speech that is made ahead")
        self._keep(ahead)
        if (await asyncio.wait([ahead], timeout=within))[1]:
            log.warning("prompts are not spoken yet; callers come in all the same", seconds=within)
        await asyncio.to_thread(self._prune)
        if behind:
            self._keep(asyncio.create_task(self._make_ahead(behind, 1), name="speech that is wanted later"))

    async def _make_ahead(self, speeches: Iterable[Speech], at_once: int) -> None:
        """A few at a time: a caller whose prompt is not among them waits for those, and not for all."""
        left = iter(speeches)

        async def some() -> None:
            for speech in left:
                await self.media(speech)

        await asyncio.gather(*(some() for _ in range(at_once)))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._behind.add(task)
        task.add_done_callback(self._behind.discard)

    # -- what is heard -------------------------------------------------------------------------------------------------

    async def _spoken(self, speech: Speech) -> str:
        why = ""
        for take in self._takes(speech):
            try:
                media = await self._file(take)
            except EngineFailed as error:
                why = why or str(error)
                continue
            if why:
                self._alarm(
                    speech.language, why, "another voice" if take.language == speech.language else take.language
                )
            return media
        self._alarm(speech.language, why, "a beep")
        return FALLBACK

    def _takes(self, speech: Speech) -> Iterator[_Take]:
        """All ways to say it, the best first."""
        said: Speech | None = speech
        while said is not None:
            recording = self._recording(said.text, said.language)
            sources: list[Engine | Path] = [] if recording is None else [recording]
            engine = self._engine(said.language)
            sources += [engine] if engine is self._espeak else [engine, self._espeak]
            for source in sources:
                if name := self._name(source, said.text, said.language):
                    yield _Take(said.text, said.language, source, name)
            said = said.otherwise

    def _alarm(self, language: str, why: str, hears: str) -> None:
        self._counters.count("speech_failures", language=language)
        trouble = f"{why}; callers hear {hears}"
        if self._troubles.get(language) != trouble:  # else hundreds of prompts tell the same
            self._troubles[language] = trouble
            log.warning("a prompt cannot be spoken as it should be", language=language, reason=why, callers_hear=hears)

    def _engine(self, language: str) -> Engine:
        return engine_for(language, self._engines) or self._espeak

    def _recording(self, text: str, language: str) -> Path | None:
        name = recording_name(text)
        if self._recordings is None or not name or not re.fullmatch(r"[A-Za-z0-9-]+", language):
            return None
        return self._recordings / language / f"{name}.wav"

    def _name(self, source: Engine | Path, text: str, language: str) -> str:
        """Of the file; empty for a recording that is not there."""
        if isinstance(source, Path):
            try:
                found = source.stat()
            except OSError:
                return ""
            of: tuple[object, ...] = (_MAKING, str(source), found.st_mtime_ns, found.st_size)
        else:
            of = (_MAKING, source.mark(language), language, text)
        return hashlib.sha256(repr(of).encode()).hexdigest()[:40]

    # -- one sound -----------------------------------------------------------------------------------------------------

    async def _file(self, take: _Take) -> str:
        if self._is_there(take.name):
            return f"sound:{self._there}/{take.name}"
        task = self._making.get(take.name)
        if task is None:
            task = asyncio.create_task(self._make(take), name=f"speech {take.name}")
            self._making[take.name] = task
            task.add_done_callback(lambda done: self._over(take.name, done))
        # Whoever waits may go (the caller hung up); the others go on waiting.
        return await asyncio.shield(task)

    def _over(self, name: str, task: asyncio.Task[str]) -> None:
        self._making.pop(name, None)
        if not task.cancelled():
            task.exception()  # it has been told to whoever waited, if anybody did

    def _is_there(self, name: str) -> bool:
        path = self._here / f"{name}{NARROW}"
        try:
            found = path.stat()
            if time.time() - found.st_mtime > KEPT_FOR / 24:
                path.touch()  # it is still wanted
        except OSError:
            return False
        return found.st_size >= _SMALLEST

    async def _make(self, take: _Take) -> str:
        began = time.perf_counter()
        try:
            await self._write(take)
        except (ProgramFailed, OSError) as error:
            raise EngineFailed(str(error)) from error
        if take.source is self._engine(take.language):
            self._troubles.pop(take.language, None)
        self._counters.count("speech_made", language=take.language)
        log.debug("spoke a prompt", language=take.language, seconds=round(time.perf_counter() - began, 3))
        self._made += 1
        if self._made % PRUNE_EVERY == 0:
            await asyncio.to_thread(self._prune)
        return f"sound:{self._there}/{take.name}"

    async def _write(self, take: _Take) -> None:
        self._here.mkdir(parents=True, exist_ok=True)
        raw = self._here / f".{take.name}.raw.wav"
        wide, narrow = (self._here / f".{take.name}.part{form}" for form in (WIDE, NARROW))
        try:
            if not isinstance(take.source, Path):
                await self._speak(take.source, take, raw)
            sound = take.source if isinstance(take.source, Path) else raw
            async with self._converting:
                await asyncio.gather(
                    _converted(sound, wide, "-r", "16000", "-t", "raw", "-L"), _converted(sound, narrow, "-r", "8000")
                )
            wide.replace(self._here / f"{take.name}{WIDE}")
            narrow.replace(self._here / f"{take.name}{NARROW}")  # last: where it is, the other one is too
        finally:
            for path in (raw, wide, narrow):
                path.unlink(missing_ok=True)

    async def _speak(self, engine: Engine, take: _Take, path: Path) -> None:
        text = " ".join(take.text.split())
        if not any(one.isalnum() for one in text):
            raise EngineFailed("there is nothing to say")  # espeak-ng would write no file, and be content
        async with engine.slots:
            self._must_not_rest(engine)
            try:
                await engine.speak(text, take.language, path)
            except EngineFailed as error:
                # An engine may tell the words that it could not speak, but they are not for the log.
                why = str(error).replace(text, "...")[:LONGEST_REASON]
                self._failed(engine, why)
                raise EngineFailed(why) from None
        self._failures.pop(engine, None)

    def _must_not_rest(self, engine: Engine) -> None:
        # Behind espeak-ng there is only another language, or a beep: it is asked each time.
        until, why = self._rests.get(engine, (0.0, ""))
        if engine is not self._espeak and asyncio.get_running_loop().time() < until:
            raise EngineFailed(f"{why} (again and again, so it is not asked for a while)")

    def _failed(self, engine: Engine, why: str) -> None:
        self._failures[engine] = self._failures.get(engine, 0) + 1
        if self._failures[engine] >= RESTS_AFTER:
            self._rests[engine] = (asyncio.get_running_loop().time() + RESTS_FOR, why)

    def _prune(self) -> None:
        """Deletes what nobody has heard for long, and what a process left that died."""
        too_old = time.time() - KEPT_FOR
        for path in self._here.glob(f"*{NARROW}"):
            try:
                if path.stem not in self._prepared and path.stat().st_mtime < too_old:
                    path.unlink()
                    path.with_suffix(WIDE).unlink(missing_ok=True)
            except OSError as error:
                log.info("an old sound stays", path=str(path), reason=str(error))


async def _converted(sound: Path, to: Path, *form: str) -> None:
    # No dither: the same text is the same file. A little silence: the first moment of sound is often lost.
    shape = ("-c", "1", "-b", "16", "-e", "signed-integer", *form)
    await run("sox", "-D", str(sound), *shape, str(to), "norm", "-3", "pad", "0.1", "0.1")
    await asyncio.to_thread(to.chmod, 0o644)  # Asterisk is somebody else
