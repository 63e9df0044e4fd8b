"""What the screens show, from a real centre through a whole call."""

from typing import Any

import msgspec
import pytest

from acd.events import CustomerIdentified, CustomerWanted, ReservationMade
from acd.model import (
    AgentId,
    Bill,
    ContactFacts,
    Customer,
    CustomerKnown,
    CustomerUnavailable,
    CustomerUnknown,
    PastContact,
    PathStep,
    UserId,
    WrapUpCode,
)
from acd.requests import ChooseWrapUp, Prioritise, TakeBreak
from acd.told import CustomerAnswered
from agent_desktop.board import agents_view, board_view, queues_view, teams_view
from agent_desktop.feed import Document
from agent_desktop.views import SipAccount, agent_view, concerned, no_account
from cti.events import PbxLost, PbxTaken, PhoneBusy, PhoneReachable
from cti.model import Endpoint
from ivr.dialogue.steps import Shown
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, agent, company, queue

ANNA = AgentId("anna")
MEIER = Customer(
    "c7",
    "Erika <b>Meier</b>",
    note="pays \x1blate",
    url="javascript:alert(1)",
    bills=(Bill("b1", "2026-11-01", "12.50", "EUR", paid=False),) * 30,
)


def _read(document: Document) -> dict[str, Any]:
    return {key: msgspec.json.decode(value) for key, value in document.items()}


def _anna(centre: Centre) -> dict[str, Any]:
    return _read(agent_view(centre.center, centre.center.agents[ANNA], no_account))


@pytest.fixture
def centre() -> Centre:
    """Connected, Anna is Ready."""
    centre = Centre()
    centre.connect()
    centre.ready("anna")
    return centre


def test_an_idle_agent(centre: Centre) -> None:
    """Herself, her state, her queues, and no call."""
    view = _anna(centre)
    assert view["me"] == {
        "id": "anna",
        "name": "Anna",
        "phones": [{"kind": "desk", "click_to_answer": True}, {"kind": "browser", "click_to_answer": False}],
        "phone": "desk",
        "break_reasons": ["break", "lunch", "training"],
        "break_limits": {},
        "capacity": 1,
        "languages": ["en", "zh"],
        "centre": "Test company",
    }
    assert view["state"] == {"kind": "ready", "since": centre.now}
    assert view["phone"] == {"reachable": None, "in_use": False, "pbx": "connected"}
    assert view["queues"] == [{"name": "billing", "label": {"en": "Billing"}, "waiting": 0}]
    assert (view["pop"], view["wrap_up"], view["notices"]) == (None, None, [])
    assert "sip" not in view


def test_of_two_calls_the_one_that_rings_is_in_front() -> None:
    """The other one stands beside it, whole; when it is over it is gone."""
    plan = company(queue(BILLING), agents=(msgspec.structs.replace(agent("anna", billing=5), capacity=2),))
    centre = Centre(plan)
    centre.connect()
    centre.ready("anna")
    first = centre.call_billing()
    centre.connect_call(first)
    talks = centre.interaction(first).id
    rings = centre.interaction(centre.call_billing()).id
    view = _anna(centre)
    assert (view["pop"]["interaction"], view["pop"]["phase"]) == (rings, "ringing")
    beside = view[f"beside:{talks}"]
    assert (beside["pop"]["phase"], beside["wrap_up"]["interaction"]) == ("talking", talks)
    assert view["state"]["kind"] == "busy"
    centre.wait(15.1)
    view = _anna(centre)
    assert view["pop"]["interaction"] == talks
    assert not [key for key in view if key.startswith("beside:")]


def test_what_the_flow_has_her_see(centre: Centre) -> None:
    centre.interaction(centre.call_billing()).shown = (Shown({"en": "Order", "zh": "订单"}, "no. 42\x07"),)
    assert _anna(centre)["pop"]["shown"] == [{"label": {"en": "Order", "zh": "订单"}, "text": "no. 42"}]


def test_a_call_from_pop_to_wrap_up(centre: Centre) -> None:
    """The pop is there with the reservation, fills in when the CRM answers, and goes with the after-call work."""
    caller = centre.call_billing()
    pop = _anna(centre)["pop"]
    assert (pop["phase"], pop["queue"], pop["waited"]) == ("ringing", "billing", 0.0)
    assert pop["caller"] == {"number": "+493012345"}
    assert pop["customer"] == {"status": "pending"}
    assert pop["path"] == [{"node": "menu", "label": {"en": "Billing", "zh": "账单"}, "said": "1"}]
    assert _anna(centre)["wrap_up"] is None

    wanted = centre.last(CustomerWanted)
    outputs = centre.tell(CustomerAnswered(wanted.interaction, CustomerKnown(MEIER)))
    assert concerned(centre.center, outputs) == {ANNA}
    customer = _anna(centre)["pop"]["customer"]
    assert (customer["status"], customer["name"], customer["note"]) == ("known", "Erika <b>Meier</b>", "pays late")
    assert len(customer["bills"]) == 20
    assert "url" not in customer
    assert "typed" not in customer
    centre.tell(CustomerAnswered(wanted.interaction, CustomerKnown(MEIER, typed=True, verified=True)))
    customer = _anna(centre)["pop"]["customer"]
    assert (customer["typed"], customer["verified"]) == (True, True)

    centre.answer()
    assert _anna(centre)["pop"]["phase"] == "connecting"
    centre.connect_call(caller)
    centre.now += 60
    view = _anna(centre)
    assert (view["pop"]["phase"], view["pop"]["since"]) == ("talking", centre.now - 60)
    assert view["wrap_up"]["codes"] == ["solved", "call back"]
    assert (view["wrap_up"]["chosen"], view["wrap_up"]["until"]) == (None, None)
    centre.tell(ChooseWrapUp(centre.request_id(), ANNA, WrapUpCode("solved"), "all well"))
    centre.tell(TakeBreak(centre.request_id(), ANNA, "lunch"))
    assert _anna(centre)["state"]["resume"] == {"kind": "break", "reason": "lunch"}

    centre.hang_up(caller)
    view = _anna(centre)
    assert (view["pop"]["phase"], view["state"]["kind"]) == ("wrap_up", "after_call_work")
    assert (view["wrap_up"]["chosen"], view["wrap_up"]["note"]) == ("solved", "all well")
    assert (view["wrap_up"]["ask_solved"], view["wrap_up"]["solved"]) == (False, None)
    assert view["wrap_up"]["until"] == view["state"]["until"] == centre.now + 20
    centre.wait(21)
    view = _anna(centre)
    assert (view["pop"], view["wrap_up"], view["state"]["kind"]) == (None, None, "not_ready")


@pytest.mark.parametrize(
    ("answer", "status"), [(CustomerUnknown(), "unknown"), (CustomerUnavailable("down"), "unavailable")]
)
def test_a_crm_that_does_not_know(centre: Centre, answer: CustomerUnknown | CustomerUnavailable, status: str) -> None:
    """The number is what there is."""
    centre.call_billing()
    centre.tell(CustomerAnswered(centre.last(CustomerWanted).interaction, answer))
    assert _anna(centre)["pop"]["customer"] == {"status": status}


def test_a_number_is_shown_in_the_spelling_of_the_crm() -> None:
    """Whoever calls: a customer who is known by +49... and a stranger whose trunk says 030..."""
    centre = Centre(msgspec.structs.replace(company(), country="DE"))
    centre.connect()
    centre.ready("anna")
    caller = centre.dial(caller="03023125042")
    centre.press(caller, "1")
    assert _anna(centre)["pop"]["caller"] == {"number": "+493023125042"}
    assert centre.last(CustomerWanted).number == "03023125042"
    board = _read(agents_view(centre.center, [ANNA], centre.now))
    assert board["agent:anna"]["with"]["number"] == "+493023125042"
    assert centre.interaction(caller).caller.number == "03023125042"


def test_a_caller_who_gave_no_valid_answer(centre: Centre) -> None:
    """The agent knows that he was not understood, and has it in the page's language."""
    call = centre.dial()
    for _ in range(3):
        centre.press(call, "9")
        centre.wait(2.0)
    path = _anna(centre)["pop"]["path"]
    assert path == [
        {"node": "menu", "label": {"en": "No valid answer", "zh": "未有效作答", "es": "Sin respuesta válida"}}
    ]


def test_a_note_before_the_code(centre: Centre) -> None:
    """It is there after a reload, and the call is not classified by it."""
    caller = centre.call_billing()
    centre.connect_call(caller)
    centre.tell(ChooseWrapUp(centre.request_id(), ANNA, WrapUpCode(""), "will pay"))
    wrap_up = _anna(centre)["wrap_up"]
    assert (wrap_up["chosen"], wrap_up["note"]) == (None, "will pay")


def test_a_step_that_no_flow_knows_any_more(centre: Centre) -> None:
    """The call came before the flow was changed: its words are those that were written down."""
    caller = centre.call_billing()
    centre.interaction(caller).path = (PathStep("menu", "Invoices", "1"), PathStep("gone", "Number", "77"))
    steps = _anna(centre)["pop"]["path"]
    assert [step["label"] for step in steps] == [{"": "Invoices"}, {"": "Number"}]


def test_earlier_contacts(centre: Centre) -> None:
    """What came through us is told by its facts, with the names of today; what did not, by its line."""
    answered = ContactFacts("answered", "billing", ("anna", "zoe"), ("solved",), ("pays on Friday",))
    gone = ContactFacts("abandoned_in_queue", "closed queue")
    letter = PastContact(1.0, "letter", "Sent a\x1b reading")
    contacts = (PastContact(3.0, "voice", "billing: answered", answered), PastContact(2.0, "voice", "x", gone), letter)
    centre.call_billing()
    known = CustomerKnown(msgspec.structs.replace(MEIER, contacts=contacts))
    centre.tell(CustomerAnswered(centre.last(CustomerWanted).interaction, known))
    assert _anna(centre)["pop"]["customer"]["contacts"] == [
        {
            "at": 3.0,
            "channel": "voice",
            "summary": "billing: answered",
            "outcome": "answered",
            "queue": {"en": "Billing"},
            "agents": ["Anna", "zoe"],
            "codes": ["solved"],
            "note": "pays on Friday",
        },
        {"at": 2.0, "channel": "voice", "summary": "x", "outcome": "abandoned_in_queue", "queue": {"": "closed queue"}},
        {"at": 1.0, "channel": "letter", "summary": "Sent a reading"},
    ]


def test_a_missed_call_leaves_a_notice(centre: Centre) -> None:
    """She should know why she is not ready any more."""
    centre.call_billing()
    centre.wait(16)
    view = _anna(centre)
    assert [one["code"] for one in view["notices"]] == ["missed"]
    assert view["state"]["kind"] == "not_ready"
    assert view["queues"][0]["waiting"] == 1
    assert view["queues"][0]["longest_since"] == centre.now - 16


def test_the_browser_phones_account_is_only_for_its_owner(centre: Centre) -> None:
    """It holds a password."""
    accounts = {ANNA: SipAccount("sip:web-anna@pbx", "web-anna", "s3cret", "wss://pbx/ws", "pbx")}
    view = _read(agent_view(centre.center, centre.center.agents[ANNA], lambda agent: accounts.get(agent.id)))
    assert view["sip"]["password"] == "s3cret"
    others = agent_view(centre.center, centre.center.agents[AgentId("ben")], lambda agent: accounts.get(agent.id))
    board = board_view(centre.center, 0.0, centre.now)
    assert not any(b"s3cret" in bytes(value) for value in [*others.values(), *board.values()])


def test_a_phone_that_registers_is_shown(centre: Centre) -> None:
    """Reachable, or not, or not known."""
    centre.tell(PhoneReachable(NODE, Endpoint("PJSIP/anna")))
    assert _anna(centre)["phone"] == {"reachable": True, "in_use": False, "pbx": "connected"}


def test_why_no_call_can_come_is_shown(centre: Centre) -> None:
    """A call of her own; a PBX that is away, or that another process drives."""
    centre.ready("anna")
    centre.tell(PhoneBusy(NODE, Endpoint("PJSIP/anna")))
    assert _anna(centre)["phone"]["in_use"]
    assert _read(board_view(centre.center, 5.0, centre.now))["agent:anna"]["phone_in_use"]
    centre.tell(PbxLost(NODE, "cut"))
    assert _anna(centre)["phone"]["pbx"] == "away"
    centre.tell(PbxTaken(NODE))
    assert _anna(centre)["phone"]["pbx"] == "taken"
    centre_of_board = _read(board_view(centre.center, 5.0, centre.now))["centre"]
    assert centre_of_board["pbx"] == [{"node": "pbx1", "connected": False, "taken": True}]


def test_the_board(centre: Centre) -> None:
    """Both queues, all agents, and the sums."""
    first, second = centre.call_billing(), centre.call_billing()
    board = _read(board_view(centre.center, 5.0, centre.now))
    assert board["centre"] == {
        "name": "Test company",
        "pbx": [{"node": "pbx1", "connected": True, "taken": False}],
        "since": 5.0,
        "break_reasons": ["break", "lunch", "training"],
        "zone": "Europe/Berlin",
    }
    billing = board["queue:billing"]
    assert (billing["waiting"], billing["ready"], billing["talking"], billing["entered"]) == (2, 0, 0, 2)
    assert [caller["state"] for caller in billing["callers"]] == ["ringing", "waiting"]
    assert (billing["service_level"], billing["asa"]) == (None, None)
    assert board["agent:anna"]["state"]["kind"] == "reserved"
    assert board["agent:anna"]["with"] == {"number": "+493012345"}
    assert board["agent:ben"]["with"] is None
    assert board["agent:ben"]["state"] == {"kind": "logged_out", "since": 0.0}
    assert board["agent:chloe"]["skills"] == {"billing": 1, "products": 5}
    assert (board["today"]["entered"], board["today"]["ledger_ok"]) == (2, True)

    centre.connect_call(first)
    centre.hang_up(second)
    queues = _read(queues_view(centre.center))
    assert (queues["queue:billing"]["waiting"], queues["queue:billing"]["talking"]) == (0, 1)
    assert queues["queue:billing"]["service_level"] == 1.0
    assert queues["today"] == {
        "entered": 2,
        "answered": 1,
        "abandoned": 0,
        "short_abandoned": 1,
        "callback_requested": 0,
        "overflowed": 0,
        "withdrawn": 0,
        "failed": 0,
        "waiting": 0,
        "in_flow": 0,
        "talking": 1,
        "ledger_ok": True,
        "service_level": 1.0,
        "asa": 0.0,
        "wait_median": 0.1,
        "wait_p90": 0.1,
        "longest_since": None,
    }
    assert set(agents_view(centre.center, [ANNA], centre.now)) == {"agent:anna"}


def test_those_concerned_are_named(centre: Centre) -> None:
    """Also when nobody is."""
    caller = centre.call_billing()
    assert concerned(centre.center, [centre.last(ReservationMade)]) == {ANNA}
    gone = centre.interaction(caller).id
    centre.hang_up(caller)
    assert concerned(centre.center, [CustomerIdentified(gone, CustomerUnknown())]) == set()


def test_teams_are_told_where_there_are_any() -> None:
    """Anna of the north has been ready for 30 s and on a call for 10 s; nobody else is in a team."""
    staff = company().agents.values()
    teams = tuple(msgspec.structs.replace(one, team="north" if one.id == ANNA else "") for one in staff)
    centre = Centre(company(agents=teams))
    centre.connect()
    centre.ready("anna")
    assert teams_view(Centre().center, centre.now) == {}
    centre.wait(30.0)
    centre.connect_call(centre.call_billing())
    centre.wait(10.0)
    found = _read(teams_view(centre.center, centre.now))
    assert found["team:north"] == {
        "name": "north",
        "agents": 1,
        "states": {"busy": 1},
        "handled": 1,
        "occupancy": 0.25,
    }
    assert found["team:"]["states"] == {"logged_out": 3}
    anna = _read(agents_view(centre.center, [ANNA], centre.now))["agent:anna"]
    assert (anna["team"], anna["times"]["ready"], anna["times_since"]) == ("north", 30, centre.now - 10.0)
    centre.call_billing()
    assert _read(queues_view(centre.center))["today"]["longest_since"] == centre.now


def test_the_longest_wait_may_be_another_ones_than_the_firsts(centre: Centre) -> None:
    centre.call_billing()
    centre.wait(60.0)
    second = centre.interaction(centre.call_billing())
    centre.tell(Prioritise(centre.request_id(), UserId("sam"), second.id, 300.0))
    shown = _read(queues_view(centre.center))
    assert shown["queue:billing"]["longest_since"] == shown["today"]["longest_since"] == centre.now - 60.0
