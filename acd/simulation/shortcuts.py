"""The plan as a simulated caller meets it: he knows his way, so the flow leads him to his queue at once.

What belongs to the entry point and to the flow stays, opening hours included. Only the first node is another: that
which leads to the caller's queue.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from acd.model import QueueName
from acd.plan import CenterPlan, EntryPoint
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.sub_flow import flows_through
from ivr.nodes.to_queue import ToQueueNode


class Way(NamedTuple):
    """Which number leads to which queue."""

    entry_point: str
    queue: QueueName

    @property
    def number(self) -> str:
        """What a simulated caller dials."""
        return f"{self.entry_point}>{self.queue}"


def ways_of(plan: CenterPlan) -> list[Way]:
    """All queues that the numbers of a plan lead to, in the plan's order."""
    return [
        Way(number, queue)
        for number, entry in plan.entry_points.items()
        for queue in _exits(plan, entry.flow)
        if queue in plan.queues
    ]


def with_shortcuts(plan: CenterPlan, ways: Collection[Way], reasons: Collection[str] = ()) -> CenterPlan:
    """The plan with a number for each way, and with these reasons for breaks. Raises `KeyError` for no way of it."""
    flows = dict(plan.flows)
    entries: dict[str, EntryPoint] = dict(plan.entry_points)
    for way in ways:
        entry = plan.entry_points[way.entry_point]
        flow, start = _exits(plan, entry.flow)[way.queue]
        name = FlowName(f"{entry.flow}>{way.queue}")
        flows[name] = replace(flow, start=start)
        entries[way.number] = replace(entry, number=way.number, flow=name)
    breaks = {**dict.fromkeys(reasons), **plan.break_reasons}
    return replace(plan, flows=flows, entry_points=entries, break_reasons=breaks)


def has_way(plan: CenterPlan, way: Way) -> bool:
    """Whether the number leads to the queue."""
    entry = plan.entry_points.get(way.entry_point)
    return entry is not None and way.queue in plan.queues and way.queue in _exits(plan, entry.flow)


def _exits(plan: CenterPlan, flow: FlowName) -> Mapping[QueueName, tuple[Flow, NodeId]]:
    """The first node that leads to each queue, in this flow or in those that it leads through."""
    found: dict[QueueName, tuple[Flow, NodeId]] = {}
    for one in flows_through([plan.flows[flow]], plan.flows):
        for name, node in one.nodes.items():
            if isinstance(node, ToQueueNode):
                found.setdefault(QueueName(node.queue), (one, name))
    return found
