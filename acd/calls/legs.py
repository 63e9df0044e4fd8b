"""What becomes of legs: answered, in a bridge, ended, or never there because the PBX did not do as it was told.

A leg stands in one of four books of the floor: a customer's, an agent's, dismissed (we have told the PBX to end it), or
unattended (two who talk without us). It leaves the book with its end, or when it is dismissed; so an event that comes
late, or twice, finds nothing and changes nothing.

While a PBX is away, a command for it that fails says nothing: it may have been carried out. What is so is seen when
the PBX is back (`recovery`).
"""

from collections.abc import Mapping

from msgspec.structs import replace

from acd.calls.connection import Connection
from acd.calls.distribution import Distribution
from acd.calls.interactions import Connecting, InFlow, Interaction, Leaving, Ringing, Talking, Waiting, WrappingUp
from acd.calls.reception import Reception
from acd.calls.reservations import DECLINED, HUNG_UP, NO_ANSWER, PHONE_BUSY, UNREACHABLE, Reservation
from acd.floor import Floor
from acd.model import InteractionId, ReservationOutcome
from cti.commands import Bridge, HangUp, PickUp, Play, Record, ReturnToDialplan, Ring, StartMusic, StopRecording
from cti.events import CommandFailed, LegsBridged
from cti.model import HangupCause, LegId, node_of

HANG_UP_AGAIN = 5.0
"""Seconds after which a hang-up is repeated that the PBX could not carry out."""

END_ON_ITS_WAY = 0.5
"""Seconds in which the end of a leg follows a command that failed because of it."""

_MISSES: Mapping[HangupCause, tuple[ReservationOutcome, str]] = {
    HangupCause.NO_ANSWER: (ReservationOutcome.EXPIRED, NO_ANSWER),
    HangupCause.REJECTED: (ReservationOutcome.DECLINED, DECLINED),
    HangupCause.BUSY: (ReservationOutcome.DECLINED, PHONE_BUSY),
}
"""What it means when an agent's leg ends before it is answered; all else: the phone could not be reached."""


class Legs:
    """The legs of one floor."""

    def __init__(self, floor: Floor, reception: Reception, distribution: Distribution, connection: Connection) -> None:
        self._floor = floor
        self._reception = reception
        self._distribution = distribution
        self._connection = connection

    def customer_on(self, leg: LegId) -> Interaction | None:
        """Whose leg that is; None for an agent's, and for one that is over."""
        of = self._floor.customer_legs.get(leg)
        return None if of is None else self._floor.interactions[of]

    def answered(self, leg: LegId) -> None:
        """A phone that we rang was picked up."""
        floor = self._floor
        of = floor.agent_legs.get(leg)
        if of is None:  # withdrawn in the same moment: the hang-up is on its way, or was refused because it rang
            floor.hang_up(leg)
            return
        interaction = floor.interactions[of]
        if isinstance(interaction.stage, Ringing) and (held := interaction.stage.on(leg)) is not None:
            self._connection.answered(interaction, interaction.stage, held)

    def rings(self, leg: LegId) -> None:
        """A phone that we called has begun to ring; from now on it can be told to answer."""
        interaction = self._floor.interactions.get(self._floor.agent_legs.get(leg, InteractionId("")))
        if interaction is None or not isinstance(interaction.stage, Ringing):
            return
        held = interaction.stage.on(leg)
        if held is None or held.rings:
            return
        interaction.stage = interaction.stage.changed(replace(held, rings=True))
        if held.answer_wanted:
            self._distribution.pick_up(held)

    def bridged(self, event: LegsBridged) -> None:
        """They hear each other."""
        for leg in event.legs:
            interaction = self.customer_on(leg)
            if interaction is not None and (connecting := _connecting(interaction, event.legs)) is not None:
                self._connection.bridged(interaction, connecting)

    def ended(self, leg: LegId, cause: HangupCause) -> None:
        """A leg is gone."""
        floor = self._floor
        floor.dismissed.discard(leg)
        floor.timers.drop(("hang_up", leg))
        if (partner := floor.unattended.pop(leg, None)) is not None:
            del floor.unattended[partner]
            floor.hang_up(partner)
        elif (of := floor.agent_legs.pop(leg, None)) is not None:
            self._agent_gone(floor.interactions[of], leg, cause)
        elif (interaction := self.customer_on(leg)) is not None:
            del floor.customer_legs[leg]
            self._customer_gone(interaction, cause)

    def _customer_gone(self, interaction: Interaction, cause: HangupCause) -> None:
        match interaction.stage:
            case Waiting() | Ringing() | Connecting() as stage:
                self._connection.caller_gone(interaction, stage, cause)
            case InFlow() | Leaving():
                self._reception.caller_gone(interaction, cause)
            case Talking() as stage:
                self._connection.talk_over(interaction, stage, "network" if cause is HangupCause.LOST else "customer")
            case WrappingUp():
                pass

    def _agent_gone(self, interaction: Interaction, leg: LegId, cause: HangupCause) -> None:
        unseen = cause is HangupCause.LOST
        match interaction.stage:
            case Ringing() as stage:
                if (held := stage.on(leg)) is None:
                    return
                if unseen:
                    self._distribution.lost(interaction, held)
                elif cause is HangupCause.BUSY and self._is_closing(held):
                    self._distribution.lost(interaction, held, "the phone was closing the call before")
                else:
                    outcome, reason = _MISSES.get(cause, (ReservationOutcome.DECLINED, UNREACHABLE))
                    self._distribution.missed(interaction, held, outcome, reason)
            case Connecting() as stage if unseen:
                self._connection.lost(interaction, stage)
            case Connecting() as stage:
                self._connection.failed(interaction, stage, HUNG_UP)
            case Talking() as stage:
                self._connection.talk_over(interaction, stage, "network" if unseen else "agent")
            case _:
                pass

    def _is_closing(self, held: Reservation) -> bool:
        """Asterisk may ring a phone before it has told it that the call before is over: nobody is to blame."""
        floor = self._floor
        agent = floor.agents[held.agent]
        if not floor.availability.is_closing(agent, held.made):
            return False
        floor.lines.refused[agent.phone.at] = floor.now
        return True

    # -- commands that fail ----------------------------------------------------------------------------------------

    def command_failed(self, failed: CommandFailed) -> None:
        """The PBX could not, or would not."""
        floor = self._floor
        command = failed.command
        interaction = self.customer_on(command.leg)
        if isinstance(command, StartMusic) and interaction is not None:
            interaction.in_silence = True
        if not floor.connected(command.leg):
            return
        if failed.trouble and isinstance(command, Ring | Bridge):
            self._too_busy(command)
            return
        match command:
            case Ring():
                self.ended(command.leg, HangupCause.UNREACHABLE)
            case Bridge() if interaction is not None and _connecting(interaction, command.others) is not None:
                # Mostly one of the two has just hung up, and his end comes in a moment: then nobody is to blame.
                interaction.bridges_refused += 1
                floor.timers.set(("connect", interaction.id), floor.now + END_ON_ITS_WAY)
            case Play() if interaction is not None:
                self._reception.playback_ended(interaction, command.playback)
            case Play():
                self._connection.whisper_ended(command.leg, command.playback)
            case Record() | StopRecording():
                self._reception.recordings.refused(command)
            case PickUp():
                self._not_picked_up(command)
            case ReturnToDialplan() if interaction is not None and not failed.trouble:
                if isinstance(interaction.stage, InFlow):
                    self._reception.not_put_through(interaction, interaction.stage)
            case HangUp() if command.leg in floor.dismissed:
                floor.timers.set(("hang_up", command.leg), floor.now + HANG_UP_AGAIN)
            case _:
                pass  # all else is harmless, or the end of the leg is on its way to us

    def _not_picked_up(self, command: PickUp) -> None:
        """His phone did not obey the click on Answer. It rings on, so he can still answer on the phone itself."""
        floor = self._floor
        interaction = floor.interactions.get(floor.agent_legs.get(command.leg, InteractionId("")))
        if interaction is None or not isinstance(interaction.stage, Ringing):
            return
        if (held := interaction.stage.on(command.leg)) is not None:
            floor.notice(floor.agents[held.agent], "pick_up_failed")

    def _too_busy(self, command: Ring | Bridge) -> None:
        """The PBX itself is in trouble: the agent goes free without blame, and nobody is rung there for a moment."""
        floor = self._floor
        floor.rest(node_of(command.leg))
        if isinstance(command, Ring):
            # The link takes back what may have been done; should somebody answer all the same, his leg is unknown.
            if (of := floor.agent_legs.pop(command.leg, None)) is not None:
                self._agent_gone(floor.interactions[of], command.leg, HangupCause.LOST)
            return
        interaction = self.customer_on(command.leg)
        if interaction is not None and (connecting := _connecting(interaction, command.others)) is not None:
            self._connection.lost(interaction, connecting)

    def hang_up_again(self, leg: LegId) -> None:
        """A hang-up has failed, and the leg is still there."""
        if self._floor.connected(leg):
            self._floor.hang_up(leg)


def _connecting(interaction: Interaction, legs: tuple[LegId, ...]) -> Connecting | None:
    """What is said of these legs may be late: the agent who is being connected now may be the next one already."""
    stage = interaction.stage
    return stage if isinstance(stage, Connecting) and stage.leg in legs else None
