"""A crowd of callers who keep coming: when, from which number, with which keys, patience and talk time.

Pure: luck is given by the caller as an object with `random()` and `expovariate()`; a `random.Random(seed)` is one.
"""

from collections.abc import Sequence
from math import inf
from typing import Protocol

import msgspec

from cti.simulator.callers import Script, Step, VirtualCaller
from cti.simulator.pbx import SimulatedPbx
from cti.simulator.timers import Timer

MARK = "{mark}"
"""In place of keys: a mark from 2 to 5, mostly a good one."""
BEST_MARK = 5


class Luck(Protocol):
    """Where the numbers come from."""

    def random(self) -> float:
        """Evenly between 0 and 1, 1 excluded."""

    def expovariate(self, lambd: float, /) -> float:
        """Exponentially with mean 1 / `lambd`."""


class Errand(msgspec.Struct, frozen=True):
    """Why somebody calls: what he dials and presses. An errand of weight 3 comes thrice as often as one of weight 1."""

    dialled: str
    steps: tuple[Step, ...] = ()
    weight: float = 1.0


class Person(msgspec.Struct, frozen=True):
    """Somebody who may call."""

    number: str
    name: str = ""
    customer_number: str = ""
    """What he types where a step says `{customer}`."""
    pin: str = ""
    """What he types where a step says `{pin}`."""


class Habits(msgspec.Struct, frozen=True):
    """How the crowd behaves on average."""

    calls_per_hour: float = 60.0
    patience: float = 120.0
    """Mean seconds, exponential, from dialling until he gives up; nobody gives up before `least_patience`."""
    least_patience: float = 10.0
    talk: float = 90.0
    """Mean seconds, exponential. `inf`: they never hang up first."""
    least_talk: float = 5.0


class Arrival(msgspec.Struct, frozen=True):
    """One call to be made."""

    at: float
    dialled: str
    person: Person
    script: Script


class Population:
    """The generator of arrivals. Nobody calls who is on the phone already: say `hung_up` when a call is over."""

    def __init__(self, people: Sequence[Person], errands: Sequence[Errand], habits: Habits, luck: Luck) -> None:
        if not people or not errands:
            raise ValueError("a population needs people and errands")
        self.habits = habits
        self._people = list(people)
        self._errands = list(errands)
        self._luck = luck

    def next_arrival(self, now: float) -> Arrival | None:
        """Who calls next, and when; `None` if all are on the phone, or nobody ever calls."""
        if not self._people or self.habits.calls_per_hour <= 0:
            return None
        at = now + self._luck.expovariate(self.habits.calls_per_hour / 3600)
        person = self._people.pop(int(self._luck.random() * len(self._people)))
        errand = self._errand()
        steps = tuple(msgspec.structs.replace(step, keys=self._typed(step.keys, person)) for step in errand.steps)
        patience = self._some(self.habits.patience, self.habits.least_patience)
        script = Script(steps, patience, self._some(self.habits.talk, self.habits.least_talk))
        return Arrival(at, errand.dialled, person, script)

    def hung_up(self, person: Person) -> None:
        """He may call again."""
        self._people.append(person)

    def _errand(self) -> Errand:
        luck = self._luck.random() * sum(errand.weight for errand in self._errands)
        for errand in self._errands:
            luck -= errand.weight
            if luck < 0:
                return errand
        return self._errands[-1]

    def _typed(self, keys: str, person: Person) -> str:
        if keys == MARK:
            return str(min(BEST_MARK, 2 + int(self._luck.random() * BEST_MARK)))
        return keys.replace("{customer}", person.customer_number).replace("{pin}", person.pin)

    def _some(self, mean: float, least: float) -> float:
        if mean == inf:
            return inf
        return least + self._luck.expovariate(1 / max(mean - least, 0.001))


class Traffic:
    """Lets a population call a simulated PBX, from `start` until `stop`. `callers` are those on the phone now."""

    def __init__(self, pbx: SimulatedPbx, population: Population) -> None:
        self._pbx = pbx
        self._population = population
        self._next: Timer | None = None
        self._running = False
        self.callers: dict[str, VirtualCaller] = {}
        """By number."""
        self.made = 0
        """Calls so far."""

    def start(self, now: float) -> None:
        """From now on they call."""
        self._pbx.tick(now)
        self._running = True
        self._wait_for_the_next()

    def stop(self) -> None:
        """Nobody calls any more; who is on the phone goes on."""
        self._running = False
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _wait_for_the_next(self) -> None:
        arrival = self._population.next_arrival(self._pbx.world.now) if self._running else None
        if arrival is None:
            self._next = None
        else:
            self._next = self._pbx.world.timers.at(arrival.at, lambda: self._call(arrival))

    def _call(self, arrival: Arrival) -> None:
        person = arrival.person
        self._wait_for_the_next()
        self.made += 1
        caller = self._pbx.dial(
            arrival.dialled, person.number, person.name, arrival.script, arrival.at, lambda: self._over(person)
        )
        if not caller.is_over:
            self.callers[person.number] = caller

    def _over(self, person: Person) -> None:
        self.callers.pop(person.number, None)
        self._population.hung_up(person)
        if self._next is None:
            self._wait_for_the_next()
