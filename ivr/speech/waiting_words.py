"""What a voice tells somebody who waits in a queue.

In Callwright's own languages, like `ivr.speech.words`; every other language gets the English sentences.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ivr.speech.words import fill, ours

LAST_SAID = 20
"""The last place that is told as a number: whoever is further back hears that there are more than so many."""


class _Sentences(NamedTuple):
    """Of one language, with slots."""

    next: str
    place: str
    far_back: str
    callback: str
    no_number: str
    whisper: str
    waited: str
    waited_little: str
    waited_long: str
    soon: str
    wait: str
    wait_range: str


_SENTENCES: Mapping[str, _Sentences] = {
    "en": _Sentences(
        next="You are next in the queue.",
        place="You are number {place:number} in the queue.",
        far_back="There are more than {others:number} callers before you.",
        callback="We will call you back on {number:phone}. Goodbye.",
        no_number="We are sorry, we cannot see your number and cannot call you back.",
        whisper="{queue}. Waited {wait}.",
        waited="{seconds:duration}",
        waited_little="less than 10 seconds",
        waited_long="more than an hour",
        soon="You will wait less than a minute.",
        wait="You will wait about {first:number} minutes.",
        wait_range="You will wait about {first:number} to {last:number} minutes.",
    ),
    "zh": _Sentences(
        next="您是下一位。",
        place="您排在{place:ordinal}位。",
        far_back="您前面有超过{others:number}位来电者。",
        callback="我们会回拨您的号码：{number:phone}。再见。",
        no_number="抱歉，我们看不到您的号码，无法回拨。",
        whisper="{queue}。已等待{wait}。",
        waited="{seconds:duration}",
        waited_little="不到十秒",
        waited_long="超过一小时",
        soon="预计等待时间不到一分钟。",
        wait="预计等待约{first:number}分钟。",
        wait_range="预计等待约{first:number}到{last:number}分钟。",
    ),
    "es": _Sentences(
        next="Usted es el siguiente.",
        place="Ocupa el {place:ordinal} lugar de la cola.",
        far_back="Hay más de {others:number:f} llamadas antes que la suya.",
        callback="Le devolveremos la llamada al {number:phone}. Adiós.",
        no_number="Lo sentimos, no podemos ver su número y no podemos devolverle la llamada.",
        whisper="{queue}. Ha esperado {wait}.",
        waited="{seconds:duration}",
        waited_little="menos de diez segundos",
        waited_long="más de una hora",
        soon="Esperará menos de un minuto.",
        wait="Esperará unos {first:number} minutos.",
        wait_range="Esperará entre {first:number} y {last:number} minutos.",
    ),
}


def _sentences(language: str) -> _Sentences:
    return _SENTENCES[ours(language)]


def position_said(position: int, language: str) -> str:
    """His place in the queue, the first being 1."""
    said = _sentences(language)
    if position == 1:
        return said.next
    text = said.far_back if position > LAST_SAID else said.place
    return fill(text, {"place": str(position), "others": str(LAST_SAID - 1)}, language)


def callback_said(number: str, language: str) -> str:
    """We shall call him back, and where."""
    return fill(_sentences(language).callback, {"number": number}, language)


def no_number_said(language: str) -> str:
    """We cannot call him back."""
    return _sentences(language).no_number


WHISPER_SLOTS = ("queue", "wait")
"""What may be said in a whisper beside words."""


def usual_whisper(language: str) -> str:
    """What an agent is told before he is connected, where the queue has no words of its own."""
    return _sentences(language).whisper


def waited_said(seconds: float, language: str) -> str:
    """How long he has waited, as an agent is told, rounded down: in tens of seconds, then in minutes."""
    said = _sentences(language)
    if seconds < 10:
        return said.waited_little
    if seconds > MINUTES[-1] * 60:
        return said.waited_long
    rounded = int(seconds) // 10 * 10 if seconds < 60 else 60 * max(one for one in MINUTES if one * 60 <= seconds)
    return fill(said.waited, {"seconds": str(rounded)}, language)


def all_waited(language: str) -> tuple[str, ...]:
    """All that `waited_said` gives."""
    seconds = (*range(0, 60, 10), *(60 * one for one in MINUTES), 60 * MINUTES[-1] + 1)
    return tuple(waited_said(one, language) for one in seconds)


MINUTES = (*range(1, 11), *range(15, 61, 5))
"""What is said of a wait: nobody wants to hear of 47 minutes."""
WIDEST = 4
"""A range whose ends are further apart than so many times tells nothing."""


def minutes_of(low: float, high: float) -> tuple[int, int] | None:
    """A range of seconds in minutes that can be said, (0, 1) for less than one; None: it is better not said."""
    if high <= 60:
        return 0, 1
    first = max((one for one in MINUTES if one * 60 <= low), default=1)
    last = next((one for one in MINUTES if one * 60 >= high), None)
    return None if last is None or last > WIDEST * first else (first, last)


def wait_said(minutes: tuple[int, int], language: str) -> str:
    """How long he will wait, by `minutes_of`."""
    said = _sentences(language)
    first, last = minutes
    if last == 1:
        return said.soon
    text = said.wait if first == last else said.wait_range
    return fill(text, {"first": str(first), "last": str(last)}, language)


def all_waits() -> tuple[tuple[int, int], ...]:
    """All that `minutes_of` gives."""
    return ((0, 1), *((a, b) for a in MINUTES for b in MINUTES if a <= b <= WIDEST * a and b > 1))
