"""What an agent reads on his screen of things that he has not done himself: a call missed, a break by his supervisor.

There is one for each matter: what has happened to him by itself, the state that somebody has put him into, and each
queue that somebody has put him into or taken him out of. A later one of the same matter takes its place. When his phone
rings, what went before is past; but what somebody has done is not lost by that: it stays until he has read it.
"""

import msgspec

from acd.model import QueueName


class Notice(msgspec.Struct, frozen=True):
    """Something the agent should know though he did not ask: `missed`, `caller_hung_up`, `desktop_was_lost`..."""

    code: str
    at: float
    by: str = ""
    """Who has done it, where somebody has: a name."""
    what: str = ""
    """What it is about: the reason of a break, a queue."""


Notices = tuple[Notice, ...]
"""Oldest first."""

MOST = 5
"""So many are kept; nobody reads more."""

_OF_QUEUES = frozenset({"supervisor_join_queue", "supervisor_leave_queue"})


def told_too(before: Notices, new: Notice) -> Notices:
    """With one more. What somebody makes of his state settles what has happened by itself, too."""
    settled = {_matter(new)} if _is_of_queue(new) or not new.by else {_matter(new), ""}
    return (*(one for one in before if _matter(one) not in settled), new)[-MOST:]


def after_ring(before: Notices, now: float) -> Notices:
    """His phone rings, or his screen asks him something: only what has led to it, at this moment, or what somebody has
    done is still of interest."""
    return tuple(one for one in before if one.by or one.at == now) if before else before


def after_wish(before: Notices) -> Notices:
    """He has said himself what he wants to be: only his queues are as they were."""
    return tuple(one for one in before if _is_of_queue(one)) if before else before


def after_choice(before: Notices, queue: QueueName) -> Notices:
    """He has left or joined a queue himself."""
    return tuple(one for one in before if not (_is_of_queue(one) and one.what == queue)) if before else before


def _is_of_queue(of: Notice) -> bool:
    return of.code in _OF_QUEUES


def _matter(of: Notice) -> str:
    if _is_of_queue(of):
        return f"queue {of.what}"
    return "state" if of.by else ""
