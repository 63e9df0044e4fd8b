"""Short sessions with a real Asterisk and real SIP phones, each named by what happens in it.

They serve twice: `record_traces` writes them into `traces/`, where their replay is a test that needs no Asterisk; and
they are played live, to see that this Asterisk still behaves as the recorded one.
"""

import asyncio
from collections.abc import Awaitable, Callable

from cti.commands import (
    Answer,
    Bridge,
    HangUp,
    Play,
    Remember,
    ReturnToDialplan,
    Ring,
    StartMusic,
    StopMusic,
    StopPlayback,
)
from cti.edge.ari import AriLink
from cti.events import (
    CallArrived,
    CommandFailed,
    KeyPressed,
    LegAnswered,
    LegEnded,
    LegReturned,
    LegRinging,
    LegsBridged,
    PlaybackEnded,
)
from cti.model import CallerId, Endpoint, HangupCause, LegId, PlaybackId, Recording
from tests.cti.world import Inbox
from tests.parts.sip import SipCaller, SipPhone
from tests.parts.sip_call import SipCall
from tests.parts.sound import hears_tone, tone

ALICE = Endpoint("PJSIP/alice")
SERVICE_NUMBER = "5551000"
MUSIC = "callwright"


class Stage:
    """The link, a caller, and alice's phone."""

    def __init__(self, link: AriLink, inbox: Inbox, caller: SipCaller, alice: SipPhone) -> None:
        self.link = link
        self.inbox = inbox
        self.caller = caller
        self.alice = alice

    async def arrive(self) -> tuple[SipCall, CallArrived]:
        """The caller dials, and we see him come."""
        call = await self.caller.dial(SERVICE_NUMBER)
        return call, await self.inbox.until(CallArrived)

    async def ring_alice(self, arrival: CallArrived, timeout: float = 10.0) -> tuple[SipCall, LegId]:
        """Her phone rings for this caller."""
        leg = self.inbox.new_leg()
        command = Ring(self.inbox.command_id(), leg, arrival.call, ALICE, arrival.caller, timeout, "agent")
        self.link.send(command)
        ringing = await self.alice.rings()
        await self.inbox.until(LegRinging)
        return ringing, leg

    async def talk(self, arrival: CallArrived) -> tuple[SipCall, LegId]:
        """Her phone rings, she answers, they hear each other."""
        ringing, leg = await self.ring_alice(arrival)
        await ringing.answer()
        await self.inbox.until(LegAnswered)
        self.link.send(Bridge(self.inbox.command_id(), arrival.leg, arrival.call, (leg,)))
        await self.inbox.until(LegsBridged)
        return ringing, leg

    def answer(self, leg: LegId) -> None:
        """Pick up the caller."""
        self.link.send(Answer(self.inbox.command_id(), leg))

    def play(self, leg: LegId, name: str) -> PlaybackId:
        """Play him something."""
        playback = PlaybackId(f"{leg}/{name}")
        self.link.send(Play(self.inbox.command_id(), leg, playback, (Recording(name),)))
        return playback

    async def hang_up(self, leg: LegId, cause: HangupCause = HangupCause.NORMAL) -> LegEnded:
        """End a leg ourselves."""
        self.link.send(HangUp(self.inbox.command_id(), leg, cause))
        return await self.inbox.until(LegEnded)

    async def settle(self) -> None:
        """What still comes shall come into the trace."""
        await asyncio.sleep(0.2)


async def agent_hangs_up(stage: Stage) -> None:
    """The whole of a call: prompt, key, music, agent, conversation; the agent ends it."""
    call, arrival = await stage.arrive()
    stage.answer(arrival.leg)
    stage.play(arrival.leg, "beep")
    await stage.inbox.until(PlaybackEnded)
    long_prompt = stage.play(arrival.leg, "demo-congrats")
    await call.press("1")
    await stage.inbox.until(KeyPressed)
    stage.link.send(StopPlayback(stage.inbox.command_id(), arrival.leg, long_prompt))
    await stage.inbox.until(PlaybackEnded)
    stage.link.send(StartMusic(stage.inbox.command_id(), arrival.leg, MUSIC))
    stage.link.send(StopMusic(stage.inbox.command_id(), arrival.leg))
    stage.link.send(StartMusic(stage.inbox.command_id(), arrival.leg, MUSIC))
    stage.link.send(Remember(stage.inbox.command_id(), arrival.leg, '{"queue":"billing"}'))
    ringing, _ = await stage.talk(arrival)
    await ringing.hang_up()
    await stage.inbox.until(LegEnded)
    await stage.hang_up(arrival.leg)
    await stage.settle()


async def caller_hangs_up_while_talking(stage: Stage) -> None:
    """The caller ends the conversation; we end the agent's leg."""
    call, arrival = await stage.arrive()
    stage.answer(arrival.leg)
    _, leg = await stage.talk(arrival)
    await call.hang_up()
    await stage.inbox.until(LegEnded)
    await stage.hang_up(leg)
    await stage.settle()


async def caller_hangs_up_in_the_menu(stage: Stage) -> None:
    """He leaves while a prompt is played."""
    call, arrival = await stage.arrive()
    stage.answer(arrival.leg)
    stage.play(arrival.leg, "demo-congrats")
    await call.answered()
    await stage.settle()
    await call.hang_up()
    await stage.inbox.until(LegEnded)
    await stage.settle()


async def caller_gives_up_before_we_answer(stage: Stage) -> None:
    """CANCEL, before anything was played."""
    call, _ = await stage.arrive()
    await call.hang_up()
    await stage.inbox.until(LegEnded)
    await stage.settle()


async def caller_hangs_up_while_the_phone_rings(stage: Stage) -> None:
    """He leaves; we stop the agent's phone from ringing."""
    call, arrival = await stage.arrive()
    stage.answer(arrival.leg)
    await call.answered()
    _, leg = await stage.ring_alice(arrival)
    await call.hang_up()
    await stage.inbox.until(LegEnded)
    await stage.hang_up(leg)
    await stage.settle()


async def agent_does_not_answer(stage: Stage) -> None:
    """Her phone rings out."""
    _, arrival = await stage.arrive()
    stage.answer(arrival.leg)
    await stage.ring_alice(arrival, timeout=1.0)
    await stage.inbox.until(LegEnded)
    await stage.hang_up(arrival.leg)
    await stage.settle()


async def agent_declines(stage: Stage) -> None:
    """She presses the red button: 486."""
    _, arrival = await stage.arrive()
    stage.answer(arrival.leg)
    ringing, _ = await stage.ring_alice(arrival)
    await ringing.decline()
    await stage.inbox.until(LegEnded)
    await stage.hang_up(arrival.leg)
    await stage.settle()


async def another_phone_answers_first(stage: Stage) -> None:
    """We end a ringing leg, and say why."""
    _, arrival = await stage.arrive()
    stage.answer(arrival.leg)
    _, leg = await stage.ring_alice(arrival)
    await stage.hang_up(leg, HangupCause.ANSWERED_ELSEWHERE)
    await stage.hang_up(arrival.leg)
    await stage.settle()


async def phone_is_not_registered(stage: Stage) -> None:
    """Nobody is there to be rung; then an endpoint that no telephone has."""
    _, arrival = await stage.arrive()
    for endpoint in (Endpoint("PJSIP/bob"), Endpoint("PJSIP/bob&PJSIP/alice")):
        command = Ring(stage.inbox.command_id(), stage.inbox.new_leg(), arrival.call, endpoint, CallerId(), 5.0)
        stage.link.send(command)
        await stage.inbox.until(CommandFailed)
    await stage.hang_up(arrival.leg, HangupCause.BUSY)
    await stage.settle()


async def prompt_is_missing(stage: Stage) -> None:
    """Asterisk has no such file."""
    _, arrival = await stage.arrive()
    stage.answer(arrival.leg)
    stage.play(arrival.leg, "no-such-file")
    await stage.inbox.until(PlaybackEnded)
    await stage.hang_up(arrival.leg)
    await stage.settle()


async def caller_goes_back_to_the_dialplan(stage: Stage) -> None:
    """We give him back; that he leaves us is not his end."""
    call, arrival = await stage.arrive()
    stage.link.send(ReturnToDialplan(stage.inbox.command_id(), arrival.leg))
    await stage.settle()
    await call.hang_up()
    await stage.settle()


async def caller_is_put_through(stage: Stage) -> None:
    """Alice answers, and we hear no more of them."""
    call, arrival = await stage.arrive()
    stage.answer(arrival.leg)
    stage.link.send(Remember(stage.inbox.command_id(), arrival.leg, '{"flow":"welcome"}'))
    stage.link.send(ReturnToDialplan(stage.inbox.command_id(), arrival.leg, "200"))
    await stage.inbox.until(LegReturned)
    answered = await stage.alice.rings()
    await answered.answer()
    call.say(tone(440, 8))
    answered.say(tone(660, 8))
    await hears_tone(call, 660)
    await hears_tone(answered, 440)
    await call.hang_up()
    await answered.ended()
    await stage.settle()


async def caller_is_put_through_to_nobody(stage: Stage) -> None:
    """He is told so, and comes again; nothing of ours is written on him any more."""
    call, arrival = await stage.arrive()
    stage.answer(arrival.leg)
    stage.link.send(Remember(stage.inbox.command_id(), arrival.leg, '{"flow":"welcome"}'))
    stage.link.send(ReturnToDialplan(stage.inbox.command_id(), arrival.leg, "299"))
    await stage.inbox.until(LegReturned)
    await stage.inbox.until(CallArrived, timeout=15.0)
    await call.hang_up()
    await stage.settle()


SESSIONS: tuple[Callable[[Stage], Awaitable[None]], ...] = (
    agent_hangs_up,
    caller_hangs_up_while_talking,
    caller_hangs_up_in_the_menu,
    caller_gives_up_before_we_answer,
    caller_hangs_up_while_the_phone_rings,
    agent_does_not_answer,
    agent_declines,
    another_phone_answers_first,
    phone_is_not_registered,
    prompt_is_missing,
    caller_goes_back_to_the_dialplan,
    caller_is_put_through,
    caller_is_put_through_to_nobody,
)
