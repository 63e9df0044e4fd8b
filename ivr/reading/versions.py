"""What is short for all that a flow's file says: figures tell with it how callers fared before and after a change."""

from collections.abc import Collection, Mapping
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
    one may lead does. No flow leads through itself."""
    through = {name: _through(flow) for name, flow in flows.items()}
    found: dict[FlowName, bytes] = {}
    ahead = list(flows)
    while ahead:  # those through which one leads before it
        name = ahead[-1]
        missing = [other for other in through[name] if other not in found]
        ahead += missing
        if not missing:
            ahead.pop()
        if not missing and name not in found:
            others = sorted(found[other] for other in through[name])
            found[name] = _digest(b"".join([msgspec.json.encode(_said(trees[name])), *others]))
    return {name: version[:LENGTH].hex() for name, version in found.items()}


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=16).digest()


def _through(flow: Flow) -> Collection[FlowName]:
    return {node.flow for node in flow.nodes.values() if isinstance(node, SubFlowNode)}


def _said(tree: Tree) -> object:
    """Without where it stands in the file."""
    match tree:
        case Text():
            return tree.value
        case Items():
            return [_said(item) for item in tree.items]
        case marked_yaml.Mapping():
            return {key: _said(value) for key, (_, value) in tree.entries.items()}
