"""A flow in Graphviz's language (DOT), to be laid out by its program `dot`.

Nodes are told apart by what they do, by their colour and, for paper, by their shape and border:

    talks        blue, rounded            says something, or asks the caller
    asks         yellow, cut corners      asks somebody who is not the caller
    decides      violet, six corners      goes on by what is known
    another      grey, two borders        goes through another flow
    person       green, thick border      leaves for people
    end          white, thick border      leaves
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from msgspec import inspect

from ivr.drawing.words import NOT_PUT_THROUGH, kind_word, start_word, way_word
from ivr.flow.flow import Flow
from ivr.flow.node import KEYS, Asking, Deciding, Node, Way
from ivr.flow.settings import NodeId, Prompt, Recorded
from ivr.nodes.branch import BranchNode
from ivr.nodes.sub_flow import SubFlowNode
from ivr.nodes.survey import SurveyNode
from ivr.nodes.to_queue import ToQueueNode
from ivr.nodes.transfer import TransferNode
from ivr.speech.words import SLOT

WIDTH = 34
"""Columns of a node's text; a Chinese sign takes two."""
LINES = 3
"""Of its prompt."""
LABEL_WIDTH = 22
FEW = 6
"""Ways to an end that are drawn as lines to one place."""

FONT = "Helvetica,Arial,DejaVu Sans,WenQuanYi Micro Hei,sans-serif"
HEAD = f"""\
  graph [rankdir=TB, nslimit=2, nslimit1=2, nodesep=0.45, ranksep=0.55, pad=0.3, fontname="{FONT}"];
  graph [fontsize=20, labelloc=t, bgcolor=white];
  node [shape=box, style="filled", fontname="{FONT}", fontsize=11, margin="0.1,0.03", penwidth=1.2];
  edge [fontname="{FONT}", fontsize=10, color="#404040", arrowsize=0.7];
"""


class Look(NamedTuple):
    """Of a node."""

    fill: str
    line: str
    style: str = "filled,rounded"
    shape: str = "box"
    width: float = 1.2


TALKS = Look("#e3f0fb", "#2b6ca3")
ASKS = Look("#fff3cf", "#a87b00", "filled", "octagon")
DECIDES = Look("#efe6f8", "#7746a5", "filled", "hexagon")
ANOTHER = Look("#ececec", "#555555", "filled", "box3d")
PERSON = Look("#dcf3df", "#1f7a33", "filled,rounded", "box", 2.6)
END = Look("#ffffff", "#333333", "filled,rounded", "box", 2.6)


def dot_of(flow: Flow, language: str) -> str:
    """The whole flow, with what it says in that language, or in the first that there is."""
    lines = [f"digraph {_quoted(flow.name)} {{", HEAD + f"  label={_quoted(flow.name)};"]
    lines.append(f"  {_quoted('')} [label={_quoted(start_word(language))}, shape=oval, fillcolor=white];")
    lines += [f"  {_quoted(of)} [{_node(of, node, language)}];" for of, node in flow.nodes.items()]
    lines.append(f"  {_quoted('')} -> {_quoted(flow.start)};")
    drawn_again = _often_led_to(flow)
    met: set[NodeId] = set()
    for of, node in flow.nodes.items():
        for to, edge in _edges(node, language).items():
            there = str(to)
            if to in drawn_again and to in met:
                there = f"{to} of {of}"
                lines.append(f"  {_quoted(there)} [{_again(to, flow.nodes[to])}];")
            met.add(to)
            lines.append(f"  {_quoted(of)} -> {_quoted(there)} [{edge}];")
    return "\n".join((*lines, "}", ""))


def _often_led_to(flow: Flow) -> frozenset[NodeId]:
    """Ends to which many ways lead: lines from all over the picture would say little and hide much."""
    leads = Counter(to for node in flow.nodes.values() for to in {way.to for way in node.ways()})
    return frozenset(of for of, node in flow.nodes.items() if not any(node.ways()) and leads[of] > FEW)


def _again(of: NodeId, node: Node) -> str:
    """The same node in small, beside one that leads there."""
    return f"label={_quoted(of)}, {_drawn(_look(node))}"


def _look(node: Node) -> Look:
    match node:
        case Asking():
            return ASKS
        case Deciding():
            return DECIDES
        case SubFlowNode():
            return ANOTHER
        case ToQueueNode() | TransferNode():
            return PERSON
        case _:
            return TALKS if any(node.ways()) else END


def _node(of: NodeId, node: Node, language: str) -> str:
    look = _look(node)
    kind = kind_word(str(node.__struct_config__.tag), language)
    rows = [f'<b>{escape(of)}</b>  <font point-size="9" color="#444444">{escape(kind)}</font>']
    rows += [f'<font point-size="9" color="#444444">{escape(line)}</font>' for line in _facts(node)]
    said = next((text for _, prompt in node.prompts() if (text := _words(prompt, language))), "")
    if said:
        rows.append("<br/>".join(escape(line) for line in lines_of(said, WIDTH, LINES)))
    cells = "".join(f"<tr><td>{row}</td></tr>" for row in rows)
    label = f'<table border="0" cellborder="0" cellspacing="0" cellpadding="2">{cells}</table>'
    return f"label=<{label}>, {_drawn(look)}"


def _drawn(look: Look) -> str:
    return (
        f'fillcolor="{look.fill}", color="{look.line}", style="{look.style}", shape={look.shape}, penwidth={look.width}'
    )


def _words(prompt: Prompt, language: str) -> str:
    said = prompt.get(language) or prompt.get(language.partition("-")[0]) or next(iter(prompt.values()), "")
    return f"[{said.recording}]" if isinstance(said, Recorded) else SLOT.sub(r"{\1}", said)


def _facts(node: Node) -> Iterator[str]:
    """What else its file says in a word or so: which queue, what is looked up."""
    said = [str(getattr(node, name)) for name in _telling(type(node)) if getattr(node, name)]
    yield from lines_of(" · ".join(said), WIDTH + 6, 2)


@lru_cache
def _telling(kind: type[Node]) -> tuple[str, ...]:
    """The settings of a kind that are texts without a usual value, and no node's name."""
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType)  # noqa: S101 - every node is one
    return tuple(field.name for field in shape.fields if _is_telling(field))


def _is_telling(field: inspect.Field) -> bool:
    kind, names = field.type, ""
    while isinstance(kind, inspect.Metadata):
        names = str((kind.extra or {}).get("name_of", names))
        kind = kind.type
    return isinstance(kind, inspect.StrType) and names != "node" and (field.required or field.default == "")


def _edges(node: Node, language: str) -> dict[NodeId, str]:
    """Where it leads, each with how that is drawn."""
    together: dict[NodeId, list[Way]] = {}
    for way in node.ways():
        together.setdefault(way.to, []).append(way)
    edges = {}
    for to, ways in together.items():
        said = [line for way in ways for line in _label(node, way, language) if line]
        label = "\n".join(f" {line} " for line in said)  # with some air between it and its line
        aside = all(way.name in {"give_up", "failed", "none"} for way in ways)
        style = ', style=dashed, color="#8a8a8a", fontcolor="#555555"' if aside else ""
        edges[to] = f"label={_quoted(label)}{style}"
    return edges


def _label(node: Node, way: Way, language: str) -> Sequence[str]:
    if isinstance(node, BranchNode) and way.name.isdigit():
        return lines_of(node.cases[int(way.name) - 1].when, LABEL_WIDTH, 3)
    if isinstance(node, TransferNode):
        return (way_word(NOT_PUT_THROUGH, language),)
    if way.name not in KEYS:
        return (way_word(way.name, language),)
    if isinstance(node, SurveyNode):  # all marks lead to the same node
        return (f"1 – {node.highest}",) if way.name == "1" else ()
    labels = node.label_of(way.name)
    said = labels.get(language) or next(iter(labels.values()), "")
    return lines_of(f"{way.name} {said}", LABEL_WIDTH, 2)


def lines_of(text: str, width: int, most: int) -> Sequence[str]:
    """At most so many lines of at most so many columns, broken between words, or anywhere in Chinese; what is left out
    is an ellipsis."""
    lines = [""]
    for piece in _pieces(text):
        if columns(lines[-1] + piece.rstrip()) <= width:
            lines[-1] += piece
        elif len(lines) == most:
            lines[-1] = _cut(lines[-1] + piece, width)
            break
        else:
            lines.append(piece)
    return [line if columns(line) <= width else _cut(line, width) for line in map(str.strip, lines) if line]


def _pieces(text: str) -> Iterator[str]:
    word = ""
    for sign in " ".join(text.split()):
        wide = columns(sign) == 2
        if wide and word:
            yield word
            word = ""
        word += sign
        if wide or sign == " ":
            yield word
            word = ""
    if word:
        yield word


def columns(text: str) -> int:
    """How wide a text is, in columns of Latin letters."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _cut(text: str, width: int) -> str:
    while columns(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
