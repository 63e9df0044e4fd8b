"""Finding who serves whom: the lists that `acd.routing.matching` keeps, against two ways that keep none.

    filter and sort   everybody who will do, sorted by the key, and the first of them
    pruned scan       the best of those who have the rarest skill asked for; the first call in line that fits

All three answer the same questions in one run, and must answer alike. CPU time of the deciding thread; for the lists it
has in it what it costs to keep them.
"""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from random import Random
from typing import NamedTuple

from acd.model import InteractionId, Skill
from acd.routing.matching import CallKey, Kind, Matching, best_of
from acd.routing.preference import PRESETS, place_in
from acd.routing.requirement import AllOf, AtLeast, Requirement, is_met, skills_in
from bench.figures import Figure, Part, Say, clock_cost, figure, settled_memory, times
from cti.model import NodeName

AGENTS, SKILLS, WAITING, IDLE, REQUIREMENTS = 10_000, 200, 5_000, 2_000, 500
SKILLS_EACH = 5
DECISIONS, SCANS = 20_000, 400
"""How many are measured at full scale: of ours, and of the slow ones."""
NODE = NodeName("pbx1")
PARTS = PRESETS["least_busy"]
NOW = 1_800_000_000.0


class Worker:
    """What an agent has done."""

    def __init__(self, random: Random, at: float) -> None:
        self.load, self.busyness, self.last_handled = 0.0, random.randrange(21), at
        self.ready_since, self.handled, self.talked, self.last_asked, self.draw = at, 0, 0.0, at, 0


class Centre:
    """Agents with skills, and the requirements of callers."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        names = [Skill(f"skill{number}") for number in range(SKILLS)]
        self.skills = [{random.choice(names): random.randint(1, 10) for _ in range(SKILLS_EACH)} for _ in range(AGENTS)]
        self.needs = [self._need(names) for _ in range(REQUIREMENTS)]
        self.matching = Matching(self.skills, range(AGENTS), self.needs)
        self.kinds = [self.matching.kind(need, PARTS, NODE) for need in self.needs]
        self.who_has: dict[Skill, list[int]] = {name: [] for name in names}
        for place, skills in enumerate(self.skills):
            for skill in skills:
                self.who_has[skill].append(place)
        self.ready: dict[int, int] = {}
        """Who is available, with the half of his key that follows from his work."""
        met = Counter(
            place
            for need in self.needs
            for place in self.who_has[next(skills_in(need)).skill]
            if is_met(need, self.skills[place])
        )
        self.scarce = [max(0, met[place] - 1) for place in range(AGENTS)]

    def _need(self, names: list[Skill]) -> Requirement:
        chosen = self.random.sample(names, self.random.choice([1, 1, 2]))
        asked = tuple(AtLeast(name, self.random.randint(1, 7)) for name in chosen)
        return asked[0] if len(asked) == 1 else AllOf(asked)

    def come(self, place: int, work: Worker) -> None:
        """Somebody becomes available."""
        self.matching.available(place, NODE, work)

    def note(self, place: int, work: Worker) -> None:
        """The same, for the ways that keep no lists."""
        self.ready[place] = self.kinds[0].order.of_work(work)

    def key(self, place: int) -> tuple[int, int, int]:
        """His key, as the slow ways compare it."""
        return min(self.scarce[place], 1023), self.ready[place], place


class Times(NamedTuple):
    """Microseconds of CPU."""

    ours: list[float]
    pruned: list[float]
    sorting: list[float]


def _call_arrives(centre: Centre, scale: float, clock: float) -> Times:
    """2,000 are available; calls arrive, are given to the best, and somebody else comes free."""
    random, measured = centre.random, Times([], [], [])
    for place in random.sample(range(AGENTS), IDLE):
        work = Worker(random, NOW - random.random() * 1000)
        centre.come(place, work)
        centre.note(place, work)
    busy = [place for place in range(AGENTS) if place not in centre.ready]
    random.shuffle(busy)
    count, slow = times(scale, DECISIONS, 100), times(scale, SCANS, 10)
    for number in range(count):
        kind = random.choice(centre.kinds)
        if not kind.ready:
            continue
        if number % (count // slow) == 0:
            expected = place_in(kind.ready[0])
            measured.pruned.append(_timed(partial(_pruned_agent, centre, kind.need), expected, clock))
            measured.sorting.append(_timed(partial(_sorted_agent, centre, kind.need), expected, clock))
        work = Worker(random, NOW + number)
        free = busy[number % len(busy)]
        began = time.thread_time_ns()
        chosen = place_in(next(best_of(kind, ())))
        centre.matching.unavailable(chosen)
        if not centre.matching.is_available(free):
            centre.come(free, work)
        spent = (time.thread_time_ns() - began) / 1000 - clock
        measured.ours.append(spent / 2)  # a decision for the call, one for the agent
        del centre.ready[chosen]
        centre.note(free, work)
        busy[number % len(busy)] = chosen
    return measured


def _agent_comes_free(centre: Centre, scale: float, clock: float) -> Times:
    """5,000 wait; agents come free, take the call that comes first, and somebody else calls."""
    random, measured = centre.random, Times([], [], [])
    line: dict[CallKey, Kind] = {}
    for number in range(WAITING):
        kind, key = random.choice(centre.kinds), _key(number)
        centre.matching.wait(key, kind)
        line[key] = kind
    count, slow = times(scale, DECISIONS, 100), times(scale, SCANS, 10)
    for number in range(count):
        place = random.randrange(AGENTS)
        if number % (count // slow) == 0:
            expected = centre.matching.first_call(place, NODE, lambda _: True)
            measured.pruned.append(_timed(partial(_pruned_call, centre, line, place), expected, clock))
            measured.sorting.append(_timed(partial(_sorted_call, centre, line, place), expected, clock))
        began = time.thread_time_ns()
        call = centre.matching.first_call(place, NODE, lambda _: True)
        if call is not None:
            centre.matching.stop(call)
        spent = time.thread_time_ns() - began
        if call is not None:
            del line[_key(int(call))]
            kind, key = random.choice(centre.kinds), _key(WAITING + number)
            line[key] = kind
            began = time.thread_time_ns()
            centre.matching.wait(key, kind)
            spent += time.thread_time_ns() - began
            measured.ours.append(spent / 1000 / 2 - clock)
    return measured


def _key(number: int) -> CallKey:
    return 0, 0.0, NOW + number, InteractionId(str(number))


def _timed(answer: Callable[[], object], expected: object, clock: float) -> float:
    began = time.thread_time_ns()
    found = answer()
    spent = (time.thread_time_ns() - began) / 1000 - clock
    assert found == expected, "the ways do not agree"
    return spent


def _asked(need: Requirement) -> list[tuple[Skill, int]]:
    return [(part.skill, part.level) for part in skills_in(need)]


def _sorted_agent(centre: Centre, need: Requirement) -> int:
    asked = _asked(need)
    able = [p for p in centre.ready if all(centre.skills[p].get(skill, 0) >= level for skill, level in asked)]
    return sorted(able, key=centre.key)[0]  # noqa: FURB192 -- the way that is measured


def _pruned_agent(centre: Centre, need: Requirement) -> int:
    asked = sorted(_asked(need), key=lambda one: len(centre.who_has[one[0]]))
    best = None
    for place in centre.who_has[asked[0][0]]:
        if place in centre.ready and all(centre.skills[place].get(skill, 0) >= level for skill, level in asked):
            key = centre.key(place)
            if best is None or key < best:
                best = key
    assert best is not None
    return best[2]


def _sorted_call(centre: Centre, line: dict[CallKey, Kind], place: int) -> InteractionId | None:
    skills = centre.skills[place]
    fitting = [key for key, kind in line.items() if is_met(kind.need, skills)]
    return sorted(fitting)[0][3] if fitting else None  # noqa: FURB192 -- the way that is measured


def _pruned_call(centre: Centre, line: dict[CallKey, Kind], place: int) -> InteractionId | None:
    skills = centre.skills[place]
    return next((key[3] for key, kind in line.items() if is_met(kind.need, skills)), None)


def run(scale: float, say: Say) -> Part:
    """All of it."""
    say(f"{AGENTS:,} agents x {SKILLS} skills x {WAITING:,} waiting calls")
    cost = clock_cost()
    with settled_memory():
        arrives = _call_arrives(Centre(1), scale, cost)
        free = _agent_comes_free(Centre(2), scale, cost)
    rows: list[Figure] = []
    for what, measured in (("a call arrives", arrives), ("an agent comes free", free)):
        rows += [
            figure(f"{what}: lists per requirement", measured.ours, "us CPU", "median <= 5"),
            figure(f"{what}: pruned scan", measured.pruned, "us CPU"),
            figure(f"{what}: filter and sort", measured.sorting, "us CPU"),
            _ratio(f"{what}: pruned scan / lists", measured.pruned, measured.ours, ">= 25"),
            _ratio(f"{what}: filter and sort / lists", measured.sorting, measured.ours, ">= 280"),
        ]
    return Part(
        "Matching: who serves whom",
        tuple(rows),
        (f"{AGENTS:,} agents x {SKILLS} skills, {REQUIREMENTS} requirements; {IDLE:,} ready, or {WAITING:,} waiting.",),
    )


def _ratio(what: str, slow: list[float], ours: list[float], goal: str) -> Figure:
    ratio = sum(slow) / len(slow) / (sum(ours) / len(ours))
    return Figure(what, "times (of the means)", len(slow), ratio, ratio, ratio, goal)
