"""Carrying out commands over ARI: in order for each leg, one at a time, with its failure told."""

from collections.abc import Callable, Sequence

import structlog

from cti.asterisk.ari_requests import AriRequest, UnsafeValue, bridge_of, requests_for
from cti.commands import AnyCommand, Bridge, HangUp, Play, Ring
from cti.edge.ari_rest import TOO_BUSY, AriRest
from cti.edge.counters import Counters
from cti.edge.errors import PbxError, Refused, VoiceFailed
from cti.edge.lanes import Lanes
from cti.edge.trace import Recorder
from cti.edge.voice import Voice
from cti.events import AnyPbxEvent
from cti.tracker import Tracker

_log = structlog.get_logger()


class _Late(PbxError):
    """What was to be done belongs to a connection that is lost."""


class AriCommands:
    """The outgoing half of a link."""

    def __init__(
        self,
        tracker: Tracker,
        rest: AriRest,
        voice: Voice,
        tell: Callable[[Sequence[AnyPbxEvent]], None],
        counters: Counters,
        app: str,
        recorder: Recorder | None,
    ) -> None:
        self._tracker = tracker
        self._rest = rest
        self._voice = voice
        self._tell = tell
        self._counters = counters
        self._app = app
        self._recorder = recorder
        self._lanes = Lanes()
        self._connection = 0
        self.open = False
        """Whether commands are carried out; else they fail at once."""

    def open_again(self) -> None:
        """A connection was made."""
        self._connection += 1
        self.open = True

    def close(self) -> None:
        """The connection was lost; commands that still wait will fail, each in its turn."""
        self.open = False

    async def shut_down(self) -> None:
        """Drop everything at once."""
        self.open = False
        await self._lanes.close()

    def send(self, command: AnyCommand) -> None:
        """Have a command carried out when it is its turn."""
        self._counters.count("ari_commands", type=type(command).__name__)
        self._tracker.asked(command)
        if self._recorder:
            self._recorder.asked(command)
        if not self.open:
            self._fail(command, "not connected", trouble=True)
            return
        connection = self._connection
        self._lanes.put(_lanes_of(command), lambda: self._carry_out(command, connection))

    def have_done(self, lane: str, request: AriRequest) -> None:
        """Have a request made that is our own housekeeping; nobody is told if it fails."""
        if self.open:
            self._lanes.put((lane,), lambda: self._keep_house(request))

    async def _carry_out(self, command: AnyCommand, connection: int) -> None:
        try:
            self._must_be_open(connection)
            media = await self._media(command)
            for request in requests_for(command, self._app, media):
                self._must_be_open(connection)
                await self._rest.perform(request)
        except (UnsafeValue, VoiceFailed) as error:
            self._fail(command, str(error))
        except Refused as error:
            self._fail(command, str(error), trouble=error.status in TOO_BUSY)
        except _Late as error:
            self._fail(command, str(error), trouble=True)
        except PbxError as error:
            self._fail(command, str(error), trouble=True)
            await self._take_back(command)
        except Exception as error:  # noqa: BLE001 -- the voice is not ours; whatever is wrong, the brain must hear of it
            _log.exception("command failed in a way that was not foreseen", command=command.id)
            self._fail(command, f"a fault in Callwright: {type(error).__name__}")
        else:
            if self._recorder:
                self._recorder.accepted(command)
            self._tell(self._tracker.accepted(command))

    def _must_be_open(self, connection: int) -> None:
        if not self.open or connection != self._connection:
            raise _Late("the connection was lost before it was done")

    async def _media(self, command: AnyCommand) -> tuple[str, ...]:
        if not isinstance(command, Play):
            return ()
        return tuple([await self._voice.media(sound) for sound in command.sounds])

    async def _take_back(self, command: AnyCommand) -> None:
        """It may have been done without our knowing. A phone must not ring, nor be answered, for nobody."""
        if isinstance(command, Ring):
            for request in requests_for(HangUp(command.id, command.leg), self._app):
                await self._keep_house(request)

    async def _keep_house(self, request: AriRequest) -> None:
        try:
            await self._rest.perform(request)
        except PbxError as error:
            _log.warning("housekeeping failed", method=request.method, error=str(error))
            self._counters.count("ari_housekeeping_failed")

    def _fail(self, command: AnyCommand, reason: str, *, trouble: bool = False) -> None:
        kind = type(command).__name__
        _log.info("command failed", type=kind, command=command.id, leg=command.leg, reason=reason)
        self._counters.count("ari_commands_failed", type=kind)
        if self._recorder:
            self._recorder.refused(command, reason, trouble=trouble)
        self._tell(self._tracker.refused(command, reason, trouble=trouble))


def _lanes_of(command: AnyCommand) -> tuple[str, ...]:
    """Everything that a command works on."""
    if isinstance(command, Bridge):
        return (command.leg, *command.others, bridge_of(command.call))
    return (command.leg,)
