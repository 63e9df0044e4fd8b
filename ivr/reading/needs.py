"""What is asked of agents, as files write it: one expression over skills, or a list of them that ask for less and less.

A flow only carries it to whoever has the agents. What the words mean is checked by a function from there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

from ivr.flow.nodes import CollectNode, Need, Node, NodeId
from ivr.reading.flow_checks import Finding, Path
from ivr.reading.flow_file import Needs
from ivr.speech.words import slots

WrongNeed = Callable[[str], Iterable[tuple[int, str]]]
"""All that is wrong with an expression, whatever names will be in its slots, each with the characters before it."""


def needs_of(entry: Needs) -> tuple[Need, ...]:
    """The steps of an entry; nothing, if it asks for nothing."""
    if isinstance(entry, str):
        return () if entry == "any" else (Need(entry),)
    return tuple(Need(step.skills, step.after) for step in entry)


def needs_at(entry: Needs, path: Path) -> Iterator[tuple[Path, str]]:
    """Each expression, and where it stands."""
    if isinstance(entry, str):
        yield path, entry
    else:
        yield from (((*path, number, "skills"), step.skills) for number, step in enumerate(entry))


def step_findings(entry: Needs, path: Path) -> Iterator[Finding]:
    """Steps that are not later than the ones before them."""
    if isinstance(entry, str):
        return
    for number, (earlier, later) in enumerate(pairwise(entry), start=1):
        if later.after <= earlier.after:
            text = "a step begins `after` the one before it, in seconds from the queue entry"
            yield Finding((*path, number), text)
    if entry[0].after:
        yield Finding((*path, 0, "after"), "the first step begins at once, so without `after`")


def slot_findings(entry: Needs, path: Path, nodes: Mapping[NodeId, Node]) -> Iterator[Finding]:
    """Slots that could not hold a name of a skill."""
    secret = {node.variable for node in nodes.values() if isinstance(node, CollectNode) and node.secret}
    for place, text in needs_at(entry, path):
        for name, kind in slots(text):
            if kind:
                yield Finding(place, f"{{{name}:{kind}}} is no name of a skill; write {{{name}}}")
            elif name in secret:
                yield Finding(place, f"{name!r} is a secret, and this would be written down")
