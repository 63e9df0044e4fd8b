"""Reads a tree of texts as the structs that say what a file may hold, and finds everything that does not fit.

The structs are the only description: the same ones make the published JSON Schema. Each field's type says
what is expected (`Meta(title=...)` in words, `pattern`, `ge`...), and `Meta(extra={"name_of": "queue"})` says
that a text must be the name of something that there is;
`"may_repeat"`, that a list may hold the same twice. What cannot be read is left out, so that the rest can
be examined too; whoever uses the result must look at the mistakes first.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any, NoReturn, TypeVar

from msgspec import inspect

from ivr.files import marked_yaml
from ivr.files.marked_yaml import Text, Tree
from ivr.files.mistakes import MOST_TOLD, Mark, Mistake, instead, quoted

T = TypeVar("T")
Path = tuple[str | int, ...]


class _Unreadable(Exception):
    """The mistake has been noted; what it is part of must do without it."""


class Reader:
    """Reads one file. `names`: by kind (`queue`, `skill`), what names there are; of another kind every name will do."""

    def __init__(self, file: str, names: Mapping[str, Collection[str]], *, before: int = 0) -> None:
        """Nothing is read yet. `before`: mistakes in other files that are told with these."""
        self.file = file
        self._before = before
        self.mistakes: list[Mistake] = []
        self._names = names
        self._places: dict[Path, Mark] = {}
        self._texts: dict[Path, Text] = {}

    def read(self, tree: Tree, shape: type[T]) -> T | None:
        """The struct, as far as it can be read; None if not even that."""
        try:
            value = self._read(tree, _described(shape), (), "")
        except _Unreadable:
            return None
        assert isinstance(value, shape)  # noqa: S101 - what `_struct` has just made
        return value

    def note(self, path: Path, text: str, at: int | None = None) -> None:
        """A mistake that the types do not know of, at a place of the tree (or at the nearest that is there).

        `at`: which character of the text there, from 0.
        """
        self.mistakes.append(self.mistake(path, text, at))

    def mistake(self, path: Path, text: str, at: int | None = None) -> Mistake:
        """The same, not noted: for what is doubtful rather than wrong."""
        if at is not None and path in self._texts:
            return Mistake(self.file, self._texts[path].mark_of(at), text)
        while path and path not in self._places:
            path = path[:-1]
        return Mistake(self.file, self._places.get(path, Mark(1, 1)), text)

    def hint(self, name: str, valid: Collection[str]) -> str:
        """What could be meant, to be added to a mistake.

        It takes a while among thousands of names, so there is none for mistakes that are only counted.
        """
        return f"; {instead(name, valid)}" if self._before + len(self.mistakes) < MOST_TOLD else ""

    # -- by type ---------------------------------------------------------------------------------------------

    def _read(self, tree: Tree, shape: inspect.Type, path: Path, title: str) -> Any:  # noqa: ANN401 - any type
        self._places.setdefault(path, tree.mark)
        if isinstance(tree, Text):
            self._texts[path] = tree
        match shape:
            case inspect.Metadata(type=inner, extra_json_schema=schema, extra=extra):
                title = (schema or {}).get("title", title)
                if isinstance(inner, inspect.VarTupleType):
                    return self._tuple(tree, inner, path, title, may_repeat="may_repeat" in (extra or ()))
                value = self._read(tree, inner, path, title)
                if extra and "name_of" in extra:
                    self._must_be_there(value, extra["name_of"], tree.mark)
                return value
            case inspect.UnionType(types=types):
                return self._read(tree, self._alternative(tree, types, path, title), path, title)
            case inspect.StructType():
                return self._struct(tree, shape, path, title)
            case inspect.DictType():
                return self._dict(tree, shape, path, title)
            case inspect.VarTupleType():
                return self._tuple(tree, shape, path, title)
            case _:
                return self._scalar(tree, shape, title)

    def _alternative(self, tree: Tree, types: tuple[inspect.Type, ...], path: Path, title: str) -> inspect.Type:
        """Structs are told apart by their tag, anything else by its form in the file; what looks like a number is one,
        if one is allowed."""
        structs = {t.tag: t for t in types if isinstance(t, inspect.StructType)}
        if not isinstance(tree, marked_yaml.Mapping) or len(structs) < 2:
            possible = [t for t in types if isinstance(_bare(t), _FORMS[type(tree)])]
            if isinstance(tree, Text) and tree.plain and _NUMBER.fullmatch(tree.value):
                possible.sort(key=lambda t: not isinstance(_bare(t), inspect.IntType | inspect.FloatType))
            return possible[0] if possible else types[0]
        field = next(iter(structs.values())).tag_field or ""
        if field not in tree.entries:
            self._refuse(tree.mark, f"`{field}` is missing ({', '.join(map(str, structs))})")
        tag = tree.entries[field][1]
        self._places[(*path, field)] = tag.mark
        value = tag.value if isinstance(tag, Text) else ""
        if value not in structs:
            kinds = [str(kind) for kind in structs]
            self._refuse(tag.mark, f"{quoted(value)} is no {title or field}; {instead(value, kinds)}")
        return structs[value]

    def _struct(self, tree: Tree, shape: inspect.StructType, path: Path, title: str) -> Any:  # noqa: ANN401
        entries = self._mapping(tree, title or "settings").entries
        known = {field.encode_name: field for field in shape.fields}
        for name, (mark, _) in entries.items():
            if name not in known and name != shape.tag_field:
                text = f"there is no setting {quoted(name)} here; {instead(name, known)}"
                self.mistakes.append(Mistake(self.file, mark, text))
        values: dict[str, Any] = {}
        broken = False
        for name, field in known.items():
            if name not in entries:
                if field.required:
                    broken = True
                    what = _title(field.type)
                    self._note(tree.mark, f"`{name}` is missing" + (f": {what}" if what else ""))
                continue
            try:
                values[field.name] = self._entry(entries[name], field.type, (*path, name))
            except _Unreadable:
                broken = broken or field.required
        if broken:
            raise _Unreadable
        return shape.cls(**values)

    def _dict(self, tree: Tree, shape: inspect.DictType, path: Path, title: str) -> dict[Any, Any]:
        found = {}
        entries = self._mapping(tree, title).entries
        if len(entries) < (shape.min_length or 0):
            self._refuse(tree.mark, f"nothing here; expected {title or 'at least one entry'}")
        for name, entry in entries.items():
            try:
                key = self._read(Text(entry[0], name, plain=False), shape.key_type, (*path, name), "")
                found[key] = self._entry(entry, shape.value_type, (*path, name))
            except _Unreadable:
                continue
        return found

    def _entry(self, entry: tuple[Mark, Tree], shape: inspect.Type, path: Path) -> Any:  # noqa: ANN401
        mark, tree = entry
        self._places[path] = tree.mark if isinstance(tree, Text) else mark
        return self._read(tree, shape, path, _title(shape))

    def _tuple(
        self, tree: Tree, shape: inspect.VarTupleType, path: Path, title: str, *, may_repeat: bool = False
    ) -> tuple[Any, ...]:
        if not isinstance(tree, marked_yaml.Items):
            self._refuse(tree.mark, f"expected {title or 'a list'}, as in `[one, two]`, not {_form(tree)}")
        if len(tree.items) < (shape.min_length or 0):
            self._refuse(tree.mark, f"nothing here; expected {title or 'at least one'}")
        if shape.max_length is not None and len(tree.items) > shape.max_length:
            self._refuse(tree.mark, f"{len(tree.items)} of them; at most {shape.max_length} are possible")
        found: list[Any] = []
        seen: set[str] = set()
        for index, item in enumerate(tree.items):
            try:
                value = self._read(item, shape.item_type, (*path, index), _title(shape.item_type))
            except _Unreadable:
                continue
            if not may_repeat:
                if (said := repr(value)) in seen:
                    self._note(item.mark, f"{quoted(str(value))} stands in this list twice")
                seen.add(said)
            found.append(value)
        return tuple(found)

    def _mapping(self, tree: Tree, title: str) -> marked_yaml.Mapping:
        if not isinstance(tree, marked_yaml.Mapping):
            self._refuse(tree.mark, f"expected {title or 'names with values'}, not {_form(tree)}")
        return tree

    # -- scalars ---------------------------------------------------------------------------------------------

    def _scalar(self, tree: Tree, shape: inspect.Type, title: str) -> str | int | float | bool | Enum:
        expected = title or _KINDS.get(type(shape), "a text")
        if not isinstance(tree, Text):
            self._refuse(tree.mark, f"expected {expected}, not {_form(tree)}")
        if tree.plain and tree.value in {"", "~", "null"}:
            self._refuse(tree.mark, f"nothing here; expected {expected}")
        value = _converted(tree.value, shape)
        if value is None:
            self._refuse(tree.mark, f"{quoted(tree.value)} is not right; expected {expected}")
        if isinstance(shape, inspect.LiteralType) and value not in shape.values:
            known = [str(one) for one in shape.values]
            self._refuse(tree.mark, f"{quoted(tree.value)} is no {expected}; {instead(tree.value, known)}")
        if isinstance(shape, inspect.EnumType):
            known = [str(one.value) for one in shape.cls]
            if value not in known:
                self._refuse(tree.mark, f"{quoted(tree.value)} is no {expected}; {instead(tree.value, known)}")
            return shape.cls(value)
        if not _fits(value, shape):
            self._refuse(
                tree.mark, f"{quoted(tree.value)} is not right; expected {expected}{limits_told(shape, tree.value)}"
            )
        return value

    def _must_be_there(self, name: str, kind: str, mark: Mark) -> None:
        if kind in self._names and name not in (names := self._names[kind]):
            self._note(mark, f"unknown {kind.replace('_', ' ')} {quoted(name)}{self.hint(name, names)}")

    def _note(self, mark: Mark, text: str) -> None:
        self.mistakes.append(Mistake(self.file, mark, text))

    def _refuse(self, mark: Mark, text: str) -> NoReturn:
        self._note(mark, text)
        raise _Unreadable


_described: Callable[[type], inspect.Type] = lru_cache(maxsize=100)(inspect.type_info)
"""What a struct holds, all the way down. That of a flow takes a hundredth of a second, and files are many."""


def _bare(shape: inspect.Type) -> inspect.Type:
    return _bare(shape.type) if isinstance(shape, inspect.Metadata) else shape


_SCALARS = (
    inspect.StrType,
    inspect.BoolType,
    inspect.IntType,
    inspect.FloatType,
    inspect.LiteralType,
)
_FORMS: Mapping[type[Tree], tuple[type[inspect.Type], ...]] = {
    Text: _SCALARS,
    marked_yaml.Items: (inspect.VarTupleType,),
    marked_yaml.Mapping: (inspect.StructType, inspect.DictType),
}
"""What each form of the file can be."""

_KINDS: Mapping[type[inspect.Type], str] = {
    inspect.BoolType: "true or false",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
}

_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,9})?", re.ASCII)


def _converted(text: str, shape: inspect.Type) -> str | int | float | bool | None:
    match shape:
        case inspect.BoolType():
            return {"true": True, "false": False}.get(text)
        case inspect.IntType():
            return int(text) if _NUMBER.fullmatch(text) and "." not in text else None
        case inspect.FloatType():
            return float(text) if _NUMBER.fullmatch(text) else None
        case _:
            return text


def _fits(value: str | float | bool, shape: inspect.Type) -> bool:
    match shape:
        case inspect.IntType() | inspect.FloatType():
            number = float(value)
            return (
                (-math.inf if shape.ge is None else shape.ge) <= number
                and number <= (math.inf if shape.le is None else shape.le)
                and (shape.gt is None or number > shape.gt)
            )
        case inspect.StrType(pattern=pattern, min_length=shortest, max_length=longest):
            text = str(value)
            return (shortest or 0) <= len(text) <= (longest or math.inf) and (
                pattern is None or _matches(pattern, text)
            )
        case _:
            return True


def _matches(pattern: str, text: str) -> bool:
    # In Python `$` is also before a line break at the end; in a JSON Schema, which has the same patterns, it is not.
    return (re.fullmatch if pattern.endswith("$") else re.search)(pattern, text) is not None


def limits_told(shape: inspect.Type, text: str = "") -> str:
    """Of a number that has limits: ` (at least 1, at most 10)`; of a text that is longer than is possible: how long."""
    if isinstance(shape, inspect.StrType) and shape.max_length is not None and len(text) > shape.max_length:
        return f" (at most {shape.max_length:,} characters; these are {len(text):,})"
    if not isinstance(shape, inspect.IntType | inspect.FloatType):
        return ""
    said = []
    if shape.gt is not None:
        said.append(f"more than {shape.gt:.15g}")
    if shape.ge is not None:
        said.append(f"at least {shape.ge:.15g}")
    if shape.le is not None:
        said.append(f"at most {shape.le:.15g}")
    return f" ({', '.join(said)})" if said else ""


def _title(shape: inspect.Type) -> str:
    if isinstance(shape, inspect.Metadata):
        return str((shape.extra_json_schema or {}).get("title", ""))
    return ""


def _form(tree: Tree) -> str:
    match tree:
        case Text(value=value):
            return f"the text {quoted(value)}" if value else "nothing"
        case marked_yaml.Items():
            return "a list"
        case marked_yaml.Mapping():
            return "names with values"
