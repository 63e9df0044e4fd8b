"""Callers who know somebody: who is asked first for them, and how long they wait for him."""

import pytest
from msgspec.structs import replace

from acd.events import CustomerWanted, ReservationMade
from acd.model import AgentId, ContactFacts, Customer, CustomerKnown, PastContact, PastTalk
from acd.plan import Familiar, Step
from acd.remembered import CallersRemembered
from acd.requests import BecomeReady, LogOut, TakeBreak
from acd.routing.explanation import explained
from acd.routing.familiar import LastTalks
from acd.routing.requirement import AtLeast
from acd.told import CustomerAnswered
from cti.events import PhoneUnreachable
from cti.model import Endpoint, LegId
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS, agent, company, queue
from tests.acd.test_routing import KNOWS_BILLS, asked

BEN_LOOKS_AFTER_HER = Customer("1", "Eva", owner="ben")
BEN_TALKED_LAST = Customer(
    "2",
    "Max",
    contacts=tuple(
        PastContact(at, "voice", "", ContactFacts("answered", "billing", (who,)))
        for at, who in ((5.0, "anna"), (9.0, "ben"), (7.0, "zoe"))
    ),
)
BOTH = (Familiar.OWNER, Familiar.LAST_AGENT)


def centre_that_prefers(*who: Familiar, wait: float = 20.0, **settings: object) -> Centre:
    """Anna and Ben know bills; Anna is asked first, if nobody is known to the caller."""
    agents = (agent("anna", billing=5), agent("ben", billing=5), agent("zoe", billing=1))
    steps = (Step(AtLeast(KNOWS_BILLS, 5)), Step(AtLeast(KNOWS_BILLS, 1), 10.0))
    billing = queue(BILLING, preferred=who, preferred_wait=wait, **{"steps": steps, **settings})
    centre = Centre(company(billing, queue(PRODUCTS), agents=agents))
    centre.connect()
    centre.ready("anna", "ben")
    return centre


def call_of(centre: Centre, customer: Customer | None, number: str = "+4930777") -> LegId:
    """A call, and what the CRM says of it."""
    leg = centre.dial(caller=number)
    if customer is not None:
        centre.tell(CustomerAnswered(centre.last(CustomerWanted).interaction, CustomerKnown(customer)))
    centre.press(leg, "1")
    return leg


def ben_is_busy(centre: Centre) -> LegId:
    """With somebody who knows nobody; Anna stays free."""
    centre.tell(TakeBreak(centre.request_id(), AgentId("anna"), "lunch"))
    leg = call_of(centre, None, "+4930888")
    centre.connect_call(leg)
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))
    assert asked(centre) == ["ben"]
    return leg


@pytest.mark.parametrize(
    ("who", "customer", "first"),
    [
        ((), BEN_LOOKS_AFTER_HER, "anna"),
        ((Familiar.OWNER,), BEN_LOOKS_AFTER_HER, "ben"),
        ((Familiar.LAST_AGENT,), BEN_LOOKS_AFTER_HER, "anna"),
        ((Familiar.LAST_AGENT,), BEN_TALKED_LAST, "ben"),
        (BOTH, replace(BEN_TALKED_LAST, owner="anna"), "anna"),
        (BOTH, replace(BEN_LOOKS_AFTER_HER, owner="nobody we have"), "anna"),
        (BOTH, None, "anna"),
    ],
)
def test_whom_a_caller_knows_is_asked_first(who: tuple[Familiar, ...], customer: Customer | None, first: str) -> None:
    centre = centre_that_prefers(*who)
    call_of(centre, customer)
    assert asked(centre) == [first]


def test_the_decision_says_so() -> None:
    centre = centre_that_prefers(*BOTH)
    call_of(centre, BEN_LOOKS_AFTER_HER)
    why = explained(centre.last(ReservationMade).why)
    assert why.preferred == {"ben": "owner"}
    assert [(one.agent, one.parts["preferred"], one.reason) for one in why.candidates] == [
        ("ben", 0, ""),
        ("anna", 1, "another one was preferred"),
    ]


def test_he_waits_for_whom_he_knows_as_long_as_the_queue_allows() -> None:
    centre = centre_that_prefers(*BOTH)
    ben_is_busy(centre)
    call_of(centre, BEN_LOOKS_AFTER_HER)
    centre.wait(19.9)
    assert asked(centre) == ["ben"]
    centre.wait(0.2)
    assert asked(centre) == ["ben", "anna"]
    why = explained(centre.last(ReservationMade).why)
    assert why.reason_for(AgentId("ben"), centre.last(ReservationMade).why.roster.agents) == "busy"
    assert why.preferred == {"ben": "owner"}


def test_he_gets_him_as_soon_as_he_is_free() -> None:
    centre = centre_that_prefers(*BOTH, wrap_up=5.0)
    first = ben_is_busy(centre)
    call_of(centre, BEN_LOOKS_AFTER_HER)
    centre.hang_up(first)
    assert asked(centre) == ["ben"], "after-call work"
    centre.wait(5.0)
    assert asked(centre) == ["ben", "ben"]


@pytest.mark.parametrize("end", ["break", "phone", "log out"])
def test_who_will_not_come_is_not_waited_for(end: str) -> None:
    centre = centre_that_prefers(*BOTH)
    first = ben_is_busy(centre)
    call_of(centre, BEN_LOOKS_AFTER_HER)
    ben = AgentId("ben")
    match end:
        case "break":
            centre.tell(TakeBreak(centre.request_id(), ben, "lunch"))
        case "phone":
            centre.tell(PhoneUnreachable(NODE, Endpoint("PJSIP/ben")))
        case _:
            centre.hang_up(first)
            assert asked(centre) == ["ben"]
            centre.tell(LogOut(centre.request_id(), ben))
    assert asked(centre) == ["ben", "anna"]


def test_skill_comes_before_acquaintance() -> None:
    """Zoe, whom she knows, meets the second step only; whoever meets the first is asked before her."""
    centre = centre_that_prefers(Familiar.OWNER, wait=60.0)
    centre.ready("zoe")
    call_of(centre, Customer("1", "Eva", owner="zoe"))
    assert asked(centre) == ["anna"]


def test_while_he_waits_for_one_at_a_later_step_an_earlier_one_is_open() -> None:
    centre = centre_that_prefers(Familiar.OWNER, wait=60.0)
    for who in ("anna", "ben"):
        centre.tell(TakeBreak(centre.request_id(), AgentId(who), "lunch"))
    centre.ready("zoe")
    other = call_of(centre, None, "+4930888")
    centre.wait(10.0)
    centre.connect_call(other)
    call_of(centre, Customer("1", "Eva", owner="zoe"))
    centre.wait(11.0)
    assert asked(centre) == ["zoe"]
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))
    assert asked(centre) == ["zoe", "anna"]


def test_a_late_answer_of_the_crm_still_counts() -> None:
    centre = centre_that_prefers(*BOTH)
    first = ben_is_busy(centre)
    centre.tell(TakeBreak(centre.request_id(), AgentId("anna"), "lunch"))
    call_of(centre, None)
    centre.tell(CustomerAnswered(centre.last(CustomerWanted).interaction, CustomerKnown(BEN_LOOKS_AFTER_HER)))
    centre.tell(BecomeReady(centre.request_id(), AgentId("anna")))
    assert asked(centre) == ["ben"], "she waits for him"
    centre.hang_up(first)
    centre.tell(BecomeReady(centre.request_id(), AgentId("ben")))
    assert asked(centre) == ["ben", "ben"]


def test_who_talked_last_is_known_by_the_number_too() -> None:
    centre = centre_that_prefers(*BOTH)
    first = ben_is_busy(centre)
    centre.hang_up(first)
    centre.tell(BecomeReady(centre.request_id(), AgentId("ben")))
    centre.wait(120.0)
    call_of(centre, None, "+4930888")
    assert asked(centre) == ["ben", "ben"]
    assert explained(centre.last(ReservationMade).why).preferred == {"ben": "last agent"}


def test_a_hidden_number_is_nobodys() -> None:
    talks = LastTalks()
    for number in ("", "Anonymous", " anonymous "):
        talks.note(number, AgentId("ben"), 5.0)
        assert talks.with_number(number) == (0.0, "")


def test_an_older_talk_does_not_replace_a_newer_one() -> None:
    talks = LastTalks()
    talks.note("1", AgentId("ben"), 5.0)
    talks.note("1", AgentId("anna"), 4.0)
    assert talks.with_number("1") == (5.0, "ben")


def test_who_talked_with_the_last_process_is_known_to_this_one() -> None:
    centre = centre_that_prefers(Familiar.LAST_AGENT)
    talks = [PastTalk("+4930777", AgentId("ben"), centre.now - 60), PastTalk("+4930777", AgentId("anna"), 5.0)]
    centre.tell(CallersRemembered(talks=talks))
    call_of(centre, None)
    assert asked(centre) == ["ben"]
