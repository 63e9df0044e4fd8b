"""Whether the customer is on the agent's screen before his phone rings."""

from collections.abc import Mapping

from bench.figures import Figure, figure
from bench.telephones import Rung
from tests.journeys.desk import Desk, Value


class Pops:
    """Watches that the screen pop is on the agent's screen before his phone rings."""

    def __init__(self, desks: dict[str, Desk]) -> None:
        self._desks = desks
        self._last = dict.fromkeys(desks, "")
        self._read = dict.fromkeys(desks, 0)
        self.ahead: list[float] = []
        """Milliseconds from pop to INVITE; negative where the INVITE was first."""

    def forget(self) -> None:
        """Begin with what comes from now on."""
        for name in self._desks:
            while self._next(name) is not None:
                self._take(name)

    async def check(self, rung: Rung) -> None:
        """The pop that belongs to this call; it may be gone from the screen again."""
        await self._desks[rung.phone].sees(lambda: self._next(rung.phone) is not None, "the next pop")
        self.ahead.append((rung.at - self._take(rung.phone)) * 1000)

    def _next(self, name: str) -> int | None:
        """Where in the desktop's history another interaction's pop is first seen."""
        times = self._desks[name].times
        fresh = (n for n in range(self._read[name], len(times)) if _pop(times[n][1]) not in {"", self._last[name]})
        return next(fresh, None)

    def _take(self, name: str) -> float:
        found = self._next(name)
        assert found is not None
        arrived, change = self._desks[name].times[found]
        self._read[name], self._last[name] = found + 1, _pop(change)
        return arrived

    def rows(self, where: str = "") -> list[Figure]:
        """How far ahead, and the share of the calls where it was. `where` begins the rows' names."""
        share = 100 * sum(ahead > 0 for ahead in self.ahead) / len(self.ahead)
        return [
            figure(f"{where}screen pop ahead of the INVITE", self.ahead, "ms"),
            Figure(f"{where}screen pop before the INVITE", "% of calls", len(self.ahead), share, share, share, "100"),
        ]


def _pop(change: Mapping[str, Value]) -> str:
    """The interaction whose pop a change brings to the screen, if it does."""
    return str((change.get("pop") or {}).get("interaction", ""))
