"""Who hangs up is gone, whatever his flow did with him: on a real Asterisk, in each kind of node that waits."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import aiohttp
import pytest
from aiohttp import web
from msgspec.structs import replace

from acd.events import InteractionClosed, QuestionAsked, VoicemailBegun
from acd.floor import Output
from acd.model import InteractionOutcome
from acd.plan import CenterPlan, EntryPoint
from acd.told import QuestionAnswered
from config.center_file import load_center
from config.settings import ServiceSettings
from cti.model import Speech
from ivr.dialogue.visits import HUNG_UP
from ivr.flow.node import FAILED
from ivr.flow.questions import Create, LookUp, Request, Verify
from ivr.flow.settings import FlowName
from ivr.hours import Hours
from tests.journeys.conftest import CENTER, MORE_NUMBERS, running_house
from tests.journeys.house import House, until
from tests.journeys.on_asterisk import AsteriskStage
from tests.journeys.proxy import Proxy
from tests.journeys.stage import OUTSIDE
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sip_call import RATE, SipCall
from tests.parts.sound import hears, hears_something, read_wav, tone

pytestmark = [pytest.mark.asterisk, pytest.mark.phones]

IN_FLOW, IN_QUEUE = InteractionOutcome.ABANDONED_IN_FLOW, InteractionOutcome.ABANDONED_IN_QUEUE
MESSAGE = InteractionOutcome.VOICEMAIL
PATIENCE = 45.0
"""Seconds for anything, on a machine that does other things besides."""
ENOUGH = 2.0
"""Seconds of a prompt by which he knows where he is."""

ASK = "  ask: {kind: collect, prompt: {en: PIN., zh: 密码。}, variable: pin, label: PIN, secret: true, then: here}"
WAITS = "waiting: {say}, timeout: 60"


class Place(NamedTuple):
    """Where a caller hangs up."""

    node: str
    """As in a flow's file; `{say}` is what he hears there."""
    outcome: InteractionOutcome = IN_FLOW
    first: str = ""
    """The keys that lead there."""
    then: str = ""
    """What he does there before he hangs up."""


PLACES = {
    "say": Place("{kind: say, prompt: {say}, then: bye}"),
    "menu": Place("{kind: menu, prompt: {say}, choices: {'1': {to: bye, label: One}}}"),
    "confirm": Place("{kind: confirm, prompt: {say}, yes: bye, no: bye}"),
    "collect": Place("{kind: collect, prompt: {say}, variable: number, label: Number, then: bye}", then="12"),
    "look_up": Place(f"{{kind: look_up, look_up: customer, by: caller, found: bye, {WAITS}}}"),
    "authenticate": Place(
        f"{{kind: authenticate, by: caller, pin: pin, verified: bye, wrong: bye, {WAITS}}}", first="4711#"
    ),
    "create": Place(f"{{kind: create, create: ticket, fields: {{subject: Water}}, then: bye, {WAITS}}}"),
    "http": Place(f"{{kind: http, service: slow, path: /stock, then: bye, {WAITS}}}"),
    "record": Place("{kind: record, prompt: {say}, then: bye}", then="is recorded"),
    "recorded": Place("{kind: record, prompt: {say}, then: bye}", MESSAGE, then="speaks"),
    "survey": Place("{kind: survey, prompt: {say}, variable: mark, label: Mark, then: bye}"),
    "to_queue": Place("{kind: to_queue, queue: billing, prompt: {say}}"),
    "transfer": Place("{kind: transfer, to: outside, prompt: {say}}"),
    "in_queue": Place("{kind: to_queue, queue: billing}", IN_QUEUE, then="hears music"),
    "sub_flow": Place("{kind: sub_flow, flow: say, then: bye}"),
    "hang_up": Place("{kind: hang_up, prompt: {say}}"),
}
"""By the name of the flow whose node it is."""


def words(name: str) -> str:
    """What is heard there, and nowhere else."""
    return f"This is {name.replace('_', ' ')}, and you are listening to a sentence that takes its time."


def plan_in(folder: Path) -> CenterPlan:
    """The journeys' company, with a number and a flow for each place."""
    text = CENTER.read_text("utf-8") + f'transfer_numbers: {{outside: "{OUTSIDE}"}}\n'
    for name, place in PLACES.items():
        said = words("say" if name == "sub_flow" else name)
        node = place.node.replace("{say}", f'{{en: "{said}", zh: "{said}"}}')
        lines = [f"start: {'ask' if place.first else 'here'}", "otherwise: bye", "nodes:", f"  here: {node}"]
        lines += [*([ASK] if place.first else []), "  bye: {kind: hang_up}"]
        (folder / f"{name}.yaml").write_text("\n".join(lines), "utf-8")
        text = text.replace("welcome.yaml\n", f"welcome.yaml\n  {name}: {name}.yaml\n", 1)
    (folder / "welcome.yaml").write_text(CENTER.with_name("welcome.yaml").read_text("utf-8"), "utf-8")
    center = folder / "center.yaml"
    center.write_text(text, "utf-8")
    plan = load_center(center)
    numbers = zip(MORE_NUMBERS, map(FlowName, PLACES), strict=False)
    entries = {number: EntryPoint(number, name, name, Hours.always(), name) for number, name in numbers}
    return replace(plan, entry_points=entries)


@asynccontextmanager
async def slow_service() -> AsyncIterator[tuple[ServiceSettings, asyncio.Event]]:
    """A service that answers when the event is set."""
    answers = asyncio.Event()

    async def serve(_: web.Request) -> web.Response:
        await answers.wait()
        return web.json_response({})

    app = web.Application()
    app.router.add_get("/stock", serve)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield ServiceSettings("slow", f"http://{host}:{port}"), answers
    finally:
        answers.set()
        await runner.cleanup()


class SilentCrm:
    """Keeps what the CRM is asked by flows, and answers nothing."""

    def __init__(self, house: House) -> None:
        self.asked: list[QuestionAsked] = []
        self._desk = house.centre.crm_desk
        others = house.centre.runtime.others
        others[others.index(self._desk.listen)] = self.listen

    def listen(self, outputs: Sequence[Output], now: float) -> None:
        """As a listener of the runtime."""
        mine = [one for one in outputs if isinstance(one, QuestionAsked) and not isinstance(one.question, Request)]
        self.asked += mine
        self._desk.listen([one for one in outputs if one not in mine], now)


@pytest.mark.timeout(300)
async def test_the_contact_is_over_once(journey_asterisk: Asterisk, tmp_path: Path) -> None:
    async with (
        slow_service() as (service, service_answers),
        Proxy(journey_asterisk.site.http.port) as proxy,
        SipPhones(journey_asterisk.site.sip.port) as phones,
    ):
        stage = AsteriskStage(journey_asterisk, phones, proxy)
        async with running_house(stage, tmp_path, plan=plan_in(tmp_path), services=(service,)) as house:
            crm = SilentCrm(house)
            visits = [
                comes_and_goes(house, number, name, phones) for number, name in zip(MORE_NUMBERS, PLACES, strict=False)
            ]
            await asyncio.gather(*visits)
            await house.closed(len(PLACES), PATIENCE)
            assert {type(one.question) for one in crm.asked} == {Create, LookUp, Verify}
            service_answers.set()
            for late in crm.asked:
                house.centre.runtime.post(QuestionAnswered(late.id, FAILED))
            await house.everybody_goes_home()
            await nothing_is_left(stage)
            await the_books_say_so(house)


async def comes_and_goes(house: House, number: str, name: str, phones: SipPhones) -> None:
    """One caller."""
    place = PLACES[name]
    call = await (await phones.caller("+4930901877")).dial(number)
    await call.can_be_heard(PATIENCE)
    await call.press(place.first)
    if place.then == "hears music":
        await hears_something(call, PATIENCE)
    else:
        stage = house.stage
        assert isinstance(stage, AsteriskStage)
        said = words("say" if name == "sub_flow" else name)
        media = await stage.voice(Path()).media(Speech(said, "en"))
        sound = read_wav(stage.asterisk.sounds / f"{media.rpartition('/')[2]}.wav")
        await hears(call, sound[: int(ENOUGH * RATE)], PATIENCE)
    await does(house, call, place.then)
    await call.hang_up()


async def does(house: House, call: SipCall, what: str) -> None:
    """What he does before he hangs up."""
    if what in {"is recorded", "speaks"}:
        await until(lambda: len([one for one in house.said if isinstance(one, VoicemailBegun)]) == 2, "beeps", PATIENCE)
    if what == "speaks":
        call.say(tone(440.0, 4.0))
        await asyncio.sleep(4.0)
    elif what.isdigit():
        await call.press(what)
        await asyncio.sleep(0.5)


async def nothing_is_left(stage: AsteriskStage) -> None:
    """On the PBX: no channel, no bridge, no recording."""
    ari = stage.pbx.ari
    headers = {"Authorization": aiohttp.encode_basic_auth(ari.user, ari.password)}
    async with aiohttp.ClientSession(headers=headers) as session, asyncio.timeout(PATIENCE):
        for what in ("channels", "bridges", "recordings/stored"):
            while True:
                async with session.get(f"{ari.url}/ari/{what}") as answer:
                    if not await answer.json():
                        break
                await asyncio.sleep(0.1)


async def the_books_say_so(house: House) -> None:
    """Each contact was closed once, as it ended, by his hang-up and at his node."""
    closed = [one for one in house.said if isinstance(one, InteractionClosed)]
    assert {one.entry_point: one.outcome for one in closed} == {name: place.outcome for name, place in PLACES.items()}
    assert len(closed) == len(PLACES)
    for one in closed:
        stored = await house.stored(one.interaction)
        assert (stored.outcome, stored.ended is not None) == (one.outcome.value, True)
        *_, last = stored.visits
        assert last.left is not None
        assert (last.way == HUNG_UP) == (one.outcome is not IN_QUEUE), one.entry_point
