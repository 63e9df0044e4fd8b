"""What of the process before us lives on, by its identity. All else that storage holds open is over.

Kept apart by kind, because a crash may have come between them: a caller whose queue entry was told, but not yet written
on his leg, is in the menu again. He lives on; that stay in the queue does not.
"""

from collections.abc import Iterable

import msgspec

from acd.calls.interactions import Connecting, Interaction, Ringing, Talking, Waiting
from acd.model import AgentId, InteractionId, ReservationId, SegmentId
from cti.model import NodeName

TalkKey = tuple[SegmentId, AgentId, float]
"""A talk: in which stay, with whom, since when."""


class Survivors(msgspec.Struct, frozen=True):
    """Taken up from the PBX."""

    interactions: frozenset[InteractionId] = frozenset()
    segments: frozenset[SegmentId] = frozenset()
    """Stays in a queue whose end is still to come. This process counts them, so they are in no sum of earlier ones."""
    talks: frozenset[TalkKey] = frozenset()
    reservations: frozenset[ReservationId] = frozenset()
    unseen: frozenset[NodeName] = frozenset()
    """PBXs that we have not looked at: each of their calls may live on."""


def survivors(interactions: Iterable[Interaction], unseen: Iterable[NodeName] = ()) -> Survivors:
    """Those who are on the floor now."""
    known: list[InteractionId] = []
    segments: list[SegmentId] = []
    talks: list[TalkKey] = []
    reservations: list[ReservationId] = []
    for interaction in interactions:
        known.append(interaction.id)
        if isinstance(interaction.stage, Ringing):
            reservations.extend(held.id for held in interaction.stage.held)
        match interaction.stage:
            case Waiting(_, segment) | Ringing(Waiting(_, segment)) | Connecting(Waiting(_, segment)):
                segments.append(segment)
            case Talking(_, segment, _, agent, _, since):
                talks.append((segment, agent, since))
            case _:
                pass
    return Survivors(
        frozenset(known), frozenset(segments), frozenset(talks), frozenset(reservations), frozenset(unseen)
    )
