"""From the text of a flow's file to a flow that is complete and consistent, or to all that is wrong with it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from ivr.files import marked_yaml
from ivr.files.marked_yaml import Tree, parse
from ivr.files.mistakes import FileMistakes, instead, quoted
from ivr.files.shapes import Reader
from ivr.flow.expression import NoExpression, expression
from ivr.flow.flow import Flow
from ivr.flow.node import Node, Settling
from ivr.flow.numbers import is_pattern
from ivr.flow.settings import FlowName, NodeId
from ivr.flow.variables import CALL_VARIABLES, CREATIONS, LOOK_UPS, Type
from ivr.hours import Hours
from ivr.nodes.back import ReturnNode
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.opening_hours import HoursNode
from ivr.nodes.sub_flow import SubFlowNode
from ivr.nodes.to_queue import ToQueueNode, needs_at
from ivr.nodes.transfer import TransferNode
from ivr.reading.flow_checks import (
    Finding,
    prompt_findings,
    secret_findings,
    slot_findings,
    type_findings,
    variable_findings,
    way_findings,
)
from ivr.reading.flow_file import FlowFile
from ivr.reading.knowledge import Knowledge, rings_of_flows
from ivr.reading.rings import told
from ivr.reading.versions import versions_of
from ivr.speech.words import SLOT, slots

WrongNeed = Callable[[str], Iterable[tuple[int, str]]]
"""All that is wrong with an expression, whatever names will be in its slots, each with the characters before it."""


EXITS = (ToQueueNode, HangUpNode, ReturnNode)
"""Kinds of node at which a flow may end, the one for whoever cannot be helped first."""


class Company(NamedTuple):
    """What a flow may name beside its own nodes."""

    languages: Sequence[str]
    """What every prompt must be said in."""
    queues: Collection[str]
    agents: Collection[str] = ()
    hours: Mapping[str, Hours] = {}
    numbers: Mapping[str, str] = {}
    """To which callers may be put through."""
    flows: Collection[str] = ()
    entered: Collection[str] = ()
    """Those into which callers come without another flow's doing."""
    services: Collection[str] | None = None
    """Those of the settings that may be asked by HTTP; None if they are not to be compared."""
    wrong_need: WrongNeed = lambda _: ()
    """What is wrong with what a flow asks of agents."""


class Source(NamedTuple):
    """A flow's file."""

    text: str
    file: str
    """What mistakes call it."""


def flows_of(sources: Mapping[FlowName, Source], company: Company) -> dict[FlowName, Flow]:
    """The flows that files describe, which may lead through each other. Raises `FileMistakes` with all of them."""
    readers: dict[FlowName, Reader] = {}
    flows: dict[FlowName, Flow] = {}
    trees: dict[FlowName, Tree] = {}
    before = 0
    for name, source in sources.items():
        parsed = parse(source.text, source.file)
        trees[name] = parsed.tree
        reader = readers[name] = Reader(source.file, _names(parsed.tree, company), before=before)
        reader.mistakes.extend(parsed.mistakes)
        read = reader.read(parsed.tree, FlowFile)
        if read is not None:
            flows[name] = _alone(name, read, reader, company)
        before += len(reader.mistakes)
    if not any(reader.mistakes for reader in readers.values()) and _all_there(flows):
        flows = _together(flows, readers, company)
    if not any(reader.mistakes for reader in readers.values()) and _all_there(flows):
        versions = versions_of(flows, trees)
        flows = {name: replace(flow, version=versions[name]) for name, flow in flows.items()}
    if mistakes := [mistake for reader in readers.values() for mistake in reader.mistakes]:
        raise FileMistakes(mistakes)
    return flows


def _names(tree: Tree, company: Company) -> Mapping[str, Collection[str]]:
    return {
        "node": _names_under(tree, "nodes"),
        "language": company.languages,
        "queue": company.queues,
        "look_up": LOOK_UPS,
        "creation": CREATIONS,
        **({} if company.services is None else {"service": company.services}),
        "hours": company.hours,
        "flow": company.flows,
    }


def _alone(name: FlowName, read: FlowFile, reader: Reader, company: Company) -> Flow:
    """The flow; what can be seen to be wrong without the others is noted."""
    flow = _flow(name, read, reader, company)
    whole = not reader.mistakes  # else what is left has gaps that are nobody's mistake
    for finding in (
        *_expression_findings(read),
        *prompt_findings(flow, company.languages),
        *_contradictions(read),
        *_need_findings(flow, company.wrong_need),
        *_agent_findings(flow, company.agents),
        *_number_findings(flow, company.numbers),
        *(way_findings(flow) if whole else ()),
    ):
        reader.note(finding.path, finding.text, finding.at)
    return flow


def _all_there(flows: Mapping[FlowName, Flow]) -> bool:
    """Whether each flow that another one goes through could be read. If not, its file is missing; others tell that."""
    through = (node.flow for flow in flows.values() for node in flow.nodes.values() if isinstance(node, SubFlowNode))
    return all(flow in flows for flow in through)


def _together(
    flows: Mapping[FlowName, Flow], readers: Mapping[FlowName, Reader], company: Company
) -> dict[FlowName, Flow]:
    """With the types of all variables; what can only be seen of all flows together is noted."""
    types = _types(flows.values())
    linked = {name: replace(flow, types=types) for name, flow in flows.items()}
    for (name, node), way in rings_of_flows(linked).items():
        readers[name].note(("nodes", node, "flow"), f"a flow that leads through itself: {told(way)}")
    knowledge = Knowledge(linked, [FlowName(name) for name in company.entered])
    secrets = frozenset[str]().union(*(flow.secrets for flow in flows.values()))
    for name, flow in linked.items():
        for finding in (
            *variable_findings(flow, knowledge, secrets),
            *secret_findings(flow, secrets),
            *type_findings(flow),
            *slot_findings(flow),
        ):
            readers[name].note(finding.path, finding.text, finding.at)
    return linked


def _types(flows: Iterable[Flow]) -> Mapping[str, Type]:
    learnt = (way.learns for flow in flows for node in flow.nodes.values() for way in node.ways())
    return {name: kind for some in (*learnt, CALL_VARIABLES) for name, kind in some.items()}


def _names_under(tree: Tree, key: str) -> tuple[str, ...]:
    entry = tree.entries.get(key) if isinstance(tree, marked_yaml.Mapping) else None
    return tuple(entry[1].entries) if entry and isinstance(entry[1], marked_yaml.Mapping) else ()


def _flow(name: FlowName, read: FlowFile, reader: Reader, company: Company) -> Flow:
    exits = [of for kind in EXITS for of, node in read.nodes.items() if isinstance(node, kind)]
    if not exits:
        reader.note(("nodes",), "no node of kind to_queue, hang_up or return: a caller could never leave this flow")
    elif read.otherwise and read.otherwise in read.nodes and read.otherwise not in exits:
        reader.note(("otherwise",), f"{read.otherwise!r} must be a node of kind to_queue, hang_up or return")
    otherwise = read.otherwise or (exits[0] if exits else NodeId(""))
    people = read.zero and isinstance(read.nodes.get(otherwise), ToQueueNode)
    by = Settling(otherwise, company.languages, otherwise if people else NodeId(""))
    nodes: dict[NodeId, Node] = {of: node.settled(by) for of, node in read.nodes.items()}
    asked = {node.hours for node in nodes.values() if isinstance(node, HoursNode)} & company.hours.keys()
    hours = {of: company.hours[of] for of in asked}
    numbers = company.numbers if any(isinstance(node, TransferNode) for node in nodes.values()) else {}
    return Flow(name, read.start, nodes, by.otherwise, hours=hours, numbers=numbers)


def _contradictions(read: FlowFile) -> Iterator[Finding]:
    for of, node in read.nodes.items():
        yield from (Finding(("nodes", of, *path), text) for path, text in node.contradictions())


def _expression_findings(read: FlowFile) -> Iterator[Finding]:
    for of, node in read.nodes.items():
        for path, text in node.expressions():
            try:
                expression(text)
            except NoExpression as wrong:
                yield Finding(("nodes", of, *path), str(wrong), wrong.at)


def _need_findings(flow: Flow, wrong_need: WrongNeed) -> Iterator[Finding]:
    secrets = {node.secret_variable for node in flow.nodes.values()} - {""}
    for of, node in flow.nodes.items():
        for path, text in needs_at(node.requires, ("nodes", of, "requires")) if isinstance(node, ToQueueNode) else ():
            for name, kind in slots(text):
                if kind:
                    yield Finding(path, f"{{{name}:{kind}}} is no name of a skill; write {{{name}}}")
                elif name in secrets:
                    yield Finding(path, f"{name!r} is a secret, and this would be written down")
            yield from (Finding(path, told, at) for at, told in wrong_need(text))


def _agent_findings(flow: Flow, agents: Collection[str]) -> Iterator[Finding]:
    for of, node in flow.nodes.items():
        if isinstance(node, ToQueueNode) and node.agent and not SLOT.search(node.agent) and node.agent not in agents:
            yield Finding(("nodes", of, "agent"), f"unknown agent {quoted(node.agent)}; {instead(node.agent, agents)}")


def _number_findings(flow: Flow, allowed: Mapping[str, str]) -> Iterator[Finding]:
    single = [name for name, entry in allowed.items() if not is_pattern(entry)]
    for of, node in flow.nodes.items():
        if not isinstance(node, TransferNode) or SLOT.search(node.to):
            continue
        if node.to not in allowed:
            text = f"`transfer_numbers` of the centre's file has no {quoted(node.to)}; {instead(node.to, single)}"
            yield Finding(("nodes", of, "to"), text)
        elif node.to not in single:
            many = f"{quoted(node.to)} stands for many numbers ({allowed[node.to]})"
            text = f"{many}; say which one by a variable, such as {{number}}"
            yield Finding(("nodes", of, "to"), text)
