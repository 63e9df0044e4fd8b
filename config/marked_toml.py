"""TOML with places: the same tree of texts that YAML becomes, so that a mistake in either is told in one way.

`tomllib` says whether a text is TOML at all, but not where anything stands in it, and no library that we know does.
So the text is gone through once more, only to find the places; what is gone through is sound then, and nothing needs
to be checked again. As in `ivr.files.marked_yaml`, a scalar is the text that stands there until its place says what it
should be.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

from ivr.files.marked_yaml import LARGEST_FILE, Items, Mapping, Text, Tree
from ivr.files.mistakes import WHOLE_FILE, FileMistakes, Mark, Mistake


def parse(text: str, file: str) -> Mapping:
    """The text of a file as a tree. Raises `FileMistakes` if it is no TOML."""
    if len(text) > LARGEST_FILE:
        raise FileMistakes([Mistake(file, WHOLE_FILE, f"larger than {LARGEST_FILE:,} characters")])
    text = text.replace("\r\n", "\n")
    try:
        tomllib.loads(text)
        return _Places(text).document()
    except RecursionError:
        raise FileMistakes([Mistake(file, WHOLE_FILE, "nested too deep")]) from None
    except ValueError as error:  # also a number that is too long for Python
        raise FileMistakes([_not_toml(str(error), text, file)]) from None


_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


_TUPLE = re.compile(r"\('[^)]*'\,?\)")
"""A key as tomllib tells it: ('web', 'port')."""


def _not_toml(said: str, text: str, file: str) -> Mistake:
    at = _AT.search(said)
    mark = WHOLE_FILE
    if at is not None:
        lines = text.split("\n")
        mark = Mark(int(at[1]), int(at[2])) if at[1] else Mark(len(lines), len(lines[-1]) + 1)
        said = said[: at.start()]
    said = _TUPLE.sub(lambda key: ".".join(re.findall("'([^']*)'", key[0])), said)
    if said.startswith(("Invalid value", "Expected newline or end of document")):
        said += ' (a text stands in "quotes")'
    return Mistake(file, mark, f"not TOML: {said}")


_TOKEN = re.compile(
    r"""
      (?P<blank> [ \t\n]+ | \#[^\n]* )
    | (?P<text>  \"{3} (?: [^"\\] | \\. | "{1,2}(?!") )* "{3,5}     # the last quotes may belong to the text
               | '{3} (?: [^'] | '{1,2}(?!') )* '{3,5}
               | " (?: [^"\\\n] | \\. )* " | '[^'\n]*' )
    | (?P<sign>  [\[\]{}=,] )
    | (?P<bare>  \d{4}-\d\d-\d\d[ ]\d[^\s\[\]{}=,\#]* | [^\s\[\]{}=,\#"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


class _Places:
    """Goes through a text that is TOML."""

    def __init__(self, text: str) -> None:
        self._lines = [0, *(end.end() for end in re.finditer("\n", text))]
        self._tokens = [
            _Token(str(found.lastgroup), found[0], found.start())
            for found in _TOKEN.finditer(text)
            if found.lastgroup != "blank"
        ]
        self._next = 0
        self._line = 0

    def document(self) -> Mapping:
        root = here = Mapping(Mark(1, 1), {})
        while self._next < len(self._tokens):
            start = self._tokens[self._next]
            if start.text == "[":
                twice = self._tokens[self._next + 1].text == "["
                self._next += 1 + twice
                here = _header(root, list(self._key("]")), self._mark(start.at), twice=twice)
                self._next += 1 + twice
            else:
                self._pair(here)
        return root

    def _pair(self, table: Mapping) -> None:
        *way, (mark, name) = self._key("=")
        self._next += 1
        _down(table, way).entries[name] = (mark, self._value())

    def _key(self, end: str) -> Iterator[tuple[Mark, str]]:
        """The parts of a dotted key up to a sign. A dot is in no quotes, or in a bare word that holds parts."""
        while not self._is(end):
            token = self._tokens[self._next]
            self._next += 1
            if token.kind == "text":
                yield self._mark(token.at), _unquoted(token.text)
                continue
            for part in re.finditer(r"[^.]+", token.text):
                yield self._mark(token.at + part.start()), part[0]

    def _value(self) -> Tree:
        token = self._tokens[self._next]
        mark = self._mark(token.at)
        self._next += 1
        if token.kind != "sign":
            quoted = token.kind == "text"
            return Text(mark, _unquoted(token.text) if quoted else token.text, plain=not quoted)
        if token.text == "[":
            return Items(mark, tuple(self._value() for _ in self._until("]")))
        table = Mapping(mark, {})
        for _ in self._until("}"):
            self._pair(table)
        return table

    def _until(self, end: str) -> Iterator[None]:
        """Once for each of several things with commas between them."""
        while not self._is(end):
            if self._is(","):
                self._next += 1
            else:
                yield
        self._next += 1

    def _is(self, sign: str) -> bool:
        token = self._tokens[self._next]
        return token.kind == "sign" and token.text == sign

    def _mark(self, at: int) -> Mark:
        """Places are asked for nearly in order, so the line is never far."""
        while self._line + 1 < len(self._lines) and self._lines[self._line + 1] <= at:
            self._line += 1
        while self._lines[self._line] > at:
            self._line -= 1
        return Mark(self._line + 1, at - self._lines[self._line] + 1)


def _header(root: Mapping, key: list[tuple[Mark, str]], start: Mark, *, twice: bool) -> Mapping:
    """The table that `[key]` or `[[key]]` opens."""
    *way, (mark, name) = key
    above = _down(root, way)
    if not twice:
        here = _down(above, [(mark, name)])
        return here if here.entries else _put(above, mark, name, Mapping(start, {}))
    many = above.entries.get(name, (mark, Items(start, ())))[1]
    table = Mapping(start, {})
    assert isinstance(many, Items)  # noqa: S101 - tomllib has seen to it
    above.entries[name] = (mark, Items(many.mark, (*many.items, table)))
    return table


def _down(table: Mapping, way: list[tuple[Mark, str]]) -> Mapping:
    """The table that a key leads to, made if need be; through a list it leads to the last one in it."""
    for mark, name in way:
        if name not in table.entries:
            _put(table, mark, name, Mapping(mark, {}))
        below = table.entries[name][1]
        below = below.items[-1] if isinstance(below, Items) else below
        assert isinstance(below, Mapping)  # noqa: S101 - tomllib has seen to it
        table = below
    return table


def _put(table: Mapping, mark: Mark, name: str, new: Mapping) -> Mapping:
    table.entries[name] = (mark, new)
    return new


def _unquoted(token: str) -> str:
    text: str = tomllib.loads(f"x = {token}")["x"]
    return text
