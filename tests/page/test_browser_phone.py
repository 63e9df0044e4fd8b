"""The browser as a phone: a real Asterisk, a real customer's SIP phone, a real Chromium with JsSIP and WebRTC."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from acd.model import UserId
from config.center_file import load_center
from config.settings import Settings, Web
from config.wiring import Centre
from tests.journeys.conftest import CENTER
from tests.journeys.house import PASSWORD, House
from tests.journeys.on_asterisk import CUSTOMER_TONE, AsteriskStage, SipCustomer
from tests.journeys.proxy import Proxy
from tests.page.chromium import Chromium
from tests.page.conftest import MICROPHONE_TONE
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sites import trial_site
from tests.parts.sound import hears_tone

pytestmark = [pytest.mark.browser, pytest.mark.asterisk, pytest.mark.phones]


@pytest.fixture(scope="module")
def own_pbx() -> Iterator[Asterisk]:
    """An Asterisk with a browser phone for Anna."""
    with Asterisk(trial_site(desk=("anna", "ben", "dora"), browser=("anna-web",), numbers=("1000",))) as running:
        yield running


@pytest_asyncio.fixture
async def house(own_pbx: Asterisk, tmp_path: Path) -> AsyncIterator[House]:
    """The centre on it; Anna has a password."""
    async with Proxy(own_pbx.site.http.port) as proxy, SipPhones(own_pbx.site.sip.port) as phones:
        stage = AsteriskStage(own_pbx, phones, proxy)
        settings = Settings(
            data=str(tmp_path / "data"),
            web=Web(port=0),
            pbx=(stage.pbx,),
            sip_passwords={phone.name: phone.password for phone in own_pbx.site.phones},
        )
        house = House(Centre(settings, load_center(CENTER), stage.voice(tmp_path)), stage)
        await house.centre.start()
        try:
            await house.is_connected()
            await house.centre.accounts.set_password(UserId("anna"), PASSWORD)
            yield house
        finally:
            await house.close()


async def ready_in_the_browser(house: House, browser: Chromium) -> None:
    """Anna works with a headset; her browser is registered as a phone."""
    await browser.open(f"http://127.0.0.1:{house.centre.port}")
    await browser.log_in("anna", PASSWORD)
    await browser.press("This browser", "radio")
    await browser.press("Start work")
    await browser.is_in_state("Just started")
    await browser.sees("Reachable")
    await browser.press("Ready")
    await browser.is_in_state("Ready")


async def test_sound_goes_both_ways(house: House, browser: Chromium) -> None:
    """She answers in the browser: each side's tone arrives at the other; she is muted, and hangs up."""
    await ready_in_the_browser(house, browser)
    customer = await house.customer_in_billing()
    assert isinstance(customer, SipCustomer)
    await browser.press("Answer")
    await browser.sees("Talking")
    await browser.sees("Mute")
    await hears_tone(customer._call, MICROPHONE_TONE)
    assert await browser.hears() == pytest.approx(CUSTOMER_TONE, abs=15)
    await browser.press("Mute")
    await browser.sees("Unmute")
    await browser.is_sound()
    await browser.press("Hang up")
    await browser.is_in_state("Wrap-up")
    await customer.ended()


async def test_the_customer_hangs_up(house: House, browser: Chromium) -> None:
    """She is in wrap-up, and the browser is ready for the next call."""
    await ready_in_the_browser(house, browser)
    customer = await house.customer_in_billing()
    await browser.press("Answer")
    await browser.sees("Mute")
    await customer.hang_up()
    await browser.is_in_state("Wrap-up")
    await browser.press("Ready without a code")
    await browser.is_in_state("Ready")
    again = await house.customer_in_billing("+4930901821")
    await browser.press("Answer")
    await browser.sees("Talking")
    await again.hang_up()
    await browser.is_in_state("Wrap-up")


async def test_she_declines(house: House, browser: Chromium) -> None:
    """The caller keeps waiting; she gets no more calls until she says so."""
    await ready_in_the_browser(house, browser)
    customer = await house.customer_in_billing()
    await browser.press("Decline")
    await browser.is_in_state("Declined a call")
    assert not customer.is_over
    await customer.hang_up()
