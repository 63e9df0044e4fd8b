"""What Callwright must know of an Asterisk to write its configuration: addresses, accounts, phones, numbers."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from enum import StrEnum

import msgspec

_PHONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_PASSWORD = re.compile(r"[A-Za-z0-9_.~+-]{12,128}")
_NUMBER = re.compile(r"\+?[0-9]{1,20}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_MUSIC = re.compile(r"[A-Za-z0-9_./-]{1,200}")
_RESERVED_NAMES = frozenset({"general", "global", "system", "callwright", "callwright-trunk", "callwright-fallback"})
_LOWEST_PORT, _HIGHEST_PORT = 1, 65535
_FEWEST_RTP_PORTS = 4


class AsteriskSiteError(ValueError):
    """A value that must not be written into an Asterisk file; the text names the field and what is expected."""


class PhoneKind(StrEnum):
    """How an agent talks: a telephone on the desk, or the browser itself (WebRTC)."""

    DESK = "desk"
    BROWSER = "browser"


class Phone(msgspec.Struct, frozen=True):
    """An agent's telephone. `name` is its SIP user and Asterisk endpoint (`PJSIP/name`)."""

    name: str
    password: str
    kind: PhoneKind = PhoneKind.DESK


class Listener(msgspec.Struct, frozen=True):
    """Where one of Asterisk's servers listens: an IP address and a port."""

    address: str
    port: int


class Account(msgspec.Struct, frozen=True):
    """A user of ARI or AMI."""

    user: str
    password: str


class Trunk(msgspec.Struct, frozen=True):
    """The telephone company's SIP server, or the PBX in front of this one; it is known by its address."""

    host: str
    port: int = 5060


class AsteriskSite(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that goes into the files of one Asterisk.

    ARI (on the `http` listener) and AMI stay on the loopback unless told otherwise: whoever reaches them
    commands the PBX. Browsers reach `/ws` on the `http` listener through the web proxy that carries TLS.

    `desk_phones_obey`: desk telephones pick up when told to (SIP NOTIFY, `Event: talk`), so Callwright may tell
    them; the AMI user then needs the right `system`, which is as good as a shell on the PBX.
    """

    ari: Account
    ami: Account
    numbers: tuple[str, ...]
    phones: tuple[Phone, ...] = ()
    trunk: Trunk | None = None
    app: str = "callwright"
    http: Listener = Listener("127.0.0.1", 8088)
    manager: Listener = Listener("127.0.0.1", 5038)
    sip: Listener = Listener("0.0.0.0", 5060)  # noqa: S104 - telephones are elsewhere in the building
    rtp_first_port: int = 10000
    rtp_last_port: int = 20000
    music_directory: str = "moh"
    desk_phones_obey: bool = False


def check(site: AsteriskSite) -> None:
    """Refuse, with `AsteriskSiteError`, every value that could end its line or open a section of its own."""
    _matches(_NAME, site.app, "app", "letters, digits, '-' and '_'")
    _matches(_MUSIC, site.music_directory, "music_directory", "a folder's path without spaces")
    for label, account in (("ari", site.ari), ("ami", site.ami)):
        _matches(_NAME, account.user, f"{label}.user", "letters, digits, '-' and '_'")
        _check_password(account.password, f"{label}.password")
    for label, listener in (("http", site.http), ("manager", site.manager), ("sip", site.sip)):
        _check_address(listener.address, f"{label}.address")
        _check_port(listener.port, f"{label}.port")
    _check_rtp(site)
    _check_numbers(site.numbers)
    _check_phones(site.phones)
    if site.trunk is not None:
        _matches(_HOST, site.trunk.host, "trunk.host", "a host name or an IPv4 address")
        _check_port(site.trunk.port, "trunk.port")


def _matches(pattern: re.Pattern[str], value: str, field: str, expected: str) -> None:
    if pattern.fullmatch(value) is None:
        message = f"{field}: expected {expected}, got {value!r}"
        raise AsteriskSiteError(message)


def _check_password(password: str, field: str) -> None:
    # The value stays out of the text: errors are shown and logged.
    if _PASSWORD.fullmatch(password) is None:
        message = f"{field}: expected 12 to 128 letters, digits or any of _ . ~ + -"
        raise AsteriskSiteError(message)


def _check_address(address: str, field: str) -> None:
    try:
        ipaddress.IPv4Address(address)
    except ValueError as error:
        message = f"{field}: expected an IPv4 address, got {address!r}"
        raise AsteriskSiteError(message) from error


def _check_port(port: int, field: str) -> None:
    if not _LOWEST_PORT <= port <= _HIGHEST_PORT:
        message = f"{field}: expected a port from 1 to 65535, got {port}"
        raise AsteriskSiteError(message)


def _check_rtp(site: AsteriskSite) -> None:
    _check_port(site.rtp_first_port, "rtp_first_port")
    _check_port(site.rtp_last_port, "rtp_last_port")
    least = site.rtp_first_port + _FEWEST_RTP_PORTS
    if site.rtp_last_port < least:
        message = f"rtp_last_port: expected at least {least}, got {site.rtp_last_port}"
        raise AsteriskSiteError(message)


def _check_numbers(numbers: tuple[str, ...]) -> None:
    if not numbers:
        message = "numbers: expected at least one service number"
        raise AsteriskSiteError(message)
    for number in numbers:
        _matches(_NUMBER, number, "numbers", "digits, with or without a leading +")
    _unique(numbers, "numbers")


def _check_phones(phones: tuple[Phone, ...]) -> None:
    for phone in phones:
        # Not a number: a caller who presents it would be taken for the telephone, and asked for its password.
        _matches(_PHONE_NAME, phone.name, "phones.name", "a letter, then letters, digits, '-' and '_'")
        _check_password(phone.password, f"phones.{phone.name}.password")
        if phone.name.lower() in _RESERVED_NAMES:
            message = f"phones.name: {phone.name!r} is a name that Asterisk or Callwright itself uses"
            raise AsteriskSiteError(message)
    _unique((phone.name.lower() for phone in phones), "phones.name")


def _unique(values: Iterable[str], field: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            message = f"{field}: {value!r} is there twice"
            raise AsteriskSiteError(message)
        seen.add(value)
