"""A matching and its oracle, to which the same random things happen: they must decide alike at every step.

A few thousand steps are a test, a million are a measurement (`bench.oracle`).
"""

from random import Random

from acd.model import InteractionId, QueueName, Skill
from acd.routing.matching import Kind, Matching, best_of
from acd.routing.preference import PRESETS, Part, Parts, place_in
from acd.routing.requirement import AllOf, Anybody, AtLeast, OneOf, Requirement
from cti.model import NodeName
from tests.acd.scan import Scan

QUEUES = (QueueName("billing"), QueueName("products"))
NODES = (NodeName("pbx1"), NodeName("pbx2"))
SKILLS = [Skill(name) for name in ("billing", "products", "zh", "en", "orders")]


class Worker:
    """What an agent has done, made up."""

    def __init__(self, random: Random, now: float) -> None:
        self.load = random.choice([0.0, 0.5])
        self.busyness = random.randrange(21)
        self.last_handled = now - random.randrange(5)
        self.ready_since = now
        self.handled = random.randrange(3)
        self.talked = float(random.randrange(100))
        self.last_asked = now - random.randrange(5)
        self.draw = random.randrange(1 << 16)


def a_need(random: Random, depth: int = 2) -> Requirement:
    """Some requirement."""
    if depth and random.random() < 0.5:
        parts = a_need(random, depth - 1), a_need(random, depth - 1)
        return AllOf(parts) if random.random() < 0.5 else OneOf(parts)
    return AtLeast(random.choice(SKILLS), random.randint(1, 9)) if random.random() < 0.95 else Anybody()


def an_order(random: Random) -> Parts:
    """A preset, or parts in any order."""
    if random.random() < 0.5:
        return random.choice(list(PRESETS.values()))
    return tuple(random.sample(list(Part), random.randint(1, 6)))


class Pair:
    """A matching and its oracle, to which the same happens."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.agents = random.choice([3, 12, 40])
        skills = [
            {skill: random.randint(1, 10) for skill in random.sample(SKILLS, random.randint(0, 4))}
            for _ in range(self.agents)
        ]
        self.needs = list({a_need(random) for _ in range(8)})
        self.orders = [an_order(random) for _ in range(3)]
        positions = random.sample(range(self.agents), self.agents)
        self.matching = Matching(skills, positions, self.needs)
        self.scan = Scan(list(skills), positions, self.needs)
        self.missed: dict[InteractionId, set[int]] = {}
        self.now = 1_800_000_000.0
        self.calls_for_agents = self.agents_for_calls = 0
        """Decisions that were compared."""
        self._serial = 0
        for queue in QUEUES:  # who waits while a queue gets kinds of its own is the brain's to put there
            self.matching.leave(0, queue)
            self.matching.join(0, queue)

    def kind(self, queue: QueueName | None) -> Kind:
        """Some callers of one kind; sometimes with a requirement that the plan does not know."""
        need = a_need(self.random) if self.random.random() < 0.05 else self.random.choice(self.needs)
        return self.matching.kind(need, self.random.choice(self.orders), self.random.choice(NODES), queue)

    def step(self) -> None:
        """Something happens."""
        self.now += self.random.random()
        self.random.choice(
            [
                self.an_agent_comes,
                self.an_agent_comes,
                self.an_agent_goes,
                self.a_call_comes,
                self.a_call_comes,
                self.a_miss,
                self.somebody_leaves_a_queue_or_joins_it,
            ]
        )()

    def an_agent_comes(self) -> None:
        """He takes the call that comes first, or is available from then on."""
        place, node = self.random.randrange(self.agents), self.random.choice(NODES)
        call = self.matching.first_call(place, node, lambda of: place not in self.missed[of])
        assert call == self.scan.call_for(place, node, lambda of: place not in self.missed[of])
        self.calls_for_agents += 1
        if call is not None and place not in self.scan.available:
            self.matching.stop(call)
            del self.scan.calls[call]
            return
        work = Worker(self.random, self.now)
        self.matching.available(place, node, work)
        self.scan.available[place] = node, work

    def an_agent_goes(self) -> None:
        """On a break."""
        place = self.random.randrange(self.agents)
        self.matching.unavailable(place)
        self.scan.available.pop(place, None)

    def a_call_comes(self) -> None:
        """It goes to the best, or waits for him with one more kind or two."""
        queue = self.random.choice([None, *QUEUES])
        kinds = [self.kind(queue)]
        self._serial += 1
        call = InteractionId(str(self._serial))
        excluded = set(self.random.sample(range(self.agents), self.random.choice([0, 0, 2])))
        keys = list(best_of(kinds[0], excluded))
        kind = kinds[0]
        expected = self.scan.agents_for(kind.need, kind.order.parts, kind.node, excluded, queue)
        assert [place_in(key) for key in keys] == expected
        for place in range(self.agents):
            his = [key for key in kind.ready if place_in(key) == place]
            assert self.matching.key_of(place, kind) == (his[0] if his else None)
        self.agents_for_calls += 1
        if keys:
            self.matching.unavailable(expected[0])
            del self.scan.available[expected[0]]
            return
        key = self.random.choice([0, 0, 1]), -float(self.random.choice([0, 0, 5])), self.now, call
        others = [
            one for one in [self.kind(queue), self.kind(queue)] if one.node == kind.node and one.order is kind.order
        ]
        kinds = list({id(one): one for one in [kind, *others]}.values())
        those = self.random.sample(range(self.agents), self.random.choice([0, 0, 1, 3]))
        kinds = kinds[self.random.choice([0, 0, 1]) if those else 0 :]  # it may wait for nobody but them
        for one in kinds:
            self.matching.wait(key, one)
        for place in those:
            self.matching.wait_for(key, place, kind.node)
        self.scan.calls[call] = key, kind.node, [(one.need, queue) for one in kinds], those
        self.missed[call] = excluded

    def somebody_leaves_a_queue_or_joins_it(self) -> None:
        """Himself or not; twice does not matter."""
        place, queue = self.random.randrange(self.agents), self.random.choice(QUEUES)
        if self.random.random() < 0.5:
            self.matching.leave(place, queue)
            self.scan.left.add((place, queue))
        else:
            self.matching.join(place, queue)
            self.scan.left.discard((place, queue))

    def a_miss(self) -> None:
        """Somebody has missed a call, or its caller hangs up."""
        if not self.scan.calls:
            return
        call = self.random.choice(sorted(self.scan.calls))
        if self.random.random() < 0.5:
            self.missed[call].add(self.random.randrange(self.agents))
        else:
            self.matching.stop(call)
            del self.scan.calls[call]
