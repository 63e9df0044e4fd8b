"""Callers whom a flow puts through to a number outside the centre: out of our hands when the dialplan has them.

the flow is there   --> told to the PBX --> the dialplan has him: he is gone, `transferred`
                            |-- refused: he goes on in the flow (`failed`)
                            |-- the PBX was away, and he is there still: told again
                            |-- the PBX was away, and he is not: he has done what we wanted
"""

from collections.abc import Sequence

from acd.calls.books import Books
from acd.calls.interactions import InFlow, Interaction
from acd.floor import Floor
from acd.model import InteractionOutcome
from cti.commands import ReturnToDialplan
from ivr.dialogue.interpreter import Dialogue, Step
from ivr.flow.numbers import is_allowed


class Transfers:
    """Those of one floor."""

    def __init__(self, floor: Floor, books: Books) -> None:
        self._floor = floor
        self._books = books

    def begin(self, interaction: Interaction, dialogue: Dialogue, number: str) -> Sequence[Step]:
        """Tell the PBX; or what follows in the flow if nobody may be put through there. His flow may be of a plan whose
        list was longer: the one in force counts."""
        floor = self._floor
        if not is_allowed(number, floor.plan.transfer_numbers):
            return dialogue.not_put_through(floor.now)
        self._books.remember(interaction)  # whoever is given back to us by the dialplan has lost this note there
        floor.say(ReturnToDialplan(floor.command_id(), interaction.leg, number))
        return ()

    def over(self, interaction: Interaction) -> None:
        """He is gone; from a survey as one whom an agent has served."""
        if interaction.surveyed is not None:
            self._books.customer_gone(interaction)
            return
        interaction.outcome = InteractionOutcome.TRANSFERRED
        self._books.close(interaction)


def is_bound_for_elsewhere(interaction: Interaction) -> bool:
    """Whether the PBX has been told to put him through, and nobody has said what became of it."""
    return isinstance(interaction.stage, InFlow) and bool(interaction.stage.dialogue.bound_for)
