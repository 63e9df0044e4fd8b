"""A running centre as the people in it know it: desks, phones, customers, and the books."""

import asyncio
from collections.abc import Callable

from acd.edge.history_reader import HistoryReader
from acd.edge.history_records import StoredInteraction
from acd.events import InteractionClosed, InteractionStarted
from acd.floor import Output
from acd.model import AgentId, InteractionId, UserId
from config.wiring import Centre
from cti.model import NodeName, Speech
from ivr.flow.settings import FlowName, NodeId
from ivr.speech.sounds import sounds_of
from tests.journeys.desk import Desk
from tests.journeys.stage import CUSTOMER_NUMBER, CallingCustomer, DeskPhone, Stage

PASSWORD = "correct horse battery"


class House:
    """One centre on one stage."""

    def __init__(self, centre: Centre, stage: Stage) -> None:
        self.centre = centre
        self.stage = stage
        self.said: list[Output] = []
        self.desks: list[Desk] = []
        """Of those who have logged in, in order."""
        centre.runtime.desktops.append(lambda outputs, _: self.said.extend(outputs))

    async def is_connected(self) -> None:
        """Wait for the PBX."""
        await until(lambda: bool(self.centre.center.pbx_connected.get(NodeName("pbx1"))), "the PBX")

    async def close(self) -> None:
        """Everything down."""
        for desk in self.desks:
            await desk.close()
        await self.centre.stop()

    # -- people ----------------------------------------------------------------------------------------------------

    async def desk(self, agent: str) -> Desk:
        """The agent's browser, logged in on the page, not yet at work."""
        await self.centre.accounts.set_password(UserId(agent), PASSWORD)
        desk = await Desk.open(self.centre.port, agent, PASSWORD)
        self.desks.append(desk)
        return desk

    async def at_work(self, agent: str) -> tuple[Desk, DeskPhone]:
        """The agent at his desk phone, Ready, or asked at once if somebody waits for him."""
        phone = await self.stage.phone(agent)
        desk = await self.desk(agent)
        await desk.sees(lambda: desk.view["phone"]["reachable"] is True, "the phone registered")
        await desk.begin_work()
        await desk.sees(lambda: desk.view["state"]["kind"] in {"ready", "reserved"}, "being at work")
        return desk, phone

    async def customer_in_billing(self, number: str = CUSTOMER_NUMBER) -> CallingCustomer:
        """A customer who asks for a person at once, and waits in the billing queue."""
        known = len([one for one in self.said if isinstance(one, InteractionStarted)])
        customer = await self.stage.dial("1000", number)
        await until(lambda: len([o for o in self.said if isinstance(o, InteractionStarted)]) > known, "the call")
        await customer.can_be_heard()
        await customer.press("0")
        return customer

    def prompt(self, node: str, **values: str) -> Speech:
        """What the flow says at a node, in English; `values` are what it knows then."""
        found = self.centre.plan.flows[FlowName("welcome")].nodes[NodeId(node)]
        (said,) = sounds_of(dict(found.prompts())["prompt"], "en", values)
        assert isinstance(said, Speech)
        return said

    def nobody_there(self) -> Speech:
        """What a caller is told whom nobody will answer."""
        return Speech(self.centre.plan.nobody_there["en"], "en")

    async def loses_desktop(self, agent: str) -> None:
        """Wait until the centre knows that the agent's browser is gone."""
        one = self.centre.center.agents[AgentId(agent)]
        await until(lambda: not one.desktop, "the lost desktop", 15.0)

    # -- the books -------------------------------------------------------------------------------------------------

    async def closed(self, count: int = 1, timeout: float = 5.0) -> list[InteractionClosed]:
        """Wait until so many interactions are closed."""
        await until(lambda: len(self._closed()) >= count, f"{count} closed interactions", timeout)
        return self._closed()

    def _closed(self) -> list[InteractionClosed]:
        return [one for one in self.said if isinstance(one, InteractionClosed)]

    async def stored(self, interaction: InteractionId) -> StoredInteraction:
        """What the database has of it, once everything is written."""
        assert await self.centre.history.flush(5.0)
        found = await HistoryReader(self.centre.database).interaction(interaction)
        assert found is not None
        return found

    async def everybody_goes_home(self) -> None:
        """Nothing is left: no interaction, no channel; and the ledger adds up, in memory and in the database."""
        center = self.centre.center
        for interaction in list(center.interactions.values()):
            await until(lambda of=interaction.id: of not in center.interactions, "the end of a call", 40.0)  # type: ignore[misc]
        for queue in center.queues.values():
            assert queue.figures.balanced(0)
        assert await self.centre.history.flush(5.0)
        ledger = await HistoryReader(self.centre.database).ledger(0.0)
        assert ledger.balanced, ledger
        for _ in range(30):
            if await self.stage.calls_alive() == 0:
                return
            await asyncio.sleep(0.1)
        message = f"{await self.stage.calls_alive()} channels are left on the PBX"
        raise AssertionError(message)


async def until(condition: Callable[[], bool], what: str, timeout: float = 5.0) -> None:
    """Wait until something is so."""
    try:
        async with asyncio.timeout(timeout):
            while not condition():  # noqa: ASYNC110 - many kinds of things are waited for, also in other threads
                await asyncio.sleep(0.005)
    except TimeoutError:
        message = f"waited {timeout} s in vain for {what}"
        raise AssertionError(message) from None
