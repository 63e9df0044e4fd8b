"""`callwright flow try` at a terminal: silence is silence there, and what is said can be heard."""

import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.config.commands import run

PATIENT = """\
name: Test
zone: Europe/Berlin
languages: [en]
queues: {billing: {label: {en: Billing}}}
entry_points: {"1000": {name: Line, flow: quick}}
flows: {quick: quick.yaml}
"""
QUICK = """\
start: menu
nodes:
  menu:
    kind: menu
    prompt: {en: "One?"}
    choices: {"1": {to: bye, label: One}}
    no_input: {en: "Silence."}
    wait: {wait}
    tries: 2
    give_up: bye
  bye: {kind: hang_up, prompt: {en: "Goodbye."}}
"""
PLAYER = """#!/bin/sh
echo "$@" >> {log}
exec {sleep} 0.1
"""


@contextmanager
def at_a_terminal(*arguments: str) -> Iterator[int]:
    """Somebody's terminal, with the command on it."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "config", "flow", "try", *arguments]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    try:
        yield ours
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def shown(terminal: int, until: str) -> str:
    """What is on the screen by the time that this is there."""
    text = ""
    end = time.monotonic() + 60
    while until not in text:
        assert time.monotonic() < end, text
        try:
            text += os.read(terminal, 4096).decode()
        except OSError:  # the command has ended, and the terminal with it
            break
    assert until in text, text
    return text


def quick_centre(folder: Path, wait: int = 1) -> str:
    """A centre whose flow waits for a second, or so many."""
    (folder / "quick.yaml").write_text(QUICK.replace("{wait}", str(wait)), encoding="utf-8")
    (folder / "center.yaml").write_text(PATIENT, encoding="utf-8")
    return str(folder / "center.yaml")


def test_who_types_nothing_is_silent(tmp_path: Path) -> None:
    with at_a_terminal("quick", "--center", quick_centre(tmp_path)) as terminal:
        assert "waits       1 s" in shown(terminal, "Silence.")
        shown(terminal, "Goodbye.")


def test_who_has_begun_to_type_is_not(tmp_path: Path) -> None:
    with at_a_terminal("quick", "--center", quick_centre(tmp_path)) as terminal:
        os.write(terminal, b"9")  # before it is asked for: however slow this machine is, he has begun then
        shown(terminal, "menu> ")
        time.sleep(2.5)
        os.write(terminal, b"\x7f1\n")
        text = shown(terminal, "Goodbye.")
    assert "presses     1\r\n" in text
    assert "Silence" not in text


def test_the_end_of_what_is_typed_hangs_up(tmp_path: Path) -> None:
    with at_a_terminal("quick", "--center", quick_centre(tmp_path, wait=60)) as terminal:
        shown(terminal, "menu> ")
        os.write(terminal, b"\x04")
        shown(terminal, "hangs up")


def test_what_is_said_is_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player, log = tmp_path / "aplay", tmp_path / "played"
    player.write_text(PLAYER.format(log=log, sleep="/bin/sleep"), encoding="utf-8")
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    result = run("flow", "try", "quick", "--center", quick_centre(tmp_path), "--voice", typed="1\n")
    assert result.exit_code == 0, result.output
    played = log.read_text(encoding="utf-8").splitlines()
    assert len(played) == 2, "the question and the farewell"
    assert all(line.startswith("-q /") and line.endswith(".wav") for line in played)


def test_a_player_that_plays_nothing_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pw-play").write_text("#!/bin/sh\necho no sound card >&2\nexit 3\n", encoding="utf-8")
    (tmp_path / "pw-play").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    result = run("flow", "try", "quick", "--center", quick_centre(tmp_path), "--voice", typed="1\n")
    assert "pw-play plays nothing here: it ended with 3: no sound card; --voice FOLDER writes" in result.output


def test_without_a_player_a_folder_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("flow", "try", "quick", "--center", quick_centre(tmp_path), "--voice", typed="1\n")
    assert result.exit_code == 1
    assert (
        "no program that plays sounds is installed (pw-play, paplay, aplay, ffplay, play, afplay); --voice FOLDER"
        in (result.output)
    )
