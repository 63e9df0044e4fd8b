"""The demo by itself: what its callers and agents do, and what the commands find that look at it from outside."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from acd.events import TaskTaken, VoicemailLeft
from acd.floor import Output
from acd.model import InteractionId, QueueName, VoicemailId
from acd.told import TaskWanted
from config.center_file import load_center
from config.demo.callers import ERRANDS, LEAVE_MESSAGE
from config.demo.company import PEOPLE, DemoCompany
from cti.model import CallerId
from cti.simulator.callers import Script
from tests.config.commands import run

DEMO = Path(__file__).parents[2] / "config" / "demo"


@asynccontextmanager
async def running(data: Path, calls_per_hour: float) -> AsyncIterator[DemoCompany]:
    """The demo, on any port."""
    company = DemoCompany(data, 0, calls_per_hour, seed=1)
    await company.start()
    try:
        yield company
    finally:
        await company.stop()


async def until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - a demo tells nobody
            await asyncio.sleep(0.05)


async def test_an_agent_who_works_by_himself_takes_a_message(tmp_path: Path) -> None:
    said: list[Output] = []

    def has(kind: type[Output]) -> Callable[[], bool]:
        return lambda: any(isinstance(one, kind) for one in said)

    async with running(tmp_path, 1) as company:
        centre = company.centre
        assert centre is not None
        centre.runtime.others.append(lambda outputs, _: said.extend(outputs))
        company.pbx.dial(LEAVE_MESSAGE.dialled, CallerId("+4930231250"), Script(LEAVE_MESSAGE.steps))
        await until(has(VoicemailLeft), 30)
        await until(has(TaskTaken), 30)
        (message,) = await centre.voicemails.reader.listed(None, done=False)
        assert message.queue == "billing"
        assert message.seconds > 5
        (taken,) = [one for one in said if isinstance(one, TaskTaken)]
        assert taken.agent not in PEOPLE


def test_what_callers_wait_for_is_said() -> None:
    """A caller whose prompt has got other words would press nothing, for ever."""
    plan = load_center(DEMO / "center.yaml")
    prompts = [prompt for flow in plan.flows.values() for node in flow.nodes.values() for _, prompt in node.prompts()]
    texts = [said for prompt in prompts if isinstance(said := prompt.get("en"), str)]
    texts += [said["en"] for queue in plan.queues.values() for said in queue.waiting.announcements.messages]
    for step in (step for errand in ERRANDS for step in errand.steps):
        assert any(step.prompt in text for text in texts), step.prompt


async def test_the_commands_find_what_it_goes_by(tmp_path: Path) -> None:
    """The files of the start are the first revision, and others can be applied."""
    changed = tmp_path / "changed"
    shutil.copytree(DEMO, changed)
    center = changed / "center.yaml"
    center.write_text(center.read_text(encoding="utf-8").replace("ring_timeout: 15", "ring_timeout: 20"), "utf-8")
    async with running(tmp_path / "data", 1) as company:
        settings = str(company.settings_file)
        applied = await asyncio.to_thread(run, "apply", "--config", settings, str(center))
        assert "In force as revision 2." in applied.output, applied.output
        assert "~ " in applied.output
    listed = await asyncio.to_thread(run, "revisions", "--config", settings)
    first, second = listed.output.splitlines()
    assert first.split()[0] == "1"
    assert first.endswith("start")
    assert second.split()[0] == "2"
    shown = await asyncio.to_thread(run, "revisions", "--config", settings, "--show", "1")
    assert "Northwind Water" in shown.output
    assert "ring_timeout: 15" in shown.output


async def test_what_becomes_of_the_messages_of_a_queue_that_goes(tmp_path: Path) -> None:
    """Said before it goes; nobody is asked for them then, and they are somebody's task again when it is back."""
    changed = tmp_path / "changed"
    shutil.copytree(DEMO, changed)
    center = changed / "center.yaml"
    text = center.read_text(encoding="utf-8")
    products = text[text.index("  products:\n    label") : text.index("# Their phones")]
    text = text.replace(products, "").replace(
        "skills: {products:", "skills: {billing: 3, products:"
    )  # all have a queue
    center.write_text(text, encoding="utf-8")
    for flow in (changed / "flows").iterdir():
        flow.write_text(flow.read_text(encoding="utf-8").replace("queue: products", "queue: billing"), "utf-8")
    async with running(tmp_path / "data", 1) as company:
        centre = company.centre
        assert centre is not None
        for number in range(20):
            about, contact = VoicemailId(f"v{number}"), InteractionId(f"i{number}")
            wanted = TaskWanted(about, QueueName("products"), CallerId("+4930231250"), centre.clock.now(), contact)
            centre.runtime.post(wanted)

        async def apply(file: Path, *options: str) -> str:
            settings = str(company.settings_file)
            return (await asyncio.to_thread(run, "apply", "--config", settings, str(file), *options)).output

        said = await apply(center, "--dry-run")
        assert "- queue products" in said
        assert re.search(
            r"note: queue products: \d+ messages stay under Messages, for supervisors: no agent is asked", said
        )
        assert len(centre.center.tasks) > 10
        assert "In force as revision 2." in await apply(center)
        assert len(centre.center.tasks) <= 6, "who has one in hand sees to it"
        assert "In force as revision 3." in await apply(DEMO / "center.yaml")
        assert len(centre.center.tasks) > 10
