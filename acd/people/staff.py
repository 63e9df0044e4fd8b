"""The people at work: each agent's plan, standing, phone and how busy he has been."""

import msgspec
from msgspec.structs import replace

from acd.model import AgentId, InteractionId, QueueName
from acd.people.agents import (
    AgentInput,
    AgentState,
    Busy,
    LoggedOut,
    Ready,
    Reserved,
    Standing,
    Work,
    next_standing,
    shown,
)
from acd.people.durations import Durations, PastDay
from acd.people.notices import Notices
from acd.people.occupancy import Occupancy, PastWork
from acd.plan import AgentPlan, Phone


class Stay(msgspec.Struct, frozen=True):
    """What the books say of an agent: one state after the other, without a gap."""

    state: AgentState
    """What is shown of him; its `since` is when the stay began, which may be later than the work itself."""
    others: int = 0
    """Contacts that he works for beside the one that is shown."""


class Agent:
    """One agent. Only `move` and `adopt` change his standing."""

    __slots__ = (
        "absent_since",
        "busyness",
        "desktop",
        "draw",
        "durations",
        "handled",
        "id",
        "last_asked",
        "last_handled",
        "leaving",
        "left_queues",
        "notices",
        "off_our_call",
        "on_phone",
        "phone",
        "plan",
        "ready_since",
        "standing",
        "state",
        "stay",
        "talked",
        "tasks",
        "_occupancy",
    )

    def __init__(self, plan: AgentPlan) -> None:
        self.plan = plan
        self.id: AgentId = plan.id
        self.standing = Standing(LoggedOut(0.0), (), plan.capacity)
        self.state: AgentState = LoggedOut(0.0)
        """What is shown of his standing."""
        self.stay = Stay(self.state)
        self.phone: Phone = plan.phones[0]
        self.desktop = False
        self.absent_since = 0.0
        """When his screen was lost; 0 while it is there, and before it has ever been."""
        self.handled = 0
        self.last_handled = 0.0
        self.last_asked = 0.0
        self.ready_since = 0.0
        self.talked = 0.0
        """Seconds, today."""
        self.busyness = 0
        """`occupancy_step` when it was last looked at: when he became ready, and every minute since."""
        self.draw = 0
        """Some number; another one each time he becomes ready."""
        self.leaving = False
        """He is not in the plan any more, and here only until his call is over."""
        self.on_phone = 0
        """For how many calls his phone rings or talks."""
        self.tasks: set[InteractionId] = set()
        """Those of his works that need no phone; noted before he is asked."""
        self.off_our_call = 0.0
        """When his phone last ceased to ring or talk with us."""
        self.left_queues: frozenset[QueueName] = frozenset()
        """For these he is not asked, until he joins them again."""
        self.notices: Notices = ()
        self.durations = Durations()
        self._occupancy = Occupancy()

    @property
    def works(self) -> tuple[Work, ...]:
        """What he does for callers, oldest first."""
        return self.standing.works

    @property
    def load(self) -> float:
        """Open work / capacity."""
        return len(self.standing.works) / self.standing.capacity

    @property
    def wants_calls(self) -> bool:
        """Whether he is Ready, or will be after what he does."""
        return isinstance(self.standing.presence, Ready)

    def move(self, happened: AgentInput, now: float) -> Stay:
        """Let something happen to him; gives the stay before. Raises `agents.NotPossible`."""
        return self.adopt(next_standing(self.standing, happened, now), now)

    def adopt(self, standing: Standing, now: float) -> Stay:
        """Put him where he is (after a restart of the process); gives the stay before."""
        was, self.standing = self.standing, standing
        before, self.state = self.state, shown(standing)
        stay, self.stay = self.stay, _next_stay(self.stay, self.state, was, standing, now)
        if type(before) is not type(self.state) or not self.durations.since:
            self.durations.change(self.state, now)
        if isinstance(before, LoggedOut) and not isinstance(self.state, LoggedOut):
            self.last_handled = now
        if self.tasks:
            self.tasks &= {work.interaction for work in standing.works}
        on_phone = sum(
            [isinstance(work, Reserved | Busy) and work.interaction not in self.tasks for work in standing.works]
        )
        if self.on_phone > on_phone:
            self.off_our_call = now
        self.on_phone = on_phone
        if isinstance(self.state, Ready):
            self.ready_since = self.state.since
        handling = bool(standing.works)
        self._occupancy.change(now, staffed=handling or isinstance(self.state, Ready), handling=handling)
        return stay

    def begin(self, now: float, usual: float) -> None:
        """He begins to work, and is taken to have been as busy as is usual."""
        self._occupancy.begin(now, usual)

    def take_up(self, past: PastWork) -> None:
        """What he did before this process began."""
        self._occupancy.take_up(past.spans)
        self.last_handled = past.last_handled

    def take_up_day(self, past: PastDay) -> None:
        """What he did today before this process began."""
        self.durations.take_up(past.times)
        self.handled += past.handled
        self.talked += past.talked

    def occupancy(self, now: float) -> float:
        """Handling time / staffed time over the last hour, 0 to 1."""
        return self._occupancy.share(now)

    def occupancy_step(self, now: float) -> int:
        """The same in steps of 5 points, 0 to 20."""
        return self._occupancy.step(now)


def _next_stay(before: Stay, state: AgentState, was: Standing, standing: Standing, now: float) -> Stay:
    """A work that was hidden behind another one is shown from now on, whenever it began; and each change of how many
    there are begins a new stay, so that his time and the contacts' can both be added up."""
    others = max(0, len(standing.works) - 1)
    if isinstance(state, Busy) and not was.works:  # found talking: before the stay in the books it was another one's
        since = max(state.since, before.state.since) if before.state.since else now
        return Stay(_from(state, since), others)
    if not was.works or not isinstance(state, Work):  # new, or taken up after a restart: its own beginning
        return Stay(state, others)
    same = type(state) is type(before.state) and state.interaction == before.state.interaction
    since = before.state.since if same and others == before.others else now
    return Stay(_from(state, since), others)


def _from(state: Work, since: float) -> Work:
    return state if state.since == since else replace(state, since=since)
