"""What a supervisor does about callers who wait and about agents, and what an agent takes for herself: from the board
to the telephones and to the books."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from acd.events import ReservationEnded, SupervisorActed
from acd.model import InteractionId, QueueName, ReservationOutcome, SegmentOutcome
from acd.plan import CenterPlan
from config.center_file import load_center
from tests.journeys.conftest import CENTER, running_house
from tests.journeys.desk import Desk, Refused, Value
from tests.journeys.house import House
from tests.journeys.stage import CallingCustomer, Stage

FIRST, SECOND, THIRD = "+4930901831", "+4930901832", "+4930901833"
BILLING, PRODUCTS = QueueName("billing"), QueueName("products")


def company() -> CenterPlan:
    """The journeys' company: who serves billing may take its callers out of turn, and nobody is sent away."""
    plan = load_center(CENTER)
    queues = {name: msgspec.structs.replace(queue, tell_if_nobody=False) for name, queue in plan.queues.items()}
    queues[BILLING] = msgspec.structs.replace(queues[BILLING], pull=True)
    return msgspec.structs.replace(plan, queues=queues)


@pytest_asyncio.fixture
async def house(stage: Stage, tmp_path: Path) -> AsyncIterator[House]:
    """The centre with this company."""
    async with running_house(stage, tmp_path, plan=company()) as house:
        yield house


async def waits(house: House, sam: Desk, number: str, queue: str = "billing") -> tuple[CallingCustomer, InteractionId]:
    """A customer who is seen on the board among those who wait."""
    customer = await house.customer_in_billing(number)
    await sam.sees(lambda: bool(at(sam, number, queue)), f"{number} in {queue}")
    return customer, InteractionId(at(sam, number, queue)["interaction"])


def at(sam: Desk, number: str, queue: str = "billing") -> Value:
    """What the board says of a caller who waits; empty if he does not."""
    callers = sam.view[f"queue:{queue}"]["callers"]
    return next((one for one in callers if one["number"] == number), {})


def on_board(sam: Desk, agent: str) -> Value:
    """What it says of an agent."""
    return sam.view[f"agent:{agent}"]


def acts(house: House) -> list[tuple[str, str, str, str]]:
    """What the centre has kept of Sam: verb, about whom, before and after."""
    acted = [one for one in house.said if isinstance(one, SupervisorActed)]
    assert {(one.supervisor, one.name) for one in acted} <= {("sam", "Sam Ortega")}
    return [(one.verb, one.agent, one.before, one.after) for one in acted]


async def told(desk: Desk, code: str, what: str = "") -> None:
    """The agent reads that Sam has done it."""
    await desk.sees(lambda: code in desk.notices(), f"the notice {code}")
    notice = next(one for one in desk.view["notices"] if one["code"] == code)
    assert (notice["by"], notice.get("what", "")) == ("Sam Ortega", what)


async def goes(customer: CallingCustomer, agent: Desk) -> None:
    """The talk is over and written up."""
    await customer.hang_up()
    await agent.state("after_call_work")
    await agent.ask("take_break", reason="break")


async def test_who_is_brought_forward_is_served_first(house: House) -> None:
    sam = await house.desk("sam")
    first, _ = await waits(house, sam, FIRST)
    second, _ = await waits(house, sam, SECOND)
    third, brought = await waits(house, sam, THIRD)
    await sam.ask("prioritise", interaction=brought, head_start=300.0)
    await sam.sees(lambda: at(sam, THIRD)["head_start"] == 300.0, "his head start")
    await sam.sees(lambda: sam.view["queue:billing"]["callers"][0]["number"] == THIRD, "him in front")

    anna, annas = await house.at_work("anna")
    ringing = await annas.rings()
    assert (await anna.pop())["caller"]["number"] == THIRD
    await ringing.answer()
    await third.hears_agent("anna")
    ben, bens = await house.at_work("ben")
    ringing = await bens.rings()
    assert (await ben.pop())["caller"]["number"] == FIRST, "the others' order is another one"
    await ringing.answer()
    await first.hears_agent("ben")
    await second.hears_music()
    await second.hang_up()
    await goes(first, ben)
    await goes(third, anna)
    assert acts(house) == [("prioritise", "", "0", "300")]


async def test_a_caller_is_given_to_somebody_whom_the_rules_would_not_ask(house: House) -> None:
    """Dora knows nothing of bills, and while his phone still rings for the caller, Anna's is silent at once."""
    sam = await house.desk("sam")
    anna, annas = await house.at_work("anna")
    dora, doras = await house.at_work("dora")
    customer, given = await waits(house, sam, FIRST)
    annas_call = await annas.rings()
    with pytest.raises(Refused, match="agent_not_available"):
        await sam.ask("assign", interaction=given, agent="ben")  # who is at home
    await sam.ask("assign", interaction=given, agent="dora")
    await annas_call.ended(2.0)
    await anna.state("ready")
    await anna.sees(lambda: "given_to_another" in anna.notices(), "why it rings no more")
    doras_call = await doras.rings()
    assert (await dora.pop())["caller"]["number"] == FIRST
    await doras_call.answer()
    await customer.hears_agent("dora")
    await doras_call.hears_customer()
    await goes(customer, dora)
    stored = await house.stored(given)
    assert [one.agent for one in stored.talks] == ["dora"]
    assert [(one.agent, one.outcome) for one in stored.reservations] == [
        ("anna", ReservationOutcome.WITHDRAWN.value),
        ("dora", ReservationOutcome.ACCEPTED.value),
    ]
    assert acts(house) == [("assign", "dora", "billing", "dora")]


async def test_a_caller_is_moved_to_another_queue(house: House) -> None:
    """Nobody serves bills just now: he waits for Dora instead, and the books have both stays."""
    sam = await house.desk("sam")
    dora, doras = await house.at_work("dora")
    customer, moved = await waits(house, sam, FIRST)
    with pytest.raises(Refused, match="same_queue"):
        await sam.ask("move_call", interaction=moved, queue="billing")
    await customer.hears_music()
    await sam.ask("move_call", interaction=moved, queue="products")
    await (await doras.rings()).answer()
    await customer.hears_agent("dora")
    await sam.sees(lambda: not at(sam, FIRST), "billing without him")
    with pytest.raises(Refused, match="nobody_waits"):
        await sam.ask("move_call", interaction=moved, queue="billing")
    await goes(customer, dora)
    stored = await house.stored(moved)
    assert [(one.queue, one.outcome) for one in stored.segments] == [
        ("billing", SegmentOutcome.OVERFLOWED),
        ("products", SegmentOutcome.ANSWERED),
    ]
    assert acts(house) == [("move", "", "billing", "products")]


async def test_an_agent_is_taken_out_of_a_queue(house: House) -> None:
    """Her phone is silent for its callers, until she is put back: then at once."""
    sam = await house.desk("sam")
    anna, annas = await house.at_work("anna")
    await sam.ask("set_in_queue", agent="anna", queue="billing", inside=False)
    await told(anna, "supervisor_leave_queue", "billing")
    await sam.sees(lambda: on_board(sam, "anna")["left_queues"] == ["billing"], "that she is out of it")
    customer, _ = await waits(house, sam, FIRST)
    await customer.hears_music()
    with pytest.raises(TimeoutError):
        await annas.rings(1.0)
    await anna.state("ready")
    await sam.ask("set_in_queue", agent="anna", queue="billing", inside=True)
    await (await annas.rings(1.0)).answer()
    await customer.hears_agent("anna")
    await goes(customer, anna)
    assert acts(house) == [("leave_queue", "anna", "", "billing"), ("join_queue", "anna", "billing", "")]


async def test_an_agents_state_is_shifted(house: House) -> None:
    """To a break: nobody rings her. Ready again: who waits does. In a talk she stays logged in; then she has lunch."""
    sam = await house.desk("sam")
    anna, annas = await house.at_work("anna")
    await sam.ask("set_on_break", agent="anna", reason="lunch")
    assert (await anna.state("not_ready"))["reason"] == "lunch"
    await told(anna, "supervisor_break", "lunch")
    customer, _ = await waits(house, sam, FIRST)
    with pytest.raises(TimeoutError):
        await annas.rings(1.0)
    await sam.ask("set_ready", agent="anna")
    await (await annas.rings(1.0)).answer()
    await customer.hears_agent("anna")
    with pytest.raises(Refused, match="agent_on_a_call"):
        await sam.ask("set_logged_out", agent="anna")
    await sam.ask("set_on_break", agent="anna", reason="lunch")
    await sam.sees(lambda: on_board(sam, "anna")["state"]["kind"] == "busy", "that she still talks")
    await customer.hears_agent("anna")
    await customer.hang_up()
    await anna.state("after_call_work")
    await anna.ask("finish_wrap_up")
    assert (await anna.state("not_ready"))["reason"] == "lunch"
    await sam.ask("set_logged_out", agent="anna")
    await anna.state("logged_out")
    await told(anna, "supervisor_log_out")
    assert acts(house) == [
        ("break", "anna", "ready", "not_ready: lunch"),
        ("ready", "anna", "not_ready: lunch", "ready"),
        ("break", "anna", "busy", "busy"),
        ("log_out", "anna", "not_ready: lunch", "logged_out"),
    ]


async def test_an_agent_takes_a_caller_out_of_turn(house: House) -> None:
    """From her break, whom she likes; the other one waits on, for she is Ready after him only."""
    sam = await house.desk("sam")
    anna, annas = await house.at_work("anna")
    await anna.ask("take_break", reason="break")
    first, _ = await waits(house, sam, FIRST)
    second, taken = await waits(house, sam, SECOND)
    await anna.sees(
        lambda: [one["number"] for one in anna.view["queues"][0]["callers"]] == [FIRST, SECOND], "both to choose from"
    )
    await anna.ask("pull_call", interaction=taken)
    ringing = await annas.rings(1.0)
    assert (await anna.pop())["caller"]["number"] == SECOND
    await ringing.answer()
    await second.hears_agent("anna")
    await first.hears_music()
    with pytest.raises(Refused, match="nobody_waits"):
        await anna.ask("pull_call", interaction=taken)
    await second.hang_up()
    await anna.state("after_call_work")
    await anna.ask("finish_wrap_up")
    await (await annas.rings(1.0)).answer()
    await first.hears_agent("anna")
    await goes(first, anna)
    ended = [one.outcome for one in house.said if isinstance(one, ReservationEnded)]
    assert ended == [ReservationOutcome.ACCEPTED] * 2
