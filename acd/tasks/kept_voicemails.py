"""What storage tells of the messages that callers have left."""

from enum import Enum

import msgspec

from acd.model import InteractionId, QueueName, VoicemailId
from cti.model import NodeName


class VoicemailState(Enum):
    """What there is of a message."""

    RECORDING = "recording"
    """It is being left; or a process that was killed meanwhile did not hear the end."""
    PENDING = "pending"
    """It is on the PBX, and not yet with us."""
    KEPT = "kept"
    """It can be heard."""
    LOST = "lost"
    """The PBX has no file of it; who called can be read all the same."""
    REMOVED = "removed"
    """It was deleted, and who called is forgotten."""


class KeptVoicemail(msgspec.Struct, frozen=True):
    """One row. Times are seconds since the epoch, 0 for what has not happened; nobody is the empty text."""

    id: VoicemailId
    interaction: InteractionId
    node: NodeName
    queue: QueueName
    caller_number: str
    caller_name: str
    customer: str
    customer_name: str
    language: str
    began: float
    ended: float
    seconds: float
    file: str
    """Within the folder of messages."""
    lost_at: float
    heard_at: float
    heard_by: str
    done_at: float
    done_by: str
    removed_at: float
    removed_by: str

    @property
    def state(self) -> VoicemailState:
        """What there is of it: told by what has happened, so that two who tell of it cannot contradict each other."""
        if self.removed_at:
            return VoicemailState.REMOVED
        if self.file:
            return VoicemailState.KEPT
        if self.lost_at:
            return VoicemailState.LOST
        return VoicemailState.PENDING if self.ended else VoicemailState.RECORDING
