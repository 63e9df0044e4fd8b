"""The numbered document: whoever applies the changes has it."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agent_desktop.feed import LARGEST_PART, Change, Feed, parts


def _document(**values: object) -> dict[str, msgspec.Raw]:
    return {key: msgspec.Raw(msgspec.json.encode(value)) for key, value in values.items()}


def _applied(document: dict[str, msgspec.Raw], changes: tuple[Change, ...]) -> dict[str, msgspec.Raw]:
    document = dict(document)
    for change in changes:
        document.update(change.set)
        for key in change.unset:
            del document[key]
    return document


def test_only_changed_keys_are_told() -> None:
    """And nothing at all if nothing has changed."""
    feed = Feed("s")
    feed.publish(_document(a=1, b=2))
    assert feed.publish(_document(a=1, b=2)) == ()
    (change,) = feed.publish(_document(a=1, b=3))
    assert change == Change(2, _document(b=3), ())
    (change,) = feed.publish(_document(a=1))
    assert change == Change(3, {}, ("b",))


def test_an_update_leaves_other_keys_alone() -> None:
    """Some keys are recomputed more often than others."""
    feed = Feed("s")
    feed.publish(_document(a=1, b=2))
    (change,) = feed.update(_document(a=5))
    assert change.set == _document(a=5)
    assert feed.document == _document(a=5, b=2)


@given(st.lists(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 3)), max_size=30), st.data())
def test_changes_since_any_number_lead_to_the_document(histories: list[dict[str, int]], data: st.DataObject) -> None:
    """From wherever a client was cut off."""
    feed = Feed("s")
    copies = [(0, dict(feed.document))]
    for values in histories:
        feed.publish(_document(**values))
        copies.append((feed.seq, dict(feed.document)))
    seq, copy = data.draw(st.sampled_from(copies))
    missed = feed.since("s", seq)
    assert missed is not None
    assert [change.seq for change in missed] == list(range(seq + 1, feed.seq + 1))
    assert _applied(copy, missed) == feed.document


def test_what_is_too_long_ago_is_not_known_any_more() -> None:
    """The ring holds 256 changes, or fewer if they are large."""
    feed = Feed("s", keep=256)
    for n in range(300):
        feed.publish(_document(a=n))
    assert feed.since("s", 43) is None
    assert len(feed.since("s", 44) or ()) == 256
    assert feed.since("s", 300) == ()
    assert feed.since("s", 301) is None
    assert feed.since("another", 300) is None
    large = Feed("s", keep_bytes=1000)
    for n in range(10):
        large.publish(_document(a=f"{n}" * 400))
    assert large.since("s", 7) is None
    assert len(large.since("s", 8) or ()) == 2


def test_what_is_larger_than_a_frame_comes_in_pieces() -> None:
    """Nothing is lost on the way, and each piece fits."""
    feed = Feed("s")
    document = _document(**{f"agent:{n}": "x" * 1000 for n in range(200)})
    changes = feed.publish(document)
    assert len(changes) == 4
    assert all(change.size() <= LARGEST_PART for change in changes)
    assert _applied({}, changes) == document
    gone = feed.publish({})
    assert _applied(document, gone) == {}
    assert list(parts({})) == [{}]
