"""Looks at the machine that the centre runs on, without changing it."""

import asyncio
import os
import re
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

import aiohttp
import msgspec

from acd.edge.database import Database, DatabaseMisconfigured, DatabaseUnavailable
from agent_desktop.edge.web import STATIC
from config.data_folder import write_trouble
from config.doctor.facts import DatabaseFacts, MachineFacts
from config.settings import Settings
from config.voices import engines_of
from ivr.edge.engines import Engine, EngineFailed, Espeak, engine_for
from ivr.speech.words import tongue_of

PROGRAMS = ("espeak-ng", "sox")
LONGEST = 1.0
"""Seconds that our own page may take to answer."""


class _Health(msgspec.Struct):
    ok: bool


async def look_at_machine(settings: Settings, path: Path, languages: Iterable[str] = ()) -> MachineFacts:
    """Programs, voices, folders, the page, the port. `languages`: those that callers are spoken to in."""
    prompts = Path(settings.data) / settings.speech.here
    we_run = await _we_run(settings)
    return MachineFacts(
        programs={name: shutil.which(name) is not None for name in PROGRAMS},
        voices=await _voices(settings, languages),
        prompts=str(prompts),
        prompts_trouble=write_trouble(prompts),
        data_trouble=write_trouble(Path(settings.data)),
        page_built=(STATIC / "index.html").is_file(),
        free_bytes=shutil.disk_usage(_existing(prompts)).free,
        address_trouble="" if we_run else _address_trouble(settings),
        we_run=we_run,
        settings_open_to_others=_open_to_others(path),
    )


async def _voices(settings: Settings, languages: Iterable[str]) -> dict[str, str]:
    """Each says "one two three". That espeak-ng is missing is told once, as a program."""
    engines = engines_of(settings.voice, os.environ)
    espeak = Espeak() if shutil.which("espeak-ng") else None
    with tempfile.TemporaryDirectory() as folder:
        tried = {of: engine_for(of, engines) or espeak for of in languages}
        said = [_trouble_of(engine, of, Path(folder)) for of, engine in tried.items() if engine is not None]
        troubles = dict(await asyncio.gather(*said))
    for engine in engines.values():
        await engine.close()
    return troubles


async def _trouble_of(engine: Engine, language: str, folder: Path) -> tuple[str, str]:
    try:
        async with engine.slots:
            await engine.speak(tongue_of(language).digits("123"), language, folder / f"{language}.wav")
    except EngineFailed as error:
        return language, str(error)
    return language, ""


async def look_at_database(settings: Settings) -> DatabaseFacts:
    """Ask it something. A file that is not there is not made."""
    url = settings.database_url()
    folder = _of_new_file(url, ours=not settings.database)
    if folder is not None:
        return DatabaseFacts(url, write_trouble(folder), misconfigured=True, new=True)
    try:
        database = Database(url)
    except DatabaseMisconfigured as error:
        return DatabaseFacts("the database", str(error), misconfigured=True)
    try:
        return await _asked(database)
    finally:
        await database.close()


def _of_new_file(url: str, *, ours: bool) -> Path | None:
    """The folder in which SQLite's file will be made at the first start; `None` if there is nothing to be made.

    Our own folder is made then too; of another one that is missing, `Database` complains.
    """
    read = re.fullmatch(r"sqlite(?:\+aiosqlite)?:///(.+)", url)
    file = Path(read[1]) if read else None
    if file is None or os.path.exists(file) or not (ours or os.path.isdir(file.parent)):
        return None
    return file.parent


async def _asked(database: Database) -> DatabaseFacts:
    try:
        await database.check()
    except DatabaseMisconfigured as error:
        return DatabaseFacts(database.shown, str(error), misconfigured=True)
    except DatabaseUnavailable as error:
        return DatabaseFacts(database.shown, str(error))
    return DatabaseFacts(database.shown)


async def _we_run(settings: Settings) -> bool:
    """Whether what answers at our address is Callwright."""
    web = settings.web
    host = "127.0.0.1" if web.host in {"0.0.0.0", "::", ""} else web.host  # noqa: S104 - compared, not bound
    url = f"{'https' if web.certificate else 'http'}://{host}:{web.port}/health"
    if not web.port:
        return False
    try:
        async with (
            asyncio.timeout(LONGEST),
            aiohttp.ClientSession() as session,
            session.get(url, ssl=False) as response,  # only asked whether it is there; nothing is told to it
        ):
            msgspec.json.decode(await response.read(), type=_Health)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return False
    return True


def _address_trouble(settings: Settings) -> str:
    web = settings.web
    try:
        with socket.create_server((web.host, web.port)):
            pass
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        return f"the page cannot be at {web.host}, port {web.port}: {why}"
    return ""


def _open_to_others(file: Path) -> bool:
    return bool(file.stat().st_mode & stat.S_IROTH)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above that is there."""
    return next(each for each in (folder, *folder.parents) if os.path.isdir(each))
