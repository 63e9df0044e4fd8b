"""The command line, as an administrator meets it: above all what it says when something is wrong."""

import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest

from config import __version__
from config.cli import COMMANDS
from config.data_folder import DataFolder, forget
from config.process import until_stopped
from tests.config.commands import CENTER, run, settings


def test_it_says_what_it_can_do() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in COMMANDS:
        assert f"  {command}  " in result.output
        told = run(command, "--help")
        assert (told.exit_code, told.output.startswith("Usage: ")) == (0, True)
    assert run("--version").output == f"callwright {__version__}\n"


def test_a_command_that_does_not_exist() -> None:
    result = run("srve")
    assert result.exit_code == 2
    assert "there is no command 'srve'; did you mean 'serve'?" in result.output


def test_check_says_that_all_is_well(tmp_path: Path) -> None:
    result = run("check", "--config", settings(tmp_path))
    assert (result.exit_code, result.output) == (0, "Journeys: 2 queues, 3 agents, 1 number, 1 flow. All well.\n")


def test_a_mistake_in_the_centre_file(tmp_path: Path) -> None:
    center = tmp_path / "center.yaml"
    text = CENTER.read_text(encoding="utf-8").replace("requires: billing>=3", "requires: biling>=3")
    flows = str(CENTER.parents[2] / "config" / "demo" / "flows" / "welcome.yaml")
    center.write_text(text.replace("../../config/demo/flows/welcome.yaml", flows), encoding="utf-8")
    result = run("check", "--config", settings(tmp_path, center=center))
    assert result.exit_code == 1
    assert "center.yaml:14" in result.output
    assert "biling" in result.output
    assert "billing" in result.output


TWO_PBXS = """
[[pbx]]
name = "spare"
[sip_passwords]
anna-web = "x"
nina-web = "x"
[speech]
recordings = "voices"
[voice.zh]
engine = "command"
command = ["no-such-piper", "{file}"]
"""


def test_check_tells_of_doubts_and_ends_well(tmp_path: Path) -> None:
    path = settings(tmp_path)
    Path(path).write_text(Path(path).read_text(encoding="utf-8") + TWO_PBXS, encoding="utf-8")
    result = run("check", "--config", path)
    assert result.exit_code == 0
    told = result.output.replace(f"{tmp_path}/", "").splitlines()
    assert told == [
        "callwright.toml:10:8: warning: no telephone of center.yaml is at the PBX 'spare'",
        "callwright.toml:13:12: warning: center.yaml has no browser telephone 'nina-web'; did you mean 'anna-web'?",
        "callwright.toml:15:14: warning: there is no folder 'voices', so every prompt is spoken",
        "callwright.toml:18:1: warning: there is no program 'no-such-piper', so callers hear another voice",
        "Journeys: 2 queues, 3 agents, 1 number, 1 flow. 4 warnings.",
    ]


@pytest.mark.parametrize("command", ["check", "serve"])
def test_the_two_files_must_know_the_same_pbxs(tmp_path: Path, command: str) -> None:
    path = settings(tmp_path)
    Path(path).write_text(Path(path).read_text(encoding="utf-8").replace('"pbx1"', '"pbx7"'), encoding="utf-8")
    result = run(command, "--config", path)
    assert result.exit_code == 1
    assert "the settings have no [[pbx]] named 'pbx1' (`pbx`); did you mean 'pbx7'?" in result.output
    assert f"{CENTER}:" in result.output


@pytest.mark.parametrize("command", ["check", "serve"])
def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, command: str) -> None:
    path = settings(tmp_path, center=tmp_path / "nowhere.yaml")
    text = Path(path).read_text(encoding="utf-8").replace("[web]\n", "[web]\ncertificate = 'no.pem'\n")
    Path(path).write_text(text, encoding="utf-8")
    result = run(command, "--config", path)
    assert result.exit_code == 1
    assert result.output.replace(f"{tmp_path}/", "").splitlines() == [
        "Error: 2 mistakes:",
        "callwright.toml:2:10: there is no file 'nowhere.yaml'",
        "callwright.toml:5:15: `certificate`: no.pem cannot be read: No such file or directory",
    ]


def test_a_certificate_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "page.pem").write_text("no certificate", encoding="ascii")
    path = settings(tmp_path)
    text = Path(path).read_text(encoding="utf-8").replace("[web]\n", "[web]\ncertificate = 'page.pem'\n")
    Path(path).write_text(text, encoding="utf-8")
    result = run("check", "--config", path)
    assert result.exit_code == 1
    assert "expected PEM files, a certificate and the key that belongs to it" in result.output


@pytest.mark.parametrize("command", ["check", "serve", "doctor"])
def test_settings_that_are_not_there(tmp_path: Path, command: str) -> None:
    result = run(command, "--config", str(tmp_path / "no.toml"))
    assert result.exit_code == 1
    assert "No such file" in result.output


def test_without_settings() -> None:
    result = run("serve")
    assert result.exit_code == 2
    assert "--config" in result.output


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://root@localhost/x", "expected sqlite or postgresql"),
        ("what?", "cannot be read"),
        ("sqlite:////no/such/folder/x.db", "no folder"),
    ],
)
def test_a_wrong_database_url(tmp_path: Path, url: str, says: str) -> None:
    result = run("serve", "--config", settings(tmp_path, f'database = "{url}"\n'))
    assert result.exit_code == 1
    assert says in result.output
    assert "Traceback" not in result.output


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = run("serve", "--config", settings(tmp_path, port=port))
    assert result.exit_code == 1
    assert f"Port {port} on 127.0.0.1 is taken" in result.output


def test_serve_without_a_pbx(tmp_path: Path) -> None:
    path = tmp_path / "callwright.toml"
    path.write_text(f'center = "{CENTER}"\n', encoding="utf-8")
    result = run("serve", "--config", str(path))
    assert result.exit_code == 1
    assert "callwright asterisk config" in result.output


def test_replay(tmp_path: Path) -> None:
    trace = Path(__file__).parents[1] / "cti" / "traces" / "agent_hangs_up.jsonl"
    result = run("replay", str(trace))
    assert result.exit_code == 0
    assert "CallArrived" in result.output
    (tmp_path / "odd").write_text("not a trace", encoding="utf-8")
    result = run("replay", str(tmp_path / "odd"))
    assert result.exit_code == 1
    assert "does not begin as a trace does" in result.output


def test_schema_is_json() -> None:
    assert run("schema", "center").output.startswith("{")
    assert run("schema", "flow").output.startswith("{")


def test_a_data_folder_that_cannot_be_used(tmp_path: Path) -> None:
    path = settings(tmp_path)
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    result = run("serve", "--config", path)
    assert result.exit_code == 1
    assert f"nothing can be written to {tmp_path}/data (data in the settings)" in result.output
    assert "is no folder" in result.output


def test_a_folder_for_prompts_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "prompts").write_text("in the way", encoding="utf-8")
    result = run("serve", "--config", settings(tmp_path))
    assert result.exit_code == 1
    assert f"nothing can be written to {tmp_path}/data/prompts (speech.here in the settings)" in result.output


def test_two_processes_do_not_share_a_data_folder(tmp_path: Path) -> None:
    path = settings(tmp_path)
    held = DataFolder(tmp_path / "data")
    result = run("serve", "--config", path)
    held.release()
    assert result.exit_code == 1
    assert "another Callwright runs with this folder" in result.output


def test_fresh_forgets_what_is_ours_and_nothing_else(tmp_path: Path) -> None:
    for name in ("callwright.db", "photo.jpg"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "spool").mkdir()
    forget(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == [".lock", "photo.jpg"]
    assert run("demo", "--port", "80000").exit_code == 2


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_who_is_told_to_stop_while_he_starts_does_not_start_first(how: signal.Signals) -> None:
    said: list[str] = []

    async def start() -> None:
        os.kill(os.getpid(), how)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            said.append("interrupted")
            raise

    async def stop() -> None:
        said.append("stopped")

    async with asyncio.timeout(5):
        await until_stopped(start, stop, lambda: True)
    assert said == ["interrupted", "stopped"]


async def test_what_fails_at_the_start_is_told_and_stopped() -> None:
    said: list[str] = []

    async def start() -> None:
        raise ConnectionError

    async def stop() -> None:
        said.append("stopped")

    with pytest.raises(ConnectionError):
        await until_stopped(start, stop, lambda: True)
    assert said == ["stopped"]
