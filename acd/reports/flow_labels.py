"""What people call the keys that callers pressed: a report knows them by number, as storage does."""

from collections.abc import Mapping

from msgspec.structs import replace

from acd.reports.flows import FlowLine, FlowReport
from ivr.flow.flow import Flow
from ivr.flow.node import LabelTexts
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.menu import MenuNode


def with_labels(report: FlowReport, flows: Mapping[FlowName, Flow]) -> FlowReport:
    """With the labels of the choices that callers took, as far as these flows, which are today's, have them."""
    return replace(report, nodes=tuple(replace(line, labels=_labels(line, flows)) for line in report.nodes))


def _labels(line: FlowLine, flows: Mapping[FlowName, Flow]) -> Mapping[str, LabelTexts]:
    flow = flows.get(FlowName(line.place.flow))
    if flow is None or line.place.version not in {
        "",
        flow.version,
    }:  # in another version the key may mean another thing
        return {}
    menu = flow.nodes.get(NodeId(line.place.node))
    return {way: menu.label_of(way) for way in line.ways if way in menu.choices} if isinstance(menu, MenuNode) else {}
