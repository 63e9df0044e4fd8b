"""Holding one agent for one interaction.

    pending --> accepted | declined | expired | withdrawn

A pending reservation is on the floor, one that has ended is not. So it ends once; whoever comes second (a click in the
moment of a hang-up) finds none and changes nothing. Several agents may be held for one interaction (`ring` in the
configuration): the first who answers has it, the others are withdrawn.
"""

import msgspec

from acd.model import AgentId, InteractionId, ReservationId, SegmentId
from cti.model import LegId


class Reservation(msgspec.Struct, frozen=True):
    """One agent held for one interaction, since `made`; his phone rings, or is about to."""

    id: ReservationId
    interaction: InteractionId
    segment: SegmentId
    agent: AgentId
    made: float
    leg: LegId
    """His."""
    rings: bool = False
    """Whether the phone is known to ring; before, nobody can tell it to answer."""
    answer_wanted: bool = False
    """The agent has clicked Answer already."""


NO_ANSWER = "no answer"
DECLINED = "declined"
PHONE_BUSY = "phone busy"
UNREACHABLE = "phone unreachable"
HUNG_UP = "hung up"
"""He answered, and was gone before they heard each other."""
NO_AUDIO = "no audio"
"""He answered, and they could not be connected."""
ANSWERED_ELSEWHERE = "answered elsewhere"
