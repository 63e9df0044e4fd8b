"""The centre whose event loop is watched: the real thing, with a desktop for each agent and a supervisor's board."""

import asyncio
from pathlib import Path

import msgspec

from acd.model import UserId
from acd.plan import CenterPlan, SupervisorPlan
from agent_desktop.edge.account_rows import AccountRows
from agent_desktop.edge.accounts import LoginSession, TokenHash
from bench.centre_process import QUEUE, plan
from bench.child import Started, Tickets, order, tell, until_told_to_stop
from bench.stalls import WatchedSelector
from config.logs import set_up_logs
from config.process import allow_many_files, keep_settled, settle
from config.settings import Logs, Pbx, Settings, Web
from config.wiring import Centre
from cti.edge.simulated_voice import SimulatedVoice
from cti.model import NodeName

SUPERVISOR = UserId("supervisor")
LOGIN = 3600.0


class StallOrder(msgspec.Struct, frozen=True):
    """What it is to run."""

    pbx: Pbx
    number: str
    agents: tuple[str, ...]
    wrap_up: float
    data: str
    settling: float
    """Seconds from the tickets to the first that counts: everybody logs in, and the first calls come."""


async def main(what: StallOrder, selector: WatchedSelector) -> None:
    """Until told to stop."""
    settings = Settings(data=what.data, web=Web(port=0), pbx=(what.pbx,), logs=Logs("json"))
    allow_many_files()
    set_up_logs(settings.logs)
    Path(what.data).mkdir(parents=True, exist_ok=True)
    centre = Centre(settings, _plan(what), SimulatedVoice())
    await centre.start()
    try:
        async with asyncio.timeout(10.0):
            while not centre.center.pbx_connected.get(NodeName(what.pbx.name)):  # noqa: ASYNC110 - once, at the start
                await asyncio.sleep(0.01)
        settle()
        keeping = asyncio.create_task(keep_settled(centre.is_idle))
        tell(Started(centre.port))
        tell(Tickets(tuple([await _ticket(centre, UserId(name)) for name in (*what.agents, SUPERVISOR)])))
        asyncio.get_running_loop().call_later(what.settling, selector.begin)
        await until_told_to_stop()
        keeping.cancel()
        tell(selector.stalls())
    finally:
        await centre.stop()


def _plan(what: StallOrder) -> CenterPlan:
    usual = plan(what.number, what.agents, what.pbx.name)
    queue = msgspec.structs.replace(usual.queues[QUEUE], wrap_up=what.wrap_up)
    supervisors = {SUPERVISOR: SupervisorPlan(SUPERVISOR, "Supervisor")}
    return msgspec.structs.replace(usual, queues={QUEUE: queue}, supervisors=supervisors)


async def _ticket(centre: Centre, user: UserId) -> str:
    """As after a login; a thousand passwords would take a minute to check."""
    login = LoginSession(TokenHash(f"bench-{user}"), user, centre.clock.now() + LOGIN)
    await AccountRows(centre.database.engine).add_session(login.id, user, login.expires)
    return centre.accounts.ticket(login)


if __name__ == "__main__":
    watched = WatchedSelector()
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(watched)) as runner:
        runner.run(main(order(StallOrder), watched))
