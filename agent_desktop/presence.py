"""Whether an agent is at his screen: a reload of the page is not an absence, a dead laptop is."""

from acd.model import AgentId

GRACE = 10.0
"""Seconds without a sign of life after which an agent's desktop counts as lost."""


class Presence:
    """Agents with at least one open screen, and those whose last one has just gone."""

    def __init__(self) -> None:
        self._screens: dict[AgentId, int] = {}
        self._gone: dict[AgentId, float] = {}

    def came(self, agent: AgentId) -> bool:
        """One more screen is open. Whether it is the only one, so that the centre should know."""
        self._gone.pop(agent, None)
        self._screens[agent] = self._screens.get(agent, 0) + 1
        return self._screens[agent] == 1

    def left(self, agent: AgentId, last_heard: float) -> None:
        """One screen is gone; it gave its last sign of life at `last_heard`."""
        self._screens[agent] -= 1
        if not self._screens[agent]:
            del self._screens[agent]
            self._gone[agent] = last_heard + GRACE

    def overdue(self, now: float) -> list[AgentId]:
        """Agents whose grace is over; each is told once."""
        lost = [agent for agent, until in self._gone.items() if until <= now]
        for agent in lost:
            del self._gone[agent]
        return lost
