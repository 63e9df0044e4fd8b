"""What a flow's file may hold; the kinds of node are in `ivr.nodes`."""

from typing import Annotated

import msgspec
from msgspec import Meta

from ivr.flow.settings import NodeId, NodeName, NodeRef
from ivr.nodes.kinds import AnyNode


class FlowFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A flow: where it starts, and its nodes."""

    start: NodeRef
    nodes: Annotated[dict[NodeName, AnyNode], Meta(title="at least one node", min_length=1)]
    otherwise: NodeRef = NodeId("")
    """Where a caller goes who cannot be helped; the first `to_queue` node if nothing is said."""
    zero: bool = True
    """Whether `0` leads there in every menu that has no `0` of its own, if people are there."""
