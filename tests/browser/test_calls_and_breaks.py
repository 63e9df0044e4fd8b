"""After-call work, breaks with limits, missed calls and several calls at once, as agents and supervisors see them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from acd.calls.reservations import NO_ANSWER
from acd.model import AgentId, Customer, CustomerKnown, WrapUpCode
from acd.people.agents import AfterCallWork
from acd.plan import CenterPlan
from acd.told import CustomerAnswered, DesktopConnected
from cti.commands import Ring
from cti.events import LegAnswered, LegEnded, PhoneUnreachable
from cti.model import HangupCause
from ivr.flow.settings import NodeId
from ivr.nodes.to_queue import Told, ToQueueNode
from tests.acd.company import BILLING, WELCOME, agent, company, queue
from tests.agent_desktop.office import PASSWORD, Office, office, until
from tests.browser.chromium import STATIC
from tests.browser.conftest import OpenWindows
from tests.browser.played_pbx import Pbx, at_work
from tests.browser.window import Window

pytestmark = pytest.mark.browser

ANNA = AgentId("anna")
LONG_NAME = "Maximiliane Freifrau von Droste zu Hülshoff-Vischering"


def plan(capacity: int = 1, **settings: object) -> CenterPlan:
    """Anna and Ben, and one queue with these settings."""
    staff = (
        msgspec.structs.replace(agent("anna", billing=5), capacity=capacity),
        agent("ben", billing=3),
    )
    return company(queue(BILLING, **settings), agents=staff)


@asynccontextmanager
async def working(window: OpenWindows, of: CenterPlan, name: str = "anna") -> AsyncIterator[tuple[Office, Window, Pbx]]:
    """The office is open, and Anna is Ready."""
    async with office(of, static=STATIC) as desks:
        anna = window(name)
        yield desks, anna, await at_work(desks, anna)


async def test_what_the_flow_tells_of_him(window: OpenWindows) -> None:
    """Beside his way, before her phone rings; a long text is seen whole."""
    show = (
        Told({"en": "Order", "zh": "订单"}, "700001"),
        Told({"en": "Wants", "zh": "事由"}, "a bill that is wrong: 2026-1001-1, and not for the first time"),
    )
    nodes = {**WELCOME.nodes, NodeId("billing"): ToQueueNode("billing", show=show)}
    flow = msgspec.structs.replace(WELCOME, nodes=nodes)
    async with working(window, msgspec.structs.replace(plan(), flows={flow.name: flow}), "shown") as (desks, anna, _):
        desks.call_billing()
        await anna.sees("700001", "not for the first time")
        await anna.is_sound("ringing")
        assert await anna.texts(".shown dd") == [one.text for one in show]


async def after_a_call(desks: Office, anna: Window) -> None:
    """She has had a call."""
    desks.call_billing()
    await anna.press("Answer")
    await anna.sees("Talking")
    desks.runtime.post(LegEnded(desks.last_ring().leg, HangupCause.NORMAL))
    await anna.is_in_state("Wrap-up")


async def test_more_time_for_wrap_up(window: OpenWindows) -> None:
    """As often as the queue allows; then it is done when she says so, and she has what she wished for."""
    async with working(window, plan(wrap_up=20.0, wrap_up_extension=60.0, wrap_up_extensions=2), "wrap") as (
        desks,
        anna,
        _,
    ):
        await after_a_call(desks, anna)
        await anna.sees("2 more left", "Then: Ready.")
        await anna.press("More time: +1:00")
        await anna.sees("1 more left")
        await anna.is_sound("more-time")
        await anna.press("More time: +1:00")
        await anna.sees("no more")
        assert (await anna.texts(".wrap-left .time"))[0] > "1:50"
        await anna.press("Break")
        await anna.press("Lunch", "menuitem")
        await anna.is_in_state("Lunch")
        await anna.press("Ready")
        await anna.is_in_state("Ready")
        await after_a_call(desks, anna)
        await anna.press("Done without a code")
        await anna.is_in_state("Ready")


async def test_whether_it_is_solved(window: OpenWindows) -> None:
    """Asked where the queue says so; said, taken back, said again; and what else she chooses leaves it as it is."""
    codes = (WrapUpCode("bill"), WrapUpCode("call back"))
    async with working(window, plan(wrap_up=None, ask_solved=True, wrap_up_codes=codes), "solved") as (desks, anna, _):
        await after_a_call(desks, anna)
        (of,) = desks.center.interactions.values()
        await anna.press("Not solved")
        await anna.finds('.solved [aria-pressed="true"]', "Not solved")
        await anna.is_sound("asked")
        await anna.press("Not solved")
        await anna.shows('.solved [aria-pressed="true"]', lambda pressed: not pressed)
        await anna.press("Solved", exact=True)
        await anna.finds('.solved [aria-pressed="true"]', "Solved")
        await anna.write("Note", "has paid")
        await anna.finds(".wrap-note small", "saved")
        await anna.press("bill")
        await anna.finds('.codes [aria-pressed="true"]', "bill")
        assert (of.wrap_up.code, of.wrap_up.note, of.wrap_up.solved) == ("bill", "has paid", True)


async def test_wrap_up_without_a_limit(window: OpenWindows) -> None:
    """It tells how long it has taken, and ends when she says so."""
    async with working(window, plan(wrap_up=None), "open") as (desks, anna, _):
        desks.call_billing()
        await anna.press("Answer")
        await anna.press("Break")
        await anna.press("Lunch", "menuitem")
        desks.runtime.post(LegEnded(desks.last_ring().leg, HangupCause.NORMAL))
        await anna.sees(" so far", "Then: Lunch.")
        await anna.misses("More time")
        await anna.press("Solved")
        await anna.is_sound("no-limit")
        await anna.press("Done")
        await anna.is_in_state("Lunch")


async def test_a_break_with_a_limit(window: OpenWindows) -> None:
    """The menu and the state tell it; when it is over, she and her supervisor see by how much."""
    limits = {"break": None, "lunch": 3.0, "training": 1800.0}
    async with working(window, msgspec.structs.replace(plan(), break_reasons=limits), "break") as (desks, anna, _):
        sam = window("break-sam")
        await sam.open(desks.url, width=1280)
        await sam.log_in("sam", PASSWORD)
        await anna.press("Break")
        await anna.sees("up to 30 mins", "up to 0:03")
        await anna.is_pictured("menu")
        await anna.press("Training", "menuitem")
        await anna.finds(".state-block", "Left of 30 mins")
        await anna.is_sound("left")
        await anna.press("Other break")
        await anna.press("Lunch", "menuitem")
        await anna.finds(".state-block.over", "Longer than 0:03")
        await anna.finds(".state-block", "+0:0")
        await anna.sees("Your break has lasted as long as it may.", "Press Ready when you are back.")
        await anna.is_sound("over")
        await sam.finds(".agents .aside.bad", "too long")
        await sam.is_sound("over")


async def test_a_pause_after_a_missed_call(window: OpenWindows) -> None:
    """She is told that she is Ready again by herself, and when; and then she is."""
    missing = msgspec.structs.replace(plan(ring_timeout=1.0), after_miss={NO_ANSWER: 12.0})
    async with working(window, missing, "pause") as (desks, anna, _):
        caller = desks.call_billing()
        await anna.is_in_state("Missed a call")
        desks.runtime.post(LegEnded(caller, HangupCause.NORMAL))
        await anna.finds(".state-block", "Ready again in")
        await anna.sees(
            "You missed a call. You are Ready again by yourself in a moment.", "when the time at the top is over"
        )
        await anna.is_sound("missed")
        await anna.is_in_state("Ready", 15.0)
        await anna.sees("You missed a call. You are Ready for the next one.")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (900, "dark")])
async def test_several_calls(window: OpenWindows, width: int, scheme: str) -> None:
    """One that rings does not take her note away; what is answered comes to the front; each call has its own note."""
    async with office(plan(capacity=3, wrap_up=None), static=STATIC) as desks:
        anna = window(f"calls-{width}")
        pbx = await at_work(desks, anna, width=width, scheme=scheme)
        await after_a_call(desks, anna)
        desks.runtime.post(CustomerAnswered(pbx.interaction(), CustomerKnown(Customer("1", LONG_NAME))))
        await anna.finds(".call-tab.in-wrap_up", LONG_NAME)
        await anna.write("Note", "half a sent")
        desks.call_billing()
        await anna.finds(".strip.in-ringing", "+493012345")
        assert (await anna.focused(), await anna.value("Note")) == ("TEXTAREA", "half a sent")
        await anna.is_pictured("rings-while-she-types")
        desks.runtime.post(LegAnswered(desks.last_ring().leg))
        await anna.finds(".call-tab.in-talking[aria-current=true]", "+493012345")
        assert await anna.value("Note") == ""
        await anna.write("Note", "the other one")
        await anna.is_sound("talks")
        await anna.press(LONG_NAME)
        assert await anna.value("Note") == "half a sent"
        desks.call_billing()
        await anna.finds(".call-tab.in-ringing[aria-current=true]")
        await anna.is_sound("rings")
        await anna.press("Decline")
        await anna.press(LONG_NAME)
        await anna.sees("Your other calls stay open.")
        await anna.press("Done without a code")
        await until(lambda: len(desks.center.agents[ANNA].works) == 1)
        await anna.finds(".call-tab.in-talking[aria-current=true]")
        await anna.press("Hang up")
        await until(lambda: isinstance(desks.center.agents[ANNA].state, AfterCallWork))
        assert await anna.value("Note") == "the other one"


async def test_the_board_of_several_calls(window: OpenWindows) -> None:
    """All calls of an agent, all phones that ring for a caller, and why somebody is not asked."""
    async with office(plan(capacity=3, wrap_up=None, ring_next_after=0.0), static=STATIC) as desks:
        Pbx(desks)
        for name in ("anna", "ben"):
            desks.ready(name)
            desks.runtime.post(DesktopConnected(AgentId(name)))
        sam = window("board-sam")
        await sam.open(desks.url)
        await sam.log_in("sam", PASSWORD)
        desks.call_billing()
        await sam.finds(".callers .rings-at", "rings at Anna and Ben")
        await sam.is_sound("ring-all")
        ben = desks.center.plan.agents[AgentId("ben")].phones[0]
        desks.runtime.post(PhoneUnreachable(ben.node, ben.endpoint))
        desks.runtime.post(LegAnswered(next(one.leg for one in desks.commands if isinstance(one, Ring))))
        await sam.finds(".agents .aside", "not asked: phone unreachable")
        desks.call_billing()
        await sam.finds(".agent-calls .in-ringing", "+493012345")
        await sam.finds(".agent-calls .in-talking", "+493012345")
        await sam.is_sound("several")
        desks.runtime.post(LegAnswered(desks.last_ring().leg))
        await until(lambda: len(desks.center.agents[ANNA].works) == 2)
