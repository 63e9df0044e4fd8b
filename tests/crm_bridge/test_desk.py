"""The desk answers every question once, in time, whatever the CRM does; and tells the CRM what has happened."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import create_async_engine

from acd.edge.spool import Spool
from acd.events import (
    CenterEvent,
    CustomerWanted,
    InteractionClosed,
    QuestionAsked,
    RepairMade,
    SegmentClosed,
    WrapUpChosen,
)
from acd.model import (
    AgentId,
    Customer,
    CustomerAnswer,
    CustomerKnown,
    CustomerUnavailable,
    CustomerUnknown,
    InteractionId,
    InteractionOutcome,
    QuestionId,
    QueueName,
    SegmentId,
    SegmentOutcome,
    WrapUpCode,
)
from acd.told import CustomerAnswered, QuestionAnswered
from crm_bridge.breaker import Open
from crm_bridge.connector import ContactRefused, Created, CrmCannot, CrmFailed, Found
from crm_bridge.contacts import ContactNotes
from crm_bridge.edge.asking import AT_ONCE
from crm_bridge.edge.desk import MOST_WAITING, Answer, CrmDesk
from crm_bridge.edge.outbox import Outbox
from crm_bridge.edge.wrong_pins import WrongPins
from cti.model import CallerId, CallId
from ivr.flow.questions import Create, LookUp
from ivr.flow.secret import Secret
from tests.crm_bridge.crm import EMMA, ObedientCrm, until

KNOWN = "+49 30 23125001"


NOWHERE = WrongPins(create_async_engine("sqlite+aiosqlite://", poolclass=NullPool), lambda: 0.0)
"""Without tables: nobody is verified here (`test_verifying` has them)."""


class Desk:
    """A desk with its outbox, and what it has answered."""

    def __init__(self, crm: ObedientCrm, folder: Path) -> None:
        self.answers: list[Answer] = []
        self.outbox = Outbox(crm, Spool(folder))
        self.desk = CrmDesk(crm, self.outbox, NOWHERE, self.answers.append, "DE")
        self.asking = self.desk.asking

    async def who(self, number: str = KNOWN) -> CustomerAnswer:
        """Ask who has the number, and wait for the answer."""
        (answer,) = await self.asked(CustomerWanted(InteractionId("i1"), number))
        assert isinstance(answer, CustomerAnswered)
        return answer.answer

    async def look_up(self, kind: str, key: str) -> Answer:
        """Ask for something, and wait for the answer."""
        (answer,) = await self.asked(QuestionAsked(QuestionId("q1"), InteractionId("i1"), LookUp(kind, key, "en")))
        return answer

    async def asked(self, *questions: CenterEvent) -> list[Answer]:
        """Ask, and wait for all answers."""
        self.answers.clear()
        self.desk.listen(questions, 0.0)
        await until(lambda: not self.desk.waiting)
        return list(self.answers)


@pytest.fixture
async def desk(crm: ObedientCrm, tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk that is open."""
    desk = Desk(crm, tmp_path / "outbox")
    await desk.outbox.start()
    yield desk
    await desk.desk.stop()
    await desk.outbox.stop()


async def test_who_is_calling(desk: Desk, crm: ObedientCrm) -> None:
    assert await desk.who() == CustomerKnown(EMMA)
    assert crm.questions == ["+493023125001"]


@pytest.mark.parametrize("number", ["", "anonymous", "\0", "7", "x" * 9999])
async def test_who_has_no_number_is_not_asked_for(desk: Desk, crm: ObedientCrm, number: str) -> None:
    assert await desk.who(number) == CustomerUnknown()
    assert crm.questions == []


async def test_nobody_has_this_number(desk: Desk, crm: ObedientCrm) -> None:
    crm.answer = None
    assert await desk.who() == CustomerUnknown()
    assert await desk.look_up("customer", "1001") == QuestionAnswered(QuestionId("q1"), "not_found")


async def test_a_number_without_its_plus_is_read_both_ways(desk: Desk, crm: ObedientCrm) -> None:
    crm.answer = None
    await desk.who("442079460123")
    assert crm.questions == ["+49442079460123", "+442079460123"]


def failed(answer: Answer) -> bool:
    """Whether a flow has no answer."""
    return isinstance(answer, QuestionAnswered) and answer.way == "failed"


async def test_a_flow_looks_up(desk: Desk, crm: ObedientCrm) -> None:
    answer = await desk.look_up("customer", "1001")
    assert isinstance(answer, QuestionAnswered)
    assert (answer.learnt["balance"], answer.customer) == ("12.50", EMMA)
    crm.answer = Found({"bill_amount": "3.00", "bill_due": "soon", "name": "Eve"}, EMMA)
    answer = await desk.look_up("bill", "1001")
    assert isinstance(answer, QuestionAnswered)
    nothing = dict.fromkeys(("bill_number", "bill_currency", "bill_issued", "bill_due", "bill_paid"), "")
    assert answer.learnt == {"bill_amount": "3.00", **nothing}, (
        "what has not its type is not told, nor what nobody asked"
    )
    assert crm.questions == ["1001", "bill 1001 en"]


async def test_what_belongs_to_no_customer(desk: Desk, crm: ObedientCrm) -> None:
    crm.answer = Found({"product_code": "4711", "product_price": "19.90", "product_in_stock": "true"})
    answer = await desk.look_up("product", "4711")
    assert isinstance(answer, QuestionAnswered)
    assert (answer.way, answer.learnt["product_price"], answer.customer) == ("found", "19.90", None)


async def test_slow(desk: Desk, crm: ObedientCrm) -> None:
    crm.delay = 30.0
    before = time.monotonic()
    answers = await desk.asked(
        CustomerWanted(InteractionId("i1"), KNOWN),
        QuestionAsked(QuestionId("q1"), InteractionId("i1"), LookUp("customer", "1001", "en", within=0.1)),
    )
    assert 1.4 < time.monotonic() - before < 2.5
    reason = "the CRM did not answer within {} s"
    assert CustomerAnswered(InteractionId("i1"), CustomerUnavailable(reason.format(1.5))) in answers
    assert QuestionAnswered(QuestionId("q1"), "failed", reason=reason.format(0.1)) in answers
    assert crm.at_once == 0


async def test_a_flow_may_wait_longer_than_a_pop(desk: Desk, crm: ObedientCrm) -> None:
    crm.delay = 1.7
    flow = QuestionAsked(QuestionId("q1"), InteractionId("i1"), LookUp("customer", "1001", "en", within=10.0))
    who, looked_up = await desk.asked(CustomerWanted(InteractionId("i1"), KNOWN), flow)
    assert isinstance(who, CustomerAnswered)
    assert isinstance(who.answer, CustomerUnavailable)
    assert isinstance(looked_up, QuestionAnswered)
    assert looked_up.way == "found"


async def test_flows_that_wait_keep_no_pop_waiting(desk: Desk, crm: ObedientCrm) -> None:
    crm.delay = 30.0
    slow = [
        QuestionAsked(QuestionId(f"q{n}"), InteractionId("i"), LookUp("order", "1", "en", within=60.0))
        for n in range(MOST_WAITING + 1)
    ]
    desk.desk.listen(slow, 0.0)
    await until(lambda: crm.at_once == AT_ONCE)
    assert [failed(answer) for answer in desk.answers] == [True], "one too many"
    crm.delay = 0.0
    desk.desk.told(CustomerWanted(InteractionId("i1"), KNOWN))
    await until(lambda: len(desk.answers) == 2)
    assert desk.answers[-1] == CustomerAnswered(InteractionId("i1"), CustomerKnown(EMMA))


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (CrmFailed("status 503"), "status 503"),
        (RuntimeError("a mistake with +493023125001 in it"), "the CRM's connector failed (RuntimeError)"),
        (RecursionError(), "the CRM's connector failed (RecursionError)"),
        (OSError("reset"), "the CRM's connector failed (OSError)"),
    ],
)
async def test_failing(desk: Desk, crm: ObedientCrm, trouble: Exception, says: str) -> None:
    crm.trouble = trouble
    assert await desk.who() == CustomerUnavailable(says)
    assert await desk.look_up("customer", "1001") == QuestionAnswered(QuestionId("q1"), "failed", reason=says)
    assert (desk.asking.failed, desk.desk.flows.asking.failed) == (1, 1)


@pytest.mark.parametrize(
    "lie",
    [
        7,
        "Emma",
        {"id": "1001"},
        Customer("1002", "Somebody else", numbers=("+493023125002",)),
        Customer("", "Nobody", numbers=("+493023125001",)),
        object(),
    ],
)
async def test_lying(desk: Desk, crm: ObedientCrm, lie: object) -> None:
    crm.answer = lie
    assert isinstance(await desk.who(), CustomerUnavailable)
    assert failed(await desk.look_up("customer", "1001"))


@pytest.mark.parametrize(
    ("kind", "lie"),
    [
        ("bill", 7),
        ("bill", Found({}, Customer("", ""))),
        ("bill", Found({"bill_amount": "3.00"}, Customer("1002", "Somebody else"))),
        ("bill", Found({"bill_amount": "3.00"})),
        ("bill", Found(7, EMMA)),  # type: ignore[arg-type]
        ("order", Found({"order_number": "1002", "order_status": "sent"})),
        ("order", Found({"order_status": "sent"})),
        ("order", Found({"order_number": 1001})),  # type: ignore[dict-item]
    ],
)
async def test_lying_to_a_flow(desk: Desk, crm: ObedientCrm, kind: str, lie: object) -> None:
    crm.answer = lie
    assert failed(await desk.look_up(kind, "1001"))


async def test_five_megabytes(desk: Desk, crm: ObedientCrm) -> None:
    crm.answer = Customer("1001", "E" * 5_000_000, numbers=("+493023125001",))
    answer = await desk.who()
    assert isinstance(answer, CustomerKnown)
    assert len(answer.customer.name) == 500


async def test_left_alone_after_five_failures(desk: Desk, crm: ObedientCrm) -> None:
    crm.trouble = CrmFailed("down")
    for _ in range(5):
        assert await desk.who() == CustomerUnavailable("down")
    assert not desk.asking.ready
    for _ in range(20):
        assert await desk.who() == CustomerUnavailable("the CRM is left alone after failures")
    assert len(crm.questions) == 5
    desk.asking.breaker.state = Open(asyncio.get_running_loop().time())  # the pause is over
    crm.trouble = None
    assert await desk.who() == CustomerKnown(EMMA)
    assert await desk.who() == CustomerKnown(EMMA)


async def test_what_a_crm_has_not_got_is_no_sign_of_trouble(desk: Desk, crm: ObedientCrm) -> None:
    crm.trouble = CrmCannot("no weather here")
    for _ in range(10):
        assert await desk.look_up("order", "1") == QuestionAnswered(
            QuestionId("q1"), "failed", reason="no weather here"
        )
    crm.trouble = None
    assert desk.desk.flows.asking.ready
    assert await desk.who() == CustomerKnown(EMMA)


async def test_a_secret_is_in_no_word_about_a_failure(
    desk: Desk, crm: ObedientCrm, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = QuestionAsked(QuestionId("q1"), InteractionId("i1"), LookUp("customer", Secret("83561"), "en"))
    for trouble in (CrmFailed("nobody is 83561"), RuntimeError("GET /customers/83561"), CrmCannot("83561"), None):
        crm.trouble, crm.answer = trouble, Customer("83562", "Not 83561")
        (answer,) = await desk.asked(asked)
        assert failed(answer)
        assert "83561" not in repr(answer) + repr(asked) + desk.desk.flows.asking.last_failure
    assert "83561" not in caplog.text + "".join(capsys.readouterr())


# -- creating ----------------------------------------------------------------------------------------------------------


async def created(desk: Desk, **fields: str) -> QuestionAnswered:
    """The answer to a flow that wants a ticket."""
    (answer,) = await desk.asked(QuestionAsked(QuestionId("q1"), InteractionId("i1"), Create("ticket", fields, "n/1")))
    assert isinstance(answer, QuestionAnswered)
    return answer


async def test_a_flow_creates(desk: Desk, crm: ObedientCrm) -> None:
    crm.answer = Created("700001")
    answer = await created(desk, subject="Dispute", customer="1001", text="")
    assert answer == QuestionAnswered(QuestionId("q1"), "then", {"ticket_number": "700001"})
    assert crm.questions == ["create ticket {'subject': 'Dispute', 'customer': '1001'}"]
    assert crm.once == ["i1/n/1"], "of this interaction"


async def test_what_lacks_something_is_not_asked_for(desk: Desk, crm: ObedientCrm) -> None:
    assert (await created(desk, subject="", customer="1001")).reason == "a ticket needs subject"
    assert crm.questions == []


@pytest.mark.parametrize("lie", [None, 7, "700001", Created(""), Created(7)])  # type: ignore[arg-type]
async def test_what_has_no_number_was_not_created(desk: Desk, crm: ObedientCrm, lie: object) -> None:
    crm.answer = lie
    assert (await created(desk, subject="Dispute")).way == "failed"


async def test_a_bounded_number_at_once_and_in_all(desk: Desk, crm: ObedientCrm) -> None:
    crm.delay = 0.05
    crowd = MOST_WAITING + 100
    answers = await desk.asked(*(CustomerWanted(InteractionId(f"i{number}"), KNOWN) for number in range(crowd)))
    assert crm.most_at_once == AT_ONCE
    assert len(answers) == crowd
    assert len({answer.interaction for answer in answers if isinstance(answer, CustomerAnswered)}) == crowd
    turned_away = CustomerUnavailable("too many questions wait for the CRM")
    assert sum(isinstance(one, CustomerAnswered) and one.answer == turned_away for one in answers) == 100


async def test_stopping_gives_up_what_is_asked(desk: Desk, crm: ObedientCrm) -> None:
    crm.delay = 30.0
    desk.desk.told(CustomerWanted(InteractionId("i1"), KNOWN))
    await asyncio.sleep(0.01)
    await desk.desk.stop()
    assert (desk.answers, crm.at_once) == ([], 0)


# -- what has happened -------------------------------------------------------------------------------------------------


def call(name: str, customer: str = "1001", start: float = 100.0) -> list[CenterEvent]:
    """An answered call, as the brain tells it."""
    of = InteractionId(name)
    billing = QueueName("billing")
    anna = AgentId("anna")
    return [
        SegmentClosed(SegmentId("s"), of, billing, start, start + 9, SegmentOutcome.ANSWERED, 9.0, (anna,)),
        RepairMade("answer missed", "x"),
        WrapUpChosen(of, anna, WrapUpCode("Complaint"), "", start + 70),
        WrapUpChosen(of, anna, WrapUpCode("Resolved"), "Pays on Friday", start + 80),
        WrapUpChosen(of, AgentId("ben"), WrapUpCode(""), "Moves in May", start + 85),
        InteractionClosed(
            of,
            CallId("pbx1/1"),
            CallerId(KNOWN),
            "1000",
            "main",
            start,
            start + 90,
            InteractionOutcome.ANSWERED,
            (),
            customer,
        ),
    ]


async def delivered(crm: ObedientCrm, count: int) -> None:
    """Wait until the CRM has so many contacts."""
    await until(lambda: len(crm.contacts) >= count)


async def test_a_contact_is_written_back(desk: Desk, crm: ObedientCrm) -> None:
    desk.desk.listen(call("i1"), 0.0)
    await delivered(crm, 1)
    (contact,) = crm.contacts
    assert contact.summary == "billing: answered by anna. Resolved. Pays on Friday. Moves in May"
    assert (contact.customer, contact.started, contact.ended, contact.agents) == ("1001", 100.0, 190.0, ("anna",))
    assert (contact.queue, contact.codes, contact.notes) == (
        "billing",
        ("Resolved",),
        ("Pays on Friday", "Moves in May"),
    )
    await until(lambda: not desk.outbox.waiting)
    assert desk.outbox.delivered == 1


async def test_contacts_of_strangers_are_not(desk: Desk, crm: ObedientCrm) -> None:
    desk.desk.listen(call("i1", customer=""), 0.0)
    desk.desk.listen(call("i2"), 0.0)
    await delivered(crm, 1)
    assert [contact.interaction for contact in crm.contacts] == ["i2"]


async def test_contacts_wait_for_a_crm_that_is_down_and_for_the_next_process(crm: ObedientCrm, tmp_path: Path) -> None:
    crm.trouble = CrmFailed("down")
    first = Desk(crm, tmp_path / "outbox")
    await first.outbox.start()
    for number in range(30):
        first.desk.listen(call(f"i{number}"), 0.0)
    await asyncio.sleep(0.1)
    assert first.outbox.waiting == 30
    assert first.outbox.failures >= 1
    await first.outbox.stop()
    crm.trouble = None
    second = Desk(crm, tmp_path / "outbox")
    await second.outbox.start()
    await delivered(crm, 30)
    await second.outbox.stop()
    assert [contact.interaction for contact in crm.contacts] == [f"i{number}" for number in range(30)]


async def test_a_contact_that_the_crm_refuses_does_not_hold_up_the_others(crm: ObedientCrm, tmp_path: Path) -> None:
    crm.trouble = ContactRefused("the customer is gone")
    desk = Desk(crm, tmp_path / "outbox")
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "000000000001.jsonl").write_bytes(b"damaged\n")
    await desk.outbox.start()
    desk.desk.listen(call("i1"), 0.0)
    await until(lambda: desk.outbox.refused == 2)
    crm.trouble = None
    desk.desk.listen(call("i2"), 0.0)
    await delivered(crm, 1)
    await desk.outbox.stop()
    assert (tmp_path / "outbox" / "unreadable.txt").read_bytes().count(b"\n") == 2


async def test_a_crm_that_hangs_on_writing_is_not_asked_for_ever(desk: Desk, crm: ObedientCrm) -> None:
    crm.trouble = RuntimeError("a mistake")
    desk.desk.listen(call("i1"), 0.0)
    await until(lambda: desk.outbox.failures > 0)
    crm.trouble = None
    await delivered(crm, 1)


def test_what_never_ends_is_forgotten() -> None:
    notes = ContactNotes()
    for number in range(25_000):
        notes.heard(call(f"i{number}")[0])
    assert len(notes) == 20_000
    last = [notes.heard(event) for event in call("i24999")][-1]
    assert last is not None
    assert last.agents == ("anna",)
    assert len(notes) == 19_999
