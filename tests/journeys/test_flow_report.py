"""What the report tells of callers whom both PBXs have brought into a flow: who went on, who mistyped, who gave up."""

import asyncio
from collections.abc import Sequence

from acd.edge.reports import Reports
from acd.events import InteractionClosed
from acd.reports.calendar import Range
from acd.reports.flows import FlowLine, Sought
from tests.journeys.house import House


def ways(lines: Sequence[FlowLine]) -> dict[str, dict[str, int]]:
    """By node."""
    return {line.place.node: dict(line.ways) for line in lines}


async def test_one_goes_on_to_a_person_and_one_gives_up(house: House) -> None:
    customer = await house.stage.dial("1000")
    await customer.hears(house.prompt("menu"))
    await customer.press("9")
    await asyncio.sleep(1.6)  # what he types at once after a mistake is one with it
    await customer.press("1")
    await customer.hears(house.prompt("ask_number"))
    await customer.press("0000#")
    await customer.hears_music()
    await customer.hang_up()
    other = await house.stage.dial("1000")
    await other.hears(house.prompt("menu"))
    await other.press("1")
    await other.hears(house.prompt("ask_number"))
    await other.hang_up()
    await house.closed(2)

    assert await house.centre.history.flush(5.0)
    now = house.centre.clock.now()
    reports = Reports(house.centre.database, lambda: house.centre.center.plan)
    days = Range(reports.today(now), reports.today(now))
    report = await reports.flows(days)
    (flow,) = report.flows
    assert [flow.figures[name] for name in ("entries", "to_queue", "abandoned", "drop_off")] == [2, 1, 1, 0.5]
    assert ways(report.nodes) == {
        "menu": {"1": 2},
        "ask_number": {"then": 1, "hung_up": 1},
        "find_customer": {"not_found": 1},
        "person": {"to_queue": 1},
    }
    menu = report.nodes[0]
    assert [menu.figures[name] for name in ("visits", "no_matches", "no_match_rate", "hung_up")] == [2, 1, 0.5, 0]
    assert isinstance(median := menu.figures["time_median"], float)
    assert median > 0.5
    (version,) = report.versions
    assert (len(version.version), version.entries) == (8, 2)
    opened = await reports.behind_flow(days, Sought("welcome", "ask_number", figure="hung_up"), now)
    _, gave_up = [one.interaction for one in house.said if isinstance(one, InteractionClosed)]
    assert [getattr(row, "interaction", "") for row in opened.rows] == [gave_up]
