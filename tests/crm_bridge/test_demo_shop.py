"""What can be asked for in the demo: the same each time, complete in three languages, and typed on a telephone."""

from datetime import date

from acd.edge.database import Database
from crm_bridge.demo import demo_customers
from crm_bridge.demo_shop import demo_pin, demo_shop
from crm_bridge.edge.embedded import EmbeddedCrm
from crm_bridge.mapping import trusted_found
from ivr.flow.variables import LOOK_UPS

TODAY = date(2026, 11, 22)
SHOP = demo_shop(TODAY)
PEOPLE = demo_customers(TODAY)


def test_it_is_the_same_each_time() -> None:
    assert demo_shop(TODAY) == SHOP
    assert demo_shop(date(2024, 2, 29)) != SHOP


def test_every_text_is_in_every_language() -> None:
    texts = [text for one in SHOP.products for text in (one.name, one.description)]
    texts += [text for one in SHOP.promotions for text in (one.name, one.text)]
    texts += [one.subject for one in SHOP.tickets]
    assert [text for text in texts if set(text) != {"en", "zh", "es"} or not all(text.values())] == []


def test_codes_and_numbers_can_be_typed() -> None:
    typed = [one.code for one in SHOP.products] + [one.number for one in SHOP.orders]
    typed += [str(one.number) for one in SHOP.tickets] + [demo_pin(one.id) for one in PEOPLE]
    assert all(one.isdecimal() and 4 <= len(one) <= 6 for one in typed)
    assert len({one.code for one in SHOP.products}) == len(SHOP.products)
    assert (demo_pin("1001"), demo_pin("1200")) == ("2001", "2200")


def test_there_is_one_of_every_kind() -> None:
    assert {one.status for one in SHOP.orders} == {"placed", "packed", "sent", "delivered", "cancelled"}
    assert {one.status for one in SHOP.tickets} == {"open", "in_progress", "waiting", "solved"}
    assert {one.method for one in SHOP.payments} == {"transfer", "direct_debit", "card", "cash"}
    assert {one.stock > 0 for one in SHOP.products} == {True, False}
    classes = {one.customer_class for one in PEOPLE}
    assert classes > {one.customer_class for one in SHOP.promotions}, "and customers without a promotion"


def test_what_belongs_to_customers_belongs_to_them() -> None:
    ids = {one.id for one in PEOPLE}
    assert {one.customer for one in SHOP.orders} | {one.customer for one in SHOP.tickets} <= ids
    assert {one.customer for one in SHOP.payments} <= ids
    assert all(one.date <= TODAY.isoformat() for one in SHOP.payments)
    assert all(one.placed < TODAY.isoformat() for one in SHOP.orders)
    assert all(not one.expected or one.expected > TODAY.isoformat() for one in SHOP.orders)


async def test_everything_can_be_looked_up(database: Database) -> None:
    crm = EmbeddedCrm(database.engine)
    await crm.put(PEOPLE)
    await crm.put_shop(SHOP)
    keys = {
        "customer": [one.id for one in PEOPLE[:10]],
        "bill": [one.id for one in PEOPLE[:10]],
        "payment": [SHOP.payments[0].customer],
        "product": [one.code for one in SHOP.products],
        "stock": [one.code for one in SHOP.products],
        "promotion": ["gold", "business"],
        "order": [one.number for one in SHOP.orders[:10]],
        "ticket": [str(one.number) for one in SHOP.tickets[:10]],
    }
    assert keys.keys() == LOOK_UPS.keys()
    may_be_empty = {"company", "owner", "due", "stock_expected", "order_expected"}
    for kind, some in keys.items():
        for key in some:
            found = await crm.look_up(kind, key, "es")
            assert found is not None, (kind, key)
            learnt = trusted_found(kind, key, found).fields
            assert {name for name, value in learnt.items() if not value} <= may_be_empty, (kind, key)
