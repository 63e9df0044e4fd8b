"""What `callwright asterisk config` writes: complete, commented, and closed to whatever a name could smuggle in."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    new_password,
    render,
    write_files,
)

_SITE = AsteriskSite(
    ari=Account("callwright", "ari-password-1"),
    ami=Account("callwright", "ami-password-1"),
    numbers=("5551000", "+4930123456"),
    phones=(Phone("alice", "alice-password"), Phone("web-alice", "other-password", PhoneKind.BROWSER)),
    trunk=Trunk("sip.example.net", 5070),
)
_EVIL = ["a b", "x\n[evil]", "x;y", "x]", "[x", "", "x" * 300, "x,y", "ä", "x=>y", "x\r", "${SHELL(id)}", "x\0"]


def _sections(text: str) -> list[str]:
    return re.findall(r"^\[([^]]+)\]", text, re.MULTILINE)


def test_every_file_is_there_and_says_what_it_is_for() -> None:
    files = render(_SITE)
    assert set(files) == set(FILE_NAMES)
    for name, text in files.items():
        assert text.startswith("; "), name
        assert "You have " in text, name
        assert "%{" not in text, name
        assert text.endswith("\n"), name


def test_the_sites_values_are_where_asterisk_looks_for_them() -> None:
    files = render(_SITE)
    assert "bindport = 8088" in files["http.conf"]
    assert "password = ari-password-1" in files["ari.conf"]
    assert "secret = ami-password-1" in files["manager.conf"]
    assert "exten => +4930123456,1,Goto(callwright-enter,${EXTEN},1)" in files["extensions.conf"]
    assert "Stasis(callwright,in,${EXTEN})" in files["extensions.conf"]
    assert "contact = sip:sip.example.net:5070" in files["pjsip.conf"]
    assert "[alice](callwright-phone)" in files["pjsip.conf"]
    assert "[web-alice](callwright-browser)" in files["pjsip.conf"]
    assert "member => PJSIP/web-alice" in files["queues.conf"]


def test_ami_gets_the_least_rights_unless_more_are_wanted() -> None:
    assert re.search(r"^write = reporting$", render(_SITE)["manager.conf"], re.MULTILINE)
    wanting_more = msgspec.structs.replace(_SITE, desk_phones_obey=True)
    assert re.search(r"^write = reporting,system$", render(wanting_more)["manager.conf"], re.MULTILINE)


def test_a_site_without_phones_or_line_has_none() -> None:
    bare = msgspec.structs.replace(_SITE, phones=(), trunk=None)
    assert "callwright-trunk" not in _sections(render(bare)["pjsip.conf"])
    assert "member =>" not in render(bare)["queues.conf"]


@pytest.mark.parametrize("evil", _EVIL)
def test_no_value_ends_its_line_or_opens_a_section(evil: str) -> None:
    replace = msgspec.structs.replace
    for site in (
        replace(_SITE, ari=Account(evil, "ari-password-1")),
        replace(_SITE, ari=Account("callwright", evil)),
        replace(_SITE, ami=Account(evil, "ami-password-1")),
        replace(_SITE, ami=Account("callwright", evil)),
        replace(_SITE, numbers=(evil,)),
        replace(_SITE, phones=(Phone(evil, "alice-password"),)),
        replace(_SITE, phones=(Phone("alice", evil),)),
        replace(_SITE, trunk=Trunk(evil)),
        replace(_SITE, http=Listener(evil, 8088)),
        replace(_SITE, app=evil),
        replace(_SITE, music_directory=evil),
    ):
        with pytest.raises(AsteriskSiteError):
            render(site)


@given(st.text(max_size=50))
def test_a_phones_name_never_changes_the_sections(name: str) -> None:
    site = msgspec.structs.replace(_SITE, phones=(Phone(name, "alice-password"),))
    try:
        text = render(site)["pjsip.conf"]
    except AsteriskSiteError:
        return
    assert _sections(text)[-3:] == [name] * 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"numbers": ()}, "numbers"),
        ({"numbers": ("100", "100")}, "'100' is there twice"),
        ({"phones": (Phone("101", "alice-password"),)}, "phones.name: expected a letter"),
        ({"phones": (Phone("general", "alice-password"),)}, "'general'"),
        ({"phones": (Phone("alice", "a" * 12), Phone("Alice", "a" * 12))}, "'alice' is there twice"),
        ({"sip": Listener("127.0.0.1", 0)}, "sip.port: expected a port from 1 to 65535, got 0"),
        ({"http": Listener("localhost", 8088)}, "http.address: expected an IPv4 address, got 'localhost'"),
        ({"rtp_first_port": 20000, "rtp_last_port": 10000}, "rtp_last_port: expected at least 20004"),
    ],
)
def test_a_mistake_is_told_with_its_field(change: dict[str, object], told: str) -> None:
    with pytest.raises(AsteriskSiteError, match=re.escape(told)):
        render(msgspec.structs.replace(_SITE, **change))


def test_a_password_is_never_told() -> None:
    with pytest.raises(AsteriskSiteError) as raised:
        render(msgspec.structs.replace(_SITE, ari=Account("callwright", "my secret;")))
    assert "my secret" not in str(raised.value)


def test_generated_passwords_are_accepted_and_differ() -> None:
    passwords = {new_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        render(msgspec.structs.replace(_SITE, ari=Account("callwright", password)))


def test_files_are_written_once_and_for_few_eyes(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "asterisk"
    paths = write_files(folder, _SITE)
    assert [path.name for path in paths] == list(FILE_NAMES)
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o027 == 0 for path in paths)


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "http.conf"
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(AsteriskFilesExistError, match=re.escape(str(mine))):
        write_files(tmp_path, _SITE)
    assert [path.name for path in tmp_path.iterdir()] == ["http.conf"]
    assert mine.read_text(encoding="utf-8") == "mine"
