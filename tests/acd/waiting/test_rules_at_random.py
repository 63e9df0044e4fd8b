"""Rules are asked of those for whom something has changed: that decides as if everybody were asked each time."""

from collections.abc import Callable, Sequence

import msgspec
from hypothesis import settings

from acd.center import ContactCenter, Message
from acd.events import ReservationMade
from acd.floor import Output
from acd.plan import CenterPlan
from acd.waiting.plan import EstimatedWait, Goodbye, Length, Nobody, PerAgent, Rule, Staff, ToQueue, Waited
from tests.acd.centre import Centre
from tests.acd.company import BILLING, PRODUCTS, replaced
from tests.acd.random_people import many_at_once
from tests.acd.test_histories import Histories

MANY_RULES = {
    BILLING: (
        Rule((Nobody(Staff.READY),), ToQueue(PRODUCTS)),
        Rule((PerAgent(2.0), Waited(10.0)), ToQueue(PRODUCTS)),
        Rule((Length(2),), Goodbye()),
        Rule((Nobody(Staff.LOGGED_IN), Waited(40.0)), Goodbye()),
    ),
    PRODUCTS: (
        Rule((Nobody(Staff.LOGGED_IN),), ToQueue(BILLING)),
        Rule((EstimatedWait(30.0),), ToQueue(BILLING)),
        Rule((Nobody(Staff.READY), Waited(15.0)), Goodbye()),
    ),
}


def ruled() -> CenterPlan:
    """Queues with rules of all kinds, several of which lead in circles; two agents have two lines."""
    usual = many_at_once()
    queues = {
        name: replaced(queue, "waiting", msgspec.structs.replace(queue.waiting, rules=MANY_RULES[name]))
        for name, queue in usual.queues.items()
    }
    return msgspec.structs.replace(usual, queues=queues)


def comparable(outputs: Sequence[Output]) -> list[object]:
    """Decisions hold on to the order of preference, which is each centre's own."""
    return [
        (one.reservation, one.agent, one.interaction, one.why.keys) if isinstance(one, ReservationMade) else one
        for one in outputs
    ]


class BesideANaiveOne(Centre):
    """A centre, and another one that is told the same and asks everybody each time."""

    def __init__(self, plan: CenterPlan | None = None, instance: str = "t1", now: float = 1_800_000_000.0) -> None:
        super().__init__(plan, instance, now)
        self._naive = ContactCenter(self.center.plan, instance)

    def tell(self, message: Message) -> Sequence[Output]:
        """To both."""
        self._same(lambda: self._naive.receive(message, self.now), outputs := super().tell(message))
        return outputs

    def tick(self) -> Sequence[Output]:
        """Of both."""
        self._same(lambda: self._naive.tick(self.now), outputs := super().tick())
        return outputs

    def _same(self, decide: Callable[[], Sequence[Output]], outputs: Sequence[Output]) -> None:
        for queue in self._naive.queues.values():
            queue.ask_all_anew()
        assert comparable(decide()) == comparable(outputs)
        assert self._naive.next_deadline() == self.center.next_deadline()


class Rules(Histories):
    """Whatever happens."""

    plan = staticmethod(ruled)
    drive = BesideANaiveOne


TestRules = Rules.TestCase
TestRules.settings = settings(max_examples=120, stateful_step_count=70)
