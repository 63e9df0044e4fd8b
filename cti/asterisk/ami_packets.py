"""AMI on the wire: lines of `Name: value`, an empty line after each packet.

Real Asterisks are not strict about it: `\\n` stands for `\\r\\n` now and then, packets end in `\\r\\n\\n`
(asterisk#761), a letter of a name is cut in two by TCP. So bytes are gathered to whole lines before they are decoded,
and any empty line ends a packet. Outgoing packets pass one serializer, which refuses what would become a second
header or a second action.
"""

from collections.abc import Iterator, Mapping

import msgspec

from cti.asterisk.understanding import NotUnderstood, not_understood

Headers = tuple[tuple[str, str], ...]

_LONGEST_LINE = 65_536
_MOST_HEADERS = 1_024
_BANNER = b"Asterisk Call Manager/"
_MOST_SENT_HEADERS = 128
_LONGEST_SENT_LINE = 1_024
"""The limits that Asterisk itself sets to an action (`AST_MAX_MANHEADERS`, the line buffer of its session)."""


class UnsafeHeader(ValueError):
    """A header that must not reach the PBX. The message names the header, never its value."""


class Packet(msgspec.Struct, frozen=True):
    """One event or response, its headers in the order in which they came; a name may come more than once."""

    headers: Headers

    def get(self, name: str, default: str = "") -> str:
        """The first value of a header; case does not matter."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), default)

    def __contains__(self, name: str) -> bool:
        wanted = name.lower()
        return any(key.lower() == wanted for key, _ in self.headers)


class Banner(msgspec.Struct, frozen=True):
    """What an AMI server says first; proof that it is one."""

    version: str


class PacketReader:
    """Makes packets of bytes that come in pieces."""

    def __init__(self) -> None:
        self._rest = b""
        self._headers: list[tuple[str, str]] = []
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[Packet | Banner | NotUnderstood]:
        """What these bytes complete. Never raises, whatever the bytes are."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if self._skipping:  # the end of a line that was given up below
                self._skipping = False
                continue
            yield from self._line(line.rstrip(b"\r"))
        if len(self._rest) > _LONGEST_LINE:
            yield not_understood("line without end", self._rest)
            self._rest = b""
            self._skipping = True

    def _line(self, line: bytes) -> Iterator[Packet | Banner | NotUnderstood]:
        if not line:
            if self._headers:
                yield Packet(tuple(self._headers))
                self._headers = []
        elif line.startswith(_BANNER):
            yield Banner(line[len(_BANNER) :].decode("utf-8", "replace").strip())
        elif b":" not in line:
            yield not_understood("line without a colon", line)
        else:
            yield from self._header(line)

    def _header(self, line: bytes) -> Iterator[NotUnderstood]:
        name, _, value = line.decode("utf-8", "replace").partition(":")
        self._headers.append((name.strip(), value.removeprefix(" ")))
        if len(self._headers) > _MOST_HEADERS:
            yield not_understood("packet without end", line)
            self._headers = []


def serialize(headers: Mapping[str, str]) -> bytes:
    """An action as bytes. Raises `UnsafeHeader` for a line end or NUL in a name or a value, and for what is too
    long."""
    if len(headers) > _MOST_SENT_HEADERS:
        raise UnsafeHeader("more headers than an action may have")
    lines = [_sent_line(name, value) for name, value in headers.items()]
    return b"\r\n".join([*lines, b"", b""])


def _sent_line(name: str, value: str) -> bytes:
    if not name.replace("-", "").isalnum() or not name.isascii():
        raise UnsafeHeader("a header's name is not a name")
    if any(c in value for c in "\r\n\0"):
        raise UnsafeHeader(f"{name} has a line end or NUL in it")
    line = f"{name}: {value}".encode()
    if len(line) >= _LONGEST_SENT_LINE:
        raise UnsafeHeader(f"{name} is too long")
    return line
