"""Both files of a centre as they fit together: this installation's settings, and what the company has decided."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from acd.model import PhoneKind
from acd.plan import CenterPlan
from config.center_file import read_center
from config.center_source import CenterSource, is_missing
from config.settings import Settings, SettingsError
from config.settings_file import SettingsFile
from config.tls import tls_context
from ivr.files.mistakes import FileMistakes, Mistake, instead
from ivr.files.shapes import Path as Way


class Loaded(msgspec.Struct, frozen=True):
    """All that the files and the environment say; nothing in it is wrong."""

    settings: Settings
    plan: CenterPlan
    doubts: tuple[Mistake, ...]
    """What is hardly meant as it is said."""
    files: Mapping[str, str]
    """What center.yaml and its flows say; see `CenterSource`."""


def load(path: Path, environment: Mapping[str, str]) -> Loaded:
    """Everything, from the settings file on. Raises `FileMistakes` with all that is wrong in all files."""
    file = SettingsFile(path, environment)
    mistakes = page_mistakes(file)
    if not file.settings.pbx:
        text = "there is no [[pbx]]; `callwright asterisk config DIR` writes one together with Asterisk's side of it"
        mistakes.append(file.mistake((), text))
    try:
        source = CenterSource(Path(file.settings.center))
        plan, doubts = company(file, source)
    except FileMistakes as wrong:
        raise FileMistakes([*mistakes, *wrong.mistakes]) from None
    if mistakes:
        raise FileMistakes(mistakes)
    return Loaded(file.settings, plan, doubts, source.files)


def company(file: SettingsFile, source: CenterSource) -> tuple[CenterPlan, tuple[Mistake, ...]]:
    """What the company has decided, and what is doubtful in either file. Raises `FileMistakes`."""
    settings = file.settings
    if is_missing(source.path):
        raise FileMistakes([file.mistake(("center",), f"there is no file {str(source.path)!r}")])
    plan, doubts = read_center(source, settings.installed())
    return plan, (*(file.mistake(way, text) for way, text in _doubts(settings, plan)), *doubts)


def page_mistakes(file: SettingsFile) -> list[Mistake]:
    """Whether the page can be shown by TLS, if it shall be."""
    try:
        tls_context(file.settings.web)
    except SettingsError as error:
        return [file.mistake(("web", "certificate"), str(error))]
    return []


def _doubts(settings: Settings, plan: CenterPlan) -> Iterator[tuple[Way, str]]:
    phones = [phone for agent in plan.agents.values() for phone in agent.phones]
    nodes = {str(phone.node) for phone in phones}
    for index, pbx in enumerate(settings.pbx):
        if pbx.name not in nodes:
            yield ("pbx", index, "name"), f"no telephone of center.yaml is at the PBX {pbx.name!r}"
    browsers = {phone.endpoint.partition("/")[2] for phone in phones if phone.kind is PhoneKind.BROWSER}
    for name in settings.sip_passwords:
        if name not in browsers:
            text = f"center.yaml has no browser telephone {name!r}; {instead(name, browsers)}"
            yield ("sip_passwords", name), text
    recordings = settings.speech.recordings
    if recordings and not os.path.isdir(recordings):
        yield ("speech", "recordings"), f"there is no folder {recordings!r}, so every prompt is spoken"
    for language, voice in settings.voice.items():
        if voice.command and shutil.which(voice.command[0]) is None:
            text = f"there is no program {voice.command[0]!r}, so callers hear another voice"
            yield ("voice", language, "command"), text
