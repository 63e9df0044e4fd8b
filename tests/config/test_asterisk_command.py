"""`callwright asterisk config`: what it writes runs, on a real Asterisk and as a centre."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import msgspec
import pytest
from click.testing import CliRunner, Result

from acd.model import PhoneKind
from config.center_file import load_center
from config.commands.asterisk import asterisk
from config.settings_file import load_settings
from tests.config.installed import Installed

ROOT = Path(__file__).resolve().parents[2]
COMPANY = """
name: Small
zone: Europe/Berlin
languages: [en]
pbx: north
entry_points:
  "5551000": {name: Line, flow: welcome}
  "+4930123456": {name: Other line, flow: welcome}
flows: {welcome: welcome.yaml}
queues: {help: {}}
agents:
  ann:
    name: Ann
    phones: {desk: {endpoint: PJSIP/ann, click_to_answer: true}, browser: {endpoint: PJSIP/ann-web}}
  bob:
    name: Bob
    phones: {desk: {endpoint: PJSIP/bob, node: south}}
"""
WELCOME = """
start: bye
nodes:
  bye: {kind: hang_up, prompt: {en: Bye.}}
"""


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A center.yaml with two PBXs."""
    (tmp_path / "center.yaml").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "welcome.yaml").write_text(WELCOME, encoding="utf-8")
    return tmp_path / "center.yaml"


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(asterisk, ["config", *map(str, arguments)])


def test_it_writes_what_fits_together(company: Path, tmp_path: Path) -> None:
    told = _run(
        tmp_path / "new", "--center", company, "--node", "north", "--trunk", "sip.example.net", "--country", "US"
    )
    assert told.exit_code == 0, told.output
    settings = load_settings(tmp_path / "new" / "callwright.toml", {})
    assert settings.country == "US"
    assert load_center(Path(settings.center)).name == "Small"
    (pbx,) = settings.pbx
    read = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "new").glob("*.conf")}
    assert pbx.name == "north"
    assert f"password = {pbx.ari.password}" in read["ari.conf"]
    assert f"secret = {pbx.ami.password}" in read["manager.conf"]
    assert list(settings.sip_passwords) == ["ann-web"]
    assert f"password = {settings.sip_passwords['ann-web']}" in read["pjsip.conf"]
    assert "[ann](callwright-phone)" in read["pjsip.conf"]
    assert "[bob]" not in read["pjsip.conf"], "his telephone is at the other PBX"
    assert "exten => 5551000,1," in read["extensions.conf"]
    assert "exten => +4930123456,1," in read["extensions.conf"]
    assert "contact = sip:sip.example.net:5060" in read["pjsip.conf"]
    assert "Note: center.yaml says click_to_answer for 1 telephones" in told.output


def test_passwords_are_for_the_owner_only_and_never_the_same(company: Path, tmp_path: Path) -> None:
    passwords = []
    for name in ("one", "two"):
        assert _run(tmp_path / name, "--center", company, "--node", "north").exit_code == 0
        file = tmp_path / name / "callwright.toml"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        pbx = load_settings(file, {}).pbx[0]
        passwords += [pbx.ari.password, pbx.ami.password]
    assert len(set(passwords)) == 4


def test_nothing_is_overwritten(company: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "callwright.toml").write_text("mine", encoding="utf-8")
    told = _run(tmp_path / "new", "--center", company, "--node", "north")
    assert told.exit_code == 1
    assert "already there, and left as they are" in told.output
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["callwright.toml"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--node", "west"], "center.yaml knows north, south"),
        ([], "say which one with --node: north, south"),
        (["--node", "north", "--numbers", "12x"], "numbers: expected digits"),
        (["--node", "north", "--trunk", "a:b:c"], "--trunk: expected HOST or HOST:PORT"),
        (["--node", "north", "--bind", "everywhere"], "sip.address: expected an IPv4 address"),
        (
            ["--node", "north", "--country", "Germany"],
            "--country: there is no country 'Germany'; did you mean 'DE' (Germany)?",
        ),
        (["--node", "north", "--phone-socket", "http://x"], "expected where browser telephones register: wss://"),
        (["--config", "x.toml"], "either --center or --config"),
    ],
)
def test_what_cannot_be_is_told(company: Path, tmp_path: Path, arguments: list[str], words: str) -> None:
    told = _run(tmp_path / "new", "--center", company, *arguments)
    assert told.exit_code != 0
    assert words in told.output
    assert not (tmp_path / "new").exists()


def test_numbers_and_center_from_settings_that_are_there(company: Path, tmp_path: Path) -> None:
    settings = tmp_path / "old.toml"
    settings.write_text('center = "center.yaml"\ncountry = "CN"\n', encoding="utf-8")
    told = _run(tmp_path / "new", "--config", settings, "--node", "south", "--numbers", "800, 801", "--click-to-answer")
    assert told.exit_code == 0, told.output
    written = tomllib.loads((tmp_path / "new" / "callwright.toml").read_text(encoding="utf-8"))
    assert written["country"] == "CN"
    assert written["center"] == str(company)
    assert written["pbx"][0]["phone_socket"] == "", "nobody has a browser telephone there"
    extensions = (tmp_path / "new" / "extensions.conf").read_text(encoding="utf-8")
    assert "exten => 800,1,Goto" in extensions
    assert "5551000,1,Goto(callwright-enter,${EXTEN}" not in extensions.replace("exten => 5551234", "")
    assert "write = reporting,system" in (tmp_path / "new" / "manager.conf").read_text(encoding="utf-8")


def test_the_starter_is_a_sound_centre(tmp_path: Path) -> None:
    told = _run(tmp_path / "new")
    assert told.exit_code == 0, told.output
    assert "These fit the company in" in told.output
    text = (tmp_path / "new" / "center.yaml").read_text(encoding="utf-8")
    assert "for a first look" not in text
    plan = load_center(tmp_path / "new" / "center.yaml")
    phones = [phone for agent in plan.agents.values() for phone in agent.phones]
    assert not any(phone.click_to_answer for phone in phones)
    browsers = {str(phone.endpoint)[6:] for phone in phones if phone.kind is PhoneKind.BROWSER}
    assert set(load_settings(tmp_path / "new" / "callwright.toml", {}).sip_passwords) == browsers


class _Ready(msgspec.Struct):
    ready: bool
    parts: dict[str, object]


async def _until_ready(port: int) -> _Ready:
    async with aiohttp.ClientSession() as session, asyncio.timeout(30):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/ready") as answer:
                    told = msgspec.json.decode(await answer.read(), type=_Ready)
                    if answer.status == 200:
                        return told
            except aiohttp.ClientConnectorError:
                pass
            await asyncio.sleep(0.1)


@contextmanager
def _serving(installed: Installed) -> Iterator[subprocess.Popen[bytes]]:
    log = installed.folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "config", "serve", "--config", str(installed.settings)],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=os.environ | installed.environment,
        )
        try:
            yield process
        except BaseException:
            sys.stderr.write(log.read_text(encoding="utf-8"))
            raise
        finally:
            process.kill()
            process.wait()


@pytest.mark.asterisk
def test_a_centre_runs_on_it() -> None:
    with Installed() as installed:
        assert installed.run_doctor().output.endswith("All well.\n")
        with _serving(installed) as process:
            told = asyncio.run(_until_ready(installed.web_port))
            assert told.ready
            while_it_runs = installed.run_doctor().output
            assert "Callwright runs now and is connected as the application 'callwright'" in while_it_runs
            assert while_it_runs.endswith("All well.\n")
            # To another doctor, with settings that have another port, it is a stranger.
            (stranger,) = installed.troubles(CALLWRIGHT_WEB__PORT="0")
            assert "another process is connected as the ARI application 'callwright'" in stranger.what
            process.send_signal(signal.SIGTERM)
            started = time.monotonic()
            assert process.wait(15) == 0
            assert time.monotonic() - started < 10
        assert installed.troubles() == []
