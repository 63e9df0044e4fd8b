"""The supervisor's reports in a real browser, over real storage: choose, read, open a figure, see the whole contact."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.spool import Spool
from acd.events import CenterEvent, NodesVisited, RevisionBegan
from acd.model import AgentId, InteractionId, InteractionOutcome, QueueName, SegmentOutcome
from acd.revision import Revision, RevisionId
from ivr.dialogue.visits import AFTER_TALK, ENTRY, HUNG_UP, SUB_FLOW, NodeVisit
from ivr.flow.settings import FlowName, NodeId
from tests.acd.edge.history.calls import answered_call, closed, entered, left, started
from tests.agent_desktop.office import PASSWORD, Office, office
from tests.browser.chromium import STATIC
from tests.browser.conftest import OpenWindows
from tests.browser.window import CHINESE, ENGLISH, LANGUAGE_BUTTONS

pytestmark = pytest.mark.browser

NINE = 1_792_915_200.0
"""2026-10-25 09:00 in Berlin, on the day of 25 hours."""


def morning() -> list[CenterEvent]:
    """Calls for both queues over some hours, and two in the hour that comes twice."""
    events: list[CenterEvent] = []
    for number in range(24):
        at, name = NINE + number * 600, f"i{number}"
        queue = QueueName(("billing", "products")[number % 2])
        agent = AgentId(("anna", "ben", "chloe", "dan")[number % 4])
        if number % 5:
            events += answered_call(name, at, agent, queue)
        else:
            outcome = (SegmentOutcome.ABANDONED, SegmentOutcome.SHORT_ABANDONED)[number % 2]
            over = at + (3 if number % 2 else 95)
            events += [started(name, at - 9), entered(name, queue, at), left(name, queue, at, over, outcome)]
            events.append(closed(name, at - 9, over, InteractionOutcome.ABANDONED_IN_QUEUE))
    for number, at in enumerate((NINE - 8 * 3600, NINE - 7 * 3600)):
        events += answered_call(f"night{number}", at, AgentId("anna"))
    for number in range(24):
        events.append(NodesVisited(InteractionId(f"i{number}"), tuple(in_the_flows(number, NINE + number * 600 - 40))))
    flows = {FlowName("welcome"): "5b1f0c7a", FlowName("billing"): "09e4d2b1"}
    events.append(RevisionBegan(Revision(RevisionId("v1"), "sam", "start", {}), NINE - 86_400, {}, flows))
    return events


def in_the_flows(number: int, at: float) -> Iterator[NodeVisit]:
    """To billing and out of it to a person, some after a wrong key; or to products; one in six hangs up in the menu.
    Some say afterwards how it was."""
    position = -1

    def visit(
        flow: str, node: str, kind: str, seconds: float, way: str, came: str = "", keys: tuple[int, int] = (0, 0)
    ) -> NodeVisit:
        nonlocal at, position
        at, position = at + seconds, position + 1
        version = {"welcome": "5b1f0c7a", "billing": "09e4d2b1", "survey": "77a1c3e0"}[flow]
        name, of = FlowName(flow), NodeId(node)
        return NodeVisit(position, name, version, of, kind, at - seconds, came, at, way, *keys)

    key, wrong = str(1 + number % 3 % 2), (int(number % 5 == 0), int(number % 4 == 0))
    yield visit("welcome", "opening", "hours", 0.0, "open", ENTRY)
    if number % 6 == 5:
        yield visit("welcome", "menu", "menu", 8.5, HUNG_UP, keys=wrong)
        return
    yield visit("welcome", "menu", "menu", 3.0 + number % 7, key, keys=wrong)
    if key == "1":
        yield visit("welcome", "into_billing", "sub_flow", 0.0, "then")
        yield visit("billing", "number", "collect", 6.0 + number % 4, "then", SUB_FLOW, wrong)
        yield visit("billing", "find", "look_up", 0.4, "found" if number % 4 else "not_found")
        yield visit("billing", "balance", "say", 5.0, "then")
        if number % 9 == 0:
            yield visit("billing", "goodbye", "hang_up", 1.5, "hang_up")
            return
        yield visit("billing", "back", "return", 0.0, "return")
    yield visit("welcome", "person", "to_queue", 2.0, "to_queue")
    if number % 5 and number % 2:
        at += 300
        mark = 1 + number * 7 % 5
        yield visit("survey", "mark", "survey", 6.0, str(mark) if number % 7 else HUNG_UP, AFTER_TALK)
        if not number % 7:
            return
        if mark <= 3:
            yield visit("survey", "reason", "menu", 7.0, str(1 + number % 4))
        yield visit("survey", "thanks", "hang_up", 2.0, "hang_up")


@pytest_asyncio.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Office]:
    """The office with the built page and a past."""
    database = Database(f"sqlite:///{tmp_path}/centre.db")
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    for event in morning():
        history.told(event)
    assert await history.flush(10.0)
    await history.stop()
    async with office(static=STATIC, database=database) as opened:
        yield opened
    await database.close()


async def test_from_a_figure_to_the_whole_contact(centre: Office, window: OpenWindows) -> None:
    sam = window("reports")
    await sam.open(centre.url)
    await sam.log_in("sam", PASSWORD)
    await sam.press("Reports", "link")
    await sam.sees("Nothing happened on these days.")
    await sam.is_sound("empty")
    await sam.write("From", "2026-10-25")
    await sam.write("To", "2026-10-25")
    await sam.sees("02:00 (+02:00)", "02:00 (+01:00)", "All of it")
    await sam.finds("tfoot tr:last-child", "All")
    await sam.is_sound("by-queue")

    await sam.press("Answered 2, Billing: show what is behind it")
    await sam.sees("2 stays in a queue.", "+442079460123")
    await sam.is_sound_as_it_is("behind-en")
    await sam.press("25 Oct 2026, 09:20:10: show the whole contact")
    await sam.sees("Talked with", "was asked after 0:05: took the call", "In the menu")
    await sam.is_sound_as_it_is("contact-en")
    await sam.press("Back to the list")
    await sam.press("Close")
    await sam.misses("2 stays in a queue.")


WORDS = {
    ENGLISH: ["Callwright down", "Occupancy", "Contacts at once", "Close", "By", "Entry point", "Containment 0.0%"],
    CHINESE: ["系统停机", "占用率", "同时联系数", "关闭", "按", "服务号码", "自助率 0.0%"],
}
IN_THE_LIST = {
    ENGLISH: ["Last in the menu at", "show the whole contact", "In the menu"],
    CHINESE: ["最后菜单位置", "显示整个联系过程", "菜单路径"],
}


@pytest.mark.parametrize("language", list(WORDS))
async def test_agents_time_and_contacts_open(centre: Office, window: OpenWindows, language: str) -> None:
    """Occupancy into the stays that it is made of, containment into contacts; in both languages."""
    down, occupancy, at_once, close, by, entry_point, contained = WORDS[language]
    last, whole, path = IN_THE_LIST[language]
    sam = window("reports-open")
    await sam.open(centre.url)
    await sam.log_in("sam", PASSWORD)
    await sam.press("Reports", "link")
    await sam.write("From", "2026-10-25")
    await sam.write("To", "2026-10-25")
    await sam.choose("By", "Agent")
    await sam.press(LANGUAGE_BUTTONS[language], exact=True)
    await sam.sees(down)
    await sam.is_sound_as_it_is(f"agents-{language}")
    await sam.press(occupancy)
    await sam.sees(at_once)
    await sam.is_sound_as_it_is(f"stays-{language}")
    await sam.press(close)
    await sam.choose(by, entry_point)
    await sam.press(contained)
    await sam.sees(last, "Customer number")
    await sam.is_sound_as_it_is(f"contacts-{language}")
    await sam.press(whole)
    await sam.sees(path)


async def test_other_ways_to_see_it(centre: Office, window: OpenWindows) -> None:
    """By agent and by the whole centre, on a narrow page, in the dark; after a reload it is still the report."""
    sam = window("reports-narrow")
    await sam.open(centre.url, width=480, scheme="dark")
    await sam.log_in("sam", PASSWORD)
    await sam.press("Reports", "link")
    await sam.write("From", "2026-10-25")
    await sam.write("To", "2026-10-25")
    await sam.choose("By", "Agent")
    await sam.sees("Occupancy", "Chloe")
    await sam.is_sound("by-agent")
    await sam.choose("By", "Whole centre")
    await sam.sees("Containment")
    await sam.is_sound("by-centre")
    await sam.reload()
    await sam.sees("Nothing happened on these days.")
    await sam.press("Live", "link")
    await sam.sees("Waiting callers")


async def test_where_callers_leave_and_who_came_again(centre: Office, window: OpenWindows) -> None:
    """The tables about callers, in both languages, wide and narrow; back at the figures, all is as it was."""
    sam = window("reports-callers")
    await sam.open(centre.url)
    await sam.log_in("sam", PASSWORD)
    await sam.press("Reports", "link")
    await sam.write("From", "2026-10-25")
    await sam.choose("About", "Flows")
    await sam.sees("Containment", "Nodes of the flows", "opening hours")
    (entries,) = await sam.texts("[aria-label='Flows'] tbody tr:last-child td:nth-child(2)")
    assert entries == "24"
    await sam.is_sound("flows")
    await sam.press("Billing 12, welcome/menu: show what is behind it")
    await sam.sees("12 contacts.")
    await sam.press("Close")
    await sam.press("Hung up there 4, welcome/menu: show what is behind it")
    await sam.sees("4 contacts.", "Last in the menu at")
    await sam.is_sound_as_it_is("flows-behind-en")
    await sam.press("25 Oct 2026, 09:49:51: show the whole contact")
    await sam.sees("Nodes visited: 2")
    await sam.hit("Tab", "Tab", "Enter")
    await sam.sees("welcome/opening", "0:09 · Hung up · silent: 1")
    await sam.is_sound_as_it_is("flows-contact-en")
    await sam.press("Close")
    await sam.choose("A line for each", "Version")
    await sam.sees("5b1f0c7a, since revision 1")
    # Of another version than today's nobody knows what a key was called.
    await sam.press("Key 2 8, welcome/menu: show what is behind it")
    await sam.sees("8 contacts.")
    await sam.press("Close")
    await sam.choose("A line for each", "Agent before (surveys)")
    await sam.sees("Mark, mean", "survey · Dan")
    await sam.is_sound("surveys")
    await sam.choose("About", "Settled at the first contact")
    await sam.sees("Came again", "Solved, say agents", "Billing")
    await sam.is_sound("resolution")
    await sam.press("Settled at once 7.1%, Billing")
    await sam.sees("14 contacts.")
    await sam.press("Close")
    await sam.choose("About", "Figures")
    await sam.sees("Service level", "All of it")


async def test_a_centre_without_its_database(tmp_path: Path, window: OpenWindows) -> None:
    database = Database(f"sqlite:///{tmp_path}/never-made.db")
    async with office(static=STATIC, database=database) as centre:
        sam = window("reports-down")
        await sam.open(centre.url)
        await sam.log_in("sam", PASSWORD)
        await sam.press("Reports", "link")
        await sam.sees("The centre cannot answer just now", "Try again")
        today = datetime.fromtimestamp(centre.now(), ZoneInfo("Europe/Berlin")).date().isoformat()
        assert [await sam.value(day) for day in ("From", "To")] == [today, today], "the question is clear all the same"
        await sam.is_sound("days")
    await database.close()
