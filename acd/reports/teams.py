"""Who was in which team when: figures of last month stay what they were when somebody has moved since."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

import msgspec

NO_TEAM = ""
"""The team of agents who have none, and of those who were not in the plan."""

Members = Mapping[str, str]
"""Team by agent."""


class Spell(msgspec.Struct, frozen=True):
    """A time in which nobody has moved: from `since` to just before `until` (None: to the end of all days)."""

    since: float
    until: float | None
    members: Members

    def of(self, team: str) -> tuple[str, ...]:
        """Its agents."""
        return tuple(agent for agent, his in self.members.items() if his == team)


class Teams:
    """Over all time. What is not known of the past is taken to have been as it was first."""

    def __init__(self, known: Sequence[tuple[float, Members]]) -> None:
        """`known`: since when, and who was where from then on; in order of time, at least one."""
        kept: list[tuple[float, Members]] = []
        for since, members in known:
            if not kept or kept[-1][1] != members:
                kept.append((since if kept else 0.0, members))
        ends = [*(since for since, _ in kept[1:]), None]
        self.spells = tuple(Spell(since, end, members) for (since, members), end in zip(kept, ends, strict=True))
        self._starts = [spell.since for spell in self.spells]

    def at(self, agent: str, at: float) -> str:
        """His team then."""
        return self.spells[self._number(at)].members.get(agent, NO_TEAM)

    def cut(self, agent: str, since: float, until: float) -> Iterator[tuple[str, float, float]]:
        """The parts of a stretch of his time: team, from, to."""
        for spell in self.spells[self._number(since) :]:
            start = max(since, spell.since)
            end = until if spell.until is None else min(until, spell.until)
            if start >= until:
                return
            yield spell.members.get(agent, NO_TEAM), start, end

    def _number(self, at: float) -> int:
        return max(0, bisect_right(self._starts, at) - 1)


NO_TEAMS = Teams([(0.0, {})])
"""Nobody is in one."""
