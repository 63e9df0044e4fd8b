"""Callers who serve themselves in the demo company's flows, and want nobody: one thing after another, then they go."""

from math import inf

from bench.pbx_process import NUMBER, Crowd
from crm_bridge.demo import FIRST_ID
from crm_bridge.demo_shop import FIRST_ORDER, FIRST_TICKET, demo_pin
from cti.simulator.callers import Step
from cti.simulator.population import Errand, Habits, Person

WITH_PIN = tuple(str(FIRST_ID + place) for place in range(50))
"""Customers who have one. It takes some 40 ms to make it, and as long to check it."""
FILLING = 25.0
"""Seconds in which all have dialled. Who hangs up makes room for the next, who comes as soon as those did."""
PATIENCE = 300.0
"""Seconds until somebody goes who has not heard what he wanted."""
SEED = 1

_ENGLISH = Step("1", prompt="For English", after=1.0)
_CHINESE = Step("2", prompt="For English", after=2.0)
_SPANISH = Step("3", prompt="For English", after=3.0)

_BILLS = (
    Step("1", prompt="about your bill", after=1.5),
    Step("{customer}#", prompt="enter your customer number", after=2.0),
    Step("{pin}", prompt="four-digit PIN", after=1.0),
    Step("2", prompt="For your last bill", after=4.0),
    Step("3", prompt="For your last bill", after=4.0),
    Step("*", prompt="For your last bill", after=2.0),
)
_PRODUCTS = (
    Step("2", prompt="our products", after=3.0),
    Step("12101#", prompt="price and stock", after=2.0),
    Step("12302#", prompt="another product", after=3.0),
    Step("*", prompt="another product", after=3.0),
)
_ORDER = (
    Step("3", prompt="For an order", after=5.0),
    Step(str(FIRST_ORDER + 1), prompt="number of your order", after=2.0),
    Step("*", prompt="another order", after=3.0),
)
_TICKET = (
    Step("4", prompt="For an order", after=6.0),
    Step(f"1{FIRST_TICKET}", prompt="have a ticket number", after=2.0),
    Step("*", prompt="another ticket", after=3.0),
)
_ENOUGH = Step(prompt="about your bill", after=10.0, hang_up=True)

_IN_CHINESE = (
    _CHINESE,
    Step("1", prompt="账单问题", after=1.5),
    Step("{customer}#", prompt="客户号码", after=2.0),
    Step("{pin}", prompt="四位密码", after=1.0),
    Step("2", prompt="最近账单", after=4.0),
    Step("*", prompt="最近账单", after=4.0),
    Step(prompt="账单问题", after=10.0, hang_up=True),
)
_IN_SPANISH = (
    _SPANISH,
    Step("2", prompt="Para productos", after=3.0),
    Step("12101#", prompt="disponibilidad", after=2.0),
    Step("*", prompt="otro producto", after=3.0),
    Step("3", prompt="Para un pedido", after=5.0),
    Step(str(FIRST_ORDER + 1), prompt="número de su pedido", after=2.0),
    Step(prompt="otro pedido", after=6.0, hang_up=True),
)

ERRANDS = (
    Errand(NUMBER, (_ENGLISH, *_BILLS, *_PRODUCTS, _ENOUGH), weight=3.0),
    Errand(NUMBER, (_ENGLISH, *_PRODUCTS, *_ORDER, *_TICKET, _ENOUGH), weight=2.0),
    Errand(NUMBER, _IN_CHINESE, weight=1.0),
    Errand(NUMBER, _IN_SPANISH, weight=1.0),
)


def crowd(callers: int) -> Crowd:
    """So many, who are all on the line most of the time. Several of them give the same customer number."""
    people = []
    for number in range(callers):
        customer = WITH_PIN[number % len(WITH_PIN)]
        people.append(Person(f"+4930231{number:05d}", "", customer, demo_pin(customer)))
    habits = Habits(callers / FILLING * 3600, patience=PATIENCE, least_patience=PATIENCE, talk=inf)
    return Crowd(tuple(people), ERRANDS, habits, SEED)
