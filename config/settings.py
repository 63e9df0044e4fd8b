"""What there is to set where a centre runs; `settings_file` reads it from `callwright.toml` and the environment.

What the company wants (queues, agents, numbers) is in `center.yaml`; what differs between two machines is here. Each
title ends the sentence "expected ...", for who has set something else.
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from config.center_shapes import Node

Port = Annotated[int, Meta(title="a port", ge=0, le=65535)]
"""0: whichever is free."""
Host = Annotated[str, Meta(title="a host or an IP address", min_length=1)]
App = Annotated[
    str, Meta(title="the name of an ARI application: letters, digits, `_`, `-`", pattern=r"^[A-Za-z0-9_-]+$")
]
Format = Annotated[Literal["auto", "console", "json"], Meta(title="format of logs")]
Level = Annotated[Literal["debug", "info", "warning", "error"], Meta(title="level of logs")]
File = Annotated[str, Meta(title="a file", pattern=r"^[^\x00]*$")]
Folder = Annotated[str, Meta(title="a folder", pattern=r"^[^\x00]*$")]
NeededFile = Annotated[str, Meta(title="a file", pattern=r"^[^\x00]+$")]
NeededFolder = Annotated[str, Meta(title="a folder", pattern=r"^[^\x00]+$")]


class SettingsError(Exception):
    """The settings cannot be used here; the text says which one, and why."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Web(_Part, frozen=True):
    """Where browsers reach us."""

    host: Host = "127.0.0.1"
    port: Port = 8765
    public_url: str = ""
    """How browsers call us, if there is a proxy with TLS in front: `https://calls.example.com`."""
    proxies: Annotated[tuple[str, ...], Meta(title="a list of IP addresses")] = ()
    """Addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."""
    certificate: File = ""
    """PEM files, if we do TLS ourselves."""
    key: File = ""
    metrics_token: str = ""
    """Who asks for /metrics from another machine must send it as a bearer token."""


class Ari(_Part, frozen=True):
    """Asterisk's REST interface. `password` is best kept out of the file: give it by the environment."""

    url: str = "http://127.0.0.1:8088"
    user: str = "callwright"
    password: str = ""
    app: App = "callwright"


class Ami(_Part, frozen=True):
    """Asterisk's manager interface."""

    host: Host = "127.0.0.1"
    port: Port = 5038
    user: str = "callwright"
    password: str = ""


class Pbx(_Part, frozen=True):
    """One Asterisk."""

    name: Node
    ari: Annotated[Ari, Meta(title="the settings of ARI")] = Ari()
    ami: Annotated[Ami, Meta(title="the settings of AMI")] = Ami()
    phone_socket: str = ""
    """Where browser phones register: `wss://pbx.example.com:8089/ws`. Empty: no browser phones."""
    sip_domain: str = ""
    """Domain of the browser phones' addresses; the host of `phone_socket` by default."""
    sip_realm: str = "asterisk"
    """What Asterisk asks passwords for (`realm` of its PJSIP authentication objects; its own default is `asterisk`)."""


class SpeechSettings(_Part, frozen=True):
    """The voice that speaks to callers."""

    here: NeededFolder = "prompts"
    """Folder where we write sound files, relative to `data`."""
    there: Folder = ""
    """The same folder as Asterisk sees it; empty: the same path."""
    recordings: Folder = ""
    """Folder with recorded prompts that take the place of spoken ones."""


class ServiceSettings(_Part, frozen=True):
    """A service of the company's that flows may ask by HTTP."""

    name: Node
    url: Annotated[str, Meta(title="an address that begins with http:// or https://", pattern=r"^https?://[^/]+")]
    """What the paths of flows are added to."""
    headers: Annotated[Mapping[str, str], Meta(title="headers with their values")] = {}
    """Sent with every request, such as `Authorization`."""


class Installed(NamedTuple):
    """What of an installation the centre's file may name; None if it is not to be compared."""

    pbxs: Collection[str] | None = None
    services: Collection[str] | None = None


class VoiceSettings(_Part, frozen=True):
    """The engine that speaks one language; `config.voices` checks what belongs to which."""

    engine: Annotated[Literal["espeak-ng", "command", "http"], Meta(title="kind of engine")] = "espeak-ng"
    voice: str = ""
    """As the engine calls it; empty: its usual one."""
    speed: Annotated[int, Meta(title="words in a minute, 0 for the usual", ge=0, le=600)] = 0
    command: Annotated[tuple[str, ...], Meta(title="a program and its arguments")] = ()
    """Reads the words from its standard input and writes `{file}`."""
    url: str = ""
    headers: Annotated[Mapping[str, str], Meta(title="headers with their values")] = {}
    """`${NAME}` in a value is a variable of the environment."""
    body: str = ""
    """JSON, in which `{text}` is the words."""
    timeout: Annotated[float, Meta(title="seconds", ge=1, le=60)] = 20.0
    at_once: Annotated[int, Meta(title="a number of sounds", ge=1, le=100)] = 2


class Logs(_Part, frozen=True):
    """For people in a terminal, or for machines."""

    format: Format = "auto"
    level: Level = "info"


class Settings(_Part, frozen=True):
    """All of it. Paths are relative to the settings file."""

    center: NeededFile = "center.yaml"
    data: NeededFolder = "data"
    """Folder for what we write: database, spool, prompts."""
    database: str = ""
    """SQLAlchemy URL; empty: SQLite in `data`."""
    country: str = "DE"
    """Whose national telephone numbers are meant where a number has no country code."""
    web: Annotated[Web, Meta(title="the settings of the page")] = Web()
    pbx: Annotated[tuple[Annotated[Pbx, Meta(title="a PBX")], ...], Meta(title="a list of PBXs ([[pbx]])")] = ()
    speech: Annotated[SpeechSettings, Meta(title="the settings of the voice")] = SpeechSettings()
    service: Annotated[
        tuple[Annotated[ServiceSettings, Meta(title="a service")], ...], Meta(title="a list of services ([[service]])")
    ] = ()
    voice: Annotated[
        Mapping[str, Annotated[VoiceSettings, Meta(title="the settings of an engine")]],
        Meta(title="engines by language ([voice.zh], [voice.default])"),
    ] = {}
    logs: Annotated[Logs, Meta(title="the settings of the logs")] = Logs()
    sip_passwords: Annotated[Mapping[str, str], Meta(title="browser telephones with their passwords")] = {}
    """Browser phones' passwords, by endpoint name (`web-anna`)."""

    def database_url(self) -> str:
        """As SQLAlchemy wants it."""
        return self.database or f"sqlite:///{self.data}/callwright.db"

    def installed(self) -> Installed:
        """What the centre's file may name. Without any PBX these are nobody's settings yet."""
        return Installed([pbx.name for pbx in self.pbx] or None, [one.name for one in self.service])

    def pbx_named(self, name: str) -> Pbx | None:
        """The PBX of that name."""
        return next((one for one in self.pbx if one.name == name), None)
