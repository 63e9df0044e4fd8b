"""`center.yaml`: the demo centre, and all that can be wrong with such a file."""

import contextlib
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import config
from acd.model import AgentId, PhoneKind, QueueName
from acd.plan import CenterPlan
from acd.routing.requirement import is_met
from config.center_file import (
    NOBODY_THERE,
    NOT_IN_SERVICE,
    FileMistakes,
    center_schema,
    dialogue_schema,
    flow_schema,
    load_center,
    read_center,
)
from config.center_source import CenterSource
from config.settings import Installed
from ivr.flow.settings import FlowName
from ivr.hours import DAY, Span

FOLDER = Path(config.__file__).parent
DEMO = FOLDER / "demo" / "center.yaml"

SMALL = """\
name: Small
zone: Europe/Berlin
languages: [en]
entry_points:
  "1000": {name: Service, flow: main, hours: office, closed_flow: main}
flows: {main: main.yaml}
hours:
  office:
    open: {mon-fri: ["09:00-17:00"]}
    closed: ["2026-12-25"]
queues:
  help: {requires: talking>=2}
skills: [talking]
agents:
  ann:
    name: Ann
    skills: {talking: 5}
    phones: {desk: {endpoint: PJSIP/ann}}
  bob:
    name: Bob
    skills: {talking: 2}
    phones: {browser: {endpoint: PJSIP/bob-web, node: pbx2}}
supervisors:
  sam: {name: Sam}
"""
FLOW = "start: a\nnodes:\n  a: {kind: to_queue, queue: help}\n"


def load(folder: Path, text: str = SMALL, flow: str = FLOW) -> CenterPlan:
    """The plan of a file with one flow."""
    (folder / "main.yaml").write_text(flow, encoding="utf-8")
    path = folder / "center.yaml"
    path.write_text(text, encoding="utf-8")
    return load_center(path)


def mistakes(folder: Path, text: str, flow: str = FLOW) -> list[str]:
    """What is told of a file that is refused, without the folder."""
    with pytest.raises(FileMistakes) as refused:
        load(folder, text, flow)
    return str(refused.value).replace(f"{folder}/", "").splitlines()


# -- the demo ----------------------------------------------------------------------------------------------------------


def test_the_demo_centre() -> None:
    plan = load_center(DEMO)
    assert set(plan.queues) == {"billing", "products"}
    assert len(plan.agents) == 8
    assert set(plan.supervisors) == {"sam"}
    entry = plan.entry_points["1000"]
    assert (entry.flow, entry.closed_flow, entry.language) == ("welcome", "closed", "en")
    assert entry.hours.is_open(0.0)
    anna = plan.agents[AgentId("anna")]
    assert [(phone.kind, phone.endpoint, phone.node, phone.click_to_answer) for phone in anna.phones] == [
        (PhoneKind.DESK, "PJSIP/anna", "pbx1", True),
        (PhoneKind.BROWSER, "PJSIP/anna-web", "pbx1", False),
    ]
    assert plan.queues[QueueName("billing")].label == {"en": "Billing", "zh": "账单", "es": "Facturas"}
    assert plan.nobody_there.keys() == plan.not_in_service.keys() == {"en", "zh", "es"}


def test_what_callwright_says_itself_it_says_in_the_languages_that_it_has(tmp_path: Path) -> None:
    plan = load(tmp_path, SMALL.replace("languages: [en]", "languages: [es-MX]"))
    assert plan.nobody_there == {"es-MX": NOBODY_THERE["es"]}
    assert plan.not_in_service == {"es-MX": NOT_IN_SERVICE["es"]}


def test_somebody_can_serve_each_queue_of_the_demo_and_somebody_cannot() -> None:
    plan = load_center(DEMO)
    for queue in plan.queues.values():
        able = [agent for agent in plan.agents.values() if is_met(queue.steps[0].need, agent.skills)]
        assert 3 <= len(able) < len(plan.agents)


@pytest.mark.parametrize(
    ("name", "schema"), [("center", center_schema), ("flow", flow_schema), ("dialogues", dialogue_schema)]
)
def test_the_published_schemas_are_up_to_date(name: str, schema: object) -> None:
    """`callwright schema` prints them; see docs/center-file.md."""
    assert callable(schema)
    assert (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8") == schema()


# -- what a file says --------------------------------------------------------------------------------------------------


def test_a_small_centre(tmp_path: Path) -> None:
    plan = load(tmp_path)
    assert (plan.name, plan.zone) == ("Small", "Europe/Berlin")
    hours = plan.entry_points["1000"].hours
    assert hours.spans == tuple(Span(day, 9 * 60, 17 * 60) for day in range(5))
    assert (hours.zone, hours.closed) == ("Europe/Berlin", frozenset({date(2026, 12, 25)}))
    assert plan.entry_points["1000"].language == "en"
    assert plan.queues[QueueName("help")].label == {"en": "help"}
    assert plan.agents[AgentId("bob")].phones[0].node == "pbx2"
    assert plan.flows[FlowName("main")].otherwise == "a"
    assert plan.break_reasons == {"break": None, "lunch": None, "training": None}


@pytest.mark.parametrize(("ring", "next_after"), [("one", None), ("all", 0.0), ("5", 5.0)])
def test_how_phones_ring(tmp_path: Path, ring: str, next_after: float | None) -> None:
    plan = load(tmp_path, SMALL.replace("talking>=2}", f"talking>=2, ring: {ring}, wrap_up: open}}"))
    help_ = plan.queues[QueueName("help")]
    assert (help_.ring_next_after, help_.wrap_up) == (next_after, None)


def test_breaks_with_limits_and_what_follows_a_miss(tmp_path: Path) -> None:
    more = """\
break_reasons: [coffee, {reason: lunch, limit: 1800}]
after_miss: {declined: ready, busy: 30, unreachable: not_ready}
"""
    plan = load(tmp_path, SMALL.replace("    name: Ann\n", "    name: Ann\n    capacity: 2\n") + more)
    assert plan.break_reasons == {"coffee": None, "lunch": 1800.0}
    assert plan.after_miss == {
        "declined": 0.0,
        "hung up": 0.0,
        "phone busy": 30.0,
        "phone unreachable": None,
        "no audio": None,
    }
    assert plan.agents[AgentId("ann")].capacity == 2


@pytest.mark.parametrize(
    ("hours", "spans"),
    [
        ('sat: ["00:00-24:00"]', [Span(5, 0, DAY)]),
        ('sun: ["22:00-06:00"]', [Span(6, 22 * 60, DAY), Span(0, 0, 6 * 60)]),
        ('fri: ["22:00-00:00"]', [Span(4, 22 * 60, DAY)]),
        ('sat-mon: ["10:00-11:00"]', [Span(day, 600, 660) for day in (5, 6, 0)]),
        ('mon: ["08:00-12:00", "13:00-17:00"]', [Span(0, 480, 720), Span(0, 780, 1020)]),
        ("mon: []", []),
    ],
)
def test_opening_hours(tmp_path: Path, hours: str, spans: list[Span]) -> None:
    plan = load(tmp_path, SMALL.replace('mon-fri: ["09:00-17:00"]', hours))
    assert list(plan.entry_points["1000"].hours.spans) == spans


def test_wrap_up_codes_of_the_centre_are_those_of_its_queues(tmp_path: Path) -> None:
    plan = load(tmp_path, SMALL + "wrap_up_codes: [done, wrong number]\n")
    assert plan.queues[QueueName("help")].wrap_up_codes == ("done", "wrong number")


# -- doubts ------------------------------------------------------------------------------------------------------------


def doubts(folder: Path, text: str) -> list[str]:
    """What is told of a file that is taken, without the folder."""
    load(folder, text)
    return [
        doubt.as_warning().replace(f"{folder}/", "") for doubt in read_center(CenterSource(folder / "center.yaml"))[1]
    ]


def test_a_file_may_be_beyond_doubt(tmp_path: Path) -> None:
    assert doubts(tmp_path, SMALL) == []
    assert read_center(CenterSource(DEMO))[1] == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "talking>=2",
            "[{skills: talking>=6}, {skills: talking>=2, after: 20}]",
            "12:30: warning: no agent can serve 'help' at this step: nobody has talking>=6 ('ann' has 5)",
        ),
        ("{main: main.yaml}", "{main: main.yaml, xmas: main.yaml}", "6:32: warning: nothing leads to the flow"),
        (
            "talking>=2}",
            "talking>=2, max_wait: 30, short_abandon: 40}",
            "12:61: warning: everybody who gives up counts as a short abandon: nobody waits longer than 30 s (`max",
        ),
        (
            "skills: [t",
            "transfer_numbers: {self: 10XX}\nskills: [t",
            "13:26: warning: '1000' leads here again (`entry_points`)",
        ),
        (SMALL[SMALL.index("agents:") : SMALL.index("super")], "", "1:1: warning: there are no `agents`, so nobody"),
    ],
)
def test_what_is_hardly_meant_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in SMALL
    lines = doubts(tmp_path, SMALL.replace(old, new, 1))
    assert any(told in line for line in lines), lines


TYPING = ("  help: {requires: talking>=2}", "  help: {requires: talking>=2}\n  post: {requires: typing}")
WITH_NUMBER = '"1000": {name: Service, flow: main, hours: office, closed_flow: main, requires: %s}'


@pytest.mark.parametrize(
    ("asked", "skills", "told"),
    [
        ("talking>=9", "talking: 5", "no agent can serve who calls '1000': nobody has talking>=9 ('ann' has 5)"),
        ("[{skills: talking>=9}, {skills: talking>=8, after: 5}]", "talking: 5", "nobody has talking>=8 ('ann' has 5)"),
        ("typing", "talking: 5", "no agent can serve 'help' for who calls '1000': nobody has typing & talking>=2"),
        ("[{skills: typing>=9}, {skills: typing, after: 9}]", "talking: 5, typing: 2", ""),
    ],
)
def test_a_number_that_asks_too_much_is_doubtful(tmp_path: Path, asked: str, skills: str, told: str) -> None:
    text = SMALL.replace("skills: [talking]", "skills: [talking, typing]").replace("talking: 5", skills)
    text = text.replace("{talking: 2}", "{typing: 3, talking: 1}").replace(*TYPING)
    entry = '"1000": {name: Service, flow: main, hours: office, closed_flow: main}'
    lines = doubts(tmp_path, text.replace(entry, WITH_NUMBER % asked))
    found = [line for line in lines if "who calls" in line]
    assert bool(found) == bool(told), lines
    assert all(line.startswith("center.yaml:5:") and told in line for line in found)


BOTH = "typing & talking>=2 together"
ASKING = "start: hello\nnodes:\n  hello:\n    kind: to_queue\n    queue: help\n    requires: %s\n"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("talking>=9", "no agent can serve 'help' for who comes here: nobody has talking>=9 ('ann' has 5)"),
        (
            "typing",
            f"no agent can serve 'help' for who comes here: nobody has {BOTH} ('ann' comes nearest and lacks typing)",
        ),
        ("typing>=4", "no agent can serve 'help' for who comes here: nobody has typing>=4 ('bob' has 3)"),
        ("[{skills: talking>=9}, {skills: talking>=5, after: 9}]", ""),
        ('"{caller}>=9"', ""),
        ("talking>=5", ""),
    ],
)
def test_a_flow_that_asks_too_much_is_doubtful(tmp_path: Path, asked: str, told: str) -> None:
    text = SMALL.replace("skills: [talking]", "skills: [talking, typing]")
    text = text.replace("{talking: 2}", "{typing: 3, talking: 1}").replace(*TYPING)
    load(tmp_path, text, ASKING % asked)
    those = read_center(CenterSource(tmp_path / "center.yaml"))[1]
    found = [str(doubt) for doubt in those if "comes here" in str(doubt)]
    assert found == ([f"{tmp_path}/main.yaml:6:15: {told}"] if told else [])


@pytest.mark.parametrize(
    ("steps", "vain"),
    [
        ("[{skills: talking>=2}, {skills: talking>=4, after: 9}]", True),
        ("[{skills: talking>=2 | typing}, {skills: typing & talking, after: 9}]", True),
        ("[{skills: talking>=4}, {skills: talking>=2, after: 9}]", False),
        ("[{skills: talking>=4}, {skills: typing, after: 9}]", False),
    ],
)
def test_a_step_that_adds_nobody_is_doubtful(tmp_path: Path, steps: str, vain: bool) -> None:
    text = SMALL.replace("skills: [talking]", "skills: [talking, typing]").replace("talking>=2}", f"{steps}}}")
    text = text.replace("{talking: 2}", "{talking: 4, typing: 1}")
    lines = [line for line in doubts(tmp_path, text) if "this step adds nobody" in line]
    assert len(lines) == vain
    assert all(line.startswith("center.yaml:12:") for line in lines)


# -- mistakes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("flow: main,", "flow: mian,", "center.yaml:5:33: unknown flow 'mian'; did you mean 'main'?"),
        ("hours: office", "hours: ofice", "center.yaml:5:46: unknown hours 'ofice'; did you mean 'office'?"),
        (", closed_flow: main", "", "center.yaml:5:3: `closed_flow` is missing: which flow callers hear outside"),
        ("talking>=2}", "talking>=2, ring: al}", "center.yaml:12:38: 'al' is no way to ring: `one`, `all`, or seconds"),
        ("talking>=2}", "talking>=2, ring: 0}", "center.yaml:12:38: '0' is not right; expected seconds (at least 1"),
        ("talking>=2}", "talking>=2, wrap_up: -1}", "center.yaml:12:41: '-1' is not right; expected seconds (at l"),
        ("talking>=2}", "talking>=2, wrap_up: opn}", "center.yaml:12:41: 'opn' is no length of wrap-up"),
        ("name: Ann", "name: Ann\n    capacity: 0", "center.yaml:17:15: '0' is not right; expected a whole number"),
        ("zone: E", "after_miss: {busi: ready}\nzone: E", "center.yaml:2:14: 'busi' is no way to miss a call"),
        ("zone: E", "after_miss: {busy: soon}\nzone: E", "center.yaml:2:20: 'soon' is no consequence"),
        (
            "zone: E",
            "break_reasons: [tea, {reason: tea, limit: 60}]\nzone: E",
            "center.yaml:2:22: 'tea' stands in this list twice",
        ),
        ("main.yaml", "mian.yaml", "center.yaml:6:15: there is no file 'mian.yaml'; did you mean 'main.yaml'?"),
        ("Europe/Berlin", "Europe/Berln", "center.yaml:2:7: there is no time zone 'Europe/Berln'; did you mean 'Eur"),
        ("Europe/Berlin", "../../etc/passwd", "center.yaml:2:7: there is no time zone '../../etc/passwd'"),
        ("mon-fri", "mon-fry", "center.yaml:9:12: 'mon-fry' is not right; expected a day or days, such as sat or"),
        ("09:00-17:00", "9-17", "center.yaml:9:22: '9-17' is not right; expected times such as"),
        ("09:00-17:00", "09:00-09:00", "center.yaml:9:22: '09:00-09:00' is no time at all"),
        ("2026-12-25", "2026-02-30", "center.yaml:10:14: '2026-02-30' is not in the calendar"),
        (
            "talking>=2",
            "taking>=2",
            "center.yaml:12:20: 'taking>=2', at its character 1: there is no skill 'taking'; did",
        ),
        ("talking>=2", "talking>=11", "at its character 10: a level from 1 to 10 was expected, not '11'"),
        ("talking>=2", "talking & (talking", "at its character 11: this parenthesis is never closed"),
        ("talking>=2", "{talking: 2}", "center.yaml:12:20: expected"),
        ("talking>=2", "[{skills: talking, after: 5}]", "the first step begins at once"),
        ("talking>=2", "[{skills: talking}, {skills: any}]", "a step begins `after` the one before it"),
        ("talking>=2", "[]", "center.yaml:12:20: nothing here; expected a list of steps"),
        ("talking>=2", "any, prefers: least_bussy", "did you mean 'least_busy'?"),
        ("talking>=2", "any, prefers: [occupancy, longest_idel]", "did you mean 'longest_idle'?"),
        ("talking>=2", "any, strict_class: -1", "'-1' is not right; expected a whole number (at least 0, at most 99)"),
        ("skills: {talking: 5}", "skills: {talking: 11}", "'11' is not right; expected a level of skill (at least 1,"),
        ("skills: {talking: 5}", "skills: {taking: 5}", "unknown skill 'taking'; did you mean 'talking'?"),
        ("PJSIP/ann", "PJSIP/ann&PJSIP/all", "expected a phone as Asterisk calls it, such as PJSIP/anna"),
        ("PJSIP/ann", "Local/1@internal", "expected a phone as Asterisk calls it, such as PJSIP/anna"),
        ("{endpoint: PJSIP/bob-web, node: pbx2}", "{endpoint: PJSIP/ann}", "PJSIP/ann is the phone of 'ann' already"),
        ("{desk: {", "{dekstop: {", "'dekstop' is no kind of phone; "),
        ("{desk: {endpoint: PJSIP/ann}}", "{}", "center.yaml:18:13: nothing here; expected a desk or a browser phone"),
        ("  sam:", "  ann:", "center.yaml:24:3: 'ann' is an agent already; everybody needs a name of his own"),
        ("  bob:", "  ann:", "center.yaml:19:3: 'ann' is there already, in line 15; one of them would be lost"),
        ("skills: [talking]", "skills: [talking, talking]", "center.yaml:13:19: 'talking' stands in this list twice"),
        ("languages: [en]", "languages: []", "center.yaml:3:12: nothing here; expected a list of languages"),
        ("languages: [en]", "languages: en", "center.yaml:3:12: expected a list of languages, as in `[one, two]`"),
        ("languages: [en]", "languages: [en, fr]", "`nobody_there` is not said in fr; the centre speaks it"),
        ("languages: [en]\n", "", "center.yaml:1:1: `languages` is missing: a list of languages"),
        ("name: Small\n", "nam: Small\n", "center.yaml:1:1: there is no setting 'nam' here; did you mean 'name'?"),
        (
            "zone: E",
            "transfer_numbers: {a: XXX}\nzone: E",
            "center.yaml:2:23: 'XXX' is not right; expected a telephone",
        ),
        ("zone: E", "transfer_numbers: {a: 2XX4}\nzone: E", "expected a telephone number such as"),
        ("zone: E", "transfer_numbers: {a: 2.}\nzone: E", "or a beginning with an X for each digit that follows"),
        ("zone: E", "transfer_numbers: {2a: 200}\nzone: E", "center.yaml:2:20: '2a' is not right; expected a short"),
        ("zone: E", "transfer_numbers: [200]\nzone: E", "center.yaml:2:19: expected telephone numbers by name"),
        ('"1000"', '"10 00"', "center.yaml:5:3: '10 00' is not right; expected a telephone number as it is dialled"),
        ("{main: main.yaml}", "{}", "center.yaml:6:8: nothing here; expected at least one flow"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in SMALL
    lines = mistakes(tmp_path, SMALL.replace(old, new, 1))
    assert any(told in line for line in lines), lines


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", "center.yaml:22:55: the settings have no [[pbx]] named 'pbx2' (`node`); did you mean 'pbx1'?"),
        (
            "zone:",
            "pbx: here\nzone:",
            "center.yaml:2:6: the settings have no [[pbx]] named 'here' (`pbx`); there is only 'pbx1'",
        ),
    ],
)
def test_a_pbx_that_the_settings_do_not_know(tmp_path: Path, old: str, new: str, told: str) -> None:
    load(tmp_path, SMALL.replace(old, new, 1))
    with pytest.raises(FileMistakes) as refused:
        read_center(CenterSource(tmp_path / "center.yaml"), Installed(["pbx1"]))
    lines = str(refused.value).replace(f"{tmp_path}/", "").splitlines()
    assert told in lines, lines


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    text = SMALL.replace("flow: main,", "flow: x,").replace("PJSIP/ann", "ann").replace("talking>=2", "talking>=two")
    told = mistakes(tmp_path, text, FLOW.replace("queue: help", "queue: hepl"))
    assert [":".join(line.split(":")[:2]) for line in told] == [
        "center.yaml:5",
        "center.yaml:12",
        "center.yaml:18",
        "main.yaml:3",
    ]
    assert "did you mean 'help'?" in told[-1]


def test_a_whole_file_that_was_named_by_mistake_is_not_told(tmp_path: Path) -> None:
    """A text file is YAML, too: one long scalar."""
    (line,) = mistakes(tmp_path, SMALL, "root:x:0:0:root:/root:/bin/sh\n" * 200)
    assert line.startswith("main.yaml:1:1: expected ")
    assert "root" in line
    assert len(line) < 160


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("flow: main,", "flow: X,"),
        ("name: Service,", "X: Service,"),
        ("talking>=2", "X"),
        ("talking>=2", "talking | X"),
        ("PJSIP/ann", "X"),
        ("{desk: {", "{X: {"),
        ("[talking]", "[X, X]"),
        ("Europe/Berlin", "X"),
        ("  bob:", "  X: 1\n  X: 2\n  bob:"),
        ("languages: [en]", "languages: X"),
    ],
)
def test_a_long_text_is_told_in_short(tmp_path: Path, old: str, new: str) -> None:
    assert old in SMALL
    for line in mistakes(tmp_path, SMALL.replace(old, new.replace("X", "x" * 1000), 1)):
        assert "x" * 61 not in line


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileMistakes, match="cannot be read: No such file or directory"):
        load_center(tmp_path / "center.yaml")


def test_a_flow_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for file, told in (
        ("folder", "Is a directory"),
        ("main.yaml/x.yaml", "Not a directory"),
        ('"x\\0"', "a control character"),
    ):
        assert told in mistakes(tmp_path, SMALL.replace("{main: main.yaml}", f"{{main: {file}}}"))[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"name: \xc3\x28", "1:7: not UTF-8 (byte 0xc3); save the file as UTF-8"),
        (b"\xff\xfen\x00", "1:1: not UTF-8"),
        (b"name: [", "not YAML"),
        (b"", "is empty"),
        (b"- a", "1:1: expected settings, not a list"),
        (b"hello", "1:1: expected settings, not the text 'hello'"),
    ],
)
def test_what_is_no_centre_at_all(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "center.yaml"
    path.write_bytes(content)
    with pytest.raises(FileMistakes) as refused:
        load_center(path)
    assert told in str(refused.value)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff" + SMALL).name == "Small"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo, to be torn."""
    return Path(shutil.copytree(DEMO.parent, tmp_path_factory.mktemp("torn") / "demo"))


@settings(max_examples=60)
@given(st.data())
def test_a_file_that_was_torn_is_read_or_refused(folder: Path, data: st.DataObject) -> None:
    """Whatever a slip of the hand does to a file, nothing but `FileMistakes` comes of it."""
    good = DEMO.read_bytes()
    at = data.draw(st.integers(0, len(good)))
    length = data.draw(st.integers(0, 40))
    instead = data.draw(st.binary(max_size=8))
    path = folder / "center.yaml"
    path.write_bytes(good[:at] + instead + good[at + length :])
    with contextlib.suppress(FileMistakes):
        load_center(path)
