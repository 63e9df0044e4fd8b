"""YAML as people mean it: every scalar is text until its place says what it should be, and everything knows
its line.

YAML's own guesses do harm in the files of a telephone system: `+4930123` becomes a number, `09:00` becomes
540, the language `no` becomes false. So nothing is guessed here; `ivr.files.shapes` reads each text as what is
expected at its place. Aliases (a few lines of them can fill the memory) and tags are refused: what stands in
the file is all there is.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

import yaml

from ivr.files.mistakes import WHOLE_FILE, FileMistakes, Mark, Mistake, quoted

LARGEST_FILE = 1_000_000
"""Characters. A centre of a thousand agents needs a fifth of it."""

DEEPEST = 20

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""They cannot stand in YAML, but an escape can bring them in; to voices and terminals some of them are commands."""

_Loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader


class Text(NamedTuple):
    """A scalar. `plain`: it stands there without quotes, so it may be meant as a number or as nothing."""

    mark: Mark
    value: str
    plain: bool
    source: str = ""
    """As it stands in the file, with quotation marks and line breaks, if it is known."""

    def mark_of(self, position: int) -> Mark:
        """Where a character of the value stands; the text as a whole, if escapes have made others of its characters.

        Folding and indenting change white space alone, so that the others can be counted.
        """
        block = self.source.startswith(("|", ">"))
        quotes = 0 if self.plain or block else 1
        begin = self.source.find("\n") + 1 if block else quotes
        inner = self.source[begin : len(self.source) - quotes]
        if inner.split() != self.value.split():
            return self.mark
        before = len("".join(self.value[:position].split()))
        blacks = [place for place, character in enumerate(inner) if not character.isspace()]
        at = begin + (blacks[before] if before < len(blacks) else len(inner.rstrip()))
        lines = self.source[:at].split("\n")
        column = len(lines[-1]) + (self.mark.column if len(lines) == 1 else 1)
        return Mark(self.mark.line + len(lines) - 1, column)


class Items(NamedTuple):
    """A list."""

    mark: Mark
    items: tuple["Tree", ...]


class Mapping(NamedTuple):
    """Keys and values, in the order of the file; no key twice."""

    mark: Mark
    entries: dict[str, tuple[Mark, "Tree"]]


Tree = Text | Items | Mapping


class Parsed(NamedTuple):
    """A file that is YAML. What it says twice is a mistake, but no reason not to look for more of them."""

    tree: Tree
    mistakes: tuple[Mistake, ...]


def parse(text: str, file: str) -> Parsed:
    """The text of a file as a tree. Raises `FileMistakes` if it is no YAML, or more than is needed of it."""
    if len(text) > LARGEST_FILE:
        raise FileMistakes([Mistake(file, WHOLE_FILE, f"larger than {LARGEST_FILE:,} characters")])
    try:
        builder = _Builder(text, file, yaml.parse(text, Loader=_Loader))
        tree = builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FileMistakes([Mistake(file, _mark(mark), _not_yaml(error, text))]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        reason = "a character that no text may hold (a control character?)"
        raise FileMistakes([Mistake(file, Mark(line, 1), reason)]) from None
    return Parsed(tree, tuple(builder.mistakes))


class _Builder:
    """Makes a tree of the parser's events."""

    def __init__(self, text: str, file: str, events: Iterator[yaml.Event]) -> None:
        self.mistakes: list[Mistake] = []
        self._text = text
        self._file = file
        self._events = events
        self._depth = 0

    def document(self) -> Tree:
        tree: Tree | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if tree is not None:
                    self._refuse(event, "a second document begins here (`---`); one file holds one")
                tree = self._tree(next(self._events))
        if tree is None or (isinstance(tree, Text) and not tree.value):
            raise FileMistakes([Mistake(self._file, WHOLE_FILE, "is empty")])
        return tree

    def _tree(self, event: yaml.Event) -> Tree:
        match event:
            case yaml.AliasEvent():
                return self._refuse(event, f"an alias (`*{event.anchor}`); write out what is meant")
            case yaml.ScalarEvent():
                self._refuse_tag(event)
                if found := _CONTROL.search(event.value):
                    self._refuse(event, f"a control character ({found[0]!r}); no name or text needs one")
                plain = event.style is None or event.style == ""
                return Text(_mark(event.start_mark), event.value, plain, self._source(event))
            case yaml.SequenceStartEvent():
                self._refuse_tag(event)
                return self._items(event)
            case yaml.MappingStartEvent():
                self._refuse_tag(event)
                return self._mapping(event)
            case _:
                return self._refuse(event, "something that belongs nowhere")

    def _source(self, event: yaml.ScalarEvent) -> str:
        start, end = event.start_mark, event.end_mark
        return self._text[start.index : end.index] if start and end else ""

    def _items(self, start: yaml.Event) -> Items:
        self._deeper(start)
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._tree(event))
        self._depth -= 1
        return Items(_mark(start.start_mark), tuple(items))

    def _mapping(self, start: yaml.Event) -> Mapping:
        self._deeper(start)
        entries: dict[str, tuple[Mark, Tree]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._tree(event)
            value = self._tree(next(self._events))
            if not isinstance(key, Text):
                self._refuse(event, "a list or mapping where a name was expected")
            elif key.value in entries:
                first = entries[key.value][0].line
                text = f"{quoted(key.value)} is there already, in line {first}; one of them would be lost"
                self.mistakes.append(Mistake(self._file, key.mark, text))
            else:
                entries[key.value] = (key.mark, value)
        self._depth -= 1
        return Mapping(_mark(start.start_mark), entries)

    def _deeper(self, event: yaml.Event) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse(event, f"nested more than {DEEPEST} deep")

    def _refuse_tag(self, event: yaml.NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self._refuse(event, f"a tag (`{tag}`); Callwright's files need none")

    def _refuse(self, event: yaml.Event, text: str) -> NoReturn:
        raise FileMistakes([Mistake(self._file, _mark(event.start_mark), text)])


def _mark(mark: Any) -> Mark:  # noqa: ANN401 - the C parser has a Mark of its own
    return WHOLE_FILE if mark is None else Mark(mark.line + 1, mark.column + 1)


def _not_yaml(error: yaml.MarkedYAMLError, text: str) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    said = f"not YAML: {', '.join(parts)}"
    mark = error.problem_mark
    if mark is not None:
        lines = text.splitlines()
        if mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
            said += " (there is a tab; indent with spaces)"
    return said
