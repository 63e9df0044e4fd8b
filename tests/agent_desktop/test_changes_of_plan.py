"""The company decides otherwise while everybody has his page open."""

import msgspec

from acd.model import AgentId, UserId
from acd.plan import AgentPlan, CenterPlan, SupervisorPlan
from acd.revision import Revision, RevisionId
from acd.told import PlanChanged
from cti.events import LegAnswered, LegEnded, LegsBridged
from cti.model import HangupCause, LegId
from tests.acd.company import BILLING, PRODUCTS, agent, company, queue
from tests.agent_desktop.office import Browser, Office, office, until

REVISION = Revision(RevisionId("v1"), "eva", "", {"center.yaml": ""})
ANNA, EVA = AgentId("anna"), AgentId("eva")


def change(centre: Office, plan: CenterPlan) -> None:
    """From now on the centre goes by this plan."""
    centre.runtime.post(PlanChanged(plan, REVISION))


def staff(**changed: AgentPlan | None) -> CenterPlan:
    """The company with an agent more, less, or another."""
    plan = company()
    everybody = {**plan.agents, **{AgentId(name): one for name, one in changed.items()}}
    return msgspec.structs.replace(plan, agents={name: one for name, one in everybody.items() if one is not None})


async def talks(centre: Office) -> tuple[LegId, LegId]:
    """Anna talks with a caller; gives both legs."""
    centre.ready("anna")
    caller = centre.call_billing()
    ring = centre.last_ring()
    centre.runtime.post(LegAnswered(ring.leg))
    centre.runtime.post(LegsBridged(ring.call, (caller, ring.leg)))
    return caller, ring.leg


async def test_an_agent_sees_new_names_reasons_and_queues_at_once() -> None:
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        assert [one["name"] for one in anna.view["queues"]] == [BILLING]
        renamed = msgspec.structs.replace(agent("anna", phones=2, billing=5, products=1), name="Anna Berg")
        label = msgspec.structs.replace(queue(PRODUCTS), label={"en": "Goods"})
        plan = msgspec.structs.replace(
            staff(anna=renamed), break_reasons={"tea": 600.0}, queues={BILLING: queue(BILLING), PRODUCTS: label}
        )
        change(centre, plan)
        await anna.until(lambda view: view["me"]["name"] == "Anna Berg" and view["me"]["break_reasons"] == ["tea"])
        assert anna.view["me"]["break_limits"] == {"tea": 600.0}
        await anna.until(lambda view: {"en": "Goods"} in [one["label"] for one in view["queues"]])


async def test_the_board_shows_who_has_come_and_gone() -> None:
    async with office() as centre, Browser(centre) as sam:
        await sam.open("sam")
        change(centre, staff(eva=agent("eva", billing=3), ben=None))
        await sam.until(lambda view: "agent:eva" in view and "agent:ben" not in view)


async def test_a_new_agent_can_log_in_without_a_restart() -> None:
    async with office() as centre, Browser(centre) as eva:
        await centre.accounts.set_password(UserId("eva"), "tea with milk")
        assert await eva.log_in("eva", "tea with milk") == 401
        change(centre, staff(eva=agent("eva", billing=3)))
        assert await eva.log_in("eva", "tea with milk") == 200


async def test_who_is_removed_during_a_call_sees_his_screen_until_it_is_over() -> None:
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        caller, leg = await talks(centre)
        change(centre, staff(anna=None))
        await centre.later(2.0)
        assert (await anna.until(lambda view: view["state"]["kind"] == "busy"))["pop"]
        centre.runtime.post(LegEnded(caller, HangupCause.NORMAL))
        centre.runtime.post(LegEnded(leg, HangupCause.NORMAL))
        await anna.until(lambda view: view["state"]["kind"] == "after_call_work")
        assert (await anna.ask("log_out"))["type"] == "granted"
        assert (await anna.ended())[0] == "logged_out"
        assert ANNA not in centre.center.agents
        assert await anna.log_in("anna") == 401


async def test_who_is_removed_while_free_is_put_out_at_once_and_may_come_back() -> None:
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        change(centre, staff(anna=None))
        assert (await anna.ended())[0] == "logged_out"
        change(centre, company())
        await anna.open("anna")
        await until(lambda: centre.center.agents[ANNA].desktop)


async def test_who_becomes_a_supervisor_starts_over() -> None:
    async with office() as centre, Browser(centre) as anna:
        await anna.open("anna")
        plan = staff(anna=None)
        supervisors = {**plan.supervisors, UserId("anna"): SupervisorPlan(UserId("anna"), "Anna")}
        change(centre, msgspec.structs.replace(plan, supervisors=supervisors))
        assert (await anna.ended())[0] == "logged_out"
        await anna.open("anna")
        assert anna.user["role"] == "supervisor"


async def test_a_supervisor_who_is_removed_is_put_out() -> None:
    async with office() as centre, Browser(centre) as sam:
        await sam.open("sam")
        change(centre, msgspec.structs.replace(company(), supervisors={}))
        assert (await sam.ended())[0] == "logged_out"
