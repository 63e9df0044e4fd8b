"""The table of the agent's machine: every state x everything that may happen."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from acd.model import InteractionId, ReservationId
from acd.people.agents import (
    Accept,
    AfterCallWork,
    AgentInput,
    AgentState,
    BackToBreak,
    Busy,
    EndTalk,
    EndWork,
    ExtendWork,
    GoOnBreak,
    GoReady,
    LoggedOut,
    LoseDesktop,
    Miss,
    NotPossible,
    NotReady,
    Ready,
    Reserve,
    Reserved,
    SignIn,
    SignOut,
    Standing,
    Withdraw,
    next_standing,
    shown,
    unavailable_because,
)

NOW = 100.0
CALL = InteractionId("i1")
OTHER = InteractionId("i2")
HOLD = ReservationId("r1")
READY = Ready(1.0)

STATES: Mapping[str, Standing] = {
    "LoggedOut": Standing(LoggedOut(1.0)),
    "NotReady": Standing(NotReady(1.0, "lunch")),
    "Ready": Standing(READY),
    "Reserved": Standing(READY, (Reserved(1.0, HOLD, CALL, 50.0),)),
    "Busy": Standing(READY, (Busy(1.0, CALL),)),
    "AfterCallWork": Standing(READY, (AfterCallWork(1.0, CALL, 50.0),)),
}

INPUTS: Mapping[str, AgentInput] = {
    "SignIn": SignIn(),
    "SignOut": SignOut(),
    "GoReady": GoReady(),
    "GoOnBreak": GoOnBreak("tea"),
    "Reserve": Reserve(CALL, HOLD, 120.0),
    "Accept": Accept(CALL),
    "Miss": Miss(CALL, "no answer"),
    "Withdraw": Withdraw(CALL),
    "EndTalk": EndTalk(CALL, 130.0),
    "ExtendWork": ExtendWork(CALL, 170.0),
    "EndWork": EndWork(CALL),
    "LoseDesktop": LoseDesktop(),
}

TEA = BackToBreak("tea")
AWAY = NotReady(NOW, "desktop lost")
BACK_LOST = BackToBreak("desktop lost")

# What is not here is refused.
EXPECTED: Mapping[tuple[str, str], AgentState] = {
    ("LoggedOut", "SignIn"): NotReady(NOW, "signed in"),
    ("NotReady", "SignIn"): NotReady(1.0, "lunch"),
    ("NotReady", "SignOut"): LoggedOut(NOW),
    ("NotReady", "GoReady"): Ready(NOW),
    ("NotReady", "GoOnBreak"): NotReady(NOW, "tea"),
    ("NotReady", "LoseDesktop"): AWAY,
    ("Ready", "SignIn"): READY,
    ("Ready", "SignOut"): LoggedOut(NOW),
    ("Ready", "GoReady"): READY,
    ("Ready", "GoOnBreak"): NotReady(NOW, "tea"),
    ("Ready", "Reserve"): Reserved(NOW, HOLD, CALL, 120.0),
    ("Ready", "LoseDesktop"): AWAY,
    ("Reserved", "SignIn"): Reserved(1.0, HOLD, CALL, 50.0),
    ("Reserved", "GoReady"): Reserved(1.0, HOLD, CALL, 50.0),
    ("Reserved", "GoOnBreak"): Reserved(1.0, HOLD, CALL, 50.0, TEA),
    ("Reserved", "Accept"): Busy(NOW, CALL),
    ("Reserved", "Miss"): NotReady(NOW, "no answer"),
    ("Reserved", "Withdraw"): Ready(NOW),
    ("Busy", "SignIn"): Busy(1.0, CALL),
    ("Busy", "GoReady"): Busy(1.0, CALL),
    ("Busy", "GoOnBreak"): Busy(1.0, CALL, TEA),
    ("Busy", "Miss"): NotReady(NOW, "no answer"),
    ("Busy", "Withdraw"): Ready(NOW),
    ("Busy", "EndTalk"): AfterCallWork(NOW, CALL, 130.0),
    ("Busy", "LoseDesktop"): Busy(1.0, CALL, BACK_LOST),
    ("AfterCallWork", "SignIn"): AfterCallWork(1.0, CALL, 50.0),
    ("AfterCallWork", "SignOut"): LoggedOut(NOW),
    ("AfterCallWork", "GoReady"): Ready(NOW),
    ("AfterCallWork", "GoOnBreak"): NotReady(NOW, "tea"),
    ("AfterCallWork", "ExtendWork"): AfterCallWork(1.0, CALL, 170.0, extended=1),
    ("AfterCallWork", "EndWork"): Ready(NOW),
    ("AfterCallWork", "LoseDesktop"): AfterCallWork(1.0, CALL, 50.0, BACK_LOST),
}


@pytest.mark.parametrize("happened", INPUTS)
@pytest.mark.parametrize("state", STATES)
def test_every_cell(state: str, happened: str) -> None:
    expected = EXPECTED.get((state, happened))
    if expected is None:
        with pytest.raises(NotPossible):
            next_standing(STATES[state], INPUTS[happened], NOW)
    else:
        assert shown(next_standing(STATES[state], INPUTS[happened], NOW)) == expected


def in_a_word(standing: Standing, happened: AgentInput) -> str:
    """A cell of the table in the README."""
    try:
        after = shown(next_standing(standing, happened, NOW))
    except NotPossible:
        return ""
    before = shown(standing)
    if type(after) is not type(before):
        return type(after).__name__
    changed = [name for name in after.__struct_fields__ if getattr(after, name) != getattr(before, name)]
    words = {"resume": "(break later)", "reason": "(new reason)", "until": "(more time)"}
    return next((word for name, word in words.items() if name in changed), "(stays)")


def test_the_table_in_the_readme_is_this_machine() -> None:
    rows = [
        f"| {name} | " + " | ".join(in_a_word(state, happened) for state in STATES.values()) + " |"
        for name, happened in INPUTS.items()
    ]
    readme = (Path(__file__).parents[2] / "acd" / "README.md").read_text(encoding="utf-8")
    table = "\n".join([f"| | {' | '.join(STATES)} |", "|---" * (len(STATES) + 1) + "|", *rows])
    assert table in readme, f"The table should be:\n{table}"


def after(standing: Standing, *inputs: AgentInput) -> Standing:
    for happened in inputs:
        standing = next_standing(standing, happened, NOW)
    return standing


def test_a_break_wished_for_during_the_call_comes_after_it() -> None:
    done = after(STATES["Busy"], GoOnBreak("tea", 60.0), EndTalk(CALL, 130.0), EndWork(CALL))
    assert shown(done) == NotReady(NOW, "tea", 60.0)


def test_he_who_has_two_places_takes_a_second_call_and_no_third() -> None:
    two = Standing(READY, (Busy(1.0, CALL),), capacity=2)
    assert not unavailable_because(two)
    rings = after(two, Reserve(OTHER, HOLD, 120.0))
    assert unavailable_because(rings) == "reserved for another call"
    assert shown(rings) == Busy(1.0, CALL), "he talks, whatever rings beside"
    both = after(rings, Accept(OTHER))
    assert unavailable_because(both) == "busy"
    with pytest.raises(NotPossible):
        after(both, Reserve(InteractionId("i3"), HOLD, 120.0))
    one_less = after(both, EndTalk(CALL, None))
    assert unavailable_because(one_less) == "busy", "what he writes up has a place, too"
    assert not unavailable_because(after(one_less, EndWork(CALL)))


def test_a_call_missed_beside_another_ends_neither_the_talk_nor_the_place_of_the_wish() -> None:
    two = after(Standing(READY, (Busy(1.0, CALL),), capacity=2), Reserve(OTHER, HOLD, 120.0), Miss(OTHER, "no answer"))
    assert shown(two) == Busy(1.0, CALL, BackToBreak("no answer"))
    assert shown(after(two, Withdraw(CALL))) == NotReady(NOW, "no answer")


@pytest.mark.parametrize(
    ("pause", "expected"),
    [
        (None, NotReady(NOW, "declined")),
        (30.0, NotReady(NOW, "declined", 30.0, returns=True)),
        (0.0, Ready(NOW)),
    ],
)
def test_what_follows_a_miss_is_for_the_company_to_say(pause: float | None, expected: AgentState) -> None:
    assert shown(after(STATES["Reserved"], Miss(CALL, "declined", pause))) == expected
