"""Sounds as Asterisk names them (`sound:hello-world`), what is said in them, and how long that takes."""

from collections.abc import Mapping
from urllib.parse import quote, unquote

SPEECH = "sound:speech/"
"""Text to be spoken is named `sound:speech/<language>/<percent-encoded text>`: no file, the words are the name."""

CHARACTERS_PER_SECOND: Mapping[str, float] = {"zh": 4.0, "ja": 6.0, "ko": 5.0}
DEFAULT_CHARACTERS_PER_SECOND = 14.0
DEFAULT_LENGTH = 2.0
SECONDS_PER_SPELLED = 0.6
SPELLED = ("digits:", "number:", "characters:")
SCHEMES = ("sound:", "recording:", "tone:", *SPELLED)


def speech(text: str, language: str) -> str:
    """The name under which a text is spoken."""
    return f"{SPEECH}{quote(language, safe='')}/{quote(text, safe='', errors='replace')}"


def spoken_text(media: str) -> str:
    """The words of spoken text; of any other sound, its name."""
    if media.startswith(SPEECH):
        return unquote(media[len(SPEECH) :].partition("/")[2])
    return media.partition(":")[2] or media


def length(media: str, known: Mapping[str, float]) -> float:
    """Seconds a sound lasts. `known` holds lengths by name without the `sound:`; a name it lacks lasts two seconds."""
    if media.startswith(SPEECH):
        language, _, text = media[len(SPEECH) :].partition("/")
        rate = CHARACTERS_PER_SECOND.get(language[:2], DEFAULT_CHARACTERS_PER_SECOND)
        return len(unquote(text)) / rate
    scheme, _, name = media.partition(":")
    if f"{scheme}:" in SPELLED:
        return len(name) * SECONDS_PER_SPELLED
    return known.get(name, DEFAULT_LENGTH)


def playable(media: str) -> bool:
    """Whether Asterisk knows what to do with such a name at all."""
    return media.startswith(SCHEMES)
