"""Calls that another process has gone on with, when their PBX is ours again.

While another process drives a PBX, what we know of its calls stands still: nothing that we do reaches them, and nobody
tells us of them. When the PBX is ours again, a call on which the last thing written is what we wrote is still as we
left it. Of every other we know less than is written on it: it is forgotten without a word, for the other process has
said what became of it, and taken up like a call of the process before us, if it is still there.
"""

from acd.calls.books import Books
from acd.calls.distribution import Distribution
from acd.calls.interactions import Connecting, Interaction, Ringing, Talking, Waiting
from acd.floor import Floor
from acd.model import AgentId, ReservationOutcome
from acd.people.agents import Withdraw
from acd.recovery.memory import CallerMemory, CallerWaiting, read
from cti.events import LegSeen, PbxSynchronized
from cti.model import LegId, NodeName, node_of


class Handback:
    """The calls of one floor."""

    def __init__(self, floor: Floor, books: Books, distribution: Distribution) -> None:
        self._floor = floor
        self._books = books
        self._distribution = distribution

    def take_back(self, synchronized: PbxSynchronized) -> None:
        """Keep of this PBX's calls only what is still so."""
        floor = self._floor
        found = {seen.leg: seen for seen in synchronized.legs}
        self._forget_legs(synchronized.node)
        for interaction in [floor.interactions[of] for of in floor.customer_legs.values()]:
            if interaction.node != synchronized.node:
                continue
            seen = found.get(interaction.leg)
            if seen is not None and self._talks_untouched(interaction, seen):
                self._books.remember(interaction)  # that they talk was decided, and not written in time
            elif seen is None or not self._is_as_we_left_it(interaction, seen):
                self._forget(interaction)

    def _forget_legs(self, node: NodeName) -> None:
        """Whom we wanted to hang up on, and who talked without us: the other process may have thought otherwise."""
        floor = self._floor
        for leg in [leg for leg in floor.dismissed if node_of(leg) == node]:
            floor.dismissed.discard(leg)
            floor.timers.drop(("hang_up", leg))
        for leg in [leg for leg in floor.unattended if node_of(leg) == node]:
            del floor.unattended[leg]

    def _is_as_we_left_it(self, interaction: Interaction, seen: LegSeen) -> bool:
        memory = read(seen.memory)
        return (
            isinstance(memory, CallerMemory)
            and memory.interaction == interaction.id
            and memory.stage == self._books.noted(interaction)
        )

    def _talks_untouched(self, interaction: Interaction, seen: LegSeen) -> bool:
        """Whether he talks with the agent whom we gave him, and nobody has written more than that he waited."""
        stage, memory = interaction.stage, read(seen.memory)
        return (
            isinstance(stage, Talking)
            and stage.leg in seen.bridged_with
            and isinstance(memory, CallerMemory)
            and isinstance(memory.stage, CallerWaiting)
            and memory.stage.segment == stage.segment
        )

    def _forget(self, interaction: Interaction) -> None:
        floor = self._floor
        stage = interaction.stage
        if isinstance(stage, Ringing):
            for held in stage.held:
                self._distribution.end_reservation(interaction, held, ReservationOutcome.WITHDRAWN, "another process")
                self._set_free(interaction, held.agent, held.leg)
        if isinstance(stage, Waiting | Ringing | Connecting):
            queue = floor.leave_queue(interaction)
            queue.figures.entered -= 1
        if isinstance(stage, Connecting | Talking):
            self._set_free(interaction, stage.agent, stage.leg)
        del floor.customer_legs[interaction.leg]
        floor.forget(interaction)

    def _set_free(self, interaction: Interaction, agent: AgentId, leg: LegId) -> None:
        self._floor.agent_legs.pop(leg, None)
        self._floor.set_free(self._floor.agents[agent], Withdraw(interaction.id))
