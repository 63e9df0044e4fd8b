"""From an agent's answer to the end of the call: two-way audio, its failure, its end, and the caller who is gone."""

from collections.abc import Iterable

from msgspec.structs import replace

from acd.calls.books import Books
from acd.calls.distribution import Distribution
from acd.calls.interactions import Connecting, Interaction, Ringing, Talking, Waiting, WrappingUp
from acd.calls.reservations import ANSWERED_ELSEWHERE, NO_AUDIO, Reservation
from acd.calls.surveys import Surveys
from acd.events import TalkEnded, TalkStarted
from acd.floor import Floor
from acd.model import AgentId, InteractionId, InteractionOutcome, ReservationOutcome, SegmentOutcome
from acd.people.agents import Accept, EndTalk, EndWork, Withdraw
from acd.waiting.announcing import SILENT
from acd.waiting.comfort import hush
from acd.waiting.whisper import LONGEST, whispered
from cti.commands import Bridge, StopPlayback
from cti.model import HangupCause, LegId, PlaybackId

BRIDGES_TRIED = 2
"""Bridges that the PBX may refuse to one caller before he is taken for gone: he must not lay off all agents."""

CONNECT_TIMEOUT = 5.0
"""Seconds from an agent's answer to two-way audio, beyond which the connection has failed."""


class Connection:
    """Calls of one floor that an agent has answered, and the ends of calls."""

    def __init__(self, floor: Floor, books: Books, distribution: Distribution, surveys: Surveys) -> None:
        self._floor = floor
        self._books = books
        self._distribution = distribution
        self._surveys = surveys

    def answered(self, interaction: Interaction, ringing: Ringing, held: Reservation) -> None:
        """An agent's phone was picked up; two-way audio is the next thing, but for a word to him about the caller.
        Whose phone rings, too, is told so."""
        floor = self._floor
        floor.matching.stop(interaction.id)
        floor.timers.drop(("ring_next", interaction.id))
        self._distribution.end_reservation(interaction, held, ReservationOutcome.ACCEPTED, "")
        interaction.stage = Connecting(ringing.waiting, held.agent, held.leg, floor.now)
        floor.move(floor.agents[held.agent], Accept(interaction.id))
        if floor.queue(ringing.waiting.queue).plan.waiting.whisper.text:
            self._whisper(interaction, interaction.stage)
        else:
            self.connect(interaction, interaction.stage)
        self._release_all(interaction, [one for one in ringing.held if one.id != held.id], ANSWERED_ELSEWHERE)

    def _release_all(self, interaction: Interaction, those: Iterable[Reservation], cause: str) -> None:
        for held in those:
            self._floor.notice(self._floor.agents[held.agent], cause.replace(" ", "_"))
            self._distribution.release(interaction, held, cause)

    def _whisper(self, interaction: Interaction, connecting: Connecting) -> None:
        """Tell the agent who it is; the caller hears what he heard before."""
        floor = self._floor
        waiting = connecting.waiting
        said = whispered(floor.queue(waiting.queue).plan.waiting.whisper, floor.now - waiting.since)
        interaction.stage = replace(connecting, whisper=floor.play(connecting.leg, (said,)))
        floor.timers.set(("whisper", interaction.id), floor.now + LONGEST)

    def whisper_ended(self, leg: LegId, playback: PlaybackId) -> None:
        """Something that played to an agent is over, or could not be played: now he is connected."""
        whispering = self._whispering(leg)
        if whispering is not None and whispering[1].whisper == playback:
            interaction, connecting = whispering
            interaction.stage = replace(connecting, whisper=SILENT)
            self.connect(interaction, interaction.stage)

    def key_pressed(self, leg: LegId) -> None:
        """An agent has heard enough about the caller."""
        if (whispering := self._whispering(leg)) is not None:
            self.connect(*whispering)

    def _whispering(self, leg: LegId) -> tuple[Interaction, Connecting] | None:
        floor = self._floor
        interaction = floor.interactions.get(floor.agent_legs.get(leg, InteractionId("")))
        if interaction is None or not isinstance(interaction.stage, Connecting):
            return None
        stage = interaction.stage
        return None if stage.leg != leg or stage.whisper == SILENT else (interaction, stage)

    def connect(self, interaction: Interaction, connecting: Connecting) -> None:
        """Let them hear each other; also once more, if the PBX was away when it was told."""
        floor = self._floor
        floor.timers.drop(("whisper", interaction.id))
        floor.timers.set(("connect", interaction.id), floor.now + CONNECT_TIMEOUT)
        hush(floor, interaction)
        if connecting.whisper != SILENT:  # a channel that plays joins no bridge before it has done
            floor.say(StopPlayback(floor.command_id(), connecting.leg, connecting.whisper))
            interaction.stage = connecting = replace(connecting, whisper=SILENT)
        floor.say(Bridge(floor.command_id(), interaction.leg, interaction.call, (connecting.leg,)))

    def bridged(self, interaction: Interaction, connecting: Connecting) -> None:
        """Two-way audio: the wait is over, the segment is answered."""
        floor = self._floor
        waiting = connecting.waiting
        self._drop_timers(interaction)
        self._books.close_segment(interaction, waiting, SegmentOutcome.ANSWERED, connecting.agent)
        self.take_up_talk(
            interaction,
            Talking(waiting.queue, waiting.segment, waiting.since, connecting.agent, connecting.leg, floor.now),
        )
        floor.say(TalkStarted(interaction.id, waiting.segment, connecting.agent, floor.now))
        self._books.remember(interaction)

    def take_up_talk(self, interaction: Interaction, talking: Talking) -> None:
        """The interaction talks; also for a talk found on the PBX after a restart."""
        interaction.stage = talking
        interaction.queue = talking.queue
        interaction.outcome = InteractionOutcome.ANSWERED
        self._floor.agents[talking.agent].handled += 1

    def failed(self, interaction: Interaction, connecting: Connecting, reason: str) -> None:
        """The agent answered, but there is no audio: the caller keeps his place, the agent is told."""
        floor = self._floor
        agent = floor.agents[connecting.agent]
        self._drop_timers(interaction)
        interaction.missed_by[agent.id] = reason
        floor.drop_agent_leg(connecting.leg, HangupCause.FAILURE)
        floor.notice(agent, "connection_failed")
        floor.blame(agent, interaction.id, reason)
        self._distribution.comfort.play_music(interaction)
        self._distribution.back_to_queue(interaction, connecting.waiting)

    def no_audio(self, interaction: Interaction, connecting: Connecting) -> None:
        """Too long, or refused by the PBX. Once it is the agent's phone; twice, with two agents, the caller's leg."""
        if interaction.bridges_refused >= BRIDGES_TRIED:
            self.caller_gone(interaction, connecting, HangupCause.LOST)
        else:
            self.failed(interaction, connecting, NO_AUDIO)

    def lost(self, interaction: Interaction, connecting: Connecting) -> None:
        """The agent's leg is gone and nobody saw how: the caller keeps his place, and nobody is blamed."""
        floor = self._floor
        self._drop_timers(interaction)
        floor.drop_agent_leg(connecting.leg, HangupCause.NORMAL)
        floor.set_free(floor.agents[connecting.agent], Withdraw(interaction.id))
        self._distribution.comfort.play_music(interaction)
        self._distribution.back_to_queue(interaction, connecting.waiting)

    def _drop_timers(self, interaction: Interaction) -> None:
        for kind in ("whisper", "connect"):
            self._floor.timers.drop((kind, interaction.id))

    def _note_last_talk(self, number: str, agent: AgentId) -> None:
        """Whoever waits meanwhile for the one before, with a second call from the same number, knows another now."""
        floor = self._floor
        before = floor.last_talks.with_number(number)[1]
        floor.last_talks.note(number, agent, floor.now)
        if before != agent and (place := floor.availability.place.get(before)) is not None:
            floor.look_at(floor.matching.held_for(place))

    def talk_over(self, interaction: Interaction, talking: Talking, by: str) -> None:
        """One side is gone, and the agent writes it up. The other is hung up; a caller may be asked how it was."""
        floor = self._floor
        agent = floor.agents[talking.agent]
        floor.say(TalkEnded(interaction.id, talking.segment, talking.agent, talking.since, floor.now, by))
        self._note_last_talk(interaction.caller.number, talking.agent)
        floor.drop_agent_leg(talking.leg, HangupCause.NORMAL)
        interaction.stage = WrappingUp(agent.id, floor.now)
        if by != "agent" or not self._surveys.begin(interaction, talking):
            floor.drop_customer_leg(interaction)
        agent.last_handled = floor.now
        agent.talked += floor.now - talking.since
        wrap_up = floor.queue(talking.queue).plan.wrap_up
        floor.move(agent, EndTalk(interaction.id, None if wrap_up is None else floor.now + wrap_up))
        if wrap_up == 0:
            floor.set_free(agent, EndWork(interaction.id))
            self._books.written_up(interaction.id)

    def caller_gone(self, interaction: Interaction, stage: Waiting | Ringing | Connecting, cause: HangupCause) -> None:
        """The caller hung up while he waited, while a phone rang for him, or in the moment of the answer."""
        floor = self._floor
        waiting = stage if isinstance(stage, Waiting) else stage.waiting
        if isinstance(stage, Ringing):
            self._release_all(interaction, stage.held, "caller hung up")
        elif isinstance(stage, Connecting):
            floor.notice(floor.agents[stage.agent], "caller_hung_up")
            floor.drop_agent_leg(stage.leg, HangupCause.NORMAL)
            floor.set_free(floor.agents[stage.agent], Withdraw(interaction.id))
        if cause is HangupCause.LOST:
            interaction.outcome = InteractionOutcome.FAILED
        floor.queue(waiting.queue).note_left(interaction.caller.number, waiting.place, floor.now)
        self._books.close_segment(interaction, waiting, self._given_up(waiting, cause))
        self._books.close(interaction)

    def _given_up(self, waiting: Waiting, cause: HangupCause) -> SegmentOutcome:
        if cause is HangupCause.LOST:
            return SegmentOutcome.FAILED
        wait = self._floor.now - waiting.since
        short = wait < self._floor.queue(waiting.queue).plan.short_abandon
        return SegmentOutcome.SHORT_ABANDONED if short else SegmentOutcome.ABANDONED
