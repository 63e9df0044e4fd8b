"""What a person decides about a caller who waits, in place of the rules: his place, and who is asked for him."""

from msgspec.structs import replace

from acd.calls.books import Books
from acd.calls.distribution import Distribution
from acd.calls.interactions import Interaction, Ringing, Waiting
from acd.floor import Floor
from acd.model import InteractionId
from acd.people.agents import NotPossible
from acd.people.staff import Agent


class ByHand:
    """For the waiting callers of one floor."""

    def __init__(self, floor: Floor, books: Books, distribution: Distribution) -> None:
        self._floor = floor
        self._books = books
        self._distribution = distribution

    def waiting(self, of: InteractionId) -> tuple[Interaction, Waiting]:
        """Who waits, whether or not a phone rings for him already. Raises `NotPossible` if he cannot be cared for."""
        floor = self._floor
        if of in floor.tasks:
            raise NotPossible("no_caller", "That is a message: nobody waits on the line.")
        interaction = floor.interactions.get(of)
        if interaction is None or not isinstance(interaction.stage, Waiting | Ringing):
            raise NotPossible("nobody_waits", "This caller does not wait any more.")
        if not floor.connected(interaction.leg):
            raise NotPossible("pbx_away", "There is no connection to the telephone system just now.")
        stage = interaction.stage
        return interaction, stage.waiting if isinstance(stage, Ringing) else stage

    def bring_forward(self, interaction: Interaction, ahead: float) -> None:
        """He counts as having come so many seconds earlier, all in all."""
        floor = self._floor
        stage = interaction.stage
        if not isinstance(stage, Waiting | Ringing):
            return
        waiting = replace(stage.waiting if isinstance(stage, Ringing) else stage, ahead=ahead)
        interaction.stage = replace(stage, waiting=waiting) if isinstance(stage, Ringing) else waiting
        queue = floor.queue(waiting.queue)
        queue.leave(interaction.id)
        queue.enter(interaction.id, waiting.place, ahead)
        if queue.watches_places:
            floor.stirred[waiting.queue] = None
        self._books.remember(interaction)
        if floor.matching.waits(interaction.id):
            self._distribution.offer(interaction)

    def assign(self, interaction: Interaction, agent: Agent, because: str) -> None:
        """This agent, who is available, is asked next; whoever rings just now is not any more. `because`: why he.
        Who is only asked about a message is available, too: it is somebody else's then."""
        stage = interaction.stage
        freed = [held.agent for held in stage.held] if isinstance(stage, Ringing) else []
        waiting = self._distribution.withdraw_all(interaction, because, "given_to_another")
        if waiting is not None:
            self._floor.matching.stop(interaction.id)
            self._distribution.tasks.make_room(agent, freed)
            why = self._distribution.choosing.by_hand(agent, because)
            self._distribution.reserve(interaction, waiting, agent, why)
