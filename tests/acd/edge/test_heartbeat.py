"""The process says that it lives: each second, at its orderly end, and so that the next one can read it."""

import asyncio
from pathlib import Path

import pytest

from acd.edge import heartbeat
from acd.edge.heartbeat import Heartbeat


class Time:
    """One that stands still until somebody moves it."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


async def test_it_beats_until_the_orderly_end(tmp_path: Path) -> None:
    now = Time(1_800_000_000.25)
    assert Heartbeat(tmp_path, now).last() is None
    heart = Heartbeat(tmp_path, now)
    heart.start()
    await asyncio.sleep(0.1)
    assert heart.last() is None, "what the start says of the last process is not safe yet"
    await asyncio.sleep(heartbeat.EVERY)
    assert Heartbeat(tmp_path, now).last() == 1_800_000_000.25
    now.now += 0.5
    await heart.stop()
    assert Heartbeat(tmp_path, now).last() == 1_800_000_000.75


async def test_one_that_never_began_says_nothing(tmp_path: Path) -> None:
    await Heartbeat(tmp_path, Time(1.0)).stop()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", [b"", b"soon", b"18000\x00000", b"\xff", b"nan", b"inf"])
def test_what_is_no_time_is_not_known(tmp_path: Path, text: bytes) -> None:
    (tmp_path / heartbeat.NAME).write_bytes(text)
    assert Heartbeat(tmp_path, Time(1.0)).last() is None


async def test_a_folder_that_takes_nothing_ends_nobody(tmp_path: Path) -> None:
    heart = Heartbeat(tmp_path / "gone", Time(1.0))
    heart.start()
    await heart.stop()
    assert heart.last() is None
