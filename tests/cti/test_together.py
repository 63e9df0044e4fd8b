"""What a link does at once: the first failure ends it, and nothing keeps it from being ended."""

import asyncio

import pytest

from cti.edge.together import until_one_fails


async def fails(when: asyncio.Event) -> None:
    await when.wait()
    raise OSError("broken")


async def goes_on(ended: asyncio.Event) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        ended.set()


async def test_the_first_failure_ends_the_others() -> None:
    broken, ended = asyncio.Event(), asyncio.Event()
    broken.set()
    with pytest.raises(OSError, match="broken"):
        await until_one_fails(fails(broken), goes_on(ended))
    assert ended.is_set()


@pytest.mark.parametrize("turns", [0, 1])
async def test_whoever_is_ended_while_something_fails_has_ended(turns: int) -> None:
    broken, ended = asyncio.Event(), asyncio.Event()
    link = asyncio.ensure_future(until_one_fails(fails(broken), goes_on(ended)))
    await asyncio.sleep(0.01)
    broken.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    link.cancel()
    with pytest.raises(asyncio.CancelledError):
        await link
