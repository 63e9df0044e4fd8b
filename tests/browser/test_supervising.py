"""What a supervisor does to callers and agents on the board, and what agents do with their queues."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from acd.model import AgentId, InteractionId, VoicemailId
from acd.people.agents import Busy
from acd.plan import CenterPlan
from acd.told import TaskWanted
from cti.events import LegEnded, PhoneUnreachable
from cti.model import CallerId, HangupCause
from tests.acd.company import BILLING, PRODUCTS, agent, company, queue
from tests.agent_desktop.office import PASSWORD, Office, office, until
from tests.browser.chromium import STATIC
from tests.browser.conftest import OpenWindows
from tests.browser.played_pbx import Pbx, at_work
from tests.browser.window import Window

pytestmark = pytest.mark.browser


def plan() -> CenterPlan:
    """Billing may be left, and its callers taken out of turn; nobody but Ben can serve products."""
    queues = queue(BILLING, optional=True, pull=True), queue(PRODUCTS)
    return company(*queues, agents=(agent("anna", billing=5), agent("ben", products=5)))


@pytest_asyncio.fixture
async def desks() -> AsyncIterator[Office]:
    """The office, with the built page."""
    async with office(plan(), static=STATIC) as opened:
        yield opened


async def at_the_board(desks: Office, sam: Window, width: int = 1440, scheme: str = "light") -> None:
    """Sam sees the board."""
    await sam.open(desks.url, width=width, scheme=scheme)
    await sam.log_in("sam", PASSWORD)
    await sam.finds(".agents th", "Anna")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (900, "dark")])
async def test_a_supervisor_steps_in(desks: Office, window: OpenWindows, width: int, scheme: str) -> None:
    """Nobody serves the caller: he is brought forward, and given to Anna; she is told who sent her on a break."""
    anna, sam = window(f"super-anna-{width}"), window(f"super-sam-{width}")
    await at_work(desks, anna, width=width, scheme=scheme)
    await at_the_board(desks, sam, width, scheme)
    await sam.press("What to do: Anna")
    choices = await sam.texts(".agents [role=menuitem]")
    assert choices[-2:] == ["Log out", "Take out of Billing"], "Products is none of hers"
    await sam.is_sound_as_it_is("agent-menu")
    await sam.press("Set on a break: Lunch", "menuitem")
    await anna.is_in_state("Lunch")
    await anna.sees("Sam has set you to Lunch.")
    await anna.is_sound("lunch")

    desks.call_billing()
    await sam.press("What to do: +493012345")
    await sam.finds('.callers [role=menuitem][aria-disabled="true"]', "Give to Anna")
    await sam.finds('.callers [role=menuitem][aria-disabled="true"] small', "Lunch")
    await sam.is_sound_as_it_is("caller-menu")
    await sam.press("Bring forward by 5 minutes", "menuitem")
    await sam.finds(".callers .forward", "+5:00")
    await sam.press("What to do: +493012345")
    await sam.press("Bring forward by 15 minutes", "menuitem")
    await sam.finds(".callers .forward", "+20:00")
    await sam.press("What to do: +493012345")
    await sam.press("Back to the usual place", "menuitem")
    await sam.misses("+20:00")
    await sam.press("What to do: +493012345")
    await sam.press("Put back by 5 minutes", "menuitem")
    await sam.finds(".callers .forward", "−5:00")

    await anna.press("Leave", exact=True)
    await anna.sees("You get none of its calls")
    await sam.press("What to do: Anna")
    await sam.press("Set ready", "menuitem")
    await anna.is_in_state("Ready")
    await anna.sees("Sam has set you to Ready.")
    await sam.press("What to do: +493012345")
    await sam.press("Give to Anna", "menuitem")
    await anna.press("Answer")
    await anna.is_in_state("On a call")
    await sam.press("What to do: Anna")
    await sam.finds('.agents [role=menuitem][aria-disabled="true"]', "Log out")


@pytest.mark.parametrize("width", [1440, 900])
async def test_the_menus_by_keyboard(desks: Office, window: OpenWindows, width: int) -> None:
    """In Chinese: arrows go round, a choice that cannot be made does nothing, Escape leads back to the button."""
    Pbx(desks)
    desks.ready("ben")
    desk_phone = desks.center.plan.agents[AgentId("ben")].phones[0]
    desks.runtime.post(PhoneUnreachable(desk_phone.node, desk_phone.endpoint))
    desks.call_billing()
    sam = window(f"keys-sam-{width}")
    await at_the_board(desks, sam, width)
    await sam.press("中文", exact=True)
    await sam.press("操作：+493012345")
    await sam.is_sound_as_it_is("caller-menu-zh")
    await sam.hit("End")
    assert "转给 Ben" in await sam.reads()
    await sam.hit("Enter", "ArrowDown", "ArrowDown")
    assert await sam.reads() == "提前 5 分钟"
    await sam.hit("Escape")
    assert "操作：+493012345" in await sam.reads()
    await sam.hit("Enter")
    await sam.finds(".callers [role=menuitem]:focus", "提前 2 分钟")
    await sam.hit("ArrowDown", "ArrowDown", "ArrowUp", "Enter")
    await sam.finds(".callers .forward", "+5:00")
    await sam.press("操作：Ben")
    await sam.hit("ArrowDown")
    await sam.is_sound_as_it_is("agent-menu-zh")


async def test_queues_that_agents_leave(desks: Office, window: OpenWindows) -> None:
    """She is asked for none of its calls until she joins it again; then she may take the one who waits."""
    anna = window("leave-anna")
    await at_work(desks, anna)
    await anna.press("Leave", exact=True)
    await anna.sees("You get none of its calls")
    await anna.is_sound("left")
    await anna.press("Break")
    await anna.press("Lunch", "menuitem")
    await anna.is_in_state("Lunch")
    desks.call_billing()
    await anna.press("Join", exact=True)
    await anna.finds(".queue-callers", "+493012345")
    await anna.is_sound("may-take")
    await anna.press("out of turn")
    await anna.press("Answer")
    await anna.is_in_state("On a call")
    await until(lambda: isinstance(desks.center.agents[AgentId("anna")].state, Busy))


async def test_a_caller_is_given_to_whom_a_message_is_offered(desks: Office, window: OpenWindows) -> None:
    """The board offers her; the message goes back to its queue, and she reads why. What Sam has done besides is not
    lost by the ring."""
    anna, sam = window("first-anna"), window("first-sam")
    await at_work(desks, anna)
    await at_the_board(desks, sam)
    since, contact = desks.now() - 60, InteractionId("of-v1")
    desks.runtime.post(TaskWanted(VoicemailId("v1"), BILLING, CallerId("+493099999"), since, contact))
    await anna.sees("+493099999")
    leg = desks.call_products()
    await sam.press("What to do: Anna")
    await sam.press("Take out of Billing", "menuitem")
    taken = "Sam has taken you out of the queue Billing."
    await anna.sees(taken)
    await sam.press("What to do: +493012345")
    await sam.press("Give to Anna", "menuitem")
    await anna.sees("A caller came first: the message is back in its queue.", taken)
    await sam.sees("1 message waits")
    await anna.is_sound("rings")
    desks.runtime.post(LegEnded(leg, HangupCause.NORMAL))
    await anna.sees("The caller hung up.", taken)
    await anna.misses("A caller came first")
    await anna.is_sound("afterwards")
    await anna.press("Dismiss")
    await anna.misses(taken)


async def test_what_cannot_be_done_is_told(desks: Office, window: OpenWindows) -> None:
    """Nobody is made ready whose page is not open: the board says so."""
    Pbx(desks)
    desks.ready("ben")
    sam = window("super-sam-no")
    await at_the_board(desks, sam)
    await sam.press("What to do: Ben")
    await sam.press("Set on a break: Lunch", "menuitem")
    await sam.finds(".agents .state-pill", "Lunch")
    await sam.press("What to do: Ben")
    await sam.press("Set ready", "menuitem")
    await sam.sees("This agent's page is not open.")
    await sam.is_pictured("refused")
