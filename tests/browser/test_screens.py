"""The pages on the real server, with a PBX that a test plays: what an agent and a supervisor see and can do."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from acd.events import WrapUpChosen
from acd.model import Bill, Customer, CustomerKnown
from acd.told import CustomerAnswered
from cti.events import LegAnswered, LegEnded
from cti.model import HangupCause
from tests.agent_desktop.office import PASSWORD, Office, office
from tests.browser.chromium import STATIC
from tests.browser.conftest import OpenWindows
from tests.browser.played_pbx import Pbx, at_work
from tests.browser.window import CHINESE
from tests.journeys.proxy import Proxy

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


@pytest_asyncio.fixture
async def desks() -> AsyncIterator[Office]:
    """The office, with the built page."""
    async with office(static=STATIC) as opened:
        yield opened


async def test_a_call_from_ring_to_wrap_up(desks: Office, window: OpenWindows) -> None:
    """The pop fills in late, the call is answered by a click, the note survives the end of the call."""
    anna = window("anna")
    pbx = await at_work(desks, anna)
    desks.call_billing()
    await anna.sees("Incoming call", "Looking up the customer")
    assert "+493012345" in await anna.title()

    desks.runtime.post(CustomerAnswered(pbx.interaction(), CustomerKnown(CUSTOMER)))
    await anna.sees("María Fernández", "By phone number only", "days overdue", ATTACK)
    assert desks.count("pop_seen_seconds_count") == 1
    await anna.is_sound("3-pop")

    await anna.press("Answer")
    await anna.is_in_state("On a call")
    await anna.sees("Talking")
    await anna.press("Break")
    await anna.press("Lunch", "menuitem")
    await anna.sees("Afterwards: Lunch")
    await anna.is_sound_as_it_is("4-talk")
    await anna.write("Note", "will pay")
    desks.runtime.post(LegEnded(desks.last_ring().leg, HangupCause.NORMAL))
    await anna.is_in_state("Wrap-up")
    assert await anna.focused() == "TEXTAREA"
    assert await anna.value("Note") == "will pay"
    await anna.is_sound("5-wrap-up")

    await anna.press("Solved")
    await anna.press("Done")
    await anna.is_in_state("Lunch")


async def test_how_sure_it_is_who_calls(desks: Office, window: OpenWindows) -> None:
    """By his number, by what he typed, by his PIN; each tells the agent what he may tell."""
    anna = window("anna-sure")
    pbx = await at_work(desks, anna)
    desks.call_billing()
    await anna.sees("Incoming call")
    desks.runtime.post(CustomerAnswered(pbx.interaction(), CustomerKnown(CUSTOMER, typed=True)))
    await anna.sees("Customer number typed")
    await anna.is_sound("3-pop-typed")
    desks.runtime.post(CustomerAnswered(pbx.interaction(), CustomerKnown(CUSTOMER, typed=True, verified=True)))
    await anna.finds(".badge.verified", "Verified")
    await anna.is_sound("3-pop-verified")


async def test_a_note_without_a_code(desks: Office, window: OpenWindows) -> None:
    """It is kept while she talks, through a reload, in another tab, and when she leaves without choosing a code."""
    anna = window("anna-note")
    pbx = await at_work(desks, anna)
    desks.call_billing()
    await anna.press("Answer")
    await anna.sees("Talking")
    await anna.write("Note", "will p")
    await anna.finds(".wrap-note small", "saved")
    wrap_up = desks.center.interactions[pbx.interaction()]
    assert (wrap_up.wrap_up.code, wrap_up.wrap_up.note) == ("", "will p")
    tab = await anna.open_tab("anna-note-2", desks.url)
    await tab.sees("Talking")
    assert await tab.value("Note") == "will p"
    await tab.write("Note", "will pay")
    await tab.finds(".wrap-note small", "saved")
    await tab.close()
    await anna.reload()
    await anna.sees("Talking")
    assert await anna.value("Note") == "will pay"

    said: list[WrapUpChosen] = []
    desks.runtime.others.append(lambda outputs, _: said.extend(o for o in outputs if isinstance(o, WrapUpChosen)))
    desks.runtime.post(LegEnded(desks.last_ring().leg, HangupCause.NORMAL))
    await anna.is_in_state("Wrap-up")
    await anna.write("Note", "will pay on Friday")
    await anna.press("Break")
    await anna.press("Lunch", "menuitem")
    await anna.is_in_state("Lunch")
    assert [(one.code, one.note) for one in said][-1:] == [("", "will pay on Friday")]


async def test_a_phone_that_does_not_pick_up(desks: Office, window: OpenWindows) -> None:
    """Told beside the ringing call, which goes on ringing; it is answered on the phone."""
    anna = window("anna-pick-up")
    pbx = await at_work(desks, anna)
    pbx.picks_up = False
    desks.call_billing()
    await anna.press("Answer")
    await anna.sees("Answer on the phone itself", "Incoming call", "Pick up your phone")
    await anna.is_sound("3-pick-up")
    desks.runtime.post(LegAnswered(desks.last_ring().leg))
    await anna.sees("Talking")
    await anna.misses("Answer on the phone itself")


async def test_nothing_lies_while_the_connection_is_lost(desks: Office, window: OpenWindows) -> None:
    """Lamps say that nobody knows, timers go on, buttons that need the centre wait; she is told what goes on."""
    anna, sam = window("anna-lost"), window("sam-lost")
    async with Proxy(desks.port) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        await at_work(desks, anna, url)
        await sam.open(url)
        await sam.log_in("sam", PASSWORD)
        await anna.finds(".bar .menu .lamp.good", "Reachable")
        await sam.finds(".bar .lamp.good", "PBX connected")
        async with proxy.down():
            await anna.sees("The connection to the centre is lost.", "No call can come to you until it is back.")
            await anna.finds(".bar .menu .lamp.unknown", "Not known")
            await anna.finds('.bar-actions .button[aria-disabled="true"]', "Break")
            await anna.is_pictured("8-lost")  # axe would take so long that she is not Ready any more afterwards
            await sam.finds(".bar .lamp.unknown", "PBX: not known")
        await anna.sees("You are Ready.")
        await anna.finds(".bar .menu .lamp.good", "Reachable")
        desks.call_billing()
        await anna.press("Answer")
        await anna.sees("Talking")
        await anna.write("Note", "before")
        async with proxy.down():
            await anna.sees("The connection to the centre is lost.")
            await anna.write("Note", "before and after")
            await anna.sees("not saved yet: no connection")
            before = await anna.texts(".strip .time")
            await anna.shows(".strip .time", lambda now: now > before)
            await anna.is_sound("8-lost-in-a-talk")
            await sam.is_sound("board-lost")
        await anna.shows(".wrap-note small", lambda kept: kept == ["saved"])
        (interaction,) = desks.center.interactions.values()
        assert interaction.wrap_up.note == "before and after"


async def test_wrong_password(desks: Office, window: OpenWindows) -> None:
    """Told in words, in the browser's own language at first; the way in stays open."""
    anna = window("anna")
    await anna.open(desks.url, locale=CHINESE)
    await anna.sees("登录")
    await anna.press("EN")
    await anna.press("Log in")
    await anna.sees("Type your user name")
    await anna.log_in("anna", "wrong")
    await anna.sees("User name or password is wrong.")
    await anna.is_sound("1-login")
    await anna.log_in("anna", PASSWORD)
    await anna.sees("Which phone do you talk on today?")
    await anna.is_sound_as_it_is("2-start")


async def test_the_connection_is_lost_and_comes_back(desks: Office, window: OpenWindows) -> None:
    """The screen stays, a banner says so, and the page returns by itself."""
    anna = window("anna")
    async with Proxy(desks.port) as proxy:
        await at_work(desks, anna, f"http://127.0.0.1:{proxy.port}")
        for _ in range(2):
            told = asyncio.create_task(anna.sees("The connection to the centre is lost."))
            await asyncio.sleep(0.1)
            await proxy.cut()
            await told
            await anna.sees("You are Ready.")
            await anna.misses("The connection to the centre is lost.")
        await anna.press("Break")
        await anna.press("Lunch", "menuitem")
        await anna.is_in_state("Lunch")


async def test_the_centre_is_updated_under_an_open_page(window: OpenWindows, tmp_path: Path) -> None:
    """The page wants a file that is no more, and reloads itself: she logs in, and is at work in the new one."""
    static = tmp_path / "static"
    shutil.copytree(STATIC, static)
    async with office(static=static) as desks:
        anna = window("anna")
        await anna.open(desks.url)
        await anna.sees("Log in")
        rebuild(static)
        await anna.log_in("anna", PASSWORD)
        await anna.sees("Which phone do you talk on today?")


def rebuild(static: Path) -> None:
    """Another build: every file under assets/ has another name."""
    names = [file.name for file in (static / "assets").iterdir()]
    for file in [static / "index.html", *(static / "assets").iterdir()]:
        text = file.read_text(encoding="utf-8")
        for name in names:
            text = text.replace(name, f"new-{name}")
        file.write_text(text, encoding="utf-8")
    for name in names:
        (static / "assets" / name).rename(static / "assets" / f"new-{name}")


async def test_every_figure_of_the_agents_is_in_sight_on_a_small_screen(desks: Office, window: OpenWindows) -> None:
    """Beside the waiting callers, at 1280 pixels; what an agent can is told by his name then."""
    Pbx(desks)
    sam = window("sam-1280")
    await sam.open(desks.url, width=1280)
    await sam.log_in("sam", PASSWORD)
    await sam.finds(".agents th", "Anna")
    assert await sam.hides(".agents-table") == 0
    await sam.finds('.agents th[title*="Billing 5"]')


@pytest.mark.parametrize(("width", "scheme"), [(1024, "dark"), (390, "light")])
async def test_the_supervisors_board(desks: Office, window: OpenWindows, width: int, scheme: str) -> None:
    """Both languages, and other widths than test_first_minute's: queues, callers and agents, live, and no barrier."""
    Pbx(desks)
    sam = window(f"sam-{width}")
    await sam.open(desks.url, width=width, scheme=scheme)
    await sam.log_in("sam", PASSWORD)
    await sam.sees("Nobody is waiting.")
    desks.call_billing()
    await sam.sees("+493012345", "Nobody is ready")
    await sam.is_sound("board")
    desks.ready("anna")
    await sam.finds(".callers .pill", "ringing")
    await sam.misses("Nobody is ready")


async def test_what_does_not_work_as_it_should(window: OpenWindows) -> None:
    """Supervisors read it, with the reason for who mends it, until it works again."""
    troubles = {
        "voice": "zh: piper cannot be started: No such file or directory; callers hear another voice",
        "storage": "the database does not answer",
        "phones:pbx1": "phones are not seen coming and going: AMI is not connected",
    }
    async with office(static=STATIC, troubles=troubles) as desks:
        sam = window("sam-trouble")
        await sam.open(desks.url)
        await sam.log_in("sam", PASSWORD)
        await sam.sees("Callers do not hear what they should", "piper cannot be started", "The database takes nothing")
        await sam.sees("Phones at pbx1 are not seen coming and going")
        await sam.is_sound("1-troubles")
        troubles.clear()
        await sam.misses("Callers do not hear what they should")
