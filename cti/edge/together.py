"""Several things that a link does at once, for as long as its connection lasts."""

import asyncio
from collections.abc import Coroutine


async def until_one_fails(*works: Coroutine[None, None, None]) -> None:
    """Do all of them; when one fails, the others are ended, and its error is raised.

    Not `asyncio.TaskGroup`: if whoever waits is cancelled in the turn in which something fails, Python 3.11 tells him
    only of the failure (gh-116720). A link would connect again then, and the process never end.
    """
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
