"""The centre whose event loop is watched: the real thing, with a desktop for each agent and a supervisor's board."""

from functools import partial
from pathlib import Path

import msgspec

from acd.model import UserId
from acd.plan import CenterPlan, SupervisorPlan
from bench.centre_process import QUEUE, plan
from bench.child import order
from bench.stalls import WatchedSelector
from bench.watched_centre import run_watched, watch
from config.logs import set_up_logs
from config.process import allow_many_files
from config.settings import Logs, Pbx, Settings, Web
from config.wiring import Centre
from cti.edge.simulated_voice import SimulatedVoice

SUPERVISOR = UserId("supervisor")


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
        people = [UserId(name) for name in (*what.agents, SUPERVISOR)]
        await watch(centre, selector, people, what.settling, lambda: None)
    finally:
        await centre.stop()


def _plan(what: StallOrder) -> CenterPlan:
    usual = plan(what.number, what.agents, what.pbx.name)
    queue = msgspec.structs.replace(usual.queues[QUEUE], wrap_up=what.wrap_up)
    supervisors = {SUPERVISOR: SupervisorPlan(SUPERVISOR, "Supervisor")}
    return msgspec.structs.replace(usual, queues={QUEUE: queue}, supervisors=supervisors)


if __name__ == "__main__":
    run_watched(partial(main, order(StallOrder)))
