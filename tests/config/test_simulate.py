"""`callwright simulate`: what it tells, and what it says of a scenario that is wrong."""

import gc
import weakref
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from config.center_file import load_center
from config.simulation import runs
from config.simulation.scenario_file import read_scenario
from config.simulation.uncollected import uncollected
from tests.config.commands import run

DEMO = Path(__file__).parents[2] / "config" / "demo" / "center.yaml"
SHORT = """
hours: "09:00-10:00"
calls:
  bills:
    arrivals: {"09:00": 20, "09:30": 30}
    queue: billing
    patience: {is: exponential, mean: 120}
    talk: {is: lognormal, mean: 150, cv: 0.8}
    wrap_up: {is: empirical, seen: {"5": 3, "20": 1}}
shifts:
  early:
    agents: [anna, ben]
    breaks: {lunch: "09:30-09:40"}
  others: {agents: [chen], hours: "09:00-09:30"}
"""


def scenario(folder: Path, text: str = SHORT) -> str:
    """The path of a scenario's file."""
    path = folder / "day.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_day(tmp_path: Path) -> None:
    day = scenario(tmp_path)
    result = run("simulate", str(DEMO), "--day", day, "--runs", "3")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "Monday, 01 March 2027, from 09:00 (Europe/Berlin); 3 runs, seed 1"
    (billing,) = [line.split() for line in lines if line.startswith("  billing ") and "±" in line]
    assert 30 < float(billing[1]) < 70
    assert [line.split()[0] for line in lines if line.startswith("  09:")] == ["09:00", "09:30"] * 2
    assert run("simulate", str(DEMO), "--day", day, "--runs", "3").output == result.output
    assert run("simulate", str(DEMO), "--day", day, "--runs", "3", "--seed", "2").output != result.output


def test_callers_whom_nobody_could_serve_are_told_as_sent_on(tmp_path: Path) -> None:
    day = scenario(
        tmp_path, SHORT[: SHORT.index("shifts:")] + 'shifts: {early: {agents: [anna], hours: "07:00-08:00"}}'
    )
    lines = run("simulate", str(DEMO), "--day", day, "--runs", "1").output.splitlines()
    heading, billing = (
        next(line for line in lines if line.startswith(f"  {name} ")) for name in ("the day", "billing")
    )
    assert heading.index(" sent on") > 0
    assert billing.split()[1] == billing.split()[-3] != "0.0"  # before occupancy and spread


def test_what_is_hardly_meant_is_told_before_it_is_run(tmp_path: Path) -> None:
    other = center(tmp_path, "requires: billing>=3 ", "short_abandon: 1800 ")
    told = run("simulate", other, "--day", scenario(tmp_path), "--runs", "1")
    assert (
        told.exit_code,
        f"{other}:{_line('requires')}:20: warning: everybody who gives up counts" in told.output,
    ) == (0, True)


def test_a_queue_that_nobody_can_serve_is_not_simulated(tmp_path: Path) -> None:
    other = center(tmp_path, "requires: billing>=3 ", "requires: billing>=10 ")
    for files in ([other], [str(DEMO), "--compare", other]):
        told = run("simulate", *files, "--day", scenario(tmp_path), "--runs", "1")
        assert (told.exit_code, f"{other}:{_line('requires')}:15: no agent can serve 'billing'" in told.output) == (
            1,
            True,
        )


def test_the_usual_day_is_a_file_to_begin_with(tmp_path: Path) -> None:
    shown = run("simulate", str(DEMO), "--show-day").output
    from_file = run("simulate", str(DEMO), "--day", scenario(tmp_path, shown), "--runs", "1")
    assert from_file.exit_code == 0, from_file.output
    assert from_file.output == run("simulate", str(DEMO), "--runs", "1").output


def _line(setting: str) -> int:
    """Where the demo's first queue has it."""
    lines = DEMO.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(f"    {setting}:"))


def center(folder: Path, old: str, new: str) -> str:
    """The path of a demo centre with a change."""
    text = DEMO.read_text(encoding="utf-8")
    assert old in text
    path = folder / "other.yaml"
    path.write_text(text.replace(old, new).replace("flows/", f"{DEMO.parent}/flows/"), encoding="utf-8")
    return str(path)


def test_the_same_centre_twice_is_no_change(tmp_path: Path) -> None:
    result = run("simulate", str(DEMO), "--day", scenario(tmp_path), "--compare", str(DEMO), "--runs", "3")
    assert "Nothing that could not be chance." in result.output


def test_what_a_worse_centre_does_to_the_same_callers(tmp_path: Path) -> None:
    other = center(tmp_path, "skills: {billing: 6, products: 7", "skills: {billing: 2, products: 7")
    result = run("simulate", str(DEMO), "--day", scenario(tmp_path), "--compare", other, "--runs", "5")
    assert result.exit_code == 0, result.output
    before, _, changes = result.output.partition("What changes from")
    assert before.count("\n") == 3  # what it is about, and then at once what it comes to
    changes = changes.partition("\n\n")[0]
    assert "billing: share of callers who give up" in changes
    assert changes.count(": worse") >= 2


def test_a_queue_that_the_other_centre_does_not_have_is_told_as_its_own(tmp_path: Path) -> None:
    for file in (DEMO.parent / "flows").iterdir():
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8").replace("queue: products", "queue: stuff"))
    text = DEMO.read_text(encoding="utf-8").replace("  products:\n", "  stuff:\n").replace("flows/", "")
    (tmp_path / "other.yaml").write_text(text, encoding="utf-8")
    result = run("simulate", str(DEMO), "--compare", str(tmp_path / "other.yaml"), "--runs", "1")
    assert result.exit_code == 1
    assert "does not lead to the queue 'products' (in the centre to compare with)" in result.output


class Reader(HTMLParser):
    """Notes what a browser would fetch, and elements that are not closed in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("days", [1, 3])
def test_a_page_that_needs_nothing_else(tmp_path: Path, days: int) -> None:
    other = center(tmp_path, "name: Northwind Water", "name: <b>Northwind</b> & others")
    page = tmp_path / "page.html"
    day = scenario(tmp_path)
    result = run("simulate", other, "--day", day, "--compare", str(DEMO), "--runs", str(days), "--html", str(page))
    assert result.exit_code == 0, result.output
    text = page.read_text(encoding="utf-8")
    reader = Reader()
    reader.feed(text)
    assert (reader.open, reader.fetched) == ([], [])
    assert reader.seen["svg"] == 2 * 6  # all queues, and the one that gets calls
    assert "&lt;b&gt;Northwind&lt;/b&gt; &amp; others" in text
    assert '<span lang="en">Billing</span><span lang="zh">账单</span>' in text
    assert "nan" not in text
    assert "url(" not in text


def test_figures_are_worked_out_once_and_not_for_each_number_of_a_page(tmp_path: Path) -> None:
    plan = load_center(DEMO)
    day = read_scenario(Path(scenario(tmp_path)), [plan])
    done = runs.run(day, [("one", plan)], 1, 1, lambda _: None)
    assert done.centres[0].figures is done.centres[0].figures


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    asked = ("simulate", str(DEMO), "--day", scenario(tmp_path), "--runs", "1", "--html")
    at_once = run(*asked, str(tmp_path / "no" / "p"))
    assert at_once.exit_code == 2
    assert "there is no folder" in at_once.output
    afterwards = run(*asked, str(tmp_path / ("p" * 300)))
    assert afterwards.exit_code == 1
    assert "cannot be written: File name too long" in afterwards.output


MISTAKES = {
    "arrivals: {": ("arivals: {", "there is no setting 'arivals' here; did you mean 'arrivals'?"),
    "queue: billing": ("queue: biling", "6:12: unknown queue 'biling'; did you mean 'billing'?"),
    "[anna, ben]": ("[ana, ben]", "12:14: unknown agent 'ana'; did you mean 'anna'?"),
    "is: exponential": ("is: exponental", "7:20: 'exponental' is no distribution; did you mean 'exponential'?"),
    "mean: 150": ("mean: -5", "8:33: '-5' is not right; expected seconds (more than 0, at most 86400)"),
    '"09:30": 30': ('"09:20": 30', "each time must be the beginning of an interval of the day"),
    "[chen], hours": ("[ben], hours", "'ben' has another shift at the same time"),
    '"09:30-09:40"': ('"09:50-10:10"', "this break is not within the shift"),
    "{lunch:": ("{lnch:", "unknown break reason 'lnch'; did you mean 'lunch'?"),
    '"09:00-10:00"': ('"09:00-10:10"', "09:00-10:10 is no whole number of intervals of 30 minutes"),
    "seen: {": ("saw: {", "there is no setting 'saw' here; there is only 'seen'"),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_what_is_wrong_with_a_scenario_is_told_with_its_place(tmp_path: Path, right: str) -> None:
    wrong, told = MISTAKES[right]
    result = run("simulate", str(DEMO), "--day", scenario(tmp_path, SHORT.replace(right, wrong, 1)))
    assert result.exit_code == 1
    assert "day.yaml:" in result.output
    assert told in result.output


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = run("simulate", str(DEMO), "--day", str(tmp_path / "none.yaml"))
    assert (result.exit_code, "none.yaml: cannot be read" in result.output) == (1, True)


def test_a_night_goes_on_after_midnight(tmp_path: Path) -> None:
    night = SHORT.replace('"09:00-10:00"', '"22:00-02:00"').replace(
        '{"09:00": 20, "09:30": 30}', '{"22:00": 20, "00:30": 3}'
    )
    night = night.replace('"09:30-09:40"', '"00:30-00:40"').replace('"09:00-09:30"', '"00:00-01:00"')
    found = read_scenario(Path(scenario(tmp_path, night)), [load_center(DEMO)])
    assert found.calls[0].arrivals == (20.0,) * 5 + (3.0,) * 3
    begins = {str(shift.agent): shift.start - found.grid.start for shift in found.shifts}
    assert begins == {"anna": 0.0, "ben": 0.0, "chen": 7200.0}
    pauses = [pause.start - found.grid.start for shift in found.shifts for pause in shift.breaks]
    assert pauses == [9000.0, 9000.0]


def test_the_garbage_collector_is_off_meanwhile_and_looks_in_the_end() -> None:
    class Ring:
        def __init__(self) -> None:
            self.self = self

    with uncollected():
        assert not gc.isenabled()
        one = weakref.ref(Ring())
        assert one() is not None
    assert one() is None
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
