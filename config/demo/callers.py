"""Who calls the demo company, how often, and what for."""

from collections.abc import Sequence
from random import Random

from acd.model import Customer
from crm_bridge.demo_shop import demo_pin
from cti.simulator.callers import Step
from cti.simulator.population import Errand, Habits, Person, Population
from cti.simulator.settings import Transfers

NUMBER = "1000"
OUTSIDE = Transfers({"+493055510911": 4.0})
"""The standby service answers."""
STRANGERS = 20
"""Callers whom the CRM does not know."""

_ENGLISH = Step("1", prompt="For English", after=1.0)
_BILL = Step("1", prompt="about your bill", after=1.5)
_PRODUCTS = Step("2", prompt="our products", after=2.0)
_WHO = Step("{customer}#", prompt="enter your customer number", after=2.0)
_PIN = Step("{pin}", prompt="four-digit PIN", after=1.0)
_PERSON = Step("0", prompt="To speak with a person", after=1.0)
_MARK = Step("{mark}", prompt="how content are you", after=1.5)
"""If the agent has hung up first."""
_ENOUGH = Step(prompt="Or just hang up", after=3.0, hang_up=True)
_TELL = Step("#", prompt="after the beep", after=6.5, says=8.0)
"""The words take so long, too."""
_HAD_ENOUGH = Step("1", prompt="leave us a message", after=1.0)
"""Said into the music, to who waits."""

LEAVE_MESSAGE = Errand(NUMBER, (_ENGLISH, Step("5", prompt="To leave a message", after=1.0), _TELL), weight=2.0)

ERRANDS = (
    Errand(NUMBER, (_ENGLISH, _BILL, _WHO, _PIN, _PERSON, _MARK), weight=5.0),
    Errand(NUMBER, (_ENGLISH, _PRODUCTS, _PERSON), weight=4.0),
    Errand(NUMBER, (_ENGLISH, _PERSON, _MARK), weight=1.0),
    Errand(NUMBER, (_ENGLISH, _BILL, _WHO, _PIN, _ENOUGH), weight=1.0),
    Errand(NUMBER, (_ENGLISH, _PRODUCTS, Step("12101#", prompt="price and stock", after=2.0), _ENOUGH), weight=0.5),
    LEAVE_MESSAGE,
    Errand(NUMBER, (_ENGLISH, Step("6", prompt="water is leaking", after=1.0)), weight=0.3),
    Errand(NUMBER, (_ENGLISH, _BILL, _WHO, _PIN, _PERSON, _HAD_ENOUGH, _TELL), weight=1.0),
)


def population(customers: Sequence[Customer], calls_per_hour: float, random: Random, strangers: int = 0) -> Population:
    """The customers, and so many strangers."""
    people = [Person(one.numbers[0], one.name, one.id, demo_pin(one.id)) for one in customers if one.numbers]
    people += [Person(f"+49302312{900 + n}", "", "9999", "0000") for n in range(strangers)]
    habits = Habits(calls_per_hour=calls_per_hour, patience=150.0, least_patience=45.0, talk=35.0, least_talk=10.0)
    return Population(people, ERRANDS, habits, random)
