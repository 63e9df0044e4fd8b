"""After-call work, breaks, missed calls and several calls, as the screens of agents and supervisors show them."""

from typing import Any

import msgspec
import pytest

from acd.calls.reservations import NO_ANSWER
from acd.model import AgentId, WrapUpCode
from acd.plan import CenterPlan
from acd.requests import AnswerCall, ChooseWrapUp, ExtendWrapUp, FinishWrapUp, ReturnTask, TakeBreak
from agent_desktop.board import board_view
from agent_desktop.views import agent_view, no_account
from cti.events import PhoneBusy, PhoneFree, PhoneReachable, PhoneUnreachable
from cti.model import Endpoint
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, agent, company, queue

ANNA = AgentId("anna")


def at_work(plan: CenterPlan, *agents: str) -> Centre:
    """Connected, and these are Ready."""
    centre = Centre(plan)
    centre.connect()
    centre.ready(*agents)
    return centre


def anna(centre: Centre) -> dict[str, Any]:
    """Her view."""
    view = agent_view(centre.center, centre.center.agents[ANNA], no_account)
    return {key: msgspec.json.decode(value) for key, value in view.items()}


def board(centre: Centre) -> dict[str, Any]:
    """The supervisors' view."""
    return {key: msgspec.json.decode(value) for key, value in board_view(centre.center, 5.0, centre.now).items()}


def test_more_time_is_told_with_how_much_and_how_often() -> None:
    """Only in after-call work, and one less each time."""
    centre = at_work(company(queue(BILLING, wrap_up_extension=45.0, wrap_up_extensions=2)), "anna")
    caller = centre.call_billing()
    centre.connect_call(caller)
    wrap_up = anna(centre)["wrap_up"]
    assert (wrap_up["extension"], wrap_up["extensions_left"]) == (0.0, 0)
    centre.hang_up(caller)
    for left in (2, 1, 0):
        wrap_up = anna(centre)["wrap_up"]
        assert (wrap_up["extension"], wrap_up["extensions_left"]) == (45.0, left)
        assert wrap_up["until"] == centre.now + 20.0 + (2 - left) * 45.0
        centre.tell(ExtendWrapUp(centre.request_id(), ANNA))


@pytest.mark.parametrize("settings", [{"wrap_up": None}, {"wrap_up_extensions": 0}])
def test_more_time_is_not_told_where_there_is_none(settings: dict[str, Any]) -> None:
    """Without a limit nobody needs it; without an extension nobody gets it."""
    centre = at_work(company(queue(BILLING, **settings)), "anna")
    caller = centre.call_billing()
    centre.connect_call(caller)
    centre.hang_up(caller)
    wrap_up = anna(centre)["wrap_up"]
    assert (wrap_up["extension"], wrap_up["extensions_left"]) == (0.0, 0)


def test_a_break_has_its_limit() -> None:
    """In what she may choose from, and in her state; it does not end by itself."""
    limits = {"lunch": 1800.0, "training": None}
    centre = at_work(msgspec.structs.replace(company(), break_reasons=limits), "anna")
    assert anna(centre)["me"]["break_limits"] == {"lunch": 1800.0}
    centre.tell(TakeBreak(centre.request_id(), ANNA, "lunch"))
    state = {"kind": "not_ready", "since": centre.now, "reason": "lunch", "until": centre.now + 1800.0}
    assert anna(centre)["state"] == state
    centre.wait(1801.0)
    view = anna(centre)
    assert (view["state"], [one["code"] for one in view["notices"]]) == (state, ["break_over"])
    assert board(centre)["agent:anna"]["state"] == state


def test_a_pause_after_a_missed_call_tells_that_it_ends_by_itself() -> None:
    """And when."""
    centre = at_work(msgspec.structs.replace(company(), after_miss={NO_ANSWER: 30.0}), "anna")
    caller = centre.call_billing()
    centre.wait(15.1)
    state = anna(centre)["state"]
    assert (state["kind"], state["returns"], state["until"]) == ("not_ready", True, state["since"] + 30.0)
    centre.hang_up(caller)
    centre.wait(31.0)
    assert anna(centre)["state"]["kind"] == "ready"


def test_the_board_shows_all_calls_of_an_agent() -> None:
    """With their phases; the first is the one that rings."""
    plan = company(
        queue(BILLING, wrap_up=None), agents=(msgspec.structs.replace(agent("anna", billing=5), capacity=3),)
    )
    centre = at_work(plan, "anna")
    first = centre.call_billing()
    written_up = centre.interaction(first).id
    centre.connect_call(first)
    centre.hang_up(first)
    centre.connect_call(centre.call_billing())
    centre.call_billing()
    shown = board(centre)["agent:anna"]
    assert [call["phase"] for call in shown["calls"]] == ["ringing", "talking", "wrap_up"]
    assert shown["calls"][2] == {
        "interaction": written_up,
        "number": "+493012345",
        "name": "",
        "phase": "wrap_up",
        "since": centre.now,
    }
    assert shown["state"]["kind"] == "busy"
    centre.tell(FinishWrapUp(centre.request_id(), ANNA, written_up))
    assert [call["phase"] for call in board(centre)["agent:anna"]["calls"]] == ["ringing", "talking"]


def test_the_board_names_all_whose_phones_ring_for_a_caller() -> None:
    """And nobody for who only waits."""
    centre = at_work(company(queue(BILLING, ring_next_after=0.0)), "anna", "ben")
    centre.call_billing()
    centre.call_billing()
    rings, waits = board(centre)["queue:billing"]["callers"]
    assert sorted(rings["rings_at"]) == ["Anna", "Ben"]
    assert "rings_at" not in waits


def test_the_board_says_why_somebody_who_is_ready_is_not_asked() -> None:
    """Of nobody else: who is on a break or on a call is not asked anyway."""
    centre = at_work(company(), "anna")
    phone = Endpoint("PJSIP/anna")
    assert board(centre)["agent:anna"]["out_of_reach"] == ""
    centre.tell(PhoneUnreachable(NODE, phone))
    assert board(centre)["agent:anna"]["out_of_reach"] == "phone unreachable"
    centre.tell(PhoneReachable(NODE, phone))
    centre.tell(PhoneBusy(NODE, phone))
    assert board(centre)["agent:anna"]["out_of_reach"] == "phone in use"
    centre.tell(TakeBreak(centre.request_id(), ANNA, "lunch"))
    assert board(centre)["agent:anna"]["out_of_reach"] == ""
    centre.tell(PhoneFree(NODE, phone))
    assert board(centre)["agent:ben"]["out_of_reach"] == ""


def phases(of: dict[str, Any]) -> list[str]:
    """Of all that Anna has, the one in front first."""
    beside = [call["pop"] for key, call in of.items() if key.startswith("beside:")]
    return [pop["phase"] for pop in (of["pop"], *beside)]


def test_a_message_is_offered_and_then_in_hand_with_its_codes() -> None:
    centre = at_work(company(queue(BILLING)), "anna")
    centre.leave("v1")
    offered = anna(centre)
    assert (offered["pop"]["phase"], offered["pop"]["voicemail"], offered["wrap_up"]) == ("offered", "v1", None)
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    centre.tell(ChooseWrapUp(centre.request_id(), ANNA, WrapUpCode("solved"), "will pay"))
    in_hand = anna(centre)
    assert in_hand["pop"]["phase"] == "in_hand"
    wrap_up = in_hand["wrap_up"]
    assert wrap_up["interaction"] == in_hand["pop"]["interaction"]
    assert (wrap_up["chosen"], wrap_up["note"], wrap_up["until"]) == ("solved", "will pay", None)
    assert "solved" in wrap_up["codes"]
    centre.tell(ReturnTask(centre.request_id(), ANNA))
    assert anna(centre)["pop"] is None


def test_a_caller_comes_before_a_message() -> None:
    """With a place for both: while it rings, and while she talks."""
    plan = company(queue(BILLING), agents=(msgspec.structs.replace(agent("anna", billing=5), capacity=3),))
    centre = at_work(plan, "anna")
    centre.leave("v1")
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    caller = centre.call_billing()
    assert phases(anna(centre)) == ["ringing", "in_hand"]
    centre.connect_call(caller)
    centre.leave("v2")
    assert phases(anna(centre)) == ["talking", "offered", "in_hand"]
    assert {call["phase"] for call in board(centre)["agent:anna"]["calls"]} == {"talking", "offered", "in_hand"}


def test_the_board_counts_the_messages_that_nobody_has_in_hand() -> None:
    centre = at_work(company(queue(BILLING)))
    began = centre.now
    for about in ("v1", "v2"):
        centre.leave(about)
        centre.wait(60)
    billing = board(centre)["queue:billing"]
    assert (billing["messages"], billing["oldest_message"]) == (2, began)
    assert (billing["waiting"], billing["longest_since"]) == (0, None), "they are no callers"
    centre.ready("anna")
    assert board(centre)["queue:billing"]["messages"] == 2, "offered is not in hand"
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    billing = board(centre)["queue:billing"]
    assert (billing["messages"], billing["oldest_message"]) == (1, began + 60)
    (call,) = board(centre)["agent:anna"]["calls"]
    assert (call["phase"], call["number"], call["name"]) == ("in_hand", "+493012345", "Ann")
    centre.tell(FinishWrapUp(centre.request_id(), ANNA))
    centre.tell(AnswerCall(centre.request_id(), ANNA))
    assert (board(centre)["queue:billing"]["messages"], board(centre)["queue:billing"]["oldest_message"]) == (0, None)
