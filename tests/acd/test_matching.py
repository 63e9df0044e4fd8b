"""The matching decides as a scan of everybody does, whatever has happened before."""

import pytest

from tests.acd.random_matching import Pair

STEPS = 4_000


@pytest.mark.parametrize("seed", range(8))
def test_the_matching_decides_as_a_scan_does(seed: int) -> None:
    pair = Pair(seed)
    for _ in range(STEPS):
        pair.step()
    assert pair.calls_for_agents + pair.agents_for_calls > STEPS / 3
