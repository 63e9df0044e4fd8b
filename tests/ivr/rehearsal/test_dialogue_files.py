"""Files of dialogues, and all that can be wrong with one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.files.mistakes import FileMistakes
from ivr.flow.settings import FlowName
from ivr.hours import Hours, Span
from ivr.rehearsal.reading import Entrance, scripts_of
from tests.ivr.flows import SERVICE
from tests.ivr.rehearsal.written import CUSTOMERS, centre


def mistakes(text: str) -> list[str]:
    """What is told of a file that is refused."""
    with pytest.raises(FileMistakes) as refused:
        scripts_of(text, "d.yaml", centre())
    return str(refused.value).splitlines()


def test_a_file_is_read_in_its_order_with_its_places() -> None:
    text = CUSTOMERS + "  one: [{hears: x}]\n  two:\n    at: 2026-07-06 09:30\n    steps:\n      - hangs_up\n"
    one, two = scripts_of(text, "d.yaml", centre())
    assert (one.name, one.flow, one.language, one.mark.line) == ("one", "test", "en", 6)
    assert (two.name, two.at, two.steps[0].mark.line) == ("two", 1_783_323_000.0, 10)


def test_the_answers_of_a_dialogue_stand_before_those_of_its_file() -> None:
    text = CUSTOMERS + "  one: {answers: {customer: failed}, steps: [{hears: x}]}\n"
    (script,) = scripts_of(text, "d.yaml", centre())
    assert [sorted(some) for some in script.answers] == [["customer"], ["customer", "customer 1001"]]


@pytest.mark.parametrize(
    ("dialogue", "told"),
    [
        ("[]", "d.yaml:6:8: nothing here; expected a list of steps"),
        ("[{}]", "d.yaml:6:9: an empty step"),
        ("[{hear: x}]", "d.yaml:6:10: there is no setting 'hear' here; did you mean 'hears'?"),
        ("[hang_up]", "d.yaml:6:9: 'hang_up' is no what the caller does"),
        ("[hangs_up, {hears: x}]", "d.yaml:6:19: nothing comes after `hangs_up`"),
        ("[{presses: 1a}]", "'1a' is not right; expected keys of a telephone"),
        ("[{presses: 1, waits: 2}]", "d.yaml:6:29: `presses` and `waits` in one step"),
        ("[{presses: 1, says: 0}]", "`presses` and `says` in one step"),
        ("{flow: tset, steps: [{hears: x}]}", "d.yaml:6:15: unknown flow 'tset'; did you mean 'test'?"),
        ("{language: es, steps: [{hears: x}]}", "unknown language 'es'; there are 'en', 'zh'"),
        ("{at: noon, steps: [{hears: x}]}", "'noon' is not right; expected a time such as mon 10:00"),
        ("{at: 2026-02-30 10:00, steps: [{hears: x}]}", "d.yaml:6:13: there is no day '2026-02-30'"),
        ("[{hears: ' '}]", "d.yaml:6:17: `hears` with nothing in it is always so"),
        ("[{hears: [x, ' ']}]", "d.yaml:6:10: `hears` with nothing in it is always so"),
        ("[{presses: '1', ends: {}}]", "nothing here; expected where it ends"),
        ("[{presses: '1', knows: {}}]", "nothing here; expected variables with what must be in them"),
        ("{at: 0001-01-01 00:00, steps: [{hears: x}]}", "d.yaml:6:13: there is no day '0001-01-01'"),
        ("{caller: Ann, steps: [{hears: x}]}", "'Ann' is not right; expected a telephone number"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(dialogue: str, told: str) -> None:
    (mistake,) = mistakes(f"{CUSTOMERS}  one: {dialogue}\n")
    assert told in mistake


def test_a_dialogue_needs_a_flow() -> None:
    told = "d.yaml:2:3: `flow` is missing, here or for the whole file, or `dialled` for the flow that a number leads to"
    assert mistakes("dialogues:\n  one: [{hears: x}]\n") == [f"{told}; there is only 'test'"]


def test_a_number_leads_to_a_flow_at_its_hours_and_in_its_language() -> None:
    hours = Hours((Span(0, 8 * 60, 18 * 60),), "Europe/Berlin", closed=frozenset({date(2026, 12, 28)}))
    known = centre(night=SERVICE)._replace(
        entrances={"1000": Entrance(FlowName("test"), FlowName("night"), hours, "zh")}
    )

    def comes_in(settings: str) -> tuple[str, str, str]:
        text = f'dialled: "1000"\ndialogues:\n  one: {{{settings}, steps: [{{hears: x}}]}}\n'
        (script,) = scripts_of(text, "d.yaml", known)
        return script.flow, script.language, script.known["dialled"]

    assert comes_in("at: mon 08:00") == ("test", "zh", "1000")
    assert comes_in("at: tue 08:00") == ("night", "zh", "1000")
    assert comes_in("at: 2026-12-28 08:00, language: en") == ("night", "en", "1000")
    assert comes_in('at: tue 08:00, flow: test, dialled: "99"') == ("test", "en", "99"), "a flow that is named counts"
    with pytest.raises(FileMistakes, match=r"d.yaml:3:18: no entry point has the number '99'; there is only '1000'"):
        comes_in('dialled: "99"')


def test_the_same_step_may_come_twice() -> None:
    (script,) = scripts_of(CUSTOMERS + "  one: [{waits: 6}, {waits: 6}]\n", "d.yaml", centre())
    assert script.steps[0].step == script.steps[1].step


@given(st.text(max_size=200))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        scripts_of(CUSTOMERS + text, "d.yaml", centre())
    except FileMistakes:
        pass
