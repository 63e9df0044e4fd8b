"""The journeys' stage on the embedded PBX: virtual callers and phones, heard by name instead of by sound."""

import asyncio
import time
from pathlib import Path

from config.settings import Ami, Ari, Pbx
from cti.edge.simulated_pbx import EmbeddedPbx
from cti.edge.simulated_voice import SimulatedVoice
from cti.model import CallerId, Speech
from cti.simulator.callers import VirtualCaller
from cti.simulator.phones import PhoneLeg
from tests.journeys.stage import CUSTOMER_NUMBER


class VirtualCustomer:
    """A virtual caller, steered by hand."""

    def __init__(self, pbx: EmbeddedPbx, caller: VirtualCaller) -> None:
        self._pbx = pbx
        self._caller = caller

    async def can_be_heard(self) -> None:
        """Something is played to him."""
        await self._pbx.until(lambda: bool(self._pbx.heard(self._caller)), 10.0)

    async def press(self, keys: str) -> None:
        """One after the other; returns when the last is released."""
        self._pbx.press(self._caller, keys)
        await asyncio.sleep(2 * len(keys) * self._pbx.settings.key_seconds)

    def heard(self) -> list[str]:
        """All sounds until now."""
        return [one.media for one in self._pbx.heard(self._caller)]

    async def hears(self, prompt: Speech, timeout: float = 15.0) -> None:
        """By the words in the name of the sound."""
        wanted = (await SimulatedVoice().media(prompt)).removeprefix("sound:")
        heard = self._pbx.heard
        try:
            await self._pbx.until(lambda: any(wanted in one.media for one in heard(self._caller)), timeout)
        except TimeoutError:
            message = f"did not hear {prompt.text!r}, but {[one.media for one in heard(self._caller)]}"
            raise AssertionError(message) from None

    async def hears_music(self) -> None:
        """Music on hold."""
        await self._pbx.until(lambda: self._pbx.hears(self._caller).startswith("music:"), 2.0)

    async def hears_fallback(self) -> None:
        """The announcement of the simulated dialplan."""
        wanted = self._pbx.settings.fallback.announcement.removeprefix("sound:")
        await self._pbx.until(lambda: wanted in self._pbx.hears(self._caller), 10.0)

    async def hears_nobody_there(self) -> None:
        """The announcement of the simulated dialplan."""
        wanted = self._pbx.settings.transfers.sorry
        await self._pbx.until(lambda: wanted in self._pbx.hears(self._caller), 10.0)

    async def hears_agent(self, agent: str) -> None:
        """The tone of that agent's phone."""
        await self._pbx.until(lambda: f"tone:{agent}" in self._pbx.hears(self._caller), 5.0)

    async def speaks(self, seconds: float) -> None:
        """A tone, where he is recorded."""
        self._pbx.say(self._caller, seconds)
        await asyncio.sleep(seconds)

    async def hang_up(self) -> None:
        """BYE or CANCEL."""
        self._pbx.hang_up(self._caller)

    async def ended(self, timeout: float = 5.0) -> None:
        """Until it is over."""
        await self._pbx.until(lambda: self.is_over, timeout)

    @property
    def is_over(self) -> bool:
        """Whether it is."""
        return self._caller.is_over


class VirtualRinging:
    """A virtual phone that rings."""

    def __init__(self, pbx: EmbeddedPbx, name: str, leg: PhoneLeg, invited_at: float) -> None:
        self._pbx = pbx
        self._name = name
        self._leg = leg
        self.invited_at = invited_at

    async def answer(self) -> None:
        """200 OK. Raises `ConnectionError` if the call was over first."""
        if not self._pbx.answer(self._name):
            message = "nothing rings"
            raise ConnectionError(message)

    async def decline(self) -> None:
        """603."""
        self._pbx.decline(self._name)

    async def hang_up(self) -> None:
        """BYE."""
        self._pbx.hang_up_phone(self._name)

    async def hears(self, prompt: Speech) -> None:
        """By the words in the name of the sound."""
        wanted = (await SimulatedVoice().media(prompt)).removeprefix("sound:")
        await self._pbx.until(lambda: any(wanted in one.media for one in self._pbx.heard(self._name)), 5.0)

    async def hears_customer(self) -> None:
        """Any caller's tone."""
        await self._pbx.until(lambda: self._pbx.hears(self._name).startswith("tone:+"), 5.0)

    async def ended(self, timeout: float = 5.0) -> None:
        """Until it is over."""
        await self._pbx.until(lambda: self.is_over, timeout)

    @property
    def is_over(self) -> bool:
        """Whether it is."""
        return self._leg not in self._leg.phone.legs.values()


class VirtualDeskPhone:
    """A virtual phone."""

    def __init__(self, pbx: EmbeddedPbx, name: str) -> None:
        self._pbx = pbx
        self._name = name
        self._told: set[int] = set()

    async def rings(self, timeout: float = 5.0) -> VirtualRinging:
        """The next call that has not been told yet."""
        phone = self._pbx.phone(self._name)
        await self._pbx.until(lambda: any(id(leg) not in self._told for leg in phone.ringing()), timeout)
        leg = next(leg for leg in phone.ringing() if id(leg) not in self._told)
        self._told.add(id(leg))
        return VirtualRinging(self._pbx, self._name, leg, time.monotonic())


class VirtualOutsider:
    """The simulated dialplan says how soon he answers."""

    async def picks_up(self) -> None:
        """By himself."""


class EmbeddedStage:
    """The embedded PBX with the phones of the journeys' company."""

    name = "embedded"

    def __init__(self, pbx: EmbeddedPbx) -> None:
        self._pbx = pbx
        user, password = pbx.settings.user, pbx.settings.password
        self.pbx = Pbx(
            "pbx1",
            Ari(pbx.ari_url.removesuffix("/ari"), user, password),
            Ami("127.0.0.1", pbx.ami_port, pbx.settings.ami_user, pbx.settings.ami_password),
        )

    def voice(self, data: Path) -> SimulatedVoice:
        """Words instead of sound."""
        del data
        return SimulatedVoice()

    async def phone(self, agent: str) -> VirtualDeskPhone:
        """Registers it."""
        self._pbx.register(agent)
        return VirtualDeskPhone(self._pbx, agent)

    async def outsider(self) -> VirtualOutsider:
        """He is there anyway."""
        return VirtualOutsider()

    async def dial(self, dialled: str = "1000", number: str = CUSTOMER_NUMBER) -> VirtualCustomer:
        """Somebody calls."""
        return VirtualCustomer(self._pbx, self._pbx.dial(dialled, CallerId(number)))

    async def cut(self) -> None:
        """RST on the event socket."""
        self._pbx.drop_event_sockets()

    async def calls_alive(self) -> int:
        """Counted inside."""
        return len(self._pbx.pbx.world.channels)
