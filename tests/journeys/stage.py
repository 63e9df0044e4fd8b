"""What a journey needs of a PBX and of the people on the telephone, so that it runs on either PBX."""

from pathlib import Path
from typing import Protocol

from config.settings import Pbx
from cti.edge.simulated_voice import SimulatedVoice
from cti.model import Speech
from ivr.edge.speech import Speaker

Voice = Speaker | SimulatedVoice

CUSTOMER_NUMBER = "+4930901820"
"""Whom nobody knows, unless a journey says otherwise."""


OUTSIDE, BUSY_OUTSIDE = "701", "777"
"""To whom callers may be put through: somebody who answers, and somebody who does not."""


class CallingCustomer(Protocol):
    """A customer on the telephone."""

    async def can_be_heard(self) -> None:
        """Wait until he is answered, so that his keys arrive."""

    async def press(self, keys: str) -> None:
        """Press keys."""

    async def hears(self, prompt: Speech, timeout: float = 15.0) -> None:
        """Fails unless he hears just this prompt (from now on, or it plays now)."""

    async def hears_music(self) -> None:
        """Fails unless there is something to hear that is no prompt."""

    async def hears_fallback(self) -> None:
        """Fails unless he hears what the dialplan plays while the centre is down."""

    async def hears_nobody_there(self) -> None:
        """Fails unless he hears what the dialplan says when nobody answers where he was put through."""

    async def hears_agent(self, agent: str) -> None:
        """Fails unless what that agent's phone says arrives here."""

    async def speaks(self, seconds: float) -> None:
        """Lets his tone of 440 Hz be heard for so long, also by a recording."""

    async def hang_up(self) -> None:
        """Enough."""

    async def ended(self, timeout: float = 5.0) -> None:
        """Wait until it is over."""

    @property
    def is_over(self) -> bool:
        """Whether it is."""


class RingingPhone(Protocol):
    """An agent's phone while it rings, and afterwards."""

    @property
    def invited_at(self) -> float:
        """When the INVITE arrived, `time.monotonic()`."""

    async def answer(self) -> None:
        """Pick up."""

    async def decline(self) -> None:
        """Refuse."""

    async def hang_up(self) -> None:
        """Put down."""

    async def hears(self, prompt: Speech) -> None:
        """Fails unless this prompt is heard here."""

    async def hears_customer(self) -> None:
        """Fails unless what the customer says arrives here."""

    async def ended(self, timeout: float = 5.0) -> None:
        """Wait until it is over."""

    @property
    def is_over(self) -> bool:
        """Whether it is."""


class DeskPhone(Protocol):
    """An agent's phone."""

    async def rings(self, timeout: float = 5.0) -> RingingPhone:
        """Wait until it rings. Raises `TimeoutError`."""


class Outsider(Protocol):
    """Somebody who is none of ours, and has a telephone."""

    async def picks_up(self) -> None:
        """Wait until he is called, and answer."""


class Stage(Protocol):
    """A PBX with phones and customers."""

    name: str
    pbx: Pbx
    """How a centre reaches it."""

    def voice(self, data: Path) -> Voice:
        """The voice that fits it."""

    async def phone(self, agent: str) -> DeskPhone:
        """The agent's desk phone, registered."""

    async def outsider(self) -> Outsider:
        """Who is behind `OUTSIDE`, at his telephone."""

    async def dial(self, dialled: str = "1000", number: str = CUSTOMER_NUMBER) -> CallingCustomer:
        """A customer dials."""

    async def cut(self) -> None:
        """Cut the event socket between the PBX and the centre, once."""

    async def calls_alive(self) -> int:
        """How many channels the PBX has."""
