"""`/ready` and `/metrics` of a running centre, while things happen to its PBX."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
from prometheus_client import CollectorRegistry

from agent_desktop.edge.web import Part
from config.center_file import load_center
from config.metrics import EdgeCounters
from config.settings import ServiceSettings, Settings, Web
from config.wiring import Centre
from cti.edge.simulated_pbx import EmbeddedPbx
from cti.model import CallerId
from cti.simulator.settings import PbxSettings, services
from ivr.edge.engines import DEFAULT, Program
from ivr.edge.speech import Speaker
from tests.journeys.conftest import CENTER
from tests.journeys.on_embedded import EmbeddedStage

CALLER = CallerId("+493012345")
NAMES = {"plan", "storage", "voice", "pbx:pbx1", "phones:pbx1"}


class _Told(msgspec.Struct):
    ready: bool
    parts: dict[str, Part]

    def why(self, part: str) -> str:
        return self.parts[part].why


@asynccontextmanager
async def running_centre(
    folder: Path, voice: Speaker | None = None, counters: EdgeCounters | None = None, **wrong: str
) -> AsyncIterator[tuple[Centre, EmbeddedPbx]]:
    """On an embedded PBX. `wrong`: passwords that the settings have wrong."""
    async with EmbeddedPbx(PbxSettings(services=services("1000"))) as embedded:
        stage = EmbeddedStage(embedded)
        ari = msgspec.structs.replace(stage.pbx.ari, password=wrong.get("ari", stage.pbx.ari.password))
        ami = msgspec.structs.replace(stage.pbx.ami, password=wrong.get("ami", stage.pbx.ami.password))
        pbx = msgspec.structs.replace(stage.pbx, ari=ari, ami=ami)
        shop = ServiceSettings("shop", "http://127.0.0.1:9/api")
        settings = Settings(data=str(folder / "data"), web=Web(port=0), pbx=(pbx,), service=(shop,))
        centre = Centre(settings, load_center(CENTER), voice or stage.voice(folder), counters=counters)
        await centre.start()
        try:
            yield centre, embedded
        finally:
            await centre.stop()


async def _told(centre: Centre) -> _Told:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{centre.port}/ready") as answer:
        told = msgspec.json.decode(await answer.read(), type=_Told)
        assert answer.status == (200 if told.ready else 503)
        assert set(told.parts) == NAMES
        return told


async def _until(centre: Centre, part: str, says: str, within: float = 8.0) -> _Told:
    """Wait until a part says this."""
    async with asyncio.timeout(within):
        while True:
            told = await _told(centre)
            if says in told.why(part) and bool(says) == bool(told.why(part)):
                return told
            await asyncio.sleep(0.05)


def _obeys(centre: Centre) -> float | None:
    return centre.registry.get_sample_value("callwright_pbx_obeys", {"node": "pbx1"})


async def test_a_pbx_that_refuses_its_work_is_told_though_its_events_come(tmp_path: Path) -> None:
    """REST is in trouble, the event stream is not; and it is told when that is over."""
    async with running_centre(tmp_path) as (centre, pbx):
        assert (await _until(centre, "pbx:pbx1", "")).parts["pbx:pbx1"].ready
        await _until(centre, "phones:pbx1", "")
        assert _obeys(centre) == 1
        pbx.faults.fail_rest(503, times=1000)
        pbx.dial("1000", CALLER)
        told = await _until(centre, "pbx:pbx1", "does not do what it is asked: 503")
        assert not told.ready
        assert _obeys(centre) == 0
        assert centre.registry.get_sample_value("callwright_pbx_connected", {"node": "pbx1"}) == 1
        pbx.faults.heal()
        pbx.dial("1000", CALLER)
        assert (await _until(centre, "pbx:pbx1", "")).ready
        assert _obeys(centre) == 1


async def test_a_pbx_that_answers_late_is_told(tmp_path: Path) -> None:
    """Its requests time out while its events come."""
    async with running_centre(tmp_path) as (centre, pbx):
        await _until(centre, "pbx:pbx1", "")
        pbx.faults.rest_delay = 2.5
        pbx.dial("1000", CALLER)
        assert not (await _until(centre, "pbx:pbx1", "no answer from")).ready
        pbx.faults.heal()
        pbx.dial("1000", CALLER)
        assert (await _until(centre, "pbx:pbx1", "")).ready


async def test_a_pbx_that_does_not_let_us_in_is_told_once_and_why(tmp_path: Path) -> None:
    """One part has one name, whatever is wrong with it."""
    async with running_centre(tmp_path, ari="wrong") as (centre, _):
        told = await _until(centre, "pbx:pbx1", "not connected: the ARI at")
        assert "does not accept this user and password" in told.why("pbx:pbx1")
        assert not told.ready
        assert _obeys(centre) == 0


async def test_without_ami_calls_are_served_and_it_is_told_all_the_same(tmp_path: Path) -> None:
    """Ready, with a word on the phones."""
    async with running_centre(tmp_path, ami="wrong") as (centre, _):
        await _until(centre, "pbx:pbx1", "")
        told = await _until(centre, "phones:pbx1", "not seen coming and going: ")
        assert told.ready


async def test_a_voice_that_fails_is_told_and_counted_and_callers_are_served(tmp_path: Path) -> None:
    """They hear espeak-ng meanwhile, so the centre is ready."""
    counters = EdgeCounters(CollectorRegistry())
    engines = {DEFAULT: Program(("no-such-piper", "{file}"))}
    sounds = tmp_path / "sounds"
    async with (
        Speaker(sounds, str(sounds), engines=engines, counters=counters) as voice,
        running_centre(tmp_path, voice, counters) as (centre, pbx),
    ):
        await _until(centre, "pbx:pbx1", "")
        assert not (await _told(centre)).why("voice")
        pbx.dial("1000", CALLER)
        told = await _until(centre, "voice", "no-such-piper cannot be started")
        assert told.ready
        assert "callers hear another voice" in told.why("voice")
        assert centre._readiness.troubles() == {"voice": told.why("voice")}, "supervisors see it, too"
        failures = centre.registry.get_sample_value("callwright_speech_failures_total", {"language": "en"})
        assert failures is not None
        assert failures >= 1
        assert list(sounds.glob("*.wav"))


async def test_services_are_watched_before_they_are_asked(tmp_path: Path) -> None:
    async with running_centre(tmp_path) as (centre, _):
        for outcome in ("answered", "not_found", "failed"):
            of = {"service": "shop", "outcome": outcome}
            assert centre.registry.get_sample_value("callwright_service_requests_total", of) == 0.0
