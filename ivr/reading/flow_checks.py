"""What is wrong with a flow whose names all lead somewhere: prompts, variables, and ways that never end.

Together with the tries of every question these checks are the proof that each dialogue ends.
"""

from collections.abc import Collection, Iterator, Mapping

import msgspec

from ivr.files.mistakes import instead
from ivr.flow.nodes import (
    CALL_VARIABLES,
    LOOK_UPS,
    CollectNode,
    Flow,
    HangUpNode,
    LookUpNode,
    MenuNode,
    Node,
    NodeId,
    RecordNode,
    SayNode,
    Template,
    ToQueueNode,
)
from ivr.speech.sounds import prompts_at
from ivr.speech.words import FORMATS, slots, stray_brace

Path = tuple[str | int, ...]


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong, and where: the way to it from the top of the flow's file."""

    path: Path
    text: str
    at: int | None = None
    """Which character of the text there, from 0; if it is not about the whole."""


class Edge(msgspec.Struct, frozen=True):
    """One way from a node to the next."""

    to: NodeId
    by_caller: bool
    """Only what the caller presses leads along it."""
    learns: frozenset[str] = frozenset()
    """Variables that are known at its end."""


def edges_of(node: Node) -> Iterator[Edge]:
    """Where a node leads."""
    match node:
        case SayNode():
            yield Edge(node.then, by_caller=False)
        case MenuNode():
            yield from (Edge(choice.to, by_caller=True) for choice in node.choices.values())
            yield Edge(node.give_up, by_caller=False)
        case CollectNode():
            yield Edge(node.then, by_caller=True, learns=frozenset({node.variable}))
            yield Edge(node.give_up, by_caller=False)
        case LookUpNode():
            yield Edge(node.found, by_caller=False, learns=LOOK_UPS.get(node.kind, frozenset()))
            yield Edge(node.not_found, by_caller=False)
            yield Edge(node.failed, by_caller=False)
        case RecordNode():
            yield Edge(node.then, by_caller=True)
            yield Edge(node.none, by_caller=False)
        case ToQueueNode() | HangUpNode():
            pass


def prompt_findings(nodes: Mapping[NodeId, Node], languages: Collection[str]) -> Iterator[Finding]:
    """Prompts that lack a language, or whose slots cannot be read."""
    for node_id, node in nodes.items():
        for setting, prompt in prompts_at(node):
            path = ("nodes", node_id, setting)
            missing = [language for language in languages if language not in prompt.by_language]
            if prompt.by_language and missing:
                yield Finding(path, f"nothing is said in {' and '.join(missing)}; the centre speaks it")
            for language, said in prompt.by_language.items():
                if isinstance(said, Template):
                    for text in _slot_mistakes(said.text):
                        yield Finding((*path, language), text)


def _slot_mistakes(text: str) -> Iterator[str]:
    for name, kind in slots(text):
        if kind and kind not in FORMATS:
            yield f"{{{name}:{kind}}} cannot be read out; {instead(kind, FORMATS)}"
    if stray_brace(text):
        yield "a brace that belongs to no slot; slots look like {name} or {balance:money}, in small letters"


def way_findings(flow: Flow) -> Iterator[Finding]:
    """Nodes that nobody comes to, and rings that go round without ever waiting for the caller."""
    reached = {flow.start, flow.otherwise}
    ahead = list(reached)
    while ahead:
        for edge in edges_of(flow.nodes[ahead.pop()]):
            if edge.to not in reached:
                reached.add(edge.to)
                ahead.append(edge.to)
    for node_id in flow.nodes:
        if node_id not in reached:
            yield Finding(("nodes", node_id), f"no way leads to {node_id!r}")
    for ring in _rings(flow):
        way = " -> ".join((*ring, ring[0]))
        yield Finding(("nodes", ring[0]), f"an endless ring that never waits for the caller: {way}")


def _rings(flow: Flow) -> Iterator[tuple[NodeId, ...]]:
    """Rings of ways that need no caller; a node is told of once."""
    leads = {
        node_id: tuple(edge.to for edge in edges_of(node) if not edge.by_caller) for node_id, node in flow.nodes.items()
    }
    told: set[NodeId] = set()
    for start in flow.nodes:
        ring = _ring_through(start, leads)
        if ring and told.isdisjoint(ring):
            told.update(ring)
            yield ring


def _ring_through(start: NodeId, leads: Mapping[NodeId, Collection[NodeId]]) -> tuple[NodeId, ...]:
    """The shortest way from a node back to itself; empty if there is none."""
    came_from: dict[NodeId, NodeId] = {}
    ahead = [start]
    for here in ahead:
        for there in leads[here]:
            if there == start:
                ring = [here]
                while ring[-1] != start:
                    ring.append(came_from[ring[-1]])
                return tuple(reversed(ring))
            if there not in came_from:
                came_from[there] = here
                ahead.append(there)
    return ()


def variable_findings(flow: Flow) -> Iterator[Finding]:
    """Variables that nobody sets, or that are not known on every way to where they are used."""
    known = _known_at(flow)
    anywhere = CALL_VARIABLES.union(*(edge.learns for node in flow.nodes.values() for edge in edges_of(node)))
    for node_id, node in flow.nodes.items():
        here = known.get(node_id, frozenset())
        for path, name in _uses(node_id, node):
            if name not in anywhere:
                yield Finding(path, f"nothing in this flow sets {name!r}; {instead(name, anywhere)}")
            elif name not in here and node_id in known:
                yield Finding(path, f"{name!r} is not known on every way that leads to {node_id!r}")


def _uses(node_id: NodeId, node: Node) -> Iterator[tuple[Path, str]]:
    if isinstance(node, LookUpNode):
        yield ("nodes", node_id, "by"), node.by
    if isinstance(node, ToQueueNode):
        yield from ((("nodes", node_id, "agent"), name) for name, _ in slots(node.agent))
        for number, need in enumerate(node.requires):
            # Where it is one expression and no list, there is no such place, and the nearest is the setting.
            yield from ((("nodes", node_id, "requires", number, "skills"), name) for name, _ in slots(need.text))
    for setting, prompt in prompts_at(node):
        for language, said in prompt.by_language.items():
            for name, kind in slots(said.text) if isinstance(said, Template) else ():
                yield ("nodes", node_id, setting, language), name
                if kind == "money":
                    yield ("nodes", node_id, setting, language), "currency"


def _known_at(flow: Flow) -> dict[NodeId, frozenset[str]]:
    """What is known at each node, whichever way led there; nodes that nobody comes to are left out."""
    known = {flow.start: CALL_VARIABLES}
    ahead = [flow.start]
    while ahead:
        here = ahead.pop()
        for edge in edges_of(flow.nodes[here]):
            arriving = known[here] | edge.learns
            before = known.get(edge.to)
            now = arriving if before is None else before & arriving
            if now != before:
                known[edge.to] = now
                ahead.append(edge.to)
    return known
