"""Goes through another flow, and comes back."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from msgspec import Meta

from ivr.flow.flow import Flow
from ivr.flow.node import Node, Way
from ivr.flow.settings import FlowName, NodeRef

FlowRef = Annotated[FlowName, Meta(title="the name of a flow", extra={"name_of": "flow"})]


class SubFlowNode(Node, frozen=True, tag="sub_flow"):
    """The other flow begins at its start and knows everything that this one knows.

    It ends at a `return` node, and what it has learnt is known here; or it leaves for a queue or hangs up, and this one
    is over too.
    """

    flow: FlowRef
    then: NodeRef

    def ways(self) -> Iterator[Way]:
        """Back here."""
        yield Way("then", self.then)


def flows_through(begin: Iterable[Flow], flows: Mapping[FlowName, Flow]) -> list[Flow]:
    """These flows and those that they lead through, each once."""
    found = {flow.name: flow for flow in begin}
    ahead = list(found.values())
    for flow in ahead:
        for node in flow.nodes.values():
            if isinstance(node, SubFlowNode) and node.flow not in found:
                found[node.flow] = flows[node.flow]
                ahead.append(flows[node.flow])
    return ahead
