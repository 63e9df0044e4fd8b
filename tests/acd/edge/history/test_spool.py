"""Facts on their way: in order, none lost, whatever happens to the process or the disk."""

import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.edge.spool import Spool, SpoolFull

APPENDER = """
import sys
from pathlib import Path
from acd.edge.spool import Spool

spool = Spool(Path(sys.argv[1]), file_bytes=2000)
spool.open()
for number in range(10**9):
    spool.append([b"%d" % number], sync=number % 10 == 0)
    print(number, flush=True)
"""


def opened(folder: Path, file_bytes: int = 1000) -> Spool:
    """A spool with small files."""
    spool = Spool(folder, file_bytes)
    spool.open()
    return spool


def drained(spool: Spool, most: int = 7) -> list[bytes]:
    """All that is in it, taken off."""
    taken: list[bytes] = []
    while lines := spool.take(most):
        taken += lines
        spool.advance(len(lines))
    return taken


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the spool lives."""
    return tmp_path / "spool"


def test_first_in_first_out(folder: Path) -> None:
    spool = opened(folder)
    facts = [b"fact %d" % number for number in range(500)]
    for start in range(0, 500, 9):
        spool.append(facts[start : start + 9], sync=False)
    assert spool.pending == 500
    assert drained(spool) == facts
    assert spool.pending == 0
    assert sum(path.stat().st_size for path in folder.iterdir()) == 0
    spool.close()


def test_what_is_not_known_to_be_safe_comes_again(folder: Path) -> None:
    spool = opened(folder)
    spool.append([b"a", b"b", b"c"], sync=True)
    assert spool.take(2) == [b"a", b"b"]
    assert spool.take(2) == [b"a", b"b"]
    spool.advance(1)
    assert spool.take(5) == [b"b", b"c"]
    spool.close()
    again = opened(folder)
    assert again.take(5) == [b"a", b"b", b"c"]  # the position is not kept: what takes them must not mind
    again.close()


@pytest.mark.parametrize("torn", [b"x", b'{"half', b"\xe5\xbc"])
def test_a_torn_last_line_is_dropped(folder: Path, torn: bytes) -> None:
    spool = opened(folder)
    spool.append([b"a", b"b"], sync=True)
    spool.close()
    (path,) = folder.iterdir()
    with path.open("ab") as file:
        file.write(torn)
    again = opened(folder)
    again.append([b"c"], sync=True)
    assert drained(again) == [b"a", b"b", b"c"]
    again.close()


def test_a_file_that_holds_nothing_but_a_torn_line(folder: Path) -> None:
    folder.mkdir()
    (folder / "000000000007.jsonl").write_bytes(b"torn")
    spool = opened(folder)
    assert (spool.pending, spool.take(5)) == (0, [])
    spool.append([b"a"], sync=True)
    assert drained(spool) == [b"a"]
    spool.close()


def test_strange_files_are_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "notes.jsonl").write_text("mine\n")
    spool = opened(folder)
    spool.append([b"a"], sync=False)
    assert drained(spool) == [b"a"]
    spool.close()
    assert (folder / "notes.jsonl").read_text() == "mine\n"


def test_only_the_owner_reads_it(folder: Path) -> None:
    spool = opened(folder)
    spool.append([b"a"], sync=False)
    spool.set_aside(b"b")
    spool.close()
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())} == {0}


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """A disk that is full: the kernel refuses to let any file of this process grow beyond that many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_takes_all_or_nothing(folder: Path) -> None:
    spool = opened(folder, file_bytes=10_000)
    spool.append([b"a" * 90], sync=True)
    with files_of_at_most(200), pytest.raises(SpoolFull, match="File too large"):
        spool.append([b"b" * 90, b"c" * 90], sync=True)
    assert spool.pending == 1
    spool.append([b"d"], sync=True)
    assert drained(spool) == [b"a" * 90, b"d"]
    spool.close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SpoolFull, match="Not a directory"):
        Spool(tmp_path / "file" / "spool").open()


def test_a_kill_loses_nothing_that_was_acknowledged(folder: Path) -> None:
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", APPENDER, str(folder)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(random.randrange(100, 400))]
            process.send_signal(signal.SIGKILL)
            lines += process.stdout.readlines()
        acknowledged = int(lines[-1])
        spool = opened(folder, 2000)
        found = [int(fact) for fact in drained(spool)]
        spool.close()
        assert found[: acknowledged + 1] == list(range(acknowledged + 1))
        assert len(found) - len(lines) in {0, 1}  # the one on its way when it was killed


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.lists(st.binary(max_size=40).map(bytes.hex), min_size=1, max_size=8)),
        st.tuples(st.just("take"), st.integers(1, 9)),
        st.tuples(st.just("reopen"), st.just(0)),
    ),
    max_size=60,
)


@settings(max_examples=100)
@given(steps=STEPS, file_bytes=st.sampled_from([1, 50, 300]))
def test_a_spool_is_a_queue(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, object]], file_bytes: int
) -> None:
    """Against a plain list. Opening again may bring back what was taken from the oldest file, and nothing else."""
    folder = tmp_path_factory.mktemp("spool")
    spool, model, taken = opened(folder, file_bytes), list[bytes](), list[bytes]()
    for verb, what in steps:
        if verb == "append" and isinstance(what, list):
            facts = [str(fact).encode() for fact in what]
            spool.append(facts, sync=False)
            model += facts
        elif verb == "take" and isinstance(what, int):
            lines = spool.take(what)
            assert lines == model[: len(lines)]
            assert bool(lines) == bool(model)
            spool.advance(len(lines))
            taken += lines
            del model[: len(lines)]
        else:
            spool.close()
            spool = opened(folder, file_bytes)
            again = spool.pending - len(model)
            assert 0 <= again <= len(taken)
            model = taken[len(taken) - again :] + model
            taken = taken[: len(taken) - again]
        assert spool.pending == len(model)
        assert list(spool.everything()) == model
    spool.close()
