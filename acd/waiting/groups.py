"""Callers of one queue who ask for the same: its rules hold for all of them alike, from some place in it to its end.

So what has changed is looked at once for a group, and its callers only where that makes a rule hold which has not held
when they were asked. For each group is kept under what its callers were asked last: for each rule the place from which
on it held. Whoever is asked alone, because he has just come, may have been asked under less; then that is kept.
"""

from collections.abc import Hashable, Iterator, Sequence
from math import inf

from acd.model import InteractionId

Places = tuple[float, ...]
"""For each rule of the queue the place (the first is 1) from which on it holds, `inf` if it does not."""


class Group:
    """One of them. Each of `members` was asked under `asked`, or under what sends on more callers than that."""

    __slots__ = ("asked", "members")

    def __init__(self, asked: Places) -> None:
        self.asked = asked
        self.members: dict[InteractionId, None] = {}

    def holds_from(self, places: Places) -> float:
        """The first place at which a rule holds by now that did not hold there when all were asked; `inf`: nowhere."""
        return min((now for now, then in zip(places, self.asked, strict=True) if now < then), default=inf)


class Groups:
    """Those of one queue."""

    __slots__ = ("_groups", "_of", "unasked")

    def __init__(self) -> None:
        self._groups: dict[Hashable, Group] = {}
        self._of: dict[InteractionId, Group] = {}
        self.unasked: dict[InteractionId, None] = {}
        """Who is in the queue, and not in a group yet."""

    def enter(self, interaction: InteractionId) -> None:
        """He has a place, and was not asked yet."""
        self.unasked[interaction] = None

    def asked_alone(self, interaction: InteractionId, alike: Hashable, places: Places) -> None:
        """He was asked, and stays. `alike`: what he asks for."""
        self.unasked.pop(interaction, None)
        group = self._groups.get(alike)
        if group is None:
            group = self._groups[alike] = Group(places)
        else:
            group.asked = tuple(map(max, group.asked, places))
        group.members[interaction] = None
        self._of[interaction] = group

    def leave(self, interaction: InteractionId) -> None:
        """He is not in the queue any more."""
        self.unasked.pop(interaction, None)
        if (group := self._of.pop(interaction, None)) is not None:
            del group.members[interaction]

    def group_of(self, interaction: InteractionId) -> Group | None:
        """His; None if he was not asked yet."""
        return self._of.get(interaction)

    def those_there(self) -> Iterator[Group]:
        """The groups that somebody is in."""
        for alike in [alike for alike, group in self._groups.items() if not group.members]:
            del self._groups[alike]
        return iter(list(self._groups.values()))

    def places_are_worse(self) -> None:
        """Places have become worse: what does not hold for somebody at his old place may hold at his new one, unless it
        held at every place."""
        for group in self._groups.values():
            group.asked = tuple(first if first <= 1 else inf for first in group.asked)

    def dissolve(self, interactions: Sequence[InteractionId]) -> None:
        """The rules are others, or what callers ask for: nobody was asked yet."""
        self._groups.clear()
        self._of.clear()
        self.unasked = dict.fromkeys(interactions)
