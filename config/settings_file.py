"""Reads the settings: `callwright.toml`, and the environment over it.

All that is wrong is told at once, in `FileMistakes`: with line and column in the file, or with the name of the
variable. What the rest of a run finds wrong with a setting is told in the same place (`SettingsFile.mistake`).
"""

import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from acd.edge.database import DatabaseMisconfigured, understood
from config import environment as env
from config.countries import is_country, no_country
from config.marked_toml import parse
from config.settings import Pbx, Settings
from config.voices import voice_mistakes
from ivr.edge.flow_files import read_text
from ivr.files.mistakes import WHOLE_FILE, FileMistakes, Mistake, quoted
from ivr.files.shapes import Path as Way
from ivr.files.shapes import Reader

_VALUE = re.compile(r"not the text .*$", re.DOTALL)


class SettingsFile:
    """The settings, and where each of them stands."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        """Raises `FileMistakes`."""
        tree = parse(read_text(path), str(path))
        variables, mistakes = env.variables(environment, tree)
        for variable in variables:
            env.put_over(tree, variable)
        self._variables = {variable.path: variable.name for variable in variables}
        self._reader = Reader(str(path), {})
        read = self._reader.read(tree, Settings)
        mistakes += self._reader.mistakes
        if read is not None:
            mistakes += [self.mistake(way, text) for way, text in _beyond_types(read)]
        if read is not None and not mistakes:  # of an engine that cannot be read more would seem wrong than is
            mistakes += [self.mistake(way, text) for way, text in voice_mistakes(read.voice, environment)]
        if mistakes or read is None:
            raise FileMistakes(map(_discreet, mistakes))
        self.settings = _resolved(read, path.resolve().parent)

    def mistake(self, way: Way, text: str) -> Mistake:
        """Something about a setting, in the place where it was said."""
        for length in range(len(way), 0, -1):
            if way[:length] in self._variables:
                return Mistake(env.shown(self._variables[way[:length]]), WHOLE_FILE, text)
        return self._reader.mistake(way, text)


def load_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """What the file says, and the environment over it. Raises `FileMistakes`."""
    return SettingsFile(path, environment).settings


def _discreet(mistake: Mistake) -> Mistake:
    """Where names with values belong, a text that stands there may be a password."""
    return msgspec.structs.replace(mistake, text=_VALUE.sub("not one value", mistake.text))


# -- what the types do not know ----------------------------------------------------------------------------------------


def _beyond_types(read: Settings) -> Iterator[tuple[Way, str]]:
    if not is_country(read.country):
        yield ("country",), no_country(read.country)
    if read.database:
        try:
            understood(read.database)
        except DatabaseMisconfigured as error:
            yield ("database",), str(error)
    if read.web.public_url and not _is_url(read.web.public_url, "http", "https"):
        yield ("web", "public_url"), _wrong(read.web.public_url, "how browsers call us: https://calls.example.com")
    for index, address in enumerate(read.web.proxies):
        if not _is_address(address):
            yield ("web", "proxies", index), _wrong(address, "an IP address")
    if read.web.key and not read.web.certificate:
        yield ("web", "key"), "there is a `key`, but no `certificate`"
    for index, pbx in enumerate(read.pbx):
        if pbx.name in (other.name for other in read.pbx[:index]):
            yield ("pbx", index, "name"), f"{pbx.name!r} is the name of another [[pbx]] already"
        yield from ((("pbx", index, *way), text) for way, text in _about_pbx(pbx))


def _about_pbx(pbx: Pbx) -> Iterator[tuple[Way, str]]:
    if not _is_url(pbx.ari.url, "http", "https"):
        yield ("ari", "url"), _wrong(pbx.ari.url, "the address of Asterisk's web server: http://127.0.0.1:8088")
    if pbx.phone_socket and (text := no_phone_socket(pbx.phone_socket)):
        yield ("phone_socket",), text


def no_phone_socket(url: str) -> str:
    """What is wrong with an address at which browser telephones register; empty if nothing is."""
    if _is_url(url, "ws", "wss"):
        return ""
    return _wrong(url, "where browser telephones register: wss://calls.example.com/phone")


def _wrong(value: str, wanted: str) -> str:
    return f"{quoted(value)} is not right; expected {wanted}"


def _is_url(url: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", url)
    except ValueError:  # a port that is none, brackets that do not close
        return False


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


# -- paths -------------------------------------------------------------------------------------------------------------


def _resolved(settings: Settings, base: Path) -> Settings:
    """With paths that mean the same wherever the process was started."""

    def path(given: str) -> str:
        return os.path.realpath(base / given) if given else ""

    url, web = settings.database, settings.web
    for prefix in ("sqlite:///", "sqlite+aiosqlite:///"):
        if url.startswith(prefix) and not url.startswith(f"{prefix}/"):
            url = prefix + path(url.removeprefix(prefix))
    return msgspec.structs.replace(
        settings,
        center=path(settings.center),
        data=path(settings.data),
        database=url,
        speech=msgspec.structs.replace(settings.speech, recordings=path(settings.speech.recordings)),
        web=msgspec.structs.replace(web, certificate=path(web.certificate), key=path(web.key)),
    )
