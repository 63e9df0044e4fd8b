"""One customer's contact, and the stage it is in.

    arrival -> InFlow -> Waiting -> Ringing -> Connecting -> Talking -> WrappingUp -> closed
                  |         ^  |       |           |
                  |         |  |       +-- missed, declined, withdrawn: Waiting again, in the old place
                  |         +--+-------+-----------+             |
                  |                                              +--> InFlow (asked how he liked it) -> closed
                  +--> Leaving (a last sentence, then we hang up) -> closed

The caller may hang up in every stage. A stage carries what is true only in it, so nothing is ever half set.
"""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from acd.calls.reservations import Reservation
from acd.events import SegmentClosed
from acd.model import (
    AgentId,
    CustomerAnswer,
    CustomerKnown,
    CustomerPending,
    InteractionId,
    InteractionOutcome,
    PathStep,
    QuestionId,
    QueueName,
    SegmentId,
    VoicemailId,
    WrapUpCode,
)
from acd.waiting.announcing import SILENT, Announced
from acd.waiting.estimate import Forecast
from cti.model import CallerId, CallId, LegId, PlaybackId, node_of
from ivr.dialogue.interpreter import Dialogue
from ivr.dialogue.steps import Shown
from ivr.nodes.to_queue import Need

NO_QUESTION = QuestionId("")
"""Where the CRM was not asked."""


NOT_RECORDED = VoicemailId("")
"""Where nobody leaves a message."""


class InFlow(msgspec.Struct, frozen=True):
    """Talks with the flow."""

    dialogue: Dialogue
    playback: PlaybackId = SILENT
    """The prompt that plays; one that has ended or was stopped does not match it any more."""
    question: QuestionId = NO_QUESTION
    """What the dialogue has asked last; the answer to anything else is not for it."""
    voicemail: VoicemailId = NOT_RECORDED
    """The message that he is leaving; when he has hung up, until we know whether it is one."""


class Waiting(msgspec.Struct, frozen=True):
    """In a queue, nobody asked yet or nobody asked at the moment."""

    queue: QueueName
    segment: SegmentId
    since: float
    """Queue entry; kept through misses and restarts."""
    place: float
    """The time by which his place is decided: `since`, or when he came, if the PBX has kept him while we were down."""
    ahead: float = 0.0
    """Seconds by which a supervisor has brought him forward; negative: put him back."""


class Ringing(msgspec.Struct, frozen=True):
    """One agent is held, or several are; their phones ring."""

    waiting: Waiting
    held: tuple[Reservation, ...]
    """At least one; in the order in which they were made."""
    by_hand: bool = False
    """Somebody has said whose phone it is to be, so no other one rings beside it."""

    def by(self, agent: AgentId) -> Reservation | None:
        """That agent's."""
        return next((one for one in self.held if one.agent == agent), None)

    def on(self, leg: LegId) -> Reservation | None:
        """The one whose phone is on that leg."""
        return next((one for one in self.held if one.leg == leg), None)

    def changed(self, reservation: Reservation) -> "Ringing":
        """With another form of one of them."""
        return replace(self, held=tuple(reservation if one.id == reservation.id else one for one in self.held))


class Connecting(msgspec.Struct, frozen=True):
    """The agent has answered; two-way audio is not there yet."""

    waiting: Waiting
    agent: AgentId
    leg: LegId
    since: float
    whisper: PlaybackId = SILENT
    """What he is told before he is connected, while it plays; the caller has music meanwhile."""


class Talking(msgspec.Struct, frozen=True):
    """Two-way audio."""

    queue: QueueName
    segment: SegmentId
    entered: float
    agent: AgentId
    leg: LegId
    since: float


class WrappingUp(msgspec.Struct, frozen=True):
    """The customer is gone; the agent writes it up."""

    agent: AgentId
    since: float


class Leaving(msgspec.Struct, frozen=True):
    """Hears a last sentence, then we hang up."""

    outcome: InteractionOutcome
    playback: PlaybackId = SILENT
    after: tuple[SegmentClosed, ...] = ()
    """The stay in a queue that has just ended, if he comes from one."""
    texts: Mapping[str, str] = {}
    """What he hears, by language; empty: what the centre usually says."""


Stage = InFlow | Waiting | Ringing | Connecting | Talking | WrappingUp | Leaving


class Surveyed(msgspec.Struct, frozen=True):
    """The talk that a caller is asked about, whose agent has hung up."""

    queue: QueueName
    agent: AgentId
    ended: float
    writes: bool = True
    """Whether the agent still writes it up."""


NOT_SURVEYED: Surveyed | None = None
"""Of who is not asked how it was."""


NO_NEEDS: tuple[Need, ...] = ()
NOTHING_SHOWN: tuple[Shown, ...] = ()


class WrapUp(msgspec.Struct, frozen=True):
    """How the agent classified the interaction; an empty code: not yet, whatever the note says."""

    code: WrapUpCode = WrapUpCode("")
    note: str = ""
    solved: bool | None = None
    """Whether the matter is settled; None: nobody has said."""


class Interaction:
    """One contact. Plain data; `Reception` and `Distribution` move it from stage to stage."""

    __slots__ = (
        "announced",
        "bridges_refused",
        "call",
        "caller",
        "caller_shown",
        "customer",
        "dialled",
        "entry_point",
        "forecast",
        "id",
        "kept_since",
        "in_silence",
        "known",
        "language",
        "left_message",
        "leg",
        "missed_by",
        "named_agent",
        "needs",
        "node",
        "outcome",
        "path",
        "queue",
        "sent_on_from",
        "shown",
        "stage",
        "started",
        "surveyed",
        "verified",
        "visits",
        "waited",
        "wrap_up",
    )

    def __init__(
        self, interaction: InteractionId, call: CallId, leg: LegId, caller: CallerId, dialled: str, started: float
    ) -> None:
        self.id = interaction
        self.call, self.leg, self.node, self.caller = call, leg, node_of(leg), caller
        """As the network says."""
        self.caller_shown = caller.number
        """The number as people see it (`acd.numbers.shown`)."""
        self.dialled, self.started, self.entry_point, self.language = dialled, started, "", "en"
        self.known: Mapping[str, str] = {}
        """What flows have learnt of him; as it was when he left the last one."""
        self.customer: CustomerAnswer = CustomerPending()
        self.verified = ""
        """The customer's id that he has proved to be his; empty if he has proved nothing."""
        self.path: tuple[PathStep, ...] = ()
        self.queue = QueueName("")
        """The last queue it was in."""
        self.waited = 0.0
        """Seconds in that queue, until an agent was reserved."""
        self.kept_since = 0.0
        """When he came, if the PBX's fallback has kept him since while we were down; else 0."""
        self.bridges_refused = 0
        """How often the PBX has refused to let him hear an agent."""
        self.missed_by: dict[AgentId, str] = {}
        """Who was asked and did not take it, and why; they are not asked again for this call."""
        self.needs, self.shown = NO_NEEDS, NOTHING_SHOWN
        """What the flow asks for on his behalf, which can be read and has its slots filled in; what agents see."""
        self.named_agent = AgentId("")
        """Whom the flow wants to be asked first; empty: nobody in particular."""
        self.sent_on_from: tuple[QueueName, ...] = ()
        """The queues whose rules have sent him on."""
        self.in_silence = False
        """He waits, and the music could not be started."""
        self.announced, self.forecast = Announced(), Forecast()
        """What he was told since he entered the queue, and what was foretold."""
        self.left_message, self.visits = False, 0
        """Whether he has left a voicemail; how many visits of nodes he has begun."""
        self.wrap_up, self.surveyed = WrapUp(), NOT_SURVEYED
        """What he is asked about, if he talks with a flow after a talk: it is the last thing in this contact."""
        self.outcome = InteractionOutcome.ABANDONED_IN_FLOW
        """What it would be if it ended now."""
        self.stage: Stage = Leaving(self.outcome)
        """Until the reception has decided on another, one from which he can hang up like from every other."""

    def customer_id(self) -> str:
        """The CRM's id; empty if the customer is not known."""
        return self.customer.customer.id if isinstance(self.customer, CustomerKnown) else ""
