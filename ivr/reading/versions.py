"""What is short for all that a flow's file says: figures tell with it how callers fared before and after a change."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b

import msgspec

from ivr.files import marked_yaml
from ivr.files.marked_yaml import Items, Text, Tree
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName
from ivr.nodes.sub_flow import SubFlowNode

LENGTH = 4
"""Bytes: of a thousand versions of a flow two are alike in one of ten thousand centres."""


def versions_of(flows: Mapping[FlowName, Flow], trees: Mapping[FlowName, Tree]) -> Mapping[FlowName, str]:
    """By flow, eight hexadecimal digits. A remark makes no other version; another version of a flow through which this
    one may lead does."""
    own = {name: _digest(msgspec.json.encode(_said(tree))) for name, tree in trees.items()}
    return {name: _version(own, _through(flows, name)) for name in flows}


def _version(own: Mapping[FlowName, bytes], names: Iterator[FlowName]) -> str:
    first, *others = (own[name] for name in names)
    return _digest(b"".join([first, *sorted(others)])).hex()


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=LENGTH).digest()


def _said(tree: Tree) -> object:
    """Without where it stands in the file."""
    match tree:
        case Text():
            return tree.value
        case Items():
            return [_said(item) for item in tree.items]
        case marked_yaml.Mapping():
            return {key: _said(value) for key, (_, value) in tree.entries.items()}


def _through(flows: Mapping[FlowName, Flow], name: FlowName) -> Iterator[FlowName]:
    """The flow, and all to which it may lead."""
    seen, ahead = {name}, [name]
    for one in ahead:
        yield one
        for node in flows[one].nodes.values():
            if isinstance(node, SubFlowNode) and node.flow not in seen:
                seen.add(node.flow)
                ahead.append(node.flow)
