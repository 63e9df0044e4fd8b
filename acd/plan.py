"""What a company has decided about its centre: queues, agents, skills, entry points, and the flows behind them.

A plan is made by `config` from `center.yaml` and is complete and consistent when the brain sees it: every name
in it leads somewhere. All durations are seconds.
"""

from collections.abc import Mapping
from enum import Enum

import msgspec

from acd.model import AgentId, PhoneKind, QueueName, Skill, UserId, WrapUpCode
from acd.routing.preference import PRESETS, Parts
from acd.routing.requirement import Anybody, Requirement
from acd.waiting.plan import WaitingPlan
from cti.model import Endpoint, NodeName
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName
from ivr.hours import Hours

PhoneAt = tuple[NodeName, Endpoint]
"""Which phone: two PBXs may each have a `PJSIP/anna`."""


class Phone(msgspec.Struct, frozen=True):
    """One phone of an agent."""

    kind: PhoneKind
    endpoint: Endpoint
    node: NodeName
    click_to_answer: bool = False
    """The phone obeys SIP NOTIFY `Event: talk`, so the desktop may offer an Answer button for it."""
    ring_when_busy: bool = False
    """Ring it though it is in use: several people share it, or the PBX says so of it when it is not."""

    @property
    def at(self) -> PhoneAt:
        """Which one it is."""
        return self.node, self.endpoint


class AgentPlan(msgspec.Struct, frozen=True):
    """One agent: who he is, what he can do, where his phones are."""

    id: AgentId
    name: str
    skills: Mapping[Skill, int]
    """Skill to level, 1 to 10."""
    phones: tuple[Phone, ...]
    team: str = ""
    """For reports; empty: none."""
    capacity: int = 1
    """Calls that he may have at once, those that he writes up included. More than one needs a phone with two lines."""


class SupervisorPlan(msgspec.Struct, frozen=True):
    """One supervisor."""

    id: UserId
    name: str


class Step(msgspec.Struct, frozen=True):
    """Whom a caller may be given to from some time on; whom an earlier step allows is still asked first."""

    need: Requirement
    after: float = 0.0
    """Seconds since he entered the queue."""


class Familiar(Enum):
    """Why a caller may be better served by one agent than by others."""

    NAMED = "named by the flow"
    OWNER = "owner"
    """The CRM says who looks after this customer."""
    LAST_AGENT = "last agent"
    """Who has talked with this customer last."""


class QueuePlan(msgspec.Struct, frozen=True):
    """One queue and its rules."""

    name: QueueName
    label: Mapping[str, str]
    """Shown to people; language to text."""
    steps: tuple[Step, ...] = (Step(Anybody()),)
    """The first at once, the others later and later."""
    prefers: Parts = PRESETS["least_busy"]
    """Which of those who will do is asked first."""
    preferred: tuple[Familiar, ...] = ()
    """Whom a customer knows and is given to first, the first of them first. Whom the flow names always is."""
    preferred_wait: float = 0.0
    """So long since the queue entry a caller waits for one of them who is busy, though others are free."""
    ring_timeout: float = 15.0
    ring_next_after: float | None = None
    """Seconds after which the next agent's phone rings beside those that ring already; 0: all at once; None: the next
    one only when the one before has missed it."""
    wrap_up: float | None = 30.0
    """Longest after-call work; then the agent is Ready again by himself. None: he says when it is over."""
    wrap_up_extension: float = 60.0
    """So much more time he gets when he asks for it."""
    wrap_up_extensions: int = 1
    """So often for one call."""
    wrap_up_codes: tuple[WrapUpCode, ...] = ()
    ask_solved: bool = False
    """Its agents are asked whether the matter is settled."""
    music: str = "default"
    """Music-on-hold class of the PBX; `default` in the configuration that we ship."""
    head_start: float = 0.0
    """Priority: a call counts as having arrived this much earlier. Bounded, so nobody starves."""
    strict_class: int = 0
    """Whoever waits in a class with a smaller number comes first, however long others have waited."""
    weight: float = 0.0
    """Between queues of one strict class: the queue with more weight comes first."""
    short_abandon: float = 5.0
    service_level: float = 20.0
    max_wait: float = 1800.0
    grace: float = 0.0
    """Who hangs up while he waits and calls again within so long has his old place; 0: he has not."""
    group: str = ""
    """Queues of one group are about one matter, for first contact resolution; empty: it is its own."""
    tell_if_nobody: bool = True
    """With nobody logged in who could ever answer: say so and hang up (True), or let the caller wait (False)."""
    hours: Hours = Hours.always()
    """When it is open, for its rules."""
    optional: bool = False
    """Its agents may leave it, and join it again, themselves."""
    survey: FlowName = FlowName("")
    """The flow into which a caller comes when his agent has hung up, to say how it was; empty: the call is over."""
    pull: bool = False
    """Its agents see who waits, and may take one out of turn."""
    waiting: WaitingPlan = WaitingPlan()
    """What callers hear and may do meanwhile."""


class EntryPoint(msgspec.Struct, frozen=True):
    """A dialled number and the flow it leads to; outside the hours, the other flow."""

    number: str
    name: str
    flow: FlowName
    hours: Hours
    closed_flow: FlowName
    language: str = "en"
    requires: tuple[Step, ...] = (Step(Anybody()),)
    """What its callers need of an agent beside what the queue asks for."""


class CenterPlan(msgspec.Struct, frozen=True):
    """The whole centre."""

    name: str
    zone: str
    """IANA time zone of the centre; its days begin and end there."""
    queues: Mapping[QueueName, QueuePlan]
    agents: Mapping[AgentId, AgentPlan]
    supervisors: Mapping[UserId, SupervisorPlan]
    entry_points: Mapping[str, EntryPoint]
    """By dialled number."""
    flows: Mapping[FlowName, Flow]
    skills: tuple[Skill, ...] = ()
    """All that are known, whether somebody has them or not."""
    transfer_numbers: Mapping[str, str] = {}
    """To which flows may put callers through: `ivr.flow.numbers`."""
    country: str = ""
    """Where a number without a country code belongs (ISO 3166, `DE`); empty: numbers are shown as they came."""
    break_reasons: Mapping[str, float | None] = msgspec.field(
        default_factory=lambda: {"break": None, "lunch": None, "training": None}
    )
    """With the longest time for each, seconds; None: no limit."""
    after_miss: Mapping[str, float | None] = msgspec.field(default_factory=dict)
    """What follows when somebody misses a call, by the reason (`acd.calls.reservations`): seconds in which he is
    NotReady, then Ready again; 0: he stays Ready; None, and for what is not here: NotReady until he says so."""
    voicemail_days: float = 90.0
    """For how many days a caller's message is kept."""
    log_out_after: float = 300.0
    """Without a desktop for so long an agent is not at work any more."""
    nobody_there: Mapping[str, str] = msgspec.field(
        default_factory=lambda: {"en": "All our agents have gone. Please call again later."}
    )
    """Said to a caller whom nobody will answer; language to text."""

    @property
    def teams(self) -> Mapping[AgentId, str]:
        """By agent, of those who are in one."""
        return {agent.id: agent.team for agent in self.agents.values() if agent.team}

    @property
    def service_levels(self) -> Mapping[QueueName, float]:
        """By queue, seconds."""
        return {queue.name: queue.service_level for queue in self.queues.values()}

    @property
    def asks_for_secrets(self) -> bool:
        """Whether a flow asks callers for something that nobody may see."""
        return any(flow.secrets for flow in self.flows.values())

    @property
    def versions(self) -> Mapping[FlowName, str]:
        """Of the flows."""
        return {name: flow.version for name, flow in self.flows.items()}

    not_in_service: Mapping[str, str] = msgspec.field(
        default_factory=lambda: {"en": "The number you have dialled is not in service."}
    )
