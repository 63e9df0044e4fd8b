"""A dialplan, walked through as a caller would go through it."""

from __future__ import annotations

import pytest

from cti.asterisk.ami_packets import Packet
from cti.asterisk.dialplan import Dialplan, Include, Step, decode_dialplan, matches

ENTER = [
    Step("in", "1000", 1, "Goto", "enter,${EXTEN},1"),
    Step("in", "_[+0-9*#]!", 1, "Playback", "ss-noservice"),
    Step("enter", "_[+0-9]!", 1, "NoOp"),
    Step("enter", "_[+0-9]!", 2, "Stasis", "callwright,in,${EXTEN}", "try"),
    Step("enter", "_[+0-9]!", 3, "GotoIf", '$["${STASISSTATUS}" = "FAILED"]?try:fallback'),
]


def _served(*after: Step) -> bool:
    dialplan = Dialplan([*ENTER, *after])
    start = dialplan.find("in", "1000")
    assert start is not None
    (place,) = dialplan.ways_to("callwright", start)
    return dialplan.served_after(place)


@pytest.mark.parametrize(
    ("pattern", "dialled", "takes"),
    [
        ("1000", "1000", True),
        ("1000", "10000", False),
        ("_1XXX", "1234", True),
        ("_1XXX", "123", False),
        ("_NXZ", "205", True),
        ("_NXZ", "105", False),
        ("_NXZ", "200", False),
        ("_+49.", "+49", False),
        ("_+49.", "+4930", True),
        ("_+49!", "+49", True),
        ("_[2-46]0", "30", True),
        ("_[2-46]0", "60", True),
        ("_[2-46]0", "50", False),
        ("_0-30 XX", "03012", True),
        ("_nxx", "234", True),
        ("h", "h", True),
        ("", "", True),
        ("_", "1", False),
    ],
)
def test_patterns(pattern: str, dialled: str, takes: bool) -> None:
    assert matches(pattern, dialled) is takes


def test_the_narrow_pattern_wins_and_a_context_is_searched_before_those_it_includes() -> None:
    dialplan = Dialplan(
        [
            Include("line", "rest,09:00-17:00,mon-fri,*,*"),
            Step("line", "_1XXX", 1, "NoOp"),
            Step("line", "_1[0-4]XX", 1, "NoOp"),
            Step("rest", "1000", 1, "NoOp"),
            Step("rest", "_X.", 1, "NoOp"),
            Include("rest", "line"),
        ]
    )
    found = [dialplan.find("line", number) for number in ("1000", "1900", "55")]
    assert [(place.context, place.pattern) for place in found if place] == [
        ("line", "_1[0-4]XX"),
        ("line", "_1XXX"),
        ("rest", "_X."),
    ]
    assert dialplan.find("line", "*") is None
    assert dialplan.find("nowhere", "1") is None
    assert dialplan.contexts == {"line", "rest"}


def test_a_number_leads_to_us_or_does_not() -> None:
    dialplan = Dialplan(ENTER)
    known, unknown = dialplan.find("in", "1000"), dialplan.find("in", "2000")
    assert known
    assert unknown
    assert [place.priority for place in dialplan.ways_to("callwright", known)] == [2]
    assert not list(dialplan.ways_to("other", known))
    assert not list(dialplan.ways_to("callwright", unknown))


@pytest.mark.parametrize(
    "step",
    [
        Step("enter", "_[+0-9]!", 4, "Queue", "fallback", "fallback"),
        Step("enter", "_[+0-9]!", 4, "TryExec", "Queue(fallback,,,,60)", "fallback"),
        Step("enter", "_[+0-9]!", 4, "ExecIf", '$["${A}" = "1"]?Dial(PJSIP/anna,20)', "fallback"),
        Step("enter", "_[+0-9]!", 4, "Playback", "im-sorry", "fallback"),
    ],
)
def test_a_fallback_is_something_that_the_caller_gets(step: Step) -> None:
    assert _served(step)


@pytest.mark.parametrize(
    "step",
    [
        Step("enter", "_[+0-9]!", 4, "Hangup", "", "fallback"),
        Step("enter", "_[+0-9]!", 4, "Goto", "nowhere,${EXTEN},1", "fallback"),
        Step("enter", "_[+0-9]!", 4, "Goto", "try", "fallback"),
        Step("enter", "_[+0-9]!", 4, "Stasis", "another", "fallback"),
        Step("elsewhere", "1000", 1, "Queue", "fallback"),
    ],
)
def test_a_fallback_is_not_a_farewell(step: Step) -> None:
    dialplan = Dialplan([*ENTER, step])
    start = dialplan.find("in", "1000")
    assert start is not None
    assert not dialplan.served_after(next(dialplan.ways_to("callwright", start)))


def test_a_subroutine_counts_and_so_does_what_follows_it() -> None:
    calls = Step("enter", "_[+0-9]!", 4, "Gosub", "help,s,1(one,two)", "fallback")
    assert _served(calls, Step("help", "s", 1, "VoiceMail", "100"))
    assert _served(calls, Step("enter", "_[+0-9]!", 5, "Queue", "fallback"))
    assert not _served(calls, Step("enter", "_[+0-9]!", 5, "Hangup"))


def test_branches_of_time() -> None:
    night = Step("enter", "_[+0-9]!", 4, "GotoIfTime", "18:00-8:00,*,*,*?night,1", "fallback")
    assert _served(night, Step("enter", "night", 1, "Playback", "closed"))


def test_a_dialplan_that_goes_round_in_circles_comes_to_an_end() -> None:
    loop = [Step("a", "1", 1, "Goto", "b,1,1"), Step("b", "1", 1, "Goto", "a,1,1")]
    dialplan = Dialplan(loop)
    start = dialplan.find("a", "1")
    assert start is not None
    assert not list(dialplan.ways_to("callwright", start))


def test_what_ami_says_of_it() -> None:
    def packet(**headers: str) -> Packet:
        return Packet(tuple(headers.items()))

    entries = decode_dialplan(
        [
            packet(Response="Success", EventList="start"),
            packet(Event="ListDialplan", Context="in", Extension="1", Priority="1", Application="Goto", AppData="x"),
            packet(Event="ListDialplan", Context="in", IncludeContext="other"),
            packet(Event="ListDialplan", Context="in", Extension="1", Priority="hint", Application="PJSIP/a"),
            packet(Event="ListDialplan", Context="in", Switch="Realtime"),
            packet(Event="ShowDialPlanComplete", EventList="Complete"),
        ]
    )
    assert entries == (Step("in", "1", 1, "Goto", "x"), Include("in", "other"))
