"""Lets the simulated PBX live in real time: ticks it when something is due, carries its events to the servers."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from cti.simulator.pbx import SimulatedPbx
from cti.simulator.world import Event, ManagerEvent

T = TypeVar("T")


class Driver:
    """The clock of one simulated PBX. Everything that touches it goes through `act`."""

    def __init__(self, pbx: SimulatedPbx) -> None:
        self.pbx = pbx
        self.on_event: Callable[[str, Event], None] = lambda app, event: None
        self.on_manager_event: Callable[[ManagerEvent], None] = lambda event: None
        self._loop = asyncio.get_running_loop()
        self._offset = time.time() - self._loop.time()
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = 0.0
        self._changed = asyncio.Event()

    def now(self) -> float:
        """Seconds since the epoch. Runs with the loop's clock, so that it never runs backwards."""
        return self._loop.time() + self._offset

    def act(self, action: Callable[[], T]) -> T:
        """Do something with the PBX at the present time, and let everybody know what came of it."""
        self.pbx.tick(self.now())
        result = action()
        self.flush()
        return result

    def flush(self) -> None:
        """Carry events to the servers, and set the alarm for what comes next."""
        for app, event in self.pbx.take_events():
            self.on_event(app, event)
        for manager_event in self.pbx.take_manager_events():
            self.on_manager_event(manager_event)
        self._set_alarm()
        self._changed.set()

    def _set_alarm(self) -> None:
        due = self.pbx.next_deadline()
        if self._alarm is not None:
            if due == self._alarm_at:
                return
            self._alarm.cancel()
            self._alarm = None
        if due is not None:
            self._alarm_at = due
            self._alarm = self._loop.call_at(due - self._offset, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        # The loop may wake up a hair early; what it was woken for is due.
        self.pbx.tick(max(self.now(), self._alarm_at))
        self.flush()

    async def until(self, condition: Callable[[], bool], timeout: float) -> None:
        """Wait until something has happened in the PBX. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def stop(self) -> None:
        """Time stands still from here on."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
