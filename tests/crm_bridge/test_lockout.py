"""Who guesses runs out of tries; who mistypes does not."""

from hypothesis import given
from hypothesis import strategies as st

from crm_bridge.lockout import LOCKED, TRIES, WITHIN, forgotten_at, is_locked, still_counted


def wrong_at(*times: float) -> tuple[float, ...]:
    """What is kept after tries at those times, as far as he was let."""
    tries: tuple[float, ...] = ()
    for now in times:
        tries = still_counted(tries, now)
        if not is_locked(tries):
            tries = (*tries, now)
    return tries


def test_five_within_a_quarter_of_an_hour_lock_for_half_an_hour() -> None:
    tries = wrong_at(0.0, 10.0, 20.0, 30.0, 800.0)
    assert is_locked(tries)
    assert is_locked(still_counted(tries, 800.0 + LOCKED - 1))
    assert still_counted(tries, 800.0 + LOCKED) == ()
    assert forgotten_at(tries) == 800.0 + LOCKED


def test_five_in_a_longer_time_do_not() -> None:
    tries = wrong_at(0.0, 10.0, 20.0, 30.0, WITHIN)
    assert not is_locked(tries)
    assert tries == (10.0, 20.0, 30.0, WITHIN)
    assert forgotten_at(tries) == 2 * WITHIN


def test_who_tries_on_is_not_locked_for_longer() -> None:
    assert wrong_at(*map(float, range(20))) == (0.0, 1.0, 2.0, 3.0, 4.0)


def test_a_clock_that_is_set_back_locks_nobody_for_ever() -> None:
    tries = still_counted((9e9,) * TRIES, 100.0)
    assert is_locked(tries)
    assert still_counted((9e9, 9e9), 100.0) == (100.0, 100.0)


@given(st.lists(st.floats(0, 5 * LOCKED), max_size=60).map(sorted))
def test_nobody_has_more_tries_than_that(times: list[float]) -> None:
    """In no window of `WITHIN` are more than `TRIES` let through."""
    tries: tuple[float, ...] = ()
    let = []
    for now in times:
        tries = still_counted(tries, now)
        if not is_locked(tries):
            tries = (*tries, now)
            let.append(now)
    for start in let:
        assert sum(start <= at < start + WITHIN for at in let) <= TRIES
