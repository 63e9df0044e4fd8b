"""The steps of which scenarios are made, for a real Asterisk and the simulated PBX alike."""

from collections.abc import Mapping
from typing import Literal

import msgspec

CALLER = "$caller"
"""Stands for the channel of the first caller, whose id Asterisk makes up."""
ALICE = {"endpoint": "PJSIP/alice", "app": "callwright"}
LEG = {
    **ALICE,
    "appArgs": "leg,x",
    "callerId": '"Ann Lee" <+15557654321>',
    "timeout": 20,
    "variables": {"CALLWRIGHT": "leg"},
}
LONG, SHORT, GREETING = "sound:demo-congrats", "sound:beep", "sound:hello-world"


class Rest(msgspec.Struct, frozen=True):
    """A request; `path` is relative to ARI's root."""

    method: str
    path: str
    query: Mapping[str, str] = {}
    body: Mapping[str, object] | None = None
    waits: bool = True
    """Whether the next step is taken only when the answer is there."""


class Await(msgspec.Struct, frozen=True):
    """Go on when such an event has come."""

    kind: str


class Dial(msgspec.Struct, frozen=True):
    """The caller dials a number."""

    number: str = "5551000"


class Press(msgspec.Struct, frozen=True):
    """The caller presses keys."""

    keys: str


class Pause(msgspec.Struct, frozen=True):
    """Let time pass."""

    seconds: float = 0.2


class HangUp(msgspec.Struct, frozen=True):
    """The caller hangs up."""


class Phone(msgspec.Struct, frozen=True):
    """Alice does something with her phone."""

    does: Literal["answer", "decline", "hang_up"]


class Connect(msgspec.Struct, frozen=True):
    """The application opens an event socket."""


class Disconnect(msgspec.Struct, frozen=True):
    """It closes the last one that it opened."""


Step = Rest | Await | Dial | Press | Pause | HangUp | Phone | Connect | Disconnect


def post(path: str, body: Mapping[str, object] | None = None, **query: str) -> Rest:
    """A POST request."""
    return Rest("POST", path, query, body)


def delete(path: str, **query: str) -> Rest:
    """A DELETE request."""
    return Rest("DELETE", path, query)


def get(path: str, **query: str) -> Rest:
    """A GET request."""
    return Rest("GET", path, query)


def meanwhile(asked: Rest) -> Rest:
    """The same, without waiting for its answer."""
    return msgspec.structs.replace(asked, waits=False)


def play(playback: str, media: str) -> Rest:
    """Play to the caller."""
    return post(f"channels/{CALLER}/play/{playback}", media=media)


def add(channel: str) -> Rest:
    """Put a channel into the bridge."""
    return post("bridges/br-1/addChannel", channel=channel)


START, END, GONE = Await("StasisStart"), Await("StasisEnd"), Await("ChannelDestroyed")
PLAYED = Await("PlaybackFinished")
ARRIVE = (Dial(), START)
ANSWER = (*ARRIVE, post(f"channels/{CALLER}/answer"), Await("ChannelStateChange"), Pause())
"""How most scenarios begin: a caller arrives, and is answered."""
