"""Which nodes of flows, and which ways out of them, no dialogue has come along."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ivr.dialogue.steps import Arrival
from ivr.flow.flow import Flow
from ivr.flow.node import Way
from ivr.flow.settings import FlowName, NodeId


class Covered(NamedTuple):
    """Of one flow."""

    nodes: int
    ways: int
    new_nodes: tuple[NodeId, ...]
    """To which nobody has come, in the order of the file."""
    new_ways: tuple[tuple[NodeId, Way], ...]
    """Which nobody has taken out of a node to which somebody has come."""
    hidden_ways: int
    """Those out of the others."""

    @property
    def share(self) -> float:
        """Of the nodes and ways together, 0 to 1."""
        missing = len(self.new_nodes) + len(self.new_ways) + self.hidden_ways
        return 1 - missing / (self.nodes + self.ways)


def coverage(flows: Mapping[FlowName, Flow], trails: Iterable[Iterable[Arrival]]) -> dict[FlowName, Covered]:
    """Of each flow, by the trails of all dialogues."""
    come: set[tuple[str, str]] = set()
    taken: set[tuple[str, str, str]] = set()
    for trail in trails:
        for arrival in trail:
            come.add((arrival.flow, arrival.node))
            taken.add((arrival.flow, arrival.of, arrival.way))
    return {name: _covered(flow, come, taken) for name, flow in flows.items()}


def _covered(flow: Flow, come: set[tuple[str, str]], taken: set[tuple[str, str, str]]) -> Covered:
    ways = [(of, way) for of, node in flow.nodes.items() for way in node.ways()]
    new = [(of, way) for of, way in ways if (flow.name, of, way.name) not in taken]
    shown = tuple((of, way) for of, way in new if (flow.name, of) in come)
    nodes = tuple(of for of in flow.nodes if (flow.name, of) not in come)
    return Covered(len(flow.nodes), len(ways), nodes, shown, len(new) - len(shown))
