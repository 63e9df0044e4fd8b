"""Runs a centre whose event loop is watched: what all that measure stalls have in common."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from acd.model import UserId
from agent_desktop.edge.account_rows import AccountRows
from agent_desktop.edge.accounts import LoginSession, TokenHash
from bench.child import Started, Tickets, tell, until_told_to_stop
from bench.stalls import WatchedSelector
from config.process import keep_settled, settle
from config.wiring import Centre
from cti.model import NodeName

LOGIN = 3600.0


async def watch(
    centre: Centre, selector: WatchedSelector, people: Sequence[UserId], settling: float, counts: Callable[[], None]
) -> None:
    """Let a centre that has started do its work until we are told to stop, then tell of its stalls.

    `people` get tickets for their desktops. `settling`: seconds until it counts, and `counts` is called.
    """
    async with asyncio.timeout(10.0):
        while not _all_connected(centre):  # noqa: ASYNC110 - once, at the start
            await asyncio.sleep(0.01)
    settle()
    keeping = asyncio.create_task(keep_settled(centre.is_idle))
    tell(Started(centre.port))
    tell(Tickets(tuple([await _ticket(centre, one) for one in people])))

    def begin() -> None:
        selector.begin()
        counts()

    asyncio.get_running_loop().call_later(settling, begin)
    await until_told_to_stop()
    keeping.cancel()
    tell(selector.stalls())


def run_watched(main: Callable[[WatchedSelector], Coroutine[Any, Any, None]]) -> None:
    """Run that on an event loop that is watched."""
    selector = WatchedSelector()
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
        runner.run(main(selector))


def _all_connected(centre: Centre) -> bool:
    return all(centre.center.pbx_connected.get(NodeName(pbx.name)) for pbx in centre.settings.pbx)


async def _ticket(centre: Centre, user: UserId) -> str:
    """As after a login; a thousand passwords would take a minute to check."""
    login = LoginSession(TokenHash(f"bench-{user}"), user, centre.clock.now() + LOGIN)
    await AccountRows(centre.database.engine).add_session(login.id, user, login.expires)
    return centre.accounts.ticket(login)
