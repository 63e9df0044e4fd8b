"""The same centre with PostgreSQL in SQLite's place, which goes down during a call and comes back."""

import asyncio
from pathlib import Path

from tests.journeys.conftest import running_house
from tests.journeys.stage import Stage
from tests.parts.postgres import PostgresServer


async def test_a_call_while_the_database_is_down(stage: Stage, tmp_path: Path, postgres_server: PostgresServer) -> None:
    url = postgres_server.new_database()
    async with running_house(stage, tmp_path, url) as house:
        anna, annas = await house.at_work("anna")
        await asyncio.to_thread(postgres_server.stop)
        try:
            customer = await house.customer_in_billing()
            ringing = await annas.rings()
            assert (await anna.pop())["caller"]["number"]
            await ringing.answer()
            await customer.hears_agent("anna")
            await customer.hang_up()
            await anna.state("after_call_work")
            await anna.ask("choose_wrap_up", code="Resolved", note="")
            await anna.ask("become_ready")
            (closed,) = await house.closed()
            assert house.centre.history.behind
        finally:
            postgres_server.start()
        assert await house.centre.history.flush(10.0)
        stored = await house.stored(closed.interaction)
        assert [one.agent for one in stored.talks] == ["anna"]
        assert [one.code for one in stored.wrap_ups] == ["Resolved"]
