"""The link to one Asterisk over ARI: its event stream in, our commands out, and the truth after each interruption.

While connected, one task reads the stream and awaits nothing else (Asterisk drops a reader that is slow for 100 ms):
each frame is decoded, given to the tracker, and what that makes of it delivered, all at once. Commands run in lanes
beside it.

After connecting, events are kept back until a snapshot was taken and told as `PbxSynchronized`; then they are
delivered in order. Every 30 s a sweep compares the tracker with a snapshot again; what it finds is delivered as
events, and counted, because each repair is a fault somewhere.

A command that was given before the connection was lost is not carried out after it is back: what was right then may
be wrong now. It fails, and the brain decides anew.

Another process that connects takes the PBX from us; from that moment on we tell the PBX nothing more, and only look
now and then whether it has been left alone (see `driving`).
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from random import Random

import aiohttp
import msgspec
import structlog

from cti.asterisk.ari_events import EVENT_TYPES, AnyAriEvent, ApplicationReplaced, decode_event
from cti.asterisk.ari_objects import ApplicationInfo, Bridge, Channel, Snapshot
from cti.asterisk.ari_requests import AriRequest, destroy_bridge
from cti.asterisk.understanding import Irrelevant, NotUnderstood
from cti.commands import AnyCommand
from cti.edge.absence import Absence
from cti.edge.ari_commands import AriCommands
from cti.edge.ari_rest import AriAddress, AriRest
from cti.edge.backoff import Backoff
from cti.edge.counters import Counters
from cti.edge.driving import Driving, SignTiming
from cti.edge.errors import ConnectionBroken, PbxDown, PbxError, PbxMisconfigured, Refused
from cti.edge.together import until_one_fails
from cti.edge.trace import Recorder
from cti.edge.voice import Voice
from cti.events import AnyPbxEvent, PbxLost, PbxTaken
from cti.model import NodeName
from cti.tracker import Tracker

AT_ONCE = 0.005
"""Seconds of work on events after which everybody else has his turn. A PBX has much to tell when much happens."""

MOST_KEPT_BACK = 100_000
"""Events; beyond that a new snapshot is the better way to know what is so."""

_log = structlog.get_logger()


class Timing(msgspec.Struct, frozen=True):
    """How often to look, in seconds."""

    heartbeat: float = 4.0
    """Silence after which we ping; half as much more without an answer, and the PBX counts as lost (6 s in all)."""
    sweep: float = 30.0
    """From one sweep to the next."""
    signs: SignTiming = SignTiming()
    """Of who drives the PBX."""


class _Taken(PbxError):
    """Another process drives the PBX now."""


class AriLink:
    """One Asterisk. `deliver` gets every event, on the event loop, and must not block.

    `send` may be called at any time; `run` connects and stays connected until it is cancelled, or until it finds that a
    setting is wrong (then it raises `PbxMisconfigured`). While another process drives the PBX (`PbxTaken`) it waits
    until none does.
    """

    def __init__(
        self,
        node: NodeName,
        address: AriAddress,
        deliver: Callable[[AnyPbxEvent], None],
        voice: Voice,
        counters: Counters,
        *,
        recorder: Recorder | None = None,
        random: Random | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._timing = timing or Timing()
        self._node = node
        self._address = address
        self._give = deliver
        self._counters = counters
        self._recorder = recorder
        self._log = _log.bind(node=node)
        random = random or Random(time.time())  # noqa: S311 -- spreads reconnects, guards nothing
        self._backoff = Backoff(random)
        self._rest = AriRest(address)
        self._driving = Driving(self._rest, address.app, random, self._timing.signs)
        self._absence = Absence("ARI", node)
        self._tracker = Tracker(node, address.app)
        self._commands = AriCommands(
            self._tracker, self._rest, voice, self._tell_outcome, counters, address.app, recorder
        )
        self._kept_back: deque[tuple[str, AnyAriEvent]] = deque()
        self._in_step = False
        """Whether events are delivered as they come, and not kept back."""

    @property
    def connected(self) -> bool:
        """Whether we see what happens on the PBX, and may tell it what to do."""
        return self._commands.open

    @property
    def trouble(self) -> str:
        """Why the PBX does not do what it is asked, though the event stream may live; empty if it does."""
        return self._rest.trouble

    @property
    def rest(self) -> AriRest:
        """For requests that steer no call; of use while `connected`."""
        return self._rest

    def send(self, command: AnyCommand) -> None:
        """Have a command carried out, after those given before for the same legs. If that fails, `CommandFailed`
        tells."""
        self._commands.send(command)

    async def run(self) -> None:
        """Connect, stay connected, deliver events."""
        async with self._rest:
            try:
                await self._stay_connected()
            finally:
                await self._commands.shut_down()

    async def _stay_connected(self) -> None:
        while True:
            try:
                await self._be_connected()
            except (PbxDown, Refused) as error:
                self._lose(str(error))
            except PbxMisconfigured as error:
                self._lose(str(error))
                raise
            except _Taken:
                self._absence.goes_on("another process drives this PBX")
                self._counters.count("ari_taken")
                await self._driving.until_nobody_does()
                self._log.warning("nobody drives this PBX any more, so we do")
                continue
            except Exception as error:  # noqa: BLE001 -- the last line of defence of this link
                # Whatever went wrong on our side: the brain must know that we do not see the PBX, and we try again.
                self._log.exception("the link failed in a way that was not foreseen")
                self._lose(f"a fault in Callwright: {type(error).__name__}")
            await asyncio.sleep(self._backoff.next())

    async def _be_connected(self) -> None:
        """One connection, from its making to its end, which is always an error."""
        version = await self._rest.version()
        if await self._driving.has_another():
            self._tell([PbxTaken(self._node)])
            raise _Taken
        self._rest.fenced = False
        socket = await self._rest.events(self._address.app, self._timing.heartbeat)
        self._kept_back.clear()
        self._in_step = False
        try:
            await until_one_fails(self._read(socket), self._driving.leave_signs(), self._keep_in_step(version))
        finally:
            self._commands.close()
            await socket.close()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        turn = _Turn()
        async for message in socket:
            turn.goes_on()
            if message.type is aiohttp.WSMsgType.TEXT:
                self._receive(message.data)
            else:
                self._counters.count("ari_not_understood", reason="not text")
            await turn.ends_in_time()
        raise ConnectionBroken(
            "the event stream broke" if socket.exception() is None else "the PBX gives no sign of life"
        )

    def _receive(self, frame: str) -> None:
        event = decode_event(frame)
        match event:
            case NotUnderstood(reason=reason, excerpt=excerpt):
                self._counters.count("ari_not_understood", reason=reason)
                self._log.warning("event not understood", reason=reason, excerpt=excerpt)
            case Irrelevant():
                self._counters.count("ari_events", type="other")
            case ApplicationReplaced():
                self._apply(frame, event)
                raise _Taken
            case _ if self._in_step:
                self._apply(frame, event)
            case _ if len(self._kept_back) < MOST_KEPT_BACK:
                self._kept_back.append((frame, event))
            case _:
                raise ConnectionBroken("the PBX says more than we can take in")

    def _apply(self, frame: str, event: AnyAriEvent) -> None:
        self._counters.count("ari_events", type=type(event).__name__)
        if self._recorder:
            self._recorder.ari(frame)
        self._tell(self._tracker.receive(event))
        self._tidy_up()

    def _tidy_up(self) -> None:
        for bridge in self._tracker.take_empty_bridges():
            self._commands.have_done(bridge, destroy_bridge(bridge))

    # --- being in step with the PBX ---

    async def _keep_in_step(self, version: str) -> None:
        await self._rest.perform(_only_our_events(self._address.app))
        snapshot = await self._subscribed_snapshot()
        if self._recorder:
            self._recorder.reconciled(snapshot)
        synchronized = self._tracker.reconcile(snapshot)
        self._commands.open_again()
        self._backoff.reset()
        self._counters.count("ari_connections")
        self._absence.ends(version=version, legs=len(synchronized.legs), late_events=len(self._kept_back))
        self._tell([synchronized])
        turn = _Turn()
        while self._kept_back:  # those that come meanwhile are kept back, too
            turn.goes_on()
            self._apply(*self._kept_back.popleft())
            await turn.ends_in_time()
        self._in_step = True
        self._tidy_up()
        while True:
            await asyncio.sleep(self._timing.sweep)
            await self.sweep()

    async def sweep(self) -> None:
        """Compare what we believe with what is so, and mend the difference. Done by itself every 30 s."""
        self._tracker.begin_sweep()
        if self._recorder:
            self._recorder.sweep()
        try:
            snapshot = await self._subscribed_snapshot()
        except PbxError as error:  # the event stream still works; if it does not, the heartbeat will find out
            self._log.warning("sweep failed", error=str(error))
            self._counters.count("ari_sweeps_failed")
            return
        await asyncio.sleep(0)  # what was done up to here has taken a while, with thousands of channels
        if self._recorder:
            self._recorder.repaired(snapshot)
        for event in self._tracker.repair(snapshot):
            kind = type(event).__name__
            self._log.warning("an event had been lost", kind=kind)
            self._counters.count("ari_repairs", kind=kind)
            self._tell([event])
        self._tidy_up()

    async def _subscribed_snapshot(self) -> Snapshot:
        """All channels and bridges, once we are certain to hear of ours what happens afterwards."""
        snapshot = await self._snapshot()
        unheard = await self._unheard(snapshot)
        if not unheard:
            return snapshot
        try:
            await self._rest.perform(_subscribe(self._address.app, unheard))
        except Refused:
            # One of them has ended since the snapshot, and the request is all or nothing: those that live, one by one.
            for source in unheard:
                with contextlib.suppress(Refused):
                    await self._rest.perform(_subscribe(self._address.app, [source]))
        return await self._snapshot()

    async def _snapshot(self) -> Snapshot:
        channels = await self._rest.ask("/channels", tuple[Channel, ...])
        return Snapshot(channels, await self._rest.ask("/bridges", tuple[Bridge, ...]))

    async def _unheard(self, snapshot: Snapshot) -> Sequence[str]:
        """Our channels, as sources of events, that the application is not subscribed to."""
        information = await self._rest.ask(f"/applications/{self._address.app}", ApplicationInfo)
        return [f"channel:{channel}" for channel in self._tracker.unheard(snapshot, information.channel_ids)]

    # --- telling the brain ---

    def _lose(self, reason: str) -> None:
        self._counters.count("ari_lost")
        if not self._absence.goes_on(reason):
            return
        if self._recorder:
            self._recorder.lost(reason)
        self._tell([PbxLost(self._node, reason)])

    def _tell_outcome(self, events: Iterable[AnyPbxEvent]) -> None:
        """What a command led to; a bridge that did not come about has to be tidied up, too."""
        self._tell(events)
        self._tidy_up()

    def _tell(self, events: Iterable[AnyPbxEvent]) -> None:
        for event in events:
            if isinstance(event, PbxTaken):
                self._commands.close()
                self._rest.fenced = True
            try:
                self._give(event)
            except Exception:  # noqa: BLE001 -- a fault of the receiver must not cost us the link, and with it all calls
                self._log.exception("event not taken", kind=type(event).__name__)
                self._counters.count("pbx_events_not_taken")


class _Turn:
    """Work on one event after the other, which ends before all others have waited for long."""

    def __init__(self) -> None:
        self._spent = self._began = 0.0

    def goes_on(self) -> None:
        """The next event is there."""
        self._began = time.perf_counter()

    async def ends_in_time(self) -> None:
        """It is done: is it the others' turn?"""
        self._spent += time.perf_counter() - self._began
        if self._spent > AT_ONCE:
            self._spent = 0.0
            await asyncio.sleep(0)


def _only_our_events(app: str) -> AriRequest:
    """Spare us the events that we would throw away (two thirds of them)."""
    allowed = [{"type": kind} for kind in EVENT_TYPES]
    return AriRequest("PUT", f"/applications/{app}/eventFilter", body={"allowed": allowed})


def _subscribe(app: str, sources: Sequence[str]) -> AriRequest:
    return AriRequest("POST", f"/applications/{app}/subscription", body={"eventSource": list(sources)})
