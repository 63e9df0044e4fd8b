"""Where callers wait, in order of virtual arrival: arrival minus head start. The key never changes during the wait."""

from bisect import bisect_left, insort

from acd.figures import QueueFigures
from acd.model import InteractionId
from acd.plan import QueuePlan


class Queue:
    """One queue. A caller stays in it while an agent's phone rings, and leaves it with two-way audio."""

    __slots__ = ("_entries", "_keys", "figures", "plan")

    def __init__(self, plan: QueuePlan) -> None:
        self.plan = plan
        self.figures = QueueFigures()
        self._entries: list[tuple[float, InteractionId]] = []
        self._keys: dict[InteractionId, float] = {}

    def change(self, plan: QueuePlan) -> None:
        """Other rules: everybody keeps the time by which his place is decided."""
        earlier = plan.head_start - self.plan.head_start
        self.plan = plan
        if earlier:
            self._keys = {interaction: key - earlier for interaction, key in self._keys.items()}
            self._entries = sorted((key, interaction) for interaction, key in self._keys.items())

    def enter(self, interaction: InteractionId, place: float) -> None:
        """Take a place according to a time, which is that of the entry for most."""
        key = place - self.plan.head_start
        self._keys[interaction] = key
        insort(self._entries, (key, interaction))

    def leave(self, interaction: InteractionId) -> None:
        """Give up the place."""
        del self._entries[bisect_left(self._entries, (self._keys.pop(interaction), interaction))]

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

    def __len__(self) -> int:
        return len(self._entries)
