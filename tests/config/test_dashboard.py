"""The shipped Grafana dashboard asks Prometheus for nothing that `/metrics` does not have."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

import config
from acd.figures import Tally
from acd.remembered import FiguresRemembered
from tests.config.test_readiness import running_centre

FILE = Path(config.__file__).parent.parent / "docs" / "grafana" / "callwright.json"
DASHBOARD: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def asked() -> Iterator[tuple[str, str]]:
    """Each panel's title with each of its expressions, as Grafana sends them."""
    for panel in PANELS:
        for target in panel["targets"]:
            yield panel["title"], target["expr"].replace("$__rate_interval", "1m").replace("$queue", ".*")


def selectors(node: object) -> Iterator[promql_parser.VectorSelector]:
    """All in an expression."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    elif isinstance(node, promql_parser.MatrixSelector):
        yield from selectors(node.vector_selector)
    elif isinstance(node, promql_parser.Call):
        for argument in node.args:
            yield from selectors(argument)
    elif isinstance(node, promql_parser.BinaryExpr):
        yield from selectors(node.lhs)
        yield from selectors(node.rhs)
    elif isinstance(node, promql_parser.AggregateExpr | promql_parser.ParenExpr):
        yield from selectors(node.expr)
    else:
        assert isinstance(node, promql_parser.NumberLiteral), node


def series(text: str) -> dict[str, list[dict[str, str]]]:
    """Every series of a page of `/metrics`: its name, and the labels of each."""
    found: dict[str, list[dict[str, str]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


async def test_each_expression_finds_its_series(tmp_path: Path) -> None:
    """Names, labels that are matched, and labels that are grouped by or shown."""
    async with running_centre(tmp_path) as (centre, _):
        queue = next(iter(centre.plan.queues))
        centre.runtime.post(FiguresRemembered({queue: Tally(answered=1, answered_in_time=1, answered_wait=3.0)}))
        there = series(generate_latest(centre.registry).decode())
    for title, expression in asked():
        for selector in selectors(promql_parser.parse(expression)):
            assert selector.name in there, (title, selector.name)
            labels = there[selector.name]
            for matcher in selector.matchers.matchers:
                assert all(matcher.name in one for one in labels), (title, matcher.name)
    for panel in PANELS:
        for target in panel["targets"]:
            names = re.findall(r"callwright_\w+", target["expr"])
            for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                assert all(label in one for name in names for one in there[name]), (panel["title"], label)
    query = DASHBOARD["templating"]["list"][1]["query"]["query"]
    assert query == "label_values(callwright_queue_waiting, queue)"


def test_every_panel_can_be_told_from_the_others() -> None:
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    taken = [(p["x"] + x, p["y"] + y) for p in places for x in range(p["w"]) for y in range(p["h"])]
    assert len(set(taken)) == len(taken), "two panels lie on one another"
    assert max(x for x, _ in taken) == 23


@pytest.mark.parametrize("expression", ["rate(callwright_wait_seconds[5m)", "sum by (le (x)"])
def test_the_parser_would_tell(expression: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        promql_parser.parse(expression)
