"""The breaker, every step of its drawing."""

from crm_bridge.breaker import FAILURES, PAUSE, Breaker, Closed, HalfOpen, Open


def opened(now: float) -> Breaker:
    """One that has just opened."""
    breaker = Breaker()
    for _ in range(FAILURES):
        assert breaker.allows(now)
        breaker.failed(now)
    return breaker


def test_failures_in_a_row_open_it() -> None:
    breaker = opened(100.0)
    assert breaker.state == Open(100.0 + PAUSE)
    assert not breaker.allows(100.0)
    assert not breaker.allows(100.0 + PAUSE - 0.01)


def test_a_success_between_failures_keeps_it_closed() -> None:
    breaker = Breaker()
    for _ in range(10 * FAILURES):
        breaker.failed(1.0)
        breaker.succeeded()
    assert breaker.state == Closed()


def test_one_question_tries_whether_it_is_back() -> None:
    breaker = opened(0.0)
    assert breaker.allows(PAUSE)
    assert isinstance(breaker.state, HalfOpen)
    assert not breaker.allows(PAUSE + 1)
    breaker.succeeded()
    assert breaker.allows(PAUSE + 1)


def test_the_question_fails() -> None:
    breaker = opened(0.0)
    assert breaker.allows(PAUSE)
    breaker.failed(PAUSE + 1.5)
    assert not breaker.allows(2 * PAUSE + 1)
    assert breaker.allows(2 * PAUSE + 1.5)


def test_the_question_is_never_answered() -> None:
    breaker = opened(0.0)
    assert breaker.allows(PAUSE)
    assert not breaker.allows(2 * PAUSE - 0.1)
    assert breaker.allows(2 * PAUSE)


def test_late_failures_of_questions_asked_before_it_opened() -> None:
    breaker = opened(0.0)
    breaker.failed(3.0)
    assert breaker.state == Open(3.0 + PAUSE)
