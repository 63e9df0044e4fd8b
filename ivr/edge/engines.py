"""What makes a sound of words: espeak-ng, or whichever program an administrator prefers.

An engine that asks a service by HTTP is in `http_engine`. All of them write a WAV file in whatever quality they have;
`speech` makes of it what a telephone carries, keeps it, and knows what to do when an engine fails.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from ivr.edge.programs import AT_MOST, ProgramFailed, run
from ivr.speech.words import ours, tongue_of

AT_ONCE = 2
"""Sounds that an engine makes at the same time, if nothing else is said."""

ESPEAK_SPEED = 150
"""Words in a minute: a little slower than its own 175, which few people follow on the telephone."""

ESPEAK_VOICES: Mapping[str, str] = {
    "en": "en-us",
    "en-CA": "en-us",
    # The voice `cmn` of espeak-ng 1.51 spells many a word: it makes pinyin of it and reads that as English.
    "zh": "cmn-latn-pinyin",
}
"""Language to espeak-ng's voice. For any other it finds one by itself (`en-GB`, `de-AT`), but see `_espeak_voice`."""


DEFAULT = "default"
"""In place of a language: the engine of all that have none of their own."""


class EngineFailed(Exception):
    """It made no sound; the text says why, for an administrator."""


class Engine(Protocol):
    """Something that speaks."""

    slots: asyncio.Semaphore
    """Whoever makes it speak holds one of them meanwhile."""

    def mark(self, language: str) -> str:
        """All that makes its sound what it is, beside the words: another mark is another sound."""

    async def speak(self, text: str, language: str, path: Path) -> None:
        """Writes the words as a WAV file. `text` is one line without markup. Raises `EngineFailed`."""

    async def close(self) -> None:
        """Lets go of what it holds. It can speak again."""


class Espeak:
    """espeak-ng, which speaks every language a little."""

    def __init__(self, voice: str = "", speed: int = 0, *, timeout: float = AT_MOST, at_once: int = AT_ONCE) -> None:
        """`voice`: one of its own names; empty: the one for the language. `speed`: words in a minute, 0: the usual.
        `timeout`: seconds for one text."""
        self.slots = asyncio.Semaphore(at_once)
        self._voice = voice
        self._speed = speed or ESPEAK_SPEED
        self._timeout = timeout

    def mark(self, language: str) -> str:
        """Its voice and speed."""
        return f"espeak-ng {self._voice_for(language)} {self._speed}"

    async def speak(self, text: str, language: str, path: Path) -> None:
        """Raises `EngineFailed`."""
        arguments = ("-v", self._voice_for(language), "-s", str(self._speed), "-w", str(path), "--stdin")
        try:
            # Square brackets hold phonemes for it.
            plain = text.replace("[", " ").replace("]", " ")
            await run("espeak-ng", *arguments, given=plain, at_most=self._timeout)
        except ProgramFailed as error:
            raise EngineFailed(str(error)) from error

    async def close(self) -> None:
        """It holds nothing."""

    def _voice_for(self, language: str) -> str:
        return self._voice or _espeak_voice(language)


class Program:
    """Any program that reads the words from its standard input and writes a WAV file, such as piper."""

    def __init__(
        self,
        command: Sequence[str],
        voice: str = "",
        speed: int = 0,
        *,
        timeout: float = AT_MOST,
        at_once: int = AT_ONCE,
    ) -> None:
        """`command`: the program and its arguments, in which `{file}`, `{language}`, `{voice}` and `{speed}` are
        replaced. No shell sees them."""
        self.slots = asyncio.Semaphore(at_once)
        self._command = tuple(command)
        self._known = {"voice": voice, "speed": str(speed)}
        self._timeout = timeout

    def mark(self, language: str) -> str:
        """Its command with all that is known before there is a file."""
        return repr(self._arguments(language, "{file}"))

    async def speak(self, text: str, language: str, path: Path) -> None:
        """Raises `EngineFailed`."""
        program, *arguments = self._arguments(language, str(path))
        try:
            await run(program, *arguments, given=text, at_most=self._timeout)
        except ProgramFailed as error:
            raise EngineFailed(str(error)) from error
        if not await asyncio.to_thread(path.is_file):
            raise EngineFailed(f"{program} was content, but wrote no file")

    async def close(self) -> None:
        """It holds nothing."""

    def _arguments(self, language: str, file: str) -> tuple[str, ...]:
        known = {**self._known, "language": language, "file": file}
        return tuple(filled(argument, known) for argument in self._command)


def filled(template: str, known: Mapping[str, str]) -> str:
    """`{language}` and the like replaced; other braces stay."""
    for name, value in known.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def engine_for(language: str, engines: Mapping[str, Engine]) -> Engine | None:
    """The one for `zh-TW`, else for `zh`, else the default one; None: there is none."""
    found = (engines.get(of) for of in (language, language.partition("-")[0], DEFAULT))
    return next((engine for engine in found if engine is not None), None)


def _espeak_voice(language: str) -> str:
    match ours(language):
        case "zh":
            return ESPEAK_VOICES["zh"]
        case "es" if tongue_of(language).home != "ES":
            return "es-419"  # it would speak `es-AR` as in Madrid
        case _:
            return ESPEAK_VOICES.get(language, language)
