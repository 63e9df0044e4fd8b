"""What happens in the centre: told to the brain by its neighbours, and told by the brain to whoever listens.

Storage writes rows from the events that the brain says, so each carries all that its row needs: a row whose opening
was lost in a crash is made whole by the event that closes it.
"""

from collections.abc import Mapping

import msgspec

from acd.model import (
    ActionId,
    AgentId,
    CustomerAnswer,
    InteractionId,
    InteractionOutcome,
    PathStep,
    PhoneKind,
    QuestionId,
    QueueName,
    RequestId,
    ReservationId,
    ReservationOutcome,
    SegmentId,
    SegmentOutcome,
    UserId,
    Voicemail,
    VoicemailId,
    WrapUpCode,
)
from acd.people.agents import AgentState
from acd.requests import Refusal
from acd.revision import Revision
from acd.routing.decision import Decision
from acd.waiting.estimate import Forecast
from cti.model import CallerId, CallId
from ivr.dialogue.visits import NodeVisit
from ivr.flow.questions import Question
from ivr.flow.settings import FlowName


class CenterEvent(msgspec.Struct, frozen=True, tag=True):
    """Base of all events of the centre."""


class InteractionStarted(CenterEvent, frozen=True):
    """A customer called."""

    interaction: InteractionId
    call: CallId
    caller: CallerId
    dialled: str
    entry_point: str
    at: float


class CustomerWanted(CenterEvent, frozen=True):
    """Who is it? Asked of the CRM while the caller listens to the menu."""

    interaction: InteractionId
    number: str
    """As the network gave it; the CRM makes E.164 of it."""


class QuestionAsked(CenterEvent, frozen=True):
    """A flow needs something that somebody beside the caller knows, such as the CRM."""

    id: QuestionId
    interaction: InteractionId
    question: Question


class CustomerIdentified(CenterEvent, frozen=True):
    """The interaction's answer from the CRM is there (or is another one now)."""

    interaction: InteractionId
    answer: CustomerAnswer


class NodesVisited(CenterEvent, frozen=True):
    """A caller has gone on in the dialogue, or has left it: visits that are over, and the one that has begun, if there
    is one. A visit is told when it begins and when it is over, each time with all that is known of it."""

    interaction: InteractionId
    visits: tuple[NodeVisit, ...]


class VisitsTakenUp(CenterEvent, frozen=True):
    """A caller was found by another process, for whom only his first `count` visits have been.

    For the books: later ones never were, and earlier ones were over by `at`, except for the last, if he is in a flow:
    that is told again.
    """

    interaction: InteractionId
    count: int
    at: float


class SegmentOpened(CenterEvent, frozen=True):
    """A caller entered a queue."""

    segment: SegmentId
    interaction: InteractionId
    queue: QueueName
    entered: float


class ReservationMade(CenterEvent, frozen=True):
    """An agent is held for an interaction. Said before his phone is rung: it carries the screen pop."""

    reservation: ReservationId
    interaction: InteractionId
    segment: SegmentId
    agent: AgentId
    at: float
    until: float
    why: Decision


class ReservationEnded(CenterEvent, frozen=True):
    """The agent took the call, or he is not held for it any more."""

    reservation: ReservationId
    interaction: InteractionId
    segment: SegmentId
    agent: AgentId
    made: float
    at: float
    outcome: ReservationOutcome
    cause: str
    """For people and reports: `no answer`, `caller hung up`, `desktop lost`..."""


class AgentStateChanged(CenterEvent, frozen=True):
    """An agent entered a state. `since` inside the state is the time; the state before ended then.

    Who works for several contacts is in one state for the books (`agents.shown`), and his stay in it ends, too, when
    there is one more or less of them.
    """

    agent: AgentId
    previous: AgentState
    state: AgentState
    phone: PhoneKind
    others_before: int = 0
    others: int = 0
    """Contacts that he works for beside the one of the state."""


class CentreRestarted(CenterEvent, frozen=True):
    """Another process decides from `at` on; the last one is known to have run until `alive`.

    For the books: what an agent was in ended then, unless he was logged out. Nobody knows what he did until `at`.
    """

    alive: float
    at: float
    brief: bool
    """So soon that a break or after-call work has gone on."""


class TalkWentOn(CenterEvent, frozen=True):
    """A talk that began at `since` was found after a restart: its agent has talked while no process ran."""

    agent: AgentId
    interaction: InteractionId
    since: float


class AfterCallWorkBegan(CenterEvent, frozen=True):
    """An agent who may have several contacts at once writes one up. Said of him alone: another contact may hide it, and
    then nothing else tells of it after a kill."""

    interaction: InteractionId
    agent: AgentId
    since: float


class AfterCallWorkEnded(CenterEvent, frozen=True):
    """An agent has written up a contact, shown or hidden behind another one."""

    interaction: InteractionId
    agent: AgentId
    since: float
    at: float


class AgentNoticed(CenterEvent, frozen=True):
    """A word was left on an agent's screen (`notices.Notice`)."""

    agent: AgentId
    code: str


class TalkStarted(CenterEvent, frozen=True):
    """Two-way audio: the caller's wait is over."""

    interaction: InteractionId
    segment: SegmentId
    agent: AgentId
    at: float


class TalkEnded(CenterEvent, frozen=True):
    """One side hung up."""

    interaction: InteractionId
    segment: SegmentId
    agent: AgentId
    started: float
    at: float
    by: str
    """`customer`, `agent` or `network`."""


class SegmentClosed(CenterEvent, frozen=True):
    """A stay in a queue has its outcome. `wait` is queue entry to two-way audio, or to the end without it."""

    segment: SegmentId
    interaction: InteractionId
    queue: QueueName
    entered: float
    at: float
    outcome: SegmentOutcome
    wait: float
    agents: tuple[AgentId, ...]
    """Who answered; empty if nobody did."""
    cause: str = ""
    """Why he left, of an overflow or a callback: a value of `OverflowCause`."""
    forecast: Forecast = Forecast()
    """What was foretold of the wait."""


class CallbackRequested(CenterEvent, frozen=True):
    """A caller left his queue, and wants to be called back at the number."""

    segment: SegmentId
    interaction: InteractionId
    queue: QueueName
    number: str
    """As the network gave it."""
    at: float


class WrapUpChosen(CenterEvent, frozen=True):
    """An agent classified the interaction."""

    interaction: InteractionId
    agent: AgentId
    code: WrapUpCode
    note: str
    at: float
    about: VoicemailId = VoicemailId("")
    """What he had in hand, if it was what was left in that interaction, which is over."""
    solved: bool | None = None
    """Whether the matter is settled; None: he has not said."""


class VoicemailBegun(CenterEvent, frozen=True):
    """A caller is being recorded. Said before it is so, that no recording is ever without an owner."""

    voicemail: Voicemail


class VoicemailLeft(CenterEvent, frozen=True):
    """There is a message on the PBX, to be fetched from there."""

    voicemail: Voicemail
    at: float


class VoicemailDropped(CenterEvent, frozen=True):
    """He has said nothing, or could not be recorded: there is no message, whatever is left of it on the PBX."""

    voicemail: Voicemail
    at: float


class TaskTaken(CenterEvent, frozen=True):
    """An agent has a task in hand."""

    task: InteractionId
    about: VoicemailId
    agent: AgentId
    at: float


class TaskDone(CenterEvent, frozen=True):
    """An agent has done a task that he had in hand since `began`."""

    task: InteractionId
    about: VoicemailId
    agent: AgentId
    began: float
    at: float


class TaskReturned(CenterEvent, frozen=True):
    """An agent has it in hand no more, and it is not done."""

    task: InteractionId
    about: VoicemailId
    agent: AgentId
    at: float


class InteractionClosed(CenterEvent, frozen=True):
    """The contact is over, wrap-up included."""

    interaction: InteractionId
    call: CallId
    caller: CallerId
    dialled: str
    entry_point: str
    started: float
    at: float
    outcome: InteractionOutcome
    path: tuple[PathStep, ...]
    customer: str
    """The CRM's id of the customer; empty if he is not known."""
    verified: bool = False
    """Whether he has proved that he is that customer."""


class RequestGranted(CenterEvent, frozen=True):
    """A person's wish was carried out."""

    request: RequestId
    agent: AgentId
    """Whose wish it was; empty for a supervisor."""


class RequestRefused(CenterEvent, frozen=True):
    """A person's wish was not carried out, and why."""

    request: RequestId
    agent: AgentId
    refusal: Refusal


class SupervisorActed(CenterEvent, frozen=True):
    """A supervisor has changed something about a caller or an agent; where there is none, the field is empty."""

    action: ActionId
    supervisor: UserId
    name: str
    """His, at that time."""
    verb: str
    """`prioritise`, `assign`, `move`, `ready`, `break`, `log_out`, `join_queue` or `leave_queue`."""
    interaction: InteractionId
    agent: AgentId
    before: str
    """What it was: a queue, a state, seconds of head start."""
    after: str
    at: float


class QueuesChosen(CenterEvent, frozen=True):
    """An agent has left a queue or joined it again, or a supervisor has seen to that."""

    agent: AgentId
    left: tuple[QueueName, ...]
    """All for which he is not asked now."""
    by: str
    """The name of the supervisor; empty if it was he himself."""
    at: float


class RequirementIgnored(CenterEvent, frozen=True):
    """What a flow asked for on behalf of a caller cannot be read, so only his queue and his number ask for something.
    Counted on `/metrics`."""

    interaction: InteractionId
    queue: QueueName
    text: str
    """With `{language}` in it if that variable held no name."""
    reason: str


class RevisionBegan(CenterEvent, frozen=True):
    """The centre goes by these files."""

    revision: Revision
    at: float
    teams: Mapping[AgentId, str] = {}
    """By agent, of those who are in one from now on."""
    flows: Mapping[FlowName, str] = {}
    """The version of each flow."""
    service_levels: Mapping[QueueName, float] = {}
    """By queue, seconds in which a call should be answered."""


class RepairMade(CenterEvent, frozen=True):
    """What we believed and what the PBX has were different; we believe the PBX now. Counted on `/metrics`."""

    what: str
    subject: str


AnyCenterEvent = (
    InteractionStarted
    | CustomerWanted
    | QuestionAsked
    | CustomerIdentified
    | NodesVisited
    | VisitsTakenUp
    | SegmentOpened
    | ReservationMade
    | ReservationEnded
    | AgentStateChanged
    | CentreRestarted
    | TalkWentOn
    | AfterCallWorkBegan
    | AfterCallWorkEnded
    | AgentNoticed
    | TalkStarted
    | TalkEnded
    | SegmentClosed
    | CallbackRequested
    | WrapUpChosen
    | VoicemailBegun
    | VoicemailLeft
    | VoicemailDropped
    | TaskTaken
    | TaskDone
    | TaskReturned
    | InteractionClosed
    | RequestGranted
    | RequestRefused
    | SupervisorActed
    | QueuesChosen
    | RequirementIgnored
    | RevisionBegan
    | RepairMade
)
