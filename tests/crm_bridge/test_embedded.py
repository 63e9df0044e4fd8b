"""The embedded CRM, on SQLite and on a real PostgreSQL."""

from datetime import date

import pytest

from acd.edge.database import Database
from acd.model import Bill, ContactFacts, Customer, InteractionId
from crm_bridge.connector import Contact, CrmFailed
from crm_bridge.demo import demo_customers, demo_number
from crm_bridge.edge.embedded import EmbeddedCrm

TODAY = date(2026, 11, 21)


@pytest.fixture
async def embedded(database: Database) -> EmbeddedCrm:
    """It, with the demo company."""
    embedded = EmbeddedCrm(database.engine)
    await embedded.put(demo_customers(TODAY))
    return embedded


def contact(name: str, customer: str, at: float, summary: str) -> Contact:
    """A contact that is over."""
    return Contact(
        InteractionId(name),
        customer,
        "",
        "voice",
        at,
        at + 60,
        "answered",
        "billing",
        ("anna",),
        (),
        (summary,),
        summary,
    )


async def test_everybody_is_found_by_number_and_by_id(embedded: EmbeddedCrm) -> None:
    assert await embedded.count() == 200
    for place, person in enumerate(demo_customers(TODAY)[:20]):
        for found in (await embedded.customer_by_number(demo_number(place)), await embedded.customer_by_id(person.id)):
            assert found is not None
            assert set(found.numbers) == set(person.numbers)
            assert sorted(found.bills, key=lambda bill: bill.number) == sorted(
                person.bills, key=lambda bill: bill.number
            )
            assert (found.name, found.balance, found.language) == (person.name, person.balance, person.language)
            assert found.contacts == tuple(sorted(person.contacts, key=lambda one: -one.at))


async def test_filling_it_again_changes_nothing(embedded: EmbeddedCrm) -> None:
    before = await embedded.customer_by_id("1004")
    await embedded.put(demo_customers(TODAY))
    assert await embedded.customer_by_id("1004") == before
    assert await embedded.count() == 200


@pytest.mark.parametrize("stranger", ["+4930999999", "", "' OR 1=1 --", "\0", "9" * 5000])
async def test_nobody_is_nobody(embedded: EmbeddedCrm, stranger: str) -> None:
    try:
        assert await embedded.customer_by_number(stranger) is None
        assert await embedded.customer_by_id(stranger) is None
    except CrmFailed:  # PostgreSQL takes no NUL
        assert stranger == "\0"


async def test_thousands_are_written_together_or_not_at_all(embedded: EmbeddedCrm) -> None:
    many = [Customer(str(10_000 + n), f"Customer {n}", numbers=(f"+4930{23_125_000 + n}",)) for n in range(2500)]
    told: list[int] = []
    await embedded.put(many, told.append)
    assert told == [1000, 2000, 2500]
    assert await embedded.count() == 2700
    found = await embedded.customer_by_number("+493023127499")
    assert found is not None
    assert found.id == "12499"

    def interrupt(count: int) -> None:
        if count == 2000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await embedded.put([Customer(one.id, "other") for one in many], interrupt)
    kept = await embedded.customer_by_id("10000")
    assert kept is not None
    assert kept.name == "Customer 0"


async def test_a_number_that_two_share(embedded: EmbeddedCrm) -> None:
    await embedded.put([Customer("0999", "Partner", numbers=(demo_number(0),))])
    found = await embedded.customer_by_number(demo_number(0))
    assert found is not None
    assert found.id == "0999"


async def test_what_flows_ask_for(embedded: EmbeddedCrm) -> None:
    await embedded.put([Customer("7", "Zoë", bills=(Bill("B-1", "2026-12-01", "12.30", "EUR", paid=False),))])
    customer = await embedded.look_up("customer", "7", "en")
    assert customer is not None
    assert (customer.fields["balance"], customer.fields["due"]) == ("12.30", "2026-12-01")
    bill = await embedded.look_up("bill", "7", "en")
    assert bill is not None
    assert (bill.fields["bill_amount"], bill.fields["bill_paid"]) == ("12.30", "false")
    assert await embedded.look_up("bill", "8", "en") is None
    assert await embedded.look_up("customer", "8", "en") is None
    with pytest.raises(CrmFailed, match="weather"):
        await embedded.look_up("weather", "Berlin", "en")


async def test_a_contact_is_noted_once(embedded: EmbeddedCrm) -> None:
    await embedded.write_back(contact("i1", "1001", 2e9, "first\0"))
    await embedded.write_back(contact("i1", "1001", 2e9, "second"))
    found = await embedded.customer_by_id("1001")
    assert found is not None
    assert [(one.at, one.summary) for one in found.contacts[:1]] == [(2e9, "first\ufffd")]
    assert found.contacts[0].facts == ContactFacts("answered", "billing", ("anna",), (), ("first\0",))
    assert len(found.contacts) == 1 + len(demo_customers(TODAY)[0].contacts)


async def test_a_database_without_the_tables(database: Database) -> None:
    embedded = EmbeddedCrm(database.engine)
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE crm_customers")
    with pytest.raises(CrmFailed, match="does not answer"):
        await embedded.customer_by_id("1001")
