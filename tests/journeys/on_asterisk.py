"""The journeys' stage on a real Asterisk: its callers and phones are SIP peers with sound."""

import asyncio
from pathlib import Path

import aiohttp
from baresip.errors import StaleHandleError

from config.settings import Ami, Ari, Pbx
from cti.model import Speech
from ivr.edge.engines import DEFAULT, Engine
from ivr.edge.speech import Speaker
from tests.journeys.proxy import Proxy
from tests.journeys.stage import CUSTOMER_NUMBER
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhone, SipPhones
from tests.parts.sip_call import SipCall
from tests.parts.sound import decode, hears, hears_something, hears_tone, is_silent, read_wav, tone

CUSTOMER_TONE = 440.0
AGENT_TONE = 620.0


class SipCustomer:
    """A customer with a real SIP phone."""

    def __init__(self, call: SipCall, voice: Speaker, asterisk: Asterisk) -> None:
        self.call = call
        self._voice = voice
        self._sounds = asterisk.sounds
        self._english = asterisk.english_sounds

    async def can_be_heard(self) -> None:
        """Answered, and its sound arrives."""
        await self.call.can_be_heard()

    async def press(self, keys: str) -> None:
        """RFC 4733 digits."""
        await self.call.press(keys)

    async def hears(self, prompt: Speech, timeout: float = 15.0) -> None:
        """Correlates what arrives with the prompt's file."""
        await hears(self.call, read_wav(self.file_of(await self._voice.media(prompt))), timeout)

    def file_of(self, media: str) -> Path:
        """The prompt's sound."""
        return self._sounds / f"{media.rpartition('/')[2]}.wav"

    async def hears_music(self) -> None:
        """Something loud enough, from now on."""
        await hears_something(self.call)

    async def hears_fallback(self) -> None:
        """Asterisk's own announcement, which the shipped dialplan plays."""
        await hears(self.call, decode(self._english / "pls-hold-while-try.gsm"))

    async def hears_nobody_there(self) -> None:
        """Asterisk's own announcement, which the shipped dialplan plays."""
        await hears(self.call, decode(self._english / "vm-nobodyavail.gsm"))

    async def hears_agent(self, agent: str) -> None:
        """The agent's phone says a tone (see `SipRinging`)."""
        del agent
        await hears_tone(self.call, AGENT_TONE)

    async def hears_nobody(self) -> None:
        """The call goes on without a sound from the agent, from now on."""
        await asyncio.sleep(0.5)  # what was said before is still on its way
        assert is_silent(await self.call.listen(1.0)), "not silent"

    async def speaks(self, seconds: float) -> None:
        """The tone that he makes anyway."""
        await asyncio.sleep(seconds)

    async def hang_up(self) -> None:
        """BYE or CANCEL."""
        await self.call.hang_up()

    async def ended(self, timeout: float = 5.0) -> None:
        """Until it is over."""
        await self.call.ended(timeout)

    @property
    def is_over(self) -> bool:
        """Whether it is."""
        return self.call.ended_at is not None

    def say(self) -> None:
        """The customer's tone."""
        self.call.say(tone(CUSTOMER_TONE, 60.0))


class SipRinging:
    """A real SIP phone that rings. When it is picked up both sides begin to sound."""

    def __init__(self, call: SipCall, voice: Speaker, sounds: Path) -> None:
        self.call = call
        self._voice = voice
        self._sounds = sounds

    @property
    def invited_at(self) -> float:
        """When the INVITE arrived."""
        return self.call.started_at

    async def answer(self) -> None:
        """200 OK; then the agent's tone. Raises `ConnectionError` if the call was over first."""
        try:
            await self.call.answer()
        except StaleHandleError as error:
            raise ConnectionError(str(error)) from error
        self.call.say(tone(AGENT_TONE, 60.0))

    async def decline(self) -> None:
        """486."""
        await self.call.decline()

    async def hang_up(self) -> None:
        """BYE."""
        await self.call.hang_up()

    async def hears(self, prompt: Speech) -> None:
        """Correlates what arrives with the prompt's file."""
        media = await self._voice.media(prompt)
        await hears(self.call, read_wav(self._sounds / f"{media.rpartition('/')[2]}.wav"), 10.0)

    async def hears_customer(self) -> None:
        """The customer's tone."""
        await hears_tone(self.call, CUSTOMER_TONE)

    async def ended(self, timeout: float = 5.0) -> None:
        """Until it is over."""
        await self.call.ended(timeout)

    @property
    def is_over(self) -> bool:
        """Whether it is."""
        return self.call.ended_at is not None


class SipDeskPhone:
    """A real, registered SIP phone."""

    def __init__(self, phone: SipPhone, voice: Speaker, sounds: Path) -> None:
        self._phone = phone
        self._voice = voice
        self._sounds = sounds

    async def rings(self, timeout: float = 5.0) -> SipRinging:
        """The next call."""
        return SipRinging(await self._phone.rings(timeout), self._voice, self._sounds)


class SipOutsider:
    """Dora, who plays somebody else: the dialplan of the journeys leads to her telephone."""

    def __init__(self, phone: SipDeskPhone) -> None:
        self._phone = phone

    async def picks_up(self) -> None:
        """200 OK, and hears the customer."""
        ringing = await self._phone.rings(10.0)
        await ringing.answer()
        await ringing.hears_customer()


class AsteriskStage:
    """A real Asterisk, its HTTP behind a proxy that can cut connections."""

    name = "asterisk"

    def __init__(self, asterisk: Asterisk, phones: SipPhones, proxy: Proxy, engine: Engine | None = None) -> None:
        """`engine`: speaks all languages, in place of espeak-ng as it is usually."""
        self.asterisk = asterisk
        self._phones = phones
        self._proxy = proxy
        self._voice = Speaker(
            asterisk.sounds, str(asterisk.sounds), engines={} if engine is None else {DEFAULT: engine}
        )
        self._passwords = {phone.name: phone.password for phone in asterisk.site.phones}
        site = asterisk.site
        self.pbx = Pbx(
            "pbx1",
            Ari(f"http://127.0.0.1:{proxy.port}", site.ari.user, site.ari.password),
            Ami("127.0.0.1", site.manager.port, site.ami.user, site.ami.password),
            phone_socket=asterisk.phone_socket_url,
        )

    def voice(self, data: Path) -> Speaker:
        """espeak-ng, into the folder that Asterisk reads."""
        del data
        return self._voice

    async def phone(self, agent: str) -> SipDeskPhone:
        """Registers it."""
        phone = await self._phones.phone(agent, self._passwords[agent])
        return SipDeskPhone(phone, self._voice, self.asterisk.sounds)

    async def outsider(self) -> SipOutsider:
        """Registers the phone."""
        return SipOutsider(await self.phone("dora"))

    async def dial(self, dialled: str = "1000", number: str = CUSTOMER_NUMBER) -> SipCustomer:
        """An INVITE by the line."""
        caller = await self._phones.caller(number)
        customer = SipCustomer(await caller.dial(dialled), self._voice, self.asterisk)
        customer.say()
        return customer

    async def cut(self) -> None:
        """RST on every connection of ARI; new ones are served."""
        await self._proxy.cut()

    async def calls_alive(self) -> int:
        """Asked of Asterisk itself."""
        site = self.asterisk.site
        headers = {"Authorization": aiohttp.encode_basic_auth(site.ari.user, site.ari.password)}
        url = f"{self.asterisk.ari_url}/channels"
        async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as got:
            return len(await got.json())
