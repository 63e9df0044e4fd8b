"""What is written down at each step and at the end: outcomes, and notes on the caller's leg for a later process."""

from collections.abc import Mapping

from msgspec.structs import replace

from acd.calls.interactions import (
    Connecting,
    InFlow,
    Interaction,
    Leaving,
    Ringing,
    Stage,
    Talking,
    Waiting,
    WrappingUp,
)
from acd.events import InteractionClosed, SegmentClosed
from acd.floor import Floor
from acd.model import AgentId, CustomerKnown, InteractionId, InteractionOutcome, SegmentOutcome
from acd.recovery.memory import (
    MISSED_KEPT,
    CallerInFlow,
    CallerLeaving,
    CallerMemory,
    CallerStage,
    CallerTalking,
    CallerWaiting,
    brief,
    brief_of_shown,
)
from acd.waiting.comfort import hush
from ivr.speech.sounds import speech_of

GOODBYE_AT_MOST = 60.0
"""Seconds after which we no longer believe that the last sentence still plays."""


_SENT_ON = frozenset({SegmentOutcome.OVERFLOWED, SegmentOutcome.CALLBACK_REQUESTED})
"""Who leaves so says nothing about the pace of a queue: a rule may send away all at once."""


class Books:
    """The books of one floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def close_segment(
        self, interaction: Interaction, waiting: Waiting, outcome: SegmentOutcome, *agents: AgentId, cause: str = ""
    ) -> SegmentClosed:
        """A stay in a queue has its outcome; whoever answered is named."""
        floor = self._floor
        wait = max(0.0, floor.now - waiting.since)
        queue = floor.leave_queue(interaction)
        queue.figures.tally.add(outcome, wait, queue.plan.service_level)
        if outcome not in _SENT_ON:
            queue.estimator.left(floor.now, len(queue))
        elif not len(queue):
            queue.estimator.emptied()
        if outcome is SegmentOutcome.ANSWERED:
            queue.estimator.answered(interaction.forecast, waiting.since, floor.now)
        if queue.watches_pace and len(queue):
            floor.stirred[waiting.queue] = None
        closed = SegmentClosed(
            waiting.segment,
            interaction.id,
            waiting.queue,
            waiting.since,
            floor.now,
            outcome,
            wait,
            agents,
            cause,
            interaction.forecast,
        )
        floor.say(closed)
        return closed

    def close(self, interaction: Interaction) -> None:
        """The contact is over; nothing of it stays on the floor."""
        floor = self._floor
        floor.drop_customer_leg(interaction)
        floor.forget(interaction)
        floor.say(
            InteractionClosed(
                interaction.id,
                interaction.call,
                interaction.caller,
                interaction.dialled,
                interaction.entry_point,
                interaction.started,
                floor.now,
                interaction.outcome,
                interaction.path,
                interaction.customer_id(),
                isinstance(interaction.customer, CustomerKnown) and interaction.customer.verified,
            )
        )

    def written_up(self, of: InteractionId) -> None:
        """The agent has done his after-call work: the interaction is closed, unless the caller is asked about it."""
        interaction = self._floor.interactions.get(of)
        if interaction is None:
            return
        if isinstance(interaction.stage, WrappingUp):
            self.close(interaction)
        elif interaction.surveyed is not None:
            interaction.surveyed = replace(interaction.surveyed, writes=False)

    def customer_gone(self, interaction: Interaction) -> None:
        """Nobody is on the line any more: the interaction is closed, unless an agent still writes it up."""
        talk = interaction.surveyed
        if talk is None or not talk.writes:
            self.close(interaction)
            return
        self._floor.timers.drop(("dialogue", interaction.id))
        self._floor.drop_questions(interaction)
        interaction.surveyed = None
        interaction.stage = WrappingUp(talk.agent, talk.ended)

    def say_goodbye(
        self,
        interaction: Interaction,
        outcome: InteractionOutcome,
        *after: SegmentClosed,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        """A last sentence, after a stay in a queue or none; the leg is hung up when it has been heard.

        `texts` by language; without any it is what the centre says in such a case.
        """
        floor = self._floor
        usual = floor.plan.not_in_service if outcome is InteractionOutcome.REJECTED else floor.plan.nobody_there
        text = texts or usual
        said = speech_of(text, interaction.language)
        noted = {said.language: said.text} if texts else {}  # he hears one; all may be too long for his leg
        interaction.outcome = outcome
        interaction.stage = Leaving(outcome, after=after, texts=noted)
        self.remember(interaction)  # before the prompt, behind which it would wait (see `Reception`)
        prompt = floor.play(interaction.leg, (said,))
        interaction.stage = Leaving(outcome, prompt, after, noted)
        floor.timers.set(("leaving", interaction.id), floor.now + GOODBYE_AT_MOST)

    def remember(self, interaction: Interaction) -> None:
        """Write on the caller's leg where he is, for a later process."""
        stage = self.noted(interaction)
        if stage is None:
            return
        customer = interaction.customer
        hush(self._floor, interaction)  # what is written would wait for its end, and all else behind it
        self._floor.remember(
            interaction.leg,
            CallerMemory(
                interaction.id,
                interaction.caller,
                interaction.dialled,
                interaction.started,
                stage,
                brief(interaction.path),
                customer.customer.id if isinstance(customer, CustomerKnown) and customer.typed else "",
                interaction.left_message,
                interaction.sent_on_from,
                interaction.language,
                {} if isinstance(stage, CallerInFlow) else interaction.known,
                interaction.visits,
                interaction.verified,
                brief_of_shown(interaction.shown),
            ),
        )

    def noted(self, interaction: Interaction) -> CallerStage | None:
        """What is written on the leg of where he is; None for nothing."""
        stage: Stage = interaction.stage
        match stage:
            case InFlow(dialogue, voicemail=voicemail) if (taken := self._floor.voicemails.get(voicemail)) is not None:
                return CallerInFlow(dialogue.flow.name, dialogue.save(), voicemail, taken.began)
            case InFlow(dialogue):
                talk = interaction.surveyed  # whether its agent still writes it up is his own to know
                surveyed = None if talk is None else replace(talk, writes=True)
                return CallerInFlow(dialogue.flow.name, dialogue.save(), surveyed=surveyed)
            case Waiting() | Ringing() | Connecting():
                return _waits(interaction, stage if isinstance(stage, Waiting) else stage.waiting)
            case Talking(queue, segment, entered, agent, _, since):
                return CallerTalking(queue, segment, entered, agent, since)
            case Leaving(outcome, _, after, texts):
                return CallerLeaving(outcome, after, texts)
            case WrappingUp():
                return None


def _waits(interaction: Interaction, waiting: Waiting) -> CallerWaiting:
    return CallerWaiting(
        waiting.queue,
        waiting.segment,
        waiting.since,
        waiting.place,
        dict(tuple(interaction.missed_by.items())[-MISSED_KEPT:]),
        interaction.needs,
        interaction.named_agent,
        waiting.ahead,
    )
