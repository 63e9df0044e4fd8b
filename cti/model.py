"""What a telephone call is made of: calls, legs, numbers, and the ways in which a leg can end.

An id always names the PBX it belongs to (`pbx1/1732211.12`), because several Asterisks may hang on one centre
and each numbers its channels for itself.
"""

from enum import Enum
from typing import NewType

import msgspec

NodeName = NewType("NodeName", str)
"""Name of one PBX, as the centre's file calls it: letters, digits, `-`."""

CallId = NewType("CallId", str)
"""`<node>/<name>`; a call is named after its first leg."""

LegId = NewType("LegId", str)
"""`<node>/<channel id>`; channel ids of legs that we ring are chosen by us, so no event can surprise us."""

PlaybackId = NewType("PlaybackId", str)

RecordingName = NewType("RecordingName", str)
"""What the PBX calls the file in which it keeps what somebody says; chosen by us, and never used twice."""

CommandId = NewType("CommandId", str)

Endpoint = NewType("Endpoint", str)
"""Where a phone is reached, in Asterisk's words: `PJSIP/alice`. Only ever taken from our own records."""


def leg_on(node: NodeName, channel: str) -> LegId:
    """The leg that is the given channel of the given PBX."""
    return LegId(f"{node}/{channel}")


def node_of(some_id: LegId | CallId) -> NodeName:
    """The PBX an id belongs to."""
    return NodeName(some_id.partition("/")[0])


def channel_of(leg: LegId) -> str:
    """The channel id that Asterisk knows the leg by."""
    return leg.partition("/")[2]


class CallerId(msgspec.Struct, frozen=True):
    """Who calls, as the network says it. Not proof of identity: anybody can send any number."""

    number: str = ""
    name: str = ""


class HangupCause(Enum):
    """Why a leg ended, in the terms of Q.850 that matter to a contact centre."""

    NORMAL = "normal"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    UNKNOWN_NUMBER = "unknown_number"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    CONGESTION = "congestion"
    FAILURE = "failure"
    LOST = "lost"
    """The PBX no longer knows the leg, and nobody saw it end."""


class Speech(msgspec.Struct, frozen=True, eq=False, tag="speech", omit_defaults=True, repr_omit_defaults=True):
    """Words to be spoken to the caller; the voice is found (recorded or synthesised) on the way to the PBX."""

    text: str
    language: str
    """BCP 47, e.g. `en` or `zh`."""
    otherwise: "Speech | None" = None
    """The same in another language, for when no voice speaks this one."""

    def __eq__(self, other: object) -> bool:
        """Whether both are the same words, whatever stands in for them."""
        if not isinstance(other, Speech):
            return NotImplemented
        return (self.text, self.language) == (other.text, other.language)

    def __hash__(self) -> int:
        """By its words."""
        return hash((self.text, self.language))


class Recording(msgspec.Struct, frozen=True, tag="recording"):
    """A sound file that the PBX already has, named as Asterisk names it (without its ending)."""

    name: str


Sound = Speech | Recording
