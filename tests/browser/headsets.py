"""Agents whose browser is their telephone, on a real Asterisk: their centre, and how they begin to work and to talk.

Their microphone is a file with a tone; what they hear is measured in the page.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from acd.model import AgentId, PhoneKind, QueueName, UserId
from acd.plan import CenterPlan, Phone
from config.center_file import load_center
from config.settings import Settings, Web
from config.wiring import Centre
from crm_bridge.demo import demo_customers
from cti.model import Endpoint, NodeName
from tests.browser.window import Window
from tests.journeys.conftest import CENTER
from tests.journeys.house import PASSWORD, House
from tests.journeys.on_asterisk import CUSTOMER_TONE, AsteriskStage, SipCustomer
from tests.journeys.proxy import Proxy
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones

ANNA, BEN = AgentId("anna"), AgentId("ben")
BILLING = QueueName("billing")


def today() -> date:
    """Of the bills."""
    return datetime.fromtimestamp(time.time(), UTC).date()


def patient_plan() -> CenterPlan:
    """The journeys' company, with a browser phone for Ben too, and as long a ring as a test looks at the page."""
    plan = load_center(CENTER)
    queues = {name: msgspec.structs.replace(queue, ring_timeout=30.0) for name, queue in plan.queues.items()}
    ben = plan.agents[BEN]
    browser = Phone(PhoneKind.BROWSER, Endpoint("PJSIP/ben-web"), NodeName("pbx1"))
    ben = msgspec.structs.replace(ben, phones=(*ben.phones, browser))
    return msgspec.structs.replace(plan, queues=queues, agents={**plan.agents, BEN: ben})


@asynccontextmanager
async def house_with_headsets(pbx: Asterisk, folder: Path, plan: CenterPlan) -> AsyncIterator[House]:
    """The centre on an Asterisk that has the phones `anna-web` and `ben-web`, with customers; Sam may look at it."""
    async with Proxy(pbx.site.http.port) as proxy, SipPhones(pbx.site.sip.port) as phones:
        stage = AsteriskStage(pbx, phones, proxy)
        settings = Settings(
            data=str(folder / "data"),
            web=Web(port=0),
            pbx=(stage.pbx,),
            sip_passwords={phone.name: phone.password for phone in pbx.site.phones},
        )
        house = House(Centre(settings, plan, stage.voice(folder)), stage)
        await house.centre.start()
        try:
            await house.is_connected()
            await house.centre.crm.put(demo_customers(today()))
            for agent in (ANNA, BEN, "sam"):
                await house.centre.accounts.set_password(UserId(agent), PASSWORD)
            yield house
        finally:
            await house.close()


async def is_ready(someone: Window, house: House) -> None:
    """An agent works with a headset; the browser is registered as a phone."""
    await arrives(someone, house)
    await begins(someone)


async def begins(someone: Window) -> None:
    """At work with a headset, and Ready."""
    await someone.press("This browser", "radio")
    await someone.press("Start work")
    await someone.is_in_state("Just started")
    await someone.sees("Reachable")
    await someone.press("Ready")
    await someone.is_in_state("Ready")


async def arrives(someone: Window, house: House) -> None:
    """From the link through the login."""
    await someone.open(f"http://127.0.0.1:{house.centre.port}")
    await someone.log_in(someone.name, PASSWORD)


async def rings(anna: Window, house: House) -> SipCustomer:
    """A customer wants a person, and Anna's browser rings."""
    customer = await house.customer_in_billing()
    assert isinstance(customer, SipCustomer)
    await anna.sees("Incoming call")
    return customer


async def talks(anna: Window, house: House) -> SipCustomer:
    """She has answered, and both hear each other."""
    customer = await rings(anna, house)
    await anna.press("Answer")
    await anna.finds(".strip .time")
    await customer.hears_agent("anna")
    await anna.hears_tone(CUSTOMER_TONE)
    return customer
