"""What another plan changes, line by line, in the words of `center.yaml`: for somebody who is about to let it take
effect, perhaps at night.

    + agent eva: name Eva Stein, skills billing 8, ...      new
    - queue orders                                          gone
    ~ queue billing: ring_timeout 15 -> 20                  another value

Plans are taken apart by their fields, so a setting that is added tomorrow is compared without a word here.
"""

from collections.abc import Collection, Iterator, Mapping
from enum import Enum

import msgspec

from acd.plan import CenterPlan, Step
from acd.routing.preference import PRESETS
from acd.routing.requirement import AllOf, Anybody, AtLeast, OneOf, written
from acd.waiting.plan import Condition, Rule, WayOut
from ivr.hours import Hours, Span

PARTS = {
    "entry_points": "number",
    "queues": "queue",
    "agents": "agent",
    "supervisors": "supervisor",
    "flows": "flow",
}
"""What a plan has many of, and what one of them is called."""

SETTINGS = {
    "steps": "requires",
    "preferred": "preferred.who",
    "preferred_wait": "preferred.wait",
    "ring_next_after": "ring",
    "waiting": "",
    "announcements": "",
    "rules": "overflow",
}
"""Fields that `center.yaml` calls by another name; empty: what is in them stands in the queue itself."""

VALUES = {
    "ring": {"(none)": "one", "0": "all"},
    "wrap_up": {"(none)": "open"},
    "preferred.who": {"owner, last agent": "both", "last agent": "last_agent"},
}
"""Values that it writes in another way, by setting."""

SHOWN = {
    "number": ("name", "flow"),
    "queue": ("steps",),
    "agent": ("name", "skills", "phones"),
    "supervisor": ("name",),
    "flow": (),
}
"""What is told of a new one."""

NOT_SAID = ("id", "number", "types")
"""Fields that stand in no file: the name of what has them, and what all flows together say of their variables."""

LONGEST = 60
"""Characters of a value that are shown."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_NOTHING = ("false", "(none)", "(empty)")
"""Values that say nothing of something that comes or goes."""

Facts = Mapping[str, str]
"""Setting to value, both as they are shown."""


def difference(before: CenterPlan, after: CenterPlan) -> tuple[str, ...]:
    """All that changes; empty if nothing does."""
    rest = [field for field in before.__struct_fields__ if field not in PARTS]
    lines = [*_changes("centre", _facts_of(before, rest), _facts_of(after, rest))]
    for field, word in PARTS.items():
        lines += _collection(word, getattr(before, field), getattr(after, field))
    if not lines and before != after:
        lines.append("~ centre: something for which there are no words")
    return tuple(lines)


def summary(lines: tuple[str, ...]) -> str:
    """The same in one line."""
    counts = {sign: sum(line.startswith(sign) for line in lines) for sign in "+~-"}
    words = {"+": "added", "~": "changed", "-": "removed"}
    return ", ".join(f"{count} {words[sign]}" for sign, count in counts.items() if count)


def _collection(word: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    for name in before:
        if name not in after:
            yield f"- {word} {name}"
    for name, one in after.items():
        if name not in before:
            facts = _facts_of(one, SHOWN[word]).items()
            said = ", ".join(f"{setting} {value}" for setting, value in facts if value not in _NOTHING)
            yield f"+ {word} {name}" + (f": {_short(said, 2 * LONGEST)}" if said else "")
        elif one != before[name]:
            yield from _changes(f"{word} {name}", _facts(before[name]), _facts(one))
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield f"~ {word}s: in another order"


def _changes(what: str, before: Facts, after: Facts) -> Iterator[str]:
    for setting in {**before, **after}:
        old, new = before.get(setting), after.get(setting)
        if old == new or (None in (old, new) and (old or new) in _NOTHING):
            continue
        if old is None:
            yield f"~ {what}: {setting} {_short(new or '')} (new)"
        elif new is None:
            yield f"~ {what}: {setting} is gone (was {_short(old)})"
        else:
            shown = _short(old), _short(new)
            yield f"~ {what}: {setting} {shown[0]} -> {shown[1]}" if len(set(shown)) > 1 else f"~ {what}: {setting}"


# -- from values to words ----------------------------------------------------------------------------------------------


def _facts(one: object) -> Facts:
    fields = one.__struct_fields__ if isinstance(one, msgspec.Struct) else ()
    return _facts_of(one, [field for field in fields if field not in NOT_SAID])


def _facts_of(one: object, fields: Collection[str]) -> Facts:
    return {
        setting: value for field in fields for setting, value in _flat(SETTINGS.get(field, field), getattr(one, field))
    }


def _within(setting: str, field: str) -> str:
    return ".".join(name for name in (setting, SETTINGS.get(field, field)) if name)


def _flat(setting: str, value: object) -> Iterator[tuple[str, str]]:
    """A value as settings of their own, down to what is said in a word."""
    if (said := _said(value)) is not None:
        yield setting, VALUES.get(setting, {}).get(said, said)
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            if field == "kind":
                continue  # the key says it
            yield from _flat(_within(setting, field), getattr(value, field))
    elif isinstance(value, Mapping):
        if any(one is None or _said(one) is None for one in value.values()):
            # What has no value of its own would not be seen.
            yield setting, ", ".join(str(key) for key in value)
        for key, one in value.items():
            yield from _flat(f"{setting}.{key}", one)
    elif isinstance(value, tuple):
        for number, one in enumerate(value, start=1):
            yield from _flat(f"{setting}.{_key(one) or number}", one)


def _said(value: object) -> str | None:
    """A value in a word or some; None if it is better taken apart."""
    match value:
        case Anybody() | AtLeast() | AllOf() | OneOf():
            return written(value)
        case Step(need, after):
            return written(need) + (f" after {after:g}" if after else "")
        case Rule(when, way_out, entry_only):
            holds = ", ".join(_tagged(one) for one in when)
            return f"{holds}{', at entry' if entry_only else ''}: to {_tagged(way_out)}"
        case Hours():
            return _hours(value)
        case Enum():
            return str(value.value)
        case bool():
            return str(value).lower()
        case int() | float():
            return f"{value:g}"
        case str():
            return value or "(empty)"
        case None:
            return "(none)"
        case tuple() if all(isinstance(one, str | Step | Enum) for one in value):
            preset = next((name for name, parts in PRESETS.items() if parts == value), "") if value else "(none)"
            return preset or ", ".join(_said(one) or "" for one in value)
        case _:
            return _tagged(value) if isinstance(value, Condition | WayOut) else None


def _tagged(one: Condition | WayOut) -> str:
    """Its word in `center.yaml`, and what stands beside it."""
    beside = [getattr(one, field) for field in one.__struct_fields__]
    words = [" / ".join(value.values()) if isinstance(value, Mapping) else _said(value) or "" for value in beside]
    return " ".join(filter(None, (str(one.__struct_config__.tag), *words)))


def _key(one: object) -> str:
    """What tells it from its neighbours: of phones, whether it is on the desk or in the browser."""
    kind = getattr(one, "kind", None)
    return str(kind.value) if isinstance(kind, Enum) else ""


def _hours(hours: Hours) -> str:
    if hours == Hours.always():
        return "always"
    said = [_span(span) for span in hours.spans] + [f"not on {day.isoformat()}" for day in sorted(hours.closed)]
    return f"{', '.join(said) or 'never'} ({hours.zone})"


def _span(span: Span) -> str:
    times = (f"{minute // 60:02}:{minute % 60:02}" for minute in (span.opens, span.closes))
    return f"{DAYS[span.weekday]} {'-'.join(times)}"


def _short(text: str, longest: int = LONGEST) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
