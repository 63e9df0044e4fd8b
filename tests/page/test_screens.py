"""The pages on the real server, with a PBX that a test plays: what an agent and a supervisor see and can do."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from acd.events import CustomerAnswered
from acd.model import Bill, Customer, CustomerKnown, InteractionId
from cti.commands import AnyCommand, Bridge, HangUp, PickUp
from cti.events import AnyPbxEvent, LegAnswered, LegEnded, LegsBridged, PhoneReachable
from cti.model import HangupCause
from tests.agent_desktop.office import PASSWORD, Office, office
from tests.journeys.proxy import Proxy
from tests.page.chromium import STATIC, Chromium

pytestmark = pytest.mark.browser

ATTACK = "<img src=x onerror=alert(1)>"
CUSTOMER = Customer(
    "1001",
    "María Fernández",
    language="es",
    company=ATTACK,
    balance="120.50",
    bills=(Bill("B-1", "2020-01-31", "120.50", "EUR", paid=False),),
)


class Pbx:
    """Does at once what the centre commands."""

    def __init__(self, where: Office) -> None:
        self._office = where
        where.on_command = self._obey
        for agent in where.center.plan.agents.values():
            for phone in agent.phones:
                where.runtime.post(PhoneReachable(phone.endpoint))

    def _obey(self, command: AnyCommand) -> None:
        self._office.commands.append(command)
        match command:
            case PickUp(_, leg):
                self._soon(LegAnswered(leg))
            case Bridge(_, leg, call, others):
                self._soon(LegsBridged(call, (leg, *others)))
            case HangUp(_, leg, cause):
                self._soon(LegEnded(leg, cause))
            case _:
                pass

    def _soon(self, event: AnyPbxEvent) -> None:
        asyncio.get_running_loop().call_soon(self._office.runtime.post, event)

    def interaction(self) -> InteractionId:
        """The one that is there."""
        return next(iter(self._office.center.interactions))


@pytest_asyncio.fixture
async def desks() -> AsyncIterator[Office]:
    """The office, with the built page."""
    async with office(static=STATIC) as opened:
        yield opened


async def at_work(desks: Office, browser: Chromium, url: str = "") -> Pbx:
    """Anna is at her desk phone, Ready."""
    pbx = Pbx(desks)
    await browser.open(url or desks.url)
    await browser.log_in("anna", PASSWORD)
    await browser.press("Start work")
    await browser.is_in_state("Just started")
    await browser.press("Ready")
    await browser.is_in_state("Ready")
    await browser.sees("You are Ready.")
    return pbx


async def test_a_call_from_ring_to_wrap_up(desks: Office, browser: Chromium) -> None:
    """The pop fills in late, the call is answered by a click, the note survives the end of the call."""
    pbx = await at_work(desks, browser)
    desks.call_billing()
    await browser.sees("Incoming call")
    await browser.sees("Looking up the customer")
    assert "+493012345" in await browser.title()
    await browser.is_sound()

    desks.runtime.post(CustomerAnswered(pbx.interaction(), CustomerKnown(CUSTOMER)))
    await browser.sees("María Fernández")
    await browser.sees("By phone number only")
    await browser.sees("days overdue")
    await browser.sees(ATTACK)
    assert desks.count("pop_seen_seconds_count") == 1

    await browser.press("Answer")
    await browser.is_in_state("On a call")
    await browser.sees("Talking")
    await browser.press("Break")
    await browser.press("Lunch", "menuitem")
    await browser.sees("Afterwards: Lunch")
    await browser.is_sound()
    await browser.write("Note", "will pay")
    desks.runtime.post(LegEnded(desks.last_ring().leg, HangupCause.NORMAL))
    await browser.is_in_state("Wrap-up")
    assert await browser.focused() == "TEXTAREA"
    assert await browser.value("Note") == "will pay"
    await browser.is_sound()

    await browser.press("Solved")
    await browser.press("Save and close")
    await browser.is_in_state("Lunch")


async def test_a_declined_call_and_a_reload(desks: Office, browser: Chromium) -> None:
    """She is told why she gets no calls, and finds the same screen after a reload."""
    await at_work(desks, browser)
    desks.call_billing()
    await browser.press("Decline")
    await browser.is_in_state("Declined a call")
    await browser.sees("a colleague is asked now")
    await browser.reload()
    await browser.is_in_state("Declined a call")


async def test_wrong_password(desks: Office, browser: Chromium) -> None:
    """Told in words; the way in stays open."""
    await browser.open(desks.url)
    await browser.press("Log in")
    await browser.sees("Type your user name")
    await browser.log_in("anna", "wrong")
    await browser.sees("User name or password is wrong.")
    await browser.is_sound()
    await browser.log_in("anna", PASSWORD)
    await browser.sees("Which phone do you talk on today?")
    await browser.is_sound()


async def test_the_connection_is_lost_and_comes_back(desks: Office, browser: Chromium) -> None:
    """The screen stays, a banner says so, and the page returns by itself."""
    async with Proxy(desks.port) as proxy:
        await at_work(desks, browser, f"http://127.0.0.1:{proxy.port}")
        for _ in range(3):
            told = asyncio.create_task(browser.sees("The connection to the centre is lost."))
            await asyncio.sleep(0.1)
            await proxy.cut()
            await told
            await browser.sees("You are Ready.")
            await browser.misses("The connection to the centre is lost.")
        await browser.press("Break")
        await browser.press("Lunch", "menuitem")
        await browser.is_in_state("Lunch")


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
async def test_the_supervisors_board(desks: Office, browser: Chromium, width: int, locale: str) -> None:
    """Both languages and three widths: queues, callers and agents, live, and no barrier."""
    Pbx(desks)
    await browser.open(desks.url, width=width, locale=locale, scheme="dark" if width == 1024 else "light")
    await browser.sees("登录" if locale == "zh-CN" else "Log in")
    await browser.press("EN")
    await browser.log_in("sam", PASSWORD)
    await browser.sees("Waiting callers")
    await browser.press("中文" if locale == "zh-CN" else "EN")
    await browser.sees("等待的来电者" if locale == "zh-CN" else "Nobody is waiting.")
    await browser.is_sound()
    desks.call_billing()
    await browser.sees("+493012345")
    await browser.is_sound()
