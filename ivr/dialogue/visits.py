"""Where a caller has been: one visit for each node that he came to, with the way by which he left it.

For figures: how many come to a node, how long they stay, and where they give up. A node that decides takes no time; its
visit says which way was taken.
"""

import msgspec

from ivr.dialogue.steps import Arrival, Exit, Resumed
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.back import ReturnNode
from ivr.nodes.sub_flow import SubFlowNode

ENTRY = "entry"
"""How he came into a flow: by the number that he dialled."""
FROM_QUEUE = "queue"
"""Out of a queue that has sent him on."""
AFTER_TALK = "talk"
"""Out of a talk whose agent has hung up."""
SUB_FLOW = "sub_flow"
"""Out of another flow, to which he may come back."""

RETURNED = "return"
"""The way out of a sub-flow, back into the flow before it. Who leaves for good has his exit as his way."""
HUNG_UP = "hung_up"
LOST = "lost"
"""His call was there no more, and nobody has said how it ended."""


class NodeVisit(msgspec.Struct, frozen=True, omit_defaults=True):
    """One visit of a node. Times are UTC."""

    position: int
    """Among all visits of the contact, from 0."""
    flow: FlowName
    version: str
    node: NodeId
    kind: str
    """As flows name it."""
    entered: float
    came: str = ""
    """How he came into the flow, of the first visit there; empty: he was there already."""
    left: float | None = None
    """None: he is there."""
    way: str = ""
    """One of the node's, or his exit, or how he was gone; empty: he is there, or nobody knows."""
    no_inputs: int = 0
    no_matches: int = 0


class Visits:
    """Those of one dialogue."""

    def __init__(self, position: int, came: str) -> None:
        """The first one has that position."""
        self._next = position
        self._came = came
        self._resumed: Resumed | None = None
        self._here: NodeVisit | None = None
        self._told = True
        """Whether the visit that goes on has been told."""
        self._over: list[NodeVisit] = []
        self._no_inputs = self._no_matches = 0

    def resume(self, visit: Resumed) -> None:
        """The first node is one at which he was already."""
        self._resumed = visit

    def name(self) -> str:
        """Tells this visit from all others of the contact, and is the same after a restart in the middle of it."""
        return f"{self._here.flow}/{self._here.node}/{self._here.position}" if self._here is not None else ""

    def arrive(self, flow: Flow, arrival: Arrival) -> None:
        """He comes to a node, and leaves the one where he was."""
        node = flow.nodes[arrival.node]
        kind = str(type(node).__struct_config__.tag)
        if self._here is not None:
            self._came = SUB_FLOW if self._here.kind == _SUB_FLOW else ""
            self._leave(RETURNED if self._here.kind == _RETURN else arrival.way or "then", arrival.since)
        position, entered, came = self._resumed or Resumed(self._next, arrival.since, self._came)
        self._here = NodeVisit(position, flow.name, flow.version, arrival.node, kind, min(entered, arrival.since), came)
        self._next, self._resumed = position + 1, None
        self._no_inputs = self._no_matches = 0
        self._told = False

    def no_input(self) -> None:
        """He was asked, and was silent."""
        self._no_inputs += 1

    def no_match(self) -> None:
        """He gave an answer that the node does not have."""
        self._no_matches += 1

    def exit(self, to: Exit, now: float) -> None:
        """He leaves the dialogue."""
        self._leave(str(type(to).__struct_config__.tag), now)

    def gone(self, now: float, *, lost: bool) -> None:
        """He has hung up, or is lost; harmless if he has left."""
        self._leave(LOST if lost else HUNG_UP, now)

    def _leave(self, way: str, now: float) -> None:
        if (here := self._here) is None:
            return
        self._here = None
        left = max(now, here.entered)
        self._over.append(
            NodeVisit(
                here.position,
                here.flow,
                here.version,
                here.node,
                here.kind,
                here.entered,
                here.came,
                left,
                way,
                self._no_inputs,
                self._no_matches,
            )
        )

    @property
    def here(self) -> Resumed | None:
        """The visit that goes on; None if there is none."""
        return None if self._here is None else Resumed(self._here.position, self._here.entered, self._here.came)

    def take(self) -> tuple[NodeVisit, ...]:
        """Those that have ended since this was asked last, and then the one that goes on, if it is new."""
        if self._told and not self._over:
            return ()
        visits, self._over = self._over, []
        if self._here is not None and not self._told:
            visits.append(self._here)
        self._told = True
        return tuple(visits)


_SUB_FLOW = str(SubFlowNode.__struct_config__.tag)
_RETURN = str(ReturnNode.__struct_config__.tag)
