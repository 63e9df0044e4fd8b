"""The table of the agent's machine: every state x everything that may happen."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from acd.agents import (
    Accept,
    AfterCallWork,
    AgentInput,
    AgentState,
    BackToBreak,
    Busy,
    EndTalk,
    EndWork,
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
    Withdraw,
    next_state,
)
from acd.model import InteractionId, ReservationId

NOW = 100.0
CALL = InteractionId("i1")
HOLD = ReservationId("r1")

STATES: Mapping[str, AgentState] = {
    "LoggedOut": LoggedOut(1.0),
    "NotReady": NotReady(1.0, "lunch"),
    "Ready": Ready(1.0),
    "Reserved": Reserved(1.0, HOLD, CALL, 50.0),
    "Busy": Busy(1.0, CALL),
    "AfterCallWork": AfterCallWork(1.0, CALL, 50.0),
}

INPUTS: Mapping[str, AgentInput] = {
    "SignIn": SignIn(),
    "SignOut": SignOut(),
    "GoReady": GoReady(),
    "GoOnBreak": GoOnBreak("tea"),
    "Reserve": Reserve(HOLD, CALL, 120.0),
    "Accept": Accept(),
    "Miss": Miss("no answer"),
    "Withdraw": Withdraw(),
    "EndTalk": EndTalk(130.0),
    "EndWork": EndWork(),
    "LoseDesktop": LoseDesktop(),
}

TEA = BackToBreak("tea")
AWAY = NotReady(NOW, "desktop lost")

# What is not here is refused.
EXPECTED: Mapping[tuple[str, str], AgentState] = {
    ("LoggedOut", "SignIn"): NotReady(NOW, "signed in"),
    ("NotReady", "SignIn"): STATES["NotReady"],
    ("NotReady", "SignOut"): LoggedOut(NOW),
    ("NotReady", "GoReady"): Ready(NOW),
    ("NotReady", "GoOnBreak"): NotReady(NOW, "tea"),
    ("NotReady", "LoseDesktop"): AWAY,
    ("Ready", "SignIn"): STATES["Ready"],
    ("Ready", "SignOut"): LoggedOut(NOW),
    ("Ready", "GoReady"): STATES["Ready"],
    ("Ready", "GoOnBreak"): NotReady(NOW, "tea"),
    ("Ready", "Reserve"): Reserved(NOW, HOLD, CALL, 120.0),
    ("Ready", "LoseDesktop"): AWAY,
    ("Reserved", "GoReady"): STATES["Reserved"],
    ("Reserved", "GoOnBreak"): Reserved(1.0, HOLD, CALL, 50.0, TEA),
    ("Reserved", "Accept"): Busy(NOW, CALL),
    ("Reserved", "Miss"): NotReady(NOW, "no answer"),
    ("Reserved", "Withdraw"): Ready(NOW),
    ("Busy", "GoReady"): STATES["Busy"],
    ("Busy", "GoOnBreak"): Busy(1.0, CALL, TEA),
    ("Busy", "Miss"): NotReady(NOW, "no answer"),
    ("Busy", "Withdraw"): Ready(NOW),
    ("Busy", "EndTalk"): AfterCallWork(NOW, CALL, 130.0),
    ("Busy", "LoseDesktop"): Busy(1.0, CALL, BackToBreak("desktop lost")),
    ("AfterCallWork", "SignIn"): STATES["AfterCallWork"],
    ("AfterCallWork", "SignOut"): LoggedOut(NOW),
    ("AfterCallWork", "GoReady"): Ready(NOW),
    ("AfterCallWork", "GoOnBreak"): NotReady(NOW, "tea"),
    ("AfterCallWork", "EndWork"): Ready(NOW),
    ("AfterCallWork", "LoseDesktop"): AfterCallWork(1.0, CALL, 50.0, BackToBreak("desktop lost")),
}


@pytest.mark.parametrize("happened", INPUTS)
@pytest.mark.parametrize("state", STATES)
def test_every_cell(state: str, happened: str) -> None:
    expected = EXPECTED.get((state, happened))
    if expected is None:
        with pytest.raises(NotPossible):
            next_state(STATES[state], INPUTS[happened], NOW)
    else:
        assert next_state(STATES[state], INPUTS[happened], NOW) == expected


def in_a_word(before: AgentState, happened: AgentInput) -> str:
    """A cell of the table in the README."""
    try:
        after = next_state(before, happened, NOW)
    except NotPossible:
        return ""
    if type(after) is not type(before):
        return type(after).__name__
    changed = [name for name in after.__struct_fields__ if getattr(after, name) != getattr(before, name)]
    if "resume" in changed:
        return "(break later)"
    return "(new reason)" if "reason" in changed else "(stays)"


def test_the_table_in_the_readme_is_this_machine() -> None:
    rows = [
        f"| {name} | " + " | ".join(in_a_word(state, happened) for state in STATES.values()) + " |"
        for name, happened in INPUTS.items()
    ]
    readme = (Path(__file__).parents[2] / "acd" / "README.md").read_text(encoding="utf-8")
    table = "\n".join([f"| | {' | '.join(STATES)} |", "|---" * (len(STATES) + 1) + "|", *rows])
    assert table in readme, f"The table should be:\n{table}"


def test_a_break_wished_for_during_the_call_comes_after_it() -> None:
    state: AgentState = Busy(1.0, CALL, TEA)
    state = next_state(state, EndTalk(130.0), NOW)
    assert next_state(state, EndWork(), NOW) == NotReady(NOW, "tea")
