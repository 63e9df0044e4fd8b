"""The centre whose event loop is watched while hundreds of callers are in its menus: the demo's flows and customers."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import msgspec

import config
from acd.calls.interactions import InFlow
from acd.events import QuestionAsked
from acd.floor import Output
from acd.model import UserId
from acd.plan import CenterPlan
from bench.child import MenuWork, order, tell
from bench.menu_callers import WITH_PIN
from bench.pbx_process import NUMBER
from bench.stalls import WatchedSelector
from bench.watched_centre import run_watched, watch
from config.center_file import read_center
from config.center_source import CenterSource
from config.logs import set_up_logs
from config.process import allow_many_files
from config.settings import Logs, Pbx, Settings, Web
from config.wiring import Centre
from crm_bridge.demo import demo_customers
from crm_bridge.demo_shop import demo_pin, demo_shop
from crm_bridge.edge.embedded import EmbeddedCrm
from cti.commands import Play
from cti.edge.simulated_voice import SimulatedVoice
from ivr.flow.secret import Secret

CENTER = Path(config.__file__).parent / "demo" / "center.yaml"


class MenusOrder(msgspec.Struct, frozen=True):
    """What it is to run."""

    pbx: Pbx
    data: str
    settling: float
    """Seconds until it counts."""


class Worked:
    """Counts what the centre does, from `begin` on."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._callers: list[int] = []
        self._prompts = self._asked = self._messages = self._failed = 0
        self._began = 0.0
        centre.runtime.others.append(self._listen)

    def begin(self) -> None:
        """From now on it counts."""
        self._prompts = self._asked = 0
        self._messages, self._failed = self._centre.runtime.messages, self._failures()
        self._began = self._centre.clock.now()
        self._look()

    def so_far(self) -> MenuWork:
        """What there was."""
        return MenuWork(
            tuple(self._callers),
            self._centre.clock.now() - self._began,
            self._prompts,
            self._centre.runtime.messages - self._messages,
            self._asked,
            self._failures() - self._failed,
        )

    def _failures(self) -> int:
        desk = self._centre.crm_desk
        return desk.asking.failed + desk.flows.asking.failed + desk.flows.proving.failed

    def _listen(self, outputs: Sequence[Output], _: float) -> None:
        for output in outputs:
            self._prompts += isinstance(output, Play)
            self._asked += isinstance(output, QuestionAsked)

    def _look(self) -> None:
        interactions = self._centre.center.interactions.values()
        self._callers.append(sum(isinstance(one.stage, InFlow) for one in interactions))
        asyncio.get_running_loop().call_later(1.0, self._look)


async def main(what: MenusOrder, selector: WatchedSelector) -> None:
    """Until told to stop."""
    settings = Settings(data=what.data, web=Web(port=0), pbx=(what.pbx,), logs=Logs("json"))
    allow_many_files()
    set_up_logs(settings.logs)
    Path(what.data).mkdir(parents=True, exist_ok=True)
    source = CenterSource(CENTER)
    plan = _at_our_number(read_center(source)[0])
    centre = Centre(settings, plan, SimulatedVoice(), files=source.files)
    await centre.start()
    try:
        await _fill(centre.crm, datetime.fromtimestamp(centre.started_at, UTC).date())
        worked = Worked(centre)
        await watch(centre, selector, [UserId(next(iter(plan.supervisors)))], what.settling, worked.begin)
        tell(worked.so_far())
    finally:
        await centre.stop()


def _at_our_number(plan: CenterPlan) -> CenterPlan:
    """Only its shape is the demo's: callers dial the number of the PBX that is measured with."""
    (entry,) = plan.entry_points.values()
    return msgspec.structs.replace(plan, entry_points={NUMBER: msgspec.structs.replace(entry, number=NUMBER)})


async def _fill(crm: EmbeddedCrm, today: date) -> None:
    await crm.put(demo_customers(today))
    await crm.put_shop(demo_shop(today))
    await crm.put_pins({customer: Secret(demo_pin(customer)) for customer in WITH_PIN})


if __name__ == "__main__":
    run_watched(partial(main, order(MenusOrder)))
