"""What `center.yaml` says of callers who wait."""

from pathlib import Path

import pytest

from acd.model import QueueName
from acd.waiting.plan import Announcements, WaitingPlan
from tests.config.test_center_file import SMALL, load, mistakes

HELP = "{requires: talking>=2}"


def waiting(folder: Path, settings: str) -> WaitingPlan:
    """The plan of the small centre's queue with these settings."""
    text = SMALL.replace(HELP, f"{{requires: talking>=2, {settings}}}")
    assert text != SMALL
    return load(folder, text).queues[QueueName("help")].waiting


def test_nothing_said_is_nothing_done(tmp_path: Path) -> None:
    assert load(tmp_path).queues[QueueName("help")].waiting == WaitingPlan()


def test_announcements(tmp_path: Path) -> None:
    plan = waiting(tmp_path, "messages: [{en: Hold on.}, {en: Soon.}], every: 45, position: true")
    assert plan.announcements == Announcements(45.0, ({"en": "Hold on."}, {"en": "Soon."}), position=True)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("mesages: []", "there is no setting 'mesages' here; did you mean 'messages'?"),
        ("messages: [{de: Moment.}]", "center.yaml:12:43: this is not said in en; the centre speaks it"),
        ("messages: [Moment.]", "center.yaml:12:43: expected what is said, by language, not the text 'Moment.'"),
        ("every: 1", "'1' is not right; expected seconds (at least 5, at most 3600)"),
        ("position: sure", "'sure' is not right; expected true or false"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, settings: str, told: str) -> None:
    lines = mistakes(tmp_path, SMALL.replace(HELP, f"{{requires: talking>=2, {settings}}}"))
    assert any(told in line for line in lines), lines
