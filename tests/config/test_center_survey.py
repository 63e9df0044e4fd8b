"""A queue's survey: the last thing in a call, so its flow leads to nobody."""

from pathlib import Path

from acd.model import QueueName
from tests.config.test_center_file import SMALL, load, mistakes

ASKED = SMALL.replace("{requires: talking>=2}", "{requires: talking>=2, survey: main}")
MARK = """\
start: mark
nodes:
  mark: {kind: survey, prompt: {en: How was it?}, variable: mark, label: Mark, then: bye}
  bye: {kind: hang_up}
"""


def test_a_survey(tmp_path: Path) -> None:
    assert load(tmp_path, ASKED, MARK).queues[QueueName("help")].survey == "main"


def test_it_leads_to_nobody(tmp_path: Path) -> None:
    flow = MARK.replace("then: bye", "then: bye, give_up: person") + "  person: {kind: to_queue, queue: help}\n"
    (line,) = mistakes(tmp_path, ASKED, flow)
    text = "the flow 'main' leads to a queue at its node 'person'; a survey is the last thing in a call, so it hangs up"
    assert line == f"center.yaml:12:40: {text}"


def test_nor_through_another_flow(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(
        "start: say\nnodes:\n  say: {kind: record, prompt: {en: Speak.}, then: back}\n  back: {kind: return}\n", "utf-8"
    )
    center = ASKED.replace("{main: main.yaml}", "{main: main.yaml, other: other.yaml}")
    flow = MARK.replace("then: bye", "then: more") + "  more: {kind: sub_flow, flow: other, then: bye}\n"
    (line,) = mistakes(tmp_path, center, flow)
    assert "the flow 'other' takes a message at its node 'say'" in line


def test_no_such_flow(tmp_path: Path) -> None:
    (line,) = mistakes(tmp_path, ASKED.replace("survey: main", "survey: mian"), MARK)
    assert line == "center.yaml:12:40: unknown flow 'mian'; did you mean 'main'?"


def test_marks_that_no_key_has(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, ASKED, MARK.replace("label: Mark", "label: Mark, highest: 10"))
    assert any("`highest`" in line or "highest" in line for line in lines), lines
