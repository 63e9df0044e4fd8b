"""The recordings of callers who leave a message in a flow: when one is over, and whether it is a message.

The PBX says that it has ended, or that it never began; or nobody says anything, as the caller has hung up.
"""

from collections.abc import Callable, Sequence
from math import inf

from acd.calls.interactions import InFlow, Interaction
from acd.floor import Floor
from acd.model import VoicemailId
from acd.tasks.voicemails import Voicemails
from cti.commands import Record, StopRecording
from cti.events import RecordingEnded
from ivr.dialogue.interpreter import Dialogue, Step

UNKNOWN_LENGTH = inf
"""Of a message that may be there: it counts."""

GoOn = Callable[[Interaction, Dialogue, Sequence[Step]], None]
"""Carries out the steps of a dialogue."""


class Recordings:
    """Of one floor."""

    def __init__(self, floor: Floor, voicemails: Voicemails, go_on: GoOn) -> None:
        self._floor = floor
        self._voicemails = voicemails
        self._go_on = go_on

    def ended(self, ended: RecordingEnded) -> None:
        """What the caller has said is on the PBX, or nothing is."""
        interaction = self._of(VoicemailId(ended.recording))
        if interaction is not None and isinstance(interaction.stage, InFlow):
            self._voicemails.measured(ended)
            self._over(interaction, interaction.stage.dialogue, ended.spoken, failed=ended.failed)

    def refused(self, command: Record | StopRecording) -> None:
        """It was not begun; or, if it could not be ended, it was over already."""
        interaction = self._of(VoicemailId(command.recording))
        if interaction is not None and isinstance(interaction.stage, InFlow):
            failed = isinstance(command, Record)
            self._over(interaction, interaction.stage.dialogue, UNKNOWN_LENGTH, failed=failed)

    def untold(self, interaction: Interaction, dialogue: Dialogue) -> None:
        """He has hung up, and the PBX does not say what it has recorded: the file will tell. Who was gone at the beep
        has left nothing, even if the PBX never began."""
        self._over(interaction, dialogue, self._voicemails.longest_possible(interaction), failed=False)

    def _of(self, of: VoicemailId) -> Interaction | None:
        voicemail = self._floor.voicemails.get(of)
        return None if voicemail is None else self._floor.interactions[voicemail.interaction]

    def _over(self, interaction: Interaction, dialogue: Dialogue, spoken: float, *, failed: bool) -> None:
        if interaction.leg in self._floor.customer_legs:
            self._go_on(interaction, dialogue, dialogue.recorded(spoken, self._floor.now, failed=failed))
        else:
            self._voicemails.over_at_last(interaction, kept=dialogue.keeps(spoken, failed=failed))
