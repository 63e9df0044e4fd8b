"""Random histories among callers and agents who know each other."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from acd.model import Customer, CustomerKnown
from acd.told import CustomerAnswered
from cti.events import CallArrived
from cti.model import CallerId, CallId
from tests.acd.random_people import AGENTS, PEOPLE, old_friends
from tests.acd.test_histories import Histories


class OldFriends(Histories):
    """The same among people who know each other."""

    plan = staticmethod(old_friends)

    @precondition(lambda self: self.connected)
    @rule(who=st.sampled_from(PEOPLE), afterwards=st.sampled_from(["", "lunch", "hang up", "ready", "desk phone"]))
    def a_friend_calls_while_another_talks(self, who: Customer, afterwards: str) -> None:
        """And then the one whom both know does something."""
        self.begin_work(set(AGENTS))
        self.a_friend_calls(who)
        self.all_goes_well_for_a_while()
        self.a_friend_calls(who)
        knows = who.owner or who.contacts[0].facts.agents[0]
        if afterwards:
            self.ask_for_something(knows, afterwards)

    def a_friend_calls(self, who: Customer) -> None:
        """He knows somebody, and the CRM says so."""
        leg = self.centre.dial()
        self.pbx.arrive(CallArrived(CallId(leg), leg, CallerId("+493012345"), "1000"))
        self.centre.tell(CustomerAnswered(self.centre.interaction(leg).id, CustomerKnown(who)))
        self.centre.press(leg, "1")
        self.take()


TestOldFriends = OldFriends.TestCase
TestOldFriends.settings = settings(max_examples=80, stateful_step_count=70)
