"""What we do with a message that we cannot read: never raise, always count.

A PBX gets a new version, a module of its own, a fault. One odd message must not cost a call, so decoding ends in a
value in every case.
"""

import re

import msgspec

_EXCERPT = 160
_NUMBER = re.compile(r"\d{5,}")


class NotUnderstood(msgspec.Struct, frozen=True):
    """A message that breaks the protocol, or a kind that we have never heard of.

    `reason` is one of a few fixed phrases, fit to be a label of a counter.
    """

    reason: str
    excerpt: str
    """Its beginning, for the log; long numbers are blotted out, for they may be people's."""


class Irrelevant(msgspec.Struct, frozen=True):
    """A message that is in order and does not concern us."""

    kind: str


def not_understood(reason: str, message: bytes | str) -> NotUnderstood:
    """The typed value for an unreadable message."""
    beginning = message[:_EXCERPT]
    text = beginning.decode("utf-8", "replace") if isinstance(beginning, bytes) else beginning
    return NotUnderstood(reason, _NUMBER.sub("#", text))
