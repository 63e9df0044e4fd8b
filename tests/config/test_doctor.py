"""`callwright doctor` on a real Asterisk, with every fault made for real."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from config.doctor.findings import Finding, Level
from tests.config.installed import Installed

pytestmark = pytest.mark.asterisk


@pytest.fixture(scope="module")
def sound() -> Iterator[Installed]:
    """One that nobody harms; tests overrule settings."""
    with Installed() as installed:
        yield installed


@pytest.fixture
def own() -> Iterator[Installed]:
    """One to be harmed."""
    with Installed() as installed:
        yield installed


def _only(troubles: list[Finding], *words: str, level: Level = Level.ERROR) -> Finding:
    assert len(troubles) == 1, troubles
    assert troubles[0].level is level
    text = f"{troubles[0].what} {troubles[0].mend}"
    for word in words:
        assert word in text, text
    return troubles[0]


def test_what_was_written_a_minute_ago_is_all_well(sound: Installed) -> None:
    told = sound.run_doctor()
    assert told.exit_code == 0, told.output
    assert told.output.endswith("All well.\n")
    assert "Asterisk can read the prompts" in told.output
    assert "Asterisk can record callers" in told.output
    assert not list((sound.asterisk.folder / "spool" / "recording").iterdir()), "nothing is left of the trial"
    assert not list((sound.folder / "data" / "prompts").iterdir()), "the probe is gone"


def test_the_same_for_a_program(sound: Installed) -> None:
    told = json.loads(sound.run_doctor("--json").output)
    assert told["level"] == "fine"
    assert {finding["part"] for finding in told["findings"]} == {"files", "this machine", "database", "pbx1"}


def test_passwords_that_are_wrong(sound: Installed) -> None:
    found = sound.troubles(CALLWRIGHT_PBX__PBX1__ARI__PASSWORD="wrong")
    _only(found, "does not accept this user", "[callwright]", "ari.conf")
    found = sound.troubles(CALLWRIGHT_PBX__PBX1__AMI__PASSWORD="wrong")
    _only(found, "does not accept this user and secret", "manager.conf")
    found = sound.troubles(CALLWRIGHT_PBX__PBX1__ARI__USER="nobody")
    _only(found, "does not accept this user", "[nobody]")


def test_addresses_that_are_wrong(sound: Installed) -> None:
    ari = f"http://127.0.0.1:{sound.asterisk.site.sip.port}"
    _only(sound.troubles(CALLWRIGHT_PBX__PBX1__ARI__URL=ari), "nothing listens", "http.conf")
    http = sound.settings.read_text(encoding="utf-8").partition('url = "http://127.0.0.1:')[2].partition('"')[0]
    _only(sound.troubles(CALLWRIGHT_PBX__PBX1__AMI__PORT=http), "does not greet as AMI does", "another program")


@pytest.mark.parametrize("address", ["http://[", "somewhere", "http://127.0.0.1:99999"])
def test_addresses_that_are_none(sound: Installed, address: str) -> None:
    found = sound.troubles(CALLWRIGHT_PBX__PBX1__ARI__URL=address)
    _only(found, "CALLWRIGHT_PBX__PBX1__ARI__URL in the environment: ", "expected the address of Asterisk's web server")
    found = sound.troubles(CALLWRIGHT_PBX__PBX1__PHONE_SOCKET=address.replace("http", "ws"))
    _only(
        found, "CALLWRIGHT_PBX__PBX1__PHONE_SOCKET in the environment: ", "expected where browser telephones register"
    )


def test_an_application_that_the_dialplan_does_not_name(sound: Installed) -> None:
    found = sound.troubles(CALLWRIGHT_PBX__PBX1__ARI__APP="other")
    _only(found, "there is no Stasis(other)", "#include")


def test_a_browser_phone_that_cannot_register(sound: Installed) -> None:
    _only(sound.troubles(CALLWRIGHT_SIP_PASSWORDS="{}"), "expected browser telephones with their passwords")
    wrong = f"ws://127.0.0.1:{sound.web_port}/ws"
    found = sound.troubles(CALLWRIGHT_PBX__PBX1__PHONE_SOCKET=wrong)
    _only(found, "no browser telephone can connect", "res_pjsip_transport_websocket")


def test_the_port_of_the_page_is_taken(sound: Installed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        found = sound.troubles(CALLWRIGHT_WEB__PORT=str(other.getsockname()[1]))
    _only(found, "already in use", "web.port")


def test_a_database_that_is_not_there(sound: Installed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    found = sound.troubles(CALLWRIGHT_DATABASE=f"postgresql://callwright:secret@127.0.0.1:{port}/callwright")
    assert "secret" not in _only(found, "does not answer", "start it").what
    file = sound.folder / "other.db"
    assert sound.troubles(CALLWRIGHT_DATABASE=f"sqlite:///{file}") == []
    assert not file.exists(), "it was only asked for"
    found = sound.troubles(CALLWRIGHT_DATABASE="sqlite:////nowhere/centre.db")
    _only(found, "there is no folder /nowhere")
    file.write_text("no database at all, but a text of some length " * 30, encoding="ascii")
    found = sound.troubles(CALLWRIGHT_DATABASE=f"sqlite:///{file}")
    _only(found, "not a database")
    found = sound.troubles(CALLWRIGHT_DATABASE="mysql://localhost/callwright")
    _only(found, "CALLWRIGHT_DATABASE in the environment", "expected sqlite or postgresql")


def test_settings_that_cannot_be_read(sound: Installed) -> None:
    _only(sound.troubles(CALLWRIGHT_DATABSE="x"), "CALLWRIGHT_DATABSE", "did you mean 'database'?")
    _only(
        sound.troubles(CALLWRIGHT_CENTER="nowhere.yaml"),
        "CALLWRIGHT_CENTER in the environment: there is no file",
        "nowhere.yaml",
    )


def test_stopped_and_started_again(own: Installed) -> None:
    own.asterisk.stop()
    ari, ami = own.troubles()
    assert "nothing listens" in ari.what
    assert "start Asterisk" in ari.mend
    assert "no AMI listens" in ami.what
    own.asterisk.start()
    assert own.troubles() == []


def test_ari_is_switched_off(own: Installed) -> None:
    own.edit("ari.conf", "enabled = yes", "enabled = no", "module reload res_ari.so")
    _only(own.troubles(), "its ARI is not loaded or not enabled", "ari.conf")


def test_an_ari_user_who_may_only_look(own: Installed) -> None:
    own.edit("ari.conf", "read_only = no", "read_only = yes", "module reload res_ari.so")
    _only(own.troubles(), "may only look", "read_only = no")


def test_modules_that_are_not_loaded(own: Installed) -> None:
    own.asterisk.console("module unload bridge_softmix.so")
    _only(own.troubles(), "bridge_softmix", "no third person", "modules.conf")
    own.asterisk.console("module load bridge_softmix.so")
    own.asterisk.console("module unload codec_opus_open_source.so")
    _only(own.troubles(), "Opus", level=Level.WARNING)


def test_variables_that_calls_do_not_carry(own: Installed) -> None:
    own.edit("ari.conf", "channelvars = CALLWRIGHT,CALLWRIGHT_ENTERED", "channelvars = CALLWRIGHT_ENTERED")
    _only(own.troubles(), "does not name CALLWRIGHT:", "channelvars = CALLWRIGHT,CALLWRIGHT_ENTERED")


def test_a_dialplan_without_fallback(own: Installed) -> None:
    own.edit("extensions.conf", "Goto(callwright-fallback,${EXTEN},1)", "Hangup()", "dialplan reload")
    _only(own.troubles(), "no fallback behind Stasis() for 1000", "after Stasis()")


def test_a_number_that_leads_nowhere(own: Installed) -> None:
    own.edit("extensions.conf", "exten => 1000,1,", "exten => 2000,1,", "dialplan reload")
    _only(own.troubles(), "does not lead 1000 to Callwright in the context callwright-in", "exten => 1000,1,Goto(")


def test_a_dialplan_that_puts_nobody_through(own: Installed) -> None:
    own.edit("extensions.conf", "1(out),Set", "1,Set", "dialplan reload")
    _only(own.troubles(), "cannot put callers through to +493055510911", "[callwright-transfer]")


def test_a_number_outside_that_leads_nowhere(own: Installed) -> None:
    own.edit("extensions.conf", "Dial(PJSIP/${EXTEN}@callwright-trunk)", "NoOp()", "dialplan reload")
    own.edit("extensions.conf", "exten => _[+0-9*#]!,1,NoOp()", "exten => 7,1,NoOp()", "dialplan reload")
    _only(own.troubles(), "nothing says how +493055510911 is to be dialled", level=Level.WARNING)


def test_a_dialplan_that_does_not_know_us(own: Installed) -> None:
    own.edit("extensions.conf", "Stasis(callwright,", "Stasis(other,", "dialplan reload")
    _only(own.troubles(), "there is no Stasis(callwright)")


def test_a_telephone_that_asterisk_does_not_know(own: Installed) -> None:
    own.edit("pjsip.conf", "[anna]", "[annabel]", "module reload res_pjsip.so")
    _only(own.troubles(), "does not know PJSIP/anna, so it cannot be rung", "pjsip.conf")


def test_a_browser_telephone_that_is_none(own: Installed) -> None:
    own.edit(
        "pjsip.conf", "[anna-web](callwright-browser)", "[anna-web](callwright-phone)", "module reload res_pjsip.so"
    )
    _only(own.troubles(), "PJSIP/anna-web is a browser telephone in center.yaml", "webrtc = yes")


def test_music_that_is_missing(own: Installed) -> None:
    own.edit("musiconhold.conf", "[default]", "[other]", "moh reload")
    _only(own.troubles(), "no class of music 'default'", level=Level.WARNING)


def test_an_ami_user_with_too_many_rights(own: Installed) -> None:
    own.edit("manager.conf", "write = reporting", "write = reporting,originate,command", "manager reload")
    _only(own.troubles(), "(command and originate)", "start calls to any number", level=Level.WARNING)


def test_an_ami_user_with_too_few_rights(own: Installed) -> None:
    own.edit("manager.conf", "read = system,call", "read = system", "manager reload")
    _only(own.troubles(), "may not read call", "read = system,call")
    own.edit("manager.conf", "write = reporting", "write = user", "manager reload")
    _only(own.troubles(), "may not ask questions", "write = reporting")


def test_an_ami_user_with_other_events(own: Installed) -> None:
    own.edit("manager.conf", "eventfilter = Event: PeerStatus\n", "", "manager reload")
    _only(own.troubles(), "does not get PeerStatus", level=Level.WARNING)
    own.edit("manager.conf", "eventfilter = Event", "; Event", "manager reload")
    _only(own.troubles(), "gets every event", level=Level.WARNING)


def test_prompts_that_asterisk_cannot_read(sound: Installed) -> None:
    found = sound.troubles(CALLWRIGHT_SPEECH__THERE="/nowhere/prompts")
    _only(found, "cannot read the prompts that we write (/nowhere/prompts)", "speech.there")


def test_no_folder_for_recordings(own: Installed) -> None:
    recordings = own.asterisk.folder / "spool" / "recording"
    recordings.rmdir()
    found = _only(own.troubles(), f"no folder {recordings}", "records nobody", "install -d -o asterisk")
    assert str(recordings) in found.mend
    recordings.symlink_to("/proc")  # where not even root can make a file
    _only(own.troubles(), f"can write nothing to {recordings}", "chown asterisk")
    recordings.unlink()
    recordings.mkdir()
    assert own.troubles() == []


def test_recordings_that_are_not_given_out(own: Installed) -> None:
    own.asterisk.console("module unload res_ari_recordings.so")
    _only(own.troubles(), "not loaded res_ari_recordings", "callers cannot leave messages")
