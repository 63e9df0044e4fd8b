"""Who is available and who waits, kept so that a match is found without looking at everybody.

Callers who ask for the same thing (the same requirement, in the same order of preference, on the same PBX) are of one
*kind*. Each kind keeps two sorted lists: the keys of the available agents who can serve it, and the keys of the calls
that wait for it. An agent who becomes available enters the lists of the kinds that he can serve, which are few, and
leaves them when he is reserved; the best agent for a call is the first of a list, and so is the first call for an
agent. Nothing is computed anew that has not changed. A queue that somebody has left has kinds of its own, so that he is
in none of their lists.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from acd.model import InteractionId, QueueName, Skill
from acd.routing.decision import places_in
from acd.routing.preference import Order, Parts, Place, Work, place_in
from acd.routing.requirement import Requirement, surplus, written
from acd.routing.skill_sets import SkillSets
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


class _Rank:
    """The kinds that an agent can serve and in which he has the same key. Most orders do not look at how far above a
    requirement he is, so that he has one for all kinds."""

    __slots__ = ("calls", "half", "order", "ready")

    def __init__(self, order: Order, half: int) -> None:
        self.order = order
        self.half = half
        """The half of his key that follows from his skills."""
        self.ready: list[list[int]] = []
        self.calls: list[list[CallKey]] = []
        """The lists of the kinds."""


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
        self._kinds: dict[tuple[str, Parts, NodeName, QueueName | None], Kind] = {}
        self._ranks: list[dict[NodeName, list[_Rank]]] = [{} for _ in skills]
        """By place: what he can serve when he works at that PBX."""
        self._available: dict[int, tuple[NodeName, Work, list[tuple[int, _Rank]]]] = {}
        """By place: where he is available, and the key that he has now."""
        self._waiting: dict[InteractionId, tuple[CallKey, list[list[CallKey]]]] = {}
        """With the lists in which it stands."""
        self._held: list[dict[NodeName, list[CallKey]]] = [{} for _ in skills]
        """By place: calls that wait for this very agent."""
        self._sets = SkillSets(skills)
        self._left: dict[QueueName, int] = {}
        """Of the queues that have kinds of their own: who has left them, as a set."""
        self._others = [0 for _ in skills]
        for need in needs:
            for place in places_in(self._sets.able(need)):
                self._others[place] += 1

    # -- kinds -----------------------------------------------------------------------------------------------------

    def kind(self, need: Requirement, parts: Parts, node: NodeName, queue: QueueName | None = None) -> Kind:
        """The kind of callers with this requirement (and in this queue, if somebody has left it); made when the first
        one is seen."""
        own = queue if queue in self._left else None
        key = (written(need), parts, node, own)
        if (known := self._kinds.get(key)) is not None:
            return known
        if parts not in self._orders:
            self._orders[parts] = Order(parts)
        made = self._kinds[key] = Kind(need, self._orders[parts], node)
        made.able = self._sets.able(need)
        if own is not None:
            made.able &= ~self._left[own]
        made.lacks = self._sets.lacks(need)
        for place in places_in(made.able):
            self._can_serve(place, made)
        return made

    def _can_serve(self, place: int, kind: Kind) -> None:
        above = surplus(kind.need, self._skills[place])
        half = kind.order.of_skills(Place(above, max(0, self._others[place] - 1), self._positions[place], place))
        now = self._available.get(place)
        self.unavailable(place)
        ranks = self._ranks[place].setdefault(kind.node, [])
        rank = next((one for one in ranks if one.order is kind.order and one.half == half), None)
        if rank is None:
            ranks.append(rank := _Rank(kind.order, half))
        rank.ready.append(kind.ready)
        rank.calls.append(kind.calls)
        if now is not None:
            self.available(place, now[0], now[1])

    # -- who is in which queue -------------------------------------------------------------------------------------

    def left(self, queue: QueueName) -> int:
        """Who has left that queue, as a set."""
        return self._left.get(queue, 0)

    def leave(self, place: int, queue: QueueName) -> bool:
        """He is not asked for this queue any more. Gives whether the queue has kinds of its own only from now on:
        whoever waits in it stands in the wrong lists then."""
        is_new = queue not in self._left
        self._left[queue] = self._left.get(queue, 0) | 1 << place
        for kind in self._kinds_of(queue):
            if kind.able >> place & 1:
                kind.able ^= 1 << place
                self._cannot_serve(place, kind)
        return is_new

    def join(self, place: int, queue: QueueName) -> None:
        """He is asked for this queue again."""
        self._left[queue] &= ~(1 << place)
        for kind in self._kinds_of(queue):
            if self._sets.able(kind.need) >> place & 1 and not kind.able >> place & 1:
                kind.able |= 1 << place
                self._can_serve(place, kind)

    def _kinds_of(self, queue: QueueName) -> list[Kind]:
        return [kind for key, kind in self._kinds.items() if key[3] == queue]

    def _cannot_serve(self, place: int, kind: Kind) -> None:
        now = self._available.get(place)
        self.unavailable(place)
        ranks = self._ranks[place][kind.node]
        for rank in ranks:
            for number, ready in enumerate(rank.ready):
                if ready is kind.ready:  # two lists may be equal
                    del rank.ready[number], rank.calls[number]
                    break
        self._ranks[place][kind.node] = [rank for rank in ranks if rank.ready]
        if now is not None:
            self.available(place, now[0], now[1])

    # -- agents ----------------------------------------------------------------------------------------------------

    def available(self, place: int, node: NodeName, work: Work) -> None:
        """He can be asked from now on, at that PBX; or something in `work` has changed meanwhile."""
        self.unavailable(place)
        order, half = None, 0
        keys: list[tuple[int, _Rank]] = []
        for rank in self._ranks[place].get(node, ()):
            if rank.order is not order:  # there are few
                order = rank.order
                half = order.of_work(work)
            key = rank.half + half
            for ready in rank.ready:
                insort(ready, key)
            keys.append((key, rank))
        self._available[place] = node, work, keys

    def unavailable(self, place: int) -> None:
        """He cannot be asked any more."""
        if (was := self._available.pop(place, None)) is not None:
            for key, rank in was[2]:
                for ready in rank.ready:
                    del ready[bisect_left(ready, key)]

    def key_of(self, place: int, kind: Kind) -> int | None:
        """The key of an agent among those of a kind; None if he is not available for it."""
        where, _, keys = self._available.get(place, (None, None, ()))
        if where != kind.node or not kind.able >> place & 1:
            return None
        return next(key for key, rank in keys if any(ready is kind.ready for ready in rank.ready))

    def is_available(self, place: int) -> bool:
        """Whether he can be asked."""
        return place in self._available

    # -- calls -----------------------------------------------------------------------------------------------------

    def wait(self, key: CallKey, kind: Kind) -> None:
        """A call waits for an agent of this kind (too, if it waits for others already: with the same key)."""
        self._stand(key, kind.calls)

    def wait_for(self, key: CallKey, place: int, node: NodeName) -> None:
        """A call on that PBX waits for this very agent, with the same key again."""
        self._stand(key, self._held[place].setdefault(node, []))

    def _stand(self, key: CallKey, calls: list[CallKey]) -> None:
        self._waiting.setdefault(key[3], (key, []))[1].append(calls)
        insort(calls, key)

    def held_for(self, place: int) -> Sequence[InteractionId]:
        """The calls that wait for this very agent."""
        held = self._held[place]
        return [key[3] for calls in held.values() for key in calls] if held else ()

    def waits(self, call: InteractionId) -> bool:
        """Whether it does."""
        return call in self._waiting

    def stop(self, call: InteractionId) -> None:
        """It waits no more."""
        if (waiting := self._waiting.pop(call, None)) is None:
            return
        key, lists = waiting
        for calls in lists:
            del calls[bisect_left(calls, key)]

    def first_call(self, place: int, node: NodeName, may: Callable[[InteractionId], bool]) -> InteractionId | None:
        """The call that comes first of those that an agent at that PBX can serve and `may` take."""
        best: CallKey | None = None
        for key in self._held[place].get(node, ()):
            if may(key[3]):
                best = key
                break
        for rank in self._ranks[place].get(node, ()):
            for calls in rank.calls:
                if calls and (best is None or calls[0] < best):
                    for key in calls:
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
