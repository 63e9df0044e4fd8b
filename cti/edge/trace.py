"""Recorded sessions with a PBX: what it said, what we asked, when; and the same session told again without a PBX.

One JSON object a line, the first one a header. A bug report is such a file, and a test is one beside the events that
it must give. A file whose last line is torn (the process was killed) is good up to there. It holds telephone numbers:
treat it as you treat the calls themselves. Passwords are not in it; nor are the keys that callers press, if they may be
PINs.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Self

import msgspec
import structlog

from cti.asterisk.ami_messages import decode_packet
from cti.asterisk.ami_packets import Headers, Packet
from cti.asterisk.ari_events import decode_event
from cti.asterisk.ari_objects import Snapshot
from cti.asterisk.understanding import Irrelevant, NotUnderstood
from cti.commands import AnyCommand
from cti.events import AnyPbxEvent, PbxLost
from cti.model import NodeName
from cti.phones import Phones
from cti.tracker import Tracker

VERSION = 1
HIDDEN_KEY = "?"
"""Instead of a key that may be of a PIN; no telephone has it."""

_log = structlog.get_logger()


class BadTrace(Exception):
    """The file is not a trace, or of a version that we do not know, or damaged before its last line."""


class Header(msgspec.Struct, frozen=True, tag="header", tag_field="kind"):
    """The first line."""

    version: int
    node: NodeName
    app: str


class _Entry(msgspec.Struct, frozen=True, tag_field="kind"):
    at: float
    """Seconds since the Unix epoch, UTC."""


class AriEntry(_Entry, frozen=True, tag="ari"):
    """A frame of ARI's event stream."""

    event: msgspec.Raw


class OddAriEntry(_Entry, frozen=True, tag="odd_ari"):
    """A frame that is not JSON in one line."""

    frame: str


class AmiEntry(_Entry, frozen=True, tag="ami"):
    """A packet of AMI."""

    headers: Headers


class AmiLostEntry(_Entry, frozen=True, tag="ami_lost"):
    """AMI's connection was lost."""


class AskedEntry(_Entry, frozen=True, tag="asked"):
    """A command that we took on."""

    command: AnyCommand


class AcceptedEntry(_Entry, frozen=True, tag="accepted"):
    """A command that the PBX has carried out."""

    command: AnyCommand


class RefusedEntry(_Entry, frozen=True, tag="refused"):
    """A command that failed."""

    command: AnyCommand
    reason: str
    trouble: bool = False


class ReconciledEntry(_Entry, frozen=True, tag="reconciled"):
    """The state of things after a connection was made."""

    snapshot: Snapshot


class SweepEntry(_Entry, frozen=True, tag="sweep"):
    """A look at the state of things begins."""


class RepairedEntry(_Entry, frozen=True, tag="repaired"):
    """The state of things, seen in a sweep."""

    snapshot: Snapshot


class LostEntry(_Entry, frozen=True, tag="lost"):
    """The connection was lost."""

    reason: str


AnyEntry = (
    AriEntry
    | OddAriEntry
    | AmiEntry
    | AmiLostEntry
    | AskedEntry
    | AcceptedEntry
    | RefusedEntry
    | ReconciledEntry
    | SweepEntry
    | RepairedEntry
    | LostEntry
)


class Recorder:
    """Writes a trace; to be used with `with`.

    `hides_keys`: whether a key that is pressed now may be of something that nobody may see. Nobody can tell of a single
    one, because people type ahead.
    """

    def __init__(
        self,
        path: Path,
        node: NodeName,
        app: str,
        clock: Callable[[], float],
        hides_keys: Callable[[], bool] = lambda: False,
    ) -> None:
        # For its owner only: there are telephone numbers in it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        self._file: BinaryIO = os.fdopen(descriptor, "wb", buffering=0)
        self._encoder = msgspec.json.Encoder()
        self._clock = clock
        self._hides_keys = hides_keys
        self._write(Header(VERSION, node, app))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write no more."""
        self._file.close()

    def ari(self, frame: str) -> None:
        """A frame of ARI's event stream, as it came."""
        if '"digit"' in frame and self._hides_keys():
            frame = _without_key(frame)
        try:
            msgspec.json.decode(frame, type=msgspec.Raw)
        except (msgspec.MsgspecError, ValueError):
            self._write(OddAriEntry(self._clock(), frame.encode("utf-8", "replace").decode()))
        else:
            one_line = frame.replace("\r", " ").replace("\n", " ")  # JSON has line ends between its tokens only
            self._write(AriEntry(self._clock(), msgspec.Raw(one_line.encode())))

    def ami(self, packet: Packet) -> None:
        """A packet of AMI."""
        self._write(AmiEntry(self._clock(), packet.headers))

    def ami_lost(self) -> None:
        """AMI's connection was lost."""
        self._write(AmiLostEntry(self._clock()))

    def asked(self, command: AnyCommand) -> None:
        """A command that we took on."""
        self._write(AskedEntry(self._clock(), command))

    def accepted(self, command: AnyCommand) -> None:
        """A command that the PBX has carried out."""
        self._write(AcceptedEntry(self._clock(), command))

    def refused(self, command: AnyCommand, reason: str, *, trouble: bool = False) -> None:
        """A command that failed."""
        self._write(RefusedEntry(self._clock(), command, reason, trouble))

    def reconciled(self, snapshot: Snapshot) -> None:
        """The state of things after a connection was made."""
        self._write(ReconciledEntry(self._clock(), snapshot))

    def sweep(self) -> None:
        """A look at the state of things begins."""
        self._write(SweepEntry(self._clock()))

    def repaired(self, snapshot: Snapshot) -> None:
        """The state of things, seen in a sweep."""
        self._write(RepairedEntry(self._clock(), snapshot))

    def lost(self, reason: str) -> None:
        """The connection was lost."""
        self._write(LostEntry(self._clock(), reason))

    def _write(self, entry: AnyEntry | Header) -> None:
        if self._file.closed:
            return
        try:
            self._file.write(self._encoder.encode(entry) + b"\n")
        except OSError as error:  # a full disk ends the recording, not the calls
            _log.error("recording ended", reason=str(error))
            with contextlib.suppress(OSError):
                self._file.close()


def _without_key(frame: str) -> str:
    try:
        event = msgspec.json.decode(frame, type=dict[str, object])
    except (msgspec.MsgspecError, ValueError):
        return ""
    return msgspec.json.encode({**event, "digit": HIDDEN_KEY}).decode()


def read(path: Path) -> tuple[Header, list[AnyEntry]]:
    """A whole trace. Raises `BadTrace`, and `OSError`."""
    first, *lines = path.read_bytes().split(b"\n")
    try:
        header = msgspec.json.decode(first, type=Header)
    except msgspec.MsgspecError as error:
        raise BadTrace(f"{path} does not begin as a trace does: {error}") from error
    if header.version != VERSION:
        raise BadTrace(f"{path} is a trace of version {header.version}; this Callwright reads version {VERSION}")
    torn = lines.pop() if lines else b""  # empty if the last line has its end
    decoder: msgspec.json.Decoder[AnyEntry] = msgspec.json.Decoder(AnyEntry)
    entries: list[AnyEntry] = []
    for number, line in enumerate(lines, start=2):
        try:
            entries.append(decoder.decode(line))
        except msgspec.MsgspecError as error:
            raise BadTrace(f"{path}, line {number}: {error}") from error
    try:
        entries += [decoder.decode(torn)] if torn else []
    except msgspec.MsgspecError:
        pass  # the process ended while it wrote this line
    return header, entries


def replay(path: Path) -> Iterator[tuple[float, AnyPbxEvent]]:
    """What a recorded session meant, with the times at which it was told. Raises `BadTrace`, and `OSError`."""
    header, entries = read(path)
    teller = _Teller(header)
    for entry in entries:
        for event in teller.tell(entry):
            yield entry.at, event


class _Teller:
    """The pure part of both links, fed from a trace."""

    def __init__(self, header: Header) -> None:
        self._node = header.node
        self._tracker = Tracker(header.node, header.app)
        self._phones = Phones(header.node)

    def tell(self, entry: AnyEntry) -> list[AnyPbxEvent]:
        match entry:
            case AriEntry(event=raw):
                return self._tell_ari(bytes(raw))
            case OddAriEntry(frame=frame):
                return self._tell_ari(frame)
            case AmiEntry(headers=headers):
                message = decode_packet(Packet(headers))
                understood = None if isinstance(message, Irrelevant | NotUnderstood) else message
                return [*self._phones.receive(understood)] if understood else []
            case AmiLostEntry():
                return [*self._phones.no_longer_seen()]
            case _:
                return self._tell_ours(entry)

    def _tell_ari(self, frame: bytes | str) -> list[AnyPbxEvent]:
        event = decode_event(frame)
        return [] if isinstance(event, Irrelevant | NotUnderstood) else [*self._tracker.receive(event)]

    def _tell_ours(
        self,
        entry: AskedEntry | AcceptedEntry | RefusedEntry | ReconciledEntry | SweepEntry | RepairedEntry | LostEntry,
    ) -> list[AnyPbxEvent]:
        told: list[AnyPbxEvent] = []
        match entry:
            case AskedEntry(command=command):
                self._tracker.asked(command)
            case AcceptedEntry(command=command):
                told += self._tracker.accepted(command)
            case RefusedEntry(command=command, reason=reason, trouble=trouble):
                told += self._tracker.refused(command, reason, trouble=trouble)
            case ReconciledEntry(snapshot=snapshot):
                told.append(self._tracker.reconcile(snapshot))
            case SweepEntry():
                self._tracker.begin_sweep()
            case RepairedEntry(snapshot=snapshot):
                told += self._tracker.repair(snapshot)
            case LostEntry(reason=reason):
                told.append(PbxLost(self._node, reason))
        return told
