"""Holding one agent for one interaction.

    pending --> accepted | declined | expired | withdrawn

A pending reservation is on the floor, one that has ended is not. So it ends once; whoever comes second (a click in the
moment of a hang-up) finds none and changes nothing.
"""

import msgspec

from acd.model import AgentId, InteractionId, ReservationId, SegmentId


class Reservation(msgspec.Struct, frozen=True):
    """One agent held for one interaction, since `made`."""

    id: ReservationId
    interaction: InteractionId
    segment: SegmentId
    agent: AgentId
    made: float
