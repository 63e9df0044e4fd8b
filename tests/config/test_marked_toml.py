"""TOML with places: what is read is what tomllib reads, and every place is that of the text."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.marked_toml import parse
from ivr.files import marked_yaml
from ivr.files.marked_yaml import Text, Tree
from ivr.files.mistakes import FileMistakes

EVERYTHING = '''\
# a comment with [brackets] and = signs
title = "a \\"quoted\\" text # no comment"
path = 'C:\\no\\escapes'
long = """
first "line" ""
second\\
   goes on"""""
raw = \'\'\'it's ''raw\'\'\'
a."b.c" . d = 1  # dotted
when = 1979-05-27 07:32:00
numbers = [1, 2.5,  # comment
  0x1F, [true, "]"], { x = 1, y.z = "}" },
]
[table]  # comment
"key with = sign" = false
[table.deeper]
x = {}
[[many]]
name = "one"
[many.part]
y = 1
[[many.sub]]
z = 1
[[many.sub]]
z = 2
[[many]]
name = "two"
sub = []
'''


def plain(tree: Tree) -> Any:  # noqa: ANN401 - any shape
    """Without places; scalars that are no text as they are written."""
    match tree:
        case Text(value=value):
            return value
        case marked_yaml.Items(items=items):
            return [plain(item) for item in items]
        case marked_yaml.Mapping(entries=entries):
            return {name: plain(entry) for name, (_, entry) in entries.items()}


def test_it_reads_what_tomllib_reads() -> None:
    expected = tomllib.loads(EVERYTHING)
    expected["a"]["b.c"]["d"] = "1"
    expected["when"] = "1979-05-27 07:32:00"
    expected["numbers"] = ["1", "2.5", "0x1F", ["true", "]"], {"x": "1", "y": {"z": "}"}}]
    expected["table"]["key with = sign"] = "false"
    expected["many"][0]["part"]["y"] = "1"
    expected["many"][0]["sub"] = [{"z": "1"}, {"z": "2"}]
    assert plain(parse(EVERYTHING, "x.toml")) == expected
    assert plain(parse(EVERYTHING.replace("\n", "\r\n"), "x.toml")) == expected


def test_every_place_is_that_of_the_text() -> None:
    lines = EVERYTHING.splitlines()
    seen = 0

    def look(tree: Tree) -> None:
        nonlocal seen
        match tree:
            case Text(mark=mark, value=value, plain=bare):
                here = lines[mark.line - 1][mark.column - 1 :]
                assert here.startswith(value if bare else ('"', "'"))
                seen += 1
            case marked_yaml.Items(items=items):
                for item in items:
                    look(item)
            case marked_yaml.Mapping(entries=entries):
                for name, (mark, entry) in entries.items():
                    assert lines[mark.line - 1][mark.column - 1 :].lstrip("\"'").startswith(name)
                    look(entry)

    look(parse(EVERYTHING, "x.toml"))
    assert seen == 19


_KEYS = st.text("ab-_.1 \"'#=[]{}", min_size=1, max_size=4)
_VALUES = st.recursive(
    st.text(max_size=8), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3)
)


def _quoted(text: str) -> str:
    return '"' + "".join(c if c.isalnum() or c in " #[]{}=.,'" else f"\\U{ord(c):08X}" for c in text) + '"'


def _inline(value: Any) -> str:  # noqa: ANN401 - any shape
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return "{" + ", ".join(f"{_quoted(key)} = {_inline(one)}" for key, one in value.items()) + "}"


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_whatever_is_written(document: dict[str, Any]) -> None:
    text = "".join(f"{_quoted(key)} = {_inline(value)}\n" for key, value in document.items())
    assert plain(parse(text, "x.toml")) == document


def test_what_is_said_twice() -> None:
    with pytest.raises(FileMistakes, match=r"^x.toml:2:6: not TOML: Cannot overwrite a value"):
        parse("a = 1\na = 2\n", "x.toml")
