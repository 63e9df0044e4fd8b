"""Commands that only ask: where nothing was recorded they say so, and make no empty database to ask."""

from pathlib import Path

import pytest

from tests.config.commands import CENTER, run, settings


@pytest.mark.parametrize(
    "command",
    [("report",), ("revisions",), ("explain", "i1"), ("replay", "2027-01-15", "--with", str(CENTER))],
    ids=lambda command: command[0],
)
def test_a_wrong_folder_is_not_taken_for_an_empty_day(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "data").mkdir()
    name, *arguments = command
    told = run(name, "--config", settings(tmp_path), *arguments)
    assert told.exit_code == 1
    assert "Callwright has never run with these settings, or `data` is wrong" in told.output
    assert not list((tmp_path / "data").iterdir())
