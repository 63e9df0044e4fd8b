"""Confidence intervals against a printed table."""

import math
from random import Random

import pytest

from acd.simulation.estimates import estimate, student_t


@pytest.mark.parametrize(
    ("confidence", "freedom", "table"),
    [
        (0.95, 1, 12.706),
        (0.95, 2, 4.303),
        (0.95, 3, 3.182),
        (0.95, 9, 2.262),
        (0.95, 30, 2.042),
        (0.99, 1, 63.657),
        (0.99, 2, 9.925),
        (0.99, 19, 2.861),
        (0.99, 120, 2.617),
    ],
)
def test_students_t(confidence: float, freedom: int, table: float) -> None:
    assert student_t(confidence, freedom) == pytest.approx(table, abs=6e-4)


def test_of_runs() -> None:
    found = estimate([1.0, 2.0, 3.0])
    assert (found.mean, found.runs) == (2.0, 3)
    assert found.half_width == pytest.approx(4.303 / math.sqrt(3), abs=1e-3)
    assert not found.differs()
    assert estimate([2.0, 2.1, 1.9]).differs()


def test_one_run_says_nothing_of_chance_and_none_says_nothing() -> None:
    one = estimate([5.0, math.nan])
    assert (one.mean, one.runs, one.differs()) == (5.0, 1, False)
    assert math.isnan(one.half_width)
    assert not estimate([math.nan]).is_known


def test_of_many_differences_some_are_chance() -> None:
    """Drawn without any: alone one in twenty seems to be one, of forty together nearly always one of them does."""
    luck = Random(1)
    forties = [[estimate([luck.gauss(0.0, 1.0) for _ in range(10)]) for _ in range(40)] for _ in range(100)]
    seem = sum(one.differs() for forty in forties for one in forty)
    assert 150 < seem < 250
    assert sum(any(one.differs() for one in forty) for forty in forties) > 75
    assert sum(any(one.differs(among=40) for one in forty) for forty in forties) <= 10
    assert estimate([2.0, 2.1, 1.9, 2.0]).differs(among=40)
