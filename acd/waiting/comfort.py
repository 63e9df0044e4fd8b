"""What a caller hears in a queue: music, and announcements into it.

    entry -> music -> his place -> music for `every` seconds -> announcement -> music for `every` seconds -> ...

Music is asked for again together with each announcement: the PBX goes on with it when the announcement is over, even
if we are dead by then. An announcement must never be in the way: a channel that plays does nothing else before it has
done, so whatever is wanted of it next (an agent's voice above all) comes after `hush`.
"""

from msgspec.structs import replace

from acd.calls.interactions import Interaction, Ringing, Waiting
from acd.floor import Floor
from acd.routing.choosing import Choosing
from acd.waiting.announcing import SILENT, Announced, Announcement, Minutes, at_entry, next_one
from acd.waiting.estimate import Forecast
from acd.waiting.plan import Announcements
from cti.commands import StartMusic, StopPlayback
from cti.model import PlaybackId, Speech
from ivr.speech.waiting_words import minutes_of

LONGEST = 120.0
"""Seconds after which we no longer believe that an announcement still plays."""


class Comfort:
    """The waiting callers of one floor."""

    def __init__(self, floor: Floor, choosing: Choosing) -> None:
        self._floor = floor
        self._choosing = choosing

    def play_music(self, interaction: Interaction) -> None:
        """The music of his queue, and from time to time an announcement; the PBX goes on with the music if we crash."""
        self._start_music(interaction)
        self._pause(interaction)

    def greet(self, interaction: Interaction) -> None:
        """He has just entered, and nobody could be asked at once."""
        position = self._floor.queue(interaction.queue).position_of(interaction.id)
        interaction.announced = Announced()
        minutes = self._minutes(interaction, position)
        self._say(interaction, at_entry(self._plan(interaction), Announced(), position, interaction.language, minutes))

    def time_to_speak(self, interaction: Interaction) -> None:
        """There was music for long enough; or the end of an announcement was never told."""
        interaction.announced = replace(interaction.announced, playback=SILENT)
        if not isinstance(interaction.stage, Waiting | Ringing):
            return  # he is being connected; if that fails, there is music again, and then all else
        position = self._floor.queue(interaction.queue).position_of(interaction.id)
        minutes = self._minutes(interaction, position)
        told = interaction.announced
        self._say(interaction, next_one(self._plan(interaction), told, position, interaction.language, minutes))

    def playback_ended(self, interaction: Interaction, playback: PlaybackId) -> None:
        """Something that played to somebody who waits is over."""
        if playback != SILENT and interaction.announced.playback == playback:
            interaction.announced = replace(interaction.announced, playback=SILENT)
            self._pause(interaction)

    def say(self, interaction: Interaction, text: str) -> None:
        """Something to him alone, in place of what plays; nothing, if that is such a thing itself: who presses his key
        again and again would never hear it to its end."""
        if SILENT != interaction.announced.alone == interaction.announced.playback:
            return
        hush(self._floor, interaction)
        sounds = (Speech(text, interaction.language),)
        self._say(interaction, Announcement(sounds, interaction.announced))
        interaction.announced = replace(interaction.announced, alone=interaction.announced.playback)

    def foretell(self, interaction: Interaction) -> None:
        """Note what would be predicted for him who has just entered; from him it is learnt how right that was."""
        floor = self._floor
        queue = floor.queue(interaction.queue)
        place = queue.position_of(interaction.id)
        agents = self._see_workers(interaction)
        predicted = queue.estimator.predicted(place, agents)
        interaction.forecast = Forecast() if predicted is None else Forecast(place, predicted, agents=agents)

    def _see_workers(self, interaction: Interaction) -> int:
        """How many who could serve him are at work, and not on a break."""
        availability = self._floor.availability
        those = self._choosing.able(interaction) & availability.at_work(interaction.node) & ~availability.on_break()
        self._floor.queue(interaction.queue).estimator.agents = those.bit_count()
        return those.bit_count()

    def _minutes(self, interaction: Interaction, position: int) -> Minutes | None:
        if not self._plan(interaction).estimate:
            return None
        known = self._floor.queue(interaction.queue).estimator.range_of(position, self._see_workers(interaction))
        return None if known is None else minutes_of(*known)

    def _say(self, interaction: Interaction, announcement: Announcement) -> None:
        floor = self._floor
        minutes = announcement.then.minutes
        if minutes != (0, 0) and not interaction.forecast.told_at:
            low, high = (60.0 * one for one in minutes)
            interaction.forecast = replace(interaction.forecast, told_at=floor.now, told_low=low, told_high=high)
        interaction.announced = announcement.then
        if not announcement.sounds:
            self._pause(interaction)
            return
        playback = floor.play(interaction.leg, announcement.sounds)
        interaction.announced = replace(announcement.then, playback=playback)
        self._start_music(interaction)
        floor.timers.set(("announce", interaction.id), floor.now + LONGEST)

    def _start_music(self, interaction: Interaction) -> None:
        floor = self._floor
        interaction.in_silence = False
        floor.say(StartMusic(floor.command_id(), interaction.leg, floor.queue(interaction.queue).plan.music))

    def _pause(self, interaction: Interaction) -> None:
        pause(self._floor, interaction)

    def _plan(self, interaction: Interaction) -> Announcements:
        return self._floor.queue(interaction.queue).plan.waiting.announcements


def hush(floor: Floor, interaction: Interaction) -> None:
    """Cut the announcement that plays, if one does: something else is wanted of his leg, at once."""
    playback = interaction.announced.playback
    if playback == SILENT:
        return
    interaction.announced = replace(interaction.announced, playback=SILENT)
    floor.say(StopPlayback(floor.command_id(), interaction.leg, playback))
    pause(floor, interaction)


def pause(floor: Floor, interaction: Interaction) -> None:
    """Music only, until the next announcement is due."""
    announcements = floor.queue(interaction.queue).plan.waiting.announcements
    if announcements.messages or announcements.position or announcements.estimate:
        floor.timers.set(("announce", interaction.id), floor.now + announcements.every)
