"""A newcomer starts the demo, opens the link, and takes his first call, while another window shows everything live."""

import asyncio
from pathlib import Path

import pytest

from tests.browser.conftest import OpenWindows
from tests.browser.demo import Demo, demo
from tests.browser.window import Window

pytestmark = pytest.mark.browser

FIRST_CALL = 30.0
"""Seconds until somebody calls him, at most."""


async def test_the_first_minute(window: OpenWindows, tmp_path: Path) -> None:
    """Link, password, Ready; a call within half a minute; Answer, hang up, wrap up; and Ctrl-C at the end."""
    async with demo(tmp_path) as running:
        anna, sam = window("anna"), window("sam")
        await asyncio.gather(takes_a_call(anna, running), watches(sam, running))
        family = running.family()
        status, seconds = await running.ctrl_c()
        assert status == 0, running.printed
        assert seconds <= 5.0
        assert "Stopped." in running.printed
        assert "Traceback" not in running.printed
        assert not [process for process in family if Path(f"/proc/{process}").exists()]
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", running.port)
        await anna.sees("The connection to the centre is lost.")


async def test_the_demo_is_gone_and_comes_back(window: OpenWindows, tmp_path: Path) -> None:
    """The page says that it reconnects, and is there again by itself; a second start is quick."""
    anna = window("anna")
    async with demo(tmp_path) as first:
        await anna.open(first.link)
        await anna.log_in("anna", first.passwords["anna"])
        await anna.press("Start work")
        await anna.is_in_state("Just started")
        await asyncio.sleep(0.5)  # what happened in the last moment before a power cut may be forgotten
        await first.is_killed()
        await anna.sees("The connection to the centre is lost.")
        await anna.is_sound_as_it_is("8-lost")
    async with demo(tmp_path, first.port) as second:
        assert 0.0 < second.ready_after <= 5.0
        await anna.misses("The connection to the centre is lost.")
        await anna.is_in_state("Just started")
        await anna.press("Ready")
        await anna.is_in_state("Ready")


async def takes_a_call(anna: Window, running: Demo) -> None:
    """From the printed link to Ready again."""
    await anna.open(running.link)
    await anna.log_in("anna", running.passwords["anna"])
    await anna.sees("Which phone do you talk on today?")
    await anna.press("Desk phone", "radio")
    await anna.press("Start work")
    await anna.is_in_state("Just started")
    await second_tab(anna, running)
    await anna.press("Ready")
    await anna.is_in_state("Ready")

    await anna.sees("Incoming call", patience=FIRST_CALL)
    await anna.press("Answer")
    await anna.is_in_state("On a call")
    await anna.sees("Talking")
    await timer_runs(anna, ".strip .time")
    await anna.press("Hang up")
    await anna.is_in_state("Wrap-up")
    await anna.press("Complaint")  # the one code of both queues
    await anna.press("Done")
    # The next one may be waiting for her already.
    await anna.shows(".state-words strong", lambda word: word[0] in {"Ready", "Ringing"})


async def timer_runs(someone: Window, selector: str) -> None:
    """The seconds go up on the screen."""
    before = await someone.texts(selector)
    await someone.shows(selector, lambda now: now > before, 3.0)


async def watches(sam: Window, running: Demo) -> None:
    """The supervisor sees both queues and all eight agents; the numbers change without his doing."""
    await sam.open(running.link)
    await sam.log_in("sam", running.passwords["sam"])
    await sam.sees("Northwind Water", "PBX connected", "Books add up")
    await sam.shows(".queue-card h3", lambda names: names == ["Billing", "Products"])
    await sam.shows(".agents tbody tr", lambda rows: len(rows) == 8)
    before = await sam.texts(".totals dd")
    await sam.shows(".totals dd", lambda now: now != before, 20.0)
    await sam.finds(".state-pill.is-busy .time", patience=20.0)
    await sam.is_sound_as_it_is("board")


async def second_tab(anna: Window, running: Demo) -> None:
    """Both show the same, and what she does in one is seen in the other; one may be closed."""
    tab = await anna.open_tab("anna-2", running.link)
    await tab.finds(".state-words strong")
    await tab.press("Other break")
    await tab.press("Lunch", "menuitem")
    await anna.is_in_state("Lunch")
    await tab.close()
