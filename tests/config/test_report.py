"""`callwright report`, asked about calls that went through the real brain and the real storage."""

import asyncio
import csv
import json
from pathlib import Path

import pytest

from acd.events import SegmentOpened
from acd.reports.columns import CENTRE_COLUMNS
from tests.acd.centre import Centre
from tests.config.commands import run, settings
from tests.config.test_explain import kept, steps_of_billing

DAY = "2027-01-15"
"""On which the clock of `Centre` stands."""


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Settings of a centre in which somebody waited for 20 s and more."""
    (tmp_path / "data").mkdir()
    centre: Centre = steps_of_billing()
    centre.connect()
    centre.ready("anna")
    centre.call_billing()
    centre.wait(60.0)
    assert centre.every(SegmentOpened)
    asyncio.run(kept(centre, tmp_path))
    return settings(tmp_path)


def test_a_table(file: str) -> None:
    told = run("report", "--config", file, "--from", DAY)
    assert told.exit_code == 0, told.output
    header, *lines = told.output.splitlines()
    assert header.split()[:4] == ["interval", "queue", "entered", "answered"]
    assert [line.split()[:3] for line in lines][-1][1:] == ["all", "1"]
    assert lines[0].split()[1:3] == ["billing", "1"]


def test_csv_and_json_have_every_figure(file: str) -> None:
    as_csv = run("report", "--config", file, "--from", DAY, "--by", "centre", "--format", "csv", "--every", "15m")
    lines = list(csv.DictReader(as_csv.output.splitlines()))
    assert set(lines[0]) == {"interval", "from", "to", "centre", *CENTRE_COLUMNS}
    assert [line["entered"] for line in lines if line["entered"] != "0"] == ["1"]
    as_json = json.loads(run("report", "--config", file, "--from", DAY, "--format", "json").output)
    assert as_json["whole"]["figures"]["entered"] == 1
    assert as_json["zone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--about", "resolution", "--by", "agent"),
            "--by is for --about figures: first contact resolution is told for",
        ),
        (
            ("--about", "flows", "--every", "day"),
            "--every is for --about figures: how callers fared in the flows is told for",
        ),
        (("--service-level", "nan"), "'nan' is no number"),
        (("--split", "day"), "--split is for --about flows or nodes: the figures are of each interval"),
        (("--about", "nodes", "--by", "agent"), "--by is for --about figures: how callers fared at each node is told"),
        (("--resolved-within", "3"), "--resolved-within is for --about resolution: the figures are of each interval"),
    ],
)
def test_what_would_be_passed_over_is_refused(file: str, options: tuple[str, ...], told: str) -> None:
    refused = run("report", "--config", file, "--from", DAY, *options)
    assert (refused.exit_code, told in refused.output) == (2, True), refused.output


@pytest.mark.parametrize(
    ("about", "columns"),
    [("resolution", "group"), ("flows", "entries"), ("nodes", "kind")],
)
def test_other_matters(file: str, about: str, columns: str) -> None:
    for form in ("text", "csv", "json"):
        told = run("report", "--config", file, "--from", DAY, "--about", about, "--format", form)
        assert told.exit_code == 0, told.output
        assert columns in told.output


def test_who_came_into_the_flows_and_how_he_went(file: str) -> None:
    asked = ("report", "--config", file, "--from", DAY, "--split", "version")
    header, line = run(*asked, "--about", "flows").output.splitlines()
    assert (header.split()[:3], line.split()[:1]) == (["flow", "version", "entries"], ["welcome"])
    rows = list(csv.DictReader(run(*asked, "--about", "nodes", "--format", "csv").output.splitlines()))
    assert [(row["node"], row["kind"], row["visits"], row["ways"]) for row in rows] == [
        ("menu", "menu", "1", "1:1"),
        ("billing", "to_queue", "1", "to_queue:1"),
    ]
    header, menu, _ = run("report", "--config", file, "--from", DAY, "--about", "nodes").output.splitlines()
    assert (header.split()[-1], menu.split()[-3:]) == ("ways", ["-", "Billing:", "1"])
    told = json.loads(run(*asked, "--about", "flows", "--format", "json").output)
    assert told["flows"][0]["figures"]["to_queue"] == 1
    assert told["versions"][0]["entries"] == 1


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--from", "2026-02-30"), "'2026-02-30' is no day such as 2026-11-20"),
        (("--from", "2026-02-02", "--to", "2026-02-01"), "is before the first"),
        (("--every", "7m"), "'7m' is not one of '15m', '30m', '60m', 'day'"),
        (("--by", "shift"), "'shift' is not one of"),
        (("--service-level", "-1"), "is not in the range"),
    ],
)
def test_what_cannot_be_asked(file: str, arguments: tuple[str, ...], text: str) -> None:
    told = run("report", "--config", file, *arguments)
    assert told.exit_code == 2
    assert text in told.output


def test_a_day_to_come_is_told_as_such(file: str) -> None:
    told = run("report", "--config", file, "--from", "2999-12-31")
    assert told.exit_code == 0
    assert told.output.splitlines()[-1].startswith("2999-12-31 is still to come: in Europe/Berlin it is 20")


def test_agents_without_a_team_are_not_all(file: str) -> None:
    lines = run("report", "--config", file, "--from", DAY, "--by", "team").output.splitlines()
    assert {line.split()[1] for line in lines[1:]} == {"(none)"}


def test_a_day_without_calls(file: str) -> None:
    told = run("report", "--config", file, "--from", "2001-01-01")
    assert told.exit_code == 0
    assert told.output.splitlines()[-1].split()[:3] == ["all", "all", "0"]
