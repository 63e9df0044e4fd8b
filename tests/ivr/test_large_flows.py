"""Flows that nobody writes by hand, or that are wrong in thousands of places: read, or told clearly, in seconds.

No test says how many; but where a step were needed for every pair of nodes or flows, these would take hours.
"""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.files.mistakes import FileMistakes
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName
from ivr.reading.flow_text import Company, Source, flows_of
from ivr.reading.rings import knots, rings, told

NODES = 5_000
FLOWS = 3_000


def read(texts: Mapping[str, str], entered: str = "f0") -> Mapping[FlowName, Flow]:
    """Flows of a centre that speaks one language."""
    company = Company(["en"], ["billing"], flows=list(texts), entered=[entered])
    return flows_of({FlowName(name): Source(text, f"{name}.yaml") for name, text in texts.items()}, company)


def chain(node: Callable[[int], str], count: int = NODES) -> dict[str, str]:
    """One flow: so many nodes, and a last one that leads to people."""
    nodes = "".join(f"  n{number}: {node(number)}\n" for number in range(count))
    return {"f0": f"start: n0\nnodes:\n{nodes}  n{count}: {{kind: to_queue, queue: billing}}\n"}


def flows(node: Callable[[int], str]) -> dict[str, str]:
    """Many flows, each with a node and a way back."""
    return {f"f{n}": f"start: s\nnodes:\n  s: {node(n)}\n  back: {{kind: return}}\n" for n in range(FLOWS)}


@pytest.mark.parametrize(
    "texts",
    [
        chain(lambda n: f"{{kind: say, prompt: {{en: Hello}}, then: n{n + 1}}}"),
        chain(lambda n: f"{{kind: set, values: {{v{n}: '1'}}, then: n{n + 1}}}"),
        chain(
            lambda n: (
                f"{{kind: branch, cases: [{{when: caller == '1', then: n{n + 1}}}], otherwise: n{n + 2}}}",
                f"{{kind: set, values: {{v{n}: '1'}}, then: n{n + 2}}}",
                f"{{kind: set, values: {{w{n}: '1'}}, then: n{n + 1}}}",
            )[n % 3],
            NODES // 3 * 3,
        ),
        flows(lambda n: f"{{kind: sub_flow, flow: f{n + 1}, then: back}}" if n < FLOWS - 1 else "{kind: return}")
        | {f"f{FLOWS - 1}": "start: back\nnodes:\n  back: {kind: return}\n"},
    ],
    ids=["chain", "variables", "branches", "flows"],
)
def test_what_is_huge_and_right(texts: Mapping[str, str]) -> None:
    assert len(read(texts)) == len(texts)


@pytest.mark.parametrize(
    ("texts", "count", "first"),
    [
        (
            chain(lambda n: f"{{kind: say, prompt: {{en: Hello}}, then: n{(n + 1) % NODES}}}"),
            1,
            "f0.yaml:3:3: an endless ring that never waits for the caller: n0 -> n1 -> n2 -> n3 -> n4 -> n5 -> n6 ->",
        ),
        (
            chain(lambda n: f"{{kind: say, prompt: {{en: '{{foo{n}}}'}}, then: n{n + 1}}}"),
            NODES,
            "f0.yaml:3:32: nothing sets 'foo0'; there are 'caller', 'dialled'",
        ),
        (
            flows(lambda n: f"{{kind: sub_flow, flow: f{(n + 1) % FLOWS}, then: back}}"),
            100,
            "f0.yaml:3:29: a flow that leads through itself: f0 -> f1 -> f2 -> f3 -> f4 -> f5 -> f6 -> (2,993 more) ->",
        ),
        (
            flows(lambda n: f"{{kind: sub_flow, flow: g{n}, then: back}}"),
            FLOWS,
            "f0.yaml:3:29: unknown flow 'g0'; there are 'f0', 'f1', 'f10', 'f100',",
        ),
    ],
    ids=["ring", "unknown variables", "ring of flows", "unknown flows"],
)
def test_what_is_huge_and_wrong(texts: Mapping[str, str], count: int, first: str) -> None:
    with pytest.raises(FileMistakes) as refused:
        read(texts)
    assert len(refused.value.mistakes) == count
    assert str(refused.value).startswith(first)


# -- rings -------------------------------------------------------------------------------------------------------------

GRAPHS = st.integers(1, 8).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, size - 1), max_size=3, unique=True), min_size=size, max_size=size
    ).map(lambda leads: dict(enumerate(leads)))
)


def reached(start: int, leads: Mapping[int, list[int]]) -> set[int]:
    """All to which one comes from there."""
    seen: set[int] = set()
    ahead = [start]
    while ahead:
        for there in leads[ahead.pop()]:
            if there not in seen:
                seen.add(there)
                ahead.append(there)
    return seen


@given(GRAPHS)
def test_knots_are_those_that_lead_to_each_other(leads: Mapping[int, list[int]]) -> None:
    ways = {of: reached(of, leads) for of in leads}
    assert set(knots(leads)) == {
        frozenset(other for other in leads if other in ways[of] and of in ways[other]) for of in leads if of in ways[of]
    }


@given(GRAPHS)
def test_rings_are_rings_and_none_is_left(leads: Mapping[int, list[int]]) -> None:
    found = list(rings(leads))
    for ring in found:
        assert all(there in leads[here] for here, there in zip(ring, (*ring[1:], ring[0]), strict=True))
    all_told = [one for ring in found for one in ring]
    assert len(set(all_told)) == len(all_told), "each is told of once"
    left = {of: [to for to in there if to not in all_told] for of, there in leads.items() if of not in all_told}
    assert not knots(left)


def test_a_long_way_is_not_told_step_by_step() -> None:
    assert told("abcdefghi") == "a -> b -> c -> d -> e -> f -> g -> h -> i"
    assert told("abcdefghij") == "a -> b -> c -> d -> e -> f -> g -> (2 more) -> j"
