"""A browser is one line: the next call rings there when the one before is over, in that very moment, and not sooner."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from acd.events import ReservationEnded, ReservationMade
from acd.model import ReservationOutcome
from acd.plan import CenterPlan
from tests.browser.conftest import OpenWindows
from tests.browser.headsets import ANNA, arrives, begins, house_with_headsets, is_ready, patient_plan, talks
from tests.journeys.house import House
from tests.journeys.on_asterisk import CUSTOMER_TONE
from tests.parts.asterisk import Asterisk
from tests.parts.sites import trial_site

pytestmark = [pytest.mark.browser, pytest.mark.asterisk, pytest.mark.phones]

IN_A_ROW = 6


def plan() -> CenterPlan:
    """Anna may have more calls at once than this test has."""
    plan = patient_plan()
    anna = msgspec.structs.replace(plan.agents[ANNA], capacity=IN_A_ROW + 2)
    return msgspec.structs.replace(plan, agents={**plan.agents, ANNA: anna})


@pytest.fixture(scope="module")
def pbx() -> Iterator[Asterisk]:
    """An Asterisk with browser phones."""
    with Asterisk(trial_site(desk=(), browser=("anna-web", "ben-web"), numbers=("1000",))) as running:
        yield running


@pytest_asyncio.fixture
async def house(pbx: Asterisk, tmp_path: Path) -> AsyncIterator[House]:
    """The centre on it."""
    async with house_with_headsets(pbx, tmp_path, plan()) as house:
        yield house


def outcomes(house: House) -> list[ReservationOutcome]:
    """What has become of all that was asked of anybody."""
    return [one.outcome for one in house.said if isinstance(one, ReservationEnded)]


async def test_one_after_the_other(house: House, window: OpenWindows) -> None:
    """She talks, and they wait, seen on the board. After each hang-up the next rings at once; none is missed."""
    anna, sam = window("anna"), window("sam")
    await arrives(anna, house)
    await anna.sees("in one call at a time")
    await anna.is_pictured("one-line-start")
    await begins(anna)
    await arrives(sam, house)
    talking = await talks(anna, house)
    waiting = [await house.customer_in_billing(f"+49309018{n}") for n in range(10, 10 + IN_A_ROW)]
    await waiting[-1].hears_music()
    assert sum(isinstance(one, ReservationMade) for one in house.said) == 1, "a browser cannot ring while she talks"
    await anna.hears_tone(CUSTOMER_TONE)
    await sam.press("What to do: +4930901810")
    await sam.finds(".callers [role=menuitem][aria-disabled=true] small", "browser")
    await sam.is_sound_as_it_is("one-line")
    for customer in waiting:
        await talking.hang_up()
        await anna.sees("Incoming call")
        await anna.press("Answer")
        await customer.hears_agent("anna")
        talking = customer  # type: ignore[assignment]
    await talking.hang_up()
    await anna.is_in_state("Wrap-up")
    assert outcomes(house) == [ReservationOutcome.ACCEPTED] * (1 + IN_A_ROW)
    await anna.press("Break")
    await anna.press("Lunch", "menuitem")
    await house.everybody_goes_home()


async def test_who_gives_up_while_it_rings_leaves_it_to_the_next(house: House, window: OpenWindows) -> None:
    """One after the other hangs up while her browser rings for him: it goes on ringing, for the next."""
    anna = window("anna")
    await is_ready(anna, house)
    waiting = [await house.customer_in_billing(f"+49309018{n}") for n in range(10, 10 + IN_A_ROW)]
    for n, customer in enumerate(waiting[:-1]):
        await anna.sees("Incoming call", f"+49309018{10 + n}")
        await customer.hang_up()
    await anna.sees("Incoming call", f"+49309018{10 + IN_A_ROW - 1}")
    await anna.press("Answer")
    await waiting[-1].hears_agent("anna")
    await waiting[-1].hang_up()
    await anna.is_in_state("Wrap-up")
    assert outcomes(house) == [ReservationOutcome.WITHDRAWN] * (IN_A_ROW - 1) + [ReservationOutcome.ACCEPTED]
    await anna.press("Break")
    await anna.press("Lunch", "menuitem")
    await house.everybody_goes_home()
