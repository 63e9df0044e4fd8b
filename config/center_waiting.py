"""What callers hear and may do while they wait, from the words of `center.yaml`."""

from collections.abc import Iterator, Mapping

from acd.model import QueueName
from acd.waiting.plan import (
    Announcements,
    Closed,
    Condition,
    EstimatedWait,
    Goodbye,
    LaterCallback,
    Length,
    LongestWait,
    Nobody,
    PerAgent,
    Rule,
    Staff,
    ToFlow,
    ToQueue,
    Waited,
    WaitingPlan,
    WayOut,
    Whisper,
)
from config.center_shapes import CenterFile, QueueEntry, RuleEntry, WayOutEntry, WhenEntry
from ivr.files.mistakes import instead
from ivr.files.shapes import Path, Reader
from ivr.flow.settings import FlowName
from ivr.speech.waiting_words import WHISPER_SLOTS, usual_whisper
from ivr.speech.words import slots, stray_brace

_NAMES = ("queue", "flow", "say")
_MEANT = {"queue": "queue", "flow": "flow", "goodbye": "say", "callback": ""}
"""The setting that goes with each way out."""


def check_waiting(name: str, entry: QueueEntry, read: CenterFile, reader: Reader) -> None:
    """Notes what the types do not know."""
    path: Path = ("queues", name)
    for number, texts in enumerate(entry.messages):
        _check_texts(texts, (*path, "messages", number), read, reader)
    if not isinstance(entry.whisper, bool):
        _check_whisper(entry.whisper, (*path, "whisper"), read.languages[0], reader)
    for key, way_out in entry.keys.items():
        _check_way_out(name, way_out, (*path, "keys", key), read, reader)
    for number, rule in enumerate(entry.overflow):
        place = (*path, "overflow", number)
        _check_way_out(name, rule, place, read, reader)
        _check_rule(entry, rule, place, reader)


def waiting_of(entry: QueueEntry, label: str, language: str) -> WaitingPlan:
    """What the queue has decided. Agents are spoken to in `language`, in which the queue is called `label`."""
    return WaitingPlan(
        Announcements(entry.every, entry.messages, entry.position, entry.estimate),
        {key: _way_out(way_out) for key, way_out in entry.keys.items()},
        tuple(Rule(tuple(_conditions(rule.when)), _way_out(rule), rule.at == "entry") for rule in entry.overflow),
        _whisper(entry.whisper, label, language),
    )


def _whisper(entry: bool | Mapping[str, str], label: str, language: str) -> Whisper:
    match entry:
        case False:
            return Whisper()
        case True:
            return Whisper(usual_whisper(language), label, language)
        case texts:
            return Whisper(texts.get(language, ""), label, language)


def _check_whisper(entry: Mapping[str, str], place: Path, language: str, reader: Reader) -> None:
    if language not in entry:
        reader.note(place, f"this is not said in {language}, the first language of the centre: agents hear that")
    for tongue, text in entry.items():
        for name, form in slots(text):
            if name not in WHISPER_SLOTS or form:
                wrong = "{" + name + (f":{form}" if form else "") + "}"
                reader.note((*place, tongue), f"there is no {wrong} here; {instead(name, WHISPER_SLOTS)}")
        if stray_brace(text):
            reader.note((*place, tongue), "a brace that belongs to no slot; the slots are {queue} and {wait}")


def _check_texts(texts: Mapping[str, str], place: Path, read: CenterFile, reader: Reader) -> None:
    if missing := [language for language in read.languages if language not in texts]:
        reader.note(place, f"this is not said in {' and '.join(missing)}; the centre speaks it")


def _check_way_out(name: str, entry: WayOutEntry, place: Path, read: CenterFile, reader: Reader) -> None:
    given = {"queue": bool(entry.queue), "flow": bool(entry.flow), "say": bool(entry.say)}
    meant = _MEANT[entry.to]
    if meant in {"queue", "flow"} and not given[meant]:
        reader.note(place, f"`{meant}` is missing: the {meant} that it leads to")
    for other in _NAMES:
        if given[other] and other != meant:
            reader.note((*place, other), f"`to: {entry.to}` knows no `{other}`")
    if entry.to == "queue" and entry.queue == name:
        reader.note((*place, "queue"), f"this leads from {name!r} to itself")
    if entry.say:
        _check_texts(entry.say, (*place, "say"), read, reader)


def _check_rule(queue: QueueEntry, rule: RuleEntry, place: Path, reader: Reader) -> None:
    when = rule.when
    if not any(_conditions(when)):
        reader.note((*place, "when"), "no condition: this would send everybody away")
    if when.waited and rule.at == "entry":
        reader.note((*place, "when", "waited"), "who enters has not waited; `longest_wait` asks how long others have")
    if when.longest_wait and rule.at == "always":
        reader.note((*place, "when", "longest_wait"), "this is for `at: entry`; `waited` asks how long he has himself")
    if when.closing and queue.hours == "always":
        reader.note((*place, "when", "closing"), "the queue never closes: it has no `hours`")


def _way_out(entry: WayOutEntry) -> WayOut:
    match entry.to:
        case "queue":
            return ToQueue(QueueName(entry.queue))
        case "flow":
            return ToFlow(FlowName(entry.flow))
        case "goodbye":
            return Goodbye(entry.say)
        case "callback":
            return LaterCallback()


def _conditions(when: WhenEntry) -> Iterator[Condition]:
    if when.waited:
        yield Waited(when.waited)
    if when.longest_wait:
        yield LongestWait(when.longest_wait)
    if when.length:
        yield Length(when.length)
    if when.per_agent:
        yield PerAgent(when.per_agent)
    if when.estimated_wait:
        yield EstimatedWait(when.estimated_wait)
    if when.nobody != "no":
        yield Nobody(Staff(when.nobody))
    if when.closing:
        yield Closed()
