"""Facts on their way to somewhere that may be down: appended to files, taken off in order, kept across a kill.

A spool is a folder of numbered files, one fact per line. Whoever takes facts off says when they are safe
(`advance`); only then are they forgotten, so after a crash some are taken off again, in the same order: what
takes them must not mind. A line that a crash cut in two was never acknowledged as appended and is dropped when
the spool is opened.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from io import FileIO
from pathlib import Path

_NAME = "{:012d}.jsonl"
_ASIDE = "unreadable.txt"


class SpoolFull(Exception):
    """The facts could not be written to disk (full, or not allowed); none of them was."""


class Spool:
    """One folder of facts. Methods block on the disk, so a loop calls them in a thread; any thread may.

    Only one process may use a folder at a time.
    """

    def __init__(self, folder: Path, file_bytes: int = 4 * 1024 * 1024) -> None:
        self._folder = folder
        self._file_bytes = file_bytes
        self._lock = threading.Lock()
        self._files: list[int] = []
        self._tail: FileIO | None = None
        self._tail_size = 0
        self._offset = 0
        self._taken: list[int] = []
        self.pending = 0
        """Facts that are not yet known to be safe elsewhere."""

    def open(self) -> None:
        """Make the folder, mend what a crash has left, count what is pending. Raises `SpoolFull`."""
        with self._lock:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._files = sorted(int(path.stem) for path in self._folder.glob("*.jsonl") if path.stem.isdecimal())
                for number in self._files:
                    _cut_torn_line(self._path(number))
                self.pending = sum(_lines_in(self._path(number)) for number in self._files)
                self._open_tail()
                self._drop_finished()
            except OSError as error:
                raise SpoolFull(f"{self._folder}: {error.strerror or error}") from error

    def append(self, facts: Sequence[bytes], *, sync: bool) -> None:
        """Write the facts (no newlines in them). With `sync` they are on the disk itself when this returns.

        Without it they survive the end of this process, but not of the machine. Raises `SpoolFull`; then none
        is written.
        """
        if not facts:
            return
        data = b"".join(fact + b"\n" for fact in facts)
        with self._lock:
            try:
                self._write(data, sync=sync)
            except OSError as error:
                raise SpoolFull(f"{self._folder}: {error.strerror or error}") from error
            self.pending += len(facts)

    def take(self, most: int) -> list[bytes]:
        """The oldest facts, at most so many (fewer at the end of a file); the same again until `advance` is called."""
        with self._lock:
            if not self.pending:
                return []
            with self._path(self._files[0]).open("rb") as file:
                file.seek(self._offset)
                lines = [line for line, _ in zip(file, range(min(most, self.pending)), strict=False)]
            self._taken = [len(line) for line in lines]
            return [line.rstrip(b"\n") for line in lines]

    def everything(self) -> Iterator[bytes]:
        """All facts that are pending, oldest first, without taking them. Not while another thread appends."""
        offset = self._offset
        for number in self._files:
            with self._path(number).open("rb") as file:
                file.seek(offset)
                yield from (line.rstrip(b"\n") for line in file)
            offset = 0

    def advance(self, count: int) -> None:
        """The first `count` of the facts taken last are safe elsewhere: forget them."""
        with self._lock:
            self._offset += sum(self._taken[:count])
            del self._taken[:count]
            self.pending -= count
            self._drop_finished()

    def set_aside(self, fact: bytes) -> None:
        """Keep a fact that nobody can read or store where an administrator finds it (`unreadable.txt`)."""
        with self._lock, open(self._folder / _ASIDE, "ab", opener=_private) as file:
            file.write(fact + b"\n")

    def close(self) -> None:
        """Close the files; what is pending stays for the next process."""
        with self._lock:
            if self._tail is not None:
                self._tail.close()
                self._tail = None

    def _write(self, data: bytes, *, sync: bool) -> None:
        tail = self._tail
        if tail is None or self._tail_size >= self._file_bytes:
            tail = self._open_tail(new=True)
        try:
            written = 0
            while written < len(data):
                written += tail.write(data[written:])
            if sync:
                os.fdatasync(tail.fileno())
        except OSError:
            tail.truncate(self._tail_size)
            raise
        self._tail_size += len(data)

    def _open_tail(self, *, new: bool = False) -> FileIO:
        """Go on with the last file, or begin the next."""
        if self._tail is not None:
            os.fdatasync(self._tail.fileno())
            self._tail.close()
            self._tail = None
        if new or not self._files:
            self._files.append(self._files[-1] + 1 if self._files else 1)
        path = self._path(self._files[-1])
        self._tail = tail = open(path, "ab", buffering=0, opener=_private)  # noqa: SIM115 - stays open
        self._tail_size = path.stat().st_size
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)  # or a power cut forgets that the file exists
        finally:
            os.close(folder)
        return tail

    def _drop_finished(self) -> None:
        while self._files and self._offset >= self._size(self._files[0]):
            if len(self._files) == 1:
                if self._tail is not None and self._tail_size:
                    self._tail.truncate(0)
                    self._tail_size = 0
                self._offset = 0
                return
            self._path(self._files.pop(0)).unlink()
            self._offset = 0

    def _size(self, number: int) -> int:
        return self._tail_size if number == self._files[-1] else self._path(number).stat().st_size

    def _path(self, number: int) -> Path:
        return self._folder / _NAME.format(number)


def _private(path: str, flags: int) -> int:
    """Facts name callers; nobody else on the machine reads them."""
    return os.open(path, flags, 0o600)


def _cut_torn_line(path: Path) -> None:
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        if not size:
            return
        file.seek(size - 1)
        if file.read(1) != b"\n":
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)


def _lines_in(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
