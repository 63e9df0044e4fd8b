"""The centre under measurement: the real thing, as `callwright serve` runs it, with one queue behind a silent menu."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from acd.events import SegmentOpened
from acd.floor import Output
from acd.model import AgentId, PhoneKind, QueueName, Skill, UserId
from acd.plan import AgentPlan, CenterPlan, EntryPoint, Phone, QueuePlan, Step
from acd.routing.requirement import AtLeast
from bench.child import Entered, Started, order, tell, until_told_to_stop
from config.logs import set_up_logs
from config.process import keep_settled, settle
from config.settings import Logs, Pbx, Settings, Web
from config.wiring import Centre
from cti.edge.simulated_voice import SimulatedVoice
from cti.model import Endpoint, NodeName
from ivr.flow.flow import Flow
from ivr.flow.node import Node
from ivr.flow.settings import FlowName, NodeId
from ivr.hours import Hours
from ivr.nodes.menu import MenuNode
from ivr.nodes.to_queue import ToQueueNode

QUEUE = QueueName("bench")
SKILL = Skill("bench")
MENU = 0.25
"""Seconds. Entry into a queue is measured for a caller who has been answered, as it is for the others."""


class CentreOrder(msgspec.Struct, frozen=True):
    """What it is to run."""

    pbx: Pbx
    number: str
    agents: tuple[str, ...]
    """Names of their endpoints too."""
    password: str
    data: str
    traces: str = ""
    """Folder for a recorded session; empty: none is kept."""


def plan(number: str, agents: Sequence[str], node: str, menu: float = 0.0) -> CenterPlan:
    """Who dials the number is in the queue after so many seconds in which he presses no key; no after-call work."""
    first, last = NodeId("menu"), NodeId("to-queue")
    nodes: dict[NodeId, Node] = {
        first: MenuNode(prompt={}, choices={}, give_up=last, tries=1, wait=menu),
        last: ToQueueNode(QUEUE),
    }
    flow = Flow(FlowName("in"), first if menu else last, nodes, last)
    queue = QueuePlan(QUEUE, {"en": "Bench"}, (Step(AtLeast(SKILL, 1)),), wrap_up=0.0, tell_if_nobody=False)
    staff = [
        AgentPlan(AgentId(name), name, {SKILL: 5}, (Phone(PhoneKind.DESK, Endpoint(f"PJSIP/{name}"), NodeName(node)),))
        for name in agents
    ]
    entry = EntryPoint(number, "Bench", flow.name, Hours.always(), flow.name)
    return CenterPlan(
        "Bench", "UTC", {QUEUE: queue}, {one.id: one for one in staff}, {}, {number: entry}, {flow.name: flow}
    )


async def main(what: CentreOrder) -> None:
    """Until told to stop."""
    settings = Settings(data=what.data, web=Web(port=0), pbx=(what.pbx,), logs=Logs("json"))
    set_up_logs(settings.logs)
    Path(what.data).mkdir(parents=True, exist_ok=True)
    company = plan(what.number, what.agents, what.pbx.name, MENU)
    centre = Centre(settings, company, SimulatedVoice(), Path(what.traces) if what.traces else None)

    def told(outputs: Sequence[Output], _: float) -> None:
        for one in outputs:
            if isinstance(one, SegmentOpened):
                tell(Entered(time.monotonic() - (centre.clock.now() - one.entered)))

    await centre.start()
    try:
        # After the commands have gone out, so that telling costs the measurement nothing.
        centre.runtime.others.append(told)
        for agent in what.agents:
            await centre.accounts.set_password(UserId(agent), what.password)
        async with asyncio.timeout(10.0):
            while not centre.center.pbx_connected.get(NodeName(what.pbx.name)):  # noqa: ASYNC110 - once, at the start
                await asyncio.sleep(0.01)
        settle()
        keeping = asyncio.create_task(keep_settled(centre.is_idle))
        tell(Started(centre.port, centre.clock.now() - time.monotonic()))
        await until_told_to_stop()
        keeping.cancel()
    finally:
        await centre.stop()


if __name__ == "__main__":
    asyncio.run(main(order(CentreOrder)))
