"""The browser as Anna's telephone, on a real Asterisk: from a customer's SIP phone to her headset and her screen.

Her microphone is a file with a tone; what she hears is measured in the page.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from acd.model import InteractionOutcome, SegmentOutcome
from acd.people.agents import DESKTOP_LOST, AfterCallWork, NotReady
from crm_bridge.demo import demo_customers
from cti.model import Speech
from ivr.speech.words import fill
from tests.browser.conftest import OpenWindows
from tests.browser.headsets import (
    ANNA,
    BEN,
    BILLING,
    arrives,
    house_with_headsets,
    is_ready,
    patient_plan,
    rings,
    talks,
    today,
)
from tests.journeys.house import House, until
from tests.journeys.on_asterisk import CUSTOMER_TONE, SipCustomer
from tests.journeys.stage import CUSTOMER_NUMBER
from tests.parts.asterisk import Asterisk
from tests.parts.sites import trial_site

pytestmark = [pytest.mark.browser, pytest.mark.asterisk, pytest.mark.phones]


@pytest.fixture(scope="module")
def pbx() -> Iterator[Asterisk]:
    """An Asterisk with browser phones."""
    with Asterisk(trial_site(desk=(), browser=("anna-web", "ben-web"), numbers=("1000",))) as running:
        yield running


@pytest_asyncio.fixture
async def house(pbx: Asterisk, tmp_path: Path) -> AsyncIterator[House]:
    """The centre on it, with customers."""
    async with house_with_headsets(pbx, tmp_path, patient_plan()) as house:
        yield house


async def test_from_the_menu_to_the_wrap_up(house: House, window: OpenWindows) -> None:
    """The main job, in the browser: menu, balance, pop, Answer, sound both ways, mute, hang up, wrap-up, books."""
    anna = window("anna")
    await is_ready(anna, house)
    emma = demo_customers(today())[0]
    customer = await house.stage.dial("1000", emma.numbers[0])
    assert isinstance(customer, SipCustomer)
    await customer.can_be_heard()
    await customer.press(f"1{emma.id}#")  # she knows the menu by heart; tests/journeys listens to it
    balance = fill("Your balance is {balance:money}.", {"balance": emma.balance, "currency": emma.currency}, "en")
    await customer.hears(Speech(balance, "en"))
    await customer.press("0")

    await anna.sees("Incoming call", emma.name, emma.numbers[0], emma.company, "Customer number typed", "Open bills")
    unpaid = {bill.number for bill in emma.bills if not bill.paid}
    assert {row.split()[0] for row in await anna.texts(".bills tbody tr")} == unpaid
    path = [" ".join(step.split()) for step in await anna.texts(".path li")]
    assert path == ["Service line", "Billing 1", f"Customer number {emma.id}", "A person 0", "Billing"]
    assert await anna.title() == f"{emma.name} is calling"
    await anna.is_pictured("pop")

    await anna.press("Answer")
    await anna.is_in_state("On a call")
    await customer.hears_agent("anna")
    await anna.hears_tone(CUSTOMER_TONE)
    await anna.press("Mute")
    await anna.sees("Unmute")
    await customer.hears_nobody()
    await anna.is_pictured("muted")
    await anna.press("Unmute")
    await customer.hears_agent("anna")
    await anna.press("Hang up")
    await customer.ended()
    await anna.is_in_state("Wrap-up")
    await anna.write("Note", "pays on Friday")
    await anna.press("Resolved")
    await anna.press("Done")
    await anna.is_in_state("Ready")

    (closed,) = await house.closed()
    assert closed.outcome is InteractionOutcome.ANSWERED
    stored = await house.stored(closed.interaction)
    (segment,) = stored.segments
    assert segment.outcome is SegmentOutcome.ANSWERED
    assert [(one.code, one.note) for one in stored.wrap_ups] == [("Resolved", "pays on Friday")]
    await house.everybody_goes_home()


async def test_she_reloads_the_page_during_a_talk(house: House, window: OpenWindows) -> None:
    """The same screen within 2 s, which tells that the sound is lost; she can hang up and go on with the next call."""
    anna = window("anna")
    await is_ready(anna, house)
    customer = await talks(anna, house)
    await anna.write("Note", "half a sentence")
    began = time.monotonic()
    await anna.reload()
    await anna.is_in_state("On a call")
    await anna.sees(CUSTOMER_NUMBER)
    assert time.monotonic() - began <= 2.0
    await anna.sees("The sound of this call is not in this window.")
    assert await anna.value("Note") == "half a sentence"
    await anna.is_sound_as_it_is("reloaded")
    await anna.press("Hang up")
    await customer.ended()
    await anna.press("Done without a code")
    await anna.is_in_state("Ready")
    again = await talks(anna, house)
    assert not any("not in this window" in text for text in await anna.texts("main"))
    await again.hang_up()
    await anna.is_in_state("Wrap-up")
    await anna.press("Done without a code")
    await house.everybody_goes_home()


async def test_she_declines(house: House, window: OpenWindows) -> None:
    """By the browser phone: the caller keeps waiting; she gets no more calls until she says so, a reload or not."""
    anna = window("anna")
    await is_ready(anna, house)
    customer = await rings(anna, house)
    await anna.press("Decline")
    await anna.is_in_state("Declined a call")
    await anna.sees("a colleague is asked now")
    await anna.reload()
    await anna.is_in_state("Declined a call")
    assert not customer.is_over
    await customer.hang_up()
    await house.everybody_goes_home()


async def test_another_window_becomes_the_telephone(house: House, window: OpenWindows) -> None:
    """The talk stays where its sound is; the next call is in the new window; the old one takes the phone back."""
    anna = window("anna")
    await is_ready(anna, house)
    customer = await talks(anna, house)
    tab = await anna.open_tab("anna-2", f"http://127.0.0.1:{house.centre.port}")
    await anna.sees("Your desktop is open in another window")
    await anna.is_sound_as_it_is("replaced")
    await tab.sees("The sound of this call is not in this window.", "Reachable")
    await customer.hears_agent("anna")
    await anna.hears_tone(CUSTOMER_TONE)
    await tab.press("Hang up")
    await customer.ended()
    await tab.press("Done without a code")
    await (await talks(tab, house)).hang_up()
    await tab.press("Done without a code")
    await tab.is_in_state("Ready")

    await anna.press("Work in this window")
    await tab.sees("Your desktop is open in another window")
    await anna.sees("Reachable")
    await (await rings(anna, house)).hang_up()
    await tab.close()
    await house.everybody_goes_home()


async def test_they_close_their_browsers(house: House, window: OpenWindows) -> None:
    """Ben while it rings: his caller waits on. Anna during a talk: the PBX ends what has been dead for 15 s."""
    anna, ben = window("anna"), window("ben")
    await is_ready(anna, house)
    talker = await talks(anna, house)
    await is_ready(ben, house)
    asker = await rings(ben, house)
    await ben.is_pictured("ringing")
    began = time.monotonic()
    await asyncio.gather(anna.close(), ben.close())

    await house.loses_desktop("ben")
    center = house.centre.center
    await until(lambda: len(center.queues[BILLING].waiting) == 1, "the caller back in the queue", 3.0)
    assert time.monotonic() - began <= 13.0
    assert center.agents[BEN].state == NotReady(center.agents[BEN].state.since, DESKTOP_LOST)
    await asker.hears_music()
    await asker.hang_up()
    await talker.ended(20.0 - (time.monotonic() - began))
    await until(lambda: isinstance(center.agents[ANNA].state, AfterCallWork), "the end of Anna's call")
    await arrives(ben, house)
    await ben.is_in_state("Desktop was closed")
    await ben.sees("Your desktop was not connected for a while")
    await arrives(anna, house)
    await anna.is_in_state("Wrap-up")
    await anna.sees("Afterwards: Desktop was closed")
    await anna.press("Resolved")
    await anna.sees("Then: no calls for now.")
    await anna.press("Done")
    await anna.is_in_state("Desktop was closed")
    await anna.press("Ready")
    await anna.is_in_state("Ready")
    await house.everybody_goes_home()
