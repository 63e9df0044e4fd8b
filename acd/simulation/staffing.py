"""The simulated agents: they come, take their breaks, write up their calls and go home, as their shifts say.

A wish (a break, the way home) waits for the end of the call in hand, as it does in life. The brain is asked for
everything and may refuse; then it is asked again at the agent's next step.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

from acd.center import Message
from acd.events import AgentStateChanged
from acd.model import AgentId, InteractionId, RequestId
from acd.people.agents import SIGNED_IN, AfterCallWork, AgentState, Busy, LoggedOut, NotReady, Ready, Reserved
from acd.plan import AgentPlan
from acd.remembered import WorkRemembered
from acd.requests import BecomeReady, LogIn, LogOut, TakeBreak
from acd.simulation.outcome import Span, doing
from acd.simulation.people import Break, Habits, Shift
from acd.told import DesktopConnected

GOING_HOME = "end of shift"
"""The reason for the break that an agent asks for during the last call of his shift."""

_NOBODY = RequestId("simulated")


class Clock(Protocol):
    """What the staff needs of the day."""

    @property
    def now(self) -> float:
        """Seconds since the Unix epoch."""

    def tell(self, message: Message) -> None:
        """Tell the brain now."""

    def at(self, when: float, do: Callable[[], None]) -> None:
        """Do something then."""


class _Person:
    def __init__(self, plan: AgentPlan) -> None:
        self.plan = plan
        self.state: AgentState = LoggedOut(0.0)
        self.wish: Break | None = None
        self.leaving = False
        self.on_break = False
        self.returns: Iterator[float] = iter(())


class Staff:
    """All agents of a day."""

    def __init__(self, agents: Mapping[AgentId, AgentPlan], habits: Habits, clock: Clock) -> None:
        self._people = {name: _Person(plan) for name, plan in agents.items()}
        self._habits = habits
        self._clock = clock
        self.spans: list[Span] = []

    def expect(self, shifts: Sequence[Shift]) -> None:
        """These will come."""
        for shift in shifts:
            person = self._people[shift.agent]
            self._clock.at(shift.start, partial(self._comes, person, shift))
            for pause in shift.breaks:
                self._clock.at(pause.start, partial(self._wants, person, pause))
            self._clock.at(shift.end, partial(self._goes, person))

    def changed(self, event: AgentStateChanged, wrap_up_of: Callable[[InteractionId], float]) -> None:
        """The brain says what an agent is now."""
        person = self._people[event.agent]
        self._note(event)
        person.state = state = event.state
        now = self._clock.now
        match state:
            case AfterCallWork():
                needs = wrap_up_of(state.interaction)
                self._clock.at(now + needs, lambda: self._written_up(person, state))
            case NotReady(reason=reason) if person.wish is not None and reason == person.wish.reason:
                length, person.wish, person.on_break = person.wish.length, None, True
                self._clock.at(now + length, lambda: self._returns(person, state))
            case NotReady(reason=reason) if not person.leaving and reason != SIGNED_IN:
                back = next(person.returns, self._habits.back_after)
                self._clock.at(now + back, lambda: self._again(person, state))
            case _:
                pass
        if isinstance(state, Ready | NotReady) and (person.leaving or person.wish is not None):
            self._clock.at(now, lambda: self._ask(person))

    def close(self) -> None:
        """The day is over for the books: whoever is still there ends what he does."""
        for name, person in self._people.items():
            if (kind := doing(person.state)) is not None:
                self.spans.append(Span(name, kind, person.state.since, self._clock.now))

    def _note(self, event: AgentStateChanged) -> None:
        before = event.previous
        kind = doing(before)
        if kind is None or event.state.since <= before.since:
            return
        spans = self.spans
        spans.append(Span(event.agent, kind, before.since, event.state.since))

    # -- what they do ----------------------------------------------------------------------------------------------

    def _comes(self, person: _Person, shift: Shift) -> None:
        agent = person.plan.id
        person.leaving = person.on_break = False
        person.returns = iter(shift.returns)
        kinds = [phone.kind for phone in person.plan.phones]
        self._clock.tell(DesktopConnected(agent))
        self._clock.tell(LogIn(_NOBODY, agent, shift.phone if shift.phone in kinds else kinds[0]))
        if shift.past is not None:
            self._clock.tell(WorkRemembered({agent: shift.past}))
        if shift.ready_after > 0:
            self._clock.at(shift.start + shift.ready_after, partial(self._begins, person))
        else:
            self._begins(person)

    def _begins(self, person: _Person) -> None:
        if isinstance(person.state, NotReady) and not person.leaving:
            self._clock.tell(BecomeReady(_NOBODY, person.plan.id))

    def _wants(self, person: _Person, pause: Break) -> None:
        person.wish = pause
        self._ask(person)

    def _goes(self, person: _Person) -> None:
        person.leaving = True
        self._ask(person)

    def _returns(self, person: _Person, pause: NotReady) -> None:
        person.on_break = False
        self._again(person, pause)

    def _again(self, person: _Person, away: NotReady) -> None:
        if person.state is not away or person.leaving or person.on_break:
            return
        agent = person.plan.id
        wish = person.wish
        self._clock.tell(BecomeReady(_NOBODY, agent) if wish is None else TakeBreak(_NOBODY, agent, wish.reason))

    def _written_up(self, person: _Person, work: AfterCallWork) -> None:
        state = person.state
        if not isinstance(state, AfterCallWork) or state.interaction != work.interaction:
            return  # the queue allows less
        if person.leaving or person.wish is not None:
            self._ask(person, work_is_done=True)
        else:
            self._clock.tell(BecomeReady(_NOBODY, person.plan.id))

    def _ask(self, person: _Person, *, work_is_done: bool = False) -> None:
        """For what he wishes, if it can be had now; what he is busy with comes first."""
        agent, state = person.plan.id, person.state
        if isinstance(state, AfterCallWork) and not work_is_done:
            return
        if person.leaving:
            busy = isinstance(state, Reserved | Busy)
            if not isinstance(state, LoggedOut):
                self._clock.tell(TakeBreak(_NOBODY, agent, GOING_HOME) if busy else LogOut(_NOBODY, agent))
        elif person.wish is not None and not isinstance(state, LoggedOut | NotReady):
            self._clock.tell(TakeBreak(_NOBODY, agent, person.wish.reason))
