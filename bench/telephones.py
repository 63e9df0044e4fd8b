"""An Asterisk with three ways to serve a caller, and the telephones on both sides of each.

    1000   Callwright (`Stasis(callwright,in,1000)`, as shipped)
    2000   Asterisk's own queue, app_queue
    3000   the floor (see `floor`)

Each has agents' phones of its own, and its callers hear Asterisk's music while they wait. The queue is set up to be as
quick as it can: no wrap-up time, the shortest pause (1 s) before members are tried again, `autofill`, and no second
call for a busy phone.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import NamedTuple, Self

import msgspec

from bench.sip_phone import SipCall, SipPhone, SoundSink
from tests.parts.asterisk import Asterisk
from tests.parts.sites import trial_site

CENTRE_NUMBER, QUEUE_NUMBER, FLOOR_NUMBER = "1000", "2000", "3000"
TO_THE_QUEUE = 0.5
"""Seconds in which whoever is answered has reached his queue, whatever comes before it."""
REACTION = 0.05
"""Seconds until a ringing phone is answered."""
SHORT_TALK = 0.3
"""Seconds; enough for both sides to be connected, also on a busy machine."""
ONE_BY_ONE = 0.02
"""Seconds between two hang-ups when all go home."""
PATIENCE = 10.0
"""Seconds for anything on the telephone."""

_NO_SOUND = "rtp_timeout = 60\n"
"""Of the shipped configuration: a call without sound ends after a minute. Our phones have no sound, and wait longer."""

_DIALPLAN = f"""
[callwright-in](+)
exten => {QUEUE_NUMBER},1,Answer(,i)
 same => n,Queue(bench)
 same => n,Hangup()
exten => {FLOOR_NUMBER},1,Answer(,i)
 same => n,Stasis(floor)
 same => n,Hangup()
"""
_QUEUE = """
[bench]
strategy = leastrecent
timeout = 20
retry = 1
wrapuptime = 0
ringinuse = no
joinempty = yes
leavewhenempty = no
"""
_WATCHER = """
[general](+)
timestampevents = yes

[bench]
secret = {password}
read = agent
eventfilter = Event: QueueCallerJoin
"""


class Watcher(msgspec.Struct, frozen=True):
    """Who may see on AMI when somebody enters app_queue."""

    port: int
    user: str
    password: str


class Names(NamedTuple):
    """The agents' phones of each competitor."""

    centre: tuple[str, ...]
    queue: tuple[str, ...]
    floor: tuple[str, ...]


def names(agents: int) -> Names:
    """For so many agents each."""
    return Names(*(tuple(f"{of}-{n}" for n in range(1, agents + 1)) for of in ("agent", "queue", "floor")))


@contextlib.contextmanager
def asterisk(phones: Names) -> Iterator[tuple[Asterisk, Watcher]]:
    """Such an Asterisk, running."""
    site = trial_site(desk=(*phones.centre, *phones.queue, *phones.floor), browser=(), numbers=(CENTRE_NUMBER,))
    built = Asterisk(site, dialplan=_DIALPLAN)
    etc = built.folder / "etc"
    members = "".join(f"member => PJSIP/{name}\n" for name in phones.queue)
    for file, text in (
        ("queues.conf", _QUEUE + members),
        ("manager.conf", _WATCHER.format(password=site.ami.password)),
    ):
        with (etc / file).open("a", encoding="utf-8") as stream:
            stream.write(text)
    pjsip = (etc / "pjsip.conf").read_text(encoding="utf-8")
    (etc / "pjsip.conf").write_text(pjsip.replace(_NO_SOUND, ""), encoding="utf-8")
    with built as running:
        yield running, Watcher(running.site.manager.port, "bench", site.ami.password)


class Rung(msgspec.Struct, frozen=True):
    """A phone rang. Times are `time.monotonic()`."""

    phone: str
    since: float
    """When what led to it began: the BYE, or the caller's INVITE."""
    at: float
    """When its INVITE arrived."""

    @property
    def milliseconds(self) -> float:
        """From the one to the other."""
        return (self.at - self.since) * 1000


class Team:
    """Agents at their phones, and the callers who dial their number. To be used with `async with`.

    `waiting`: callers who wait in the queue while hang-ups are measured.
    """

    def __init__(self, running: Asterisk, sound: SoundSink, number: str, names: Sequence[str], waiting: int) -> None:
        passwords = {phone.name: phone.password for phone in running.site.phones}
        port = running.site.sip.port
        self._number = number
        self._waiting = waiting
        self._line = SipPhone(f"+4930901{number}", "", port, sound)
        self._phones = {name: SipPhone(name, passwords[name], port, sound) for name in names}
        self._talking: dict[str, SipCall] = {}
        self._callers: list[SipCall] = []
        self._turns = itertools.cycle(self._phones)

    async def __aenter__(self) -> Self:
        for phone in self._phones.values():
            await phone.register(PATIENCE)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for phone in (self._line, *self._phones.values()):
            phone.close()

    async def fill(self) -> None:
        """Everybody talks, and some wait."""
        for _ in self._phones:
            self._dial()
            await self._somebody_answers()
        for _ in range(self._waiting):
            await self._one_more_waits()
        await asyncio.sleep(TO_THE_QUEUE)

    async def next_call(self) -> Rung:
        """One agent hangs up and answers what rings then; another caller joins the queue."""
        name = next(self._turns)
        before = self._talking.pop(name).hang_up()
        ringing = await self._phones[name].rings(PATIENCE)
        await self._answer(name, ringing)
        await self._one_more_waits()
        return Rung(name, before, ringing.started_at)

    async def empty(self) -> None:
        """Everybody hangs up, those who wait first."""
        for call in (*reversed(self._callers), *self._talking.values()):
            call.hang_up()
            await asyncio.sleep(ONE_BY_ONE)
        await asyncio.sleep(SHORT_TALK)
        self._talking.clear()

    async def new_call(self) -> Rung:
        """With everybody free: somebody calls, is answered at once, has a short talk, and is hung up on."""
        caller = self._dial()
        name, ringing = await self._somebody_answers()
        await asyncio.sleep(SHORT_TALK)
        self._talking.pop(name).hang_up()
        await caller.ended(PATIENCE)
        return Rung(name, caller.started_at, ringing.started_at)

    def _dial(self) -> SipCall:
        self._callers = [call for call in self._callers if not call.is_over.is_set()]
        self._callers.append(self._line.dial(self._number))
        return self._callers[-1]

    async def _one_more_waits(self) -> None:
        await self._dial().answered(PATIENCE)

    async def _somebody_answers(self) -> tuple[str, SipCall]:
        idle = {
            asyncio.create_task(phone.rings(PATIENCE)): name
            for name, phone in self._phones.items()
            if name not in self._talking
        }
        done, others = await asyncio.wait(idle, return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        (first,) = done
        await self._answer(idle[first], first.result())
        return idle[first], first.result()

    async def _answer(self, name: str, ringing: SipCall) -> None:
        # Nothing else happens meanwhile, so that what the agent's screen is told now comes by itself.
        await asyncio.sleep(REACTION)
        ringing.answer()
        self._talking[name] = ringing
