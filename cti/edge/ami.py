"""The link to one Asterisk over AMI: which phones can be reached, and making one pick up.

Calls do not depend on it. While it is down we do not hear of phones that come and go, and nothing else is amiss; so
its loss is counted and logged, and `connected` tells, but it is no event of its own. Phones that had a call then count
as free, for nobody would tell us when it ends.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from random import Random

import msgspec
import structlog

from cti.asterisk.ami_messages import (
    FullyBooted,
    ask_for_phones,
    decode_packet,
    login,
    pick_up,
    ping,
)
from cti.asterisk.ami_packets import Packet, UnsafeHeader
from cti.asterisk.understanding import Irrelevant, NotUnderstood
from cti.commands import PickUp
from cti.edge.absence import Absence
from cti.edge.ami_panoramisk import FencedManager
from cti.edge.backoff import Backoff
from cti.edge.counters import Counters
from cti.edge.errors import NoAnswer, PbxDown, PbxError, PbxMisconfigured, Refused, WrongPassword
from cti.edge.together import until_one_fails
from cti.edge.trace import Recorder
from cti.events import AnyPbxEvent, CommandFailed
from cti.model import NodeName
from cti.phones import Phones

_log = structlog.get_logger()


class AmiTiming(msgspec.Struct, frozen=True):
    """How often to look, in seconds."""

    ping: float = 3.0
    deadline: float = 3.0
    """For the answer to a ping; both together are the longest for which we take a dead server for a silent one."""
    list_phones: float = 60.0
    """From one list of all phones to the next: none whose last event was lost is to be taken for busy for ever."""


class AmiAddress(msgspec.Struct, frozen=True):
    """Where AMI is, and who we are there."""

    host: str
    port: int
    user: str
    secret: str

    def __repr__(self) -> str:
        return f"AmiAddress({self.host!r}, {self.port}, user={self.user!r})"


class AmiLink:
    """One Asterisk. `deliver` gets every event, on the event loop, and must not block.

    `run` connects and stays connected until it is cancelled, or until it finds that a setting is wrong (then it
    raises `PbxMisconfigured`).
    """

    def __init__(
        self,
        node: NodeName,
        address: AmiAddress,
        deliver: Callable[[AnyPbxEvent], None],
        counters: Counters,
        *,
        recorder: Recorder | None = None,
        random: Random | None = None,
        timing: AmiTiming | None = None,
    ) -> None:
        self._timing = timing or AmiTiming()
        self._address = address
        self._deliver = deliver
        self._counters = counters
        self._recorder = recorder
        self._log = _log.bind(node=node)
        self._backoff = Backoff(random or Random(time.time()))  # noqa: S311 -- spreads reconnects, guards nothing
        self._phones = Phones(node)
        self._absence = Absence("AMI", node)
        self._manager: FencedManager | None = None
        self._heard: asyncio.Queue[Packet] = asyncio.Queue()
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        """Whether we hear of phones that come and go."""
        return self._manager is not None

    def send(self, command: PickUp) -> None:
        """Make a phone pick up. If that fails, `CommandFailed` tells."""
        task = asyncio.get_running_loop().create_task(self._pick_up(command))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def run(self) -> None:
        """Connect, stay connected, deliver events."""
        try:
            while True:
                try:
                    await self._be_connected()
                except (PbxDown, Refused) as error:
                    self._lose(str(error))
                except PbxMisconfigured:
                    raise
                except Exception as error:  # noqa: BLE001 -- the last line of defence of this link
                    self._log.exception("the link failed in a way that was not foreseen")
                    self._lose(f"a fault in Callwright: {type(error).__name__}")
                await asyncio.sleep(self._backoff.next())
        finally:
            for errand in self._errands:
                errand.cancel()
            await asyncio.gather(*self._errands, return_exceptions=True)

    async def _be_connected(self) -> None:
        """One connection, from its making to its end, which is always an error."""
        self._heard = asyncio.Queue()
        manager = FencedManager(self._address.host, self._address.port, self._heard.put_nowait, self._not_understood)
        try:
            version = await manager.open()
            await log_in(manager, self._address)
            self._manager = manager
            self._backoff.reset()
            self._counters.count("ami_connections")
            self._absence.ends(version=version)
            await until_one_fails(
                manager.lost(), self._listen(manager), self._ping(manager), self._ask_for_phones(manager)
            )
        finally:
            self._manager = None
            manager.close()

    def _lose(self, reason: str) -> None:
        self._counters.count("ami_lost")
        if self._absence.goes_on(reason):
            if self._recorder:
                self._recorder.ami_lost()
            self._tell(self._phones.no_longer_seen())

    async def _listen(self, manager: FencedManager) -> None:
        while True:
            packet = await self._heard.get()
            if self._recorder:
                self._recorder.ami(packet)
            message = decode_packet(packet)
            match message:
                case NotUnderstood():
                    self._not_understood(message)
                case Irrelevant():
                    self._counters.count("ami_events", type="other")
                case FullyBooted():  # if Asterisk was still starting, the first list was not complete
                    self._counters.count("ami_events", type="FullyBooted")
                    manager.protocol.send(ask_for_phones())
                case _:
                    self._counters.count("ami_events", type=type(message).__name__)
                    self._tell(self._phones.receive(message))

    def _tell(self, events: Iterable[AnyPbxEvent]) -> None:
        for event in events:
            try:
                self._deliver(event)
            except Exception:  # noqa: BLE001 -- a fault of the receiver must not cost us the link
                self._log.exception("event not taken", kind=type(event).__name__)
                self._counters.count("pbx_events_not_taken")

    def _not_understood(self, message: NotUnderstood) -> None:
        self._counters.count("ami_not_understood", reason=message.reason)
        self._log.warning("packet not understood", reason=message.reason, excerpt=message.excerpt)

    async def _ask_for_phones(self, manager: FencedManager) -> None:
        while True:
            manager.protocol.send(ask_for_phones())  # the list comes as events
            await asyncio.sleep(self._timing.list_phones)

    async def _ping(self, manager: FencedManager) -> None:
        while True:
            await asyncio.sleep(self._timing.ping)
            asked_at = asyncio.get_running_loop().time()
            try:
                await manager.act(ping(), self._timing.deadline)
            except NoAnswer:  # it may stand behind thousands of events
                if not manager.has_spoken_since(asked_at):
                    raise

    async def _pick_up(self, command: PickUp) -> None:
        manager = self._manager
        if manager is None:
            self._fail(command, "AMI is not connected")
            return
        try:
            answer = await manager.act(pick_up(command))
        except (PbxError, UnsafeHeader) as error:
            self._fail(command, str(error))
            return
        if not answer.success:
            self._fail(command, answer.message)

    def _fail(self, command: PickUp, reason: str) -> None:
        self._counters.count("ami_commands_failed", type="PickUp")
        self._log.info("command failed", type="PickUp", command=command.id, leg=command.leg, reason=reason)
        self._deliver(CommandFailed(command, reason))


async def log_in(manager: FencedManager, address: AmiAddress) -> None:
    """Say who we are on an open connection. Raises `PbxError`."""
    try:
        answer = await manager.act(login(address.user, address.secret))
    except UnsafeHeader as error:
        raise PbxMisconfigured(f"AMI's user or secret cannot be right: {error}") from error
    if answer.success:
        return
    if "Authentication" in answer.message:
        raise WrongPassword(f"the AMI at {address.host}:{address.port} does not accept this user and secret")
    raise Refused(0, answer.message)
