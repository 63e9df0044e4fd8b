"""`callwright serve` and `callwright record`: the centre on a real Asterisk."""

import asyncio
import os
from pathlib import Path

import click
import structlog
from prometheus_client import CollectorRegistry

from acd.plan import CenterPlan
from acd.waiting.announcing import said_to_everybody
from acd.waiting.whisper import all_whispers
from config.commands.options import loaded, settings_file
from config.data_folder import make_folder
from config.loaded import Loaded
from config.logs import set_up_logs
from config.metrics import EdgeCounters
from config.process import told_plainly, until_stopped
from config.voices import engines_of
from config.wiring import Centre
from cti.model import Sound, Speech
from ivr.edge.speech import Speaker
from ivr.speech.sounds import fixed_sounds

LISTEN = "web.host and web.port in the settings say where"

log = structlog.stdlib.get_logger(__name__)


@click.command()
@settings_file
def serve(path: Path) -> None:
    """Run the centre until Ctrl-C or SIGTERM.

    Calls live on the PBX: they go on when it stops, and it finds them again when it starts.

    Example: callwright serve --config /etc/callwright/callwright.toml
    """
    with told_plainly(listen=LISTEN):
        _serve(loaded(path))


@click.command()
@settings_file
@click.option(
    "--to",
    "folder",
    metavar="DIRECTORY",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="For a trace of each PBX; made if it is not there.",
)
def record(path: Path, folder: Path) -> None:
    """Run the centre as `serve` does, and keep all that each PBX says in a trace for `replay`.

    A trace holds telephone numbers: treat it as you treat the calls themselves. Which keys callers press is in it only
    if no flow asks for a secret.

    Example: callwright record --config /etc/callwright/callwright.toml --to /var/lib/callwright/traces
    """
    with told_plainly(listen=LISTEN):
        _serve(loaded(path), folder)


def _serve(read: Loaded, traces: Path | None = None) -> None:
    settings, plan = read.settings, read.plan
    set_up_logs(settings.logs)
    for doubt in read.doubts:
        log.warning("doubtful in the files", what=str(doubt))
    speech = settings.speech
    here = Path(settings.data) / speech.here
    make_folder(Path(settings.data), "data")
    make_folder(here, "speech.here")
    recordings = Path(speech.recordings) if speech.recordings else None

    async def run() -> None:
        counters = EdgeCounters(CollectorRegistry())
        engines = engines_of(settings.voice, os.environ)
        there = speech.there or str(here)
        voice = Speaker(here, there, recordings=recordings, engines=engines, counters=counters)

        async def prepare(plan: CenterPlan) -> None:
            await voice.prepare(spoken_ahead(plan), later=spoken_to_those_who_wait(plan))

        centre = Centre(settings, plan, voice, traces, files=read.files, prepare=prepare, counters=counters)

        async def start() -> None:
            await prepare(plan)
            await centre.start()

        async def stop() -> None:
            await centre.stop()
            await voice.close()

        await until_stopped(start, stop, centre.is_idle)

    asyncio.run(run())


def spoken_ahead(plan: CenterPlan) -> list[Sound]:
    """What flows and the centre itself say in the same words each time."""
    said = [sound for flow in plan.flows.values() for sound in fixed_sounds(flow)]
    for texts in (plan.nobody_there, plan.not_in_service):
        said += [Speech(text, language) for language, text in texts.items()]
    return said


def spoken_to_those_who_wait(plan: CenterPlan) -> list[Sound]:
    """And in queues, to callers and of them: hundreds of prompts, which nobody needs in the first minute."""
    said: list[Sound] = []
    languages = tuple(plan.nobody_there)
    for queue in plan.queues.values():
        said += said_to_everybody(queue.waiting.announcements, languages)
        said += all_whispers(queue.waiting.whisper)
    return said
