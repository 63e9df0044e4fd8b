"""From a file of dialogues to dialogues that can be rehearsed, or to all that is wrong with it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import msgspec

from ivr.files.marked_yaml import parse
from ivr.files.mistakes import FileMistakes, Mark, instead, quoted
from ivr.files.shapes import Path, Reader
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName
from ivr.hours import Hours, zone_of
from ivr.rehearsal.dialogue_file import Answer, DialogueEntry, DialogueFile, Step

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SOME_MONDAY = date(2026, 1, 12)
"""Of the week in which a dialogue takes place that names a weekday only."""

NOTHING = Step()
ACTS = ("presses", "interrupts", "waits", "says")


class Entrance(NamedTuple):
    """What is behind a number that callers dial."""

    flow: FlowName
    closed_flow: FlowName
    """Outside the hours."""
    hours: Hours
    language: str

    def leads_to(self, now: float) -> FlowName:
        """The flow that a caller comes into."""
        return self.flow if self.hours.is_open(now) else self.closed_flow


class Centre(NamedTuple):
    """What dialogues may name, and where."""

    flows: Mapping[FlowName, Flow]
    languages: Sequence[str]
    zone: str
    entrances: Mapping[str, Entrance] = {}
    """By number."""


class MarkedStep(NamedTuple):
    """A step, and where it stands in its file."""

    step: Step | str
    mark: Mark


class Script(msgspec.Struct, frozen=True):
    """One dialogue as it is to go."""

    file: str
    mark: Mark
    name: str
    flow: FlowName
    language: str
    at: float
    """When the call comes in: seconds since the epoch, UTC."""
    known: Mapping[str, str]
    """By the flow when it begins."""
    answers: Sequence[Mapping[str, Answer]]
    """By what is asked; those that stand first are taken."""
    steps: tuple[MarkedStep, ...]


def scripts_of(text: str, file: str, centre: Centre) -> tuple[Script, ...]:
    """All dialogues of a file, in their order; `file` is what mistakes call it. Raises `FileMistakes`."""
    parsed = parse(text, file)
    reader = Reader(file, {"flow": centre.flows, "language": centre.languages})
    reader.mistakes.extend(parsed.mistakes)
    read = reader.read(parsed.tree, DialogueFile)
    if read is None:
        raise FileMistakes(reader.mistakes)
    _check_date(read.at, ("at",), reader)
    scripts = []
    for name, entry in read.dialogues.items():
        path: Path = ("dialogues", name)
        if isinstance(entry, DialogueEntry):
            scripts.append(_script(name, entry, (*path, "steps"), read, reader, centre))
        else:
            scripts.append(_script(name, DialogueEntry(entry), path, read, reader, centre))
    if reader.mistakes:
        raise FileMistakes(reader.mistakes)
    return tuple(scripts)


def _script(name: str, entry: DialogueEntry, steps: Path, file: DialogueFile, reader: Reader, centre: Centre) -> Script:
    path = ("dialogues", name)
    entrance = _entrance(entry, path, file, reader, centre)
    _check_date(entry.at, (*path, "at"), reader)
    for number, step in enumerate(entry.steps):
        _check_step(step, (*steps, number), reader)
        if step == "hangs_up" and number < len(entry.steps) - 1:
            reader.note((*steps, number + 1), "nothing comes after `hangs_up`")
    caller = file.caller if entry.caller is None else entry.caller
    at = 0.0 if reader.mistakes else moment(entry.at or file.at, centre.zone)
    return Script(
        file=reader.file,
        mark=reader.mistake(path, "").mark,
        name=name,
        flow=entrance.leads_to(at) if entrance else entry.flow or file.flow,
        language=entry.language or file.language or (entrance.language if entrance else centre.languages[0]),
        at=at,
        known={**entry.known, "caller": caller, "dialled": entry.dialled or file.dialled},
        answers=(entry.answers, file.answers),
        steps=tuple(
            MarkedStep(step, reader.mistake((*steps, number), "").mark) for number, step in enumerate(entry.steps)
        ),
    )


def _entrance(entry: DialogueEntry, path: Path, file: DialogueFile, reader: Reader, centre: Centre) -> Entrance | None:
    """By which the caller comes in; None: his flow is named."""
    if entry.flow or file.flow:
        return None
    dialled = entry.dialled or file.dialled
    if not dialled:
        either = "`flow` is missing, here or for the whole file, or `dialled` for the flow that a number leads to"
        reader.note(path, f"{either}; {instead('', centre.flows)}")
    elif dialled not in centre.entrances:
        place = (*path, "dialled") if entry.dialled else ("dialled",)
        reader.note(place, f"no entry point has the number {quoted(dialled)}; {instead(dialled, centre.entrances)}")
    return centre.entrances.get(dialled)


def _check_step(step: Step | str, path: Path, reader: Reader) -> None:
    if isinstance(step, str):
        return
    acts = [act for act in ACTS if getattr(step, act) != getattr(NOTHING, act)]
    if len(acts) > 1:
        reader.note((*path, acts[1]), f"`{acts[0]}` and `{acts[1]}` in one step; a caller does one thing at a time")
    for setting in ("hears", "asks", "sees"):  # by a pattern msgspec 0.22 crashes: it is one in a union with a list
        if any(not part.strip() for part in parts(getattr(step, setting))):
            reader.note((*path, setting), f"`{setting}` with nothing in it is always so; say a part of it")
    if step == NOTHING and not reader.mistakes:  # else something in it may be what could not be read
        reader.note(path, f"an empty step; {instead('', Step.__struct_fields__)}")


def _check_date(at: str, path: Path, reader: Reader) -> None:
    day = at.partition(" ")[0]
    if day and day not in DAYS:
        try:
            _day(day)
        except ValueError:
            reader.note(path, f"there is no day {day!r}")


def _day(text: str) -> date:
    """Raises `ValueError` for what is none, or so far away that no zone knows its hours."""
    if not "1970" <= text[:4] < "9999":
        raise ValueError(f"{text!r} is too far away")
    return date.fromisoformat(text)


def moment(at: str, zone: str) -> float:
    """A time as files write it (`mon 10:00`), by the clock on the wall there: seconds since the epoch, UTC. Raises
    `ValueError` for what is none."""
    day, _, clock = at.partition(" ")
    on = SOME_MONDAY + timedelta(DAYS.index(day)) if day in DAYS else _day(day)
    return datetime.combine(on, time.fromisoformat(clock), zone_of(zone)).timestamp()


def parts(said: str | Collection[str]) -> tuple[str, ...]:
    """Of a setting that holds one or several."""
    return (said,) if isinstance(said, str) else tuple(said)
