"""Reads what stands behind the `?` of an address, or tells whoever wrote it all that is wrong with it.

The structs say what may be there: a field's type, its limits, and `Meta(title=...)` for what is expected in words.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import inspect
from msgspec.structs import FieldInfo, fields

from ivr.files.mistakes import instead, nearest, quoted
from ivr.files.shapes import limits_told

MOST_TOLD = 10
"""Mistakes of one address; nobody writes more of them by hand."""

T = TypeVar("T", bound=msgspec.Struct)


class QueryMistake(ValueError):
    """What is wrong, in sentences for a person."""


def read_query(pairs: Iterable[tuple[str, str]], shape: type[T]) -> T:
    """The parameters of an address, in their order, as a struct. Raises `QueryMistake` with all that is wrong."""
    known = {field.encode_name: field for field in fields(shape)}
    given: dict[str, str] = {}
    mistakes: list[str] = []
    for name, value in pairs:
        if name not in known:
            mistakes.append(_sentence(f"There is no parameter {quoted(name)}; {instead(name, known)}"))
        elif name in given:
            mistakes.append(f"`{name}` is there twice.")
        else:
            given[name] = value
    values: dict[str, Any] = {}
    for field in known.values():
        try:
            values |= _read(field, given)
        except QueryMistake as mistake:
            mistakes.append(str(mistake))
    if mistakes:
        more = len(mistakes) - MOST_TOLD
        raise QueryMistake(" ".join([*mistakes[:MOST_TOLD], *([f"And {more:,} more."] if more > 0 else [])]))
    return shape(**values)


def _read(field: FieldInfo, given: Mapping[str, str]) -> dict[str, Any]:
    """The value by the field's name; nothing if it is not given and need not be."""
    name = field.encode_name
    kind = inspect.type_info(field.type)
    if name not in given:
        if field.required:
            raise QueryMistake(f"`{name}` is missing: {_expected(kind)}.")
        return {}
    said = given[name]
    if (value := _converted(said, field.type)) is None:
        near = nearest(said, _choices(kind))
        hint = f"; did you mean {quoted(near)}?" if near else ""
        raise QueryMistake(_sentence(f"`{name}` is {quoted(said)}; expected {_expected(kind)}{hint}"))
    return {field.name: value}


def _converted(said: str, kind: Any) -> Any:  # noqa: ANN401 - of any type
    try:
        value = msgspec.convert(said, kind, strict=False)
    except msgspec.ValidationError:
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _expected(kind: inspect.Type, title: str = "") -> str:
    match kind:
        case inspect.Metadata(type=inner, extra_json_schema=schema):
            return _expected(inner, (schema or {}).get("title", title))
        case inspect.EnumType() | inspect.LiteralType():
            return f"one of {', '.join(_choices(kind))}"
        case inspect.StrType(max_length=longest):
            return (title or "a text") + (f" of at most {longest} characters" if longest else "")
        case _:
            return (title or _KINDS[type(kind)]) + limits_told(kind)


def _choices(kind: inspect.Type) -> tuple[str, ...]:
    match kind:
        case inspect.EnumType(cls=cls):
            return tuple(str(one.value) for one in cls)
        case inspect.LiteralType(values=values):
            return tuple(map(str, values))
        case _:
            return ()


def _sentence(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


_KINDS: Mapping[type[inspect.Type], str] = {
    inspect.BoolType: "`true` or `false`",
    inspect.DateType: "a day such as 2026-11-20",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
}
