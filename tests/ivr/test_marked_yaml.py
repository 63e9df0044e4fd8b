"""YAML without guesses, and with places."""

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.files.marked_yaml import LARGEST_FILE, Items, Mapping, Text, parse
from ivr.files.mistakes import FileMistakes, Mark


def mistake(text: str) -> str:
    """What is said of a text that is refused."""
    with pytest.raises(FileMistakes) as refused:
        parse(text, "x.yaml")
    return str(refused.value)


def test_everything_is_text_and_knows_its_place() -> None:
    tree = parse('number: +4930123\nopen: 09:00\nlanguage: no\nlist: [1, "2"]\n', "x.yaml").tree
    assert isinstance(tree, Mapping)
    assert tree.entries["number"] == (Mark(1, 1), Text(Mark(1, 9), "+4930123", plain=True, source="+4930123"))
    assert tree.entries["open"][1] == Text(Mark(2, 7), "09:00", plain=True, source="09:00")
    assert tree.entries["language"][1] == Text(Mark(3, 11), "no", plain=True, source="no")
    items = (Text(Mark(4, 8), "1", plain=True, source="1"), Text(Mark(4, 11), "2", plain=False, source='"2"'))
    assert tree.entries["list"][1] == Items(Mark(4, 7), items)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: one & two # three", Mark(1, 10)),
        ("a: 'one & two'", Mark(1, 11)),
        ('a: "一 & two"', Mark(1, 9)),
        ("a:\n  one\n  & two", Mark(3, 5)),
        ('a: "one\n   & two"', Mark(2, 6)),
        ("a: >-\n  one &\n\n  two\n", Mark(4, 3)),
        ("a: | # lines\r\n  one &\r\n  two\r\n", Mark(3, 3)),
        ('a: "\\x41 & two"', Mark(1, 4)),
        ("a: 'it''s & two'", Mark(1, 4)),
        ("a: &anchor one & two", Mark(1, 4)),
    ],
)
def test_a_word_within_a_text_has_its_place_too(text: str, place: Mark) -> None:
    tree = parse(text, "x.yaml").tree
    assert isinstance(tree, Mapping)
    found = tree.entries["a"][1]
    assert isinstance(found, Text)
    assert found.mark_of(found.value.index("two")) == place


def test_what_is_said_twice_is_told_and_the_rest_is_read() -> None:
    parsed = parse("a: 1\nb: 2\na: 3\n", "x.yaml")
    assert [str(one) for one in parsed.mistakes] == [
        "x.yaml:3:1: 'a' is there already, in line 1; one of them would be lost"
    ]
    assert isinstance(parsed.tree, Mapping)
    assert list(parsed.tree.entries) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "x.yaml: is empty"),
        ("# only a comment\n", "x.yaml: is empty"),
        ("a: &x [1]\nb: *x", "x.yaml:2:4: an alias (`*x`); write out what is meant"),
        ("a: !!int 1", "x.yaml:1:4: a tag (`tag:yaml.org,2002:int`); Callwright's files need none"),
        ("a: 1\n---\nb: 1", "x.yaml:2:1: a second document begins here (`---`); one file holds one"),
        ("? [a]\n: 1", "x.yaml:1:3: a list or mapping where a name was expected"),
        ("[" * 30 + "]" * 30, "x.yaml:1:21: nested more than 20 deep"),
        ("x" * (LARGEST_FILE + 1), "x.yaml: larger than 1,000,000 characters"),
    ],
)
def test_what_is_refused(text: str, told: str) -> None:
    assert mistake(text) == told


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("a: b\n\tc: d", "x.yaml:2:", "indent with spaces"),
        ("a: [1", "x.yaml:", "not YAML"),
        ("a: b: c", "x.yaml:1:5:", "not YAML"),
        ("a: \x07", "x.yaml:1:1:", "control character"),
    ],
)
def test_what_is_not_yaml(text: str, place: str, part: str) -> None:
    told = mistake(text)
    assert told.startswith(place)
    assert part in told


def test_a_bomb_does_not_go_off() -> None:
    names = itertools.pairwise("abcdefghi")
    bomb = "a: &a [x,x,x,x,x,x,x,x]\n" + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 8)}]\n" for a, b in names)
    assert "an alias" in mistake(bomb)


@given(st.one_of(st.text(), st.text(alphabet="ab:-[]{}&*!|>'\"\n\t #?%@`,~")))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(FileMistakes):
        parse(text, "x.yaml")


@pytest.mark.parametrize("escape", ["0", "x01", "e", "x7f"])
def test_no_escape_brings_in_a_control_character(escape: str) -> None:
    assert "x.yaml:1:4: a control character" in mistake(f'a: "b\\{escape}"')
    assert parse('a: "b\\tc\\nd\\u8d26"', "x.yaml").tree
