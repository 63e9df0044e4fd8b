"""A secret cannot be shown or written down by accident."""

import copy
import json
import pickle
from collections.abc import Callable

import msgspec
import pytest

from ivr.flow.questions import Verify
from ivr.flow.secret import Secret

ASKED = Verify("1001", Secret("83561"))


@pytest.mark.parametrize("show", [repr, str, ascii, "{}".format, "{!r}".format])
def test_no_text_of_it_shows_it(show: Callable[[object], str]) -> None:
    assert "83561" not in show(ASKED)
    assert "83561" not in show(ASKED.pin)


@pytest.mark.parametrize(
    "write", [msgspec.json.encode, msgspec.msgpack.encode, msgspec.to_builtins, json.dumps, pickle.dumps, copy.deepcopy]
)
def test_nothing_writes_it(write: Callable[[object], object]) -> None:
    for one in (ASKED, ASKED.pin):
        with pytest.raises(TypeError) as refused:
            write(one)
        assert "83561" not in str(refused.value)


def test_who_needs_it_says_so() -> None:
    assert ASKED.pin.reveal() == "83561"
    assert (Secret("1") == Secret("1"), Secret("1") == Secret("2"), Secret("1") == "1") == (True, False, False)
    assert (bool(Secret("")), bool(Secret("0"))) == (False, True)
    assert len({Secret("1"), Secret("1"), Secret("2")}) == 2
