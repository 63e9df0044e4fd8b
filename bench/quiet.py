"""Waits for a moment in which the machine has nothing else to do: what others run is not what is to be measured.

On a machine that is never quiet the figures are worse than the centre's; `told` says for how many that is so.
"""

import asyncio
from pathlib import Path

WINDOW = 0.1
"""Seconds over which is looked how busy the machine is."""
ENOUGH = 0.8
"""Share of the processors' time that has to be idle, if nothing else is said."""
PATIENCE = 3.0
_STAT = Path("/proc/stat")


class Quiet:
    """Counts how often it was quiet. `patience`: seconds after which it is measured all the same. `enough`: share of
    the processors' time that has to be idle, less where what is measured keeps them busy itself."""

    def __init__(self, patience: float = PATIENCE, enough: float = ENOUGH) -> None:
        self._patience = patience
        self._enough = enough
        self.waits = 0
        self.in_vain = 0

    async def wait(self) -> None:
        """Until it is quiet, or for as long as that."""
        self.waits += 1
        for _ in range(round(self._patience / WINDOW)):
            if await _idle() >= self._enough:
                return
        self.in_vain += 1

    def told(self) -> str:
        """In words."""
        return (
            f"{self.waits - self.in_vain} of {self.waits} rounds began in a moment in which the processors were idle "
            f"for {self._enough:.0%} of their time."
        )


async def _idle() -> float:
    before = _times()
    await asyncio.sleep(WINDOW)
    used = [now - then for now, then in zip(_times(), before, strict=True)]
    return used[3] / max(1, sum(used))


def _times() -> list[int]:
    return [int(word) for word in _STAT.read_text(encoding="ascii").partition("\n")[0].split()[1:]]
