"""Queues, agents and rules of `center.yaml` that cannot go together: refused, with place, reason and what to do."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.model import QueueName
from config.center_file import FileMistakes, load_center, plan_in_force_once
from tests.config.commands import CENTER, run, settings
from tests.config.test_center_file import FLOW, SMALL, doubts, load, mistakes

HELP = "{requires: talking>=2}"
TYPING = SMALL.replace("[talking]", "[talking, typing]")

# -- staff -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "talking>=2",
            "talking>=6",
            "12:20: no agent can serve 'help': nobody has talking>=6 ('ann' has 5); ask for less, or give an agent",
        ),
        ("talking>=2", "typing", "12:20: no agent can serve 'help': nobody has typing; ask for less"),
        (
            "skills: {talking: 2}",
            "skills: {typing: 3}",
            "'bob' can serve no queue, his `skills` are typing 3; the nearest is 'help', for which he lacks talking>=2",
        ),
        ("    skills: {talking: 2}\n", "", "19:3: 'bob' can serve no queue, his `skills` are none; the nearest is"),
        (
            "talking>=2",
            "talking>=2 & typing",
            "12:20: no agent can serve 'help': nobody has typing; ask for less",
        ),
        (
            "talking>=2",
            "[{skills: talking>=9}, {skills: talking>=7, after: 20}]",
            "12:52: no agent can serve 'help': nobody has talking>=7 ('ann' has 5); ask for less",
        ),
        (
            "talking>=2",
            "[{skills: talking>=9}, {skills: talking>=2, after: 60}], max_wait: 30",
            "('ann' has 5), and a step that somebody meets comes only after `max_wait` (30 s); ask for less",
        ),
    ],
)
def test_queues_and_agents_that_do_not_come_together(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in TYPING
    line = _only(mistakes(tmp_path, TYPING.replace(old, new, 1)))
    assert told in line, line


def _only(lines: list[str]) -> str:
    (line,) = lines
    return line


def test_skills_that_nobody_has_together(tmp_path: Path) -> None:
    text = TYPING.replace("talking>=2", "talking>=5 & typing").replace("talking: 2", "typing: 3")
    told = "nobody has talking>=5 & typing together ('ann' comes nearest and lacks typing)"
    assert told in _only(mistakes(tmp_path, text))


def test_a_centre_without_agents_is_being_written(tmp_path: Path) -> None:
    begin, end = SMALL.index("agents:"), SMALL.index("supervisors:")
    for agents in ("", "agents: {}\n"):
        (line,) = doubts(tmp_path, SMALL[:begin] + agents + SMALL[end:])
        assert "there are no `agents`, so nobody answers" in line


def test_what_was_left_out_as_a_mistake_is_not_missed_besides(tmp_path: Path) -> None:
    """With the skill spelt right, Ann would serve the queue."""
    told = _only(mistakes(tmp_path, SMALL.replace("{talking: 5}", "{taking: 5}").replace("{talking: 2}", "{}")))
    assert "unknown skill 'taking'" in told


def test_it_is_told_together_with_other_mistakes(tmp_path: Path) -> None:
    text = SMALL.replace("talking>=2", "talking>=6").replace("Europe/Berlin", "Europe/Berln")
    assert [line.split(":")[1] for line in mistakes(tmp_path, text)] == ["2", "12"]


LEVELS = st.integers(1, 10)


@given(asked=st.lists(LEVELS, min_size=1, max_size=4), has=st.lists(LEVELS, min_size=1, max_size=4))
def test_a_file_is_taken_if_every_queue_and_every_agent_has_one(
    tmp_path_factory: pytest.TempPathFactory, asked: list[int], has: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("centre")
    queues = "".join(f"  q{number}: {{requires: talking>={level}}}\n" for number, level in enumerate(asked))
    people = "".join(
        f"  a{number}: {{name: A, skills: {{talking: {level}}}, phones: {{desk: {{endpoint: PJSIP/a{number}}}}}}}\n"
        for number, level in enumerate(has)
    )
    begin, end = SMALL.index("queues:"), SMALL.index("supervisors:")
    text = f"{SMALL[:begin]}queues:\n{queues}skills: [talking]\nagents:\n{people}{SMALL[end:]}"
    together = max(asked) <= max(has) and min(has) >= min(asked)
    if together:
        load(folder, text, FLOW.replace("help", "q0"))
    else:
        mistakes(folder, text, FLOW.replace("help", "q0"))


# -- rules -------------------------------------------------------------------------------------------------------------

MORE = "\n  more: {requires: talking, hours: office, overflow: [{when: %s, to: queue, queue: help}]}"


def with_rules(rules: str, more: str = "", extra: str = "hours: office") -> str:
    """The small centre with these rules, and perhaps with another queue."""
    return SMALL.replace(HELP, f"{{requires: talking>=2, {extra}, overflow: [{rules}]}}{more}")


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("{when: {nobody: logged_in, per_agent: 3}, to: callback}", "`per_agent` says nothing while nobody is there"),
        ("{when: {nobody: ready, estimated_wait: 60}, to: callback}", "`estimated_wait` says nothing while nobody"),
        ("{when: {nobody: ready, per_agent: 3}, to: callback}", ""),
        ("{when: {per_agent: 0.3}, to: callback}", "nobody ever joins 'help': 0.3 callers for each of the 2 who can"),
        ("{when: {per_agent: 0.5}, to: callback}", ""),
        ("{when: {per_agent: 0.3, waited: 60}, to: callback}", ""),
        ("{when: {length: 5}, to: goodbye}, {when: {length: 5}, to: callback}", "rule 1 says something else of the ve"),
        ("{when: {length: 5}, to: goodbye}, {when: {length: 5}, to: goodbye, say: {en: Bye.}}", "rule 1 says somethin"),
        ("{when: {length: 5}, to: queue, queue: more}, {when: {length: 5}, to: callback}", ""),
        (
            "{when: {closing: true}, to: flow, flow: main}",
            "this leads back to 'help': the flow 'main' has no other end",
        ),
        ("{when: {nobody: ready}, to: flow, flow: main}", "this leads back to 'help'"),
        ("{when: {waited: 60}, to: flow, flow: main}", ""),
    ],
)
def test_rules_that_contradict_themselves_or_each_other(tmp_path: Path, rules: str, told: str) -> None:
    text = with_rules(rules, "\n  more: {requires: talking}")
    if told:
        line = _only(mistakes(tmp_path, text))
        assert line.startswith("center.yaml:12:"), line
        assert told in line
    else:
        load(tmp_path, text)


def test_a_flow_that_puts_callers_through_leads_elsewhere(tmp_path: Path) -> None:
    text = with_rules("{when: {nobody: ready}, to: flow, flow: main}") + 'transfer_numbers: {office: "100"}\n'
    load(tmp_path, text, FLOW.replace("start: a", "start: b") + "  b: {kind: transfer, to: office}\n")


def test_a_queue_whose_hours_never_come(tmp_path: Path) -> None:
    text = with_rules("{when: {closing: true}, to: goodbye}", extra="hours: never")
    never = text.replace("hours:\n", "hours:\n  never: {open: {mon: []}}\n", 1)
    assert "nobody ever joins 'help': its hours 'never' are never open; give them times" in _only(
        mistakes(tmp_path, never)
    )
    load(tmp_path, never.replace("mon: []", 'mon: ["09:00-10:00"]'))


@pytest.mark.parametrize(
    ("here", "there", "refused"),
    [
        ("{waited: 60}", "{waited: 60}", True),
        ("{closing: true}", "{closing: true}", True),
        ("{waited: 60}", "{waited: 90}", False),
        ("{length: 5}", "{length: 5}", False),
        ("{nobody: ready}", "{nobody: ready}", False),
    ],
)
def test_two_queues_that_send_round_on_one_condition(tmp_path: Path, here: str, there: str, refused: bool) -> None:
    """Two may help each other out when one is full or lacks its own people; it is told as a doubt."""
    text = with_rules(f"{{when: {here}, to: queue, queue: more}}", MORE % there)
    if refused:
        first, second = mistakes(tmp_path, text)
        assert "this leads round on one and the same condition, help -> more -> help" in first
        assert "more -> help -> more" in second
    else:
        assert any("warning: this leads round, help -> more -> help" in line for line in doubts(tmp_path, text))


def test_a_rule_that_leads_to_its_own_queue_is_told_once(tmp_path: Path) -> None:
    text = with_rules("{when: {waited: 60}, to: queue, queue: help}")
    assert "this leads from 'help' to itself" in _only(mistakes(tmp_path, text))


def test_queues_of_the_same_people_lack_them_together(tmp_path: Path) -> None:
    there = MORE % "{nobody: ready}"
    text = with_rules("{when: {nobody: ready}, to: queue, queue: more}", there.replace("talking,", "talking>=2,"))
    assert len(mistakes(tmp_path, text)) == 2


# -- where files are read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "serve", "apply", "trial", "doctor"])
def test_every_command_refuses_such_a_file(tmp_path: Path, command: str) -> None:
    flows = str(CENTER.parents[2] / "config" / "demo" / "flows" / "welcome.yaml")
    text = CENTER.read_text(encoding="utf-8").replace("welcome: welcome.yaml", f"welcome: {flows}")
    center = tmp_path / "center.yaml"
    center.write_text(text.replace("requires: billing>=3", "requires: billing>=9"), encoding="utf-8")
    path = settings(tmp_path, center=center)
    arguments = {"apply": ["apply", str(center)], "trial": ["apply", str(center), "--dry-run"]}.get(command, [command])
    told = run(*arguments, "--config", path)
    assert told.exit_code == 1
    assert "no agent can serve 'billing': nobody has billing>=9 ('anna' has 8)" in " ".join(told.output.split())


def test_what_was_in_force_once_is_read_all_the_same(tmp_path: Path) -> None:
    text = SMALL.replace("talking>=2", "talking>=6")
    with pytest.raises(FileMistakes):
        load(tmp_path, text)
    files = {"center.yaml": text, "main.yaml": FLOW}
    assert plan_in_force_once(files).queues[QueueName("help")].max_wait == 1800.0
    with pytest.raises(FileMistakes, match="unknown queue"):
        plan_in_force_once(files | {"main.yaml": FLOW.replace("help", "hepl")})
    assert load_center(CENTER).name == "Journeys"
