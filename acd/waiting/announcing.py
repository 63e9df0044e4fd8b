"""What one caller is told next while he waits: his place, if it has become better, and the queue's messages in turn."""

from collections.abc import Iterator

import msgspec

from acd.waiting.plan import Announcements
from cti.model import PlaybackId, Speech
from ivr.speech.sounds import speech_of
from ivr.speech.waiting_words import LAST_SAID, all_waits, position_said, wait_said

Minutes = tuple[int, int]
"""A range, as `ivr.speech.waiting_words.minutes_of` gives it."""

SILENT = PlaybackId("")
"""Where no prompt plays."""


class Announced(msgspec.Struct, frozen=True):
    """What one caller has been told since he entered the queue."""

    playback: PlaybackId = SILENT
    """The announcement that plays; one that has ended or was cut does not match it any more."""
    alone: PlaybackId = SILENT
    """The last that was for him alone, because of something that he did."""
    message: int = 0
    """Which message comes next."""
    position: int = 0
    """The best place that he was told; 0: none yet, or nobody knows any more."""
    minutes: Minutes = (0, 0)
    """The wait that he was told last; (0, 0): none yet."""


class Announcement(msgspec.Struct, frozen=True):
    """What is said, and what he has been told by then."""

    sounds: tuple[Speech, ...]
    then: Announced


def at_entry(
    of: Announcements, told: Announced, position: int, language: str, minutes: Minutes | None = None
) -> Announcement:
    """What he is told when he begins to wait, and again when it is another: his place, if it has become better, and
    his wait, if it is known. The messages begin later: he has only just heard the flow."""
    sounds: tuple[Speech, ...] = ()
    if of.position and (not told.position or _told_as(position) < _told_as(told.position)):
        sounds += (Speech(position_said(position, language), language),)
        told = msgspec.structs.replace(told, position=position)
    if of.estimate and minutes is not None and minutes != told.minutes:
        sounds += (Speech(wait_said(minutes, language), language),)
        told = msgspec.structs.replace(told, minutes=minutes)
    return Announcement(sounds, told)


def next_one(
    of: Announcements, told: Announced, position: int, language: str, minutes: Minutes | None = None
) -> Announcement:
    """What he is told now and then; nothing, if there is nothing new and the queue has no messages."""
    first = at_entry(of, told, position, language, minutes)
    if not of.messages:
        return first
    texts = of.messages[told.message % len(of.messages)]
    then = msgspec.structs.replace(first.then, message=(told.message + 1) % len(of.messages))
    return Announcement((*first.sounds, speech_of(texts, language)), then)


def said_to_everybody(of: Announcements, languages: tuple[str, ...]) -> Iterator[Speech]:
    """All that may be said in the same words to many: it can be made before the first call."""
    for texts in of.messages:
        yield from (Speech(text, language) for language, text in texts.items())
    if of.position:
        for language in languages:
            yield from (Speech(position_said(place, language), language) for place in range(1, LAST_SAID + 2))
    if of.estimate:
        for language in languages:
            yield from (Speech(wait_said(minutes, language), language) for minutes in all_waits())


def _told_as(position: int) -> int:
    return min(position, LAST_SAID + 1)
