"""When a queue's rules hold: each condition by itself, and together."""

import pytest

from acd.model import OverflowCause
from acd.waiting.plan import (
    Closed,
    Condition,
    EstimatedWait,
    Goodbye,
    Length,
    LongestWait,
    Nobody,
    PerAgent,
    Rule,
    Staff,
    Waited,
)
from acd.waiting.rules import Facts, asks_for, cause_of, first_place, next_look, own_wait, rules_of

BUSY = Facts(90.0, 3, frozenset(), is_open=True, paces=((1, 60.0), (2, 30.0)))
EMPTY = Facts(90.0, 0, frozenset({Staff.LOGGED_IN, Staff.READY}), is_open=False)


def rule(*when: Condition) -> Rule:
    """Goodbye."""
    return Rule(when, Goodbye())


@pytest.mark.parametrize(
    ("when", "busy", "empty"),
    [
        ((Length(5),), 6, 6),
        ((PerAgent(2.0),), 7, None),
        ((PerAgent(0.5),), 2, None),
        ((LongestWait(90.0),), 1, 1),
        ((LongestWait(91.0),), None, None),
        ((Nobody(Staff.LOGGED_IN),), None, 1),
        ((Nobody(Staff.READY),), None, 1),
        ((Closed(),), None, 1),
        ((Waited(30.0),), 1, 1),
        ((EstimatedWait(100.0),), 4, None),
        ((EstimatedWait(10.0), Length(2)), 3, None),
        ((Length(5), PerAgent(2.0)), 7, None),
        ((Length(8), PerAgent(2.0)), 9, None),
        ((Length(5), Closed()), None, 6),
    ],
)
def test_from_which_place_a_rule_holds(when: tuple[Condition, ...], busy: int | None, empty: int | None) -> None:
    assert first_place(rule(*when), BUSY) == busy
    assert first_place(rule(*when), EMPTY) == empty


@pytest.mark.parametrize(
    ("when", "waiting", "entering"),
    [
        (Waited(30.0), "timeout", "timeout"),
        (LongestWait(30.0), "timeout", "timeout"),
        (EstimatedWait(30.0), "timeout", "timeout"),
        (Length(3), "full", "full"),
        (PerAgent(3.0), "full", "full"),
        (Nobody(Staff.READY), "empty", "empty"),
        (Closed(), "closing", "schedule"),
    ],
)
def test_causes(when: Condition, waiting: str, entering: str) -> None:
    assert cause_of(rule(when), at_entry=False) is OverflowCause(waiting)
    assert cause_of(rule(when), at_entry=True) is OverflowCause(entering)


def test_own_waits() -> None:
    rules = (rule(Waited(60.0), Nobody(Staff.READY)), rule(Waited(300.0)), rule(Length(3)))
    assert [own_wait(one) for one in rules] == [60.0, 300.0, 0.0]
    looks = [next_look([0.0, 60.0, 300.0], 1000.0, 1000.0 + waited) for waited in (0.0, 59.9, 60.0, 299.0, 300.0)]
    assert looks == [1060.0, 1060.0, 1300.0, 1300.0, None]


def test_short_settings_are_rules_behind_the_others() -> None:
    own = (rule(Length(3)),)
    assert rules_of(own, max_wait=60.0, tell_if_nobody=False) == (*own, rule(Waited(60.0)))
    assert rules_of((), max_wait=60.0, tell_if_nobody=True) == (rule(Nobody(Staff.LOGGED_IN)), rule(Waited(60.0)))


def test_what_counts_for_those_who_wait() -> None:
    assert asks_for((rule(Length(3)),), Length)
    assert not asks_for((Rule((Length(3),), Goodbye(), entry_only=True),), Length)
