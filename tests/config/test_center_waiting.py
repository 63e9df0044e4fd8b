"""What `center.yaml` says of callers who wait."""

from pathlib import Path

import pytest

from acd.model import QueueName
from acd.waiting.plan import (
    Announcements,
    Closed,
    EstimatedWait,
    Goodbye,
    LaterCallback,
    Length,
    LongestWait,
    Nobody,
    PerAgent,
    Rule,
    Staff,
    ToFlow,
    Waited,
    WaitingPlan,
    Whisper,
)
from ivr.flow.settings import FlowName
from tests.config.test_center_file import SMALL, doubts, load, mistakes

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


def test_keys(tmp_path: Path) -> None:
    plan = waiting(
        tmp_path,
        'keys: {"1": {to: flow, flow: main}, "*": {to: callback}, "0": {to: goodbye}, '
        '"9": {to: goodbye, say: {en: Bye.}}}',
    )
    assert plan.keys == {
        "1": ToFlow(FlowName("main")),
        "*": LaterCallback(),
        "0": Goodbye(),
        "9": Goodbye({"en": "Bye."}),
    }


def test_rules(tmp_path: Path) -> None:
    plan = waiting(
        tmp_path,
        "overflow: [{when: {length: 9}, at: entry, to: goodbye}, "
        "{when: {waited: 60, nobody: ready}, to: flow, flow: main}, "
        "{when: {longest_wait: 90, per_agent: 2.5}, at: entry, to: callback}, "
        "{when: {estimated_wait: 300}, to: callback}, {when: {closing: true}, to: goodbye}], hours: office",
    )
    assert plan.rules == (
        Rule((Length(9),), Goodbye(), entry_only=True),
        Rule((Waited(60.0), Nobody(Staff.READY)), ToFlow(FlowName("main"))),
        Rule((LongestWait(90.0), PerAgent(2.5)), LaterCallback(), entry_only=True),
        Rule((EstimatedWait(300.0),), LaterCallback()),
        Rule((Closed(),), Goodbye()),
    )


def test_a_word_to_the_agent(tmp_path: Path) -> None:
    assert waiting(tmp_path, "whisper: true").whisper == Whisper("{queue}. Waited {wait}.", "help", "en")
    assert not waiting(tmp_path, "whisper: false").whisper.text
    own = waiting(tmp_path, 'label: {en: Help desk}, whisper: {en: "{queue}, {wait}"}').whisper
    assert own == Whisper("{queue}, {wait}", "Help desk", "en")


def test_rules_that_lead_round_are_doubtful(tmp_path: Path) -> None:
    there = "{requires: talking, overflow: [{when: {length: 5}, to: queue, queue: %s}]}"
    text = SMALL.replace(f"help: {HELP}", f"help: {there % 'more'}\n  more: {there % 'help'}")
    lines = doubts(tmp_path, text)
    assert [line.partition(" warning: ")[2] for line in lines] == [
        "this leads round, help -> more -> help; nobody is sent back to a queue that has sent him on",
        "this leads round, more -> help -> more; nobody is sent back to a queue that has sent him on",
    ]


@pytest.mark.parametrize(("waited", "too_late"), [(61, True), (90, True), (60, False)])
def test_a_rule_that_comes_too_late_is_doubtful(tmp_path: Path, waited: int, too_late: bool) -> None:
    rules = f"max_wait: 60, overflow: [{{when: {{waited: {waited}}}, to: callback}}]"
    lines = doubts(tmp_path, SMALL.replace("talking>=2}", f"talking>=2, {rules}}}"))
    assert any("this never holds: who has waited 60 s (`max_wait`) is sent away" in line for line in lines) == too_late


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("{when: {waited: 60}, to: goodbye}, {when: {waited: 90}, to: callback}", True),
        ("{when: {nobody: ready}, to: callback}, {when: {nobody: logged_in}, to: goodbye}", True),
        ("{when: {length: 5}, to: goodbye}, {when: {length: 5, nobody: ready}, at: entry, to: callback}", True),
        ("{when: {waited: 90}, to: goodbye}, {when: {waited: 60}, to: callback}", False),
        ("{when: {nobody: logged_in}, to: goodbye}, {when: {nobody: ready}, to: callback}", False),
        ("{when: {length: 5}, at: entry, to: goodbye}, {when: {length: 9}, to: callback}", False),
        ("{when: {length: 5, nobody: ready}, to: goodbye}, {when: {length: 9}, to: callback}", False),
        ("{when: {waited: 60}, to: queue, queue: more}, {when: {waited: 90}, to: goodbye}", False),
    ],
)
def test_a_rule_that_nobody_comes_to_is_doubtful(tmp_path: Path, rules: str, told: bool) -> None:
    queues = f"talking>=2, overflow: [{rules}]}}\n  more: {{requires: talking}}"
    lines = doubts(tmp_path, SMALL.replace("talking>=2}", queues))
    said = "nobody comes to this rule: rule 1 is asked before it, and holds whenever it does"
    assert any(said in line for line in lines) == told


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("mesages: []", "there is no setting 'mesages' here; did you mean 'messages'?"),
        ("messages: [{de: Moment.}]", "center.yaml:12:43: this is not said in en; the centre speaks it"),
        ("messages: [Moment.]", "center.yaml:12:43: expected what is said, by language, not the text 'Moment.'"),
        ("every: 1", "'1' is not right; expected seconds (at least 5, at most 3600)"),
        ('keys: {"12": {to: callback}}', "'12' is not right; expected a key such as"),
        ('keys: {"1": {to: voice}}', "'voice' is no way out; there are 'callback', 'flow', 'goodbye', 'queue'"),
        ('keys: {"1": {to: queue, queue: hepl}}', "unknown queue 'hepl'; did you mean 'help'?"),
        ('keys: {"1": {to: queue, queue: help}}', "this leads from 'help' to itself"),
        ('keys: {"1": {to: queue}}', "`queue` is missing: the queue that it leads to"),
        ('keys: {"1": {to: flow, flow: mian}}', "unknown flow 'mian'; did you mean 'main'?"),
        ('keys: {"1": {to: callback, flow: main}}', "`to: callback` knows no `flow`"),
        ("overflow: [{when: {}, to: callback}]", "no condition: this would send everybody away"),
        ("overflow: [{to: callback}]", "`when` is missing"),
        ("overflow: [{when: {lenght: 3}, to: callback}]", "did you mean 'length'?"),
        ("overflow: [{when: {length: -3}, to: callback}]", "'-3' is not right; expected callers (at least 1,"),
        ("overflow: [{when: {waited: 9}, at: entry, to: callback}]", "who enters has not waited"),
        ("overflow: [{when: {longest_wait: 9}, to: callback}]", "this is for `at: entry`"),
        ("overflow: [{when: {closing: true}, to: callback}]", "the queue never closes: it has no `hours`"),
        ("overflow: [{when: {nobody: there}, to: callback}]", "'there' is no kind of staff; "),
        ("hours: ofice", "unknown hours 'ofice'; did you mean 'office'?"),
        ("whisper: {zh: 您好}", "this is not said in en, the first language of the centre"),
        ('whisper: {en: "{queu}"}', "there is no {queu} here; did you mean 'queue'?"),
        ('whisper: {en: "{wait:digits}"}', "there is no {wait:digits} here"),
        ('whisper: {en: "{Wait}"}', "a brace that belongs to no slot"),
        ("whisper: loud", "'loud' is not right; expected true or false"),
        ("position: sure", "'sure' is not right; expected true or false"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, settings: str, told: str) -> None:
    lines = mistakes(tmp_path, SMALL.replace(HELP, f"{{requires: talking>=2, {settings}}}"))
    assert any(told in line for line in lines), lines


@pytest.mark.parametrize(("after", "too_late"), [(61, True), (60, False)])
def test_a_step_that_comes_too_late_is_doubtful(tmp_path: Path, after: int, too_late: bool) -> None:
    steps = f"requires: [{{skills: talking>=2}}, {{skills: any, after: {after}}}], max_wait: 60"
    lines = doubts(tmp_path, SMALL.replace("requires: talking>=2}", f"{steps}}}"))
    assert (
        any("this step never comes: who has waited 60 s (`max_wait`) is sent away" in one for one in lines) == too_late
    )
