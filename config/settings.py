"""Where this installation runs and what it talks to: one TOML file, and the environment over it.

What the company wants (queues, agents, numbers) is in `center.yaml`; what differs between two machines is here. Every
setting can be given by the environment: `CALLWRIGHT_` and its path, `__` between the parts, lists by their `name`:

    CALLWRIGHT_DATABASE=postgresql://...   CALLWRIGHT_WEB__PORT=8080   CALLWRIGHT_PBX__PBX1__ARI__PASSWORD=...
"""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

PREFIX = "CALLWRIGHT_"

Port = Annotated[int, Meta(ge=0, le=65535)]
"""0: whichever is free."""
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,30}$")]


class SettingsError(Exception):
    """The settings cannot be used; the text says which one, where, and what was expected."""


class Web(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where browsers reach us."""

    host: str = "127.0.0.1"
    port: Port = 8765
    public_url: str = ""
    """How browsers call us, if there is a proxy with TLS in front: `https://calls.example.com`."""
    proxies: tuple[str, ...] = ()
    """Addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."""
    certificate: str = ""
    """PEM files, if we do TLS ourselves."""
    key: str = ""
    metrics_token: str = ""
    """Who asks for /metrics from another machine must send it as a bearer token."""


class Ari(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asterisk's REST interface. `password` is best kept out of the file: give it by the environment."""

    url: str = "http://127.0.0.1:8088"
    user: str = "callwright"
    password: str = ""
    app: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]+$")] = "callwright"


class Ami(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asterisk's manager interface."""

    host: str = "127.0.0.1"
    port: Port = 5038
    user: str = "callwright"
    password: str = ""


class Pbx(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One Asterisk."""

    name: Name
    ari: Ari = Ari()
    ami: Ami = Ami()
    phone_socket: str = ""
    """Where browser phones register: `wss://pbx.example.com:8089/ws`. Empty: no browser phones."""
    sip_domain: str = ""
    """Domain of the browser phones' addresses; the host of `phone_socket` by default."""
    sip_realm: str = "asterisk"
    """What Asterisk asks passwords for (`realm` of its PJSIP authentication objects; its own default is `asterisk`)."""


class SpeechSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The voice that speaks to callers."""

    here: str = "prompts"
    """Folder where we write sound files, relative to `data`."""
    there: str = ""
    """The same folder as Asterisk sees it; empty: the same path."""
    recordings: str = ""
    """Folder with recorded prompts that take the place of spoken ones."""


class Logs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For people in a terminal, or for machines."""

    format: Annotated[str, Meta(pattern="^(auto|console|json)$")] = "auto"
    level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$")] = "info"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. Paths are relative to the settings file."""

    center: str = "center.yaml"
    data: str = "data"
    """Folder for what we write: database, spool, prompts."""
    database: str = ""
    """SQLAlchemy URL; empty: SQLite in `data`."""
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] = "DE"
    """Whose national telephone numbers are meant where a number has no country code."""
    web: Web = Web()
    pbx: tuple[Pbx, ...] = ()
    speech: SpeechSettings = SpeechSettings()
    logs: Logs = Logs()
    record: str = ""
    """Folder for recorded PBX sessions (`callwright replay`); empty: none are kept. They hold telephone numbers."""
    sip_passwords: Mapping[str, str] = {}
    """Browser phones' passwords, by endpoint name (`web-anna`)."""

    def database_url(self) -> str:
        """As SQLAlchemy wants it."""
        return self.database or f"sqlite:///{self.data}/callwright.db"

    def pbx_named(self, name: str) -> Pbx | None:
        """The PBX of that name."""
        return next((one for one in self.pbx if one.name == name), None)


def load_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """Read the file (if one is given) and put the environment over it. Raises `SettingsError`."""
    raw: dict[str, Any] = {}
    base = Path.cwd()
    if path is not None:
        raw = _read(path)
        base = path.resolve().parent
    for variable, value in environment.items():
        if variable.startswith(PREFIX):
            _put(raw, variable.removeprefix(PREFIX).lower().split("__"), value, variable)
    try:
        settings = msgspec.convert(raw, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(_explained(error, path)) from error
    return _resolved(settings, base)


def _resolved(settings: Settings, base: Path) -> Settings:
    """With paths that mean the same wherever the process was started."""

    def path(given: str) -> str:
        return str((base / given).resolve()) if given else ""

    url, web = settings.database, settings.web
    for prefix in ("sqlite:///", "sqlite+aiosqlite:///"):
        if url.startswith(prefix) and not url.startswith(f"{prefix}/"):
            url = prefix + path(url.removeprefix(prefix))
    return msgspec.structs.replace(
        settings,
        center=path(settings.center),
        data=path(settings.data),
        database=url,
        record=path(settings.record),
        speech=msgspec.structs.replace(settings.speech, recordings=path(settings.speech.recordings)),
        web=msgspec.structs.replace(web, certificate=path(web.certificate), key=path(web.key)),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise SettingsError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path}: is not UTF-8 text"
        raise SettingsError(message) from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: {error}"
        raise SettingsError(message) from error


def _put(raw: dict[str, Any], parts: list[str], value: str, variable: str) -> None:
    *way, last = parts
    here: Any = raw
    for part in way:
        if isinstance(here, list):
            found = [one for one in here if isinstance(one, dict) and one.get("name") == part]
            if not found:
                message = f"{variable}: there is no {part!r} in the settings file"
                raise SettingsError(message)
            here = found[0]
        elif isinstance(here, dict):
            here = here.setdefault(part, {})
    if not isinstance(here, dict):
        message = f"{variable}: leads to a value that has no parts"
        raise SettingsError(message)
    here[last] = value


def _explained(error: msgspec.ValidationError, path: Path | None) -> str:
    text = str(error)
    if "unknown field `" in text:
        name = text.split("unknown field `")[1].partition("`")[0]
        near = get_close_matches(name, _field_names(Settings), n=1)
        if near:
            text += f"; did you mean `{near[0]}`?"
    return f"{path or 'environment'}: {text}"


def _field_names(struct: type[msgspec.Struct]) -> list[str]:
    names: list[str] = []
    for one in (struct, Web, Ari, Ami, Pbx, SpeechSettings, Logs):
        names.extend(one.__struct_fields__)
    return names
