"""What is written down at each step and at the end: outcomes, and notes on the caller's leg for a later process."""

from collections.abc import Mapping

from acd.events import InteractionClosed, SegmentClosed
from acd.floor import Floor
from acd.interactions import Connecting, Interaction, Leaving, Ringing, Talking, Waiting
from acd.memory import CallerLeaving, CallerMemory, CallerTalking, CallerWaiting
from acd.model import AgentId, CustomerKnown, SegmentOutcome
from cti.model import Speech


class Books:
    """The books of one floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def close_segment(
        self, interaction: Interaction, waiting: Waiting, outcome: SegmentOutcome, *agents: AgentId
    ) -> None:
        """A stay in a queue has its outcome; whoever answered is named."""
        floor = self._floor
        queue = floor.queue(waiting.queue)
        wait = max(0.0, floor.now - waiting.since)
        queue.leave(interaction.id)
        queue.figures.tally.add(outcome, wait, queue.plan.service_level)
        floor.timers.drop(("max_wait", interaction.id))
        floor.say(
            SegmentClosed(
                waiting.segment, interaction.id, waiting.queue, waiting.since, floor.now, outcome, wait, agents
            )
        )

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
            )
        )

    def say_goodbye(self, interaction: Interaction, text: Mapping[str, str]) -> None:
        """A last sentence; the leg is hung up when it has been heard."""
        language = interaction.language if interaction.language in text else next(iter(text))
        playback = self._floor.play(interaction.leg, (Speech(text[language], language),))
        interaction.stage = Leaving(interaction.outcome, playback)
        self.remember(interaction)

    def remember(self, interaction: Interaction) -> None:
        """Write on the caller's leg where he is, for a later process."""
        match interaction.stage:
            case Waiting() | Ringing(waiting=_) | Connecting():
                stage = interaction.stage
                waiting = stage if isinstance(stage, Waiting) else stage.waiting
                noted = CallerWaiting(
                    waiting.queue, waiting.segment, waiting.since, waiting.place, interaction.missed_by
                )
                self._write(interaction, noted)
            case Talking(queue, segment, entered, agent, _, since):
                self._write(interaction, CallerTalking(queue, segment, entered, agent, since))
            case Leaving():
                self._write(interaction, CallerLeaving())
            case _:
                pass

    def _write(self, interaction: Interaction, stage: CallerWaiting | CallerTalking | CallerLeaving) -> None:
        customer = interaction.customer
        self._floor.remember(
            interaction.leg,
            CallerMemory(
                interaction.id,
                interaction.caller,
                interaction.dialled,
                interaction.started,
                stage,
                interaction.path,
                customer.customer.id if isinstance(customer, CustomerKnown) and customer.typed else "",
            ),
        )
