"""The embedded PBX: a simulated Asterisk on the loopback, with phones and callers, for the demo, tests and load.

async with EmbeddedPbx(PbxSettings(services=services("5551000"))) as pbx:
    ...  # connect to pbx.ari_url and pbx.ami_port with pbx.settings.user and .password, as to an Asterisk
    pbx.add_phone("alice", Habit(Reaction.ANSWER, after=2.0))
    caller = pbx.dial("5551000", CallerId("+15550100", "Ann"), Script((Step("1", prompt="billing"),)))
    await pbx.until(lambda: caller.state is CallerState.TALKING)
    assert pbx.hears(caller) == "tone:alice"
    pbx.faults.black_hole()
    pbx.hang_up(caller)
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from cti.edge.simulated_ami import SimulatedAmi
from cti.edge.simulated_ari import SimulatedAri
from cti.edge.simulated_driver import Driver
from cti.edge.simulated_faults import Faults
from cti.model import CallerId
from cti.simulator.callers import Script, VirtualCaller
from cti.simulator.hearing import Heard
from cti.simulator.pbx import SimulatedPbx
from cti.simulator.phones import Habit, Phone
from cti.simulator.population import Population, Traffic
from cti.simulator.settings import PbxSettings


class EmbeddedPbx:
    """Both servers, the clock, and hands for the people at both ends. To be made on a running event loop.

    Ports that are 0 are chosen at `start`. `ami_privileges` as in `SimulatedAmi`.
    """

    def __init__(
        self,
        settings: PbxSettings,
        *,
        host: str = "127.0.0.1",
        ari_port: int = 0,
        ami_port: int = 0,
        ami_privileges: frozenset[str] | None = None,
    ) -> None:
        self.settings = settings
        self.faults = Faults()
        self._host = host
        self._driver = Driver(SimulatedPbx(settings, 0.0))
        self.pbx = self._driver.pbx
        self.pbx.restart(self._driver.now())
        self._ari = SimulatedAri(self._driver, self.faults, host, ari_port)
        self._ami = SimulatedAmi(self._driver, self.faults, host, ami_port, ami_privileges)

    async def start(self) -> None:
        """Listen on both ports. Raises `OSError` if one is taken."""
        await self._ari.start()
        try:
            await self._ami.start()
        except OSError:
            await self._ari.stop()
            raise

    async def stop(self) -> None:
        """Cut all connections; nothing happens any more."""
        self._driver.stop()
        await self._ami.stop()
        await self._ari.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def ari_url(self) -> str:
        """Root of ARI, without a slash at its end."""
        return f"http://{self._host}:{self._ari.port}/ari"

    @property
    def ari_port(self) -> int:
        """Where ARI listens."""
        return self._ari.port

    @property
    def ami_port(self) -> int:
        """Where AMI listens."""
        return self._ami.port

    def now(self) -> float:
        """The time of the PBX, seconds since the epoch."""
        return self._driver.now()

    async def until(self, condition: Callable[[], bool], timeout: float = 10.0) -> None:
        """Wait until the PBX is in such a state. Raises `TimeoutError`."""
        await self._driver.until(condition, timeout)

    # ---- faults that are deeds, not switches ----

    def drop_event_sockets(self) -> None:
        """Cut ARI's event sockets with RST; calls go on."""
        self._ari.drop_event_sockets()

    def drop_manager_connections(self) -> None:
        """Cut AMI's connections with RST."""
        self._ami.drop_connections()

    async def restart(self, down: float = 0.0) -> None:
        """Crash, and come back after `down` seconds on the same ports. All channels are gone."""
        await self._ami.stop()
        await self._ari.stop()
        self._driver.act(lambda: self.pbx.restart(self.pbx.world.now))
        await asyncio.sleep(down)
        await self.start()

    # ---- callers ----

    def dial(self, number: str, caller: CallerId, script: Script | None = None) -> VirtualCaller:
        """Somebody from outside calls a number."""
        now = self._driver.now()
        script = script or Script()
        return self._driver.act(lambda: self.pbx.dial(number, caller.number, caller.name, script, now))

    def press(self, caller: VirtualCaller, keys: str) -> None:
        """He presses keys, one after the other."""
        self._driver.act(lambda: caller.press(keys))

    def say(self, caller: VirtualCaller, seconds: float) -> None:
        """He speaks for so long, to a recording."""
        self._driver.act(lambda: caller.say(seconds))

    def hang_up(self, caller: VirtualCaller) -> None:
        """He hangs up."""
        self._driver.act(caller.hang_up)

    def populate(self, population: Population) -> Traffic:
        """Let a population call, until the returned traffic is stopped."""
        traffic = Traffic(self.pbx, population)
        self._driver.act(lambda: traffic.start(self.pbx.world.now))
        return traffic

    # ---- phones ----

    def add_phone(self, name: str, habit: Habit | None = None, *, registered: bool = True) -> Phone:
        """A phone that can be called as `PJSIP/<name>`."""
        return self._driver.act(lambda: self.pbx.add_phone(name, habit, registered=registered))

    def phone(self, name: str) -> Phone:
        """A phone that was added; `KeyError` if there is none."""
        return self.pbx.phone(name)

    def register(self, name: str) -> None:
        """The phone comes to the network."""
        self._driver.act(lambda: self.phone(name).register(registered=True))

    def unregister(self, name: str) -> None:
        """The phone leaves the network."""
        self._driver.act(lambda: self.phone(name).register(registered=False))

    def begin_own_call(self, name: str) -> None:
        """The phone begins a call with somebody who is none of ours."""
        self._driver.act(lambda: self.phone(name).use(own_call=True))

    def end_own_call(self, name: str) -> None:
        """That is over."""
        self._driver.act(lambda: self.phone(name).use(own_call=False))

    def answer(self, name: str) -> bool:
        """The phone picks up what rings; false if nothing does."""
        return self._driver.act(self.phone(name).answer)

    def decline(self, name: str) -> bool:
        """The phone refuses what rings; false if nothing does."""
        return self._driver.act(self.phone(name).decline)

    def hang_up_phone(self, name: str) -> bool:
        """The phone ends every call that it has; false if it has none."""
        return self._driver.act(self.phone(name).hang_up)

    # ---- ears ----

    def hears(self, who: VirtualCaller | str) -> str:
        """What a caller, or the far end of a channel, or a phone by its name hears now; empty for silence."""
        return self.pbx.hears(self._channel(who), self._driver.now())

    def heard(self, who: VirtualCaller | str) -> list[Heard]:
        """What it heard until now, or to the end of the call. `KeyError` if it never had one."""
        return self.pbx.heard(self._channel(who), self._driver.now())

    def _channel(self, who: VirtualCaller | str) -> str:
        if isinstance(who, VirtualCaller):
            return who.channel_id
        legs = {phone.name: list(phone.legs) for phone in self.pbx.phones()}.get(who, [])
        return legs[-1] if legs else who
