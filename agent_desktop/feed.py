"""A document that many screens show alike: a flat map of keys, and numbered changes to it.

A client that was cut off says which change it had last and gets the ones it missed, so a reload of the Wi-Fi does not
repaint the screen. Values are kept as the JSON they are sent as: comparing, sizing and sending them costs no encoding.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

import msgspec

Document = Mapping[str, msgspec.Raw]
"""Key to JSON value."""

LARGEST_PART = 60_000
"""Bytes of keys and values that go into one frame of at most 64 KiB, with room for what stands around them."""
MOST_UNSET = 500
"""Keys that one change unsets at most; our keys have less than 100 bytes."""


class Change(msgspec.Struct, frozen=True):
    """One step of the document: keys with a new value, keys that are gone."""

    seq: int
    set: Document
    unset: tuple[str, ...]

    def size(self) -> int:
        """Bytes, about."""
        return sum(map(_weight, self.set, self.set.values())) + sum(map(len, self.unset))


class Feed:
    """The document, its number, and its last changes. `stream` names this numbering and never comes again.

    Keeps `keep` changes, or as many as fit into `keep_bytes`.
    """

    def __init__(self, stream: str, *, keep: int = 256, keep_bytes: int = 262_144) -> None:
        self.stream = stream
        self.seq = 0
        self.document: dict[str, msgspec.Raw] = {}
        self._keep = keep
        self._keep_bytes = keep_bytes
        self._changes: deque[Change] = deque()
        self._bytes = 0

    def publish(self, document: Document) -> tuple[Change, ...]:
        """Make the document what is given. Gives the changes that lead there: none, one, or (if huge) several."""
        gone = tuple(key for key in self.document if key not in document)
        return self._step(document, gone)

    def update(self, some: Document, gone: Iterable[str] = ()) -> tuple[Change, ...]:
        """Make these keys what is given, take out those that are `gone`, and leave the others as they are."""
        return self._step(some, tuple(key for key in gone if key in self.document))

    def since(self, stream: str, seq: int) -> tuple[Change, ...] | None:
        """The changes after number `seq`; None if they are not known (another stream, or too long ago)."""
        if stream != self.stream or not self.seq - len(self._changes) <= seq <= self.seq:
            return None
        return tuple(change for change in self._changes if change.seq > seq)

    def _step(self, document: Document, gone: tuple[str, ...]) -> tuple[Change, ...]:
        new = {key: value for key, value in document.items() if self.document.get(key) != value}
        if not new and not gone:
            return ()
        changes = [self._change(part, ()) for part in parts(new)] if new else []
        changes.extend(self._change({}, gone[start : start + MOST_UNSET]) for start in range(0, len(gone), MOST_UNSET))
        self.document.update(new)
        for key in gone:
            del self.document[key]
        self._remember(changes)
        return tuple(changes)

    def _change(self, part: Document, gone: tuple[str, ...]) -> Change:
        self.seq += 1
        return Change(self.seq, part, gone)

    def _remember(self, changes: list[Change]) -> None:
        for change in changes:
            self._changes.append(change)
            self._bytes += change.size()
        while len(self._changes) > self._keep or self._bytes > self._keep_bytes:
            self._bytes -= self._changes.popleft().size()


def parts(document: Document, largest: int = LARGEST_PART) -> Iterator[Document]:
    """Cut a document into pieces that fit into a frame. At least one piece; a single key is never cut."""
    part: dict[str, msgspec.Raw] = {}
    size = 0
    for key, value in document.items():
        weight = _weight(key, value)
        if part and size + weight > largest:
            yield part
            part, size = {}, 0
        part[key] = value
        size += weight
    yield part


def _weight(key: str, value: msgspec.Raw) -> int:
    return 2 * len(key) + len(value) + 4
