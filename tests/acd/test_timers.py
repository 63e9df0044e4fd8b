"""Deadlines: what is due comes in order, once, and what was dropped does not."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from acd.timers import WIDTH, Timers

KEYS = st.integers(0, 12)
SECONDS = st.one_of(st.integers(-5, 40).map(float), st.floats(-5, 40), st.just(86_400.0))


class AsADictionary(RuleBasedStateMachine):
    """The same, kept as a dictionary that is looked through from end to end."""

    def __init__(self) -> None:
        super().__init__()
        self.timers: Timers[int] = Timers()
        self.expected: dict[int, tuple[float, int]] = {}
        self.serial = 0
        self.now = 1_800_000_000.0

    @rule(key=KEYS, after=SECONDS)
    def set(self, key: int, after: float) -> None:
        self.timers.set(key, self.now + after)
        if key not in self.expected or self.expected[key][0] != self.now + after:
            self.serial += 1
            self.expected[key] = self.now + after, self.serial

    @rule(key=KEYS)
    def drop(self, key: int) -> None:
        self.timers.drop(key)
        self.expected.pop(key, None)

    @rule(keys=st.lists(KEYS))
    def drop_all(self, keys: list[int]) -> None:
        self.timers.drop_all(keys)
        for key in keys:
            self.expected.pop(key, None)

    @rule(after=st.floats(0, 30))
    def wait(self, after: float) -> None:
        self.now += after

    @rule()
    def take(self) -> None:
        first = min((at for at, _ in self.expected.values()), default=self.now + 1)
        taken = self.timers.take_due(self.now)
        assert (taken is not None) == (first <= self.now)
        if taken is not None:
            assert self.expected.pop(taken)[0] == first

    @invariant()
    def the_same(self) -> None:
        assert set(self.timers) == set(self.expected)
        assert len(self.timers) == len(self.expected)
        assert self.timers.next() == min((at for at, _ in self.expected.values()), default=None)


TestTimers = AsADictionary.TestCase
TestTimers.settings = settings(max_examples=200, stateful_step_count=40)


@given(st.lists(st.integers(0, 5), min_size=1))
def test_of_two_at_one_time_the_first_comes_first(after: list[int]) -> None:
    """Two brains that hear the same say the same."""
    timers: Timers[int] = Timers()
    for key, at in enumerate(after):
        timers.set(key, at * WIDTH / 2)
    taken = [timers.take_due(100.0) for _ in after]
    assert taken == sorted(range(len(after)), key=lambda key: (after[key], key))


def test_nothing_stays_of_what_was_dropped() -> None:
    """With almost every call a deadline that lies far ahead is set and dropped."""
    timers: Timers[int] = Timers()
    timers.set(-1, 86_400.0)
    for key in range(10_000):
        timers.set(key, key / 100 + 600.0)
        timers.set(key, key / 100 + 900.0)
        timers.drop(key)
    kept = sum(map(len, timers._buckets.values())) + len(timers._heap)
    assert kept == 1
    assert timers.next() == 86_400.0
