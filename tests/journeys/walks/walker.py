"""A caller who walks through a dialogue: he types on a real telephone, and listens to what comes by RTP."""

import asyncio
from pathlib import Path

from acd.events import InteractionClosed, InteractionStarted, NodesVisited, SegmentClosed, SegmentOpened, VoicemailBegun
from acd.model import InteractionId, InteractionOutcome
from acd.waiting.exits import DEAF
from cti.model import Sound, Speech
from ivr.edge.speech import Speaker
from ivr.rehearsal.dialogue_file import Step
from tests.journeys.house import House, until
from tests.journeys.walks.answers import Answering
from tests.journeys.walks.keypad import Keypad
from tests.journeys.walks.walk import Stretch, Walk
from tests.parts import sip_call
from tests.parts.sip_call import RATE, SipCall
from tests.parts.sound import NotHeardError, find, hears, read_wav, tone

PATIENCE = 45.0
"""Seconds for anything, on a machine that does other things besides."""
ENOUGH = 2.5
"""Seconds of a prompt by which a caller knows it; then he types. Nothing that he cuts off is heard for so long."""
VOICE = 440.0


class Walker:
    """One caller on one walk."""

    def __init__(self, house: House, voice: Speaker, sounds: Path, keypad: Keypad, walk: Walk, number: str) -> None:
        """`number`: the one that he dials. `sounds`: the folder with all that is said."""
        self.answering = Answering(walk.script)
        self._house = house
        self._keypad = keypad
        self._voice = voice
        self._sounds = sounds
        self.walk = walk
        self.number = number
        self._heard = 0.0
        """Seconds of the call up to which he has recognised everything."""

    async def walks(self, call: SipCall, *, out_of_queue: bool) -> None:
        """All of it, and hangs up. `out_of_queue`: he comes to the flow from a queue, by the keys 0 and 1. Raises
        `MistypedError` if he did not come through with his keys, and should dial again."""
        self._heard = 0.0
        self.answering.begins()
        self._keypad.begins(self.number)
        try:
            await call.can_be_heard(PATIENCE)
            if out_of_queue:
                await self._waits_and_leaves(call)
            await self._goes_from_stretch_to_stretch(call)
        except AssertionError:
            self._keypad.check(self.number)
            raise

    async def _goes_from_stretch_to_stretch(self, call: SipCall) -> None:
        stretches = self.walk.stretches
        for stretch, following in zip(stretches, [*stretches[1:], None], strict=True):
            self.answering.goes_on(stretch.step)
            await self._acts(call, stretch.step)
            await self._hears_all(call, stretch, following.step if following is not None else None)
        await self._ends(call)
        asked = [one for stretch in stretches for one in stretch.asked]
        assert self.answering.asked == asked

    async def _waits_and_leaves(self, call: SipCall) -> None:
        await self._press(call, "0")
        await until(lambda: bool(self._entered()), "the queue", PATIENCE)
        await asyncio.sleep(DEAF + 0.2)
        await self._press(call, "1")
        await until(lambda: bool(self._left()), "the way out of the queue", PATIENCE)

    async def _acts(self, call: SipCall, step: Step) -> None:
        if keys := step.presses or step.interrupts:
            await self._press(call, keys)
        elif step.says is not None:
            call.say(tone(VOICE, step.says))
            await asyncio.sleep(step.says)
            await self._press(call, "#")

    async def _press(self, call: SipCall, keys: str) -> None:
        await self._keypad.press(call, keys, self.number, PATIENCE)

    # -- what he hears -------------------------------------------------------------------------------------------------

    async def _hears_all(self, call: SipCall, stretch: Stretch, following: Step | None) -> None:
        before = self._heard
        sounds = stretch.heard[:1] if following is not None and following.interrupts else stretch.heard
        types = self.walk.end == "" if following is None else bool(following.presses or following.interrupts)
        for number, sound in enumerate(sounds):
            is_last = number == len(sounds) - 1
            await self._hears(call, sound, whole=not (is_last and types) or stretch.recorded)
            if number == 0:
                await self._cut(call, stretch.cut, before, self._heard)
        if stretch.recorded:
            await until(lambda: bool(self._recorded()), "the beep", PATIENCE)

    async def _hears(self, call: SipCall, sound: Sound, *, whole: bool) -> None:
        prompt = await self._prompt(sound, whole=whole)
        try:
            match = await hears(call, prompt, PATIENCE, since=self._heard)
        except NotHeardError as error:
            error.add_note(f"not heard: {sound}")
            raise
        # It may have been recognised before its end, and is not heard to it if he types now.
        self._heard = min(self._heard + match.start + prompt.size / RATE, call.heard.size / RATE)

    async def _cut(self, call: SipCall, sounds: tuple[Sound, ...], since: float, until: float) -> None:
        """Nothing of these was heard for long in between."""
        heard = call.heard[int(since * RATE) : int(until * RATE)]
        for sound in sounds:
            match = await asyncio.to_thread(find, await self._prompt(sound, whole=False), heard)
            assert not match.found, f"he had typed on, and heard {sound}"

    async def _prompt(self, sound: Sound, *, whole: bool) -> sip_call.Sound:
        assert isinstance(sound, Speech)
        media = await self._voice.media(sound)
        samples = read_wav(self._sounds / f"{media.rpartition('/')[2]}.wav")
        return samples if whole else samples[: int(ENOUGH * RATE)]

    # -- how it ends ---------------------------------------------------------------------------------------------------

    async def _ends(self, call: SipCall) -> None:
        end = self.walk.end
        if end == "hang_up":
            await call.ended(PATIENCE)
        elif end:
            await until(lambda: end in [f"queue {one.queue}" for one in self._entered()], end, PATIENCE)
        await call.hang_up()
        await until(lambda: bool(self._closed()), "the end of the contact", PATIENCE)
        (closed,) = self._closed()
        assert closed.outcome is self._outcome(), closed.outcome

    def _outcome(self) -> InteractionOutcome:
        if self.walk.end == "hang_up":
            left = any((one.step.says or 0.0) > 0.0 for one in self.walk.stretches)
            return InteractionOutcome.VOICEMAIL if left else InteractionOutcome.SELF_SERVED
        return InteractionOutcome.ABANDONED_IN_QUEUE if self.walk.end else InteractionOutcome.ABANDONED_IN_FLOW

    # -- what the centre says of him -----------------------------------------------------------------------------------

    def way(self) -> str:
        """The nodes to which he has come, and how he left each."""
        of = self._contact()
        told = [one.visits for one in self._house.said if isinstance(one, NodesVisited) and one.interaction == of]
        visits = {visit.position: visit for some in told for visit in some}
        return ", ".join(f"{visit.node} ({visit.way})" for visit in visits.values())

    def _contact(self) -> InteractionId:
        """The last one, if he had to dial again."""
        return next(
            one.interaction
            for one in reversed(self._house.said)
            if isinstance(one, InteractionStarted) and one.dialled == self.number
        )

    def _entered(self) -> list[SegmentOpened]:
        of = self._contact()
        return [one for one in self._house.said if isinstance(one, SegmentOpened) and one.interaction == of]

    def _left(self) -> list[SegmentClosed]:
        of = self._contact()
        return [one for one in self._house.said if isinstance(one, SegmentClosed) and one.interaction == of]

    def _recorded(self) -> list[VoicemailBegun]:
        of = self._contact()
        return [one for one in self._house.said if isinstance(one, VoicemailBegun) and one.voicemail.interaction == of]

    def _closed(self) -> list[InteractionClosed]:
        of = self._contact()
        return [one for one in self._house.said if isinstance(one, InteractionClosed) and one.interaction == of]
