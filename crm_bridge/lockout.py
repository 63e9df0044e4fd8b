"""Who guesses a customer's PIN runs out of tries: `TRIES` wrong ones within `WITHIN` lock the customer for `LOCKED`.

Every try counts as a wrong one from the moment it is made until it is seen to be right, so that a hundred guesses in a
hundred calls at once are a hundred guesses, and so that none is forgotten if we are killed before the answer.
"""

from collections.abc import Sequence

TRIES = 5
WITHIN = 15 * 60.0
"""Seconds, from the first of them to the last."""
LOCKED = 30 * 60.0
"""Seconds since the last of them."""

Tries = Sequence[float]
"""When the tries were made that were not right, the oldest first; at most `TRIES`."""


def still_counted(tries: Tries, now: float) -> tuple[float, ...]:
    """Those that are of importance now. A clock that was set back keeps nobody out for longer than `LOCKED`."""
    past = tuple(min(at, now) for at in tries)
    if len(past) >= TRIES:
        return past if now < past[-1] + LOCKED else ()
    return tuple(at for at in past if now < at + WITHIN)


def is_locked(tries: Tries) -> bool:
    """Whether those that are `still_counted` leave none."""
    return len(tries) >= TRIES


def forgotten_at(tries: Tries) -> float:
    """When nothing of it is of importance any more."""
    return (tries[-1] if tries else 0.0) + (LOCKED if is_locked(tries) else WITHIN)
