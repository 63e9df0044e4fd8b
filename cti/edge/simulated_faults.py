"""What can go wrong with a PBX and with the network before it, on demand."""

import asyncio


class Faults:
    """Switches that the simulated servers look at. All off at first; `heal` turns all off again."""

    def __init__(self) -> None:
        self.rest_delay = 0.0
        """Seconds by which each answer to a REST request is late; the request itself is carried out at once."""
        self.accept_delay = 0.0
        """Seconds before a new event socket is accepted."""
        self.rest_status = 0
        """This status instead of carrying out a request; 0 for none."""
        self._failures_left = 0
        self._lose: set[int] = set()
        self._duplicate: set[int] = set()
        self._event = 0
        self._healed = asyncio.Event()
        self._healed.set()

    def heal(self) -> None:
        """All well again. What was swallowed by the black hole stays lost."""
        self.rest_delay = self.accept_delay = 0.0
        self.rest_status = self._failures_left = 0
        self._lose.clear()
        self._duplicate.clear()
        self._healed.set()

    def black_hole(self) -> None:
        """Connections stay open, and nothing comes through: no answer, no event, no pong."""
        self._healed.clear()

    @property
    def is_black_hole(self) -> bool:
        """Whether nothing comes through now."""
        return not self._healed.is_set()

    async def passed(self) -> None:
        """Wait while there is a black hole."""
        await self._healed.wait()

    def fail_rest(self, status: int = 503, times: int = 1) -> None:
        """Answer the next `times` requests with `status`, without carrying them out."""
        self.rest_status = status
        self._failures_left = times

    def rest_failure(self) -> int:
        """The status with which the present request fails; 0 if it does not."""
        if not self._failures_left:
            return 0
        self._failures_left -= 1
        return self.rest_status

    def lose_event(self, number: int = 1) -> None:
        """The `number`-th event from now on is lost; 1 is the next."""
        self._lose.add(self._event + number)

    def duplicate_event(self, number: int = 1) -> None:
        """The `number`-th event from now on comes twice; 1 is the next."""
        self._duplicate.add(self._event + number)

    def copies(self) -> int:
        """How often the present event is sent: 0, 1 or 2."""
        self._event += 1
        if self._event in self._lose:
            return 0
        return 2 if self._event in self._duplicate else 1
