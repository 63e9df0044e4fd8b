"""What the caller hears and may do before he is in a queue: a flow, made of nodes, each leading to the next.

A flow is data, written by an administrator (see `docs/flows.md`), and is complete and consistent when it is
made by `ivr.reading.flow_text`: every name in it leads somewhere and every way through it ends. The words
are VoiceXML's.

    node       says         waits for               and then
    --------   ----------   ---------------------   --------------------------------------------------------
    say        its prompt   the prompt's end        `then`
    menu       its prompt   one key                 the key's choice
                            no key for `wait`       `no_input`, asks again; after `tries`: `give_up`
                            a key it does not have  `no_match`, asks again; after `tries`: `give_up`
    collect    its prompt   digits                  keeps them in `variable`, `then`
                            no digit for `wait`     `no_input`, asks again; after `tries`: `give_up`
                            too few, or no digit    `no_match`, asks again; after `tries`: `give_up`
    look_up    nothing      the CRM                 `found`, `not_found`, or `failed` (also its time-out)
    record     its prompt   what the caller says    `then`; `none` if that is next to nothing
    to_queue   its prompt   the prompt's end        leaves for the queue
    transfer   its prompt   the prompt's end, PBX   leaves for another number; or `failed`
    hang_up    its prompt   the prompt's end        leaves

Prompts hold slots: `{name}` is read as it is, `{number:digits}` digit by digit, `{balance:money}` as an
amount in the currency that the variable `currency` names; `ivr.speech.words` has the others. All durations are seconds.
"""

from collections.abc import Mapping
from functools import cached_property

import msgspec

from ivr.flow.node import LabelTexts, Node
from ivr.flow.settings import FlowName, NodeId
from ivr.flow.variables import Type
from ivr.hours import Hours


class Flow(msgspec.Struct, frozen=True, dict=True):
    """One dialogue with the caller, from its first node to an exit."""

    name: FlowName
    start: NodeId
    nodes: Mapping[NodeId, Node]
    otherwise: NodeId
    """A `to_queue` or `hang_up` node: where a caller goes whose dialogue cannot go on."""
    types: Mapping[str, Type] = {}
    """Of the variables that it learns."""
    hours: Mapping[str, Hours] = {}
    """Those that it asks for, by name."""
    numbers: Mapping[str, str] = {}
    """To which it may put callers through: `ivr.flow.numbers`. Empty if it has no such node."""
    version: str = ""
    """Short for its text, and for those of its sub-flows; empty: it was made without one."""

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The variables that nobody may see."""
        return frozenset(node.secret_variable for node in self.nodes.values() if node.secret_variable)

    def label_at(self, node: str, said: str) -> LabelTexts:
        """What the caller did at a node, where he pressed `said`; empty if the flow has no such node or key."""
        found = self.nodes.get(NodeId(node))
        return {} if found is None else found.label_of(said)
