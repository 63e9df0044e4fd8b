"""The little of SIP (RFC 3261) that a telephone without sound needs: messages in and out, and a password's digest."""

import hashlib
import re
from collections.abc import Sequence

import msgspec

_PARAMETER = re.compile(r'(\w+)="?([^",]*)"?')


class SipMessage(msgspec.Struct, frozen=True):
    """A request or a response. Header names are in small letters."""

    first: str
    headers: tuple[tuple[str, str], ...]

    @property
    def method(self) -> str:
        """Of a request, or of the request that a response answers."""
        return self.of("cseq").partition(" ")[2]

    @property
    def status(self) -> int:
        """Of a response; 0 if it is a request."""
        return int(self.first.split(" ")[1]) if self.first.startswith("SIP/2.0 ") else 0

    def of(self, name: str) -> str:
        """The first header of that name; empty if there is none."""
        return next((value for known, value in self.headers if known == name), "")

    def all(self, *names: str) -> list[str]:
        """All headers of these names, as lines, for a response to repeat."""
        return [f"{known}: {value}" for known, value in self.headers if known in names]

    @property
    def target(self) -> str:
        """Where the other side wants to be reached: the URI of its Contact."""
        return self.of("contact").partition("<")[2].partition(">")[0]


def parse(data: bytes) -> SipMessage:
    """A datagram as a message. Bodies are not looked at: there is no sound."""
    first, *lines = data.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return SipMessage(first, tuple((name.strip().lower(), value.strip()) for name, _, value in pairs))


def message(first: str, headers: Sequence[str], body: str = "") -> bytes:
    """A message as a datagram."""
    kind = ["Content-Type: application/sdp"] if body else []
    return "\r\n".join([first, *headers, *kind, f"Content-Length: {len(body)}", "", body]).encode()


def description(port: int) -> str:
    """An SDP body that asks for A-law sound and digits at a port of the loopback."""
    lines = (
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "c=IN IP4 127.0.0.1",
        "t=0 0",
        f"m=audio {port} RTP/AVP 8 101",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:101 telephone-event/8000",
    )
    return "".join(f"{line}\r\n" for line in lines)


def authorization(challenge: str, method: str, uri: str, user: str, password: str) -> str:
    """The answer to a `WWW-Authenticate` (RFC 2617, MD5, with `qop=auth`)."""
    asked = dict(_PARAMETER.findall(challenge))
    secret = _md5(f"{user}:{asked['realm']}:{password}")
    count, client = "00000001", "callwright"
    way = _md5(f"{method}:{uri}")
    answer = _md5(f"{secret}:{asked['nonce']}:{count}:{client}:auth:{way}")
    return (
        f'Authorization: Digest username="{user}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", uri="{uri}", '
        f'response="{answer}", algorithm=MD5, opaque="{asked.get("opaque", "")}", qop=auth, nc={count}, '
        f'cnonce="{client}"'
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
