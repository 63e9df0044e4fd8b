"""Where a node that is an exit leads, for this caller: its slots are filled in when he leaves."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from ivr.dialogue.steps import HangUp, Shown, ToQueue
from ivr.flow.filling import filled
from ivr.flow.node import Node, shown_label
from ivr.nodes.to_queue import ToQueueNode
from ivr.speech.words import name_slots

LONGEST_SHOWN = 120
"""Characters of a text for the agent: all of them travel on the caller's leg."""


def exit_of(node: Node, values: Mapping[str, str]) -> ToQueue | HangUp:
    """Of a `to_queue` node; every other one ends the call."""
    if not isinstance(node, ToQueueNode):
        return HangUp()
    needs = tuple(replace(need, skills=name_slots(need.skills, values)) for need in node.needs)
    return ToQueue(node.queue, needs, name_slots(node.agent, values), node.head_start, tuple(_shown(node, values)))


def _shown(node: ToQueueNode, values: Mapping[str, str]) -> Iterator[Shown]:
    for one in node.show:
        if text := filled(one.text, values).strip():
            yield Shown(shown_label(one.label), text[:LONGEST_SHOWN])
