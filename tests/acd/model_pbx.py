"""A model of a PBX for random histories: it carries commands out late, not at all, or without telling that it has."""

from collections.abc import Sequence

from cti.commands import AnyCommand, Bridge, HangUp, LeaveBridge, Play, Remember, ReturnToDialplan, Ring
from cti.events import (
    AnyPbxEvent,
    CallArrived,
    CommandFailed,
    LegAnswered,
    LegEnded,
    LegReturned,
    LegsBridged,
    LegSeen,
    PbxSynchronized,
    PlaybackEnded,
)
from cti.model import HangupCause, LegId
from tests.acd.company import NODE


class Leg:
    """One channel."""

    def __init__(self, arrival: CallArrived | None, memory: str = "") -> None:
        self.arrival = arrival
        self.memory = memory
        self.answered = arrival is not None
        self.with_whom: set[LegId] = set()


class ModelPbx:
    """What really is. Every method gives the events that somebody who is connected hears of it."""

    def __init__(self) -> None:
        self.legs: dict[LegId, Leg] = {}
        self.todo: list[AnyCommand] = []
        """Given, and not carried out yet."""
        self.prompts: list[Play] = []
        self.outside: list[Leg] = []
        """Whom the dialplan has put through."""

    @property
    def ringing(self) -> list[LegId]:
        """Phones that have not been answered."""
        return sorted(name for name, leg in self.legs.items() if not leg.answered)

    def arrive(self, arrival: CallArrived) -> None:
        """Somebody calls."""
        self.legs[arrival.leg] = Leg(arrival)

    def pick_up(self, leg: LegId) -> Sequence[AnyPbxEvent]:
        """A phone that rings is answered."""
        self.legs[leg].answered = True
        return (LegAnswered(leg),)

    def end(self, leg: LegId, cause: HangupCause) -> Sequence[AnyPbxEvent]:
        """Somebody hangs up."""
        for other in self.legs.pop(leg).with_whom:
            self.legs[other].with_whom.discard(leg)
        return (LegEnded(leg, cause),)

    def prompt_ends(self, which: int, *, failed: bool) -> Sequence[AnyPbxEvent]:
        """A prompt has been heard; the end of one whose leg is gone is not told."""
        play = self.prompts.pop(which)
        return (PlaybackEnded(play.leg, play.playback, failed),) if play.leg in self.legs else ()

    def may_be_next(self) -> list[AnyCommand]:
        """Commands are carried out in order for each leg, but side by side."""
        legs_before: set[LegId] = set()
        found: list[AnyCommand] = []
        for command in self.todo:
            legs = {command.leg, *(command.others if isinstance(command, Bridge) else ())}
            if not legs & legs_before:
                found.append(command)
            legs_before |= legs
        return found

    def carry_out(self, which: int = 0) -> Sequence[AnyPbxEvent]:
        """One of the next commands."""
        possible = self.may_be_next()
        command = possible[which % len(possible)]
        self.todo.remove(command)
        if isinstance(command, Ring):
            assert command.leg not in self.legs
            self.legs[command.leg] = Leg(None, command.memory)
            return ()
        if isinstance(command, HangUp):
            return self.end(command.leg, command.cause) if command.leg in self.legs else ()
        if isinstance(command, Bridge):
            return self._bridge(command)
        if command.leg not in self.legs:
            return (CommandFailed(command, "404"),)
        if isinstance(command, ReturnToDialplan):
            self.outside.append(self.legs.pop(command.leg))
            return (LegReturned(command.leg),)
        if isinstance(command, Play):
            self.prompts.append(command)
        elif isinstance(command, LeaveBridge):
            for other in self.legs[command.leg].with_whom:
                self.legs[other].with_whom.discard(command.leg)
            self.legs[command.leg].with_whom = set()
        elif isinstance(command, Remember):
            self.legs[command.leg].memory = command.memory
        return ()

    def _bridge(self, command: Bridge) -> Sequence[AnyPbxEvent]:
        legs = (command.leg, *command.others)
        if not set(legs) <= self.legs.keys():
            return (CommandFailed(command, "404"),)
        for leg in legs:
            self.legs[leg].with_whom = set(legs) - {leg}
        return (LegsBridged(command.call, legs),)

    def give_up(self) -> Sequence[AnyPbxEvent]:
        """The connection is lost: what is not done yet will not be done."""
        failed = tuple(CommandFailed(command, "not connected") for command in self.todo)
        self.todo.clear()
        return failed

    def seen(self) -> PbxSynchronized:
        """What somebody finds who connects now."""
        return PbxSynchronized(
            NODE,
            tuple(
                LegSeen(name, leg.answered, tuple(sorted(leg.with_whom)), leg.memory, leg.arrival)
                for name, leg in self.legs.items()
            ),
        )
