"""A caller leaves a message: from the beep to the moment when it is known whether there is one.

    begin --> the PBX records --> over, kept or dropped
                  | he hangs up: the interaction stays until the PBX has said how long the message is

Its file is fetched from the PBX by an edge (`acd.edge.voicemails`), which hears of it by `VoicemailLeft`.
"""

from msgspec.structs import replace

from acd.calls.books import Books
from acd.calls.interactions import NOT_RECORDED, InFlow, Interaction
from acd.events import VoicemailBegun, VoicemailDropped, VoicemailLeft
from acd.floor import Floor
from acd.model import CustomerKnown, InteractionOutcome, QueueName, Voicemail, VoicemailId
from cti.commands import Record, StopRecording
from cti.events import RecordingEnded
from cti.model import RecordingName
from ivr.dialogue.interpreter import Dialogue, MessageOver, StopTaking, TakeMessage
from ivr.nodes.record import RecordNode

TOLD_WITHIN = 3.0
"""Seconds after a hang-up in which the PBX says how long the message is; it needs some milliseconds."""


class Voicemails:
    """The messages that are being left on one floor."""

    def __init__(self, floor: Floor, books: Books) -> None:
        self._floor = floor
        self._books = books

    def carry_out(
        self, step: TakeMessage | StopTaking | MessageOver, interaction: Interaction, dialogue: Dialogue, *, noted: bool
    ) -> bool:
        """What the dialogue wants; gives whether the leg says then where the caller is, `noted` if it did before."""
        match step:
            case TakeMessage(node):
                self.begin(interaction, dialogue, node)
                return True
            case StopTaking():
                self.stop(interaction)
                return noted
            case MessageOver(kept):
                self.over(interaction, kept=kept)
                return False

    def begin(self, interaction: Interaction, dialogue: Dialogue, node: RecordNode) -> None:
        """Record the caller. What is written on the leg goes first: later it would wait for the recording's end."""
        floor = self._floor
        voicemail = self._enter(interaction, dialogue, floor.new_id(VoicemailId, "v"), QueueName(node.queue), floor.now)
        self._books.remember(interaction)
        floor.say(VoicemailBegun(voicemail))
        floor.say(
            Record(
                floor.command_id(),
                interaction.leg,
                RecordingName(voicemail.id),
                node.longest,
                node.silence,
                node.terminator,
                node.beep,
            )
        )

    def take_up(
        self, interaction: Interaction, dialogue: Dialogue, voicemail: VoicemailId, queue: str, since: float
    ) -> None:
        """The process before us has begun to record him. Whether that is over, its end will tell."""
        self._enter(interaction, dialogue, voicemail, QueueName(queue), min(since, self._floor.now))
        self.stop(interaction)

    def _enter(
        self, interaction: Interaction, dialogue: Dialogue, of: VoicemailId, queue: QueueName, began: float
    ) -> Voicemail:
        floor = self._floor
        voicemail = Voicemail(
            of, interaction.id, interaction.node, queue, interaction.caller, interaction.language, began
        )
        floor.voicemails[of] = voicemail
        interaction.stage = InFlow(dialogue, voicemail=of)
        return voicemail

    def stop(self, interaction: Interaction) -> None:
        """End the recording, if there is one; it ends in `RecordingEnded`, or in our command's failure."""
        if isinstance(interaction.stage, InFlow) and interaction.stage.voicemail != NOT_RECORDED:
            recording = RecordingName(interaction.stage.voicemail)
            self._floor.say(StopRecording(self._floor.command_id(), interaction.leg, recording))

    def measured(self, ended: RecordingEnded) -> None:
        """The PBX says how long it is."""
        voicemail = self._floor.voicemails[VoicemailId(ended.recording)]
        self._floor.voicemails[voicemail.id] = replace(voicemail, seconds=ended.duration)

    def over(self, interaction: Interaction, *, kept: bool) -> None:
        """The recording is over; who called is known by now, or never will be."""
        floor = self._floor
        stage = interaction.stage
        voicemail = floor.voicemails.pop(stage.voicemail, None) if isinstance(stage, InFlow) else None
        if voicemail is None or not isinstance(stage, InFlow):
            return
        interaction.stage = replace(stage, voicemail=NOT_RECORDED)
        if isinstance(known := interaction.customer, CustomerKnown):
            voicemail = replace(voicemail, customer=known.customer.id, customer_name=known.customer.name)
        if kept:
            interaction.left_message = True
            floor.say(VoicemailLeft(voicemail, floor.now))
        else:
            floor.say(VoicemailDropped(voicemail, floor.now))

    # -- the caller has hung up ------------------------------------------------------------------------------------

    def hung_up(self, interaction: Interaction) -> bool:
        """Whether he was leaving a message. Then the interaction is closed when we know what has become of it."""
        if not isinstance(interaction.stage, InFlow) or interaction.stage.voicemail == NOT_RECORDED:
            return False
        self._floor.timers.drop(("dialogue", interaction.id))
        self._floor.timers.set(("recorded", interaction.id), self._floor.now + TOLD_WITHIN)
        return True

    def longest_possible(self, interaction: Interaction) -> float:
        """Seconds from the beginning of his message to his hang-up, of which we have waited `TOLD_WITHIN` to hear."""
        assert isinstance(interaction.stage, InFlow)  # noqa: S101 - or he was not leaving one
        began = self._floor.voicemails[interaction.stage.voicemail].began
        return self._floor.now - TOLD_WITHIN - began

    def over_at_last(self, interaction: Interaction, *, kept: bool) -> None:
        """He has hung up, and this is what has become of his message."""
        self.over(interaction, kept=kept)
        if interaction.left_message:
            interaction.outcome = InteractionOutcome.VOICEMAIL
        self._books.close(interaction)
