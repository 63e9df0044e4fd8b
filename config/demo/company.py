"""Puts the demo together: embedded PBX, centre, customers with bills, simulated agents, callers."""

import asyncio
import json
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from random import Random

import argon2
import msgspec

from acd.model import AgentId, Customer, InteractionId, UserId, WrapUpCode
from config.center_file import read_center
from config.center_source import CenterSource
from config.demo.agents import SimulatedAgent
from config.demo.callers import NUMBER, OUTSIDE, STRANGERS, population
from config.settings import Ami, Ari, Logs, Pbx, Settings, Web
from config.wiring import Centre
from crm_bridge.demo import demo_customers
from crm_bridge.demo_shop import demo_pin, demo_shop
from crm_bridge.edge.embedded import EmbeddedCrm
from cti.edge.simulated_pbx import EmbeddedPbx
from cti.edge.simulated_voice import SimulatedVoice
from cti.simulator.phones import Habit, Reaction
from cti.simulator.population import Traffic
from cti.simulator.settings import PbxSettings, services
from ivr.flow.secret import Secret

PEOPLE = ("anna", "ben")
"""Agents for people to be; all others work by themselves."""
WARM_UP = 15.0
"""Seconds of busy traffic at the start, so that somebody who logs in is the least busy one soon."""
WARM_UP_RATE = 7.0
_QUICK = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""For 200 PINs that everybody may know, at each start."""
_WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "islet", "lotus", "maple", "ocean")


class Login(msgspec.Struct, frozen=True):
    """What is printed for a person to log in with."""

    user: str
    name: str
    role: str
    password: str


class DemoCompany:
    """The whole demo. `calls_per_hour` arrive; `seed` makes the callers and agents the same each time."""

    def __init__(self, data: Path, port: int, calls_per_hour: float, seed: int) -> None:
        self.pbx = EmbeddedPbx(PbxSettings(services=services(NUMBER), transfers=OUTSIDE))
        self._data = data
        self._port = port
        self._rate = calls_per_hour
        self._random = Random(seed)  # noqa: S311 - a demo's luck
        self._simulated: list[SimulatedAgent] = []
        self._traffic: list[Traffic] = []
        self._warm_up: asyncio.TimerHandle | None = None
        self.centre: Centre | None = None
        self.logins: tuple[Login, ...] = ()
        self.url = ""

    async def start(self) -> None:
        """All of it. Raises what `Centre.start` raises."""
        source = CenterSource(_center_file())
        plan, _ = read_center(source)
        await self.pbx.start()
        settings = self._settings()
        centre = self.centre = Centre(settings, plan, SimulatedVoice(), files=source.files)
        for agent in plan.agents:
            habit = Habit() if agent in PEOPLE else Habit(Reaction.ANSWER, after=self._random.uniform(1.0, 3.5))
            self.pbx.add_phone(agent, habit)
        await centre.start()
        self.url = f"http://{settings.web.host}:{centre.port}/"
        self._write_settings()
        customers = await _fill(centre.crm, datetime.fromtimestamp(centre.started_at, UTC).date())
        self.logins = await self._set_passwords(centre)
        for agent in plan.agents:
            if agent not in PEOPLE:
                self._hire(centre, agent)
        self._traffic = [
            self.pbx.populate(population(customers[:140], self._rate, self._random, STRANGERS)),
            self.pbx.populate(population(customers[140:], self._rate * (WARM_UP_RATE - 1), self._random)),
        ]
        self._warm_up = asyncio.get_running_loop().call_later(WARM_UP, self._traffic[1].stop)

    async def stop(self) -> None:
        """All of it."""
        if self._warm_up is not None:
            self._warm_up.cancel()
        for traffic in self._traffic:
            traffic.stop()
        for agent in self._simulated:
            agent.stop()
        if self.centre is not None:
            await self.centre.stop()
        await self.pbx.stop()

    @property
    def settings_file(self) -> Path:
        """What `--config` of other commands wants."""
        return self._data / "demo.toml"

    def is_idle(self) -> bool:
        """Whether nobody is on the line."""
        return self.centre is not None and self.centre.is_idle()

    def _settings(self) -> Settings:
        known = self.pbx.settings
        ari = Ari(self.pbx.ari_url.removesuffix("/ari"), known.user, known.password)
        ami = Ami("127.0.0.1", self.pbx.ami_port, known.ami_user, known.ami_password)
        return Settings(
            data=str(self._data), web=Web(port=self._port), pbx=(Pbx("pbx1", ari, ami),), logs=Logs(level="warning")
        )

    def _write_settings(self) -> None:
        """For the commands that look at a centre from outside. That of an installation has its PBX and more."""
        center, data = (json.dumps(str(path.resolve()), ensure_ascii=False) for path in (_center_file(), self._data))
        text = "# The demo's, written at each start: for `callwright apply`, `revisions`, `explain`, `report`.\n"
        self.settings_file.write_text(f"{text}center = {center}\ndata = {data}\n", encoding="utf-8")

    async def _set_passwords(self, centre: Centre) -> tuple[Login, ...]:
        people = [(str(name), centre.plan.agents[AgentId(name)].name, "agent") for name in PEOPLE]
        people += [(str(one.id), one.name, "supervisor") for one in centre.plan.supervisors.values()]
        logins = [Login(user, name, role, _password()) for user, name, role in people]
        for login in logins:
            # New ones at each start; a page that was open before goes on.
            await centre.accounts.set_password(UserId(login.user), login.password, keep_logins=True)
        return tuple(logins)

    def _hire(self, centre: Centre, agent: AgentId) -> None:
        def codes(of: InteractionId) -> Sequence[WrapUpCode]:
            one = centre.center.interactions.get(of) or centre.center.tasks.get(of)
            queue = centre.plan.queues.get(one.queue) if one is not None else None
            return queue.wrap_up_codes if queue is not None else ()

        breaks = tuple(centre.plan.break_reasons)
        simulated = SimulatedAgent(agent, codes, breaks, centre.runtime.post, self._random)
        self._simulated.append(simulated)
        centre.runtime.others.append(simulated.listen)
        simulated.begin_work()


async def _fill(crm: EmbeddedCrm, today: date) -> Sequence[Customer]:
    customers = demo_customers(today)
    if await crm.count() == 0:
        await crm.put(customers)
    await crm.put_shop(demo_shop(today))
    await crm.put_pins({one.id: Secret(demo_pin(one.id)) for one in customers}, _QUICK)
    return customers


def _center_file() -> Path:
    return Path(str(resources.files("config.demo").joinpath("center.yaml")))


def _password() -> str:
    return "-".join((secrets.choice(_WORDS), secrets.choice(_WORDS), str(100 + secrets.randbelow(900))))
