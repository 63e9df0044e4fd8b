"""What an agent is told before he is connected: whose call it is, and how long the caller has waited."""

from collections.abc import Iterator

from acd.waiting.plan import Whisper
from cti.model import Speech
from ivr.speech.waiting_words import all_waited, waited_said
from ivr.speech.words import fill

LONGEST = 10.0
"""Seconds after which they are connected, whatever still plays: the caller waits for this, too."""


def whispered(whisper: Whisper, waited: float) -> Speech:
    """About a caller who has waited so many seconds."""
    return _said(whisper, waited_said(waited, whisper.language))


def all_whispers(whisper: Whisper) -> Iterator[Speech]:
    """All that may be said of this queue's callers: it can be made before the first call."""
    if whisper.text:
        yield from (_said(whisper, wait) for wait in all_waited(whisper.language))


def _said(whisper: Whisper, wait: str) -> Speech:
    return Speech(fill(whisper.text, {"queue": whisper.queue, "wait": wait}, whisper.language), whisper.language)
