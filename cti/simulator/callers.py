"""Virtual callers: they dial, press keys when they hear the right prompt, wait as long as they can, talk, hang up.

calling --> connected --> talking --> over
   \\--> over (refused)  \\--> over (lost patience, or hung up by the other side)
"""

from collections.abc import Callable
from enum import Enum
from functools import partial
from math import inf

import msgspec

from cti.simulator import dialplan, life, recorder
from cti.simulator.channels import Channel
from cti.simulator.media import spoken_text
from cti.simulator.timers import Timer
from cti.simulator.world import World

UNALLOCATED = 1


class Step(msgspec.Struct, frozen=True):
    """Press `keys`, `after` seconds after the trigger: a prompt whose words (or file name) contain `prompt`.

    Without a prompt the trigger is the end of the step before, or the PBX's answer for the first step.
    """

    keys: str = ""
    prompt: str = ""
    after: float = 0.5
    says: float = 0.0
    """Before that, speak for so many seconds: to a recording, as nobody else listens."""
    hang_up: bool = False
    """Then hang up."""


class Script(msgspec.Struct, frozen=True):
    """What a caller does, from dialling to hanging up."""

    steps: tuple[Step, ...] = ()
    patience: float = 120.0
    """Seconds from dialling after which he hangs up if he talks with nobody by then."""
    talk: float = inf
    """Seconds of talking after which he hangs up; `inf` leaves that to the other side."""


class CallerState(Enum):
    """Where he is in his call."""

    CALLING = "calling"
    CONNECTED = "connected"
    TALKING = "talking"
    REFUSED = "refused"
    OVER = "over"


class VirtualCaller:
    """One call from outside. Times are seconds since the epoch; a moment that did not come is absent from `moments`."""

    def __init__(
        self,
        world: World,
        number: str,
        name: str,
        script: Script,
        when_over: Callable[[], None] = lambda: None,
    ) -> None:
        self.world = world
        self.number = number
        self.name = name
        self.script = script
        self._when_over = when_over
        self.tone = f"tone:{number or 'anonymous'}"
        self.state = CallerState.CALLING
        self.moments: dict[CallerState, float] = {}
        self.spoke_with: list[str] = []
        """Tones that he heard, in order."""
        self.cause = 0
        self.hung_up_himself = False
        self.channel_id = ""
        self._channel: Channel | None = None
        self._steps = list(reversed(script.steps))
        self._triggered = False
        """Whether the step on top waits for its time only, not for a prompt any more."""

    @property
    def is_over(self) -> bool:
        """Whether the call has ended, or never began."""
        return self.state in {CallerState.OVER, CallerState.REFUSED}

    def dial(self, dialled: str) -> None:
        """Call the number. A number that the dialplan does not know is refused at once."""
        self._become(CallerState.CALLING)
        if dialled not in self.world.settings.services:
            self.cause = UNALLOCATED
            self._become(CallerState.REFUSED)
            self._when_over()
            return
        channel = dialplan.arrive(self.world, self.number, self.name, dialled, self)
        self._channel = channel
        self.channel_id = channel.id
        self._after(self.script.patience, self._lose_patience)
        dialplan.run(self.world, channel)

    def _become(self, state: CallerState) -> None:
        self.state = state
        self.moments[state] = self.world.now

    def _after(self, seconds: float, action: Callable[[], None]) -> Timer | None:
        if self._channel is None or seconds == inf:
            return None
        timer = self.world.later(seconds, action)
        self._channel.timers.append(timer)
        return timer

    def _lose_patience(self) -> None:
        if self.state is not CallerState.TALKING:
            self.hang_up()

    def answered(self) -> None:
        """The PBX picked up."""
        self._become(CallerState.CONNECTED)
        self._next_step()

    def hears(self, media: str) -> None:
        """A prompt may be the one that he waits for; a voice means that he talks with somebody."""
        if media.startswith("tone:"):
            self.spoke_with.append(media)
            if self.state is not CallerState.TALKING:
                self._become(CallerState.TALKING)
                self._after(self.script.talk, self.hang_up)
            return
        awaited = self._steps[-1].prompt if self._steps and not self._triggered else ""
        if awaited and awaited.casefold() in spoken_text(media).casefold():
            self._trigger()

    def ended(self, cause: int) -> None:
        """The call is over, whoever ended it."""
        self._channel = None
        self.cause = cause
        self._become(CallerState.OVER)
        self._when_over()

    def hang_up(self) -> None:
        """He has had enough."""
        if self._channel is not None:
            self.hung_up_himself = True
            life.far_end_hangs_up(self.world, self._channel)

    def say(self, seconds: float) -> None:
        """Speak, for a recording."""
        if self._channel is not None:
            recorder.talk(self.world, self._channel, seconds)

    def press(self, keys: str) -> None:
        """One key after the other, each held and followed by a pause of the same length."""
        hold = self.world.settings.key_seconds
        for position, key in enumerate(keys):
            self._after(hold * (2 * position + 1), partial(self._press_key, key))

    def _press_key(self, key: str) -> None:
        if self._channel is not None:
            life.press(self.world, self._channel, key)

    def _listen(self) -> None:
        self._triggered = False

    def _next_step(self) -> None:
        if self._steps and not self._steps[-1].prompt:
            self._trigger()

    def _trigger(self) -> None:
        self._triggered = True
        self._after(self._steps[-1].after, self._do_step)

    def _do_step(self) -> None:
        step = self._steps.pop()
        if step.says:
            self.say(step.says)
            self._after(step.says, partial(self._finish_step, step))
        else:
            self._finish_step(step)

    def _finish_step(self, step: Step) -> None:
        """What his last key brings about may be said at once, and counts for the next step."""
        self.press(step.keys)
        hold = self.world.settings.key_seconds
        pressed = len(step.keys) * 2 * hold
        self._after(max(0.0, pressed - hold), self._listen)
        self._after(pressed, self.hang_up if step.hang_up else self._next_step)
