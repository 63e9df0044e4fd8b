"""`callwright serve` and `callwright record`: the centre on a real Asterisk."""

import asyncio
from pathlib import Path

import click
import msgspec

from acd.plan import CenterPlan
from config.center_file import load_center
from config.commands.options import settings_file, settings_of
from config.logs import set_up_logs
from config.process import told_plainly, until_stopped
from config.settings import Settings, SettingsError
from config.wiring import Centre
from cti.model import Sound, Speech
from ivr.edge.speech import EspeakVoice
from ivr.sounds import fixed_sounds


@click.command()
@settings_file
def serve(path: Path) -> None:
    """Run the centre."""
    with told_plainly():
        _serve(settings_of(path))


@click.command()
@settings_file
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="A folder.")
def record(path: Path, folder: Path) -> None:
    """Run the centre, and keep all that each PBX says in a trace for `callwright replay`.

    A trace holds telephone numbers: treat it as you treat the calls themselves.
    """
    with told_plainly():
        _serve(msgspec.structs.replace(settings_of(path), record=str(folder)))


def _serve(settings: Settings) -> None:
    set_up_logs(settings.logs)
    if not settings.pbx:
        message = "there is no [[pbx]] in the settings; `callwright asterisk config DIR` writes one"
        raise SettingsError(message)
    plan = load_center(Path(settings.center))
    speech = settings.speech
    here = Path(settings.data) / speech.here
    recordings = Path(speech.recordings) if speech.recordings else None

    async def run() -> None:
        voice = EspeakVoice(here, speech.there or str(here), recordings=recordings)
        centre = Centre(settings, plan, voice)

        async def start() -> None:
            await voice.prepare(spoken_ahead(plan))
            await centre.start()

        async def stop() -> None:
            await centre.stop()
            await voice.close()

        await until_stopped(start, stop)

    asyncio.run(run())


def spoken_ahead(plan: CenterPlan) -> list[Sound]:
    """What the centre says in the same words each time."""
    said = [sound for flow in plan.flows.values() for sound in fixed_sounds(flow)]
    for texts in (plan.nobody_there, plan.not_in_service):
        said += [Speech(text, language) for language, text in texts.items()]
    return said
