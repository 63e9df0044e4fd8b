"""Holding one agent for one interaction.

    pending --> accepted | declined | expired | withdrawn

A reservation ends once; whoever comes second (a click in the moment of a hang-up) finds it ended and changes nothing.
"""

from acd.model import AgentId, InteractionId, ReservationId, ReservationOutcome, SegmentId
from cti.model import LegId


class Reservation:
    """One agent held for one interaction, and the leg that rings his phone."""

    __slots__ = ("agent", "id", "interaction", "leg", "made", "outcome", "segment", "until")

    def __init__(
        self,
        reservation: ReservationId,
        interaction: InteractionId,
        segment: SegmentId,
        agent: AgentId,
        leg: LegId,
        made: float,
        until: float,
    ) -> None:
        self.id = reservation
        self.interaction = interaction
        self.segment = segment
        self.agent = agent
        self.leg = leg
        self.made = made
        self.until = until
        self.outcome: ReservationOutcome | None = None

    def end(self, outcome: ReservationOutcome) -> bool:
        """Give it its outcome. False if it has one already, which then stays."""
        if self.outcome is not None:
            return False
        self.outcome = outcome
        return True
