"""A new installation on somebody's own Asterisk: Asterisk's side of it and ours, made to fit each other.

`callwright asterisk config` asks for as little as possible: numbers and telephones are in center.yaml already,
passwords are made here, and addresses have the usual defaults.
"""

import os
import re
from pathlib import Path

import msgspec

from acd.model import PhoneKind as AcdPhoneKind
from acd.plan import CenterPlan
from config.asterisk_files import (
    FILE_NAMES,
    Account,
    AsteriskFilesExistError,
    AsteriskSite,
    AsteriskSiteError,
    Listener,
    Phone,
    PhoneKind,
    Trunk,
    check,
    new_password,
    write_files,
)

SETTINGS = "callwright.toml"
STARTER = "center.yaml"
STARTER_FOLDER = Path(__file__).parent / "demo"
"""The demo's company, which a new centre may begin with."""
_TEMPLATE = Path(__file__).with_name("new_installation.toml")
_OWNER_ONLY = 0o600
_KINDS = {AcdPhoneKind.DESK: PhoneKind.DESK, AcdPhoneKind.BROWSER: PhoneKind.BROWSER}

_STARTER_HEAD = """\
# Your centre: numbers, queues, agents. docs/center-file.md explains every setting, docs/flows.md what callers hear.
# Everybody and everything in here is made up, for you to replace. Afterwards: `callwright check`, and if telephones or
# numbers have changed, Asterisk's files too (pjsip.conf, extensions.conf).
#
# An editor that knows YAML schemas checks this file while you type: `callwright schema center > center.schema.json`
"""


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What was said on the command line, or is usual."""

    app: str = "callwright"
    country: str = "DE"
    numbers: tuple[str, ...] = ()
    """In place of those of center.yaml, if there are any."""
    trunk: Trunk | None = None
    sip: Listener = Listener("0.0.0.0", 5060)  # noqa: S104 - telephones are elsewhere in the building
    http_port: int = 8088
    ami_port: int = 5038
    phone_socket: str = ""
    """As browsers see it; empty: on this machine."""
    click_to_answer: bool = False


class Installation(msgspec.Struct, frozen=True):
    """All that is to be written into a folder."""

    site: AsteriskSite
    settings: str
    """The text of callwright.toml."""


def starter_files() -> dict[str, str]:
    """A centre to begin with, as texts by path: center.yaml and its flows."""
    center = (STARTER_FOLDER / STARTER).read_text(encoding="utf-8")
    body = center.partition("\n\n")[2].replace(", click_to_answer: true", "")
    files = sorted((STARTER_FOLDER / "flows").glob("*.yaml"))
    flows = {f"flows/{file.name}": file.read_text(encoding="utf-8") for file in files}
    return {STARTER: f"{_STARTER_HEAD}\n{body}", **flows}


def nodes_of(plan: CenterPlan) -> list[str]:
    """The PBXs at which agents have telephones."""
    return sorted({str(phone.node) for agent in plan.agents.values() for phone in agent.phones})


def plan_installation(plan: CenterPlan, node: str, center: str, choices: Choices) -> Installation:
    """Makes passwords and puts everything in its place. Raises `AsteriskSiteError` for what Asterisk cannot take."""
    site = AsteriskSite(
        ari=Account("callwright", new_password()),
        ami=Account("callwright", new_password()),
        numbers=choices.numbers or tuple(plan.entry_points),
        phones=_phones(plan, node),
        trunk=choices.trunk,
        app=choices.app,
        http=Listener("127.0.0.1", choices.http_port),
        manager=Listener("127.0.0.1", choices.ami_port),
        sip=choices.sip,
        desk_phones_obey=choices.click_to_answer,
    )
    check(site)
    return Installation(site, _settings(site, node, center, choices))


def write_installation(directory: Path, installation: Installation, starter: dict[str, str]) -> tuple[Path, ...]:
    """Write Asterisk's files, callwright.toml, and a starter if there is one. Nothing that exists is touched.

    Raises `AsteriskFilesExistError` before the first byte is written, `OSError` if the folder cannot be written.
    """
    ours = [directory / SETTINGS, *(directory / name for name in starter)]
    existing = tuple(path for path in (*ours, *(directory / name for name in FILE_NAMES)) if path.exists())
    if existing:
        raise AsteriskFilesExistError(existing)
    written = write_files(directory, installation.site)
    for name, text in starter.items():
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    descriptor = os.open(directory / SETTINGS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(installation.settings)
    return (*written, *ours)


def listener(text: str, port: int, field: str) -> Listener:
    """`ADDRESS[:PORT]`. Raises `AsteriskSiteError`."""
    address, given = _split(text, port, field)
    return Listener(address, given)


def trunk(text: str) -> Trunk:
    """`HOST[:PORT]`. Raises `AsteriskSiteError`."""
    return Trunk(*_split(text, 5060, "--trunk"))


def _split(text: str, port: int, field: str) -> tuple[str, int]:
    read = re.fullmatch(r"([^:\s]+)(?::([0-9]{1,5}))?", text)
    if read is None:
        message = f"{field}: expected HOST or HOST:PORT, got {text!r}"
        raise AsteriskSiteError(message)
    return read[1], int(read[2] or port)


def _phones(plan: CenterPlan, node: str) -> tuple[Phone, ...]:
    return tuple(
        Phone(phone.endpoint.partition("/")[2], new_password(), _KINDS[phone.kind])
        for agent in plan.agents.values()
        for phone in agent.phones
        if phone.node == node
    )


def _settings(site: AsteriskSite, node: str, center: str, choices: Choices) -> str:
    browsers = {phone.name: phone.password for phone in site.phones if phone.kind is PhoneKind.BROWSER}
    socket = choices.phone_socket or f"ws://{site.http.address}:{site.http.port}/ws"
    values = {
        "center": center,
        "country": choices.country,
        "node": node,
        "ari_url": f"http://{site.http.address}:{site.http.port}",
        "ari_user": site.ari.user,
        "ari_password": site.ari.password,
        "app": site.app,
        "ami_host": site.manager.address,
        "ami_user": site.ami.user,
        "ami_password": site.ami.password,
        "phone_socket": socket if browsers else "",
    }
    quoted = {name: _quoted(value) for name, value in values.items()}
    passwords = "\n".join(f"{name} = {_quoted(password)}" for name, password in browsers.items())
    text = _TEMPLATE.read_text(encoding="utf-8")
    filled = re.sub(r"%\{([a-z_]+)\}", lambda blank: quoted[blank[1]], text)
    return filled.replace("%[ami_port]", str(site.manager.port)).replace("%[sip_passwords]", passwords)


def _quoted(value: str) -> str:
    """A TOML basic string; JSON's strings are a part of them."""
    return msgspec.json.encode(value).decode()
