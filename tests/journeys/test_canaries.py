"""The search for secrets finds them wherever somebody might leave them."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.journeys.canaries import no_trace_tells_keys, nobody_can_read, reveals

PIN = "7306518294"


@pytest.mark.parametrize(
    "told",
    [
        f'{{"pin": "{PIN}"}}',
        f"verify 1001 {PIN}",
        " ".join(PIN),
        repr(list(PIN)),
        json.dumps({"keys": list(PIN)}),
        "\n".join(f'{{"at": 17.{number}, "event": "key", "digit": "{key}"}}' for number, key in enumerate(PIN)),
        "\n".join(f"KeyPressed(leg='1', key='{key}', at=12.5)" for key in PIN),
    ],
)
def test_a_secret_is_found(told: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="a secret is in the log"):
        nobody_can_read([PIN], {"the log": f"before {told} after"})
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "spool").write_text(told, "utf-8")
    with pytest.raises(AssertionError, match="a secret is in inner/spool"):
        nobody_can_read([PIN], {}, tmp_path)


def test_in_a_database_that_is_open(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "centre.db") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE visits (said TEXT)")
        database.execute("INSERT INTO visits VALUES (?)", (PIN,))
        database.commit()
        with pytest.raises(AssertionError, match="centre"):
            nobody_can_read([PIN], {}, tmp_path)
    database.close()


def test_in_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / f"{PIN}.wav").touch()
    with pytest.raises(AssertionError, match="the name"):
        nobody_can_read([PIN], {}, tmp_path)


def test_what_is_no_secret_is_not_found() -> None:
    assert not reveals(b'{"keys": ["7", "3", "0", "6", "9"], "at": 7306518.294}', PIN)


@pytest.mark.parametrize("traced", ['{"digit":"7"}', ""])
def test_a_trace_must_be_there_and_tell_no_keys(traced: str, tmp_path: Path) -> None:
    (tmp_path / "trace.jsonl").write_text(traced + '{"event": {"digit":"?"}}\n' * bool(traced), "utf-8")
    with pytest.raises(AssertionError):
        no_trace_tells_keys(tmp_path)
