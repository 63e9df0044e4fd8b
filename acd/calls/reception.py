"""The caller's way from the dialled number through the flow: to a queue, to the end, or to nowhere.

The dialogue itself is `ivr`'s pure machine. Here its steps become commands and events, and what happens on the
caller's leg becomes its input.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from acd.calls.books import Books
from acd.calls.distribution import Distribution
from acd.calls.interactions import NOT_RECORDED, InFlow, Interaction, Leaving, Ringing, Waiting
from acd.calls.recordings import Recordings
from acd.calls.transfers import Transfers, is_bound_for_elsewhere
from acd.events import CustomerIdentified, CustomerWanted, InteractionStarted, NodesVisited, QuestionAsked
from acd.floor import Floor
from acd.model import (
    AgentId,
    CustomerAnswer,
    CustomerKnown,
    InteractionId,
    InteractionOutcome,
    PathStep,
    QuestionId,
    QueueName,
    VoicemailId,
)
from acd.numbers import shown
from acd.tasks.voicemails import Voicemails
from acd.told import QuestionAnswered
from acd.waiting.announcing import SILENT
from cti.commands import Answer, StopPlayback
from cti.events import CallArrived, KeyPressed
from cti.model import HangupCause, PlaybackId
from ivr.dialogue.interpreter import (
    Ask,
    Dialogue,
    HangUp,
    Leave,
    MessageOver,
    PutThrough,
    Say,
    Speak,
    Step,
    StopSaying,
    StopTaking,
    TakeMessage,
    ToQueue,
    Transfer,
    Unverified,
    Visited,
)
from ivr.dialogue.steps import Exit
from ivr.dialogue.visits import ENTRY
from ivr.flow.questions import Question
from ivr.flow.settings import FlowName
from ivr.flow.variables import VERIFIED_AS
from ivr.nodes.record import RecordNode

KEPT = 10.0
"""Seconds on the PBX before us, from which on a caller was not just put through but has waited there."""


class Reception:
    """Arrivals and dialogues of one floor."""

    def __init__(self, floor: Floor, books: Books, distribution: Distribution) -> None:
        self._floor = floor
        self._books = books
        self._distribution = distribution
        self._voicemails = Voicemails(floor, books)
        self.recordings = Recordings(floor, self._voicemails, self._carry_out)
        self._transfers = Transfers(floor, books)

    # -- arrival ---------------------------------------------------------------------------------------------------

    def arrived(self, arrival: CallArrived) -> None:
        """A call. The number dialled says which flow; without one the caller is told so, and it is over."""
        floor = self._floor
        if arrival.leg in floor.customer_legs or arrival.leg in floor.dismissed:
            return  # told twice
        interaction = Interaction(
            floor.new_id(InteractionId, "i"), arrival.call, arrival.leg, arrival.caller, arrival.dialled, floor.now
        )
        self.admit(interaction, arrival)
        floor.say(
            InteractionStarted(
                interaction.id, arrival.call, arrival.caller, arrival.dialled, interaction.entry_point, floor.now
            )
        )
        floor.say(Answer(floor.command_id(), arrival.leg))
        self.welcome(interaction)

    def welcome(self, interaction: Interaction) -> None:
        """Into the flow of the number dialled, from its beginning."""
        floor = self._floor
        entry = floor.plan.entry_points.get(interaction.dialled)
        if entry is None:
            self._books.say_goodbye(interaction, InteractionOutcome.REJECTED)
            return
        floor.say(CustomerWanted(interaction.id, interaction.caller.number))
        flow = entry.flow if entry.hours.is_open(floor.now) else entry.closed_flow
        self.converse(interaction, self._dialogue(interaction, flow, ENTRY))

    def admit(self, interaction: Interaction, arrival: CallArrived | None) -> None:
        """Onto the floor; also for a call found on the PBX after a restart."""
        floor = self._floor
        if arrival is not None and 0 < arrival.entered < interaction.started - KEPT:
            interaction.kept_since = arrival.entered
        floor.interactions[interaction.id] = interaction
        floor.customer_legs[interaction.leg] = interaction.id
        interaction.caller_shown = shown(interaction.caller.number, floor.plan.country)
        entry = floor.plan.entry_points.get(interaction.dialled)
        if entry is not None:
            interaction.entry_point = entry.name
            interaction.language = entry.language

    def _dialogue(self, interaction: Interaction, flow: FlowName, came: str) -> Dialogue:
        flows = self._floor.plan.flows
        of_the_call = {"caller": interaction.caller.number, "dialled": interaction.dialled}
        known = {**interaction.known, **of_the_call, VERIFIED_AS: interaction.verified}
        return Dialogue(flows[flow], interaction.language, known, flows, visits=interaction.visits, came=came)

    def send_into(self, interaction: Interaction, flow: FlowName, came: str) -> None:
        """Into another flow; `came`: out of what (`ivr.dialogue.visits`)."""
        self.converse(interaction, self._dialogue(interaction, flow, came))

    # -- dialogue --------------------------------------------------------------------------------------------------

    def converse(self, interaction: Interaction, dialogue: Dialogue) -> None:
        """Begin a dialogue with the caller, or go on with one."""
        interaction.stage = InFlow(dialogue)
        # Noted from the beginning, so that he stays this interaction if we are killed now.
        self._carry_out(interaction, dialogue, dialogue.start(self._floor.now), noted=False)

    def key_pressed(self, interaction: Interaction, key: KeyPressed) -> None:
        """A key in the flow; while he waits, keys are for `Exits`."""
        if isinstance(interaction.stage, InFlow):
            dialogue = interaction.stage.dialogue
            self._carry_out(interaction, dialogue, dialogue.key_pressed(key.key, self._floor.now))

    def playback_ended(self, interaction: Interaction, playback: PlaybackId) -> None:
        """A prompt is over; one that was replaced or stopped says nothing any more."""
        match interaction.stage:
            case InFlow(dialogue, playing) as stage if playing == playback:
                interaction.stage = replace(stage, playback=SILENT)
                self._carry_out(interaction, dialogue, dialogue.prompt_ended(self._floor.now))
            case Leaving(outcome, playing) if playing == playback:
                cause = HangupCause.UNKNOWN_NUMBER if outcome is InteractionOutcome.REJECTED else HangupCause.NORMAL
                self._floor.timers.drop(("leaving", interaction.id))
                self._floor.hang_up(interaction.leg, cause)
            case Waiting() | Ringing():
                self._distribution.comfort.playback_ended(interaction, playback)
            case _:
                pass

    def ask(self, interaction: Interaction, question: Question) -> QuestionId:
        """Ask for what the flow needs. Only the answer to the latest question is of interest."""
        floor = self._floor
        floor.drop_questions(interaction)
        asked = floor.new_id(QuestionId, "q")
        floor.questions[asked] = interaction.id
        floor.say(QuestionAsked(asked, interaction.id, question))
        return asked

    def answered(self, answer: QuestionAnswered) -> None:
        """What the flow has asked for; too late if the caller has gone on."""
        floor = self._floor
        interaction = floor.interactions.get(floor.questions.pop(answer.question, InteractionId("")))
        if interaction is None:
            return
        if answer.customer is not None:  # the agent wants to know even if the flow has gone on
            if answer.verified:
                interaction.verified = answer.customer.id
            self.identified(interaction, CustomerKnown(answer.customer, typed=True))
        match interaction.stage:
            case InFlow(dialogue) as stage if stage.question == answer.question:
                self._carry_out(interaction, dialogue, dialogue.answered(answer.way, answer.learnt, floor.now))
            case InFlow() | Leaving():
                pass
            case _:
                self._books.remember(interaction)

    def identified(self, interaction: Interaction, answer: CustomerAnswer) -> None:
        """The CRM's answer about the caller. What the caller typed stands above what his number says."""
        known = interaction.customer
        if isinstance(answer, CustomerKnown) and answer.customer.id == interaction.verified != "":
            answer = replace(answer, typed=True, verified=True)
        if (
            isinstance(known, CustomerKnown)
            and known.typed
            and not (isinstance(answer, CustomerKnown) and answer.typed)
        ):
            return
        interaction.customer = answer
        self._floor.say(CustomerIdentified(interaction.id, answer))
        self._distribution.customer_known(interaction)

    def record_on(self, interaction: Interaction, dialogue: Dialogue, of: VoicemailId, since: float) -> None:
        """Go on with a caller whom the process before us had recorded."""
        node = dialogue.flow.nodes[dialogue.save().node]
        if isinstance(node, RecordNode):
            self._voicemails.take_up(interaction, dialogue, of, node.queue, since)
            self._carry_out(interaction, dialogue, dialogue.resume(self._floor.now))
        else:  # the flow has been changed since
            self._voicemails.take_up(interaction, dialogue, of, "", since)
            self._voicemails.over(interaction, kept=True)
            self.converse(interaction, dialogue)

    def put_through(self, interaction: Interaction, stage: InFlow) -> None:
        """He is gone to the number that the flow has named."""
        self._carry_out(interaction, stage.dialogue, stage.dialogue.put_through(self._floor.now))

    def not_put_through(self, interaction: Interaction, stage: InFlow) -> None:
        """The PBX has refused that; he is there still."""
        self._carry_out(interaction, stage.dialogue, stage.dialogue.not_put_through(self._floor.now))

    def catch_up(self, interaction: Interaction, stage: InFlow) -> None:
        """We have not seen his PBX for a while: what we wait for may be over without our knowing."""
        if stage.voicemail != NOT_RECORDED:
            self._voicemails.stop(interaction)
        elif stage.dialogue.bound_for:
            self._carry_out(interaction, stage.dialogue, stage.dialogue.put_through_again(self._floor.now))
        else:
            self.playback_ended(interaction, stage.playback)

    def time_out(self, interaction: Interaction, dialogue: Dialogue) -> None:
        """The caller has been silent for too long, or the CRM has."""
        self._carry_out(interaction, dialogue, dialogue.tick(self._floor.now))

    def caller_gone(self, interaction: Interaction, cause: HangupCause) -> None:
        """The caller hung up in the flow, or during (or after) the last sentence."""
        lost = cause is HangupCause.LOST
        if isinstance(interaction.stage, InFlow):
            if lost and is_bound_for_elsewhere(interaction):  # he has done what we have wanted
                self.put_through(interaction, interaction.stage)
                return
            interaction.stage.dialogue.gone(self._floor.now, lost=lost)
            self._tell_visits(interaction, interaction.stage.dialogue)
        if self._voicemails.hung_up(interaction):
            return
        if interaction.surveyed is not None:  # whatever he says of it, he has been served
            self._books.customer_gone(interaction)
            return
        if isinstance(interaction.stage, Leaving):
            interaction.outcome = interaction.stage.outcome
        elif interaction.left_message:
            interaction.outcome = InteractionOutcome.VOICEMAIL
        elif lost:
            interaction.outcome = InteractionOutcome.FAILED
        self._books.close(interaction)

    def _carry_out(
        self, interaction: Interaction, dialogue: Dialogue, steps: Sequence[Step], *, noted: bool = True
    ) -> None:
        """Commands and events for the steps. `noted`: the leg says already where the caller is.

        What is written on the leg goes before the prompt: Asterisk sets a variable on the channel's own thread, which
        is busy with a prompt until its end, and everything behind it would wait, too.
        """
        floor = self._floor
        self._tell_visits(interaction, dialogue)
        noted = noted and not any(isinstance(step, Visited) for step in steps)
        for step in steps:
            match step:
                case Say(sounds):
                    if not noted:
                        self._books.remember(interaction)
                        noted = True
                    interaction.stage = replace(
                        self._in_flow(interaction, dialogue), playback=floor.play(interaction.leg, sounds)
                    )
                case StopSaying():
                    self._stop_saying(interaction)
                case Ask(question):
                    interaction.stage = InFlow(dialogue, question=self.ask(interaction, question))
                case Speak() | Unverified() | Visited():
                    self._learn_of(interaction, dialogue, step)
                case TakeMessage() | StopTaking() | MessageOver():
                    noted = self._voicemails.carry_out(step, interaction, dialogue, noted=noted)
                case PutThrough(number):
                    steps = self._transfers.begin(interaction, dialogue, number)
                    self._carry_out(interaction, dialogue, steps, noted=not steps)
                    return
                case Leave(exit_):
                    interaction.known = dialogue.save().variables
                    self._leave(interaction, exit_)
                    return
        if not noted:
            self._books.remember(interaction)
        deadline = dialogue.next_deadline()
        if deadline is None:
            floor.timers.drop(("dialogue", interaction.id))
        else:
            floor.timers.set(("dialogue", interaction.id), deadline)

    def _learn_of(self, interaction: Interaction, dialogue: Dialogue, step: Speak | Unverified | Visited) -> None:
        match step:
            case Speak(language):
                interaction.language = language
            case Unverified():
                interaction.verified = ""
                if isinstance(interaction.customer, CustomerKnown) and interaction.customer.verified:
                    self.identified(interaction, replace(interaction.customer, verified=False))
            case Visited(visit):
                if interaction.surveyed is None:  # his path is what agents see: not what he says of them
                    step_of = PathStep(visit.node, visit.label, visit.said, dialogue.flow.name)
                    interaction.path = (*interaction.path, step_of)

    def _tell_visits(self, interaction: Interaction, dialogue: Dialogue) -> None:
        if visits := dialogue.walked():
            interaction.visits = visits[-1].position + 1
            self._floor.say(NodesVisited(interaction.id, visits))

    @staticmethod
    def _in_flow(interaction: Interaction, dialogue: Dialogue) -> InFlow:
        return interaction.stage if isinstance(interaction.stage, InFlow) else InFlow(dialogue)

    def _stop_saying(self, interaction: Interaction) -> None:
        floor = self._floor
        if isinstance(interaction.stage, InFlow) and interaction.stage.playback != SILENT:
            floor.say(StopPlayback(floor.command_id(), interaction.leg, interaction.stage.playback))
            interaction.stage = replace(interaction.stage, playback=SILENT)

    def _leave(self, interaction: Interaction, exit_: Exit) -> None:
        floor = self._floor
        floor.timers.drop(("dialogue", interaction.id))
        match exit_:
            case ToQueue() if interaction.surveyed is not None:  # his flow is another one since, and was no survey
                interaction.stage = Leaving(interaction.outcome)
                floor.hang_up(interaction.leg)
            case ToQueue(queue, needs, agent, head_start, show):
                interaction.named_agent = AgentId(agent)
                interaction.shown = show
                self._distribution.choosing.ask_for(interaction, QueueName(queue), needs)
                self._distribution.enter(interaction, QueueName(queue), ahead=head_start)
            case Transfer():
                self._transfers.over(interaction)
            case HangUp():
                if interaction.surveyed is None:
                    left = interaction.left_message
                    interaction.outcome = InteractionOutcome.VOICEMAIL if left else InteractionOutcome.SELF_SERVED
                interaction.stage = Leaving(interaction.outcome)
                floor.hang_up(interaction.leg)
