"""Ways that lead back to where they began, among nodes or flows. A file may hold thousands of them, so each look at all
of them is one walk: no step for every pair."""

from collections.abc import Collection, Hashable, Iterator, Mapping
from itertools import count
from typing import TypeVar

from ivr.files.mistakes import MOST_TOLD

T = TypeVar("T", bound=Hashable)

Leads = Mapping[T, Collection[T]]
"""Where each one leads; all of them are keys."""

LONGEST_TOLD = 8
"""Steps of a way that are told one by one."""


def rings(leads: Leads[T]) -> Iterator[tuple[T, ...]]:
    """Short rings, each told from the one of it that comes first; none is told of twice, and of many only the first."""
    left = dict(leads)
    place = {of: at for at, of in enumerate(leads)}
    for _ in range(MOST_TOLD):
        found = [way for knot in knots(left) if (way := way_back(min(knot, key=place.__getitem__), left, knot))]
        if not found:
            return
        yield from found
        told = {one for way in found for one in way}
        left = {of: [to for to in there if to not in told] for of, there in left.items() if of not in told}


def way_back(start: T, leads: Leads[T], within: Collection[T]) -> tuple[T, ...]:
    """The shortest way from one of a knot back to itself, without its return; empty if there is none."""
    return way_to(start, start, leads, within)


def way_to(start: T, end: T, leads: Leads[T], within: Collection[T]) -> tuple[T, ...]:
    """The shortest way, without its end; empty if there is none. `within`: those that may be passed."""
    came_from: dict[T, T] = {}
    ahead = [start]
    for here in ahead:
        for there in leads[here]:
            if there == end:
                way = [here]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            if there in within and there not in came_from and there != start:
                came_from[there] = here
                ahead.append(there)
    return ()


def knots(leads: Leads[T]) -> list[frozenset[T]]:
    """Those that lead to each other, and to themselves: strongly connected components, by Tarjan's algorithm (SIAM
    Journal on Computing 1, 1972) without recursion."""
    number: dict[T, int] = {}
    lowest: dict[T, int] = {}
    open_ones: dict[T, None] = {}
    found: list[frozenset[T]] = []
    numbers = count()
    for root in leads:
        walk = [] if root in number else [(root, iter(leads[root]))]
        if walk:
            number[root] = lowest[root] = next(numbers)
            open_ones[root] = None
        while walk:
            here, ahead = walk[-1]
            for there in ahead:
                if there not in number:
                    number[there] = lowest[there] = next(numbers)
                    open_ones[there] = None
                    walk.append((there, iter(leads[there])))
                    break
                if there in open_ones:
                    lowest[here] = min(lowest[here], number[there])
            else:
                walk.pop()
                if walk:
                    lowest[walk[-1][0]] = min(lowest[walk[-1][0]], lowest[here])
                if lowest[here] == number[here]:
                    knot = _closed(here, open_ones)
                    if len(knot) > 1 or here in leads[here]:
                        found.append(knot)
    return found


def _closed(root: T, open_ones: dict[T, None]) -> frozenset[T]:
    knot = {root}
    while (one := open_ones.popitem()[0]) != root:
        knot.add(one)
    return frozenset(knot)


def told(way: Collection[str]) -> str:
    """For people."""
    steps = list(way)
    if len(steps) > LONGEST_TOLD + 1:
        left_out = len(steps) - LONGEST_TOLD
        steps[LONGEST_TOLD - 1 : -1] = [f"({left_out:,} more)"]
    return " -> ".join(steps)
