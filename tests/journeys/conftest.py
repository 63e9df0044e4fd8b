"""A centre and its stage, for each PBX on which the journeys run."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from acd.plan import CenterPlan
from config.center_file import load_center
from config.settings import ServiceSettings, Settings, Web
from config.wiring import Centre
from crm_bridge.demo import demo_customers
from cti.edge.simulated_pbx import EmbeddedPbx
from cti.simulator.settings import PbxSettings, Transfers, services
from ivr.edge.speech import Speaker
from tests.journeys.house import House
from tests.journeys.on_asterisk import AsteriskStage
from tests.journeys.on_embedded import EmbeddedStage
from tests.journeys.proxy import Proxy
from tests.journeys.stage import BUSY_OUTSIDE, OUTSIDE, Stage
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sites import trial_site

TODAY = date(2026, 11, 21)
CENTER = Path(__file__).with_name("center.yaml")
MORE_NUMBERS = tuple(str(number) for number in range(2000, 2040))
"""That lead nowhere, unless a test says so."""


@pytest.fixture(scope="session")
def journey_asterisk() -> Iterator[Asterisk]:
    """An Asterisk with the phones of the journeys' company."""
    site = trial_site(desk=("anna", "ben", "dora"), browser=("anna-web",), numbers=("1000", *MORE_NUMBERS))
    outside = f"""
[callwright-outside]
exten => {OUTSIDE},1,Dial(PJSIP/dora)
exten => {BUSY_OUTSIDE},1,Hangup(17)
"""
    with Asterisk(site, dialplan=outside) as running:
        yield running


@pytest_asyncio.fixture(params=["embedded", pytest.param("asterisk", marks=[pytest.mark.asterisk, pytest.mark.phones])])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """Each PBX in turn."""
    if request.param == "embedded":
        async with EmbeddedPbx(PbxSettings(services=services("1000"), transfers=Transfers({OUTSIDE: 0.5}))) as pbx:
            for name in ("anna", "ben", "dora"):
                pbx.add_phone(name, registered=False)
            yield EmbeddedStage(pbx)
        return
    asterisk: Asterisk = request.getfixturevalue("journey_asterisk")
    async with Proxy(asterisk.site.http.port) as proxy, SipPhones(asterisk.site.sip.port) as phones:
        yield AsteriskStage(asterisk, phones, proxy)


@pytest_asyncio.fixture
async def house(stage: Stage, tmp_path: Path) -> AsyncIterator[House]:
    """The centre, running on the stage; at the end nothing is left on the PBX."""
    async with running_house(stage, tmp_path) as house:
        yield house


@asynccontextmanager
async def running_house(
    stage: Stage,
    folder: Path,
    database: str = "",
    plan: CenterPlan | None = None,
    traces: Path | None = None,
    services: tuple[ServiceSettings, ...] = (),
) -> AsyncIterator[House]:
    """The centre with its files in `folder`, and SQLite there if no database is given. `traces`: where all that the PBX
    says is recorded, if it is. `services`: that flows may ask."""
    plan = plan or load_center(CENTER)
    voice = stage.voice(folder)
    data = str(folder / "data")
    settings = Settings(data=data, database=database, web=Web(port=0), pbx=(stage.pbx,), service=services)
    centre = Centre(settings, plan, voice, traces)
    house = House(centre, stage)
    await centre.start()
    try:
        await house.is_connected()
        await centre.crm.put(demo_customers(TODAY))
        yield house
        await house.everybody_goes_home()
    finally:
        await house.close()
        if isinstance(voice, Speaker):
            await voice.close()
