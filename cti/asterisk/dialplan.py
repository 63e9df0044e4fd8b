"""An Asterisk's dialplan as it is loaded now, read far enough to tell what becomes of a caller.

Source: the answer to AMI's `ShowDialPlan` (the right `reporting` allows it). What is asked here is simple: does a
call to this number reach our Stasis application, and what happens to the caller if nobody is connected there?
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cti.asterisk.ami_packets import Packet

ENDS = frozenset({"hangup", "congestion", "busy", "return", "stackpop"})
"""Applications after which the caller's way is over (or goes on where we cannot follow it)."""

SILENT = ENDS | frozenset(
    [
        "noop",
        "set",
        "mset",
        "goto",
        "gotoif",
        "gotoiftime",
        "gosub",
        "gosubif",
        "execif",
        "stasis",
        "wait",
        "ringing",
        "progress",
        "verbose",
        "log",
        "answer",
        "gotoonerror",
        "tryexec",
        "exec",
        "trysystem",
        "system",
        "userevent",
        "celgenuserevent",
        "proceeding",
        "resetcdr",
    ]
)
"""Applications that do nothing for a caller who wants to be heard."""

_JUMPS = frozenset({"goto", "gotoif", "gotoiftime", "gosub", "gosubif"})
_BRANCHES = frozenset({"gotoif", "gotoiftime", "gosub", "gosubif"})
"""Jumps after which the caller may also go on below."""
_MOST_STEPS = 2000
_CLASSES = {"X": "0123456789", "Z": "123456789", "N": "23456789"}


class Step(msgspec.Struct, frozen=True):
    """One priority of one extension."""

    context: str
    exten: str
    priority: int
    application: str
    data: str = ""
    label: str = ""


class Include(msgspec.Struct, frozen=True):
    """A context in which another one is searched too."""

    context: str
    included: str


class Place(msgspec.Struct, frozen=True):
    """Where a caller is. `exten` is what he dialled, `pattern` the extension that took it."""

    context: str
    exten: str
    pattern: str
    priority: int


def decode_dialplan(packets: Iterable[Packet]) -> tuple[Step | Include, ...]:
    """Every `ListDialplan` event that can be understood; others are left out."""
    found: list[Step | Include] = []
    for packet in packets:
        if packet.get("Event") != "ListDialplan":
            continue
        context = packet.get("Context")
        if included := packet.get("IncludeContext"):
            found.append(Include(context, included))
        elif packet.get("Priority").isdecimal():
            found.append(
                Step(
                    context,
                    packet.get("Extension"),
                    int(packet.get("Priority")[:9]),
                    packet.get("Application"),
                    packet.get("AppData"),
                    packet.get("ExtensionLabel"),
                )
            )
    return tuple(found)


class Dialplan:
    """What `decode_dialplan` gave, to be walked through."""

    def __init__(self, entries: Iterable[Step | Include]) -> None:
        self._steps: dict[tuple[str, str], dict[int, Step]] = {}
        self._includes: dict[str, list[str]] = {}
        for entry in entries:
            if isinstance(entry, Include):
                self._includes.setdefault(entry.context, []).append(entry.included)
            else:
                self._steps.setdefault((entry.context, entry.exten), {})[entry.priority] = entry

    @property
    def contexts(self) -> frozenset[str]:
        """Their names."""
        return frozenset({context for context, _ in self._steps} | set(self._includes))

    def applications(self, name: str) -> Iterator[Step]:
        """Every step with this application, wherever it is."""
        for steps in self._steps.values():
            yield from (step for step in steps.values() if step.application.lower() == name.lower())

    def find(self, context: str, exten: str) -> Place | None:
        """Which extension takes what was dialled in a context: as Asterisk does, the exact one before patterns, the
        narrow pattern before the wide one, the context itself before what it includes."""
        return self._find(context, exten, set())

    def find_label(self, context: str, exten: str, label: str) -> Place | None:
        """The same, at the step with that label; None also if its extension has no such step."""
        found = self.find(context, exten)
        number = None if found is None or label.isdecimal() else self._priority(found, label)
        return None if found is None or number is None else Place(found.context, exten, found.pattern, number)

    def ways_to(self, app: str, start: Place) -> Iterator[Place]:
        """The steps at which a caller who starts there is given to a Stasis application."""
        for place, step in self._walk([start]):
            name, data = _inner(step)
            if name == "stasis" and data.partition(",")[0].strip() == app:
                yield place

    def served_after(self, place: Place) -> bool:
        """Whether the caller hears or gets anything after this step, if it does nothing: a queue, a message, a
        phone."""
        return any(_inner(step)[0] not in SILENT for _, step in self._walk(self._below(place), through_stasis=place))

    # -- walking -------------------------------------------------------------------------------------------------------

    def _walk(self, starts: Sequence[Place], through_stasis: Place | None = None) -> Iterator[tuple[Place, Step]]:
        seen = {through_stasis}
        open_ = list(starts)
        while open_ and len(seen) < _MOST_STEPS:
            place = open_.pop()
            if place in seen:
                continue
            seen.add(place)
            step = self._step(place)
            if step is None:
                continue
            yield place, step
            open_.extend(self._after(place, step))

    def _step(self, place: Place) -> Step | None:
        return self._steps.get((place.context, place.pattern), {}).get(place.priority)

    def _after(self, place: Place, step: Step) -> Iterator[Place]:
        name, data = _inner(step)
        if name in _JUMPS:
            for target in _targets(name, data):
                yield from self._jump(place, target)
        if name not in ENDS and (name not in _JUMPS or name in _BRANCHES):
            yield from self._below(place)

    def _below(self, place: Place) -> list[Place]:
        return [Place(place.context, place.exten, place.pattern, place.priority + 1)]

    def _jump(self, place: Place, target: str) -> Iterator[Place]:
        parts = [part.strip().replace("${EXTEN}", place.exten) for part in target.split(",")]
        match parts:
            case [priority]:
                found: Place | None = place
            case [exten, priority]:
                found = self.find(place.context, exten)
            case [context, exten, priority, *_]:
                found = self.find(context, exten)
            case _:
                return
        if found is None:
            return
        number = self._priority(found, priority)
        if number is not None:
            yield Place(found.context, found.exten, found.pattern, number)

    def _priority(self, place: Place, wanted: str) -> int | None:
        if wanted.isdecimal():
            return int(wanted[:9])
        steps = self._steps.get((place.context, place.pattern), {})
        return next((step.priority for step in steps.values() if step.label == wanted), None)

    def _find(self, context: str, exten: str, seen: set[str]) -> Place | None:
        seen.add(context)
        own = [pattern for where, pattern in self._steps if where == context and matches(pattern, exten)]
        if own:
            return Place(context, exten, min(own, key=_width), 1)
        for included in self._includes.get(context, []):
            # Asterisk adds conditions of time to the name of an included context.
            name = re.split(r"[,|]", included)[0]
            if name not in seen and (found := self._find(name, exten, seen)):
                return found
        return None


# -- patterns ----------------------------------------------------------------------------------------------------------


def matches(pattern: str, dialled: str) -> bool:
    """Whether an extension, `1000` or a pattern such as `_+49X.`, takes what was dialled."""
    if not pattern.startswith("_"):
        return pattern == dialled
    rest = dialled
    for member in _members(pattern):
        if member in {"!", "."}:
            return member == "!" or bool(rest)
        if not rest or rest[0].upper() not in member:
            return False
        rest = rest[1:]
    return not rest


def _members(pattern: str) -> Iterator[str]:
    """The characters that each place of a pattern takes, or `.` or `!`. Asterisk ignores `-` and spaces in
    patterns."""
    for found in re.finditer(r"\[([^\]]*)\]|(.)", pattern[1:]):
        if found[2] is None:
            yield _spread(found[1]).upper()
        elif found[2] not in "- ":
            yield _CLASSES.get(found[2].upper(), found[2].upper())


def _spread(members: str) -> str:
    return re.sub(r"(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), min(ord(m[2]), 0x7F) + 1))), members)


def _width(pattern: str) -> tuple[int, ...]:
    """Narrow first. An exact extension is the narrowest."""
    if not pattern.startswith("_"):
        return (0,)
    widths = {".": 1000, "!": 1001}
    return (1, *(widths.get(member, len(member)) for member in _members(pattern)))


# -- applications ------------------------------------------------------------------------------------------------------


def _inner(step: Step) -> tuple[str, str]:
    """The application that does the work and its data: `TryExec(Queue(a))` queues, `ExecIf(...?Dial(x))` dials."""
    name, data = step.application.lower(), step.data
    while name in {"tryexec", "exec", "execif"}:
        inner = re.match(r"\s*([A-Za-z]\w*)\((.*)\)", data.partition("?")[2] if name == "execif" else data, re.DOTALL)
        if inner is None:
            break
        name, data = inner[1].lower(), inner[2]
    return name, data


def _targets(name: str, data: str) -> Iterator[str]:
    """Where a jump may lead."""
    if name in _BRANCHES - {"gosub"}:
        branches = data.rpartition("?")[2] if name == "gotoif" else data.partition("?")[2]
        for branch in branches.split(":"):
            if branch.strip():
                yield _without_arguments(branch)
    else:
        yield _without_arguments(data)


def _without_arguments(target: str) -> str:
    return re.sub(r"\(.*\)\s*$", "", target, flags=re.DOTALL)
