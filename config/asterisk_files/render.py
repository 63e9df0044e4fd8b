"""Asterisk's configuration files for Callwright, as text: commented snippets filled with one site's values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources

from config.asterisk_files.site import AsteriskSite, Phone, PhoneKind, Trunk, check

FILE_NAMES = (
    "http.conf",
    "ari.conf",
    "manager.conf",
    "pjsip.conf",
    "pjsip_notify.conf",
    "extensions.conf",
    "queues.conf",
    "rtp.conf",
    "musiconhold.conf",
)
_SYSTEM_WHY = """
; And system, which PJSIPNotify wants: by it a desk telephone picks up when its agent clicks on Answer. It lets
; whoever has this password run programs on this machine, so take it away if the telephones do not know it anyway."""
_OUTSIDE = "exten => _[+0-9*#]!,1,Dial(PJSIP/${EXTEN}@callwright-trunk)"
_NO_OUTSIDE = "; exten => _[+0-9*#]!,1,Dial(PJSIP/${EXTEN}@your-line)"
_PHONE_TEMPLATES = {PhoneKind.DESK: "callwright-phone", PhoneKind.BROWSER: "callwright-browser"}


# %{name}; Asterisk's own ${...} passes untouched.
_BLANK = re.compile(r"%\{([a-z_]+)\}")


def render(site: AsteriskSite) -> Mapping[str, str]:
    """Every file's text by its name. Raises `AsteriskSiteError` for a value that must not be written."""
    check(site)
    values = _values(site)
    files = {name: _fill(name, values) for name in FILE_NAMES}
    files["pjsip.conf"] += "".join(_trunk_and_phones(site))
    return files


def _values(site: AsteriskSite) -> Mapping[str, str]:
    return {
        "http_address": site.http.address,
        "http_port": str(site.http.port),
        "ari_user": site.ari.user,
        "ari_password": site.ari.password,
        "ami_address": site.manager.address,
        "ami_port": str(site.manager.port),
        "ami_user": site.ami.user,
        "ami_password": site.ami.password,
        "ami_write": "reporting,system" if site.desk_phones_obey else "reporting",
        "ami_write_why": _SYSTEM_WHY if site.desk_phones_obey else "",
        "sip_address": site.sip.address,
        "sip_port": str(site.sip.port),
        "app": site.app,
        "service_numbers": "\n".join(_service_number(number) for number in site.numbers),
        "outside": _OUTSIDE if site.trunk is not None else _NO_OUTSIDE,
        "outside_why": ": over the line" if site.trunk is not None else ": there is no line yet, so add one",
        "members": "\n".join(f"member => PJSIP/{phone.name}" for phone in site.phones),
        "rtp_first_port": str(site.rtp_first_port),
        "rtp_last_port": str(site.rtp_last_port),
        "music_directory": site.music_directory,
    }


def _service_number(number: str) -> str:
    return f"exten => {number},1,Goto(callwright-enter,${{EXTEN}},1)"


def _trunk_and_phones(site: AsteriskSite) -> list[str]:
    # Without a trunk the snippet is left out: an identify section with no address would match nobody.
    sections = [] if site.trunk is None else [_trunk(site.trunk)]
    if site.phones:
        sections.append("\n; ---- Agents' telephones ----\n")
    return sections + [_phone(phone) for phone in site.phones]


def _trunk(trunk: Trunk) -> str:
    return _fill("pjsip_trunk.conf", {"trunk_host": trunk.host, "trunk_port": str(trunk.port)})


def _phone(phone: Phone) -> str:
    values = {"name": phone.name, "password": phone.password, "template": _PHONE_TEMPLATES[phone.kind]}
    return _fill("pjsip_phone.conf", values)


def _fill(name: str, values: Mapping[str, str]) -> str:
    text = (resources.files(__package__) / "snippets" / name).read_text(encoding="utf-8")
    return _BLANK.sub(lambda blank: values[blank[1]], text)
