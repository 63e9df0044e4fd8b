"""Where the time goes between a hang-up and the next ring: the same calls, with the centre recording its PBX.

BYE at the phone -> Asterisk's event is here -> we have decided and ask for the ring -> Asterisk has taken that
                                                                                     -> INVITE at the phone
"""

from pathlib import Path

from bench.figures import Figure, figure
from bench.telephones import Rung
from cti.asterisk.ari_events import ChannelHangupRequest, decode_event
from cti.commands import Ring
from cti.edge.trace import AcceptedEntry, AriEntry, AskedEntry, read


class Stages:
    """What the phones saw, and what the trace has of it. `anchor`: the trace's clock less `time.monotonic()`."""

    def __init__(self, anchor: float) -> None:
        self._anchor = anchor
        self.rung: list[Rung] = []
        self._heard: list[float] = []
        self._decided: list[float] = []
        self._taken: list[float] = []
        self._invited: list[float] = []

    def read(self, trace: Path) -> None:
        """Find each call's messages in the trace."""
        _, entries = read(trace)
        hang_ups = [one.at for one in entries if isinstance(one, AriEntry) and _is_hang_up(bytes(one.event))]
        asked = [(one.at, one.command.id) for one in entries if isinstance(one, AskedEntry) and _is_ring(one)]
        taken = {one.command.id: one.at for one in entries if isinstance(one, AcceptedEntry)}
        for rung in self.rung:
            since = rung.since + self._anchor
            heard = next(at for at in hang_ups if at > since)
            decided, command = next((at, command) for at, command in asked if at > since)
            self._heard.append((heard - since) * 1000)
            self._decided.append((decided - heard) * 1000)
            self._taken.append((taken[command] - decided) * 1000)
            self._invited.append((rung.at + self._anchor - decided) * 1000)

    def rows(self, where: str = "") -> list[Figure]:
        """One for each part of the way. `where` begins their names."""
        return [
            figure(f"{where}while recording: BYE to our having the event", self._heard, "ms"),
            figure(f"{where}while recording: event to the command `Ring`", self._decided, "ms"),
            figure(f"{where}while recording: `Ring` to Asterisk's 200 OK", self._taken, "ms"),
            figure(f"{where}while recording: `Ring` to the INVITE", self._invited, "ms"),
        ]


def _is_hang_up(frame: bytes) -> bool:
    return isinstance(decode_event(frame), ChannelHangupRequest)


def _is_ring(entry: AskedEntry) -> bool:
    return isinstance(entry.command, Ring)
