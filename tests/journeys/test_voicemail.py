"""A caller leaves a message: it is recorded, fetched, kept, listed and heard; and survives what happens on the way."""

import asyncio
from pathlib import Path

import aiohttp

from acd.events import VoicemailBegun
from acd.model import InteractionOutcome
from acd.tasks.kept_voicemails import KeptVoicemail, VoicemailState
from config.center_file import load_center
from config.settings import Settings, Web
from config.wiring import Centre
from ivr.edge.speech import Speaker
from tests.journeys.conftest import CENTER
from tests.journeys.house import PASSWORD, House, until
from tests.journeys.stage import CallingCustomer, Stage
from tests.parts.sip_call import Sound
from tests.parts.sound import read_wav, tone_share

VOICE = 440.0
NUMBER = "+4930901855"


async def being_recorded(house: House) -> CallingCustomer:
    """A customer who has chosen to leave a message, and hears the beep."""
    customer = await house.stage.dial("1000", NUMBER)
    await customer.can_be_heard()
    await customer.press("3")
    await until(lambda: any(isinstance(one, VoicemailBegun) for one in house.said), "the beep", 10.0)
    return customer


async def kept(centre: Centre) -> KeptVoicemail:
    """The only message, once it is with us."""
    async with asyncio.timeout(15.0):
        while True:
            listed = await centre.voicemails.reader.listed(None, done=True)
            if listed and listed[0].state is VoicemailState.KEPT:
                (one,) = listed
                return one
            await asyncio.sleep(0.05)


def voice(file: Path) -> Sound:
    """The part of a message in which its middle second lies."""
    sound = read_wav(file)
    middle = sound.size // 2
    return sound[middle - 4000 : middle + 4000]


async def nothing_is_left_on_the_pbx(house: House) -> None:
    """Asked of the PBX itself."""
    pbx = house.stage.pbx.ari
    headers = {"Authorization": aiohttp.encode_basic_auth(pbx.user, pbx.password)}
    async with asyncio.timeout(5.0), aiohttp.ClientSession(headers=headers) as session:
        while True:
            async with session.get(f"{pbx.url}/ari/recordings/stored") as answer:
                if await answer.json() == []:
                    return
            await asyncio.sleep(0.05)


async def test_a_message_is_left_and_heard(house: House) -> None:
    customer = await being_recorded(house)
    await customer.speaks(4.0)
    await customer.press("#")
    await customer.hears(house.prompt("thanks"))
    await customer.ended()
    (closed,) = await house.closed()
    assert closed.outcome is InteractionOutcome.VOICEMAIL
    message = await kept(house.centre)
    assert (message.interaction, message.queue) == (closed.interaction, "billing")
    assert message.caller_number == NUMBER
    assert 2.5 < message.seconds < 6.0
    assert tone_share(VOICE, voice(house.centre.voicemails.path(message))) > 0.9
    await nothing_is_left_on_the_pbx(house)
    await it_is_heard_in_the_browser(house, message)


async def it_is_heard_in_the_browser(house: House, message: KeptVoicemail) -> None:
    """By an agent of the queue, and by nobody else but supervisors."""
    for agent, sees in (("anna", True), ("dora", False), ("sam", True)):
        async with await visitor(house, agent) as session:
            async with session.get("/api/voicemails") as answer:
                listed = (await answer.json())["voicemails"]
            assert [one["id"] for one in listed] == ([message.id] if sees else [])
            async with session.get(f"/api/voicemails/{message.id}/audio", headers={"Range": "bytes=0-99"}) as answer:
                assert answer.status == (206 if sees else 404)
                if sees:
                    assert answer.content_type == "audio/wav"
                    assert (await answer.read())[:4] == b"RIFF"


async def visitor(house: House, user: str) -> aiohttp.ClientSession:
    """Somebody who is logged in."""
    base = f"http://127.0.0.1:{house.centre.port}"
    await house.centre.accounts.set_password(user, PASSWORD)  # type: ignore[arg-type]
    session = aiohttp.ClientSession(base, headers={"X-Callwright": "1"}, cookie_jar=aiohttp.CookieJar(unsafe=True))
    async with session.post("/api/login", json={"user": user, "password": PASSWORD}) as answer:
        assert answer.status == 200, await answer.text()
    return session


async def test_hanging_up_keeps_the_message(house: House) -> None:
    customer = await being_recorded(house)
    await customer.speaks(4.0)
    await customer.hang_up()
    (closed,) = await house.closed()
    assert closed.outcome is InteractionOutcome.VOICEMAIL
    message = await kept(house.centre)
    assert tone_share(VOICE, voice(house.centre.voicemails.path(message))) > 0.9


async def test_who_hangs_up_at_the_beep_has_left_nothing(house: House) -> None:
    customer = await being_recorded(house)
    await customer.hang_up()
    (closed,) = await house.closed()
    assert closed.outcome is InteractionOutcome.ABANDONED_IN_FLOW
    await nothing_is_left_on_the_pbx(house)
    assert await house.centre.voicemails.reader.listed(None, done=True) == []


async def test_a_message_that_ends_while_we_are_down_is_found(stage: Stage, tmp_path: Path) -> None:
    voice_of_ours = stage.voice(tmp_path)
    settings = Settings(data=str(tmp_path / "data"), web=Web(port=0), pbx=(stage.pbx,))
    house = House(Centre(settings, load_center(CENTER), voice_of_ours), stage)
    await house.centre.start()
    await house.is_connected()
    customer = await being_recorded(house)
    await customer.speaks(3.5)
    await house.centre.stop()
    await customer.hang_up()
    successor = Centre(settings, load_center(CENTER), voice_of_ours)
    await successor.start()
    try:
        message = await kept(successor)
        assert message.caller_number == NUMBER
        assert tone_share(VOICE, voice(successor.voicemails.path(message))) > 0.9
    finally:
        await successor.stop()
        if isinstance(voice_of_ours, Speaker):
            await voice_of_ours.close()
