"""From the text of a flow's file to a flow that is complete and consistent, or to all that is wrong with it."""

import collections.abc
from collections.abc import Collection, Iterator
from typing import assert_never

from ivr.files.marked_yaml import Mapping, Tree, parse
from ivr.files.mistakes import FileMistakes, instead, quoted
from ivr.files.shapes import Reader
from ivr.flow.nodes import (
    LOOK_UPS,
    Choice,
    CollectNode,
    Flow,
    FlowName,
    HangUpNode,
    Label,
    LookUpNode,
    MenuNode,
    Node,
    NodeId,
    Prompt,
    Recorded,
    RecordNode,
    SayNode,
    Template,
    ToQueueNode,
)
from ivr.reading.flow_checks import Finding, prompt_findings, variable_findings, way_findings
from ivr.reading.flow_file import (
    CollectEntry,
    FlowFile,
    HangUpEntry,
    LookUpEntry,
    MenuEntry,
    NodeEntry,
    RecordedEntry,
    RecordEntry,
    Said,
    SayEntry,
    ToQueueEntry,
)
from ivr.reading.needs import WrongNeed, needs_at, needs_of, slot_findings, step_findings
from ivr.speech.words import SLOT

Nodes = collections.abc.Mapping[NodeId, Node]


def flow_of(
    text: str,
    file: str,
    name: FlowName,
    languages: Collection[str],
    queues: Collection[str],
    agents: Collection[str] = (),
    wrong_need: WrongNeed = lambda _: (),
) -> Flow:
    """The flow that a file describes; `file` is what mistakes call it. Raises `FileMistakes` with all of
    them.

    `languages`: what every prompt must be said in; `queues`: where the flow may lead; `agents`: whom it may name;
    `wrong_need`: what is
    wrong with what a flow asks of agents.
    """
    parsed = parse(text, file)
    nodes = _names_under(parsed.tree, "nodes")
    names = {"node": nodes, "language": languages, "queue": queues, "look_up": LOOK_UPS}
    reader = Reader(file, names)
    reader.mistakes.extend(parsed.mistakes)
    read = reader.read(parsed.tree, FlowFile)
    flow = None
    if read is not None:
        flow = _flow(name, read, reader, languages)
        # Where something could not be read, what is left has gaps that are nobody's mistake.
        whole = not reader.mistakes
        for finding in (
            *prompt_findings(flow.nodes, languages),
            *_question_findings(flow.nodes),
            *_need_findings(read, flow.nodes, wrong_need),
            *_agent_findings(flow.nodes, agents),
            *(way_findings(flow) if whole else ()),
            *(variable_findings(flow) if whole else ()),
        ):
            reader.note(finding.path, finding.text, finding.at)
    if flow is None or reader.mistakes:
        raise FileMistakes(reader.mistakes)
    return flow


def _names_under(tree: Tree, key: str) -> tuple[str, ...]:
    entry = tree.entries.get(key) if isinstance(tree, Mapping) else None
    return tuple(entry[1].entries) if entry and isinstance(entry[1], Mapping) else ()


def _flow(name: FlowName, read: FlowFile, reader: Reader, languages: Collection[str]) -> Flow:
    exits = [n for n, entry in read.nodes.items() if isinstance(entry, ToQueueEntry)]
    exits += [n for n, entry in read.nodes.items() if isinstance(entry, HangUpEntry)]
    if not exits:
        reader.note(("nodes",), "no node of kind to_queue or hang_up: a caller could never leave this flow")
    elif read.otherwise and read.otherwise in read.nodes and read.otherwise not in exits:
        reader.note(("otherwise",), f"{read.otherwise!r} must be a node of kind to_queue or hang_up")
    otherwise = NodeId(read.otherwise or (exits[0] if exits else ""))
    nodes = {NodeId(n): _node(entry, otherwise, languages) for n, entry in read.nodes.items()}
    return Flow(name, NodeId(read.start), nodes, otherwise)


def _node(entry: NodeEntry, otherwise: NodeId, languages: Collection[str]) -> Node:
    match entry:
        case SayEntry():
            return SayNode(_prompt(entry.prompt), NodeId(entry.then))
        case MenuEntry():
            return MenuNode(
                prompt=_prompt(entry.prompt),
                choices={key: Choice(NodeId(c.to), _label(c.label, languages)) for key, c in entry.choices.items()},
                give_up=NodeId(entry.give_up or otherwise),
                tries=entry.tries,
                wait=entry.wait,
                no_input=_prompt(entry.no_input),
                no_match=_prompt(entry.no_match),
            )
        case CollectEntry():
            return _question(entry, otherwise, languages)
        case LookUpEntry():
            return LookUpNode(
                kind=entry.look_up,
                by=entry.by,
                found=NodeId(entry.found),
                not_found=NodeId(entry.not_found or otherwise),
                failed=NodeId(entry.failed or otherwise),
                timeout=entry.timeout,
            )
        case RecordEntry():
            return RecordNode(
                prompt=_prompt(entry.prompt),
                then=NodeId(entry.then),
                none=NodeId(entry.none or entry.then),
                queue=entry.queue,
                shortest=entry.shortest,
                longest=entry.longest,
                silence=entry.silence,
                terminator=entry.terminator,
                beep=entry.beep,
            )
        case ToQueueEntry():
            return ToQueueNode(entry.queue, _prompt(entry.prompt), needs_of(entry.requires), entry.agent)
        case HangUpEntry():
            return HangUpNode(_prompt(entry.prompt))
        case _ as never:
            assert_never(never)


def _question(entry: CollectEntry, otherwise: NodeId, languages: Collection[str]) -> CollectNode:
    return CollectNode(
        prompt=_prompt(entry.prompt),
        variable=entry.variable,
        then=NodeId(entry.then),
        give_up=NodeId(entry.give_up or otherwise),
        label=_label(entry.label, languages),
        shortest=entry.shortest,
        longest=entry.longest,
        terminator=entry.terminator,
        secret=entry.secret,
        tries=entry.tries,
        wait=entry.wait,
        between=entry.between,
        no_input=_prompt(entry.no_input),
        no_match=_prompt(entry.no_match),
    )


def _label(given: str | dict[str, str], languages: Collection[str]) -> Label:
    """In every language of the centre; where there is none for one, in the first that is given."""
    texts = {"": given} if isinstance(given, str) else given
    otherwise = next(iter(texts.values()), "")
    return {language: texts.get(language, otherwise) for language in languages}


def _prompt(said: Said) -> Prompt:
    return Prompt(
        {
            language: Recorded(words.recording) if isinstance(words, RecordedEntry) else Template(words)
            for language, words in said.items()
        }
    )


def _need_findings(read: FlowFile, nodes: Nodes, wrong_need: WrongNeed) -> Iterator[Finding]:
    for name, entry in read.nodes.items():
        if isinstance(entry, ToQueueEntry):
            path = ("nodes", name, "requires")
            yield from step_findings(entry.requires, path)
            yield from slot_findings(entry.requires, path, nodes)
            for place, text in needs_at(entry.requires, path):
                yield from (Finding(place, wrong, at) for at, wrong in wrong_need(text))


def _agent_findings(nodes: Nodes, agents: Collection[str]) -> Iterator[Finding]:
    for node_id, node in nodes.items():
        if isinstance(node, ToQueueNode) and node.agent and not SLOT.search(node.agent) and node.agent not in agents:
            text = f"unknown agent {quoted(node.agent)}; {instead(node.agent, agents)}"
            yield Finding(("nodes", node_id, "agent"), text)


def _question_findings(nodes: Nodes) -> Iterator[Finding]:
    for node_id, node in nodes.items():
        if isinstance(node, CollectNode):
            if node.shortest > node.longest:
                text = f"`shortest` is {node.shortest}, but `longest` is {node.longest}"
                yield Finding(("nodes", node_id, "shortest"), text)
            if node.terminator.isdigit():
                text = "a digit cannot end a number that holds digits; use # or *"
                yield Finding(("nodes", node_id, "terminator"), text)
        if isinstance(node, RecordNode) and node.shortest > node.longest:
            text = f"`shortest` is {node.shortest:g} s, but `longest` is {node.longest:g} s"
            yield Finding(("nodes", node_id, "shortest"), text)
