"""What flows look up in the embedded CRM beside customers, and what they create in it; on both databases."""

import asyncio
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from acd.edge.database import Database
from acd.model import Bill, Customer
from crm_bridge.connector import CrmCannot, Found
from crm_bridge.edge.embedded import EmbeddedCrm
from crm_bridge.edge.embedded_creating import FIRST_NUMBER
from crm_bridge.edge.embedded_tables import outbox
from crm_bridge.mapping import trusted_found
from crm_bridge.shop import Order, Payment, Product, Promotion, Shop, Ticket, in_language
from ivr.flow.variables import CREATIONS, LOOK_UPS

NOW = 1_795_000_000.0  # 2026-11-18

ZOE = Customer(
    "7",
    "Zoë",
    numbers=("+493023125007", "+4917604069007"),
    language="zh",
    bills=(
        Bill("B-1", "2026-11-01", "12.30", "EUR", paid=False, issued="2026-10-11"),
        Bill("B-2", "2026-12-01", "45.60", "USD", paid=False, issued="2026-11-10"),
        Bill("B-0", "2026-10-01", "9.90", "EUR", paid=True),
    ),
    customer_class="gold",
)
SHOP = Shop(
    (
        Product("4711", {"en": "Filter", "zh": "滤芯"}, {"en": "Lasts a year."}, "19.90", "EUR", 0, "2026-12-05"),
        Product("4712", {"zh": "水壶"}, {"zh": "两升。"}, "24.90", "EUR", 3),
    ),
    (Promotion("gold", {"en": "Gold weeks"}, {"en": "Ten percent off.", "zh": "九折优惠。"}, "2026-12-31"),),
    (
        Payment("P-1", "7", "2026-09-30", "9.90", "EUR", "card"),
        Payment("P-2", "7", "2026-10-02", "5.00", "EUR", "transfer"),
    ),
    (Order("500001", "7", "sent", "2026-11-15", "2026-11-24"),),
    (Ticket(700_009, "7", "waiting", {"en": "No water", "es": "Sin agua"}, NOW),),
)


@pytest.fixture
async def embedded(database: Database) -> EmbeddedCrm:
    """It, with one of each."""
    embedded = EmbeddedCrm(database.engine, lambda: NOW)
    await embedded.put([ZOE, Customer("8", "Nothing")])
    await embedded.put_shop(SHOP)
    await embedded.put_shop(SHOP)  # again changes nothing
    return embedded


@pytest.mark.parametrize(
    ("kind", "key", "language", "learnt"),
    [
        ("bill", "7", "en", ("B-2", "45.60", "USD", "2026-11-10", "2026-12-01", "false")),
        ("payment", "7", "en", ("5.00", "EUR", "2026-10-02", "transfer")),
        ("product", "4711", "zh-CN", ("4711", "滤芯", "Lasts a year.", "19.90", "EUR", "false")),
        ("product", "4712", "es", ("4712", "水壶", "两升。", "24.90", "EUR", "true")),
        ("stock", "4711", "en", ("4711", "0", "2026-12-05")),
        ("stock", "4712", "en", ("4712", "3", "")),
        ("promotion", "gold", "zh", ("gold", "Gold weeks", "九折优惠。", "2026-12-31")),
        ("order", "500001", "en", ("500001", "7", "sent", "2026-11-15", "2026-11-24")),
        ("ticket", "700009", "es", ("700009", "7", "waiting", "Sin agua", "2026-11-18")),
    ],
)
async def test_what_is_there(
    embedded: EmbeddedCrm, kind: str, key: str, language: str, learnt: tuple[str, ...]
) -> None:
    found = await embedded.look_up(kind, key, language)
    assert found is not None
    assert tuple(found.fields[name] for name in LOOK_UPS[kind]) == learnt
    assert trusted_found(kind, key, found).fields == found.fields, "all of it is what it claims"


async def test_the_customers_own(embedded: EmbeddedCrm) -> None:
    found = await embedded.look_up("customer", "7", "en")
    assert isinstance(found, Found)
    assert (found.fields["customer_class"], found.fields["due_amount"]) == ("gold", "12.30")
    assert found.fields.keys() == LOOK_UPS["customer"].keys()


@pytest.mark.parametrize("key", ["", "8", "' OR 1=1 --", "9" * 5000, "٧٠٠", "-1"])
async def test_what_is_not_there(embedded: EmbeddedCrm, key: str) -> None:
    found = {kind for kind in LOOK_UPS if await embedded.look_up(kind, key, "en") is not None}
    assert found == ({"customer"} if key == "8" else set())


def test_a_text_in_the_language_of_the_caller() -> None:
    texts = {"en": "one", "zh": "一"}
    assert [in_language(texts, of) for of in ("zh", "zh-CN", "en-GB", "es", "")] == ["一", "一", "one", "one", "one"]
    assert (in_language({"zh": "一"}, "en"), in_language({}, "en")) == ("一", "")


# -- creating ----------------------------------------------------------------------------------------------------------

FIELDS: Mapping[str, Mapping[str, str]] = {
    "ticket": {"customer": "7", "subject": "Dispute of bill B-1\0", "language": "es", "bill": "B-1"},
    "payment_link": {"customer": "7"},
    "callback": {"number": "+493023125007"},
    "message": {"text": "Please call."},
}


@pytest.mark.parametrize("kind", sorted(CREATIONS))
async def test_the_same_wish_is_the_same_thing(embedded: EmbeddedCrm, database: Database, kind: str) -> None:
    first = await embedded.create(kind, FIELDS[kind], "i1/n/1")
    assert await embedded.create(kind, FIELDS[kind], "i1/n/1") == first
    assert await EmbeddedCrm(database.engine).create(kind, FIELDS[kind], "i1/n/1") == first, "after a restart"
    assert await embedded.create(kind, FIELDS[kind], "i1/n/2") != first


async def test_a_ticket_can_be_asked_for(embedded: EmbeddedCrm) -> None:
    made = await embedded.create("ticket", FIELDS["ticket"], "i1/n/1")
    assert made.number == "700010", "after the last one"
    found = await embedded.look_up("ticket", made.number, "en")
    assert found is not None
    assert tuple(found.fields.values()) == ("700010", "7", "open", "Dispute of bill B-1\ufffd", "2026-11-18")
    zoe = await embedded.customer_by_id("7")
    assert zoe is not None
    assert [(one.channel, one.summary) for one in zoe.contacts] == [
        ("self-service", "Ticket 700010: Dispute of bill B-1\ufffd")
    ]


async def test_many_at_once_have_numbers_of_their_own(embedded: EmbeddedCrm) -> None:
    made = await asyncio.gather(*(embedded.create("message", FIELDS["message"], f"i{n}/n/1") for n in range(20)))
    assert sorted(int(one.number) for one in made) == list(range(700_010, 700_030))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "您的账单B-1的付款链接：12.30 EUR，到期日2026-11-01。"),
        ({"bill": "B-2", "language": "en"}, "Your payment link for bill B-2: 45.60 USD, due 2026-12-01."),
    ],
)
async def test_a_payment_link_is_written_down(
    embedded: EmbeddedCrm, database: Database, fields: Mapping[str, str], text: str
) -> None:
    made = await embedded.create("payment_link", {"customer": "7", **fields}, "i1/n/1")
    async with database.engine.connect() as connection:
        (row,) = await connection.execute(select(outbox))
    assert (str(row.number), row.number, row.text) == (made.number, FIRST_NUMBER, text)
    assert row.recipient in ZOE.numbers


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("payment_link", {"customer": "9"}, "nobody has"),
        ("payment_link", {"customer": "8"}, "no such bill"),
        ("payment_link", {"customer": "7", "bill": "B-0"}, "no such bill"),
        ("weather", {}, "cannot make"),
    ],
)
async def test_what_cannot_be_made(embedded: EmbeddedCrm, kind: str, fields: Mapping[str, str], says: str) -> None:
    with pytest.raises(CrmCannot, match=says):
        await embedded.create(kind, fields, "i1/n/1")
