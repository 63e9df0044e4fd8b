"""Which engine speaks which language, from the settings: `[voice.zh]`, or `[voice.default]` for all others."""

import re
from collections.abc import Iterator, Mapping

import msgspec

from config.settings import VoiceSettings
from ivr.edge.engines import DEFAULT, Engine, Espeak, Program
from ivr.edge.http_engine import HttpEngine, Json
from ivr.files.shapes import Path as Way

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""In a header: a variable of the environment."""


class UnsetVariable(Exception):
    """A header speaks of a variable of the environment that is not set; the text is its name."""


def engines_of(voices: Mapping[str, VoiceSettings], environment: Mapping[str, str]) -> dict[str, Engine]:
    """The engines of settings in which `voice_mistakes` finds nothing, by language."""
    return {language: _engine(voice, environment) for language, voice in voices.items()}


def _engine(voice: VoiceSettings, environment: Mapping[str, str]) -> Engine:
    limits = {"timeout": voice.timeout}
    match voice.engine:
        case "espeak-ng":
            return Espeak(voice.voice, voice.speed, at_once=voice.at_once, **limits)
        case "command":
            return Program(voice.command, voice.voice, voice.speed, at_once=voice.at_once, **limits)
        case "http":
            headers = {name: with_secrets(value, environment) for name, value in voice.headers.items()}
            body = msgspec.json.decode(voice.body)
            return HttpEngine(voice.url, body, headers, voice.voice, voice.speed, at_once=voice.at_once, **limits)


def with_secrets(header: str, environment: Mapping[str, str]) -> str:
    """A header with the variables of the environment in place of `${NAME}`. Raises `UnsetVariable`."""

    def value(found: re.Match[str]) -> str:
        if not environment.get(found[1]):
            raise UnsetVariable(found[1])
        return environment[found[1]]

    return _SECRET.sub(value, header)


def voice_mistakes(voices: Mapping[str, VoiceSettings], environment: Mapping[str, str]) -> Iterator[tuple[Way, str]]:
    """What the types do not know, each with its place in the settings."""
    for language, voice in voices.items():
        way = ("voice", language)
        if language != DEFAULT and not _LANGUAGE.fullmatch(language):
            yield way, f"{language!r} is no language such as `zh` or `es-MX`, and not `{DEFAULT}`"
        wants = {"command": ("command",), "http": ("url", "body")}.get(voice.engine, ())
        for setting in ("command", "url", "body", "headers"):
            given = getattr(voice, setting)
            if setting in wants and not given:
                yield (*way, "engine"), f"the engine {voice.engine!r} needs `{setting}`"
            elif given and setting not in wants and not (setting == "headers" and voice.engine == "http"):
                yield (*way, setting), f"the engine {voice.engine!r} has no `{setting}`"
        if voice.engine == "command" and voice.command and not any("{file}" in part for part in voice.command[1:]):
            yield (*way, "command"), "no argument holds {file}, the WAV file that is to be written"
        if voice.engine == "http":
            yield from ((((*way, *inner)), text) for inner, text in _about_service(voice, environment))


def _about_service(voice: VoiceSettings, environment: Mapping[str, str]) -> Iterator[tuple[Way, str]]:
    if voice.url and not re.fullmatch(r"https?://[^\s/]+\S*", voice.url):
        yield ("url",), f"{voice.url!r} is no address such as https://speech.example.com/v1/audio"
    if voice.body:
        try:
            body: Json = msgspec.json.decode(voice.body)
        except msgspec.DecodeError as error:
            yield ("body",), f"not JSON: {error}"
        else:
            if "{text}" not in msgspec.json.encode(body).decode():
                yield ("body",), "nothing in it holds {text}, the words that are to be spoken"
    for name, header in voice.headers.items():
        try:
            with_secrets(header, environment)
        except UnsetVariable as unset:
            yield ("headers", name), f"the environment has no variable {unset}"
