"""Settings from the environment, which wins over the file.

A variable is `CALLWRIGHT_` and the path of a setting, `__` between the parts, a PBX by its name, commas in a list:

    CALLWRIGHT_DATABASE=postgresql://...   CALLWRIGHT_WEB__PORT=8080   CALLWRIGHT_PBX__PBX1__ARI__PASSWORD=...

Shells know no `-` in the name of a variable and systemd keeps capitals, so `PBX_1` means the PBX `pbx-1` too.
"""

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from typing import NamedTuple

from msgspec import inspect

from config.settings import Settings
from ivr.files.marked_yaml import Items, Mapping, Text, Tree
from ivr.files.mistakes import WHOLE_FILE, Mistake, instead
from ivr.files.shapes import Path, Reader

PREFIX = "CALLWRIGHT_"
NOT_SETTINGS = frozenset({"CALLWRIGHT_CONFIG"})
"""Names the file itself."""


class Variable(NamedTuple):
    """One that is set, and where its value belongs."""

    name: str
    path: Path
    value: Tree


class Misplaced(Exception):
    """It leads nowhere."""


def variables(environment: AnyMapping[str, str], tree: Mapping) -> tuple[list[Variable], list[Mistake]]:
    """Those that say something about a setting, and what is wrong with them. `tree`: the file, which names the PBXs."""
    good: list[Variable] = []
    mistakes: list[Mistake] = []
    for name, value in sorted(environment.items()):
        if not name.startswith(PREFIX) or name in NOT_SETTINGS:
            continue
        try:
            variable = _placed(name, value, tree)
        except Misplaced as error:
            mistakes.append(Mistake(shown(name), WHOLE_FILE, str(error)))
            continue
        alone = Reader(shown(name), {})
        alone.read(_on_its_way(variable.path, variable.value), Settings)
        mistakes += alone.mistakes
        if not alone.mistakes:
            good.append(variable)
    return good, mistakes


def shown(name: str) -> str:
    """As the place of a mistake."""
    return f"{name} in the environment"


def put_over(tree: Mapping, variable: Variable) -> None:
    """Write the value of a variable, whose path has been found in this very tree, into it.

    Not where the file has another kind of value on that path: whoever reads the tree tells that, and its place.
    """
    here: Tree = tree
    *way, last = variable.path
    for part in way:
        if isinstance(here, Items) and isinstance(part, int):
            here = here.items[part]
        elif isinstance(here, Mapping):
            here = here.entries.setdefault(str(part), (WHOLE_FILE, Mapping(WHOLE_FILE, {})))[1]
        else:
            return
    if isinstance(here, Mapping):
        mark = here.entries[str(last)][0] if last in here.entries else WHOLE_FILE
        here.entries[str(last)] = (mark, variable.value)


def _placed(name: str, value: str, tree: Mapping) -> Variable:
    shape: inspect.Type = inspect.type_info(Settings)
    here: Tree | None = tree
    path: Path = ()
    for part in name.removeprefix(PREFIX).split("__"):
        key, shape, here = _step(part, _plain(shape), here, path)
        path = (*path, key)
    return Variable(name, path, _value(value, _plain(shape)))


def _step(part: str, shape: inspect.Type, here: Tree | None, path: Path) -> tuple[str | int, inspect.Type, Tree | None]:
    """The name or number of a part, what may stand there, and what does."""
    if isinstance(shape, inspect.VarTupleType) and isinstance(_plain(shape.item_type), inspect.StructType):
        items = here.items if isinstance(here, Items) else ()
        names = [_name(item) for item in items]
        key = _like(part, names)
        if key not in names:
            raise Misplaced(f"the settings have no [[{path[-1]}]] named {key!r}; {instead(key, names)}")
        return names.index(key), shape.item_type, items[names.index(key)]
    entries = here.entries if isinstance(here, Mapping) else {}
    if isinstance(shape, inspect.StructType):
        known = {field.encode_name: field.type for field in shape.fields}
        key = _like(part, known)
        if key not in known:
            raise Misplaced(f"there is no setting {key!r} here; {instead(key, known)}")
        inner = known[key]
    elif isinstance(shape, inspect.DictType):
        key, inner = _like(part, entries), shape.value_type
    else:
        raise Misplaced(f"`{'.'.join(map(str, path))}` has no parts")
    return key, inner, entries[key][1] if key in entries else None


def _plain(shape: inspect.Type) -> inspect.Type:
    return shape.type if isinstance(shape, inspect.Metadata) else shape


def _name(item: Tree) -> str:
    name = item.entries.get("name") if isinstance(item, Mapping) else None
    return name[1].value if name is not None and isinstance(name[1], Text) else ""


def _like(part: str, names: Iterable[str]) -> str:
    """The name that a part of a variable means, or the part in small letters if it means none."""
    meant = part.casefold().replace("-", "_")
    return next((name for name in names if name.casefold().replace("-", "_") == meant), part.casefold())


def _value(value: str, shape: inspect.Type) -> Tree:
    if not isinstance(shape, inspect.VarTupleType) or isinstance(_plain(shape.item_type), inspect.StructType):
        return Text(WHOLE_FILE, value, plain=False)
    items = (item.strip() for item in value.split(","))
    return Items(WHOLE_FILE, tuple(Text(WHOLE_FILE, item, plain=False) for item in items if item))


def _on_its_way(path: Path, value: Tree) -> Tree:
    """A file that says nothing but this."""
    for part in reversed(path):
        if isinstance(part, int):
            if isinstance(value, Mapping):
                value.entries.setdefault("name", (WHOLE_FILE, Text(WHOLE_FILE, "any", plain=False)))
            value = Items(WHOLE_FILE, (value,))
        else:
            value = Mapping(WHOLE_FILE, {part: (WHOLE_FILE, value)})
    return value
