"""Asks a caller how it was, when his agent has hung up: he stays on the line, and a flow that the queue names asks him.

The interaction is closed when both are done, he with the flow and the agent with his after-call work, whoever is first.
"""

from msgspec.structs import replace

from acd.calls.interactions import Interaction, Leaving, Surveyed, Talking
from acd.calls.reception import Reception
from acd.floor import Floor
from acd.model import InteractionOutcome
from acd.people.agents import AfterCallWork
from cti.commands import LeaveBridge
from ivr.dialogue.visits import AFTER_TALK


class Surveys:
    """Those of one floor."""

    def __init__(self, floor: Floor, reception: Reception) -> None:
        self._floor = floor
        self._reception = reception

    def begin(self, interaction: Interaction, talk: Talking) -> bool:
        """Whether he is asked: his queue wants it, and he is still there. His agent is not."""
        floor = self._floor
        flow = floor.queue(talk.queue).plan.survey
        if flow not in floor.plan.flows or interaction.leg not in floor.customer_legs:
            return False
        floor.say(LeaveBridge(floor.command_id(), interaction.leg, interaction.call))
        interaction.surveyed = Surveyed(talk.queue, talk.agent, floor.now)
        self._reception.send_into(interaction, flow, AFTER_TALK)
        return True

    def take_up(self, interaction: Interaction, talk: Surveyed) -> None:
        """He was being asked when the process before us ended; whoever served him may still write it up."""
        interaction.outcome = InteractionOutcome.ANSWERED
        interaction.queue = talk.queue
        agent = self._floor.agents.get(talk.agent)
        writes = agent is not None and isinstance(agent.standing.on(interaction.id), AfterCallWork)
        interaction.surveyed = replace(talk, ended=min(talk.ended, self._floor.now), writes=writes)

    def end(self, interaction: Interaction) -> None:
        """There is nothing left to ask him."""
        interaction.stage = Leaving(interaction.outcome)
        self._floor.hang_up(interaction.leg)
