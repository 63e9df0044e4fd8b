"""Where callers wait, in order of virtual arrival: arrival minus head start. The key never changes during the wait."""

import math
from bisect import bisect_left, insort
from collections.abc import Callable
from itertools import islice

from acd.figures import QueueFigures
from acd.model import InteractionId, PastLeave
from acd.plan import QueuePlan
from acd.routing.familiar import is_hidden
from acd.waiting.estimate import Estimator
from acd.waiting.groups import Groups
from acd.waiting.plan import EstimatedWait, Length, Nobody, PerAgent, Staff, Waited
from acd.waiting.rules import asks_for, own_wait, rules_of

MOST_LEFT = 10_000
"""Of so many who have hung up the place is kept."""


class Queue:
    """One queue. A caller stays in it while an agent's phone rings, and leaves it with two-way audio."""

    __slots__ = (
        "_ahead",
        "_entries",
        "_keys",
        "_left",
        "asks",
        "estimator",
        "figures",
        "groups",
        "looks_around",
        "looks_at_breaks",
        "own_waits",
        "plan",
        "rules",
        "watches_pace",
        "watches_places",
    )

    def __init__(self, plan: QueuePlan) -> None:
        self._go_by(plan)
        self.groups = Groups()
        """Who waits, by what he asks for."""
        self.figures = QueueFigures()
        self.estimator = Estimator()
        self._entries: list[tuple[float, InteractionId]] = []
        self._keys: dict[InteractionId, float] = {}
        self._ahead: dict[InteractionId, float] = {}
        """Of those whom somebody has brought forward: by how many seconds."""
        self._left: dict[str, tuple[float, float]] = {}

    def change(self, plan: QueuePlan) -> None:
        """Other rules: everybody keeps the time by which his place is decided."""
        earlier = plan.head_start - self.plan.head_start
        self._go_by(plan)
        if earlier:
            self._keys = {interaction: key - earlier for interaction, key in self._keys.items()}
            self._entries = sorted((key, interaction) for interaction, key in self._keys.items())
        self.ask_all_anew()

    def ask_all_anew(self) -> None:
        """What its rules are asked about may be another thing for everybody."""
        self.groups.dissolve(self.waiting)

    def _go_by(self, plan: QueuePlan) -> None:
        self.plan = plan
        self.rules = rules_of(plan.waiting.rules, max_wait=plan.max_wait, tell_if_nobody=plan.tell_if_nobody)
        """Who joins it no more, or leaves it; the first that holds counts."""
        self.own_waits = sorted({own_wait(rule) for rule in self.rules})
        """How long a caller must have waited himself for a rule to hold; the shortest first."""
        self.asks = frozenset(type(condition) for rule in self.rules for condition in rule.when)
        """What its rules look at."""
        self.looks_around = not self.asks <= {Waited}
        """Whether a rule may hold for a caller though he has not waited longer."""
        self.watches_pace = asks_for(self.rules, EstimatedWait)
        """Whether it matters to those who wait that somebody has left."""
        conditions = [condition for rule in self.rules for condition in rule.when]
        self.looks_at_breaks = Nobody(Staff.READY) in conditions or EstimatedWait in self.asks
        self.watches_places = asks_for(self.rules, Length, PerAgent, EstimatedWait)
        """Whether somebody who enters before others may send them on."""

    def enter(self, interaction: InteractionId, place: float, ahead: float = 0.0) -> None:
        """Take a place according to a time, which is that of the entry for most; `ahead`: seconds before that."""
        key = place - self.plan.head_start - ahead
        if ahead:
            self._ahead[interaction] = ahead
        self._keys[interaction] = key
        insort(self._entries, (key, interaction))
        self.groups.enter(interaction)
        if self.watches_places and self._entries[-1][1] != interaction:
            self.groups.places_are_worse()

    def leave(self, interaction: InteractionId) -> None:
        """Give up the place."""
        self.groups.leave(interaction)
        self._ahead.pop(interaction, None)
        del self._entries[bisect_left(self._entries, (self._keys.pop(interaction), interaction))]

    def note_left(self, number: str, place: float, now: float) -> None:
        """Whoever calls from this number has hung up; his place is his until the queue's grace is over. Nobody knows
        whose a hidden number is."""
        left = self._left
        while left and (next(iter(left.values()))[1] < now or len(left) >= MOST_LEFT):
            del left[next(iter(left))]
        if self.plan.grace and not is_hidden(number):
            left.pop(number, None)
            left[number] = place, now + self.plan.grace

    def take_up_left(self, past: PastLeave) -> None:
        """Somebody hung up before this process began; what he did since counts more."""
        if past.number not in self._left:
            self.note_left(past.number, past.place, past.at)

    def old_place(self, number: str, now: float) -> float:
        """The place of him who has hung up and calls again, once for each time; otherwise that of a newcomer, `now`."""
        place, until = self._left.pop(number, (now, now))
        return place if now <= until else now

    def longest_wait(self, now: float) -> float:
        """Seconds since the first of those who wait came; 0 if nobody does."""
        came = [self._keys[of] + ahead for of, ahead in self._ahead.items()]
        came.extend(key for key, _ in islice((one for one in self._entries if one[1] not in self._ahead), 1))
        return now - min(came) - self.plan.head_start if came else 0.0

    def entered_first(self, entered: Callable[[InteractionId], float]) -> float | None:
        """When he came in who has been in this queue for longest; None if nobody is here. He is not always the first:
        somebody may have been brought forward, or have his place from an earlier call."""
        first = min(map(entered, self._ahead), default=math.inf)
        for key, of in self._entries:
            if key + self.plan.head_start >= first:  # nobody comes in before the time by which his place is decided
                break
            if of not in self._ahead:
                first = min(first, entered(of))
        return first if first < math.inf else None

    def order_of(self, interaction: InteractionId) -> float:
        """The virtual arrival time, comparable between queues."""
        return self._keys[interaction]

    def position_of(self, interaction: InteractionId) -> int:
        """His place by virtual arrival; the first is 1."""
        return bisect_left(self._entries, (self._keys[interaction], interaction)) + 1

    @property
    def waiting(self) -> tuple[InteractionId, ...]:
        """Everyone here, first come first; those whose agent's phone rings included."""
        return tuple(interaction for _, interaction in self._entries)

    def from_the_end(self, first: float) -> list[tuple[int, InteractionId]]:
        """Everyone from a place on, with his place, the last one first."""
        start = max(0, int(min(first, len(self._entries) + 1)) - 1)
        return [(start + number, of) for number, (_, of) in enumerate(self._entries[start:], start=1)][::-1]

    def __len__(self) -> int:
        return len(self._entries)
