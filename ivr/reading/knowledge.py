"""Which variables are known where, whichever way a caller has come, through sub-flows too."""

from collections.abc import Collection, Mapping

from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId
from ivr.flow.variables import CALL_VARIABLES
from ivr.nodes.back import ReturnNode
from ivr.nodes.sub_flow import SubFlowNode

Place = tuple[FlowName, NodeId]
Names = frozenset[str]


class Knowledge:
    """Of all flows together. `entered`: those into which callers come without another flow's doing."""

    def __init__(self, flows: Mapping[FlowName, Flow], entered: Collection[FlowName]) -> None:
        self._flows = flows
        self._at: dict[Place, Names] = {}
        self._back: dict[FlowName, Names] = {}
        """What is known at the ends of a sub-flow."""
        self._through: dict[FlowName, list[Place]] = {}
        """The nodes that lead through a flow."""
        self._ahead: list[Place] = []
        for name, flow in flows.items():
            for of, node in flow.nodes.items():
                if isinstance(node, SubFlowNode):
                    self._through.setdefault(node.flow, []).append((name, of))
        for name in flows:
            if name in entered or name not in self._through:
                self._come((name, flows[name].start), frozenset(CALL_VARIABLES))
        while self._ahead:
            self._go_on(self._ahead.pop())

    def at(self, flow: FlowName, node: NodeId) -> Names | None:
        """None for a node that nobody comes to."""
        return self._at.get((flow, node))

    def _come(self, place: Place, knowing: Names) -> None:
        before = self._at.get(place)
        now = knowing if before is None else before & knowing
        if now != before:
            self._at[place] = now
            self._ahead.append(place)

    def _go_on(self, place: Place) -> None:
        name, of = place
        here, node = self._at[place], self._flows[name].nodes[of]
        match node:
            case SubFlowNode(flow, then):
                self._come((flow, self._flows[flow].start), here)
                if flow in self._back:
                    self._come((name, then), here | self._back[flow])
            case ReturnNode():
                before = self._back.get(name)
                now = here if before is None else before & here
                if now != before:
                    self._back[name] = now
                    self._ahead.extend(one for one in self._through.get(name, ()) if one in self._at)
            case _:
                for way in node.ways():
                    self._come((name, way.to), here | way.learns.keys())


def rings_of_flows(flows: Mapping[FlowName, Flow]) -> Mapping[Place, tuple[FlowName, ...]]:
    """The nodes that lead through a flow which leads back to their own, with the way round."""
    leads = {
        name: {of: node.flow for of, node in flow.nodes.items() if isinstance(node, SubFlowNode)}
        for name, flow in flows.items()
    }
    found: dict[Place, tuple[FlowName, ...]] = {}
    for name, nodes in leads.items():
        for of, to in nodes.items():
            if (way := _way(to, name, leads)) is not None:
                found[name, of] = (name, *way)
    return found


def _way(start: FlowName, end: FlowName, leads: Mapping[FlowName, Mapping[NodeId, FlowName]]) -> list[FlowName] | None:
    ahead, seen = [[start]], {start}
    for way in ahead:
        if way[-1] == end:
            return way
        for to in leads[way[-1]].values():
            if to not in seen:
                seen.add(to)
                ahead.append([*way, to])
    return None
