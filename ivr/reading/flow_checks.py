"""What is wrong with a flow whose names all lead somewhere: prompts, variables, and ways that never end.

Together with the tries of every question these checks are the proof that each dialogue ends.
"""

from collections.abc import Collection, Iterator, Sequence

import msgspec

from ivr.files.mistakes import MOST_TOLD, instead
from ivr.flow.flow import Flow
from ivr.flow.node import Path, path_of
from ivr.flow.settings import Recorded
from ivr.flow.variables import CALL_VARIABLES, READ_AS, Type, currencies_of
from ivr.nodes.collect import CollectNode
from ivr.reading.knowledge import Knowledge
from ivr.reading.rings import rings, told
from ivr.speech.words import FORMS, slots, stray_brace


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong, and where: the way to it from the top of the flow's file."""

    path: Path
    text: str
    at: int | None = None
    """Which character of the text there, from 0; if it is not about the whole."""


def prompt_findings(flow: Flow, languages: Sequence[str]) -> Iterator[Finding]:
    """Prompts that lack a language, or whose slots cannot be read."""
    for node_id, node in flow.nodes.items():
        for setting, prompt in node.prompts():
            path = ("nodes", node_id, *path_of(setting))
            missing = [language for language in languages if language not in prompt]
            if prompt and missing:
                yield Finding(path, f"nothing is said in {' and '.join(missing)}; the centre speaks it")
            for language, said in prompt.items():
                if not isinstance(said, Recorded):
                    yield from (Finding((*path, language), text) for text in _slot_mistakes(said))


def _slot_mistakes(text: str) -> Iterator[str]:
    for name, form in slots(text):
        if form and form not in FORMS:
            yield f"{{{name}:{form}}} cannot be read out; {instead(form, FORMS)}"
    if stray_brace(text):
        yield "a brace that belongs to no slot; slots look like {name} or {balance:money}, in small letters"


def slot_findings(flow: Flow) -> Iterator[Finding]:
    """Slots that read a variable as what it is not."""
    for node_id, node in flow.nodes.items():
        for setting, prompt in node.prompts():
            for language, said in prompt.items():
                for name, form in () if isinstance(said, Recorded) else slots(said):
                    if form and name in flow.types and not _reads(form, flow.types[name]):
                        yield Finding(
                            ("nodes", node_id, *path_of(setting), language), _unreadable(name, form, flow.types[name])
                        )


def _reads(form: str, kind: Type) -> bool:
    return kind in READ_AS[form.partition(":")[0]]


def _unreadable(name: str, form: str, kind: Type) -> str:
    slots_of_its_type = [f"{{{name}}}", *(f"{{{name}:{one}}}" for one in sorted(FORMS) if _reads(one, kind))]
    return f"{{{name}:{form}}} cannot be read out: {name!r} is of type {kind}; write {' or '.join(slots_of_its_type)}"


def way_findings(flow: Flow) -> Iterator[Finding]:
    """Nodes that nobody comes to, and rings that go round without ever waiting for the caller."""
    reached = {flow.start, flow.otherwise}
    ahead = list(reached)
    while ahead:
        for way in flow.nodes[ahead.pop()].ways():
            if way.to not in reached:
                reached.add(way.to)
                ahead.append(way.to)
    for node_id in flow.nodes:
        if node_id not in reached:
            yield Finding(("nodes", node_id), f"no way leads to {node_id!r}")
    leads = {of: tuple(way.to for way in node.ways() if not way.by_caller) for of, node in flow.nodes.items()}
    for ring in rings(leads):
        round_trip = told((*ring, ring[0]))
        yield Finding(("nodes", ring[0]), f"an endless ring that never waits for the caller: {round_trip}")


def variable_findings(flow: Flow, knowledge: Knowledge, secrets: Collection[str]) -> Iterator[Finding]:
    """Variables that nobody sets, that are not known on every way to where they are used, or that are to be told though
    they are `secrets` in any flow: one leads into another."""
    strange = 0
    for node_id, node in flow.nodes.items():
        known = knowledge.at(flow.name, node_id)
        discreet, forgiving = frozenset(node.discreet()), frozenset(node.forgiving())
        for setting, name in node.speaks_of():
            path = ("nodes", node_id, *setting)
            if name not in flow.types:
                strange += 1
                hint = f"; {instead(name, flow.types)}" if strange <= MOST_TOLD else ""  # it takes a while for each
                yield Finding(path, f"nothing sets {name!r}{hint}")
            elif known is not None and name not in known and setting not in forgiving:
                yield Finding(path, f"{name!r} is not known on every way that leads to {node_id!r}")
            if name in secrets and setting not in discreet:
                yield Finding(path, f"{name!r} is a secret, and this would be said, sent or written down")
        for setting, name in node.amounts():
            if known is not None and name in known and not any(of in known for of in currencies_of(name)):
                path = ("nodes", node_id, *setting)
                yield Finding(path, f"the currency of {name!r} is not known; set {' or '.join(currencies_of(name))}")


def secret_findings(flow: Flow, secrets: Collection[str]) -> Iterator[Finding]:
    """Questions for a secret whose digits would be shown, because only another one of the same variable says so."""
    for node_id, node in flow.nodes.items():
        if isinstance(node, CollectNode) and node.variable in secrets and not node.secret:
            yield Finding(("nodes", node_id), f"{node.variable!r} is a secret elsewhere; say `secret: true` here, too")


def type_findings(flow: Flow) -> Iterator[Finding]:
    """Variables that are of another type elsewhere, or not a flow's to set."""
    for node_id, node in flow.nodes.items():
        for way in node.ways():
            for name, kind in way.learns.items():
                if name in CALL_VARIABLES:
                    yield Finding(("nodes", node_id), f"{name!r} is known of every call, and no flow can set it")
                elif (other := flow.types[name]) is not kind:
                    yield Finding(("nodes", node_id), f"{name!r} is {kind} here and {other} elsewhere")
