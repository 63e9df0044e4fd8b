"""Each shipped flow in each of its languages, by digits on a real Asterisk: what callers hear is what the files say."""

import asyncio
from itertools import product
from pathlib import Path

import pytest
from msgspec.structs import replace

import config
from acd.plan import CenterPlan, EntryPoint
from config.center_file import load_center
from config.center_flows import read_flows
from config.center_source import CenterSource
from config.flows.testing import dialogue_files, read_scripts
from ivr.edge.engines import Espeak
from ivr.flow.settings import FlowName
from ivr.hours import Hours
from ivr.nodes.sub_flow import flows_through
from tests.journeys.conftest import MORE_NUMBERS, running_house
from tests.journeys.on_asterisk import AsteriskStage
from tests.journeys.proxy import Proxy
from tests.journeys.walks.answers import WrittenAnswers
from tests.journeys.walks.keypad import MistypedError, keypad_of
from tests.journeys.walks.walk import Walk, walk_of
from tests.journeys.walks.walker import Walker
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones

LANGUAGES = ("en", "zh", "es")
DEMO = Path(config.__file__).parent / "demo" / "center.yaml"
WALKED = {
    "welcome": ("His balance, and then a person", "All keys at once", "In Chinese", "In Spanish"),
    "billing": ("A bill that is wrong", "In Chinese, typed ahead, and then a person", "In Spanish"),
    "products": (
        "A product that is in stock, and then a person",
        "In Chinese, typed ahead",
        "In Spanish, and another one",
    ),
    "orders": (
        "On its way",
        "The CRM is slow, and then does not answer",
        "On its way, in Chinese",
        "On its way, in Spanish",
    ),
    "ticket": ("A new one", "An open ticket, in Chinese", "An open ticket, in Spanish"),
    "closed": ("Closed, and a message", "Closed, and no message, in Chinese", "Closed, and a message, in Spanish"),
    "message": (
        "Out of the queue, and a message",
        "Out of the queue, and a message, in Chinese",
        "Out of the queue, and no message, in Spanish",
    ),
    "survey": ("Not content, and it is not settled", "Not at all, in Chinese", "Not quite, in Spanish"),
}
"""Dialogues of the files, by their flows; at least one in each language for each flow that callers can come to."""
OUT_OF_QUEUE = "message"
AT_ONCE = 8
"""Callers."""
TRIES = 3
WORDS_IN_A_MINUTE = 260
"""Said faster than usual, so that the test takes less time."""

pytestmark = [pytest.mark.asterisk, pytest.mark.phones]


def shipped() -> CenterPlan:
    """The company of the demo, whose office is always open, and where callers wait although nobody is there."""
    plan = load_center(DEMO)
    queues = {name: replace(queue, tell_if_nobody=False) for name, queue in plan.queues.items()}
    flows = {name: replace(flow, hours=dict.fromkeys(flow.hours, Hours.always())) for name, flow in plan.flows.items()}
    return replace(plan, flows=flows, queues=queues)


def walks_of(plan: CenterPlan) -> list[Walk]:
    """Those of `WALKED`."""
    centre = read_flows(CenterSource(DEMO))
    scripts = {(one.flow, one.name): one for one in read_scripts(dialogue_files(DEMO, []), centre)}
    named = [(FlowName(flow), name) for flow, names in WALKED.items() for name in names]
    return [walk_of(scripts[one], plan.flows) for one in named]


def test_each_flow_is_walked_in_each_language() -> None:
    plan = shipped()
    (entry,) = plan.entry_points.values()
    entered = flows_through([plan.flows[entry.flow], plan.flows[entry.closed_flow]], plan.flows)
    walked = {(walk.script.flow, walk.language) for walk in walks_of(plan)}
    assert walked >= set(product((flow.name for flow in entered), LANGUAGES))


def dialled(plan: CenterPlan, walks: dict[str, Walk]) -> CenterPlan:
    """With a number for each walk."""
    entries = {}
    for number, walk in walks.items():
        flow = FlowName("welcome") if walk.script.flow == OUT_OF_QUEUE else walk.script.flow
        entries[number] = EntryPoint(number, walk.name, flow, Hours.always(), flow, walk.script.language)
    return replace(plan, entry_points=entries)


@pytest.mark.timeout(400)
async def test_callers_hear_what_the_dialogues_say(journey_asterisk: Asterisk, tmp_path: Path) -> None:
    plan = shipped()
    walks = dict(zip(MORE_NUMBERS, walks_of(plan), strict=False))
    async with (
        Proxy(journey_asterisk.site.http.port) as proxy,
        SipPhones(journey_asterisk.site.sip.port) as phones,
        keypad_of(journey_asterisk) as keypad,
    ):
        stage = AsteriskStage(journey_asterisk, phones, proxy, Espeak(speed=WORDS_IN_A_MINUTE))
        voice, sounds = stage.voice(tmp_path), journey_asterisk.sounds
        async with running_house(stage, tmp_path, plan=dialled(plan, walks)) as house:
            answers, free = WrittenAnswers(house), asyncio.Semaphore(AT_ONCE)
            walkers = [Walker(house, voice, sounds, keypad, walk, number) for number, walk in walks.items()]
            answers.callers.update({walker.number: walker.answering for walker in walkers})
            went = await asyncio.gather(*(walked(one, phones, free) for one in walkers), return_exceptions=True)
            if wrong := [one for one in went if isinstance(one, Exception)]:
                raise ExceptionGroup("callers heard something else", wrong)


async def walked(walker: Walker, phones: SipPhones, free: asyncio.Semaphore) -> None:
    """By a caller, as soon as there are fewer than `AT_ONCE`; who does not come through dials again."""
    script = walker.walk.script
    async with free:
        for tries_left in reversed(range(TRIES)):
            call = await (await phones.caller(script.known["caller"])).dial(walker.number)
            try:
                await walker.walks(call, out_of_queue=script.flow == OUT_OF_QUEUE)
                break
            except (MistypedError, AssertionError) as error:
                # Without processors enough, keys and sound get lost. What is wrong is so the next time, too.
                print(f"{walker.walk.name}: {error}")  # noqa: T201 -- for whoever wonders why the test takes long
                if tries_left:
                    continue
                error.add_note(
                    f"{walker.walk.name}, line {script.mark.line} of {script.file}; he came to {walker.way()}"
                )
                raise
            finally:
                await call.hang_up()
