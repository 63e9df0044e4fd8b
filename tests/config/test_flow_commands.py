"""`callwright flow ...`, as somebody types it who writes flows."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import config
from config.center_flows import read_flows
from config.center_source import CenterSource
from config.cli import main
from ivr.flow.settings import FlowName
from tests.config.commands import run

DEMO = Path(config.__file__).parent / "demo"
SMALL = Path(__file__).parents[1] / "small_centre"
DOCS = Path(config.__file__).parent.parent / "docs"


@pytest.fixture
def center(tmp_path: Path) -> Path:
    """A small centre, to be changed."""
    shutil.copytree(SMALL, tmp_path / "centre")
    return tmp_path / "centre" / "center.yaml"


def change(file: Path, before: str, after: str) -> None:
    """One text in a file becomes another."""
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_every_way_of_the_shipped_flows_has_a_dialogue_and_all_go_as_they_are_written() -> None:
    result = run("flow", "test", "--center", str(DEMO / "center.yaml"))
    assert re.search(r"^\d+ dialogues, none failed, in ", result.output, re.MULTILINE), result.output
    assert result.exit_code == 0
    result = run("flow", "coverage", "--center", str(DEMO / "center.yaml"), "--fail-under", "100")
    assert result.exit_code == 0, result.output


def test_a_dialogue_that_goes_otherwise_is_shown_and_counted(center: Path) -> None:
    change(center.parent / "flows" / "welcome.yaml", "Your balance is {balance:money}.", "You owe {balance:money}.")
    result = run("flow", "test", "--center", str(center))
    assert result.exit_code == 1
    assert "    is asked    customer 1001: found\n    hears       You owe 120 euros and 50 cents." in result.output
    told = "".join(result.output.split())  # a long path is wrapped anywhere
    assert re.search(r"welcome\.yaml:\d+:7:hehearsno'Yourbalanceis120eurosand50cents',but:You", told)
    assert "2 failed" in result.output


def test_of_many_failures_the_first_are_shown_and_all_are_counted(center: Path, tmp_path: Path) -> None:
    dialogues = "".join(f"  number {number}: [{{hears: nothing of it}}]\n" for number in range(50))
    file = tmp_path / "many.yaml"
    file.write_text(f"flow: welcome\ndialogues:\n{dialogues}", encoding="utf-8")
    result = run("flow", "test", str(file), "--center", str(center))
    assert result.output.count("    hears       Welcome") == 20
    assert " ".join(result.output.split()).count("he hears no 'nothing of it'") == 50
    assert "50 dialogues, 50 failed" in result.output


def test_the_picture_in_the_docs_is_of_the_shipped_flow() -> None:
    nodes = read_flows(CenterSource(DEMO / "center.yaml")).flows[FlowName("welcome")].nodes
    picture = (DOCS / "images" / "flow-welcome.svg").read_text(encoding="utf-8")
    missing = [node for node in nodes if f">{node}<" not in picture]
    assert not missing, "callwright flow graph welcome --center config/demo/center.yaml -o docs/images/flow-welcome.svg"


def test_dialogues_are_chosen_by_file_and_by_name(center: Path) -> None:
    files = str(center.parent / "dialogues" / "messages.yaml")
    assert run("flow", "test", files, "--center", str(center)).output.startswith("4 dialogues, none failed")
    result = run("flow", "test", "--only", "IN CHINESE", "-v", "--center", str(center))
    assert "hears       您的账户余额是一百二十欧元五十欧分。" in result.output
    result = run("flow", "test", "--only", "nobody", "--center", str(center))
    assert (result.exit_code, result.output) == (1, "Error: no dialogue's name has 'nobody' in it\n")
    result = run("flow", "test", "nowhere.yaml", "--center", str(center))
    assert (result.exit_code, "nowhere.yaml: cannot be read: No such file" in result.output) == (1, True)
    result = run("flow", "test", str(center.parent / "flows" / "none"), "--center", str(center))
    assert "there are no dialogues here" in result.output


def test_what_is_wrong_with_a_file_of_dialogues_is_told_with_its_place(center: Path) -> None:
    change(center.parent / "dialogues" / "welcome.yaml", "flow: welcome", "flow: welcom")
    result = run("flow", "test", "--center", str(center))
    assert result.exit_code == 1
    assert "welcome.yaml:4:7: unknown flow 'welcom'; did you mean 'welcome'?" in result.output


def test_coverage_tells_what_nobody_comes_along(center: Path) -> None:
    files = str(center.parent / "dialogues" / "welcome.yaml")
    result = run("flow", "coverage", files, "--center", str(center), "--fail-under", "50")
    assert result.exit_code == 1
    assert "welcome  100 %   12 of 12 nodes, 20 of 20 ways" in result.output
    assert "closed     0 %   0 of 3 nodes, 0 of 2 ways\n  nobody comes to  sorry, thanks, again" in result.output
    assert result.output.endswith("Less than 50 %: closed, message.\n")


def test_check_tells_of_flows_alone(center: Path) -> None:
    change(center, "requires: billing>=3", "requires: billling>=3")
    result = run("flow", "check", "--center", str(center))
    assert result.exit_code == 0
    assert result.output.startswith("3 flows with 18 nodes. All well.\n")
    assert run("flow", "check", "closed", "--center", str(center)).output.startswith("1 flow with 3 nodes.")
    change(center.parent / "flows" / "closed.yaml", "then: thanks", "then: thank")
    change(center.parent / "flows" / "message.yaml", "none: nothing", "none: nothin")
    told = run("flow", "check", "--center", str(center)).output
    assert "2 mistakes:" in told
    assert "closed.yaml:13:11: unknown node 'thank'; did you mean 'thanks'?" in told
    assert "1 mistake:" in run("flow", "check", "message", "--center", str(center)).output


def test_names_that_there_are_not_are_told_with_the_nearest(center: Path) -> None:
    result = run("flow", "check", "welcom", "--center", str(center))
    assert (result.exit_code, "there is no flow 'welcom'; did you mean 'welcome'?" in result.output) == (2, True)
    result = run("flow", "tset")
    assert (result.exit_code, "there is no command 'tset'; did you mean 'test'?" in result.output) == (2, True)
    result = run("flow", "check", "--center", "nowhere.yaml")
    assert (result.exit_code, "there is no file 'nowhere.yaml'; say where" in result.output) == (2, True)
    assert "check     Read the flows and say what is wrong with them." in run("flow", "--help").output


def test_the_examples_of_the_docs_are_right(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", (DOCS / "flow-tools.md").read_text(encoding="utf-8"), re.DOTALL)
    for number, example in enumerate(examples):
        (tmp_path / f"{number}.yaml").write_text(example, encoding="utf-8")
    result = run("flow", "test", str(tmp_path), "--center", str(DEMO / "center.yaml"))
    assert result.output.startswith("3 dialogues, none failed")


def test_a_dialogue_that_comes_in_by_a_number_finds_the_line_open_or_closed(center: Path) -> None:
    change(center, "hours: always, closed_flow: closed", "hours: office, closed_flow: closed")
    office = 'hours:\n  office: {open: {mon-fri: ["08:00-18:00"]}, closed: ["2026-12-25"]}\nflows:\n'
    change(center, "flows:\n", office)
    welcome = "    steps: [{hears: Welcome}]\n"
    closed = "    steps: [{hears: closed}, {says: 3, ends: hang_up}]\n"
    dialogues = center.parent / "dialogues" / "lines.yaml"
    dialogues.write_text(
        'dialled: "1000"\ndialogues:\n'
        f"  open:\n    at: mon 08:00\n{welcome}"
        f"  too late:\n    at: mon 18:00\n{closed}"
        f"  a holiday:\n    at: 2026-12-25 10:00\n{closed}"
        f"  the flow itself:\n    at: sun 10:00\n    flow: welcome\n{welcome}",
        encoding="utf-8",
    )
    result = run("flow", "test", str(dialogues), "--center", str(center))
    assert result.output.startswith("4 dialogues, none failed"), result.output
    change(dialogues, '"1000"', '"1001"')
    result = run("flow", "test", str(dialogues), "--center", str(center))
    assert f"{dialogues}:1:10: no entry point has the number '1001'; did you mean '1000'?" in result.output


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("dot", b"digraph")])
def test_a_flow_is_drawn(tmp_path: Path, ending: str, begins: bytes) -> None:
    file = tmp_path / f"welcome.{ending}"
    center = str(SMALL / "center.yaml")
    result = run("flow", "graph", "welcome", "-o", str(file), "--language", "zh", "--center", center)
    assert (result.exit_code, result.output) == (0, f"Written: {file}\n")
    assert file.read_bytes().startswith(begins)
    assert ending == "png" or "请输入您的客户号码" in file.read_text(encoding="utf-8")


def test_why_a_flow_cannot_be_drawn_is_told(tmp_path: Path) -> None:
    center = str(SMALL / "center.yaml")
    result = run("flow", "graph", "welcome", "-o", "welcome.jpg", "--center", center)
    assert (result.exit_code, "'welcome.jpg' does not end in .svg, .png, .pdf, .dot" in result.output) == (2, True)
    result = run("flow", "graph", "welcome", "-o", str(tmp_path / "none" / "a.svg"), "--center", center)
    assert (result.exit_code, "cannot be written: No such file or directory" in result.output) == (1, True)
    result = run("flow", "graph", "welcome", "--language", "fr", "--center", center)
    assert (result.exit_code, "the centre does not speak 'fr'; there are 'en', 'zh'" in result.output) == (2, True)


def test_without_graphviz_it_is_told_what_helps(tmp_path: Path) -> None:
    file = tmp_path / "welcome.svg"
    arguments = ["flow", "graph", "welcome", "-o", str(file), "--center", str(DEMO / "center.yaml")]
    result = CliRunner().invoke(main, arguments, env={"PATH": str(tmp_path)})
    assert result.exit_code == 1
    assert "dot cannot be started: No such file or directory" in result.output
    assert "apt install graphviz" in " ".join(result.output.split())
    assert not file.exists()
