"""Whatever stands behind the `?` of an address is a question, or a mistake that a person can read."""

from datetime import date
from enum import Enum
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from agent_desktop.query import QueryMistake, read_query


class _Tone(Enum):
    HIGH = "high"
    LOW = "low"


class _Asked(msgspec.Struct):
    from_: date | UnsetType = msgspec.field(name="from", default=UNSET)
    tone: _Tone = _Tone.LOW
    seconds: Annotated[float, msgspec.Meta(ge=0, title="seconds")] | UnsetType = UNSET
    loud: bool = False


NAMES = st.sampled_from(["from", "tone", "seconds", "loud"]) | st.text(max_size=9)
VALUES = st.sampled_from(["2026-11-02", "high", "1.5", "true", "null", "nan", "inf", "1e999", ""]) | st.text()


def test_what_is_right_is_read() -> None:
    pairs = [("from", "2026-11-02"), ("tone", "high"), ("seconds", "2.5"), ("loud", "true")]
    assert read_query(pairs, _Asked) == _Asked(date(2026, 11, 2), _Tone.HIGH, 2.5, loud=True)
    assert read_query([], _Asked) == _Asked()


def test_all_that_is_wrong_is_told() -> None:
    with pytest.raises(QueryMistake) as wrong:
        read_query([("tome", "1"), ("tone", "hihg"), ("loud", "1"), ("loud", "0"), ("seconds", "inf")], _Asked)
    assert str(wrong.value) == (
        "There is no parameter 'tome'; did you mean 'tone'? `loud` is there twice. "
        "`tone` is 'hihg'; expected one of high, low; did you mean 'high'? "
        "`seconds` is 'inf'; expected seconds (at least 0)."
    )


@given(st.lists(st.tuples(NAMES, VALUES), max_size=30))
def test_any_address_is_read_or_told_shortly(pairs: list[tuple[str, str]]) -> None:
    try:
        asked = read_query(pairs, _Asked)
    except QueryMistake as mistake:
        text = str(mistake)
        assert text.endswith((".", "?"))
        assert text.isprintable()
        assert len(text) < 3000
    else:
        assert len({name for name, _ in pairs}) == len(pairs)
        assert asked.seconds is UNSET or 0 <= asked.seconds < 1e308
