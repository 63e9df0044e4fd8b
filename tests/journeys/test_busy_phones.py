"""An agent who talks on her phone with somebody else gets no call, and gets one as soon as she has hung up."""

import asyncio
import time
from pathlib import Path

import pytest

from acd.events import ReservationMade
from acd.model import AgentId
from tests.journeys.conftest import running_house
from tests.journeys.house import House, until
from tests.journeys.on_asterisk import AsteriskStage
from tests.journeys.proxy import Proxy
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sites import trial_site

PRIVATE = "701"
DIALPLAN = f"""
[callwright-in](+)
exten => {PRIVATE},1,Dial(PJSIP/anna,30)
"""

pytestmark = [pytest.mark.asterisk, pytest.mark.phones]


def talks_herself(house: House) -> bool:
    center = house.centre.center
    return center.has_own_call(center.agents[AgentId("anna")])


async def test_a_call_of_her_own_is_not_disturbed(tmp_path: Path) -> None:
    site = trial_site(desk=("anna", "ben", "dora"), browser=("anna-web",), numbers=("1000",))
    with Asterisk(site, dialplan=DIALPLAN) as asterisk:
        async with (
            Proxy(asterisk.site.http.port) as proxy,
            SipPhones(asterisk.site.sip.port) as phones,
            running_house(AsteriskStage(asterisk, phones, proxy), tmp_path) as house,
        ):
            await busy_and_free(house, phones)


async def busy_and_free(house: House, phones: SipPhones) -> None:
    anna, annas = await house.at_work("anna")
    friend = await (await phones.caller("+4930555")).dial(PRIVATE)
    private = await annas.rings()
    await private.answer()
    await until(lambda: talks_herself(house), "that her phone is in use")
    customer = await house.customer_in_billing()
    await customer.hears_music()
    assert not [one for one in house.said if isinstance(one, ReservationMade)], "she was reserved all the same"

    hung_up = time.monotonic()
    await friend.hang_up()
    ringing = await annas.rings()
    assert ringing.invited_at - hung_up < 0.5, "she was free for a while, and he waited"
    await ringing.answer()
    await customer.hears_agent("anna")

    # The end of our own call is known at once: nobody waits until the PBX has said that the phone is free.
    second = await house.customer_in_billing("+4930901821")
    await customer.hang_up()
    await ringing.ended()
    await anna.state("after_call_work")
    ready = time.monotonic()
    await anna.ask("become_ready")
    ringing = await annas.rings()
    assert ringing.invited_at - ready < 0.5
    await ringing.answer()
    await second.hears_agent("anna")

    # A friend rings her in the middle of it, and is still there when the customer has gone.
    third = await house.customer_in_billing("+4930901822")
    friend = await (await phones.caller("+4930555")).dial(PRIVATE)
    await (await annas.rings()).answer()
    await second.hang_up()
    await anna.state("after_call_work")
    await asyncio.sleep(1.2)  # she writes it up
    reserved = len([one for one in house.said if isinstance(one, ReservationMade)])
    await anna.ask("become_ready")
    await until(lambda: talks_herself(house), "that she talks")
    assert len([one for one in house.said if isinstance(one, ReservationMade)]) == reserved
    await friend.hang_up()
    ringing = await annas.rings()
    await ringing.answer()
    await third.hears_agent("anna")
    await third.hang_up()
    await anna.state("after_call_work")
    await anna.ask("become_ready")
