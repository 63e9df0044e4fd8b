"""Who is available and who waits, kept so that a match is found without looking at everybody.

Callers who ask for the same thing (the same requirement, in the same order of preference, on the same PBX) are of one
*kind*. Each kind keeps two sorted lists: the keys of the available agents who can serve it, and the keys of the calls
that wait for it. An agent who becomes available enters the lists of the kinds that he can serve, which are few, and
leaves them when he is reserved; the best agent for a call is the first of a list, and so is the first call for an
agent. Nothing is computed anew that has not changed.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from acd.model import InteractionId, Skill
from acd.preference import Order, Parts, Place, Work, place_in
from acd.requirement import Requirement, is_met, lacking, surplus, written
from cti.model import NodeName

CallKey = tuple[int, float, float, InteractionId]
"""Smaller is served first: strict class, queue weight (negative), virtual arrival; whose it is."""


class Kind:
    """Callers of one kind, and who can serve them."""

    __slots__ = ("able", "calls", "lacks", "need", "node", "order", "ready", "text")

    def __init__(self, need: Requirement, order: Order, node: NodeName) -> None:
        self.need = need
        self.text = written(need)
        self.order = order
        self.node = node
        self.able = 0
        """Who meets the requirement, as a set: one bit for each place in the roster."""
        self.lacks: dict[str, int] = {}
        """What the others lack, as `billing>=7`, with the set of those who lack it."""
        self.ready: list[int] = []
        """The keys of those who are available, best first."""
        self.calls: list[CallKey] = []
        """The keys of those who wait, first come first."""


class Matching:
    """All kinds of one plan. `skills` and `positions` (in the file): those of each agent, in the order of the roster.

    `needs`: what the plan asks for, to know who is versatile.
    """

    def __init__(
        self, skills: Sequence[Mapping[Skill, int]], positions: Sequence[int], needs: Collection[Requirement]
    ) -> None:
        self._skills = skills
        self._positions = positions
        self._orders: dict[Parts, Order] = {}
        self._kinds: dict[tuple[str, Parts, NodeName], Kind] = {}
        self._served: list[dict[NodeName, list[tuple[Kind, int]]]] = [{} for _ in skills]
        """By place: the kinds that he can serve when he works at that PBX."""
        self._available: dict[int, tuple[NodeName, dict[Order, int], Work]] = {}
        self._waiting: dict[InteractionId, tuple[CallKey, list[Kind]]] = {}
        self._others = [sum(is_met(need, of) for need in needs) for of in skills]

    # -- kinds -----------------------------------------------------------------------------------------------------

    def kind(self, need: Requirement, parts: Parts, node: NodeName) -> Kind:
        """The kind of callers with this requirement; made when the first one is seen."""
        key = (written(need), parts, node)
        if (known := self._kinds.get(key)) is not None:
            return known
        if parts not in self._orders:
            self._orders[parts] = Order(parts)
        made = self._kinds[key] = Kind(need, self._orders[parts], node)
        for place, skills in enumerate(self._skills):
            if is_met(need, skills):
                self._can_serve(place, made)
            else:
                lack = lacking(need, skills)
                made.lacks[lack] = made.lacks.get(lack, 0) | 1 << place
        return made

    def _can_serve(self, place: int, kind: Kind) -> None:
        above = surplus(kind.need, self._skills[place])
        half = kind.order.of_skills(Place(above, max(0, self._others[place] - 1), self._positions[place], place))
        kind.able |= 1 << place
        self._served[place].setdefault(kind.node, []).append((kind, half))
        if (now := self._available.get(place)) is not None and now[0] == kind.node:
            halves = now[1]
            if kind.order not in halves:
                halves[kind.order] = kind.order.of_work(now[2])
            insort(kind.ready, half + halves[kind.order])

    # -- agents ----------------------------------------------------------------------------------------------------

    def available(self, place: int, node: NodeName, work: Work) -> None:
        """He can be asked from now on, at that PBX; or something in `work` has changed meanwhile."""
        self.unavailable(place)
        halves: dict[Order, int] = {}
        for kind, half in self._served[place].get(node, ()):
            order = kind.order
            if (work_half := halves.get(order)) is None:
                work_half = halves[order] = order.of_work(work)
            insort(kind.ready, half + work_half)
        self._available[place] = (node, halves, work)

    def unavailable(self, place: int) -> None:
        """He cannot be asked any more."""
        if (was := self._available.pop(place, None)) is None:
            return
        node, halves, _ = was
        for kind, half in self._served[place].get(node, ()):
            ready = kind.ready
            del ready[bisect_left(ready, half + halves[kind.order])]

    def is_available(self, place: int) -> bool:
        """Whether he can be asked."""
        return place in self._available

    # -- calls -----------------------------------------------------------------------------------------------------

    def wait(self, key: CallKey, kind: Kind) -> None:
        """A call waits for an agent of this kind (too, if it waits for others already: with the same key)."""
        self._waiting.setdefault(key[3], (key, []))[1].append(kind)
        insort(kind.calls, key)

    def stop(self, call: InteractionId) -> None:
        """It waits no more."""
        if (waiting := self._waiting.pop(call, None)) is None:
            return
        key, kinds = waiting
        for kind in kinds:
            del kind.calls[bisect_left(kind.calls, key)]

    def first_call(self, place: int, node: NodeName, may: Callable[[InteractionId], bool]) -> InteractionId | None:
        """The call that comes first of those that an agent at that PBX can serve and `may` take."""
        best: CallKey | None = None
        for kind, _ in self._served[place].get(node, ()):
            for key in kind.calls:
                if best is not None and key >= best:
                    break
                if may(key[3]):
                    best = key
                    break
        return None if best is None else best[3]


def best_of(kind: Kind, excluded: Collection[int]) -> Iterator[int]:
    """The keys of the available agents of a kind who are not excluded, best first."""
    if not excluded:
        return iter(kind.ready)
    return (key for key in kind.ready if place_in(key) not in excluded)
