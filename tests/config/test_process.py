"""The garbage collector of a process that serves calls: it looks at everything when that keeps nobody waiting."""

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator, Mapping

import pytest

from config.process import keep_settled, settle

EVERY = 0.01


class Ring:
    """Holds itself, so that only the garbage collector finds it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def usual_collector() -> Iterator[None]:
    """As it was before."""
    usual = gc.get_threshold()
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what the collector does, which tells nobody."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - see above
            await asyncio.sleep(EVERY)


async def test_what_has_come_since_is_settled_too() -> None:
    settle()
    frozen = gc.get_freeze_count()
    kept = [Ring() for _ in range(1000)]
    keeping = asyncio.ensure_future(keep_settled(lambda: False, every=EVERY))
    await until(lambda: gc.get_freeze_count() >= frozen + len(kept))
    keeping.cancel()


def test_the_collector_looks_at_little_at_a_time() -> None:
    settle()
    looked_at: list[int] = []

    def looks(phase: str, told: Mapping[str, int]) -> None:
        if phase == "start":
            looked_at.append(sum(len(gc.get_objects(younger)) for younger in range(told["generation"] + 1)))

    gc.callbacks.append(looks)
    kept = [Ring() for _ in range(50_000)]
    gc.callbacks.remove(looks)
    assert len(kept) == 50_000
    assert 700 <= max(looked_at) <= 4_000


@pytest.mark.parametrize(("idle", "found"), [(True, True), (False, False)])
async def test_what_dies_late_is_found_when_nobody_is_on_the_line(idle: bool, found: bool) -> None:
    settle()
    ring = Ring()
    gone = weakref.ref(ring)
    looks: list[None] = []

    def is_idle() -> bool:
        looks.append(None)
        return idle

    keeping = asyncio.ensure_future(keep_settled(is_idle, every=EVERY, idle_after=0.0))
    await until(lambda: len(looks) >= 2)  # it has been settled by now
    del ring
    await until(lambda: len(looks) >= 5)
    keeping.cancel()
    assert (gone() is None) is found
