"""Which variables are known where, whichever way a caller has come, through sub-flows too."""

from collections.abc import Collection, Iterator, Mapping
from heapq import heappop, heappush

from ivr.files.mistakes import MOST_TOLD
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId
from ivr.flow.variables import CALL_VARIABLES
from ivr.nodes.back import ReturnNode
from ivr.nodes.sub_flow import SubFlowNode
from ivr.reading.rings import knots, way_to

Place = tuple[FlowName, NodeId]

Bits = int
"""Variables, one bit for each: thousands of nodes may each know thousands of them."""


class Known:
    """The variables that are known at a place."""

    __slots__ = ("_bit_of", "_bits")

    def __init__(self, bits: Bits, bit_of: Mapping[str, Bits]) -> None:
        self._bits = bits
        self._bit_of = bit_of

    def __contains__(self, name: str) -> bool:
        """Whether that one is."""
        return self._bits & self._bit_of.get(name, 0) != 0


class Knowledge:
    """Of all flows together. `entered`: those into which callers come without another flow's doing."""

    def __init__(self, flows: Mapping[FlowName, Flow], entered: Collection[FlowName]) -> None:
        self._flows = flows
        self._bit_of: dict[str, Bits] = {}
        self._at: dict[Place, Bits] = {}
        self._back: dict[FlowName, Bits] = {}
        """What is known at the ends of a sub-flow."""
        self._through: dict[FlowName, list[Place]] = {}
        """The nodes that lead through a flow."""
        for name, flow in flows.items():
            for of, node in flow.nodes.items():
                if isinstance(node, SubFlowNode):
                    self._through.setdefault(node.flow, []).append((name, of))
        starts = [(name, flows[name].start) for name in flows if name in entered or name not in self._through]
        self._order = self._in_order(starts)
        self._ahead: list[tuple[int, Place]] = []
        for start in starts:
            self._come(start, self._bits(CALL_VARIABLES))
        while self._ahead:
            self._go_on(heappop(self._ahead)[1])

    def at(self, flow: FlowName, node: NodeId) -> Known | None:
        """None for a node that nobody comes to."""
        bits = self._at.get((flow, node))
        return None if bits is None else Known(bits, self._bit_of)

    def _bits(self, names: Collection[str]) -> Bits:
        bits = 0
        for name in names:
            bits |= self._bit_of.setdefault(name, 1 << len(self._bit_of))
        return bits

    def _in_order(self, starts: Collection[Place]) -> Mapping[Place, int]:
        """A number for each place, after those of the places before it as far as there is no ring: then each is looked
        at once, when all is known of how one comes to it."""
        left: list[Place] = []
        seen = set(starts)
        for start in starts:
            walk = [(start, self._next(start))]
            while walk:
                here, ahead = walk[-1]
                there = next((one for one in ahead if one not in seen), None)
                if there is None:
                    left.append(here)
                    walk.pop()
                else:
                    seen.add(there)
                    walk.append((there, self._next(there)))
        return {place: number for number, place in enumerate(reversed(left))}

    def _next(self, place: Place) -> Iterator[Place]:
        name, of = place
        node = self._flows[name].nodes[of]
        if isinstance(node, SubFlowNode):
            yield node.flow, self._flows[node.flow].start
        yield from ((name, way.to) for way in node.ways())

    def _come(self, place: Place, knowing: Bits) -> None:
        before = self._at.get(place)
        now = knowing if before is None else before & knowing
        if now != before:
            self._at[place] = now
            self._look_at(place)

    def _look_at(self, place: Place) -> None:
        heappush(self._ahead, (self._order[place], place))

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
                    for one in self._through.get(name, ()):
                        if one in self._at:
                            self._look_at(one)
            case _:
                for way in node.ways():
                    self._come((name, way.to), here | self._bits(way.learns.keys()))


def rings_of_flows(flows: Mapping[FlowName, Flow]) -> Mapping[Place, tuple[FlowName, ...]]:
    """The nodes that lead through a flow which leads back to their own, with the way round; of many only the first."""
    nodes = {
        name: {of: node.flow for of, node in flow.nodes.items() if isinstance(node, SubFlowNode)}
        for name, flow in flows.items()
    }
    leads = {name: tuple(to.values()) for name, to in nodes.items()}
    knot_of = {name: knot for knot in knots(leads) for name in knot}
    found: dict[Place, tuple[FlowName, ...]] = {}
    for name in leads:
        knot = knot_of.get(name, frozenset())
        for of, to in nodes[name].items():
            if to in knot and len(found) < MOST_TOLD:
                found[name, of] = (name, name) if to == name else (name, *way_to(to, name, leads, knot), name)
    return found
